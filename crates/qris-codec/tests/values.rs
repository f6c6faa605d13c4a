//! Messages about single values, and the purpose of a transfer.

use qris_codec::rules::limits;
use qris_codec::{Finding, Path, Payload, Rules, checksum, rules::Purpose};

/// A valid static code, object by object.
const SOUND: [(&str, &str); 16] = [
    ("00", "01"),
    ("01", "11"),
    ("26.00", "COM.GO-JEK.WWW"),
    ("26.01", "9360091436640017575"),
    ("26.02", "M664001757"),
    ("26.03", "UMI"),
    ("51.00", "ID.CO.QRIS.WWW"),
    ("51.02", "ID1020038431489"),
    ("51.03", "UMI"),
    ("52", "5812"),
    ("53", "360"),
    ("58", "ID"),
    ("59", "TOKO CONTOH"),
    ("60", "JAKARTA"),
    ("61", "10110"),
    ("62.07", "A01"),
];

/// The valid code with other values at some paths.
fn with(changes: &[(&str, &str)]) -> String {
    let mut objects = SOUND.to_vec();
    for (path, value) in changes {
        match objects.iter_mut().find(|(it, _)| it == path) {
            Some(object) => object.1 = value,
            None => objects.push((path, value)),
        }
    }
    objects.sort_unstable();
    let mut body = String::new();
    for of_root in objects.chunk_by(|(a, _), (b, _)| a[..2] == b[..2]) {
        let object = |tag: &str, value: &str| format!("{tag}{:02}{value}", value.len());
        let inside = of_root.iter().map(|(path, value)| match path.split_once('.') {
            Some((_, sub)) => object(sub, value),
            None => (*value).to_owned(),
        });
        body.push_str(&object(&of_root[0].0[..2], &inside.collect::<String>()));
    }
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

/// The only finding at a path.
#[track_caller]
fn finding(path: &str, value: &str, more: &[(&str, &str)]) -> Finding {
    let text = with(&[more, &[(path, value)]].concat());
    let payload = Payload::parse(&text).expect("a payload");
    let path: Path = path.parse().expect("a path");
    let found: Vec<Finding> =
        payload.findings(Rules::Qris).filter(|it| it.path() == Some(path)).collect();
    let [finding] = found[..] else { panic!("{path} = {value}: {found:?}") };
    finding
}

#[test]
fn the_valid_code_is_valid() {
    let text = with(&[]);
    assert_eq!(Payload::parse(&text).expect("a payload").findings(Rules::Qris).count(), 0);
}

#[test]
fn a_message_says_what_was_found_in_a_value() {
    let nmid = "expected an NMID of ID and 13 digits, found ";
    let digit = "expected the last digit of the";
    for (path, value, message) in [
        ("51.02", "ID102003843148", &format!("{nmid}14 characters")),
        ("51.02", "ID10200384314A9", &format!("{nmid}an upper-case letter")),
        ("51.02", "XX1020038431489", &format!("{nmid}\"XX\"")),
        ("51.02", "XX102003843148", &format!("{nmid}14 characters")),
        (
            "51.02",
            "ID1020038431488",
            &format!("{digit} NMID to be its Luhn check digit 9, found 8"),
        ),
        (
            "26.01",
            "9360091436640017574",
            &format!("{digit} merchant PAN to be its Luhn check digit 5, found 4"),
        ),
    ] {
        assert_eq!(finding(path, value, &[]).kind().to_string(), *message, "{value}");
    }
}

#[test]
fn a_message_says_what_was_found_in_a_percentage_and_an_amount() {
    let percent = "expected a percentage from 00.01 to 99.99 of at most 5 characters, found ";
    for (value, found) in [
        ("100", "a number outside that range"),
        ("99.999", "6 characters"),
        (".5", "a punctuation character"),
        ("x.5", "a lower-case letter"),
        ("1.X", "an upper-case letter"),
        ("1 .X", "a space"),
    ] {
        let finding = finding("57", value, &[("55", "03")]);
        assert_eq!(finding.kind().to_string(), format!("{percent}{found}"), "{value}");
    }
    let amount = "expected digits with at most one decimal point, found ";
    for (value, found) in [("x.5", "a lower-case letter"), ("1.X", "an upper-case letter")] {
        let finding = finding("54", value, &[("01", "12")]);
        assert_eq!(finding.kind().to_string(), format!("{amount}{found}"), "{value}");
    }
}

#[test]
fn the_purpose_of_a_transfer_is_read_only_from_its_codes() {
    let purpose = |word: &str| {
        let text = with(&[("40.01", "9360091436640017575"), ("62.08", word)]);
        Payload::parse(&text).expect("a payload").transfer()
    };
    let purposes = [
        Purpose::OnUs,
        Purpose::Domestic,
        Purpose::CrossBorder,
        Purpose::CashOut,
        Purpose::CashIn,
        Purpose::PointOfSale,
        Purpose::Bill,
    ];
    for (word, expected) in limits::TRANSFER_PURPOSES.iter().zip(purposes) {
        assert_eq!(purpose(word), Some(expected), "{word}");
    }
    assert_eq!(purpose("GIFT"), None);
}
