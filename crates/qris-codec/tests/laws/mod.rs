//! Properties of any text. The property tests and the fuzz targets both call them.
#![allow(unreachable_pub, reason = "the fuzz targets reach them through a crate of their own")]

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::tlv::{Object, Reader, Unit};
use qris_codec::{
    Amount, Entry, ErrorKind, Finding, Initiation, Path, Payload, Qris, Rules, Severity, Tag, Tip,
    Verdict, Walk, anonymize_into, checksum, findings, hints,
};

mod nearly_right;
#[path = "../table/mod.rs"]
pub mod table;

use table::Judgement;

pub use nearly_right::{changes_bring_nothing_wrong, nearly_right_values_are_written_right};

/// A buffer size for any payload that the parser accepts.
const ROOM: usize = Payload::MAX_LEN + 1;

/// The text with a right checksum.
pub fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

/// Any bytes are refused or checked.
pub fn any_bytes_are_judged(bytes: &[u8]) {
    match (std::str::from_utf8(bytes), Payload::parse_bytes(bytes)) {
        (Ok(text), parsed) => {
            assert_eq!(parsed, Payload::parse(text));
            any_text_is_judged(text);
        }
        (Err(utf8), Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Utf8);
            assert_eq!(error.offset(), utf8.valid_up_to().min(usize::from(u16::MAX)));
        }
        (Err(_), Ok(payload)) => panic!("accepted what is not UTF-8: {payload:?}"),
    }
}

/// A text that is a vector gets the result of its line. The fuzzer's seeds are vectors.
fn a_vector_is_judged_as_its_line_says(text: &str) {
    let Some(vector) = table::of_payload(text) else { return };
    for (rules, expected) in [(Rules::Emv, &vector.emv), (Rules::Qris, &vector.qris)] {
        let found = Judgement::of_program(text, rules);
        assert_eq!(found, *expected, "line {} by {rules:?}", vector.line);
    }
}

/// Any text is refused or checked, and all results are consistent.
pub fn any_text_is_judged(text: &str) {
    for hint in hints(text, Rules::Qris) {
        assert!(!hint.to_string().is_empty());
    }
    a_vector_is_judged_as_its_line_says(text);
    let payload = match Payload::parse(text) {
        Ok(payload) => payload,
        Err(error) => {
            assert!(error.offset() <= text.len(), "{error} in {} bytes", text.len());
            assert_eq!(Qris::parse(text), Err(error));
            assert_eq!(Verdict::from_text(text, Rules::Emv), Verdict::Malformed);
            assert_eq!(findings::inspect(text, Rules::Emv).err(), Some(error));
            return;
        }
    };
    objects_cover_the_payload(text, &payload);
    for rules in [Rules::Emv, Rules::Qris] {
        let findings: Vec<_> = payload.findings(rules).collect();
        for finding in &findings {
            assert!(text.get(finding.span()).is_some(), "{finding} points outside the text");
        }
        let worst = findings.iter().map(|finding| finding.severity()).max();
        let verdict = match worst {
            None | Some(Severity::Info) => Verdict::Valid,
            Some(Severity::Warning) => Verdict::Warn,
            Some(Severity::Error) => Verdict::Invalid,
        };
        assert_eq!(payload.verdict(rules), verdict);
        assert!(findings::inspect(text, rules).expect("a payload").eq(findings.iter().copied()));
        assert_eq!(Verdict::from_text(text, rules), verdict);
        if rules == Rules::Qris {
            let first = findings.iter().find(|finding| finding.severity() == Severity::Error);
            assert_eq!(Qris::parse(text).err(), first.map(|finding| finding.error()));
        }
    }
    // EMVCo's rules find the same without the national findings.
    let path = |finding: &Finding| finding.path().map_or("-".to_owned(), |path| path.to_string());
    let common = payload
        .findings(Rules::Qris)
        .filter(|finding| !table::is_national(finding.code(), &path(finding)));
    assert!(payload.findings(Rules::Emv).eq(common), "{text:?}");
    if let Ok(code) = Qris::parse(text) {
        mandatory_fields_are_there(&code);
    }
    // Reading must not panic.
    let _ = (payload.tip(), payload.language(), payload.transfer(), payload.criteria());
    for account in payload.accounts().chain(payload.national()) {
        let _ = (account.guid(), account.pan(), account.merchant_id(), account.institution());
    }
}

fn objects_cover_the_payload(text: &str, payload: &Payload<'_>) {
    let mut end = text.find(payload.as_str()).expect("the payload is part of the text");
    for object in payload.objects() {
        assert_eq!(object.offset(), end, "objects follow each other");
        assert_eq!(payload.get(Path::new(object.tag())), Some(object.value()));
        assert!(text[object.value_offset()..].starts_with(object.value()));
        end = object.value_offset() + object.value().len();
        for inner in payload.inside(&object).into_iter().flatten() {
            assert!(text[inner.value_offset()..].starts_with(inner.value()));
        }
    }
    assert!(text[end..].chars().all(|c| c.is_whitespace() || c == '\u{feff}'));
}

