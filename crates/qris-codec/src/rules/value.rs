//! A value on its way to the rules.

use crate::charset::Charset;
use crate::error::ErrorKind;
use crate::finding::Finding;
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
    /// The same as text, for what a message says about it.
    #[inline(always)]
    pub(crate) fn text(self) -> &'a str {
        core::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// How many characters it has.
    #[inline(always)]
    pub(crate) fn chars(self) -> usize {
        match self.charset {
            Charset::Plain => self.bytes.len(),
            Charset::Any => self.bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count(),
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
    pub(crate) fn finding(self, kind: ErrorKind) -> Finding {
        Finding::new(kind, Some(self.path), self.value_offset(), self.bytes.len())
    }

    /// A finding about the object being there.
    #[inline(always)]
    pub(crate) fn object_finding(self, kind: ErrorKind) -> Finding {
        Finding::new(kind, Some(self.path), self.offset, HEADER)
    }
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
pub(crate) fn missing(kind: ErrorKind, path: Path, end: usize) -> Finding {
    Finding::new(kind, Some(path), end, 0)
}
