//! Every vector gets the verdict that its line states.

use qris_codec::{Payload, Rules, Verdict};

/// The fields of a line of `vectors/payloads.tsv`.
struct Vector {
    line: usize,
    emv: String,
    qris: String,
    payload: String,
}

fn vectors() -> Vec<Vector> {
    include_str!("vectors/payloads.tsv")
        .lines()
        .enumerate()
        .skip(1)
        .map(|(at, line)| {
            let fields: Vec<&str> = line.split('\t').collect();
            let payload = fields[5].replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
            Vector { line: at + 1, emv: fields[1].into(), qris: fields[2].into(), payload }
        })
        .collect()
}

#[test]
fn parse_refuses_the_malformed_and_accepts_the_rest() {
    let vectors = vectors();
    assert!(vectors.len() > 170, "{} vectors", vectors.len());
    for vector in vectors {
        let parsed = Payload::parse(&vector.payload);
        assert_eq!(parsed.is_err(), vector.emv == "malformed", "line {}: {parsed:?}", vector.line);
    }
}

#[test]
fn both_verdicts_come_out_for_every_line() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        for (rules, expected) in [(Rules::Emv, &vector.emv), (Rules::Qris, &vector.qris)] {
            let verdict = Verdict::of(&vector.payload, rules);
            if expected != "-" && verdict.as_str() != expected {
                let findings: Vec<String> = Payload::parse(&vector.payload)
                    .map(|payload| payload.findings(rules).map(|f| f.to_string()).collect())
                    .unwrap_or_default();
                wrong.push(format!(
                    "line {} {rules:?}: {verdict} instead of {expected}: {findings:#?}",
                    vector.line
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
