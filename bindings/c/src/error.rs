//! What went wrong, in a shape that C can read.

use std::ffi::c_char;
use std::fmt;
use std::time::Duration;

use qris_codec::{ErrorKind, Path};

use crate::status::qris_status;
use crate::text::Field;

/// What went wrong, in more words than a status.
///
/// The caller owns it and there is nothing to free. Functions write to it only when they fail, and
/// take NULL where nobody wants to know. No text of it quotes a payload, a key, a URL or a name,
/// but for one: where the provider refuses in words that this library does not know
/// (QRIS_STATUS_REJECTED with the code `other`), `message` has up to 120 characters of them,
/// without the key.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_error {
    /// The status that the function returned.
    pub status: qris_status,
    /// The byte at which it went wrong, counted from the start of the whole text that was read or
    /// would have been written. 0 where that says nothing.
    pub offset: u32,
    /// After how many seconds the next check is possible, where the status is QRIS_STATUS_PAUSED or
    /// QRIS_STATUS_TOO_SOON; otherwise 0.
    pub retry_after_seconds: u32,
    /// The path of the object that the codec refuses, present or missing, such as `62.05`. Empty
    /// where it is about the whole text or no payload. It ends with a NUL.
    pub path: [c_char; 12],
    /// A stable word for programs and searches, the same in Rust, C and Python. It is the rule
    /// where the status is QRIS_STATUS_RULE_BROKEN (`amount-zero`), the value where it is
    /// QRIS_STATUS_VALUE_REFUSED (`api-key`), the part that differs where it is
    /// QRIS_STATUS_CONTENT_MISMATCH (`nmid`), the reason where it is QRIS_STATUS_REJECTED
    /// (`invalid-api-key`), the cause where it is QRIS_STATUS_OUTCOME_UNKNOWN,
    /// QRIS_STATUS_UNREACHABLE (`timed-out`) or QRIS_STATUS_PAUSED (`retry-after`), the
    /// refusal where it is about orders and their database (`used-earlier`, `wrong-state`), and else
    /// the status as a word. It ends with a NUL.
    pub code: [c_char; 32],
    /// A sentence in English that says what was expected and what was found. It ends with a NUL;
    /// where it did not fit, `...` stands before that.
    pub message: [c_char; 256],
}

