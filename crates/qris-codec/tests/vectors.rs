//! Every vector gets the result of its line, and the lines match the list of findings.
//!
//! `UPDATE_VECTORS=1 cargo test -p qris-codec --test vectors` writes the verdicts and findings of
//! `vectors/payloads.tsv` with the program's results, for a person to check: `vectors/README.md`
//! says how.

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use qris_codec::{ErrorKind, Finding, Payload, Qris, Rules, Severity};
use table::{Judgement, TABLE, vectors};

/// Writes the program's results to the table.
fn update() {
    let mut written = TABLE.lines().take(1).map(|head| format!("{head}\n")).collect::<String>();
    for (line, vector) in TABLE.lines().skip(1).zip(vectors()) {
        let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        for (at, rules) in [(1, Rules::Emv), (2, Rules::Qris)] {
            let judgement = Judgement::of_program(&vector.payload, rules);
            fields[at] = judgement.verdict;
            fields[at + 2] = judgement.findings;
        }
        written.push_str(&fields.join("\t"));
        written.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/payloads.tsv");
    fs::write(path, written).expect("the table can be written");
}

#[test]
fn every_vector_is_judged_as_its_line_says() {
    if env::var_os("UPDATE_VECTORS").is_some() {
        return update();
    }
    let vectors = vectors();
    assert!(vectors.len() > 280, "{} vectors", vectors.len());
    let mut wrong = Vec::new();
    for vector in vectors {
        for (rules, expected) in [(Rules::Emv, &vector.emv), (Rules::Qris, &vector.qris)] {
            let found = Judgement::of_program(&vector.payload, rules);
            if found != *expected {
                wrong.push(format!(
                    "line {} ({}) by {rules:?}: expected {expected:#?}, found {found:#?}",
                    vector.line, vector.note
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parse_refuses_the_malformed_and_accepts_the_rest() {
    for vector in vectors() {
        let parsed = Payload::parse(&vector.payload);
        let malformed = vector.emv.verdict == "malformed";
        assert_eq!(parsed.is_err(), malformed, "line {}: {parsed:?}", vector.line);
    }
}

#[test]
fn qris_parse_refuses_with_the_first_error_and_accepts_warnings() {
    for vector in vectors() {
        let found = table::findings(&vector.payload, Rules::Qris);
        let first = found.iter().find(|it| it.severity() == Severity::Error);
        let refusal = Qris::parse(&vector.payload).err();
        assert_eq!(refusal, first.map(Finding::error), "line {}", vector.line);
    }
}

// The next three test the table, not the program: a line that the program wrote and that
// contradicts the list fails here.

#[test]
fn each_verdict_follows_from_the_findings_of_its_line() {
    for vector in vectors() {
        for judgement in [&vector.emv, &vector.qris] {
            let worst = judgement.rules().iter().map(|rule| rule.severity).max();
            let expected = match worst {
                Some(Severity::Error) if judgement.verdict == "malformed" => "malformed",
                Some(Severity::Error) => "invalid",
                Some(Severity::Warning) => "warn",
                _ => "valid",
            };
            assert_eq!(judgement.verdict, expected, "line {}: {judgement:?}", vector.line);
        }
    }
}

#[test]
fn the_emv_findings_are_the_qris_findings_without_national_rules() {
    for vector in vectors() {
        assert_eq!(vector.emv.findings, vector.qris.without_national(), "line {}", vector.line);
    }
}

#[test]
fn no_payload_appears_twice_and_each_has_a_note_or_a_source() {
    let mut met = BTreeMap::new();
    for vector in vectors() {
        let about = [&vector.scheme, &vector.note, &vector.source];
        assert!(about.iter().all(|text| !text.is_empty()), "line {}", vector.line);
        assert!(vector.note != "-" || vector.source != "-", "line {}", vector.line);
        if let Some(before) = met.insert(vector.payload, vector.line) {
            panic!("line {} has the payload of line {before}", vector.line);
        }
    }
}

/// Codes without a text in the table, and the tests that have them.
const ELSEWHERE: &[&str] = &[
    // 64 KiB of text, bytes that are no text, a reader that counts bytes: test `findings`.
    "text-too-long",
    "text-not-utf8",
    "object-splits-character",
    // Writing and paths: test `encode`.
    "buffer-too-small",
    "value-too-long",
    "text-not-precomposed",
    "object-not-amendable",
    "not-anonymizable",
    "length-unit-ambiguous",
    "path-syntax",
];

#[test]
fn every_code_has_a_text() {
    let mut met: BTreeSet<&str> = ELSEWHERE.iter().copied().collect();
    for vector in vectors() {
        met.extend(vector.qris.rules().iter().map(|rule| rule.code));
    }
    let listed: BTreeSet<&str> = ErrorKind::LIST
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !code.starts_with("cpm-"))
        .collect();
    assert_eq!(met, listed);
}
