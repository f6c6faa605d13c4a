//! Errors: what is wrong with a text, where, and how severe it is.

use core::fmt;

use crate::language::{Language, Localized, say};
use crate::tag::{Path, Tag};

mod facts;
mod kinds;
#[cfg(feature = "indonesian")]
mod localize;
mod rule;

pub use facts::{Character, Code, Field, Found, FoundAmount, FoundBytes};
pub use kinds::ErrorKind;
pub use rule::{Rule, Rules, Section, Severity};

/// An error: what is wrong, at which object and at which byte of the text.
///
/// Twelve bytes, `Copy`, no allocation. The message says what was expected and what was found and
/// never quotes the payload.
///
/// ```
/// use qris_codec::{ErrorKind, Payload, Tag};
///
/// let error = Payload::parse("0002015912WARUNG").unwrap_err();
/// assert_eq!(
///     error.kind(),
///     ErrorKind::Truncated { tag: Tag::MERCHANT_NAME, expected: 12, found: 6 },
/// );
/// assert_eq!(error.path(), Some(Tag::MERCHANT_NAME.into()));
/// assert_eq!(error.offset(), 10);
/// assert_eq!(error.to_string(), "object 59 should hold 12 characters, found 6 at byte 10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
pub struct Error {
    kind: ErrorKind,
    path: Option<Path>,
    offset: u16,
}

impl Error {
    /// An error about the object that the kind names, if it names one.
    pub(crate) fn new(kind: ErrorKind, offset: usize) -> Self {
        Self::at(kind, kind.object().map(Path::new), offset)
    }

    pub(crate) fn at(kind: ErrorKind, path: Option<Path>, offset: usize) -> Self {
        Self { kind, path, offset: u16::try_from(offset).unwrap_or(u16::MAX) }
    }

    /// What is wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The wrong or missing object; `None` if the error is about the whole text.
    pub const fn path(&self) -> Option<Path> {
        self.path
    }

    /// The byte, counted from the start of the whole text, also inside templates.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }

    /// The message in this language.
    pub const fn localized(self, language: Language) -> Localized<Self> {
        Localized::new(self, language)
    }
}

impl fmt::Display for Localized<Error> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, offset) = (self.of.kind.localized(self.language), self.of.offset);
        say!(f, self.language, "{kind} at byte {offset}", "{kind} pada byte {offset}")
    }
}

impl ErrorKind {
    /// The object at the root that the kind itself names.
    const fn object(self) -> Option<Tag> {
        match self {
            Self::ChecksumMismatch { .. }
            | Self::ChecksumDigits { .. }
            | Self::ChecksumLength { .. }
            | Self::ChecksumMissing => Some(Tag::CHECKSUM),
            Self::FormatNotFirst { .. } => Some(Tag::FORMAT),
            Self::ChecksumNotLast { found } => Some(found),
            Self::Duplicate { tag }
            | Self::Truncated { tag, .. }
            | Self::SplitCharacter { tag }
            | Self::ValueTooLong { tag, .. }
            | Self::NotAmendable { tag } => Some(tag),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_at_most_twelve_bytes() {
        assert!(size_of::<Error>() <= 12, "{} bytes", size_of::<Error>());
    }
}
