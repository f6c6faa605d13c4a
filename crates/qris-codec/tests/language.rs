//! Messages in Indonesian match the English ones.

use std::collections::BTreeSet;

use qris_codec::{ErrorKind, Hint, Language, Payload, Rule, Rules, Severity};

mod table;

/// English words that a message in Indonesian must not have.
const ENGLISH: [&str; 30] = [
    "a",
    "after",
    "amount",
    "and",
    "at",
    "be",
    "characters",
    "city",
    "country",
    "digits",
    "expected",
    "found",
    "in",
    "is",
    "length",
    "letters",
    "missing",
    "name",
    "no",
    "none",
    "not",
    "object",
    "of",
    "one",
    "or",
    "other",
    "should",
    "than",
    "the",
    "with",
];

fn words(text: &str) -> BTreeSet<&str> {
    let mut in_braces = false;
    let not_a_letter = move |c: char| {
        in_braces = (in_braces || c == '{') && c != '}';
        in_braces || !c.is_ascii_alphanumeric()
    };
    text.split(not_a_letter).filter(|word| !word.is_empty()).collect()
}

fn english_in(text: &str) -> Vec<&'static str> {
    let met = words(text);
    ENGLISH.into_iter().filter(|word| met.contains(word)).collect()
}

/// The facts and limits in braces, and their formats.
fn in_braces(message: &str) -> BTreeSet<&str> {
    message.split('{').skip(1).filter_map(|behind| behind.split('}').next()).collect()
}

#[test]
fn every_kind_has_a_sentence_in_both_languages_with_the_same_facts_and_limits() {
    for Rule { code, message, indonesian, .. } in ErrorKind::LIST {
        assert!(!message.is_empty() && !indonesian.is_empty(), "{code} has an empty message");
        assert_ne!(message, indonesian, "{code} is not translated");
        assert_eq!(in_braces(message), in_braces(indonesian), "{code}");
    }
}

#[test]
fn no_sentence_in_indonesian_has_an_english_word() {
    for Rule { code, indonesian, .. } in ErrorKind::LIST {
        assert_eq!(english_in(indonesian), [""; 0], "{code}: {indonesian}");
    }
    // The list finds an English word.
    assert_eq!(english_in("expected digits, found none"), ["digits", "expected", "found", "none"]);
}

#[test]
fn an_indonesian_sentence_with_its_facts_has_no_english_word_and_the_same_code() {
    for vector in table::vectors() {
        for finding in table::findings(&vector.payload, Rules::Qris) {
            let line = finding.localized(Language::Indonesian).to_string();
            let behind = format!("[{}]", finding.code());
            let (severity, message) = line.split_once(&behind).expect("the line has the code");
            assert!(["kesalahan", "peringatan", "info"].contains(&severity), "{line}");
            assert_eq!(english_in(message), [""; 0], "{line}");
            assert!(message.contains(" pada byte "), "{line}");
            let english = finding.to_string();
            assert_eq!(finding.localized(Language::English).to_string(), english);
            assert!(english.starts_with(&format!("{}{behind}", finding.severity())), "{english}");
        }
    }
}

#[test]
fn the_found_value_is_in_indonesian() {
    let name = Payload::parse("00020159A2WARUNG6304ABCD").unwrap_err();
    assert_eq!(
        name.localized(Language::Indonesian).to_string(),
        "seharusnya panjang objek dua digit, ditemukan huruf kapital pada byte 8",
    );
    let checksum = Payload::parse("0002016304ABCD").unwrap_err();
    let ErrorKind::ChecksumMismatch { expected, .. } = checksum.kind() else {
        panic!("expected another checksum, found {checksum}");
    };
    assert_eq!(
        checksum.kind().localized(Language::Indonesian).to_string(),
        format!("seharusnya CRC {expected:04X}, ditemukan ABCD"),
    );
}

#[test]
fn every_hint_has_a_sentence_in_both_languages() {
    let all = [
        Hint::PlusForSpace,
        Hint::PercentEncoded,
        Hint::Link { offset: 7 },
        Hint::Cpm,
        Hint::ThousandsSeparator { offset: 7 },
        Hint::SecondPayload { offset: 7 },
        Hint::Csv { offset: 7 },
        Hint::Base64Account { tag: qris_codec::Tag::NATIONAL_ACCOUNT },
        Hint::Foreign { country: *b"MY" },
    ];
    for hint in all {
        let indonesian = hint.localized(Language::Indonesian).to_string();
        assert_eq!(hint.localized(Language::English).to_string(), hint.to_string());
        assert_eq!(english_in(&indonesian), [""; 0], "{indonesian}");
        let numbers = |text: &str| text.matches(|c: char| c.is_ascii_digit()).collect::<String>();
        assert_eq!(numbers(&indonesian), numbers(&hint.to_string()), "{indonesian}");
    }
}

#[test]
fn a_language_is_found_by_its_code_and_no_other() {
    for &language in Language::ALL {
        assert_eq!(Language::from_code(language.code()), Some(language));
    }
    assert_eq!(Language::from_code("id"), Some(Language::Indonesian));
    for code in ["", "ID", "in", "id_ID", "ms"] {
        assert_eq!(Language::from_code(code), None, "{code}");
    }
    assert_eq!(Language::default(), Language::English);
    assert_eq!(Severity::Warning.localized(Language::Indonesian).to_string(), "peringatan");
}
