//! `qris validate`, as a user calls it.

use crate::command::{SAMPLE, STICKER, WARNED, ZERO, complaint, qris, text};
use serde_json::Value;

#[test]
fn each_line_gets_its_verdict_and_its_worst_finding() {
    let file = [SAMPLE, WARNED, ZERO, "nonsense", "", STICKER].join("\n");
    let output = qris(&["validate", "-"], file.as_bytes());
    assert_eq!(
        text(&output),
        "1\tvalid\t-\n2\twarn\tpostal-code-missing\n3\tinvalid\tamount-zero\n\
         4\tmalformed\tobject-header-not-digits\n5\tmalformed\ttext-empty\n6\tvalid\t-\n"
    );
    assert!(
        complaint(&output).starts_with("6 payloads: 2 valid, 1 warn, 1 invalid, 2 malformed ("),
        "{}",
        complaint(&output)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_help_of_rules_says_where_the_rules_are_described() {
    for command in ["decode", "validate", "encode", "dynamic"] {
        let help = text(&qris(&[command, "--help"], b""));
        assert!(help.contains("docs/rules.md"), "{command}:\n{help}");
    }
}

#[test]
fn valid_and_warned_payloads_end_with_zero() {
    let output = qris(&["validate"], format!("{SAMPLE}\n{WARNED}\n").as_bytes());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn more_threads_than_are_of_use_are_wrong_usage() {
    for threads in ["0", "257", "99999999"] {
        let output = qris(&["validate", "--threads", threads], SAMPLE.as_bytes());
        assert_eq!(output.status.code(), Some(2));
    }
    let output = qris(&["validate", "--threads", "256"], SAMPLE.as_bytes());
    assert_eq!(text(&output), "1\tvalid\t-\n");
}

#[test]
fn an_empty_file_has_no_lines() {
    let output = qris(&["validate"], b"");
    assert_eq!((text(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn line_ends_from_windows_are_no_finding() {
    let output = qris(&["validate"], format!("{SAMPLE}\r\n{STICKER}\r\n").as_bytes());
    assert_eq!(text(&output), "1\tvalid\t-\n2\tvalid\t-\n");
}

#[test]
fn json_has_all_findings_worst_first() {
    let both = ZERO.replace("61051011062", "62").replace("F46C", "");
    let body = format!("{both}{:04X}", qris_codec::checksum(both.as_bytes()));
    let output = qris(&["validate", "--json"], format!("{SAMPLE}\n{body}\n\u{e9}").as_bytes());
    let lines: Vec<Value> = text(&output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    assert_eq!(lines[0], serde_json::json!({"line": 1, "verdict": "valid", "findings": []}));
    assert_eq!(lines[1]["verdict"], "invalid");
    assert_eq!(lines[1]["findings"][0]["code"], "amount-zero");
    assert_eq!(lines[1]["findings"][1]["code"], "postal-code-missing");
    assert_eq!(lines[2]["verdict"], "malformed");
}

#[test]
fn bytes_that_are_not_utf_8_and_lines_without_end_are_malformed() {
    let mut file = b"\xFF\xFE\n".to_vec();
    // A neighbour is judged as ever.
    file.extend(format!("{WARNED}\r\n\r\n").as_bytes());
    file.extend(vec![b'0'; 1_000_000]);
    file.push(b'\n');
    file.extend("é".repeat(600_000).as_bytes());
    file.extend(format!("\n{SAMPLE}").as_bytes());
    for threads in ["1", "3"] {
        let output = qris(&["validate", "--threads", threads], &file);
        assert_eq!(
            text(&output),
            "1\tmalformed\ttext-not-utf8\n2\twarn\tpostal-code-missing\n\
             3\tmalformed\ttext-empty\n4\tmalformed\ttext-too-long\n\
             5\tmalformed\ttext-too-long\n6\tvalid\t-\n"
        );
    }
}

#[test]
fn any_number_of_threads_prints_the_lines_in_order() {
    let lines = 20_000;
    let file: String =
        (0..lines).map(|at| format!("{}\n", [SAMPLE, WARNED, ZERO, "0"][at % 4])).collect();
    let one = text(&qris(&["validate", "--threads", "1"], file.as_bytes()));
    assert_eq!(one.lines().count(), lines);
    for (number, line) in (1..).zip(one.lines()) {
        assert!(line.starts_with(&format!("{number}\t")), "{line}");
    }
    for threads in ["2", "7"] {
        assert!(text(&qris(&["validate", "--threads", threads], file.as_bytes())) == one);
    }
}

#[test]
fn a_file_that_is_not_there_and_no_threads_end_with_two() {
    assert_eq!(qris(&["validate", "no such file"], b"").status.code(), Some(2));
    assert_eq!(qris(&["validate", "--threads", "0"], b"").status.code(), Some(2));
}

#[test]
fn a_file_that_looks_like_csv_is_named_with_its_first_line_and_their_number() {
    let file = format!("number,payload\n1,{SAMPLE}\n2,{STICKER}\n{}\n", STICKER.replace(' ', "+"));
    let output = qris(&["validate"], file.as_bytes());
    assert_eq!(text(&output).matches("malformed").count(), 4, "nothing is repaired");
    let hints: Vec<String> = complaint(&output)
        .lines()
        .filter(|line| line.starts_with("hint: "))
        .map(str::to_owned)
        .collect();
    let [csv, plus] = hints.as_slice() else { panic!("{hints:?}") };
    assert!(csv.starts_with("hint: line 2: ") && csv.contains("CSV"), "{csv}");
    assert!(csv.ends_with("(2 similar lines)"), "{csv}");
    assert!(plus.starts_with("hint: line 4: ") && !plus.contains("like it"), "{plus}");
}

#[test]
fn digits_in_groups_of_three_are_hinted_at_and_a_good_file_at_nothing() {
    let grouped =
        "00020101021226180014COM.GO-JEK.WWW520458125303360540625,0005802ID5904TOKO6004KOTA63040000";
    let covered = &grouped[..grouped.len() - 4];
    let grouped = format!("{covered}{:04X}", qris_codec::checksum(covered.as_bytes()));
    let output = qris(&["validate"], grouped.as_bytes());
    assert!(complaint(&output).contains("hint: line 1: the amount (54)"), "{}", complaint(&output));
    let output = qris(&["validate"], format!("{SAMPLE}\n{ZERO}\n").as_bytes());
    assert!(!complaint(&output).contains("hint"), "{}", complaint(&output));
}
