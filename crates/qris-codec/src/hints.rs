//! Hints for people: what a text that wallets refuse looks like.
//!
//! A hint says what was recognized. It repairs nothing and does not change the verdict.

use core::fmt;

use crate::amount::Amount;
use crate::error::Rules;
use crate::language::{Language, Localized, say};
use crate::mpm::{Payload, trim};
use crate::tag::{Path, Tag};
use crate::walk::{Walk, inside};

/// Something that was recognized in a text. Returned by [`hints`].
///
/// `Display` is a sentence for people. It quotes nothing of the text except a country code.
///
/// See [`hints`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Spaces are written as `+`: with spaces the checksum is right.
    PlusForSpace,
    /// Characters are percent-encoded, such as `%20`: decoded, the checksum is right.
    PercentEncoded,
    /// The payload is inside a link.
    Link {
        /// The byte at which it begins.
        offset: usize,
    },
    /// The text is Base64 that begins like a consumer-presented code.
    Cpm,
    /// 54 has its digits in groups of three.
    ThousandsSeparator {
        /// The byte at which its value begins.
        offset: usize,
    },
    /// Another payload follows the first one.
    SecondPayload {
        /// The byte at which it begins.
        offset: usize,
    },
    /// The payload is one field of several: a line of a CSV file.
    Csv {
        /// The byte at which the payload begins.
        offset: usize,
    },
    /// An account template has Base64 instead of objects.
    Base64Account {
        /// The template.
        tag: Tag,
    },
    /// The code is another country's, and the rules are Indonesia's.
    Foreign {
        /// 58, two upper-case letters.
        country: [u8; 2],
    },
}

impl Hint {
    /// The stable kebab-case name, such as `plus-for-space`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PlusForSpace => "plus-for-space",
            Self::PercentEncoded => "percent-encoded",
            Self::Link { .. } => "link",
            Self::Cpm => "cpm",
            Self::ThousandsSeparator { .. } => "thousands-separator",
            Self::SecondPayload { .. } => "second-payload",
            Self::Csv { .. } => "csv",
            Self::Base64Account { .. } => "base64-account",
            Self::Foreign { .. } => "foreign",
        }
    }

    /// The sentence in this language.
    pub const fn localized(self, language: Language) -> Localized<Self> {
        Localized::new(self, language)
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.localized(Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Hint> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language;
        match self.of {
            Hint::PlusForSpace => say!(
                f,
                language,
                "spaces are written as \"+\"; with spaces the checksum is right",
                "spasi ditulis sebagai \"+\"; dengan spasi CRC-nya benar"
            ),
            Hint::PercentEncoded => say!(
                f,
                language,
                "characters are percent-encoded, such as \"%20\"; decoded, the checksum is right",
                "karakter ditulis dengan persen, seperti \"%20\"; sesudah diuraikan CRC-nya benar"
            ),
            Hint::Link { offset } => say!(
                f,
                language,
                "this is a link with a payload in it, which begins at byte {offset}",
                "ini tautan berisi payload, yang mulai pada byte {offset}"
            ),
            Hint::Cpm => say!(
                f,
                language,
                "this is a consumer-presented code (CPM): a payer shows it and a till scans it",
                "ini kode yang ditunjukkan pembeli (CPM): pembeli menunjukkannya dan kasir memindainya"
            ),
            Hint::ThousandsSeparator { .. } => say!(
                f,
                language,
                "the amount (54) has its digits in groups of three; a payload has them without separators",
                "digit nominal (54) dikelompokkan tiga-tiga; payload menulisnya tanpa pemisah"
            ),
            Hint::SecondPayload { offset } => say!(
                f,
                language,
                "there are two payloads; the second begins at byte {offset}",
                "ada dua payload; yang kedua mulai pada byte {offset}"
            ),
            Hint::Csv { offset } => say!(
                f,
                language,
                "the payload is one of several fields, as in a CSV file; it begins at byte {offset}",
                "payload adalah salah satu dari beberapa kolom, seperti di berkas CSV; mulai pada byte {offset}"
            ),
            Hint::Base64Account { tag } => say!(
                f,
                language,
                "object {tag} has Base64 instead of objects; only its issuer's app can read it",
                "objek {tag} berisi Base64, bukan objek; hanya aplikasi penerbitnya yang dapat membacanya"
            ),
            Hint::Foreign { country: [a, b] } => {
                let (a, b) = (char::from(a), char::from(b));
                say!(
                    f,
                    language,
                    "this is a code of {a}{b}, not of Indonesia: try the rules of EMVCo alone",
                    "ini kode negara {a}{b}, bukan Indonesia: coba aturan EMVCo saja"
                )
            }
        }
    }
}

