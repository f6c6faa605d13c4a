//! The code paths to the rules agree: scanning in order, walking in any order, and writing.
//!
//! The tests do not depend on debug assertions: run them with `--release` too. Each test prints the
//! number of texts for each kind of edit and how many were scanned in order. It requires most of
//! the measured share, because a scanner that gives up always would agree with the walk too.

mod count;
mod parts;
#[path = "../table/mod.rs"]
mod table;
mod tree;

use qris_codec::encode::Amendment;
use qris_codec::rules::limits;
use qris_codec::tlv::Unit;
use qris_codec::{Amount, Finding, Path, Payload, Rules, Severity, Tag, Tip};

use count::{Counts, REFUSED};
use tree::{Tree, followed_by_checksum, with_checksum};

/// The payloads of the vectors that the parser accepts.
fn payloads() -> Vec<String> {
    table::vectors()
        .into_iter()
        .map(|vector| vector.payload)
        .filter(|text| Payload::parse(text).is_ok_and(|payload| payload.as_str() == text))
        .collect()
}

/// Every fifth of them, so that a new vector at the end of the table does not change the others.
fn every_fifth() -> Vec<String> {
    let some: Vec<String> = payloads().into_iter().step_by(5).collect();
    assert!(some.len() >= 50, "{} payloads", some.len());
    some
}

fn parsed(text: &str) -> Payload<'_> {
    Payload::parse(text).expect("accepted before")
}

fn sealed(body: &str) -> String {
    followed_by_checksum(&format!("{body}6304"))
}

#[test]
fn neighbouring_objects_in_any_order_are_judged_alike() {
    let mut counts = Counts::default();
    for text in payloads() {
        counts.check("as it is", Some(text.clone()));
        let objects: Vec<&str> = parsed(&text)
            .objects()
            .filter(|it| it.tag() != Tag::CHECKSUM)
            .map(|it| &text[it.offset()..it.value_offset() + it.value().len()])
            .collect();
        // All orders of three neighbours, anywhere after 00.
        for at in 1..objects.len().saturating_sub(2) {
            for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let mut objects = objects.clone();
                let three = [objects[at], objects[at + 1], objects[at + 2]];
                for (slot, from) in order.into_iter().enumerate() {
                    objects[at + slot] = three[from];
                }
                counts.check("in another order", Some(sealed(&objects.concat())));
            }
        }
    }
    counts.demand(&[
        ("as it is", 240, [72, 34, 6], [30, 100]),
        ("in another order", 9_000, [27, 0, 0], [70, 200]),
    ]);
}

#[test]
fn a_payload_without_one_of_its_objects_is_judged_alike() {
    let mut counts = Counts::default();
    for text in payloads() {
        let tree = Tree::new(&parsed(&text));
        let places = tree.places();
        for place in &places {
            let without = tree.without(place);
            counts.check("one object less", without.sealed());
            counts.check("one object less, checksum as it was", without.written());
        }
        // Without 63 its digits may still follow the objects, or be at the end of one.
        let open = tree.without(places.last().expect("63 is the last object"));
        let body = open.written();
        counts.check("no 63, digits behind", body.as_deref().map(followed_by_checksum));
        counts.check("no 63, digits in a value", open.longer_at_the_end().sealed());
    }
    counts.demand(&[
        ("no 63, digits behind", 230, REFUSED, [0, 0]),
        ("no 63, digits in a value", 230, REFUSED, [0, 0]),
        ("one object less", 4_400, [73, 27, 3], [200, 1_400]),
        ("one object less, checksum as it was", 4_400, REFUSED, [0, 0]),
    ]);
}

#[test]
fn a_payload_with_one_object_twice_is_judged_alike() {
    let mut counts = Counts::default();
    for text in payloads() {
        let tree = Tree::new(&parsed(&text));
        for place in tree.places() {
            for doubled in tree.doubled(&place) {
                counts.check("one object twice", doubled.sealed());
                counts.check("one object twice, checksum as it was", doubled.written());
            }
        }
    }
    counts.demand(&[
        ("one object twice", 8_500, [18, 0, 0], [12, 280]),
        ("one object twice, checksum as it was", 8_500, REFUSED, [0, 0]),
    ]);
}

#[test]
fn a_payload_with_one_value_cut_is_judged_alike() {
    let mut counts = Counts::default();
    for text in every_fifth() {
        let payload = parsed(&text);
        let tree = Tree::new(&payload);
        for place in tree.places() {
            for cut in tree.cut(&place) {
                counts.check("one value cut", cut.sealed());
                counts.check("one value cut, checksum as it was", cut.written());
            }
        }
        for (_, object) in payload.walk().filter(|(_, object)| !object.value().is_empty()) {
            let mut shorter = text.clone();
            shorter.remove(object.value_offset());
            counts.check("one value cut, length as it was", with_checksum(&shorter));
        }
    }
    counts.demand(&[
        ("one value cut", 3_000, [60, 22, 2], [150, 1_100]),
        ("one value cut, checksum as it was", 3_000, REFUSED, [0, 0]),
        ("one value cut, length as it was", 900, [0, 0, 0], [0, 0]),
    ]);
}

