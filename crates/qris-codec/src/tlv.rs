//! Objects: two digits of tag, two digits of length, and that many characters.
//!
//! EMVCo MPM 3.2 and 4.4.1. [`Reader`] proves nothing more than that framing; which objects must
//! be there is [`Payload`](crate::Payload)'s business.

use nom::bytes::complete::take;
use nom::error::ParseError;
use nom::{IResult, Parser};

use crate::error::{Error, ErrorKind, Field};
use crate::tag::{Tag, two_digits};

/// What the length field of an object counts.
///
/// EMVCo MPM 4.4.1.1 says characters. Some generators count bytes; the two differ only where
/// a value is not ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points, as the standard says.
    Characters,
    /// UTF-8 bytes, as some generators do. Also the faster way through text that is ASCII.
    Bytes,
}

/// One object: its tag, its value and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    tag: Tag,
    value: &'a str,
    offset: usize,
}

impl<'a> Object<'a> {
    /// The tag.
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// The value, between 0 and 99 characters.
    pub const fn value(&self) -> &'a str {
        self.value
    }

    /// The byte of the whole text at which the object's tag stands.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The byte of the whole text at which the object's value stands.
    pub const fn value_offset(&self) -> usize {
        self.offset.saturating_add(HEADER)
    }
}

/// Tag and length take four bytes.
const HEADER: usize = 4;

/// Reads objects one after another.
///
/// ```
/// use qris_codec::tlv::{Reader, Unit};
///
/// let mut reader = Reader::new("0002015906WARUNG", Unit::Characters);
/// assert_eq!(reader.next_object()?.map(|object| object.value()), Some("01"));
/// assert_eq!(reader.next_object()?.map(|object| object.value()), Some("WARUNG"));
/// assert_eq!(reader.next_object()?, None);
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a str,
    offset: usize,
    unit: Unit,
}

impl<'a> Reader<'a> {
    /// Reads `text` from its first byte.
    pub const fn new(text: &'a str, unit: Unit) -> Self {
        Self { rest: text, offset: 0, unit }
    }

    /// Reads a piece of a longer text, which begins at byte `offset` of it: offsets of objects and
    /// errors are then counted from the start of that text.
    pub const fn at(text: &'a str, offset: usize, unit: Unit) -> Self {
        Self { rest: text, offset, unit }
    }

    /// Reads the objects inside the value of `template`.
    ///
    /// Whether a value *is* objects shows only when the reader has come to its end without an
    /// error.
    pub const fn inside(template: &Object<'a>, unit: Unit) -> Self {
        Self::at(template.value, template.value_offset(), unit)
    }

    /// The byte at which the next object stands.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Reads the next object, or `None` at the end of the text. After an error the reader stays
    /// where it was.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Header`] when fewer than four characters are left, [`ErrorKind::Digits`] when
    /// the tag or length is not two ASCII digits, [`ErrorKind::Truncated`] when the value is
    /// shorter than its length says, [`ErrorKind::SplitCharacter`] when a length in bytes ends
    /// inside a character.
    #[inline]
    pub fn next_object(&mut self) -> Result<Option<Object<'a>>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (after, (tag, value)) =
            object(self.rest.as_bytes(), self.unit).map_err(|fault| self.error(fault))?;
        let end = HEADER.saturating_add(value.len());
        // The header is four ASCII digits, so only the end of the value can split a character.
        let (Some(value), Some(rest)) = (self.rest.get(HEADER..end), self.rest.get(end..)) else {
            let kind = ErrorKind::SplitCharacter { tag };
            return Err(Error::new(kind, self.offset.saturating_add(HEADER)));
        };
        debug_assert_eq!(after.len(), rest.len());
        let object = Object { tag, value, offset: self.offset };
        self.rest = rest;
        self.offset = self.offset.saturating_add(end);
        Ok(Some(object))
    }

    #[cold]
    fn error(&self, fault: nom::Err<Fault>) -> Error {
        let (nom::Err::Error(fault) | nom::Err::Failure(fault)) = fault else {
            return Error::new(ErrorKind::Header { found: 0 }, self.offset);
        };
        let (kind, within) = match fault {
            Fault::Header => {
                let found = u8::try_from(self.rest.chars().take(HEADER).count()).unwrap_or(4);
                (ErrorKind::Header { found }, 0)
            }
            Fault::Tag => (ErrorKind::Digits { field: Field::Tag }, 0),
            Fault::Length => (ErrorKind::Digits { field: Field::Length }, 2),
            Fault::Value { tag, expected, found } => {
                (ErrorKind::Truncated { tag, expected, found }, HEADER)
            }
        };
        Error::new(kind, self.offset.saturating_add(within))
    }
}

/// Which part of an object could not be read.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Header,
    Tag,
    Length,
    Value { tag: Tag, expected: u8, found: u8 },
}

impl<I> ParseError<I> for Fault {
    fn from_error_kind(_: I, _: nom::error::ErrorKind) -> Self {
        Self::Header
    }

    fn append(_: I, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

/// One object off the front of `input`, its length counted in `unit`.
#[inline]
fn object(input: &[u8], unit: Unit) -> IResult<&[u8], (Tag, &[u8]), Fault> {
    let (rest, (tag, length)) = header(input)?;
    let value = match unit {
        Unit::Bytes => take(usize::from(length)).parse(rest).map_err(|_: nom::Err<Fault>| {
            let found = u8::try_from(rest.len()).unwrap_or(u8::MAX);
            nom::Err::Error(Fault::Value { tag, expected: length, found })
        }),
        Unit::Characters => characters(rest, length)
            .map_err(|found| nom::Err::Error(Fault::Value { tag, expected: length, found })),
    };
    value.map(|(rest, value)| (rest, (tag, value)))
}

#[inline]
fn header(input: &[u8]) -> IResult<&[u8], (Tag, u8), Fault> {
    let (rest, header) = take(HEADER).parse(input)?;
    match header {
        &[a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', d @ b'0'..=b'9'] => {
            Ok((rest, (Tag::clamped(two_digits(a, b)), two_digits(c, d))))
        }
        [b'0'..=b'9', b'0'..=b'9', ..] => Err(nom::Err::Error(Fault::Length)),
        _ => Err(nom::Err::Error(Fault::Tag)),
    }
}

/// The bytes of `count` characters and what follows them, or how many characters there are.
fn characters(input: &[u8], count: u8) -> Result<(&[u8], &[u8]), u8> {
    let mut found = 0_u8;
    for (at, byte) in input.iter().enumerate() {
        // A character begins at every byte that does not continue one.
        if byte & 0xC0 != 0x80 {
            if found == count {
                let (value, rest) = input.split_at_checked(at).ok_or(found)?;
                return Ok((rest, value));
            }
            found = found.saturating_add(1);
        }
    }
    if found == count { Ok((&[], input)) } else { Err(found) }
}
