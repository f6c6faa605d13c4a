//! The table of vectors, `vectors/payloads.tsv`, and the program's results in its format.
#![allow(unreachable_pub, dead_code, reason = "each test, and the fuzz targets, use a part of it")]

use std::collections::HashMap;
use std::sync::OnceLock;

use qris_codec::{ErrorKind, Finding, Payload, Rule, Rules, Verdict};

pub const TABLE: &str = include_str!("../vectors/payloads.tsv");

/// The result in a line for one set of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: String,
    /// `code@path:offset`, comma separated, or `-`.
    pub findings: String,
}

impl Judgement {
    /// The program's result.
    pub fn of_program(text: &str, rules: Rules) -> Self {
        let shown: Vec<String> = findings(text, rules).iter().map(place).collect();
        let findings = if shown.is_empty() { "-".to_owned() } else { shown.join(",") };
        Self { verdict: Verdict::from_text(text, rules).to_string(), findings }
    }

    /// The rows of the list of findings, in the order of the line.
    pub fn rules(&self) -> Vec<&'static Rule> {
        let places = self.findings.split(',').filter(|place| *place != "-");
        places
            .map(|place| {
                let code = place.split('@').next().unwrap_or_default();
                let rule = ErrorKind::LIST.iter().find(|rule| rule.code == code);
                rule.unwrap_or_else(|| panic!("{code} is not in the list of findings"))
            })
            .collect()
    }

    /// The findings without national rules: what EMVCo's rules should find.
    pub fn without_national(&self) -> String {
        let places = self.findings.split(',').filter(|place| *place != "-");
        let common: Vec<&str> = places
            .filter(|place| {
                let (code, rest) = place.split_once('@').unwrap_or((place, ""));
                !is_national(code, rest.split(':').next().unwrap_or_default())
            })
            .collect();
        if common.is_empty() { "-".to_owned() } else { common.join(",") }
    }
}

/// Whether a finding belongs to the national rules: by the list, or because EMVCo's rules do not
/// restrict the characters of an acquirer's merchant ID (02 of 26 to 45).
pub fn is_national(code: &str, path: &str) -> bool {
    let listed = ErrorKind::LIST.iter().any(|rule| rule.code == code && rule.rules == Rules::Qris);
    let merchant_id = path.strip_suffix(".02").and_then(|root| root.parse().ok());
    listed || (code == "text-not-ans" && merchant_id.is_some_and(|root| (26..=45).contains(&root)))
}

/// A line of the table.
#[derive(Clone, Debug)]
pub struct Vector {
    pub line: usize,
    pub scheme: String,
    pub note: String,
    pub source: String,
    pub emv: Judgement,
    pub qris: Judgement,
    pub payload: String,
}

/// All lines of the table.
pub fn vectors() -> Vec<Vector> {
    let lines = TABLE.lines().enumerate().skip(1);
    lines
        .map(|(at, line)| {
            let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let Ok([scheme, emv, qris, emv_findings, qris_findings, payload, note, source]) =
                <[String; 8]>::try_from(fields)
            else {
                panic!("line {}: expected eight columns", at + 1);
            };
            Vector {
                line: at + 1,
                scheme,
                note,
                source,
                emv: Judgement { verdict: emv, findings: emv_findings },
                qris: Judgement { verdict: qris, findings: qris_findings },
                payload: payload.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t"),
            }
        })
        .collect()
}

/// The line of this payload, if it is in the table.
pub fn of_payload(text: &str) -> Option<&'static Vector> {
    static LINES: OnceLock<HashMap<String, Vector>> = OnceLock::new();
    let by_payload = || vectors().into_iter().map(|line| (line.payload.clone(), line)).collect();
    LINES.get_or_init(by_payload).get(text)
}

/// All findings of a text, including the parser's error.
pub fn findings(text: &str, rules: Rules) -> Vec<Finding> {
    match Payload::parse(text) {
        Ok(payload) => payload.findings(rules).collect(),
        Err(error) => vec![Finding::from(error)],
    }
}

/// `code@path:offset`.
fn place(finding: &Finding) -> String {
    let path = finding.path().map_or("-".to_owned(), |path| path.to_string());
    format!("{}@{path}:{}", finding.code(), finding.offset())
}