#[test]
fn a_payload_with_another_digit_in_a_header_is_judged_alike() {
    let mut counts = Counts::default();
    for text in every_fifth() {
        for (_, object) in parsed(&text).walk() {
            for at in object.offset()..object.value_offset() {
                let old = text.as_bytes()[at];
                let next = char::from(if old == b'9' { b'0' } else { old + 1 });
                for new in [next, '0', '5', 'x'].into_iter().filter(|&it| it != char::from(old)) {
                    let changed = format!("{}{new}{}", &text[..at], &text[at + 1..]);
                    counts.check("another digit", with_checksum(&changed));
                    if new == next {
                        counts.check("another digit, checksum as it was", Some(changed));
                    }
                }
            }
        }
    }
    counts.demand(&[
        ("another digit", 12_000, [18, 2, 0], [80, 290]),
        ("another digit, checksum as it was", 3_500, REFUSED, [0, 0]),
    ]);
}

/// The values that an object may be changed to; `None` removes it.
fn changes(value: &str) -> Vec<Option<String>> {
    let cut: String = value.chars().skip(1).collect();
    let with = |c: char| Some(format!("{c}{cut}"));
    let chars = value.chars().count();
    let mut changes = vec![None, Some(String::new()), Some(cut.clone()), Some(format!("{value}0"))];
    changes.extend([
        with('x'),
        with('A'),
        with('7'),
        with('0'),
        with(' '),
        with('|'),
        with('\u{e9}'),
    ]);
    changes.extend([2, 13, 15, 16, 25, 26, 32, 33, 99].map(|most| {
        Some(value.chars().cycle().take(most).collect::<String>()).filter(|_| chars > 0)
    }));
    changes
}

