//! The list of findings in the docs is generated from the code.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use qris_codec::{ErrorKind, Language, Rules};

/// The source of `src/findings.md`, the documentation of the module `findings`.
fn generate() -> String {
    let mut page = String::from(
        "Deviations from the rules, as an iterator of [`Finding`]s.\n\n\
         The list of all findings. The codes are the same in Rust, C, Python and\n\
         JSON and never change their meaning. *Rules* says which rule set a finding belongs to:\n\
         [`Rules::Emv`] has the ones marked EMV, [`Rules::Qris`] has all. *Clause* is the source of\n\
         the rule: a clause of EMVCo's MPM text, an object in its tables, or the national\n\
         QRIS specification; *practice* means seen in real codes. Which deviations are errors,\n\
         which warnings and which information is this project's decision, not the standard's.\n\
         `docs/rules.md` of the repository says how certain each rule is and what real codes\n\
         have.\n\n\
         | code | severity | rules | clause | message | in Indonesian |\n\
         |---|---|---|---|---|---|\n",
    );
    for rule in ErrorKind::LIST {
        let rules = match rule.rules {
            Rules::Emv => "EMV",
            _ => "QRIS",
        };
        writeln!(
            page,
            "| `{}` | {} | {rules} | {} | {rule} | {} |",
            rule.code,
            rule.severity,
            rule.clause,
            rule.localized(Language::Indonesian)
        )
        .expect("a string takes all");
    }
    page
}

#[test]
fn the_table_in_the_docs_lists_every_finding_with_its_clause() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/findings.md");
    let expected = generate();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), expected, "run with UPDATE_DOCS=1");
}

#[test]
fn every_message_says_what_was_found() {
    for rule in ErrorKind::LIST {
        for vague in
            ["found more", "found less", "found another", "found something", "a different one"]
        {
            assert!(!rule.message.contains(vague), "{}: {}", rule.code, rule.message);
        }
    }
}

#[test]
fn no_two_findings_share_a_code_and_every_code_is_kebab_case() {
    let mut met = HashSet::new();
    for rule in ErrorKind::LIST {
        assert!(met.insert(rule.code), "{} appears twice", rule.code);
        assert!(
            rule.code.split('-').all(|word| {
                !word.is_empty()
                    && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            }),
            "{}",
            rule.code
        );
    }
}

#[test]
fn every_limit_that_a_message_names_is_filled_in() {
    let names_limit = |text: &str| {
        text.split('{').skip(1).any(|behind| behind.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    assert!(ErrorKind::LIST.iter().any(|rule| names_limit(rule.message)));
    for rule in ErrorKind::LIST {
        for &language in Language::ALL {
            let message = rule.localized(language).to_string();
            assert!(!names_limit(&message), "{message}");
        }
    }
}
