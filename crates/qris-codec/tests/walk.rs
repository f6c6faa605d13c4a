//! All objects of a payload, with their paths.

use qris_codec::{ErrorKind, Path, Payload, Tag, Walk, checksum};

fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

fn walked(text: &str) -> Vec<(String, usize, String)> {
    let objects = Walk::from_text(text);
    objects.map(|(path, it)| (path.to_string(), it.offset(), it.value().to_owned())).collect()
}

fn row(path: &str, offset: usize, value: &str) -> (String, usize, String) {
    (path.to_owned(), offset, value.to_owned())
}

#[test]
fn objects_of_a_template_follow_it_up_to_three_levels_deep() {
    let text = sealed("000201261201081234567862170503A0199060002005303360");
    let found = walked(&text);
    assert_eq!(
        found[..found.len() - 1],
        [
            row("00", 0, "01"),
            row("26", 6, "010812345678"),
            row("26.01", 10, "12345678"),
            row("62", 22, "0503A019906000200"),
            row("62.05", 26, "A01"),
            row("62.99", 33, "000200"),
            row("62.99.00", 37, "00"),
            row("53", 43, "360"),
        ][..],
    );
}

#[test]
fn a_value_that_is_not_objects_to_its_end_is_one_object() {
    let text = sealed("00020102080102030426050105062090504A01xx");
    assert_eq!(Payload::parse(&text).err().map(|error| error.kind().code()), None);
    let paths: Vec<_> = walked(&text).into_iter().map(|(path, ..)| path).collect();
    assert_eq!(paths, ["00", "02", "26", "62", "63"]);
}

#[test]
fn offsets_count_from_the_start_of_the_given_text() {
    let text = format!("  {}\n", sealed("00020126080104WARU"));
    let payload = Payload::parse(&text).expect("a payload");
    let offsets: Vec<_> = payload.walk().map(|(_, object)| object.offset()).collect();
    assert_eq!(offsets, [2, 8, 12, 20]);
    let mut walk = Walk::from_text(&text);
    assert_eq!(walk.by_ref().count(), 4);
    assert_eq!(walk.fault(), None);
}

#[test]
fn a_walk_of_a_text_that_is_cut_short_ends_at_the_fault() {
    let mut walk = Walk::from_text("0002012608010");
    assert_eq!(walk.by_ref().map(|(path, _)| path).collect::<Vec<_>>(), [Path::new(Tag::FORMAT)]);
    assert_eq!(walk.offset(), 6);
    let fault = walk.fault().expect("a fault");
    assert!(matches!(fault.kind(), ErrorKind::Truncated { expected: 8, found: 3, .. }));
    assert_eq!(fault.offset(), 10);
}

#[test]
fn every_path_of_a_walk_leads_to_its_object() {
    let vectors = include_str!("vectors/payloads.tsv").lines().skip(1);
    let mut seen = 0;
    for text in vectors.filter_map(|line| line.split('\t').nth(5)) {
        let Ok(payload) = Payload::parse(text) else { continue };
        let duplicate =
            payload.findings(qris_codec::Rules::Emv).any(|it| it.code() == "object-duplicate");
        for (path, object) in payload.walk().filter(|_| !duplicate) {
            assert_eq!(payload.get(path), Some(object.value()), "{path} of {text}");
            seen += 1;
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn templates_are_in_the_root_and_the_payment_systems_of_62() {
    let template = |path: &str| path.parse::<Path>().expect("a path").is_template();
    for path in ["26", "51", "62", "64", "80", "99", "62.50", "62.99"] {
        assert!(template(path), "{path}");
    }
    for path in ["00", "25", "52", "63", "65", "79", "62.49", "26.50", "99.50", "62.99.50"] {
        assert!(!template(path), "{path}");
    }
}

#[test]
fn the_named_paths_match_the_tables() {
    for (path, text) in [
        (Path::NATIONAL_GUID, "51.00"),
        (Path::NMID, "51.02"),
        (Path::NATIONAL_CRITERIA, "51.03"),
        (Path::BILL_NUMBER, "62.01"),
        (Path::MOBILE_NUMBER, "62.02"),
        (Path::STORE_LABEL, "62.03"),
        (Path::LOYALTY_NUMBER, "62.04"),
        (Path::REFERENCE_LABEL, "62.05"),
        (Path::CUSTOMER_LABEL, "62.06"),
        (Path::TERMINAL_LABEL, "62.07"),
        (Path::PURPOSE, "62.08"),
        (Path::CONSUMER_DATA_REQUEST, "62.09"),
        (Path::MERCHANT_TAX_ID, "62.10"),
        (Path::MERCHANT_CHANNEL, "62.11"),
        (Path::LANGUAGE_CODE, "64.00"),
        (Path::LANGUAGE_MERCHANT_NAME, "64.01"),
        (Path::LANGUAGE_MERCHANT_CITY, "64.02"),
    ] {
        assert_eq!(path.to_string(), text);
    }
}
