//! `qris encode`, `dynamic`, `static` and `anonymize`, as a user calls them.

mod command;

use command::{SAMPLE, STICKER, WARNED, ZERO, complaint, json_of, qris, text};

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
fn a_file_that_is_not_there_ends_with_two() {
    assert_eq!(qris(&["encode", "no such file"], b"").status.code(), Some(2));
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
