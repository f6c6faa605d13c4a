//! Errors, as a C struct.

use std::ffi::c_char;
use std::fmt;
use std::time::Duration;

use qris_codec::{ErrorKind, Path};
#[cfg(feature = "draw")]
use qris_image::DrawError;

use crate::status::qris_status;
use crate::text::Field;

/// The details of a failure.
///
/// The caller owns it and there is nothing to free. Functions write it only if they fail. Pass NULL
/// if you do not need it. Its texts never quote a payload, a key, a URL or a name, with one
/// exception: if the provider refuses in words that this library does not know
/// (QRIS_STATUS_REJECTED with the code `other`), `message` has up to 120 characters of these words,
/// without the key.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_error {
    /// The status that the function returned.
    pub status: qris_status,
    /// The byte at which the text is wrong, counted from the start of the whole text. 0 if the failure
    /// is not at one byte.
    pub offset: u32,
    /// Seconds until the next check is possible, with QRIS_STATUS_PAUSED and QRIS_STATUS_TOO_SOON.
    /// Seconds until the order is QRIS_ORDER_STATE_UNKNOWN, with QRIS_STATUS_OUTCOME_UNKNOWN of an
    /// order that is still QRIS_ORDER_STATE_REQUESTED. Otherwise 0.
    pub retry_after_seconds: u32,
    /// The path of the wrong or missing object, such as `62.05`. Empty if the failure is about the
    /// whole text or not about a payload. It ends with a NUL.
    pub path: [c_char; 12],
    /// A stable word for programs and searches, the same in Rust, C and Python. With
    /// QRIS_STATUS_RULE_BROKEN it is the rule (`amount-zero`), with QRIS_STATUS_VALUE_REFUSED the
    /// value (`api-key`), with QRIS_STATUS_CONTENT_MISMATCH the part that differs (`nmid`), with
    /// QRIS_STATUS_REJECTED the reason (`invalid-api-key`), with QRIS_STATUS_OUTCOME_UNKNOWN,
    /// QRIS_STATUS_UNREACHABLE and QRIS_STATUS_PAUSED the cause (`timed-out`, `retry-after`), with
    /// the statuses of orders and their database the refusal (`used-earlier`, `wrong-state`).
    /// Otherwise it is the status as a word. It ends with a NUL.
    pub code: [c_char; 32],
    /// An English sentence that says what was expected and what was found. It ends with a NUL. If
    /// it does not fit, it is cut and ends with `...`.
    pub message: [c_char; 256],
}

