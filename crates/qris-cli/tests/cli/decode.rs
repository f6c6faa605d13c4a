//! `qris decode`, as a user calls it.

use crate::command::{SAMPLE, STICKER, WARNED, ZERO, json_of, qris, text};
use serde_json::{Value, json};

#[test]
fn the_fields_of_the_sample_are_shown() {
    let output = qris(&["decode", SAMPLE], b"");
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0));
    for line in [
        "merchant    InterActive Corp",
        "place       KOTA SURABAYA 60136 ID",
        "NMID        ID1020021181745",
        "amount      25578.00",
        "tip         the payer is asked",
        "reference   413255111",
        "  26.01     merchant PAN                936008980255996627",
        "verdict: valid",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn a_changed_digit_is_told_with_both_checksums() {
    let output = qris(&["decode", &SAMPLE.replace("25578", "25579")], b"");
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("expected checksum D74A, found 39B7"), "{text}");
    assert!(text.ends_with("verdict: malformed\n"), "{text}");
}

#[test]
fn the_caret_stands_under_the_faulty_bytes() {
    let output = qris(&["decode", ZERO], b"");
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = text.lines().collect();
    let caret = lines.iter().position(|line| line.contains('^')).expect("a caret");
    let column = lines[caret].find('^').expect("a caret");
    // 54, one character: 0. The line above shows the payload.
    assert_eq!(&lines[caret - 1][column - 4..=column], "54010", "{text}");
    assert!(lines[caret].trim_end().ends_with("^ byte 145"), "{text}");
}

#[test]
fn json_has_the_promised_keys_and_values() {
    let output = qris(&["decode", "--json", SAMPLE], b"");
    let decoded = json_of(&output);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(decoded["verdict"], "valid");
    assert_eq!(decoded["findings"], json!([]));
    assert_eq!(decoded["checksum"], json!({"found": "39B7", "expected": "39B7"}));
    assert_eq!(decoded["initiation"], "dynamic");
    assert_eq!(
        decoded["merchant"],
        json!({
            "name": "InterActive Corp", "city": "KOTA SURABAYA", "postal_code": "60136",
            "country": "ID", "category_code": "5732",
        })
    );
    assert_eq!(decoded["currency"], "360");
    assert_eq!(decoded["amount"], "25578.00");
    assert_eq!(decoded["tip"], "prompt");
    assert_eq!(decoded["national_merchant_id"], "ID1020021181745");
    assert_eq!(decoded["criteria"], "UMI");
    assert_eq!(
        decoded["accounts"],
        json!([{
            "tag": "26", "guid": "ID.CO.TELKOM.WWW", "pan": "936008980255996627",
            "merchant_id": "000195255996627", "criteria": "UMI", "institution": "Telkom",
        }])
    );
    assert_eq!(decoded["additional"]["reference_label"], "413255111");
    assert_eq!(decoded["additional"]["bill_number"], Value::Null);
    assert_eq!(decoded["objects"][2]["objects"][1]["value"], "936008980255996627");
    assert_eq!(decoded["objects"][2]["objects"][1]["offset"], 36);
}

#[test]
fn json_of_a_finding_names_code_severity_tag_offset_and_message() {
    let decoded = json_of(&qris(&["decode", "--json", ZERO], b""));
    assert_eq!(decoded["verdict"], "invalid");
    assert_eq!(
        decoded["findings"],
        json!([{
            "code": "amount-zero", "severity": "error", "tag": "54", "offset": 145,
            "message": "expected an amount other than zero, found zero",
        }])
    );
}

#[test]
fn json_of_a_malformed_payload_keeps_what_could_be_read() {
    let output = qris(&["decode", "--json", &SAMPLE.replace("25578", "25579")], b"");
    let decoded = json_of(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(decoded["verdict"], "malformed");
    assert_eq!(decoded["findings"][0]["code"], "checksum-mismatch");
    assert_eq!(decoded["checksum"], json!({"found": "39B7", "expected": "D74A"}));
    assert_eq!(decoded["objects"][6]["tag"], "54");
    assert_eq!(decoded["objects"][6]["value"], "25579.00");

    let cut = json_of(&qris(&["decode", "--json", &SAMPLE[..20]], b""));
    assert_eq!(cut["findings"][0]["code"], "object-truncated");
    assert_eq!(cut["objects"].as_array().map(Vec::len), Some(2));
    assert_eq!(cut["checksum"], json!({"found": null, "expected": null}));
}

#[test]
fn a_warning_leaves_the_exit_code_at_zero() {
    let output = qris(&["decode", WARNED], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).ends_with("verdict: warn\n"));
}

#[test]
fn the_rule_set_decides_which_findings_count() {
    let output = qris(&["decode", "--rules", "emv", WARNED], b"");
    assert!(text(&output).ends_with("verdict: valid\n"));
}

#[test]
fn a_dash_reads_standard_input_and_a_scanner_s_line_end_is_passed_over() {
    let output = qris(&["decode", "-"], format!("{SAMPLE}\r\n").as_bytes());
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).ends_with("verdict: valid\n"), "{}", text(&output));
    let output = qris(&["decode", "-"], format!("{SAMPLE}\n\n").as_bytes());
    assert!(text(&output).contains("surrounding-space"), "one line's end is passed over, no more");
}