/// Why a call fails.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The codec refuses.
    Codec(qris_codec::Error),
    /// A pointer must not be NULL.
    Null(&'static str),
    /// A struct has a size that it never had, in bytes.
    Size { name: &'static str, expected: usize, found: usize },
    /// A number is none of its enum's.
    Unknown { name: &'static str, found: i32 },
    /// Room for later is in use.
    Reserved { found: i32 },
    /// A text beside the payload is not UTF-8.
    NotUtf8 { name: &'static str, offset: usize },
    /// A text beside the payload is no amount.
    NotAmount { name: &'static str, offset: usize },
    /// An amount that must be there is not.
    NoAmount { name: &'static str },
    /// What is to be written would break a rule, which shows before it is written.
    Rule(ErrorKind),
    /// There is more of something than there can be.
    TooMany { name: &'static str, most: usize, found: usize },
    /// A status says it all.
    Plain(qris_status),
    /// There is no picture.
    #[cfg(feature = "draw")]
    Draw(qris_image::DrawError),
    /// There is no answer about money.
    #[cfg(feature = "client")]
    Api(qris_api::Error),
    /// The least amount is above the largest.
    #[cfg(feature = "client")]
    Bounds { lowest: u64, highest: u64 },
    /// A field of an invoice is not what the library wrote.
    #[cfg(feature = "client")]
    Invoice { name: &'static str },
    /// A part of the reply can neither be drawn nor handed to C.
    #[cfg(feature = "client")]
    Unusable { name: &'static str },
    /// A body is no webhook.
    #[cfg(feature = "client")]
    Webhook(qris_api::webhook::Malformed),
    /// A picture cannot be read.
    #[cfg(feature = "read")]
    Read(qris_image::ReadError),
    /// A step of an order was not done.
    #[cfg(feature = "orders")]
    Orders(::qris_orders::Error),
    /// All presses of the button are used up: the next check is the schedule's.
    #[cfg(feature = "orders")]
    NoneLeft { wait: Duration },
    /// A text beside the payload is not what it must be.
    #[cfg(feature = "orders")]
    Value { name: &'static str, expected: &'static str },
}

impl From<qris_codec::Error> for Problem {
    fn from(error: qris_codec::Error) -> Self {
        Self::Codec(error)
    }
}

#[cfg(feature = "orders")]
impl From<::qris_orders::Error> for Problem {
    fn from(error: ::qris_orders::Error) -> Self {
        Self::Orders(error)
    }
}

#[cfg(feature = "client")]
impl From<qris_api::Error> for Problem {
    fn from(error: qris_api::Error) -> Self {
        Self::Api(error)
    }
}

impl Problem {
    pub(crate) fn status(&self) -> qris_status {
        match self {
            Self::Codec(error) => qris_status::from_kind(error.kind()),
            Self::Null(_) => qris_status::NullArgument,
            Self::Size { .. } => qris_status::StructSize,
            Self::Unknown { .. } | Self::Reserved { .. } => qris_status::UnknownValue,
            Self::NotUtf8 { .. } => qris_status::TextNotUtf8,
            Self::NotAmount { .. } | Self::NoAmount { .. } => qris_status::AmountSyntax,
            Self::Rule(kind) => qris_status::from_kind(*kind),
            Self::TooMany { .. } => qris_status::TooMany,
            Self::Plain(status) => *status,
            #[cfg(feature = "draw")]
            Self::Draw(error) => qris_status::from_draw_error(error),
            #[cfg(feature = "client")]
            Self::Api(error) => qris_status::from_api_error(error),
            #[cfg(feature = "client")]
            Self::Bounds { .. } => qris_status::ValueRefused,
            #[cfg(feature = "client")]
            Self::Invoice { .. } => qris_status::InvoiceInvalid,
            #[cfg(feature = "client")]
            Self::Unusable { .. } => qris_status::ContentMismatch,
            #[cfg(feature = "client")]
            Self::Webhook(_) => qris_status::WebhookMalformed,
            #[cfg(feature = "read")]
            Self::Read(error) => qris_status::from_read_error(error),
            #[cfg(feature = "orders")]
            Self::Orders(error) => qris_status::from_orders_error(error),
            #[cfg(feature = "orders")]
            Self::NoneLeft { .. } => qris_status::TooSoon,
            #[cfg(feature = "orders")]
            Self::Value { .. } => qris_status::ValueRefused,
        }
    }

    fn offset(&self) -> usize {
        match self {
            Self::Codec(error) => error.offset(),
            Self::NotUtf8 { offset, .. } | Self::NotAmount { offset, .. } => *offset,
            #[cfg(feature = "draw")]
            Self::Draw(qris_image::DrawError::NotAPayload(error)) => error.offset(),
            _ => 0,
        }
    }

    fn path(&self) -> Option<Path> {
        match self {
            Self::Codec(error) => error.path(),
            #[cfg(feature = "draw")]
            Self::Draw(qris_image::DrawError::NotAPayload(error)) => error.path(),
            _ => None,
        }
    }

    fn retry_after(&self) -> Duration {
        match self {
            #[cfg(feature = "client")]
            Self::Api(qris_api::Error::Paused { wait, .. }) => *wait,
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::TooSoon { wait }) | Self::NoneLeft { wait } => *wait,
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Provider(qris_api::Error::Paused {
                wait, ..
            })) => *wait,
            _ => Duration::ZERO,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Codec(error) => error.kind().code(),
            Self::Rule(kind) => kind.code(),
            #[cfg(feature = "draw")]
            Self::Draw(qris_image::DrawError::NotAPayload(error)) => error.kind().code(),
            #[cfg(feature = "client")]
            Self::Api(error) => error.code(),
            #[cfg(feature = "client")]
            Self::Bounds { .. } => "amount",
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Ledger(error)) => error.detail_code(),
            #[cfg(feature = "orders")]
            Self::Orders(error) => error.code(),
            #[cfg(feature = "orders")]
            Self::NoneLeft { .. } => "none-left",
            #[cfg(feature = "orders")]
            Self::Value { name, .. } => name,
            _ => self.status().code(),
        }
    }

    pub(crate) fn for_c(&self) -> qris_error {
        let path = self.path().map_or(Field::EMPTY, |path| Field::<12>::sentence(&path));
        qris_error {
            status: self.status(),
            offset: u32::try_from(self.offset()).unwrap_or(u32::MAX),
            // Rounded up: earlier is too early.
            retry_after_seconds: self.retry_after().as_secs_f64().ceil() as u32,
            path: path.for_c(),
            code: Field::<32>::sentence(&self.code()).for_c(),
            message: Field::<256>::sentence(self).for_c(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Codec(error) => write!(f, "{}", error.kind()),
            Self::Null(name) => write!(f, "expected a pointer for {name}, found NULL"),
            Self::Size { name, expected, found } => {
                write!(f, "expected a size that {name} has had, such as {expected}, found {found}")
            }
            Self::Unknown { name, found } => {
                write!(f, "expected one of the values of {name}, found {found}")
            }
            Self::Reserved { found } => write!(f, "expected 0 in reserved, found {found}"),
            Self::NotUtf8 { name, .. } => {
                write!(f, "expected UTF-8 for {name}, found other bytes")
            }
            Self::NotAmount { name, .. } => write!(
                f,
                "expected at most 13 digits with at most one decimal point among them for {name}, \
                 found something else"
            ),
            Self::NoAmount { name } => {
                write!(f, "expected digits with at most one decimal point for {name}, found none")
            }
            Self::Rule(kind) => write!(f, "{kind}"),
            Self::TooMany { name, most, found } => {
                write!(f, "expected at most {most} {name}, found {found}")
            }
            Self::Plain(status) => f.write_str(status.message().to_str().unwrap_or_default()),
            #[cfg(feature = "draw")]
            Self::Draw(qris_image::DrawError::NotAPayload(error)) => {
                write!(f, "{}", error.kind())
            }
            #[cfg(feature = "draw")]
            Self::Draw(error) => write!(f, "{error}"),
            #[cfg(feature = "client")]
            Self::Api(error) => write!(f, "{error}"),
            #[cfg(feature = "client")]
            Self::Bounds { lowest, highest } => write!(
                f,
                "expected lowest_rupiah of at most highest_rupiah, found {lowest} and {highest}"
            ),
            #[cfg(feature = "client")]
            Self::Invoice { name } => {
                write!(f, "expected {name} as qris_create_invoice wrote it, found something else")
            }
            #[cfg(feature = "client")]
            Self::Unusable { name } => write!(
                f,
                "expected {name} that a QR symbol can hold, found another; a payable invoice was \
                 made all the same: do not show it"
            ),
            #[cfg(feature = "client")]
            Self::Webhook(error) => write!(f, "{error}"),
            #[cfg(feature = "read")]
            Self::Read(error) => write!(f, "{error}"),
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Ledger(error)) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error);
                while let Some(error) = source {
                    write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
            #[cfg(feature = "orders")]
            Self::Orders(error) => write!(f, "{error}"),
            #[cfg(feature = "orders")]
            Self::NoneLeft { .. } => {
                f.write_str("expected a press that is left, found none: only the schedule goes on")
            }
            #[cfg(feature = "orders")]
            Self::Value { name, expected } => {
                write!(f, "expected {expected} for {name}, found another text")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_message_of_the_codec_fits_whole() {
        for rule in ErrorKind::LIST {
            assert!(rule.code.len() < 32, "{}", rule.code);
            // The names of facts in braces are longer than the facts.
            assert!(rule.message.len() < 256, "{}", rule.code);
        }
    }

    #[test]
    fn every_code_and_message_of_a_status_fits_whole() {
        for status in qris_status::ALL {
            assert!(status.code().len() < 32, "{status:?}");
            assert!(status.message().count_bytes() < 256, "{status:?}");
        }
    }
}