/// Why a call fails.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The codec refuses.
    Codec(qris_codec::Error),
    /// A pointer must not be NULL.
    Null(&'static str),
    /// A struct begins with a wrong size, in bytes.
    Size { name: &'static str, expected: usize, found: usize },
    /// A number is not a value of its enum.
    Unknown { name: &'static str, found: i32 },
    /// A reserved field is not zero.
    Reserved { found: i32 },
    /// An argument is not UTF-8.
    NotUtf8 { name: &'static str, offset: usize },
    /// An argument is not an amount.
    NotAmount { name: &'static str, offset: usize },
    /// A required amount is missing.
    NoAmount { name: &'static str },
    /// The payload would break a rule. This is known before anything is written.
    Rule(ErrorKind),
    /// An array has too many items.
    TooMany { name: &'static str, most: usize, found: usize },
    /// A status without further details.
    Plain(qris_status),
    /// The picture cannot be drawn.
    #[cfg(feature = "draw")]
    Draw(DrawError),
    /// A call of the Open API failed.
    #[cfg(feature = "client")]
    Api(qris_api::Error),
    /// The smallest amount is above the largest.
    #[cfg(feature = "client")]
    Bounds { lowest: u64, highest: u64 },
    /// A field of an invoice is not what the library wrote to it.
    #[cfg(feature = "client")]
    Invoice { name: &'static str },
    /// A part of the reply does not fit into the C struct.
    #[cfg(feature = "client")]
    Unusable { name: &'static str },
    /// A body is not a webhook.
    #[cfg(feature = "client")]
    Webhook(qris_api::webhook::Malformed),
    /// A picture cannot be read.
    #[cfg(feature = "read")]
    Read(qris_image::ReadError),
    /// A step of an order failed.
    #[cfg(feature = "orders")]
    Orders(::qris_orders::Error),
    /// All manual checks are used up. The next check is a scheduled one.
    #[cfg(feature = "orders")]
    NoneLeft { wait: Duration },
    /// The options have no database.
    #[cfg(feature = "orders")]
    NoDatabase,
    /// Orders need the budget in a file.
    #[cfg(feature = "orders")]
    MemoryBudget,
    /// An argument has the wrong form.
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
            Self::NoDatabase => qris_status::DatabaseRefused,
            #[cfg(feature = "orders")]
            Self::MemoryBudget => qris_status::UnknownValue,
            #[cfg(feature = "orders")]
            Self::Value { .. } => qris_status::ValueRefused,
        }
    }

    fn offset(&self) -> usize {
        match self {
            Self::Codec(error) => error.offset(),
            Self::NotUtf8 { offset, .. } | Self::NotAmount { offset, .. } => *offset,
            #[cfg(feature = "draw")]
            Self::Draw(DrawError::NotAPayload(error) | DrawError::NotQris(error)) => error.offset(),
            _ => 0,
        }
    }

    fn path(&self) -> Option<Path> {
        match self {
            Self::Codec(error) => error.path(),
            #[cfg(feature = "draw")]
            Self::Draw(DrawError::NotAPayload(error) | DrawError::NotQris(error)) => error.path(),
            _ => None,
        }
    }

    fn retry_after(&self) -> Duration {
        match self {
            #[cfg(feature = "client")]
            Self::Api(qris_api::Error::Paused { wait, .. }) => *wait,
            #[cfg(feature = "orders")]
            Self::Orders(
                ::qris_orders::Error::TooSoon { wait }
                | ::qris_orders::Error::StillRequested { wait },
            )
            | Self::NoneLeft { wait } => *wait,
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
            Self::Draw(DrawError::NotAPayload(error) | DrawError::NotQris(error)) => {
                error.kind().code()
            }
            #[cfg(feature = "client")]
            Self::Api(error) => error.code(),
            #[cfg(feature = "client")]
            Self::Bounds { .. } => "amount",
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Ledger(error)) => error.detail_code(),
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Provider(error)) => error.code(),
            #[cfg(feature = "orders")]
            Self::Orders(error) => error.code(),
            #[cfg(feature = "orders")]
            Self::NoneLeft { .. } => "none-left",
            #[cfg(feature = "orders")]
            Self::NoDatabase => "database-url",
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
            // Rounded up, because a check before the pause ends is refused.
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
                write!(f, "expected size = sizeof({name}), such as {expected}, found {found}")
            }
            Self::Unknown { name, found } => {
                write!(f, "expected a value of {name}, found {found}")
            }
            Self::Reserved { found } => write!(f, "expected 0 in reserved, found {found}"),
            Self::NotUtf8 { name, .. } => {
                write!(f, "expected UTF-8 for {name}, found bytes that are not UTF-8")
            }
            Self::NotAmount { name, .. } => write!(
                f,
                "expected at most 13 digits with at most one decimal point among them for {name}, \
                 found text of another form"
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
            Self::Draw(DrawError::NotAPayload(error) | DrawError::NotQris(error)) => {
                write!(f, "{}", error.kind())
            }
            #[cfg(feature = "draw")]
            Self::Draw(error) => write!(f, "{error}"),
            #[cfg(feature = "client")]
            Self::Api(error) => with_option(error, f),
            #[cfg(feature = "client")]
            Self::Bounds { lowest, highest } => write!(
                f,
                "expected lowest_rupiah of at most highest_rupiah, found {lowest} and {highest}"
            ),
            #[cfg(feature = "client")]
            Self::Invoice { name } => {
                write!(f, "expected {name} as qris_create_invoice wrote it, found another value")
            }
            #[cfg(feature = "client")]
            Self::Unusable { name } => write!(
                f,
                "expected {name} that a QR symbol can hold, found one that does not fit; a payable \
                 invoice exists: do not show it"
            ),
            #[cfg(feature = "client")]
            Self::Webhook(error) => write!(f, "{error}"),
            #[cfg(feature = "read")]
            Self::Read(error) => write!(f, "{error}"),
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Ledger(error)) => {
                let mut message = error.to_string();
                let mut source = std::error::Error::source(error);
                while let Some(error) = source {
                    let cause = error.to_string();
                    // The text of some errors contains that of their source.
                    if !message.contains(&cause) {
                        message = format!("{message}: {cause}");
                    }
                    source = error.source();
                }
                f.write_str(&message)
            }
            #[cfg(feature = "orders")]
            Self::Orders(::qris_orders::Error::Provider(error)) => with_option(error, f),
            #[cfg(feature = "orders")]
            Self::Orders(error) => write!(f, "{error}"),
            #[cfg(feature = "orders")]
            Self::NoneLeft { .. } => f.write_str(
                "expected a manual check to be left, found none: only scheduled checks follow",
            ),
            #[cfg(feature = "orders")]
            Self::NoDatabase => {
                f.write_str("expected a database URL such as sqlite://shop.db, found none")
            }
            #[cfg(feature = "orders")]
            Self::MemoryBudget => f.write_str(
                "expected QRIS_BUDGET_PLACE_FILE for orders, found QRIS_BUDGET_PLACE_MEMORY",
            ),
            #[cfg(feature = "orders")]
            Self::Value { name, expected } => {
                write!(f, "expected {expected} for {name}, found another text")
            }
        }
    }
}

/// Writes an error of the client. If one of the client options is wrong, it names that field.
#[cfg(feature = "client")]
fn with_option(error: &qris_api::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use qris_api::{Error, Invalid, PauseCause, Reason};

    write!(f, "{error}")?;
    let option = match error {
        Error::Invalid(Invalid::ApiKey { .. })
        | Error::Rejected { reason: Reason::InvalidApiKey }
        | Error::Paused { cause: PauseCause::Refused(Reason::InvalidApiKey), .. } => "api_key",
        Error::Invalid(Invalid::MerchantId { .. })
        | Error::Rejected { reason: Reason::InvalidMerchantId }
        | Error::Paused { cause: PauseCause::Refused(Reason::InvalidMerchantId), .. } => {
            "merchant_id"
        }
        Error::Invalid(Invalid::BaseUrl { .. }) => "base_url",
        _ => return Ok(()),
    };
    write!(f, " (see {option} in qris_client_options)")
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
