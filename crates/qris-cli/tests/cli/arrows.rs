//! The crates use each other as `docs/architecture.md` says, and not otherwise.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Arrows = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folders of the crates and the bindings, by the names that the document gives them.
fn folders() -> BTreeMap<String, PathBuf> {
    let mut folders = BTreeMap::new();
    for (group, prefix) in [("crates", ""), ("bindings", "bindings/")] {
        for entry in fs::read_dir(root().join(group)).unwrap() {
            let path = entry.unwrap().path();
            if path.join("Cargo.toml").exists() {
                let name = path.file_name().unwrap().to_str().unwrap();
                folders.insert(format!("{prefix}{name}"), path);
            }
        }
    }
    folders
}

/// What each crate's manifest says it uses, without what only its tests use.
fn in_the_manifests() -> Arrows {
    let used = |path: &Path| {
        let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        dependencies.keys().filter(|name| name.starts_with("qris-")).cloned().collect()
    };
    folders().into_iter().map(|(name, path)| (name, used(&path))).collect()
}

/// The table of arrows in the document: names in backticks, the first of a row is the crate.
fn in_the_document(all: &BTreeSet<String>) -> Arrows {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows = text.lines().skip_while(|line| *line != "| crate | uses |").skip(2);
    let mut arrows = Arrows::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let (_, cells) = row.split_once('|').unwrap();
        let (name, uses) = cells.split_once('|').unwrap();
        let name = name.trim().trim_matches('`').to_owned();
        let used = if uses.contains("all of them") {
            all.iter().filter(|one| one.starts_with("qris-") && **one != name).cloned().collect()
        } else {
            uses.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        arrows.insert(name, used);
    }
    arrows
}

#[test]
fn crates_use_each_other_as_the_document_says() {
    let found = in_the_manifests();
    let all = found.keys().cloned().collect();
    assert_eq!(found, in_the_document(&all));
}
