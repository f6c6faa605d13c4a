//! The catalogue of messages is complete: both languages have every text, the sources use every text,
//! and every command has its help.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use fluent_bundle::FluentResource;
use qris_codec::Language;

use crate::Arguments;
use crate::help::{localized, localized_with_help_commands, look_up};
use crate::messages::{ENGLISH, INDONESIAN, find, find_with, language_of_locale};

/// The texts of a language: the variables of each, by key, or by key and attribute with a dot
/// between them.
fn texts(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    let (mut key, mut name) = (String::new(), String::new());
    for line in files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
        let (head, text) = line.split_once(" =").unwrap_or(("", line));
        let is_name = |text: &str| {
            let mut chars = text.chars();
            chars.next().is_some_and(|c| c.is_ascii_lowercase())
                && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
        };
        let mut text = text;
        if let Some(attribute) = head.strip_prefix("    .").filter(|it| is_name(it)) {
            name = format!("{key}.{attribute}");
            assert!(texts.insert(name.clone(), BTreeSet::new()).is_none(), "{name} is there twice");
        } else if is_name(head) {
            key = head.to_owned();
            name = key.clone();
            // A group of attributes has no text of its own.
            if !text.is_empty() {
                let before = texts.insert(name.clone(), BTreeSet::new());
                assert!(before.is_none(), "{name} is there twice");
            }
        } else {
            text = line;
        }
        let facts = text.split("{ $").skip(1).filter_map(|behind| behind.split(' ').next());
        texts.entry(name.clone()).or_default().extend(facts.map(str::to_owned));
    }
    // What begins on the next line.
    texts.retain(|name, _| !name.is_empty() && find_text(Language::English, name).is_some());
    texts
}