/// The expected result of writing: this text, or a refusal with this finding or at least this code.
#[derive(Debug)]
enum Expected {
    Text(String),
    Finding(Finding),
    Code(&'static str),
}

/// The expected result of an amendment: the first error or the first new warning refuses it.
fn expected(before: &Payload<'_>, after: Option<Tree>) -> Expected {
    // No object can be set inside a value that is not a template.
    let Some(after) = after else { return Expected::Code("object-not-amendable") };
    let Some(text) = after.sealed() else { return Expected::Code("value-too-long") };
    let payload = match Payload::parse(&text) {
        Ok(payload) => payload,
        Err(error) => return Expected::Finding(error.into()),
    };
    if !text.is_ascii() && (payload.unit() == Unit::Bytes) != after.counts_bytes {
        return Expected::Code("length-unit-ambiguous");
    }
    let national = payload.country_code() == Some("ID");
    let rules = if national { Rules::Qris } else { Rules::Emv };
    let old: Vec<Finding> = before.findings(rules).collect();
    let is_new = |it: &Finding| !old.iter().any(|o| (o.code(), o.path()) == (it.code(), it.path()));
    let refusal = payload.findings(rules).find(|it| match it.severity() {
        Severity::Error => true,
        Severity::Warning => is_new(it),
        _ => false,
    });
    refusal.map_or(Expected::Text(text), Expected::Finding)
}

/// The numbers of written and refused amendments.
#[derive(Default, Debug)]
struct Amended {
    written: usize,
    refused: usize,
}

impl Amended {
    /// An amendment must give the same text as its changes written by hand, and that text must get
    /// the same result on all code paths.
    #[track_caller]
    fn check(
        &mut self,
        counts: &mut Counts,
        kind: &'static str,
        (before, tree): (&Payload<'_>, &Tree),
        changes: &[(Path, Option<&str>)],
        amendment: &Amendment<'_>,
    ) {
        let change = |tree: Tree, (path, value): &(Path, Option<&str>)| tree.amended(*path, *value);
        let after = changes.iter().try_fold(tree.clone(), change);
        counts.check(kind, after.as_ref().and_then(Tree::sealed));
        let expected = expected(before, after);
        let mut buffer = [0; 2_048];
        let result = amendment.encode_into(&mut buffer);
        let agrees = match (&expected, result) {
            (Expected::Text(text), Ok(amended)) => text == amended,
            (Expected::Finding(expected), Err(found)) => *expected == found,
            (Expected::Code(code), Err(found)) => *code == found.code(),
            _ => false,
        };
        let text = before.as_str();
        assert!(agrees, "{changes:?} of {text}: expected {expected:?}, found {result:?}");
        self.written += usize::from(result.is_ok());
        self.refused += usize::from(result.is_err());
    }

    #[track_caller]
    fn demand(&self, written: usize, refused: usize) {
        println!("{self:?}");
        assert!(self.written >= written && self.refused >= refused, "{self:?}");
    }
}

#[test]
fn every_amended_value_gives_the_text_that_is_written_by_hand() {
    let (mut counts, mut amended) = (Counts::default(), Amended::default());
    for text in every_fifth() {
        let payload = parsed(&text);
        let before = (&payload, &Tree::new(&payload));
        for (path, object) in payload.walk() {
            let is_fixed = matches!(path.root(), Tag::FORMAT | Tag::CHECKSUM);
            // A duplicate object has no unique path.
            if is_fixed || payload.get(path) != Some(object.value()) {
                continue;
            }
            for value in changes(object.value()) {
                let value = value.as_deref();
                let amendment = match value {
                    Some(value) => payload.amend().set(path, value),
                    None => payload.amend().remove(path),
                };
                amended.check(&mut counts, "another value", before, &[(path, value)], &amendment);
            }
        }
    }
    counts.demand(&[("another value", 15_000, [54, 18, 2], [750, 6_000])]);
    amended.demand(3_500, 12_000);
}

#[test]
fn every_new_object_gives_the_text_that_is_written_by_hand() {
    let (mut counts, mut amended) = (Counts::default(), Amended::default());
    let new = [
        ("01", "11"),
        ("01", "12"),
        ("02", "4111111111111111"),
        ("27.00", "ID.CO.EXAMPLE.WWW"),
        ("40.01", "9360091436640017575"),
        ("51.00", "ID.CO.QRIS.WWW"),
        ("51.02", "ID1020038431489"),
        ("54", "25000"),
        ("55", "01"),
        ("56", "500"),
        ("57", "02.50"),
        ("61", "10110"),
        ("61", "1011"),
        ("62.01", "B-7"),
        ("62.05", "INV-1"),
        ("62.05", "CAF\u{c9}"),
        ("62.08", "BOOK"),
        ("62.09", "AME"),
        ("62.10", "TAX"),
        ("62.11", "000"),
        ("62.50.00", "COM.EXAMPLE"),
        ("62.99.00", "00"),
        ("64.00", "ID"),
        ("65", "X"),
        ("80.00", "COM.EXAMPLE"),
        ("99.00", ""),
    ];
    for text in payloads() {
        let payload = parsed(&text);
        let before = (&payload, &Tree::new(&payload));
        for (path, value) in new {
            let path: Path = path.parse().expect("a path");
            if payload.get(path).is_none() {
                let amendment = payload.amend().set(path, value);
                amended.check(&mut counts, "one more", before, &[(path, Some(value))], &amendment);
            }
        }
    }
    counts.demand(&[("one more", 4_500, [59, 21, 3], [350, 1_800])]);
    amended.demand(1_750, 2_800);
}

#[test]
fn every_dynamic_and_static_copy_gives_the_text_that_is_written_by_hand() {
    let (mut counts, mut amended) = (Counts::default(), Amended::default());
    let [initiation, amount, tip, fixed, percent] =
        [Tag::INITIATION, Tag::AMOUNT, Tag::TIP, Tag::FEE_FIXED, Tag::FEE_PERCENT].map(Path::new);
    for text in payloads() {
        let payload = parsed(&text);
        let before = (&payload, &Tree::new(&payload));
        let most = limits::MAX_TRANSACTION_RUPIAH;
        for rupiah in [1, most, most + 1] {
            let dynamic = payload.to_dynamic(Amount::rupiah(rupiah));
            let digits = rupiah.to_string();
            let mut changes = vec![(initiation, Some("12")), (amount, Some(digits.as_str()))];
            amended.check(&mut counts, "a dynamic copy", before, &changes, &dynamic);
            let dynamic = dynamic.reference_label("INV-1");
            changes.push((Path::REFERENCE_LABEL, Some("INV-1")));
            amended.check(&mut counts, "a dynamic copy", before, &changes, &dynamic);
            let half = "2.5".parse().expect("a number");
            for (new, values) in [
                (None, [None, None, None]),
                (Some(Tip::Prompt), [Some("01"), None, None]),
                (Some(Tip::Fixed(Amount::rupiah(500))), [Some("02"), Some("500"), None]),
                (Some(Tip::Percent(half)), [Some("03"), None, Some("02.50")]),
            ] {
                let [a, b, c] = values;
                let changes = [&changes[..], &[(tip, a), (fixed, b), (percent, c)]].concat();
                let dynamic = dynamic.clone().tip(new);
                amended.check(&mut counts, "a dynamic copy", before, &changes, &dynamic);
            }
        }
        let gone = [amount, tip, fixed, percent, Path::BILL_NUMBER, Path::REFERENCE_LABEL];
        let mut changes = vec![(initiation, Some("11"))];
        changes.extend(gone.map(|path| (path, None)));
        amended.check(&mut counts, "a static copy", before, &changes, &payload.to_static());
    }
    counts.demand(&[
        ("a dynamic copy", 4_000, [72, 42, 13], [850, 1_900]),
        ("a static copy", 230, [72, 43, 21], [70, 85]),
    ]);
    amended.demand(2_500, 1_900);
}

#[test]
fn every_changed_character_is_judged_alike() {
    let mut counts = Counts::default();
    for text in every_fifth() {
        let body = &text[..text.len() - 8];
        for (at, old) in body.char_indices() {
            for new in ['0', 'A', '|'] {
                let behind = &body[at + old.len_utf8()..];
                let changed = format!("{}{new}{behind}", &body[..at]);
                counts.check("another character", Some(sealed(&changed)));
            }
        }
    }
    counts.demand(&[("another character", 25_000, [38, 15, 3], [1_800, 7_500])]);
}
