//! Objects in bytes: like [`tlv::Reader`](crate::tlv::Reader), for the rules, which need no
//! `str`.

use crate::charset::Charset;
use crate::tag::TWO_DIGITS;
use crate::tlv::{HEADER, Unit, bytes_of, is_inside, numbers, pairs};

/// What a length counts, and how wide the characters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// Bytes; each is one character.
    Plain,
    /// Bytes, of characters of any width.
    Bytes,
    /// Characters of any width.
    Characters,
}

impl Width {
    #[inline(always)]
    pub(crate) const fn new(charset: Charset, unit: Unit) -> Self {
        match (charset, unit) {
            (Charset::Plain, _) => Self::Plain,
            (Charset::Any, Unit::Bytes) => Self::Bytes,
            (Charset::Any, Unit::Characters) => Self::Characters,
        }
    }
}

/// Objects one after another, in UTF-8.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Objects<'a> {
    rest: &'a [u8],
    /// The byte of the whole text at which they end.
    end: usize,
    width: Width,
}

impl<'a> Objects<'a> {
    /// The objects in `bytes`, which begin at byte `offset` of the whole text.
    #[inline(always)]
    pub(crate) const fn new(bytes: &'a [u8], offset: usize, width: Width) -> Self {
        Self { rest: bytes, end: offset.wrapping_add(bytes.len()), width }
    }

    /// None.
    pub(crate) const NONE: Self = Self::new(&[], 0, Width::Plain);

    /// The objects inside the value that was read last, if it is objects to its end.
    pub(crate) fn inside(&self, value: &'a [u8]) -> Option<Self> {
        let inside = Self::new(value, self.offset().wrapping_sub(value.len()), self.width);
        let mut all = inside;
        while all.next().is_some() {}
        all.is_at_end().then_some(inside)
    }

    /// Tag, value and offset of the next object; `None` at the end and if there is no valid object.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<(u8, &'a [u8], usize)> {
        let (tag, length) = numbers(self.rest)?;
        let offset = self.offset();
        let behind = self.rest.get(HEADER..)?;
        let mut length = usize::from(length);
        if self.width != Width::Plain {
            length = wide(behind, length, self.width)?;
        }
        let (value, rest) = behind.split_at_checked(length)?;
        self.rest = rest;
        Some((tag, value, offset))
    }

    /// Value and offset of the next object, if it has this tag.
    #[inline(always)]
    pub(crate) fn next_if(&mut self, tag: u8) -> Option<(&'a [u8], usize)> {
        let mut length = usize::from(length_behind(tag, self.rest.first_chunk()?)?);
        let offset = self.offset();
        let behind = self.rest.get(HEADER..)?;
        if self.width != Width::Plain {
            length = wide(behind, length, self.width)?;
        }
        let (value, rest) = behind.split_at_checked(length)?;
        self.rest = rest;
        Some((value, offset))
    }

    /// The byte of the whole text at which the next object begins.
    #[inline(always)]
    pub(crate) const fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }

    /// Whether everything has been read.
    #[inline(always)]
    pub(crate) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

/// The number of bytes of a value with this length, if it ends between two characters.
#[cold]
fn wide(bytes: &[u8], length: usize, width: Width) -> Option<usize> {
    match width {
        Width::Characters => bytes_of(bytes, length as u8),
        _ => bytes.get(length).is_none_or(|&byte| !is_inside(byte)).then_some(length),
    }
}

/// The length in a header, if it has this tag.
#[inline(always)]
fn length_behind(tag: u8, header: &[u8; HEADER]) -> Option<u8> {
    let [tens, ones] = TWO_DIGITS.get(usize::from(tag))?;
    // Exclusive-or leaves 0 of an equal tag, and the number of a digit.
    let left = u32::from_le_bytes(*header) ^ u32::from_le_bytes([*tens, *ones, b'0', b'0']);
    let wrong = (left | left.wrapping_add(0x0606_0000)) & 0xF0F0_FFFF;
    let [_, _, _, length] = pairs(left).to_le_bytes();
    (wrong == 0).then_some(length)
}