fn find_text(language: Language, name: &str) -> Option<String> {
    let (key, attribute) = match name.split_once('.') {
        Some((key, attribute)) => (key, Some(attribute)),
        None => (name, None),
    };
    find(language, key, attribute)
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with("src/tests.rs") {
                let text = fs::read_to_string(&path).expect("a source");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The key of each call of `message!` and the names of its facts.
fn calls(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut calls = Vec::new();
    for (at, _) in source.match_indices("message!(") {
        let rest = &source[at + "message!(".len()..];
        let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
        let Some((key, rest)) = rest.split_once('"') else { continue };
        let (mut depth, mut in_text, mut facts) = (0, false, BTreeSet::new());
        let mut word = String::new();
        let mut after_comma = false;
        for c in rest.chars() {
            match c {
                '"' => in_text = !in_text,
                _ if in_text => {}
                '(' | '[' | '{' => depth += 1,
                ')' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => (after_comma, word) = (true, String::new()),
                '=' if depth == 0 && after_comma => {
                    facts.insert(word.trim().to_owned());
                    after_comma = false;
                }
                c if after_comma => word.push(c),
                _ => {}
            }
        }
        calls.push((key.to_owned(), facts));
    }
    calls
}

#[test]
fn every_file_of_the_catalogue_is_without_faults() {
    for (language, files) in [("en", ENGLISH), ("id", INDONESIAN)] {
        for file in files {
            let first = file.lines().next().unwrap_or_default();
            assert!(FluentResource::try_new((*file).to_owned()).is_ok(), "{language}: {first}");
        }
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_facts() {
    let (english, indonesian) = (texts(ENGLISH), texts(INDONESIAN));
    assert!(english.len() > 300, "the texts are read: {}", english.len());
    for (name, facts) in &english {
        assert_eq!(Some(facts), indonesian.get(name), "{name}");
        assert!(find_text(Language::Indonesian, name).is_some(), "{name} is not translated");
    }
    let unknown: Vec<_> = indonesian.keys().filter(|name| !english.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "in Indonesian alone: {unknown:?}");
}

#[test]
fn every_message_of_the_sources_is_in_the_catalogue_with_the_facts_it_is_given() {
    let catalogue = texts(ENGLISH);
    let mut met = 0;
    for (path, source) in sources() {
        for (key, facts) in calls(&source) {
            met += 1;
            assert_eq!(catalogue.get(&key), Some(&facts), "{key} in {}", path.display());
        }
    }
    assert!(met > 150, "the calls are found: {met}");
}

#[test]
fn every_text_of_the_catalogue_is_used() {
    let sources: String = sources().into_iter().map(|(_, text)| text).collect();
    let used_by_help = used_keys();
    let unused: Vec<_> = texts(ENGLISH)
        .into_keys()
        .filter(|name| {
            let quoted = |text: &str| sources.contains(&format!("\"{text}\""));
            let is_value = |(group, word): (&str, &str)| {
                (group.starts_with("values-") || group == "help-labels")
                    && (quoted(group) && quoted(word))
            };
            !(used_by_help.contains(name)
                || quoted(name)
                || name.split_once('.').is_some_and(is_value))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn a_message_has_its_facts_in_it_and_nothing_that_cannot_be_seen() {
    let facts = [("number", "INV-1\u{2066}".to_owned()), ("more", "3".to_owned())];
    let facts = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let of = |language| find_with(language, "doctor-and-more", None, Some(&facts));
    assert_eq!(of(Language::English).as_deref(), Some("{$numbers} and 3 more"));
    let whole = [("numbers", "INV-1".to_owned()), ("more", "3".to_owned())];
    let whole = whole.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let of = |language| find_with(language, "doctor-and-more", None, Some(&whole));
    assert_eq!(of(Language::English).as_deref(), Some("INV-1 and 3 more"));
    assert_eq!(of(Language::Indonesian).as_deref(), Some("INV-1 dan 3 lagi"));
}

#[test]
fn the_language_is_that_of_the_locale() {
    for locale in ["id", "id_ID", "id_ID.UTF-8", "id.utf8", "id_ID@euro"] {
        assert_eq!(language_of_locale(locale), Language::Indonesian, "{locale}");
    }
    for locale in ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "idx", "is_IS", "de_DE"] {
        assert_eq!(language_of_locale(locale), Language::English, "{locale}");
    }
}

/// The names of the lists of `qris settle report`.
const SETTLE_LISTS: [&str; 6] = [
    "settle-matched",
    "settle-other-amount",
    "settle-unpaid",
    "settle-only-booked",
    "settle-only-settled",
    "settle-not-settled",
];

#[test]
fn labels_fit_into_their_columns() {
    for language in [Language::English, Language::Indonesian] {
        for (name, _) in texts(ENGLISH) {
            let text = find_text(language, &name).expect("a text");
            let most = match &name {
                name if name.starts_with("doctor-name-") => 9,
                name if ["doctor-ok", "doctor-warning", "doctor-problem"].contains(&&**name) => 8,
                name if name.starts_with("object-") => 30,
                name if name.starts_with("decode-cpm-") => 11,
                name if SETTLE_LISTS.contains(&&**name) => 42,
                _ => continue,
            };
            assert!(text.chars().count() <= most, "{name}: {text}");
        }
    }
}

/// Every command with its path, the ones inside others too.
fn commands(command: &Command) -> Vec<(String, &Command)> {
    fn walk<'a>(command: &'a Command, path: &str, found: &mut Vec<(String, &'a Command)>) {
        found.push((path.to_owned(), command));
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            walk(inner, &format!("{path}-{}", inner.get_name()), found);
        }
    }
    let mut found = Vec::new();
    walk(command, "help", &mut found);
    found
}

/// The texts of the catalogue that the help shows.
fn used_keys() -> BTreeSet<String> {
    let command = Arguments::command();
    let mut used = BTreeSet::new();
    for (path, command) in commands(&command) {
        for attribute in ["long", "after"] {
            used.insert(format!("{path}.{attribute}"));
        }
        used.insert(path.clone());
        for arg in command.get_arguments() {
            let heading = arg.get_help_heading().map(str::to_owned);
            let id = arg.get_id().to_string();
            for id in [Some(format!("{id}-long")), Some(id), heading].into_iter().flatten() {
                let mut above = Some(path.as_str());
                while let Some(key) = above {
                    if find(Language::English, key, Some(&id)).is_some() {
                        used.insert(format!("{key}.{id}"));
                        break;
                    }
                    above = key.rsplit_once('-').map(|(above, _)| above);
                }
                if above.is_none() {
                    used.insert(format!("help-options.{id}"));
                }
            }
        }
    }
    used
}

#[test]
fn every_command_and_argument_has_help_in_both_languages_and_none_in_its_source() {
    let raw = Arguments::command();
    let (english, indonesian) = (Language::English, Language::Indonesian);
    for (path, command) in commands(&raw) {
        for language in [english, indonesian] {
            assert!(find(language, &path, None).is_some(), "{path} has no text in {language}");
        }
        assert_ne!(find(english, &path, None), find(indonesian, &path, None), "{path}");
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            assert_eq!(arg.get_help().map(ToString::to_string), None, "{path} {id}: in the source");
            let [one, other] = [english, indonesian].map(|language| look_up(&path, id, language));
            assert!(one.is_some() && other.is_some(), "{path} {id}: {one:?} {other:?}");
            assert_ne!(one, other, "{path} {id} is not translated");
        }
    }
}

#[test]
fn every_text_of_help_is_shown_in_the_language_that_is_asked_for() {
    let raw = Arguments::command();
    for language in [Language::English, Language::Indonesian] {
        let mut whole = localized(Arguments::command(), language);
        for (path, _) in commands(&raw) {
            let mut command = &mut whole;
            for name in path.split('-').skip(1) {
                command = command.find_subcommand_mut(name).expect("a command");
            }
            let shown = command.render_long_help().to_string();
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = words(&shown);
            for attribute in [None, Some("long"), Some("after")] {
                let Some(text) = find(language, &path, attribute) else { continue };
                // The long text stands in for the short one.
                assert!(
                    shown.contains(&words(&text)),
                    "{path} {attribute:?} in {language}: {shown}"
                );
            }
            let usage = find(language, "help-labels", Some("usage")).expect("a label");
            assert!(shown.contains(&usage), "{path} in {language}: {shown}");
        }
    }
}

#[test]
fn help_in_indonesian_has_no_words_of_the_library_in_it() {
    let whole = localized_with_help_commands(Arguments::command(), Language::Indonesian);
    for (path, command) in commands(&whole) {
        for help in [command.clone().render_help(), command.clone().render_long_help()] {
            let help = help.to_string();
            for english in [
                "Usage:",
                "Options:",
                "Commands:",
                "Arguments:",
                "[default:",
                "ossible values",
                "Print ",
            ] {
                assert!(!help.contains(english), "{path}: {english}\n{help}");
            }
        }
    }
}

/// The commands with all of the settings.
fn commands_with_settings(whole: &Command) -> Vec<(String, &Command)> {
    let mut found = commands(whole);
    found.retain(|(_, command)| command.get_arguments().any(|arg| arg.get_id() == "pay_key_file"));
    found
}

#[test]
fn the_settings_are_listed_by_one_command_and_every_other_help_points_there() {
    for language in [Language::English, Language::Indonesian] {
        let whole = localized_with_help_commands(Arguments::command(), language);
        let with_settings = commands_with_settings(&whole);
        assert!(with_settings.len() > 15, "{}", with_settings.len());
        for (path, command) in with_settings {
            let help = command.clone().render_long_help().to_string();
            let is_list = path == "help-settings";
            assert_eq!(help.contains("--checks-per-minute <N>"), is_list, "{path}: {help}");
            assert_eq!(help.contains("qris help settings"), !is_list, "{path}: {help}");
            let lines = command.clone().render_help().to_string().lines().count();
            let is_long = is_list || path == "help-till";
            assert!(is_long || lines <= 40, "{path} has {lines} lines in {language}");
        }
    }
}

#[test]
fn manual_pages_list_the_settings_of_each_command() {
    let mut whole = localized(Arguments::command(), Language::English);
    whole.build();
    for (path, command) in commands_with_settings(&whole) {
        let help = command.clone().render_long_help().to_string();
        for flag in ["--merchant-id <ID>", "--checks-per-minute <N>", "--settings <FILE>"] {
            assert!(help.contains(flag), "{path} lacks {flag}");
        }
        assert!(!help.contains("qris help settings"), "{path}");
    }
}
