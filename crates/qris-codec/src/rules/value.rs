//! A value to check.

use super::listener::{Listener, Report};
use crate::charset::Charset;
use crate::error::{ErrorKind, Found};
use crate::tag::Path;
use crate::tlv::HEADER;

/// The value of an object, and its position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) path: Path,
    /// The value, in UTF-8.
    pub(crate) bytes: &'a [u8],
    /// The byte of the whole text at which the object begins.
    pub(crate) offset: usize,
    /// Its characters.
    pub(crate) charset: Charset,
}

impl<'a> Value<'a> {
    /// What was found, for a listener that keeps findings: a code of this many characters, or a
    /// length.
    #[inline(always)]
    pub(crate) fn code<L: Listener>(self, chars: usize) -> Found {
        if L::KEEPS { code(self.bytes, chars) } else { Found::Nothing }
    }

    /// The same: the first difference from this many `right` characters.
    #[inline(always)]
    pub(crate) fn shape<L: Listener>(self, chars: usize, right: fn(char) -> bool) -> Found {
        if L::KEEPS { shape(self.bytes, chars, right) } else { Found::Nothing }
    }

    /// The same: its first character that is not `right`.
    #[inline(always)]
    pub(crate) fn first_not<L: Listener>(self, right: fn(char) -> bool) -> Found {
        if L::KEEPS { first_not(self.bytes, right) } else { Found::Nothing }
    }

    /// The same, by the function `found`.
    #[inline(always)]
    pub(crate) fn found<L: Listener>(self, found: fn(&str) -> Found) -> Found {
        if L::KEEPS { found(text(self.bytes)) } else { Found::Nothing }
    }

    /// The number of its characters.
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

    /// The byte of the whole text after it.
    #[inline(always)]
    pub(crate) const fn end(self) -> usize {
        self.value_offset().wrapping_add(self.bytes.len())
    }

    /// A finding about its value.
    #[inline(always)]
    pub(crate) fn finding(self, kind: ErrorKind) -> Report {
        Report::new(kind, Some(self.path), self.value_offset(), self.bytes.len())
    }

    /// A finding about the presence of the object.
    #[inline(always)]
    pub(crate) fn object_finding(self, kind: ErrorKind) -> Report {
        Report::new(kind, Some(self.path), self.offset, HEADER)
    }
}

// Not inlined, because only few payloads need them: most values need only a few instructions.

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

/// The number of characters in UTF-8 bytes.
#[cold]
#[inline(never)]
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// A value for the rules across objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'a> {
    pub(crate) bytes: &'a [u8],
    offset: usize,
}

impl<'a> Kept<'a> {
    /// The value again, with its path and charset.
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

/// A number of characters as one byte.
pub(crate) fn short(chars: usize) -> u8 {
    u8::try_from(chars).unwrap_or(u8::MAX)
}

/// A finding about a missing object; `end` is the end of the place where it belongs.
pub(crate) fn missing(kind: ErrorKind, path: Path, end: usize) -> Report {
    Report::new(kind, Some(path), end, 0)
}
