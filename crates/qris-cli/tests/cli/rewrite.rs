//! `qris encode`, `dynamic`, `static` and `anonymize`, as a user calls them.

use crate::command::{SAMPLE, STICKER, WARNED, ZERO, complaint, json_of, qris, text};

fn sealed(payload: &str) -> String {
    let covered = &payload[..payload.len() - 4];
    format!("{covered}{:04X}", qris_codec::checksum(covered.as_bytes()))
}

#[track_caller]
fn printed(arguments: &[&str]) -> String {
    let output = qris(arguments, b"");
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    text(&output).trim_end().to_owned()
}

#[test]
fn what_decode_prints_encode_takes() {
    for payload in [SAMPLE, STICKER] {
        let decoded = qris(&["decode", "--json", payload], b"");
        let encoded = qris(&["encode", "-"], &decoded.stdout);
        assert_eq!(text(&encoded).trim_end(), payload, "{}", complaint(&encoded));
    }
}

#[test]
fn encode_reads_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fields.json");
    std::fs::write(&file, qris(&["decode", "--json", STICKER], b"").stdout).expect("written");
    let path = file.to_str().expect("a path in UTF-8");
    assert_eq!(printed(&["encode", path]), STICKER);
}

#[test]
fn fields_that_make_no_valid_payload_are_refused_with_the_finding_s_code() {
    let fields = text(&qris(&["decode", "--json", SAMPLE], b""));
    for (from, to, complaint_has) in [
        ("\"25578.00\"", "\"0\"", "[amount-zero]"),
        ("\"25578.00\"", "\"1,000\"", "key \"amount\": expected digits"),
        ("\"60136\"", "\"601\"", "[postal-code-shape]"),
        ("\"tag\": \"26\",\n      \"guid\"", "\"tag\": \"6\",\n      \"guid\"", "key \"tag\""),
        ("\"currency\"", "\"curency\"", "unknown field `curency`"),
    ] {
        let changed = fields.replacen(from, to, 1);
        assert_ne!(changed, fields, "{from}");
        let output = qris(&["encode", "-"], changed.as_bytes());
        assert_eq!(output.status.code(), Some(1), "{to}");
        assert!(complaint(&output).contains(complaint_has), "{}", complaint(&output));
        assert_eq!(text(&output), "");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_and_ends_with_two() {
    for command in ["encode", "validate"] {
        let output = qris(&[command, "no such file"], b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(complaint(&output).contains("no such file"), "{}", complaint(&output));
    }
}

#[test]
fn a_byte_order_mark_before_the_fields_is_passed_over() {
    let fields = qris(&["decode", "--json", STICKER], b"").stdout;
    let encoded = qris(&["encode", "-"], &[b"\xEF\xBB\xBF", &*fields].concat());
    assert_eq!(text(&encoded).trim_end(), STICKER, "{}", complaint(&encoded));
}

#[test]
fn what_cannot_be_read_as_fields_is_not_told_at_length_or_raw() {
    let fields = format!("{{\"\u{202e}{}\": 1}}", "x".repeat(70_000));
    let output = qris(&["encode", "-"], fields.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let complaint = complaint(&output);
    assert!(complaint.len() < 400 && !complaint.contains('\u{202e}'), "{complaint}");
}

/// A payload is written byte for byte: one that lost a character would be another.
#[test]
fn control_characters_are_written_as_they_are() {
    for control in ["\x01", "\x1b[31m", "\x7f", "\x00"] {
        let name = format!("TO{control}KO");
        let payload =
            sealed(&STICKER.replace("5911TOKO CONTOH", &format!("59{:02}{name}", name.len())));
        let dynamic = qris(&["dynamic", "-", "--amount", "1000"], payload.as_bytes());
        let back = qris(&["static", "-"], &dynamic.stdout);
        assert_eq!(text(&back).trim_end_matches('\n'), payload, "{}", complaint(&back));
        let copy = qris(&["anonymize", "-"], payload.as_bytes());
        assert_eq!(text(&copy).len(), payload.len() + 1);
        let json = qris(&["decode", "--json", "-"], payload.as_bytes());
        assert_eq!(json_of(&json)["merchant"]["name"], name);
    }
}

#[test]
fn an_error_of_the_result_is_told_from_one_of_the_payload() {
    let output =
        qris(&["dynamic", STICKER, "--amount", "1000", "--reference", &"X".repeat(26)], b"");
    assert!(complaint(&output).contains("the result would be invalid: "), "{}", complaint(&output));
    let output = qris(&["dynamic", &STICKER[..20], "--amount", "1000"], b"");
    assert!(!complaint(&output).contains("the result"), "{}", complaint(&output));
}

#[test]
fn a_number_that_does_not_fit_is_said_not_to_fit() {
    for (arguments, complaint_has) in [
        (["--amount", "99999999999999"], "at most 13 characters, found 14"),
        (["--fee-percent", "2.555"], "written NN.NN"),
        (["--fee-percent", "100"], "from 00.01 to 99.99"),
    ] {
        let mut all = vec!["dynamic", STICKER];
        if arguments[0] != "--amount" {
            all.extend(["--amount", "1000"]);
        }
        all.extend(arguments);
        let output = qris(&all, b"");
        assert_ne!(output.status.code(), Some(0));
        assert!(complaint(&output).contains(complaint_has), "{}", complaint(&output));
    }
}

#[test]
fn a_sticker_becomes_dynamic_with_all_that_was_asked_for() {
    let payload = printed(&[
        "dynamic",
        STICKER,
        "--amount",
        "25000",
        "--fee",
        "500",
        "--reference",
        "INV-1",
        "--bill",
        "B-7",
    ]);
    let decoded = json_of(&qris(&["decode", "--json", &payload], b""));
    assert_eq!(decoded["verdict"], "valid");
    assert_eq!(decoded["initiation"], "dynamic");
    assert_eq!(decoded["amount"], "25000");
    assert_eq!(decoded["tip"]["fixed"], "500");
    assert_eq!(decoded["additional"]["reference_label"], "INV-1");
    assert_eq!(decoded["additional"]["bill_number"], "B-7");
    assert_eq!(decoded["additional"]["terminal_label"], "A01");
    assert_eq!(printed(&["static", &payload]), STICKER);
}

#[test]
fn the_three_kinds_of_tip_exclude_each_other() {
    let tip = |arguments: &[&str]| {
        let mut all = vec!["dynamic", STICKER, "--amount", "25000"];
        all.extend(arguments);
        let payload = printed(&all);
        json_of(&qris(&["decode", "--json", &payload], b""))["tip"].to_string()
    };
    assert_eq!(tip(&["--tip"]), "\"prompt\"");
    assert_eq!(tip(&["--fee-percent", "2.5"]), "{\"percent\":\"2.50\"}");
    assert_eq!(tip(&[]), "null");
    let both = ["dynamic", STICKER, "--amount", "25000", "--tip", "--fee", "1"];
    assert_eq!(qris(&both, b"").status.code(), Some(2));
}

#[test]
fn what_must_not_be_made_is_refused_with_one() {
    for arguments in [
        &["dynamic", STICKER, "--amount", "0"][..],
        &["dynamic", ZERO, "--amount", "10000001"],
        &["dynamic", &SAMPLE[..200], "--amount", "1"],
        &["static", "not a payload"],
        &["anonymize", ""],
    ] {
        let output = qris(arguments, b"");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(text(&output), "");
        assert!(complaint(&output).starts_with("error: "), "{}", complaint(&output));
    }
    assert_eq!(qris(&["dynamic", STICKER, "--amount", "1,5"], b"").status.code(), Some(2));
}

#[test]
fn an_anonymised_copy_keeps_the_verdict_and_loses_the_name() {
    let copy = printed(&["anonymize", WARNED]);
    assert!(!copy.contains("TOKO") && !copy.contains("M664001757"), "{copy}");
    let decoded = json_of(&qris(&["decode", "--json", &copy], b""));
    assert_eq!(decoded["verdict"], "warn");
    assert_eq!(decoded["merchant"]["name"], "XXXX XXXXXX");
}

#[test]
fn a_dash_reads_the_payload_from_standard_input() {
    let output = qris(&["static", "-"], format!("{STICKER}\r\n").as_bytes());
    assert_eq!(text(&output), format!("{STICKER}\n"));
}

/// A name and a phone number where the criteria belong.
const LEAK: &str = "00020101021126830014COM.GO-JEK.WWW01189360091436640017570210M6640017570325BUDI SANTOSO 08123456789051440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011063045CCF";

/// Hong Kong's FPS, with a phone number.
const FPS: &str = "00020101021126400012hk.com.hkicl01030030313+852-912345675204000053033445802HK5912CHAN TAI MAN6002HK63045A35";

#[test]
fn an_anonymised_copy_has_no_name_and_no_phone_number() {
    let copy = printed(&["anonymize", LEAK]);
    assert!(copy.contains("0325XXXX XXXXXXX 000000000000"), "{copy}");
    assert!(!copy.contains("TOKO") && !copy.contains("JAKARTA"), "{copy}");
    let copy = printed(&["anonymize", FPS]);
    assert!(copy.contains("0313+000-00000000"), "{copy}");
    assert!(copy.contains("5912XXXX XXX XXX"), "{copy}");
}

#[test]
fn text_that_is_no_payload_is_anonymised_as_far_as_it_can_be_read_with_a_note() {
    let cut = &LEAK[..LEAK.find(" CONTOH").expect("a name")];
    let output = qris(&["anonymize", cut], b"");
    assert_eq!(output.status.code(), Some(0));
    let copy = text(&output);
    assert!(copy.trim_end().ends_with("5911XXXX"), "{copy}");
    let note = complaint(&output);
    let rest = format!("; the text from byte {} on could not be read", cut.len() - 8);
    assert!(note.contains("[object-truncated]") && note.contains(&rest), "{note}");
    assert!(!note.contains("BUDI") && !note.contains("TOKO"), "{note}");

    let wrong = LEAK.replace("5CCF", "5CCE");
    let output = qris(&["anonymize", &wrong], b"");
    assert!(complaint(&output).contains("[checksum-mismatch]"), "{}", complaint(&output));
    assert!(!complaint(&output).contains("could not be read"), "{}", complaint(&output));

    let output = qris(&["anonymize", "-"], b"0002010\xFFBudi");
    assert_eq!(output.status.code(), Some(0));
    assert!(!text(&output).contains("Budi"), "{}", text(&output));
    assert!(complaint(&output).contains("[text-not-utf8]"), "{}", complaint(&output));
}

#[test]
fn a_code_that_is_dynamic_already_is_replaced_only_if_that_is_asked_for() {
    let output = qris(&["dynamic", SAMPLE, "--amount", "1000"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("--replace"), "{}", complaint(&output));
    assert_eq!(text(&output), "");
    let replaced = printed(&["dynamic", SAMPLE, "--amount", "1000", "--replace"]);
    assert!(replaced.contains("54041000"), "{replaced}");
    let replaced = printed(&["dynamic", STICKER, "--amount", "1000", "--replace"]);
    assert!(replaced.contains("54041000"), "a static code is no obstacle: {replaced}");
}

#[test]
fn a_code_that_would_come_out_invalid_is_refused() {
    // The PAN has a letter in it.
    let broken = sealed(&STICKER.replace("9360091436640017575", "93600914366400175X5"));
    let output = qris(&["dynamic", &broken, "--amount", "1000"], b"");
    assert_eq!(output.status.code(), Some(1));
    let message = complaint(&output);
    assert!(message.contains("the result would be invalid: "), "{message}");
    assert!(message.contains("[mpan-"), "{message}");
    assert_eq!(text(&output), "");
}

#[test]
fn a_foreign_code_made_of_fields_has_all_of_its_account() {
    let decoded = qris(&["decode", "--json", "--rules", "emv", FPS], b"");
    let encoded = qris(&["encode", "--rules", "emv", "-"], &decoded.stdout);
    assert_eq!(text(&encoded).trim_end(), FPS, "{}", complaint(&encoded));
}
