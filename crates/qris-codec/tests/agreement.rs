//! The ways to the rules agree: scanning in order, walking in any order, and writing.
//!
//! Nothing here rests on debug assertions: run it with `--release` too.

mod table;

use qris_codec::tlv::Unit;
use qris_codec::{
    Error, Finding, Path, Payload, Qris, Rules, Severity, Tag, Verdict, checksum, findings,
    scan_in_order,
};

/// The payloads of the vectors that the parser accepts, as they are.
fn payloads() -> Vec<String> {
    table::vectors()
        .into_iter()
        .map(|vector| vector.payload)
        .filter(|text| Payload::parse(text).is_ok_and(|payload| payload.as_str() == text))
        .collect()
}

/// Fifty of them, from all over the table.
fn fifty() -> Vec<String> {
    let all = payloads();
    let step = all.len() / 50;
    assert!(step > 0, "{} payloads", all.len());
    all.into_iter().step_by(step).take(50).collect()
}

fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

/// An object, its length in what this payload counts.
fn object(tag: Tag, value: &str, payload: &Payload<'_>) -> String {
    // Of ASCII it does not show, and characters are what the standard says.
    let counts_bytes = payload.unit() == Unit::Bytes && !payload.as_str().is_ascii();
    let length = if counts_bytes { value.len() } else { value.chars().count() };
    format!("{tag}{length:02}{value}")
}

/// How many texts there were, and how many of them could be scanned.
#[derive(Default, Debug)]
struct Count {
    texts: usize,
    scanned: usize,
    clean: usize,
}

impl Count {
    /// Everything that is said about a text must be what walking it says.
    #[track_caller]
    fn check(&mut self, text: &str) {
        self.texts += 1;
        let parsed = Payload::parse(text);
        let exact = |rules| -> Vec<Finding> {
            parsed.map(|payload| payload.findings(rules).collect()).unwrap_or_default()
        };
        let (emv, qris) = (exact(Rules::Emv), exact(Rules::Qris));
        for least in [Severity::Info, Severity::Warning, Severity::Error] {
            let Some((payload, is_clean)) = scan_in_order(text, least) else { continue };
            assert_eq!(parsed, Ok(payload), "{text}");
            let any = |found: &[Finding]| found.iter().any(|it| it.severity() >= least);
            assert_eq!(is_clean, !any(&qris), "{least} in {text}: {qris:#?}");
            assert!(!(is_clean && any(&emv)), "{least} in {text}: {emv:#?}");
            self.scanned += usize::from(least == Severity::Info);
            self.clean += usize::from(least == Severity::Info && is_clean);
        }
        for (rules, exact) in [(Rules::Emv, &emv), (Rules::Qris, &qris)] {
            let inspected = findings::inspect(text, rules).map(Iterator::collect::<Vec<_>>);
            assert_eq!(inspected, parsed.map(|_| exact.clone()), "{text}");
            let worst = exact.iter().map(Finding::severity).max();
            let verdict = parsed.map_or(Verdict::Malformed, |_| Verdict::from_worst(worst));
            assert_eq!(Verdict::from_text(text, rules), verdict, "{text}");
        }
        let first = qris.iter().find(|it| it.severity() == Severity::Error).map(Finding::error);
        let expected = parsed.and_then(|payload| first.map_or(Ok(payload), Err));
        assert_eq!(Qris::parse(text).map(|code| *code.payload()), expected, "{text}");
    }
}

#[test]
fn neighbouring_objects_in_any_order_are_judged_alike() {
    let (mut as_they_are, mut swapped) = (Count::default(), Count::default());
    for text in payloads() {
        as_they_are.check(&text);
        let payload = Payload::parse(&text).expect("accepted before");
        let objects: Vec<&str> = payload
            .objects()
            .filter(|it| it.tag() != Tag::CHECKSUM)
            .map(|it| &text[it.offset()..it.value_offset() + it.value().len()])
            .collect();
        // All orders of three neighbours, wherever they stand behind 00.
        for at in 1..objects.len().saturating_sub(2) {
            for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let mut objects = objects.clone();
                let three = [objects[at], objects[at + 1], objects[at + 2]];
                for (slot, from) in order.into_iter().enumerate() {
                    objects[at + slot] = three[from];
                }
                swapped.check(&sealed(&objects.concat()));
            }
        }
    }
    // Nearly all national payloads are in order, and a scanner that declines them is of no use.
    assert!(as_they_are.scanned * 2 > as_they_are.texts, "{as_they_are:?}");
    assert!(as_they_are.clean > 10, "{as_they_are:?}");
    assert!(swapped.texts > 5_000, "{swapped:?}");
}

