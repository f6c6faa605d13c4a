//! A value on its way to the rules.

use super::listener::{Listener, Report};
use crate::charset::Charset;
use crate::error::{ErrorKind, Found};
use crate::tag::Path;
use crate::tlv::HEADER;

/// What an object says, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) path: Path,
    /// The value, in UTF-8.
    pub(crate) bytes: &'a [u8],
    /// The byte of the whole text at which the object stands.
    pub(crate) offset: usize,
    /// What is known about its characters.
    pub(crate) charset: Charset,
}

impl<'a> Value<'a> {
    /// What it is found to be, for a listener that keeps findings: a code of this many characters,
    /// or how long it is.
    #[inline(always)]
    pub(crate) fn code<L: Listener>(self, chars: usize) -> Found {
        if L::KEEPS { code(self.bytes, chars) } else { Found::Nothing }
    }

    /// The same: how it differs from this many characters that are `right`.
    #[inline(always)]
    pub(crate) fn shape<L: Listener>(self, chars: usize, right: fn(char) -> bool) -> Found {
        if L::KEEPS { shape(self.bytes, chars, right) } else { Found::Nothing }
    }

    /// The same: its first character that is not `right`.
    #[inline(always)]
    pub(crate) fn first_not<L: Listener>(self, right: fn(char) -> bool) -> Found {
        if L::KEEPS { first_not(self.bytes, right) } else { Found::Nothing }
    }

    /// The same: what `found` says of its text.
    #[inline(always)]
    pub(crate) fn found<L: Listener>(self, found: fn(&str) -> Found) -> Found {
        if L::KEEPS { found(text(self.bytes)) } else { Found::Nothing }
    }

    /// How many characters it has.
    #[inline(always)]
    pub(crate) fn chars(self) -> usize {
        match self.charset {
            Charset::Plain => self.bytes.len(),
            Charset::Any => count(self.bytes),
        }
    }

    #[inline(always)]
    pub(crate) const fn value_offset(self) -> usize {
        self.offset.wrapping_add(HEADER)
    }

    /// The byte of the whole text behind it.
    #[inline(always)]
    pub(crate) const fn end(self) -> usize {
        self.value_offset().wrapping_add(self.bytes.len())
    }

    /// A finding about what it says.
    #[inline(always)]
    pub(crate) fn finding(self, kind: ErrorKind) -> Report {
        Report::new(kind, Some(self.path), self.value_offset(), self.bytes.len())
    }

    /// A finding about the object being there.
    #[inline(always)]
    pub(crate) fn object_finding(self, kind: ErrorKind) -> Report {
        Report::new(kind, Some(self.path), self.offset, HEADER)
    }
}

// Not inlined, as all that only few payloads need: what a rule asks of most values is a few
// instructions.

#[cold]
#[inline(never)]
fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

#[cold]
#[inline(never)]
fn code(bytes: &[u8], chars: usize) -> Found {
    Found::code(text(bytes), chars)
}

#[cold]
#[inline(never)]
fn shape(bytes: &[u8], chars: usize, right: fn(char) -> bool) -> Found {
    Found::shape(text(bytes), chars, right)
}

#[cold]
#[inline(never)]
fn first_not(bytes: &[u8], right: fn(char) -> bool) -> Found {
    Found::first(text(bytes), right)
}

/// How many characters some UTF-8 has.
#[cold]
#[inline(never)]
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// A value that is kept for the rules across objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'a> {
    pub(crate) bytes: &'a [u8],
    offset: usize,
}

impl<'a> Kept<'a> {
    /// The value again, with what its place says.
    #[inline(always)]
    pub(crate) const fn at(self, path: Path, charset: Charset) -> Value<'a> {
        Value { path, bytes: self.bytes, offset: self.offset, charset }
    }
}

impl<'a> From<Value<'a>> for Kept<'a> {
    #[inline(always)]
    fn from(value: Value<'a>) -> Self {
        Self { bytes: value.bytes, offset: value.offset }
    }
}

/// A number of characters as the kinds carry it.
pub(crate) fn short(chars: usize) -> u8 {
    u8::try_from(chars).unwrap_or(u8::MAX)
}

/// A finding about an object that is not there; `end` is the end of where it should be.
pub(crate) fn missing(kind: ErrorKind, path: Path, end: usize) -> Report {
    Report::new(kind, Some(path), end, 0)
}