/// Returns the hints for a text under these rules.
///
/// ```
/// use qris_codec::{Hint, Rules, hints};
///
/// let text = "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=";
/// assert_eq!(hints(text, Rules::Qris).next(), Some(Hint::Cpm));
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO+\
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let hint = hints(text, Rules::Qris).next().unwrap();
/// assert_eq!(
///     hint.to_string(),
///     "spaces are written as \"+\"; with spaces the checksum is right",
/// );
/// ```
pub fn hints(text: &str, rules: Rules) -> impl Iterator<Item = Hint> + use<> {
    let found = match Payload::parse(text) {
        Ok(payload) => {
            [thousands(payload.walk()), base64_account(&payload), foreign(&payload, rules)]
        }
        Err(_) if text.len() > Payload::MAX_LEN => [None; 3],
        Err(_) => [wrapped(text), thousands(Walk::from_text(text)), None],
    };
    found.into_iter().flatten()
}

/// A text with a payload inside it, or another kind of code.
fn wrapped(text: &str) -> Option<Hint> {
    let (_, body) = trim(text);
    if body.starts_with("hQVDUFY") {
        return Some(Hint::Cpm);
    }
    let mut buffer = [0; ROOM];
    if let Some(encoding) = encoding(body, &mut buffer) {
        return Some(encoding);
    }
    link(text).or_else(|| second_payload(text)).or_else(|| csv(text))
}

/// The buffer size for a decoded payload. A longer one does not fit into a symbol that people can
/// scan.
const ROOM: usize = 1024;

/// The encoding of a text that is a payload after decoding.
fn encoding(text: &str, buffer: &mut [u8; ROOM]) -> Option<Hint> {
    for (plus, percent, hint) in [
        (true, false, Hint::PlusForSpace),
        (false, true, Hint::PercentEncoded),
        (true, true, Hint::PercentEncoded),
    ] {
        let has = |byte| text.bytes().any(|found| found == byte);
        if (plus && !has(b'+')) || (percent && !has(b'%')) {
            continue;
        }
        let decoded = decoded(text, plus, percent, buffer);
        if decoded.is_some_and(|decoded| Payload::parse(decoded).is_ok()) {
            return Some(hint);
        }
    }
    None
}

/// The text with spaces for `+` and characters for `%20`, if it fits and is UTF-8.
fn decoded<'b>(
    text: &str,
    plus: bool,
    percent: bool,
    buffer: &'b mut [u8; ROOM],
) -> Option<&'b str> {
    let mut len = 0_usize;
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'+', after) if plus => (b' ', after),
            (b'%', [high, low, after @ ..]) if percent => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(*high)?, digit(*low)?);
                (u8::try_from((high << 4) | low).ok()?, after)
            }
            (byte, after) => (*byte, after),
        };
        *buffer.get_mut(len)? = byte;
        len = len.saturating_add(1);
        rest = after;
    }
    core::str::from_utf8(buffer.get(..len)?).ok()
}

/// A payload after `https://…`, up to the link's end or its next parameter.
fn link(text: &str) -> Option<Hint> {
    let scheme = text.find("://")?;
    let behind = text.get(scheme..)?;
    let offset = scheme.checked_add(behind.find("0002")?)?;
    let payload = text.get(offset..)?.trim_end();
    let end = payload.find(['&', '#']).unwrap_or(payload.len());
    let mut buffer = [0; ROOM];
    [Some(payload), payload.get(..end)]
        .into_iter()
        .flatten()
        .any(|it| Payload::parse(it).is_ok() || encoding(it, &mut buffer).is_some())
        .then_some(Hint::Link { offset })
}