fn mandatory_fields_are_there(code: &Qris<'_>) {
    assert_eq!(code.merchant_category_code().len(), 4);
    assert_eq!(code.currency().len(), 3);
    assert_eq!(code.country_code().len(), 2);
    assert!(code.payload().get(Tag::MERCHANT_NAME).is_some());
    assert!(code.payload().get(Tag::MERCHANT_CITY).is_some());
    let amount = code.payload().get(Tag::AMOUNT);
    assert_eq!(code.amount().is_some(), amount.is_some());
    assert!(code.amount().is_none_or(|amount| !amount.is_zero()));
    assert_eq!(code.tip().is_some(), code.payload().get(Tag::TIP).is_some());
}

/// The reader agrees with a naive one.
pub fn the_reader_agrees_with_the_naive_one(text: &str) {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut naive) = (0, Some(Vec::new()));
    while at < chars.len() {
        let number = |from: usize| -> Option<usize> {
            let digits = chars.get(from..from + 2)?;
            let digits: Option<Vec<u32>> =
                digits.iter().map(|c| c.is_ascii().then(|| c.to_digit(10))?).collect();
            digits.map(|digits| (digits[0] * 10 + digits[1]) as usize)
        };
        let object = number(at).zip(number(at + 2)).and_then(|(tag, length)| {
            Some((tag, chars.get(at + 4..at + 4 + length)?.iter().collect::<String>()))
        });
        let Some((tag, value)) = object else {
            naive = None;
            break;
        };
        at += 4 + value.chars().count();
        naive.as_mut().expect("not failed yet").push((tag, value));
    }
    let mut reader = Reader::new(text, Unit::Characters);
    let mut read = Some(Vec::new());
    loop {
        match reader.next_object() {
            Ok(Some(object)) => read
                .as_mut()
                .expect("not failed yet")
                .push((usize::from(object.tag().number()), object.value().to_owned())),
            Ok(None) => break,
            Err(_) => {
                read = None;
                break;
            }
        }
    }
    assert_eq!(read, naive);
}

/// A payload with one changed character is refused.
pub fn a_changed_character_is_refused(payload: &str, at: usize, to: char) {
    let changed: String = payload
        .chars()
        .enumerate()
        .map(|(position, c)| if position == at { to } else { c })
        .collect();
    if changed == payload {
        return;
    }
    // In the checksum, the same digit in the other case is the same checksum.
    let same_digit =
        changed.eq_ignore_ascii_case(payload) && at >= payload.chars().count().saturating_sub(4);
    // A first or last character that became white space is trimmed.
    assert!(same_digit || Payload::parse(&changed).is_err(), "accepted {changed:?}");
}

