//! Masked copies of payloads that are safe to show to others.

use crate::amount::Amount;
use crate::crc::{checksum, hex, hex_digits};
use crate::digits::{all_digits, luhn_sum};
use crate::error::{Error, ErrorKind};
use crate::mpm::{Payload, trim};
use crate::rules::{Purpose, limits};
use crate::tag::{Path, Tag, Tags};
use crate::tlv::{HEADER, Object, Unit};
use crate::walk::{Walk, inside};

/// A copy of a text that is safe to show to others. Made by [`anonymize_into`].
///
/// See [`anonymize_into`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymized<'b> {
    text: &'b str,
    fault: Option<Error>,
    unread: Option<usize>,
}

impl<'b> Anonymized<'b> {
    /// The copy. It has the same length as the given text.
    pub const fn as_str(&self) -> &'b str {
        self.text
    }

    /// Why the given text is not a payload; `None` if it is one.
    pub const fn fault(&self) -> Option<Error> {
        self.fault
    }

    /// The byte from which no objects could be read, so that the rest is masked; `None` if there
    /// are objects to the end.
    pub const fn unread(&self) -> Option<usize> {
        self.unread
    }
}

/// Writes a copy of any text that is safe to show to others: same length, same shape, same verdict.
///
/// Masks every value that is not known to be public, in codes of any country: letters become `X`,
/// digits become `0`, other ASCII characters stay, and characters outside ASCII become others of
/// the same width. Check digits are right. It keeps:
///
/// - format, initiation, category, currency, amount, tip and fees, country (00, 01, 52 to 58);
/// - known identifiers (GUIDs): the ones in [`tables`](crate::tables), the ones like
///   `ID.CO.NAME.WWW`, application identifiers (`A000000…`) and the ones of schemes of neighbouring
///   countries;
/// - the eight digits of the institution in an Indonesian merchant PAN;
/// - well-formed criteria, purposes, `***`, requests for consumer data, merchant channels and
///   languages;
/// - white space and a byte-order mark around the payload.
///
/// If the checksum of the text is right, the one of the copy is right. If it is wrong, it is wrong
/// by the same difference.
///
/// If the text is not a payload, objects are masked as far as they can be read, and after them
/// every letter and digit; see [`Anonymized::fault`] and [`Anonymized::unread`].
///
/// # Errors
///
/// [`ErrorKind::BufferTooSmall`] if the buffer is shorter than the text;
/// [`ErrorKind::NotAnonymizable`] if every masked copy would be read differently, which is possible
/// only with lengths in bytes and characters outside ASCII; [`ErrorKind::Empty`] and
/// [`ErrorKind::TooLong`].
///
/// ```
/// use qris_codec::anonymize_into;
///
/// let mut buffer = [0; 512];
/// let copy = anonymize_into("00020101021159", &mut buffer)?;
/// assert_eq!(copy.as_str(), "000201010211XX");
/// assert_eq!(copy.unread(), Some(12));
/// # Ok::<(), qris_codec::Error>(())
/// ```
pub fn anonymize_into<'b>(text: &str, buffer: &'b mut [u8]) -> Result<Anonymized<'b>, Error> {
    anonymized(text, Payload::parse(text), buffer)
}

impl<'a> Payload<'a> {
    /// [`anonymize_into`] for a parsed text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`] and [`ErrorKind::NotAnonymizable`], as for [`anonymize_into`].
    ///
    /// ```
    /// use qris_codec::{Path, Payload};
    ///
    /// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    ///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    ///             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let mut buffer = [0; 512];
    /// let copy = Payload::parse(text)?.anonymize_into(&mut buffer)?;
    /// let copy = Payload::parse(copy)?;
    /// assert_eq!(copy.merchant_name(), Some("XXXX XXXXXX"));
    /// assert_eq!(copy.nmid(), Some("ID0000000000000"));
    /// assert_eq!(copy.get("26.00".parse::<Path>()?), Some("COM.GO-JEK.WWW"));
    /// # Ok::<(), qris_codec::Error>(())
    /// ```
    pub fn anonymize_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        anonymized(self.given(), Ok(*self), buffer).map(|copy| copy.text)
    }
}

