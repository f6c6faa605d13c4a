//! Objects: two digits of tag, two digits of length, and that many characters.
//!
//! EMVCo MPM 3.2 and 4.4.1. [`Reader`] checks only this framing; [`Payload`](crate::Payload) checks
//! which objects must exist.

use core::str::{CharIndices, Chars};

use nom::bytes::complete::take;
use nom::{IResult, Input, Needed, Parser};

use crate::error::{Error, ErrorKind, Field, Found};
use crate::tag::Tag;

/// What the length field of an object counts.
///
/// EMVCo MPM 4.4.1.1 says characters. Some generators count bytes; the two differ only if a value
/// is not ASCII.
///
/// See [`Reader`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points, as in the standard.
    Characters,
    /// UTF-8 bytes, as some generators count. Also faster for ASCII text.
    Bytes,
}

/// One object: its tag, its value and its position.
///
/// See [`Reader`] for an example.
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

    /// The byte of the whole text at which the object's tag begins.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The byte of the whole text at which the object's value begins.
    pub const fn value_offset(&self) -> usize {
        self.offset.wrapping_add(HEADER)
    }
}

/// Tag and length take four bytes.
pub(crate) const HEADER: usize = 4;

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
    rest: Text<'a>,
    unit: Unit,
    /// The byte of the whole text at which this piece ends.
    end: usize,
}

impl<'a> Reader<'a> {
    /// Reads `text` from its first byte.
    pub const fn new(text: &'a str, unit: Unit) -> Self {
        Self::at(text, 0, unit)
    }

    /// Reads a piece of a longer text that begins at byte `offset`. Offsets of objects and errors
    /// count from the start of the longer text.
    pub const fn at(text: &'a str, offset: usize, unit: Unit) -> Self {
        Self { rest: Text(text), unit, end: offset.wrapping_add(text.len()) }
    }

    /// Reads the objects inside the value of `template`.
    ///
    /// A value *is* objects only if the reader reaches its end without an error.
    pub const fn inside(template: &Object<'a>, unit: Unit) -> Self {
        Self::at(template.value, template.value_offset(), unit)
    }

    /// The byte at which the next object begins.
    #[inline]
    pub const fn offset(&self) -> usize {
        // This only undoes an earlier addition, so it cannot wrap.
        self.end.wrapping_sub(self.rest.0.len())
    }

    /// Reads the next object, or `None` at the end of the text. After an error the reader stays
    /// where it was.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Header`] if fewer than four characters are left, [`ErrorKind::Digits`] if the
    /// tag or length is not two ASCII digits, [`ErrorKind::Truncated`] if the value is shorter than
    /// its length, [`ErrorKind::SplitCharacter`] if a length in bytes ends inside a character.
    #[inline]
    pub fn next_object(&mut self) -> Result<Option<Object<'a>>, Error> {
        match self.step() {
            None if !self.is_at_end() => Err(self.fault()),
            object => Ok(object),
        }
    }

    /// The next object; `None` at the end and if no object can be read.
    /// [`is_at_end`](Self::is_at_end) tells which, and [`fault`](Self::fault) has the error.
    ///
    /// Always inlined: a walk is twice as fast if everything stays in registers.
    #[inline(always)]
    pub(crate) fn step(&mut self) -> Option<Object<'a>> {
        let (rest, (tag, value)) = object(self.rest, self.unit).ok()?;
        let object = Object { tag, value, offset: self.offset() };
        self.rest = rest;
        Some(object)
    }

    /// Whether everything has been read.
    #[inline]
    pub(crate) const fn is_at_end(&self) -> bool {
        self.rest.0.is_empty()
    }

    /// Why the next object cannot be read.
    #[cold]
    pub(crate) fn fault(&self) -> Error {
        let text = self.rest.0;
        let short = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        let (kind, within) = match header(self.rest) {
            Ok((rest, (tag, length))) => {
                let found = match self.unit {
                    Unit::Bytes => rest.0.len(),
                    Unit::Characters => rest.0.chars().count(),
                };
                if found < usize::from(length) {
                    (ErrorKind::Truncated { tag, expected: length, found: short(found) }, HEADER)
                } else {
                    (ErrorKind::SplitCharacter { tag }, HEADER)
                }
            }
            Err(_) if text.len() < HEADER => {
                (ErrorKind::Header { found: short(text.chars().count()) }, 0)
            }
            Err(_) => {
                let wrong = text.chars().take(HEADER).take_while(char::is_ascii_digit).count();
                let (field, within) = if wrong < 2 { (Field::Tag, 0) } else { (Field::Length, 2) };
                let found = Found::first(text, |c| c.is_ascii_digit());
                (ErrorKind::Digits { field, found }, within)
            }
        };
        Error::new(kind, self.offset().saturating_add(within))
    }
}

