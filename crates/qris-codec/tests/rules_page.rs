//! `docs/rules.md` has every rule of the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use qris_codec::{ErrorKind, Rules};

#[test]
fn the_page_of_rules_has_each_rule_once_with_severity_rule_set_and_clause() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    let page = fs::read_to_string(path).expect("the page is there");
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [code, severity, rules, clause, certain, field] = cells[..] else {
            panic!("expected six columns: {line}");
        };
        assert!(["A", "B", "C", "ours"].contains(&certain), "{code}: certain: {certain}");
        assert!(!field.is_empty(), "{code} says nothing of the field");
        let row = (severity.to_owned(), rules.to_owned(), clause.to_owned());
        let before = rows.insert(code.trim_matches('`').to_owned(), row);
        assert_eq!(before, None, "{code} appears twice");
    }
    let expected: BTreeMap<_, _> = ErrorKind::LIST
        .iter()
        .map(|rule| {
            let rules = if rule.rules == Rules::Qris { "QRIS" } else { "EMV" };
            let row = (rule.severity.to_string(), rules.to_owned(), rule.clause.to_owned());
            (rule.code.to_owned(), row)
        })
        .collect();
    let missing: Vec<_> =
        expected.iter().filter(|&(code, row)| rows.get(code) != Some(row)).collect();
    assert!(missing.is_empty(), "not in docs/rules.md, or otherwise: {missing:#?}");
    let unknown: Vec<_> = rows.keys().filter(|code| !expected.contains_key(*code)).collect();
    assert!(unknown.is_empty(), "no rules of the program: {unknown:?}");
}
