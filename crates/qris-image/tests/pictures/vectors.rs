//! The payloads that all crates share.

/// The sample reply of the Open API's documentation: dynamic, Rp25,578.
pub(crate) const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500\
    01952559966270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI52045732530336054082557\
    8.005502015802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// A sticker: static, without an amount.
pub(crate) const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M664\
    0017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    CONTOH6007JAKARTA61051011062070703A01630466DC";

/// The sticker of another merchant, with these objects after its own: `64…`, `54…`.
pub(crate) fn sticker_of(name: &str, more: &str) -> String {
    let name = format!("59{:02}{name}", name.chars().count());
    let text = STICKER.replace("5911TOKO CONTOH", &name);
    let text = format!("{}{more}6304", &text[..text.len() - 8]);
    format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()))
}

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
