//! The payloads that all crates share.

/// The sample reply of the Open API's documentation: dynamic, Rp25,578.
pub(crate) const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500\
    01952559966270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI52045732530336054082557\
    8.005502015802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// Every payload that is not malformed, without white space around it.
#[track_caller]
pub(crate) fn accepted() -> Vec<String> {
    let table = include_str!("../../../qris-codec/tests/vectors/payloads.tsv");
    let payloads: Vec<String> = rows(table)
        .filter(|(verdict, _)| *verdict != "malformed")
        .map(|(_, payload)| {
            payload.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
        })
        .collect();
    assert!(payloads.len() > 100, "found {} payloads", payloads.len());
    payloads
}

/// Every payload that is malformed.
#[track_caller]
pub(crate) fn malformed() -> Vec<String> {
    let table = include_str!("../../../qris-codec/tests/vectors/payloads.tsv");
    let payloads: Vec<String> = rows(table)
        .filter(|(verdict, _)| *verdict == "malformed")
        .map(|(_, payload)| payload)
        .collect();
    assert!(payloads.len() > 10, "found {} payloads", payloads.len());
    payloads
}

/// The EMV verdict and the payload of each line.
fn rows(table: &str) -> impl Iterator<Item = (&str, String)> {
    table.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let payload = columns[5].replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
        (columns[1], payload)
    })
}