/// The values that an object may be changed to; `None` takes it away.
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

/// The payload with another value at a path, put together piece by piece.
fn edited(payload: &Payload<'_>, path: Path, value: Option<&str>) -> String {
    let mut body = String::new();
    for root in payload.objects().filter(|it| it.tag() != Tag::CHECKSUM) {
        let tag = root.tag();
        if path == Path::of(tag) {
            body.extend(value.map(|value| object(tag, value, payload)));
        } else if path.root() == tag {
            let inside = payload.inside(&root).expect("the path leads inside");
            let inside: String = inside
                .map(|it| match Path::sub(tag, it.tag()) == path {
                    false => object(it.tag(), it.value(), payload),
                    true => value.map_or(String::new(), |new| object(it.tag(), new, payload)),
                })
                .collect();
            if !inside.is_empty() {
                body.push_str(&object(tag, &inside, payload));
            }
        } else {
            body.push_str(&object(tag, root.value(), payload));
        }
    }
    sealed(&body)
}

/// What an amendment must be refused with: the first error, or the first warning that is new.
fn refusal(before: &Payload<'_>, after: &str) -> Result<Option<Finding>, Error> {
    let after = Payload::parse(after)?;
    let national = after.country_code() == Some("ID");
    let rules = if national { Rules::Qris } else { Rules::Emv };
    let old: Vec<Finding> = before.findings(rules).collect();
    let is_new = |it: &Finding| !old.iter().any(|o| (o.code(), o.path()) == (it.code(), it.path()));
    Ok(after.findings(rules).find(|it| match it.severity() {
        Severity::Error => true,
        Severity::Warning => is_new(it),
        _ => false,
    }))
}

#[test]
fn every_edit_of_one_object_is_judged_alike_in_reading_and_writing() {
    let mut count = Count::default();
    let (mut written, mut refused) = (0, 0);
    for text in fifty() {
        let payload = Payload::parse(&text).expect("accepted before");
        let paths = payload.walk().filter(|(path, object)| {
            let is_fixed = matches!(path.root(), Tag::FORMAT | Tag::CHECKSUM);
            // What is there twice cannot be named.
            let named = payload.get(*path) == Some(object.value());
            !is_fixed && path.depth() <= 2 && named
        });
        for (path, object) in paths {
            for value in changes(object.value()) {
                let value = value.as_deref();
                let after = edited(&payload, path, value);
                count.check(&after);
                let amendment = match value {
                    Some(value) => payload.amend().set(path, value),
                    None => payload.amend().remove(path),
                };
                let mut buffer = [0; 2_048];
                let result = amendment.encode_into(&mut buffer);
                let Ok(expected) = refusal(&payload, &after) else {
                    // A length of more than two digits, or one that is read otherwise.
                    assert!(result.is_err(), "{path} {value:?} in {text}");
                    continue;
                };
                match (result, expected) {
                    // Three digits of length are read otherwise, and are not written at all.
                    (Err(found), _) if found.code() == "value-too-long" => {}
                    (Ok(amended), None) => {
                        assert_eq!(amended, after);
                        written += 1;
                    }
                    (Err(found), Some(expected)) => {
                        assert_eq!(found, expected, "{path} {value:?} in {text}");
                        refused += 1;
                    }
                    // Lengths that count bytes where the text is no longer of that kind.
                    (Err(found), None) if found.code() == "length-unit-ambiguous" => {}
                    (result, expected) => {
                        panic!("{path} {value:?} in {text}: {result:?} and not {expected:?}");
                    }
                }
            }
        }
    }
    assert!(count.texts > 10_000 && count.scanned * 3 > count.texts, "{count:?}");
    assert!(written > 1_000 && refused > 1_000, "{written} written, {refused} refused");
}

#[test]
fn every_changed_character_is_judged_alike() {
    let mut count = Count::default();
    for text in fifty() {
        let body = &text[..text.len() - 8];
        for (at, old) in body.char_indices() {
            for new in ['0', 'A', '|'] {
                let behind = &body[at + old.len_utf8()..];
                count.check(&sealed(&format!("{}{new}{behind}", &body[..at])));
            }
        }
    }
    assert!(count.texts > 20_000 && count.scanned * 6 > count.texts, "{count:?}");
}