/// A payload of the builder is valid and reads back as the same values.
pub fn what_is_written_reads_back(fields: &[&str], number: u64) {
    let field = |at: usize| fields.get(at).copied().filter(|text| !text.is_empty());
    let entry = |at: usize| {
        field(at).map(|text| if text == "***" { Entry::Ask } else { Entry::Text(text) })
    };
    let accounts = [
        NewAccount {
            tag: Tag::new(26 + (number % 20) as u8).expect("below 100"),
            guid: Some(field(0).unwrap_or("COM.GO-JEK.WWW")),
            pan: Some(field(1).unwrap_or("936009143664001757")),
            merchant_id: Some(field(2).unwrap_or("M664001757")),
            criteria: Some("UMI"),
        },
        NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some("ID1020038431489"),
            criteria: None,
        },
    ];
    let additional = NewAdditional {
        bill_number: entry(3),
        reference_label: entry(4),
        customer_label: entry(5),
        terminal_label: entry(6),
        merchant_tax_id: field(7),
        ..NewAdditional::default()
    };
    let (name, city) = (field(8).unwrap_or("TOKO CONTOH"), field(9).unwrap_or("JAKARTA"));
    let mut builder = Builder::new(name, city, "5812")
        .postal_code(field(10).unwrap_or("10110"))
        .accounts(&accounts)
        .additional(additional);
    let amount = Amount::rupiah(number);
    let initiation = if number % 3 == 0 { Initiation::Static } else { Initiation::Dynamic };
    builder = builder.initiation(initiation);
    if initiation == Initiation::Dynamic {
        builder = builder.amount(amount);
    }
    let tip = match number % 5 {
        0 => Some(Tip::Prompt),
        1 => Some(Tip::Fixed(Amount::rupiah(number / 7))),
        2 => Some(Tip::Percent(Amount::rupiah(number % 100))),
        _ => None,
    };
    if let Some(tip) = tip {
        builder = builder.tip(tip);
    }
    let language = field(11).map(|merchant_name| Language {
        code: "ZH",
        merchant_name,
        merchant_city: field(12),
    });
    if let Some(language) = language {
        builder = builder.language(language);
    }
    let inside = [
        (Path::sub(Tag::ADDITIONAL_DATA, tag(99)).join(tag(0)), "00"),
        (Path::sub(Tag::ADDITIONAL_DATA, tag(99)).join(tag(1)), field(13).unwrap_or("A1")),
        (Path::sub(tag(80), tag(0)), "com.example.me"),
        (Path::sub(tag(80), tag(1)), field(14).unwrap_or("B2")),
    ];
    builder = builder.templates(&inside);

    let needed = builder.encoded_len();
    let mut buffer = vec![0; needed];
    let text = match builder.encode_into(&mut buffer) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            assert!(!matches!(error.kind(), ErrorKind::BufferTooSmall { .. }), "{error}");
            // A refused payload is not left in the buffer.
            assert!(buffer.iter().all(|&byte| byte == 0), "{error}");
            return;
        }
    };
    assert_eq!(text.len(), needed);
    let mut small = vec![0; needed - 1];
    let refused = builder.encode_into(&mut small).expect_err("a byte too few");
    assert_eq!(
        refused.kind(),
        ErrorKind::BufferTooSmall { needed: needed as u16, found: needed as u16 - 1 }
    );

    let code = Qris::parse(&text).expect("what is written is valid");
    assert_eq!(code.payload().verdict(Rules::Qris), Verdict::Valid);
    assert_eq!(code.initiation(), Some(initiation));
    assert_eq!(code.amount(), (initiation == Initiation::Dynamic).then_some(amount));
    assert_eq!(code.tip(), tip);
    assert_eq!((code.merchant_name(), code.merchant_city()), (name, city));
    let read: Vec<_> = code
        .accounts()
        .chain(code.payload().national())
        .map(|account| NewAccount {
            tag: account.tag(),
            guid: account.guid(),
            pan: account.pan(),
            merchant_id: account.merchant_id(),
            criteria: account.criteria(),
        })
        .collect();
    assert_eq!(read, accounts);
    let data = code.additional();
    assert_eq!(data.bill_number(), additional.bill_number);
    assert_eq!(data.reference_label(), additional.reference_label);
    assert_eq!(data.customer_label(), additional.customer_label);
    assert_eq!(data.terminal_label(), additional.terminal_label);
    assert_eq!(data.merchant_tax_id(), additional.merchant_tax_id);
    assert_eq!(code.payload().language(), language);
    for (path, value) in inside {
        assert_eq!(code.payload().get(path), Some(value));
    }
}

fn tag(number: u8) -> Tag {
    Tag::new(number).expect("below 100")
}

/// An amendment changes only its object.
pub fn amending_leaves_the_rest_alone(text: &str, path: Path, value: Option<&str>) {
    let Ok(payload) = Payload::parse(text) else { return };
    let amendment = match value {
        Some(value) => payload.amend().set(path, value),
        None => payload.amend().remove(path),
    };
    let mut buffer = vec![0; ROOM];
    let amended = match amendment.encode_into(&mut buffer) {
        Ok(amended) => amended,
        Err(error) => {
            assert!(!matches!(error.kind(), ErrorKind::BufferTooSmall { .. }), "{error}");
            return;
        }
    };
    assert_eq!(amended.len(), amendment.encoded_len());
    let after = Payload::parse(amended).expect("an amended payload is one");
    assert_eq!(after.get(path), value, "{path}");
    let others = |payload: &Payload<'_>| -> Vec<(u8, String)> {
        payload
            .objects()
            .filter(|object| object.tag() != path.root() && object.tag() != Tag::CHECKSUM)
            .map(|object| (object.tag().number(), object.value().to_owned()))
            .collect()
    };
    assert_eq!(others(&after), others(&payload), "{path}");
    let siblings = |payload: &Payload<'_>| -> Vec<(u8, String)> {
        let template = payload.objects().find(|object| object.tag() == path.root());
        let inside = template.and_then(|template| payload.inside(&template));
        inside
            .into_iter()
            .flatten()
            .filter(|inner| path.tags().nth(1) != Some(inner.tag()))
            .map(|inner| (inner.tag().number(), inner.value().to_owned()))
            .collect()
    };
    if path.tags().count() > 1 {
        assert_eq!(siblings(&after), siblings(&payload), "{path}");
    }
}

