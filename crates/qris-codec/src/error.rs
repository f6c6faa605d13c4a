//! What can be wrong with a text, and where.

use core::fmt;

use crate::tag::Tag;

/// A refusal: what is wrong, and at which byte of the text.
///
/// Eight bytes, `Copy`, no allocation. The message says what was expected and what was found and
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
/// assert_eq!(error.offset(), 10);
/// assert_eq!(error.to_string(), "object 59 should hold 12 characters, found 6 at byte 10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct Error {
    kind: ErrorKind,
    offset: u16,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, offset: usize) -> Self {
        Self {
            kind,
            offset: u16::try_from(offset).unwrap_or(u16::MAX),
        }
    }

    /// What is wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the whole text, inside templates too.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no text, or nothing but white space.
    #[error("expected a payload, found no text")]
    Empty,
    /// The text is longer than [`Payload::MAX_LEN`](crate::Payload::MAX_LEN).
    #[error("expected at most 65535 bytes, found more")]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("expected UTF-8 text, found a byte sequence that is none")]
    Utf8,
    /// One to three characters stand where an object's four-digit header should.
    #[error("expected the four digits of an object's tag and length, found {found} characters")]
    Header {
        /// How many characters are there.
        found: u8,
    },
    /// The tag or the length of an object is not two ASCII digits.
    #[error("expected two digits for the {0} of an object, found something else")]
    Digits(Field),
    /// The text, or the template, ends inside an object.
    #[error("object {tag} should hold {expected} characters, found {found}")]
    Truncated {
        /// The object.
        tag: Tag,
        /// How many characters its length asks for.
        expected: u8,
        /// How many there are.
        found: u8,
    },
    /// The length, counted in bytes, ends inside a character.
    #[error("the length of object {0}, counted in bytes, ends inside a character")]
    SplitCharacter(Tag),
    /// The first object is not the Payload Format Indicator.
    #[error("expected object 00 first, found object {found}")]
    FormatNotFirst {
        /// The object that stands first.
        found: Tag,
    },
    /// There is no object 63.
    #[error("object 63, the checksum, is missing")]
    ChecksumMissing,
    /// Objects follow the checksum.
    #[error("expected object 63, the checksum, last, found object {found} after it")]
    ChecksumNotLast {
        /// The object behind it.
        found: Tag,
    },
    /// The checksum is not four characters long.
    #[error("expected a checksum of 4 characters, found {found}")]
    ChecksumLength {
        /// How long it is.
        found: u8,
    },
    /// The checksum is not hexadecimal.
    #[error("expected a checksum of four hexadecimal digits, found something else")]
    ChecksumDigits,
    /// The checksum does not belong to the text before it.
    #[error("checksum {found:04X} does not match the payload, expected {expected:04X}")]
    ChecksumMismatch {
        /// The checksum that the payload carries.
        found: u16,
        /// The checksum of the text.
        expected: u16,
    },
    /// An object stands twice at the root.
    #[error("expected object {0} once, found it again")]
    Duplicate(Tag),
    /// An amount is not digits with at most one point among or behind them.
    #[error("expected an amount of 1 to 13 digits with at most one decimal point")]
    AmountSyntax,
    /// A tag path is not one to three tags joined by points.
    #[error("expected a tag path such as 54 or 62.05")]
    Path,
}

/// A part of an object's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The first two digits.
    Tag,
    /// The second two digits.
    Length,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "tag",
            Self::Length => "length",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_at_most_eight_bytes() {
        assert!(size_of::<Error>() <= 8, "{} bytes", size_of::<Error>());
    }
}