fn anonymized<'b>(
    text: &str,
    parsed: Result<Payload<'_>, Error>,
    buffer: &'b mut [u8],
) -> Result<Anonymized<'b>, Error> {
    let fault = parsed.err();
    if let Some(error) = fault {
        if matches!(error.kind(), ErrorKind::Empty | ErrorKind::TooLong { .. }) {
            return Err(error);
        }
    }
    let needed = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let found = u16::try_from(buffer.len()).unwrap_or(u16::MAX);
    let Some(copy) = buffer.get_mut(..text.len()) else {
        return Err(Error::new(ErrorKind::BufferTooSmall { needed, found }, 0));
    };
    let walk = parsed.map_or_else(|_| Walk::from_text(text), |payload| payload.walk());
    // A checksum is in lower case only if it has a letter. Another mask letter may give it one.
    for letter in [b'X', b'Y', b'Z'] {
        copy.copy_from_slice(text.as_bytes());
        let unread = Masker::new(text, letter, &walk, copy).run(walk.clone());
        let masked = core::str::from_utf8(copy).unwrap_or_default();
        if reads_alike(parsed, unread, text, masked) {
            let text = core::str::from_utf8(copy)
                .map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()))?;
            return Ok(Anonymized { text, fault, unread });
        }
    }
    // A refused copy must not stay in the buffer.
    copy.fill(0);
    Err(Error::new(ErrorKind::NotAnonymizable, 0))
}

/// Whether a copy is read like the text: with the same unit, or with the same fault.
fn reads_alike(
    parsed: Result<Payload<'_>, Error>,
    unread: Option<usize>,
    text: &str,
    copy: &str,
) -> bool {
    match (parsed, Payload::parse(copy)) {
        (Ok(before), Ok(after)) => {
            let end = before.end();
            before.unit() == after.unit() && has_lower(text, end) == has_lower(copy, end)
        }
        (Err(before), Err(after)) => {
            let same = before.kind().code() == after.kind().code();
            unread.is_some() || (same && before.offset() == after.offset())
        }
        _ => false,
    }
}

/// The text to mask, and its copy.
struct Masker<'a, 'c> {
    text: &'a str,
    /// Where the payload begins and ends in the text.
    body: core::ops::Range<usize>,
    /// The replacement for letters.
    letter: u8,
    unit: Unit,
    /// Whether accounts follow the national rules: 58 is not another country.
    national: bool,
    copy: &'c mut [u8],
}

impl<'a, 'c> Masker<'a, 'c> {
    fn new(text: &'a str, letter: u8, walk: &Walk<'a>, copy: &'c mut [u8]) -> Self {
        let (start, body) = trim(text);
        let country = walk.clone().find(|(path, _)| *path == Path::new(Tag::COUNTRY));
        Self {
            text,
            body: start..start.saturating_add(body.len()),
            letter,
            unit: walk.unit(),
            national: country.is_none_or(|(_, country)| country.value() == "ID"),
            copy,
        }
    }

    /// Masks the objects, then the unreadable rest. Returns the byte at which the rest begins.
    fn run(&mut self, walk: Walk<'a>) -> Option<usize> {
        let mut end = walk.clone();
        let last = end.by_ref().last();
        let fault = end.fault();
        let (mut met, mut stop) = (Tags::NONE, end.offset());
        for (path, object) in walk {
            // If a fault follows, a duplicate object means that earlier lengths are wrong and that
            // values were read as objects.
            if path.depth() == 1 && !met.insert(object.tag()) && fault.is_some() {
                stop = object.offset();
                break;
            }
            self.object(path, &object);
        }
        let Some(fault) = fault else {
            if let Some((_, crc)) = last.filter(|(path, _)| *path == Path::new(Tag::CHECKSUM)) {
                self.checksum(&crc);
            }
            return None;
        };
        let mut from = stop;
        // The copy keeps the digits of the fault, unless they may belong to a value.
        let shown = stop == end.offset()
            && match fault.kind() {
                ErrorKind::Truncated { tag, .. } => {
                    from = from.saturating_add(HEADER);
                    met != Tags::NONE && !met.contains(tag)
                }
                ErrorKind::Digits { .. } => true,
                _ => false,
            };
        if !shown {
            from = stop;
        }
        let rest = self.text.get(from..self.body.end).unwrap_or_default();
        self.overwrite(from, rest, if shown { printable } else { letters });
        Some(stop)
    }

