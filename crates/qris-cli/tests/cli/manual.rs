//! `qris completions` and `qris man`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::command::{complaint, qris, text};

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&qris(&["completions", shell], b""));
        for word in ["validate", "anonymize", "doctor", "--fee-percent", "--threads"] {
            // fish writes long options without their dashes.
            let found = script.contains(word) || script.contains(word.trim_start_matches('-'));
            assert!(found, "{shell}: no {word}");
        }
    }
}

#[test]
fn bash_takes_its_script_and_completes_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("qris.bash");
    fs::write(&file, qris(&["completions", "bash"], b"").stdout).expect("written");
    let ask = r#"source "$1"; COMP_WORDS=(qris ord); COMP_CWORD=1; _qris qris ord qris; echo "${COMPREPLY[@]}""#;
    let output = Command::new("bash").args(["-euc", ask, "bash"]).arg(&file).output();
    let output = output.expect("bash starts");
    assert_eq!(text(&output).trim(), "order", "{}", complaint(&output));
}

/// The names of the commands, those inside others too, as the help lists them.
fn commands(before: &[&str]) -> BTreeSet<String> {
    let help = text(&qris(&[before, &["--help"]].concat(), b""));
    let mut names = BTreeSet::from([[&["qris"], before].concat().join("-")]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in listed.take_while(|line| line.starts_with("  ")) {
        // What is further to the right goes on with the line above.
        match line[2..].split(' ').next() {
            Some(name) if !matches!(name, "" | "help") => {
                names.extend(commands(&[before, &[name]].concat()))
            }
            _ => {}
        }
    }
    names
}

#[test]
fn every_command_has_a_page_with_its_example() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("man1");
    let written = qris(&["man", "--out", out.to_str().expect("a path")], b"");
    assert!(written.status.success(), "{}", complaint(&written));
    let pages = fs::read_dir(&out).expect("a folder").map(|entry| entry.expect("an entry").path());
    let pages: BTreeSet<String> = pages
        .map(|page| {
            let text = fs::read_to_string(&page).expect("a page");
            let name = page.file_stem().expect("a name").to_string_lossy().into_owned();
            // The one page whose command does nothing by itself lists the others instead.
            assert!(name == "qris" || text.contains("Example"), "{name} has no example");
            name
        })
        .collect();
    assert_eq!(pages, commands(&[]));
    assert!(pages.contains("qris-order-create"));
}

#[test]
fn the_page_of_the_command_itself_is_printed() {
    let page = text(&qris(&["man"], b""));
    assert!(page.contains(".TH qris 1"), "{page}");
    assert!(page.contains(r"qris\-doctor(1)"), "{page}");
}