/// Reads one object at the start of `input`, with its length in `unit`.
#[inline(always)]
fn object(input: Text<'_>, unit: Unit) -> IResult<Text<'_>, (Tag, &str), ()> {
    let (rest, (tag, length)) = header(input)?;
    let length = match unit {
        Unit::Bytes => usize::from(length),
        Unit::Characters => bytes_of(rest.0.as_bytes(), length).ok_or(nom::Err::Error(()))?,
    };
    let (rest, value) = take(length).parse(rest)?;
    Ok((rest, (tag, value.0)))
}

/// Tag and length.
#[inline(always)]
fn header(input: Text<'_>) -> IResult<Text<'_>, (Tag, u8), ()> {
    let (rest, header) = take(HEADER).parse(input)?;
    let (tag, length) = numbers(header.0.as_bytes()).ok_or(nom::Err::Error(()))?;
    Ok((rest, (Tag::read(tag), length)))
}

/// The tag and the length at the start of bytes, both numbers at once. The position of the next
/// object depends on this, so its speed decides the speed of a walk.
#[inline(always)]
pub(crate) fn numbers(bytes: &[u8]) -> Option<(u8, u8)> {
    let digits = u32::from_le_bytes(*bytes.first_chunk()?) ^ ZEROS;
    // In each byte: above 9, or adding 6 carries into the upper half.
    if (digits | digits.wrapping_add(0x0606_0606)) & 0xF0F0_F0F0 != 0 {
        return None;
    }
    let [_, tag, _, length] = pairs(digits).to_le_bytes();
    Some((tag, length))
}

/// Each byte becomes itself plus ten times the byte before it. For digits none is above 99.
#[inline(always)]
pub(crate) const fn pairs(digits: u32) -> u32 {
    digits.wrapping_mul(1 + (10 << 8))
}

/// The number of UTF-8 bytes of the first `count` characters, if there are that many.
pub(crate) fn bytes_of(bytes: &[u8], count: u8) -> Option<usize> {
    let count = usize::from(count);
    // Most values are ASCII, even if others are not.
    if bytes.get(..count).is_some_and(<[u8]>::is_ascii) {
        return Some(count);
    }
    let starts = bytes.iter().enumerate().filter(|&(_, &byte)| !is_inside(byte)).map(|(at, _)| at);
    // The start of the next character, which may be the end.
    starts.chain([bytes.len()]).nth(count)
}

/// Whether a byte continues a character.
pub(crate) const fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Four zeros as ASCII digits. Other digits differ from them by their number.
const ZEROS: u32 = u32::from_le_bytes(*b"0000");

/// Text as nom input: counted in bytes, and never split inside a character.
///
/// nom's own input types do the same, but `&str` counts characters one by one, and the methods of
/// `&[u8]` are calls into another crate. Both need several times as many instructions.
#[derive(Clone, Copy, Debug)]
struct Text<'a>(&'a str);

impl<'a> Input for Text<'a> {
    type Item = char;
    type Iter = Chars<'a>;
    type IterIndices = CharIndices<'a>;

    #[inline(always)]
    fn input_len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn take(&self, index: usize) -> Self {
        Self(self.0.get(..index).unwrap_or_default())
    }

    #[inline(always)]
    fn take_from(&self, start: usize) -> Self {
        Self(self.0.get(start..).unwrap_or_default())
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(char) -> bool>(&self, predicate: P) -> Option<usize> {
        self.0.find(predicate)
    }

    fn iter_elements(&self) -> Chars<'a> {
        self.0.chars()
    }

    fn iter_indices(&self) -> CharIndices<'a> {
        self.0.char_indices()
    }

    #[inline(always)]
    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if self.0.is_char_boundary(count) { Ok(count) } else { Err(Needed::Unknown) }
    }
}