    /// Masks an object unless its value is public. The objects inside a template follow later.
    fn object(&mut self, path: Path, object: &Object<'a>) {
        if inside(path, object, self.unit).is_some() || is_public(path, object.value()) {
            return;
        }
        let (at, value) = (object.value_offset(), object.value());
        // A value without objects must not become objects.
        self.overwrite(at, value, if path.is_template() { letters } else { same_class });
        if path == Path::NMID {
            // Its check digit becomes zero too.
            if value.strip_prefix("ID").is_some_and(|digits| is_digits(digits, 13..=13)) {
                self.put(at, b"ID");
            }
        } else if self.national && is_pan(path) && is_digits(value, 16..=19) {
            if let Some(institution) = value.get(..8).filter(|nns| nns.starts_with("9360")) {
                self.put(at, institution.as_bytes());
                if value.len() == 19 {
                    self.check_digit(at, value.len());
                }
            }
        }
    }

    /// Updates the checksum: right if it was right, wrong by the same difference if it was wrong.
    fn checksum(&mut self, crc: &Object<'a>) {
        let (at, value) = (crc.value_offset(), crc.value());
        let Some(found) = hex(value.as_bytes()).filter(|_| value.len() == 4) else { return };
        let covered = self.body.start..at;
        let expected = checksum(self.text.as_bytes().get(covered.clone()).unwrap_or_default());
        let masked = checksum(self.copy.get(covered).unwrap_or_default());
        let mut digits = hex_digits(masked ^ expected ^ found);
        if value.bytes().any(|byte| byte.is_ascii_lowercase()) {
            digits.make_ascii_lowercase();
        }
        self.put(at, &digits);
    }

    /// Replaces each character of a piece of text by another of the same width.
    fn overwrite(&mut self, at: usize, piece: &str, stand_in: fn(char, u8) -> char) {
        for (within, c) in piece.char_indices() {
            let at = at.saturating_add(within);
            if let Some(slot) = self.copy.get_mut(at..at.saturating_add(c.len_utf8())) {
                stand_in(c, self.letter).encode_utf8(slot);
            }
        }
    }

    /// Sets the last digit of a value so that it passes the Luhn check.
    fn check_digit(&mut self, at: usize, len: usize) {
        if let Some(digits) = self.copy.get_mut(at..at.saturating_add(len)) {
            let off = luhn_sum(digits).checked_rem(10).unwrap_or(0);
            if let (Some(last), 1..=9) = (digits.last_mut(), off) {
                *last = u8::try_from(10_u32.saturating_sub(off)).unwrap_or(0).wrapping_add(b'0');
            }
        }
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(slot) = self.copy.get_mut(at..at.saturating_add(bytes.len())) {
            slot.copy_from_slice(bytes);
        }
    }
}

/// 26.01 to 51.01, the merchant PAN.
fn is_pan(path: Path) -> bool {
    path.depth() == 2 && matches!((path.root().number(), path.last().number()), (26..=51, 1))
}