/// A static payload that is made dynamic and static again is unchanged.
pub fn there_and_back_is_the_same(text: &str, rupiah: u64, reference: &str) {
    let Ok(payload) = Payload::parse(text) else { return };
    let mut buffer = vec![0; ROOM];
    let amount = Amount::rupiah(rupiah);
    let amendment = payload.to_dynamic(amount).reference_label(reference);
    let Ok(dynamic) = amendment.encode_into(&mut buffer) else { return };
    let dynamic = Payload::parse(dynamic).expect("an amended payload is one");
    assert_eq!(dynamic.initiation(), Some(Initiation::Dynamic));
    assert_eq!(dynamic.amount(), Some(Ok(amount)));
    assert_eq!(dynamic.additional().reference_label().map(Entry::as_str), Some(reference));

    let mut buffer = vec![0; ROOM];
    let Ok(fixed) = dynamic.to_static().encode_into(&mut buffer) else { return };
    let fixed = Payload::parse(fixed).expect("an amended payload is one");
    let one_time = ["54", "55", "56", "57", "62.01", "62.05"];
    for path in one_time {
        assert_eq!(fixed.get(path.parse::<Path>().expect("a path")), None, "{path}");
    }
    let had_none = |path: &str| payload.get(path.parse::<Path>().expect("a path")).is_none();
    let untouched = one_time.iter().all(|path| had_none(path));
    let canonical = payload.as_str().ends_with(&format!("{:04X}", payload.checksum()));
    if payload.initiation() == Some(Initiation::Static) && untouched && canonical {
        // A 62 that was empty is not restored.
        let empty = payload.get(Tag::ADDITIONAL_DATA) == Some("");
        assert!(empty || fixed.as_str() == payload.as_str(), "{fixed:?} was {payload:?}");
    }
}

/// A masked copy has the same verdict and shape, and none of the names. The copy of a text that is
/// not a payload is not a payload either.
pub fn anonymising_keeps_the_verdict_and_no_name(text: &str) {
    let parsed = Payload::parse(text);
    let mut buffer = vec![0; ROOM];
    let copy = match anonymize_into(text, &mut buffer) {
        Ok(copy) => copy,
        Err(error) if parsed.err() == Some(error) => {
            assert!(
                matches!(error.kind(), ErrorKind::Empty | ErrorKind::TooLong { .. }),
                "{error}"
            );
            return;
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::NotAnonymizable, "{text:?}");
            assert!(buffer[..text.len()].iter().all(|&byte| byte == 0));
            // Only if lengths count bytes or the checksum is in lower case.
            let lower = parsed.is_ok_and(|payload| {
                payload.findings(Rules::Emv).any(|it| it.code() == "checksum-lower-case")
            });
            assert!(lower || !text.is_ascii(), "{text:?}");
            return;
        }
    };
    assert_eq!(copy.fault(), parsed.err());
    let (copy, unread) = (copy.as_str(), copy.unread());
    assert_eq!(copy.len(), text.len());
    match (parsed, Payload::parse(copy)) {
        (Ok(payload), Ok(copy)) => {
            for rules in [Rules::Emv, Rules::Qris] {
                assert_eq!(copy.verdict(rules), payload.verdict(rules), "{rules:?} of {copy:?}");
            }
        }
        (Err(_), Err(_)) => {}
        (before, after) => panic!("{before:?} became {after:?}"),
    }
    let stand_in = |c: char| !c.is_alphanumeric() || "XYZ0xyz\u{e9}\u{5e97}\u{1f3ea}".contains(c);
    if let Some(unread) = unread {
        // The tag and length of a cut object may be visible.
        assert!(copy[unread..].chars().skip(4).all(stand_in), "{copy:?}");
    } else {
        let shape = |text| -> Vec<(Path, usize, usize)> {
            let walk = Walk::from_text(text);
            walk.map(|(path, it)| (path, it.offset(), it.value().len())).collect()
        };
        assert_eq!(shape(copy), shape(text));
    }
    let read = Walk::from_text(copy).filter(|(_, it)| unread.is_none_or(|end| it.offset() < end));
    let read: Vec<(Path, Object<'_>)> = read.collect();
    for (at, (path, object)) in read.iter().enumerate() {
        let template = read.get(at + 1).is_some_and(|(next, _)| next.depth() > path.depth());
        let tags: Vec<u8> = path.tags().map(Tag::number).collect();
        let masked = match (tags.as_slice(), object.value()) {
            ([0 | 1 | 52..=58 | 63], _) => continue,
            ([26..=51 | 64 | 80..=99, 0] | [62, 50..=99, 0], _) => continue,
            ([26..=51, 3] | [62, 8 | 9 | 11], value) if value.len() <= 4 => continue,
            _ if template => continue,
            // The institution's number and the check digit.
            ([26..=51, 1], value) if value.starts_with("9360") => &value[8..value.len() - 1],
            ([51, 2], value) => value.strip_prefix("ID").unwrap_or(value),
            (_, value) => value,
        };
        assert!(masked.chars().all(stand_in), "{path} of {copy:?}");
    }
}