/// A whole payload, followed by the beginning of another one.
fn second_payload(text: &str) -> Option<Hint> {
    let crc = Walk::from_text(text).find(|(path, _)| *path == Path::new(Tag::CHECKSUM))?.1;
    let end = crc.value_offset().checked_add(crc.value().len())?;
    Payload::parse(text.get(..end)?).ok()?;
    let behind = text.get(end..)?;
    let next = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
    let offset = text.len().checked_sub(next.len())?;
    next.starts_with("0002").then_some(Hint::SecondPayload { offset })
}

/// A payload among fields that are separated by commas, semicolons or tabs, with or without quotes.
fn csv(text: &str) -> Option<Hint> {
    let separator = [',', ';', '\t'].into_iter().find(|&it| text.contains(it))?;
    let by = |separator: char| {
        let mut offset = 0_usize;
        text.split(separator).find_map(move |field| {
            let start = offset;
            offset = offset.saturating_add(field.len()).saturating_add(1);
            let (before, field) = trim_quotes(field);
            let is_payload = field.starts_with("0002") && Payload::parse(field).is_ok();
            is_payload.then(|| Hint::Csv { offset: start.saturating_add(before) })
        })
    };
    // A quoted field may have separators in it.
    by(separator).or_else(|| by('"'))
}

/// A field without surrounding spaces and quotes, and the number of bytes before it.
fn trim_quotes(field: &str) -> (usize, &str) {
    let around = |c: char| c.is_whitespace() || c == '"';
    let inner = field.trim_start_matches(around);
    (field.len().saturating_sub(inner.len()), inner.trim_end_matches(around))
}

/// An amount with its digits in groups of three.
fn thousands(mut objects: Walk<'_>) -> Option<Hint> {
    let mut rupiah = false;
    let amount = objects.find(|(path, object)| {
        rupiah |= *path == Path::new(Tag::CURRENCY) && object.value() == "360";
        *path == Path::new(Tag::AMOUNT)
    })?;
    let (value, offset) = (amount.1.value(), amount.1.value_offset());
    // In other currencies a thousandth may be a unit of money: `1.000` dinars.
    let exact = value.parse::<Amount>().is_ok();
    (is_grouped(value) && (!exact || rupiah)).then_some(Hint::ThousandsSeparator { offset })
}

/// One to three digits, then groups of three with one separator, then optional decimals.
fn is_grouped(value: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some(separator) = value.chars().find(|c| matches!(c, '.' | ',' | ' ' | '\'')) else {
        return false;
    };
    let other = if separator == '.' { ',' } else { '.' };
    let (whole, decimals) = match value.split_once(other) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (value, None),
    };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.clone();
    decimals.is_none_or(|decimals| is_digits(decimals) && decimals.len() <= 2)
        && is_digits(first)
        && first.len() <= 3
        && rest.next().is_some()
        && groups.all(|group| is_digits(group) && group.len() == 3)
}

/// An account template whose value is Base64 of 16 bytes or more.
fn base64_account(payload: &Payload<'_>) -> Option<Hint> {
    let (_, object) = payload.walk().find(|(path, object)| {
        let value = object.value();
        let data = value.trim_end_matches('=');
        path.depth() == 1
            && matches!(object.tag().number(), 26..=51)
            && inside(*path, object, payload.unit()).is_none()
            && value.len() >= 24
            && value.len() % 4 == 0
            && value.len().saturating_sub(data.len()) <= 2
            && data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
            && data.bytes().any(|b| b.is_ascii_lowercase())
            && data.bytes().any(|b| b.is_ascii_uppercase())
    })?;
    Some(Hint::Base64Account { tag: object.tag() })
}

fn foreign(payload: &Payload<'_>, rules: Rules) -> Option<Hint> {
    let country: [u8; 2] = payload.country_code()?.as_bytes().try_into().ok()?;
    let is_other = country.iter().all(u8::is_ascii_uppercase) && country != *b"ID";
    (rules == Rules::Qris && is_other).then_some(Hint::Foreign { country })
}
