//! The tables in the source are generated from `data/*.tsv`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use qris_codec::tables::{institution, is_known_guid};

fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let text = fs::read_to_string(path).expect("the data are there");
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn attested(row: &[String]) -> bool {
    matches!(row[7].as_str(), "high" | "medium-high" | "medium")
}

/// The source of `src/tables/generated.rs`.
fn generate() -> String {
    let mut source = String::from(
        "//! Made from `data/*.tsv` by the test `tables`: UPDATE_TABLES=1 writes it again.\n\n\
         use super::institution::Institution;\n\
         use crate::rules::limits::MAX_GUID_CHARS;\n\n\
         /// In ascending order of the number.\n#[rustfmt::skip]\n\
         pub(super) static INSTITUTIONS: &[Institution] = &[\n",
    );
    let mut institutions = rows("nns.tsv");
    institutions.retain(|row| attested(row));
    institutions.sort();
    for row in &institutions {
        let organization = row[3].replace(" [legal name unverified]", "");
        writeln!(
            source,
            "    Institution {{ nns: {}, name: {:?}, organization: {organization:?} }},",
            row[0], row[2]
        )
        .expect("a string takes all");
    }
    source.push_str(
        "];\n\n/// In upper case, by length, zeros behind them; those of object 51 are not here.\n\
         #[rustfmt::skip]\npub(super) static GUIDS: [&[[u8; MAX_GUID_CHARS]]; MAX_GUID_CHARS + 1] = [\n",
    );
    let mut guids: Vec<String> = rows("guids.tsv")
        .iter()
        .filter(|row| row[1] != "51" && !matches!(row[4].as_str(), "sample" | "obsolete" | "test"))
        .map(|row| row[0].to_ascii_uppercase())
        .collect();
    guids.sort();
    guids.dedup();
    for length in 0..=32 {
        let same: Vec<&String> = guids.iter().filter(|guid| guid.len() == length).collect();
        if same.is_empty() {
            source.push_str("    &[],\n");
            continue;
        }
        source.push_str("    &[\n");
        for guid in same {
            let zeros = "\\0".repeat(32 - length);
            writeln!(source, "        *b\"{guid}{zeros}\",").expect("a string takes all");
        }
        source.push_str("    ],\n");
    }
    source.push_str("];\n");
    source
}

#[test]
fn the_source_of_the_tables_is_what_the_data_make() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tables/generated.rs");
    let expected = generate();
    if std::env::var_os("UPDATE_TABLES").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), expected, "run with UPDATE_TABLES=1");
}

#[test]
fn every_attested_number_is_found_by_a_pan_that_begins_with_it() {
    for row in rows("nns.tsv") {
        let found = institution(&format!("{}0123456789", row[0])).map(|found| found.name);
        assert_eq!(found, attested(&row).then_some(row[2].as_str()), "{}", row[0]);
    }
}

#[test]
fn a_pan_that_is_short_or_no_number_has_no_institution() {
    for pan in ["", "9360091", "9360091X", "99999999", "９３６００９１４"] {
        assert_eq!(institution(pan), None, "{pan}");
    }
}

#[test]
fn an_identifier_is_known_in_either_case() {
    assert!(is_known_guid("COM.GO-JEK.WWW"));
    assert!(is_known_guid("com.go-jek.www"));
    assert!(is_known_guid("00"));
    assert!(!is_known_guid("COM.GO-JEK"));
    assert!(!is_known_guid("00\0"));
    assert!(!is_known_guid(&"0".repeat(33)));
}