#[test]
fn bytes_that_are_not_utf_8_are_told_with_their_place() {
    let output = qris(&["decode", "--json", "-"], b"0002010\xFF02");
    let decoded = json_of(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(decoded["findings"][0]["code"], "text-not-utf8");
    assert_eq!(decoded["findings"][0]["offset"], 7);
}

#[test]
fn empty_one_byte_and_oversized_input_are_malformed() {
    for input in [&b""[..], b"0", &[b'0'; 70_000]] {
        let output = qris(&["decode", "--json", "-"], input);
        assert_eq!(output.status.code(), Some(1), "{} bytes", input.len());
        assert_eq!(json_of(&output)["verdict"], "malformed");
    }
}

#[test]
fn an_escape_sequence_in_a_payload_does_not_reach_the_terminal() {
    let name = "\u{1b}[31mX\u{202e}";
    let body = format!("00020152045812530336059{:02}{name}6304", name.chars().count());
    let payload = format!("{body}{:04X}", qris_codec::checksum(body.as_bytes()));
    let text = text(&qris(&["decode", &payload], b""));
    assert!(text.contains("\\u{1b}[31mX\\u{202e}"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
}

#[test]
fn wrong_usage_ends_with_two() {
    assert_eq!(qris(&["decode"], b"").status.code(), Some(2));
    assert_eq!(qris(&["decode", "--rules", "visa", SAMPLE], b"").status.code(), Some(2));
}

#[test]
fn the_caret_stands_under_its_bytes_behind_a_character_that_is_written_out() {
    let payload = STICKER.replace("TOKO CONTOH", "TOKO\u{9b}CONTOH");
    let shown = text(&qris(&["decode", &payload], b""));
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.contains('^')).expect("a line of carets");
    let (source, caret) = (lines[at - 1], lines[at]);
    assert!(source.contains("TOKO\\u{9b}CONTOH"), "{shown}");
    let column = caret.find('^').expect("a caret");
    let columns = caret.matches('^').count();
    assert_eq!(source.get(column..column + columns), Some("66DC"), "{shown}");
}

/// A phone number at Hong Kong's FPS, where QRIS has the criteria.
const FPS: &str = "00020101021126400012hk.com.hkicl01030030313+852-912345675204000053033445802HK5912CHAN TAI MAN6002HK63045A35";

#[test]
fn a_foreign_code_shows_its_objects_under_no_name_of_qris() {
    let decoded = json_of(&qris(&["decode", "--json", "--rules", "emv", FPS], b""));
    assert_eq!(
        decoded["accounts"],
        json!([{
            "tag": "26", "guid": "hk.com.hkicl", "pan": null, "merchant_id": null,
            "criteria": null, "institution": null,
        }])
    );
    assert_eq!(decoded["criteria"], Value::Null);
    assert_eq!(decoded["national_merchant_id"], Value::Null);
    assert_eq!(decoded["objects"][2]["objects"][2]["value"], "+852-91234567");
    assert_eq!(decoded.get("hints"), None);
    let shown = text(&qris(&["decode", "--rules", "emv", FPS], b""));
    assert!(shown.contains("  26.03     scheme specific             +852-91234567"), "{shown}");
    assert!(shown.contains("account     26: hk.com.hkicl\n"), "{shown}");
    assert!(!shown.contains("PAN") && !shown.contains("criteria"), "{shown}");
}

#[test]
fn a_foreign_code_under_the_default_rules_is_named_once() {
    let shown = text(&qris(&["decode", FPS], b""));
    assert_eq!(shown.matches("this is a code from HK; try --rules emv").count(), 1, "{shown}");
    let shown = text(&qris(&["decode", "--rules", "emv", FPS], b""));
    assert!(!shown.contains("try --rules"), "{shown}");
    assert!(!text(&qris(&["decode", STICKER], b"")).contains("try --rules"));
}

#[test]
fn a_hint_says_what_was_recognised_and_changes_no_verdict() {
    let plus = STICKER.replace(' ', "+");
    let link = format!("https://example.id/?qr={STICKER}");
    let twice = format!("{STICKER}\n{STICKER}");
    let line = format!("7,{STICKER}");
    let second = format!("the second begins at byte {}", STICKER.len() + 1);
    for (payload, code, words) in [
        (&plus, "plus-for-space", "spaces are written as \"+\""),
        (&link, "link", "begins at byte 23"),
        (&twice, "second-payload", second.as_str()),
        (&line, "csv", "begins at byte 2"),
    ] {
        let output = qris(&["decode", payload], b"");
        assert_eq!(output.status.code(), Some(1), "{code}");
        let shown = text(&output);
        assert!(shown.contains("hint: ") && shown.contains(words), "{code}: {shown}");
        let decoded = json_of(&qris(&["decode", "--json", payload], b""));
        assert_eq!(decoded["hints"][0]["code"], code);
        assert_eq!(decoded["verdict"], "malformed");
    }
}

/// EMVCo's second sample of a consumer-presented code.
const CPM: &str = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";

#[test]
fn a_code_that_a_payer_shows_is_shown_with_its_applications() {
    let output = qris(&["decode", CPM], b"");
    let shown = text(&output);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    for line in [
        "application A0000000555555",
        "label       Product1",
        "PAN         1234567890123458",
        "cardholder  CARDHOLDER/EMV",
        "85          4350563031",
        "  4F        A0000000666666",
        "    9F36    0001",
        "verdict: valid",
    ] {
        assert!(shown.lines().any(|it| it == line), "{line:?} is not in\n{shown}");
    }
    let decoded = json_of(&qris(&["decode", "--json", CPM], b""));
    assert_eq!(decoded["presented_by"], "consumer");
    assert_eq!(decoded["applications"][1]["adf_name"], "A0000000666666");
    assert_eq!(decoded["objects"][1]["objects"][0]["value"], "A0000000555555");
}

#[test]
fn a_broken_code_of_a_payer_is_malformed_with_its_finding() {
    let output = qris(&["decode", "--json", &CPM[..CPM.len() - 8]], b"");
    let decoded = json_of(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(decoded["verdict"], "malformed");
    assert_eq!(decoded["findings"][0]["code"], "cpm-object");
}