/// Whether a value identifies no person or account.
fn is_public(path: Path, value: &str) -> bool {
    let letters = |count| value.len() == count && value.bytes().all(|b| b.is_ascii_alphabetic());
    let (root, last) = (path.root().number(), path.last().number());
    match (path.depth(), root, last) {
        (1, 0 | 1 | 55, _) => is_digits(value, 2..=2),
        (1, 52, _) => is_digits(value, 4..=4),
        (1, 53, _) => is_digits(value, 3..=3),
        (1, 54 | 56 | 57, _) => value.parse::<Amount>().is_ok(),
        (1, 58, _) | (2, 64, 0) => letters(2),
        (2, 26..=51 | 80..=99, 0) | (3, _, 0) => is_public_guid(value),
        (2, 26..=51, 3) => limits::CRITERIA.contains(&value),
        (2, 62, 8) if Purpose::from_code(value).is_some() => true,
        (2, 62, 1..=8) => value == "***",
        (2, 62, 9) => value.len() <= 3 && value.bytes().all(|b| matches!(b, b'A' | b'M' | b'E')),
        (2, 62, 11) => is_digits(value, 3..=3),
        _ => false,
    }
}

fn is_digits(value: &str, len: core::ops::RangeInclusive<usize>) -> bool {
    len.contains(&value.len()) && all_digits(value.as_bytes())
}

/// Whether an identifier belongs to a scheme or an institution, not to a person.
fn is_public_guid(guid: &str) -> bool {
    #[cfg(feature = "tables")]
    if crate::tables::is_known_guid(guid) {
        return true;
    }
    is_national_domain(guid)
        || is_application(guid)
        || SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(guid))
}

/// Whether an identifier looks like the ones of Indonesian acquirers: `ID.CO.NAME.WWW`,
/// `COM.NAME.WWW`.
fn is_national_domain(guid: &str) -> bool {
    let labels = || guid.split('.');
    let known = |label: Option<&str>, words: &[&str]| {
        label.is_some_and(|label| words.iter().any(|word| word.eq_ignore_ascii_case(label)))
    };
    labels().count() >= 3
        && known(labels().next(), &["ID", "COM"])
        && known(labels().next_back(), &["WWW"])
        && labels().all(|label| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

/// Whether an identifier belongs to a card application (ISO/IEC 7816-4: a registered provider, then
/// its own digits, in hexadecimal).
fn is_application(guid: &str) -> bool {
    (10..=32).contains(&guid.len())
        && guid.starts_with("A000000")
        && guid.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Identifiers of other countries' schemes, and the unspecific one.
const SCHEMES: &[&str] = &[
    "00",
    "br.gov.bcb.brcode",
    "br.gov.bcb.pix",
    "com.mercadolibre",
    "com.p2pqrpay",
    "hk.com.hkicl",
    "int.bceao.pi",
    "jp.or.paymentsjapan",
    "np.com.fonepay.1",
    "ph.ppmi.p2m",
    "py.gov.bcp.sip",
    "SG.PAYNOW",
    "SG.SGQR",
    "NEPALPAY",
    "A005266284662577",
];

/// Whether the checksum that ends at this byte has lower-case letters.
fn has_lower(text: &str, end: usize) -> bool {
    let crc = text.as_bytes().get(end.saturating_sub(4)..end).unwrap_or_default();
    crc.iter().any(u8::is_ascii_lowercase)
}

/// A replacement of the same class and width.
fn same_class(c: char, letter: u8) -> char {
    match c {
        'a'..='z' => char::from(letter.to_ascii_lowercase()),
        'A'..='Z' => char::from(letter),
        '0'..='9' => '0',
        c if c.is_ascii() => c,
        c => wide(c),
    }
}

/// A replacement of the same class; a letter for control characters.
fn printable(c: char, letter: u8) -> char {
    if c.is_ascii_control() { char::from(letter) } else { same_class(c, letter) }
}

/// A replacement that is not a digit, so it is never part of a tag or length.
fn letters(c: char, letter: u8) -> char {
    match c {
        ' ' => ' ',
        c if c.is_ascii() => char::from(letter),
        c => wide(c),
    }
}

fn wide(c: char) -> char {
    match c.len_utf8() {
        2 => '\u{e9}',
        3 => '\u{5e97}',
        _ => '\u{1f3ea}',
    }
}
