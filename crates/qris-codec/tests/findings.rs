//! The spans and messages of findings. `vectors` tests which findings a text has.

mod table;

use qris_codec::tlv::{Reader, Unit};
use qris_codec::{ErrorKind, Finding, Payload, Rules, checksum};

/// A valid static code, except for a name of the given length.
fn named(name: &str, length: usize) -> String {
    let covered = format!(
        "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW\
         0215ID10200384314890303UMI5204581253033605802ID59{length:02}{name}6007JAKARTA610599x9962070703A016304"
    );
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

fn findings(text: &str) -> Vec<Finding> {
    table::findings(text, Rules::Qris)
}

/// The text that a finding should span, by its kind.
fn spanned<'a>(text: &'a str, finding: &Finding) -> &'a str {
    let from = &text[finding.offset()..];
    match finding.code() {
        // The presence of an object: its tag and length.
        "format-not-first"
        | "checksum-not-last"
        | "object-duplicate"
        | "object-empty"
        | "object-reserved"
        | "order-not-ascending"
        | "static-with-amount"
        | "fee-fixed-unexpected"
        | "fee-percent-unexpected"
        | "additional-undefined" => &from[..4],
        // One character.
        "text-not-ans" | "reserved-character" | "byte-order-mark" => {
            &from[..from.chars().next().map_or(0, char::len_utf8)]
        }
        // The text before or after the payload.
        "surrounding-space" => {
            let surrounding = |c: char| c.is_whitespace() || c == '\u{feff}';
            &from[..from.len() - from.trim_start_matches(surrounding).len()]
        }
        // The payload.
        "payload-long" | "length-in-bytes" => from.trim_end(),
        // An existing value without object 00.
        "additional-guid-missing" => value(text, from),
        // A missing object, and text that is not an object: an empty range.
        code if code.ends_with("-missing") => "",
        "text-empty"
        | "object-header-short"
        | "object-header-not-digits"
        | "object-truncated"
        | "checksum-length" => "",
        // 62.08 of a transfer is missing like other objects.
        "transfer-purpose-unknown" | "dynamic-without-amount" if from.starts_with("6304") => "",
        _ => value(text, from),
    }
}

/// The value that begins with `from`, by the two digits of its length before it.
fn value<'a>(text: &'a str, from: &'a str) -> &'a str {
    let at = text.len() - from.len();
    let length: usize = text[at - 2..at].parse().expect("a value after its length");
    let bytes = Payload::parse(text).is_ok_and(|payload| payload.unit() == Unit::Bytes);
    let end = if bytes {
        length
    } else {
        from.char_indices().nth(length).map_or(from.len(), |(end, _)| end)
    };
    &from[..end]
}

#[test]
fn each_finding_of_the_vectors_spans_what_it_is_about() {
    let mut spans = 0;
    for vector in table::vectors() {
        let text = vector.payload;
        for finding in findings(&text) {
            assert_eq!(
                text.get(finding.span()),
                Some(spanned(&text, &finding)),
                "{finding}: {text}"
            );
            spans += 1;
        }
    }
    assert!(spans > 500, "{spans} spans");
}

#[test]
fn text_over_64_kib_and_bytes_that_are_not_utf8_are_refused_at_their_offset() {
    let long = findings(&"0".repeat(65_536));
    assert_eq!(long.iter().map(Finding::code).collect::<Vec<_>>(), ["text-too-long"]);
    assert_eq!((long[0].path(), long[0].span()), (None, 65_535..65_535));
    let error = Payload::parse_bytes(b"000201\xff").expect_err("no UTF-8");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Utf8, 6));
}

#[test]
fn values_are_read_if_lengths_count_bytes() {
    // Eleven characters, twelve bytes.
    let name = "KEDAI SÜSU ";
    let text = named(name, name.len());
    let payload = Payload::parse(&text).expect("it comes out in bytes");
    assert_eq!((payload.unit(), payload.merchant_name()), (Unit::Bytes, Some(name)));
}

#[test]
fn a_length_in_bytes_that_splits_a_character_is_refused() {
    let error = Reader::new("5901Ü", Unit::Bytes).next_object().expect_err("split");
    assert_eq!(error.kind().code(), "object-splits-character");
    assert_eq!(error.offset(), 4);
}

#[test]
fn a_message_has_expected_and_found_and_quotes_nothing() {
    let secret = "SITI RAHAYU BINTI SUKARNO X";
    let found = findings(&named(secret, secret.len()));
    assert_eq!(
        found.iter().map(Finding::code).collect::<Vec<_>>(),
        ["merchant-name-long", "postal-code-shape"]
    );
    for finding in found {
        let message = finding.to_string();
        assert!(message.contains("expected") && message.contains("found"), "{message}");
        assert!(!message.contains("SITI") && !message.contains("99x99"), "{message}");
    }
    for rule in ErrorKind::LIST {
        assert!(rule.message.contains("found"), "{}", rule.code);
        assert!(
            rule.message.contains("expected") || rule.message.contains("should"),
            "{}",
            rule.code
        );
    }
}

#[test]
fn digits_at_the_end_of_another_object_are_not_a_checksum() {
    let text = "00020101021226630014ID.SPINPAY.WWW011893600816319100102402121314310103170303URE\
                51430014ID.CO.QRIS.WWW0214ID1314310103170303URE520472985303360540411355802ID59\
                08MNC LIFE6007JAKARTA61052020362390707TID00656024607cc759c03a8847630429F3";
    let error = qris_codec::Qris::parse(text).expect_err("62 reaches to the end");
    assert_eq!(error.kind(), qris_codec::ErrorKind::ChecksumMissing);
    assert!(qris_codec::findings::inspect(text, qris_codec::Rules::Qris).is_err());
}

#[test]
fn a_payload_without_its_format_is_refused_although_its_checksum_is_right() {
    let rest = "01021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID\
                .CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA\
                61051011062070703A016304";
    let text = format!("{rest}{:04X}", qris_codec::checksum(rest.as_bytes()));
    let error = qris_codec::Qris::parse(&text).expect_err("there is no 00");
    assert_eq!(error.kind().code(), "format-not-first");
}

#[test]
fn a_payload_without_findings_is_scanned_to_its_end() {
    let sound = table::vectors()
        .into_iter()
        .find(|it| it.qris.findings == "-" && it.qris.verdict == "valid")
        .expect("a sound payload");
    let (payload, is_clean) = qris_codec::scan_in_order(&sound.payload, qris_codec::Severity::Info)
        .expect("it is in order");
    assert_eq!((payload.as_str(), is_clean), (sound.payload.as_str(), true));
}

#[test]
fn a_character_after_nine_in_ascii_is_not_a_digit() {
    // A semicolon would be eleven if only its lower bits counted.
    let covered = named("TOKO CONTOH", 11).replace("5911TOKO", "590;TOKO");
    let covered = &covered[..covered.len() - 4];
    let text = format!("{covered}{:04X}", checksum(covered.as_bytes()));
    let codes: Vec<_> = findings(&text).iter().map(Finding::code).collect();
    assert_eq!(codes, ["object-header-not-digits"]);
    let error = qris_codec::Qris::parse(&text).expect_err("59 has no length");
    assert_eq!(error.kind().code(), "object-header-not-digits");
}
