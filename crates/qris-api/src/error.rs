//! Errors, by what the caller can do about them.

use std::fmt;
use std::time::Duration;

use crate::cross_check::Field;
use crate::defect::Defect;
use crate::invalid::Invalid;
use crate::invoice::InvoiceId;

/// A call that did not succeed. Each variant asks for another action of the caller.
///
/// No message has the key, the merchant's number, a URL, a body or a payer's name.
///
/// ```
/// use qris_api::{Error, Reason};
///
/// fn advice(error: &Error) -> &'static str {
///     match error {
///         Error::Invalid(_) => "correct the value",
///         Error::Rejected { reason: Reason::InvalidApiKey } => "correct the credentials",
///         Error::Rejected { .. } => "correct the request",
///         Error::OutcomeUnknown { .. } => "check before you try again",
///         Error::Unreachable { .. } => "try again",
///         Error::MalformedReply { .. } => "try again, then report it",
///         Error::ContentMismatch { .. } => "do not show the QR; report it",
///         Error::Paused { .. } => "ask again later",
///         _ => "report it",
///     }
/// }
/// assert_eq!(advice(&Error::Rejected { reason: Reason::InvalidAmount }), "correct the request");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value was refused and nothing was sent. Correct the value.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The provider refused. Correct the request or the credentials.
    #[error("the provider refused the request: {reason}")]
    Rejected {
        /// The provider's reason.
        reason: Reason,
    },
    /// The create may have reached the provider, so a payable invoice may exist. Check before you
    /// try again.
    #[error(
        "the provider may or may not have created an invoice: {cause}; check before you try again"
    )]
    OutcomeUnknown {
        /// Why no answer came.
        cause: Cause,
    },
    /// No answer came. It is safe to ask again.
    #[error("the provider could not be reached: {cause}; it is safe to try again")]
    Unreachable {
        /// Why no answer came.
        cause: Cause,
    },
    /// The answer to a check cannot be read. For a create this is
    /// [`OutcomeUnknown`](Self::OutcomeUnknown).
    #[error("{defect} (HTTP status {status}, {})", bytes(*length))]
    MalformedReply {
        /// The HTTP status.
        status: u16,
        /// The number of bytes of the body that were read.
        length: usize,
        /// Why it cannot be read.
        defect: Defect,
    },
    /// The QR in the reply is not the requested one. It must never be shown.
    #[error(
        "the QR in the reply is not the requested one: {field}; {} exists: do not show its QR",
        invoice.map_or_else(|| "an invoice".to_owned(), |id| format!("invoice {id}"))
    )]
    ContentMismatch {
        /// What differs.
        field: Field,
        /// The provider's number of the invoice, if it is known. A person should look it up at the
        /// provider, because a payer who sees its QR can pay it.
        invoice: Option<InvoiceId>,
    },
    /// Checks of the key are paused, so nothing was sent. This does not mean that the invoice is
    /// unpaid.
    #[error("checks are paused for {} s: {cause}", wait.as_secs_f64().ceil())]
    Paused {
        /// The time until the next check is possible.
        wait: Duration,
        /// Why they are paused.
        cause: PauseCause,
    },
}

impl Error {
    /// A stable word for programs: the value, the reason, the cause or the field in the variant. C
    /// and Python have the same words.
    ///
    /// ```
    /// use qris_api::{Error, Reason};
    ///
    /// assert_eq!(Error::Rejected { reason: Reason::InvalidAmount }.code(), "invalid-amount");
    /// ```
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Rejected { reason } => reason.code(),
            Self::OutcomeUnknown { cause } | Self::Unreachable { cause } => cause.code(),
            Self::MalformedReply { .. } => "malformed-reply",
            Self::ContentMismatch { field, .. } => field.code(),
            Self::Paused { cause, .. } => cause.code(),
        }
    }
}

/// Why the checks of a key are paused.
///
/// ```
/// use qris_api::{PauseCause, Reason};
///
/// assert_eq!(PauseCause::RetryAfter.code(), "retry-after");
/// assert_eq!(PauseCause::Refused(Reason::InvalidApiKey).code(), "invalid-api-key");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PauseCause {
    /// The provider answered with HTTP status 429 or 503 and a `Retry-After`.
    #[error("the provider asked to wait; ask again later")]
    RetryAfter,
    /// The provider refused the API key or the merchant ID. One check tries it again every 15
    /// minutes.
    #[error("the provider refused the request: {0}; correct the credentials")]
    Refused(Reason),
}

impl PauseCause {
    /// A stable word for programs, such as `retry-after`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RetryAfter => "retry-after",
            Self::Refused(reason) => reason.code(),
        }
    }
}

/// Why no usable answer came.
///
/// ```
/// use std::time::Duration;
/// use qris_api::Cause;
///
/// let cause = Cause::TimedOut { limit: Duration::from_secs(35) };
/// assert_eq!(cause.code(), "timed-out");
/// assert_eq!(cause.to_string(), "no complete answer within 35 s");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The connection was not made, so nothing was sent.
    #[error("no connection ({detail})")]
    Connect {
        /// The innermost cause in plain words, or in the TLS library's words.
        detail: String,
    },
    /// The answer was not complete in time.
    #[error("no complete answer within {} s", limit.as_secs_f64())]
    TimedOut {
        /// The time limit.
        limit: Duration,
    },
    /// The connection broke before the answer was complete.
    #[error("the connection broke before the answer was complete ({detail})")]
    Interrupted {
        /// The innermost cause in plain words, or in the HTTP library's words.
        detail: String,
    },
    /// An answer came that cannot be read.
    #[error("{defect} (HTTP status {status}, {})", bytes(*length))]
    MalformedReply {
        /// The HTTP status.
        status: u16,
        /// The number of bytes of the body that were read.
        length: usize,
        /// Why it cannot be read.
        defect: Defect,
    },
}

impl Cause {
    /// A stable word for programs, such as `timed-out`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Connect { .. } => "no-connection",
            Self::TimedOut { .. } => "timed-out",
            Self::Interrupted { .. } => "interrupted",
            Self::MalformedReply { .. } => "malformed-reply",
        }
    }
}

/// Why the provider refused.
///
/// ```
/// use qris_api::Reason;
///
/// assert_eq!(Reason::parse("Invalid APIKey"), Reason::InvalidApiKey);
/// assert_eq!(Reason::parse("transcation number is empty"), Reason::TransactionNumberEmpty);
/// assert_eq!(Reason::parse("closed today"), Reason::Other("closed today".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// `invalid amount`
    InvalidAmount,
    /// `invalid apikey`
    InvalidApiKey,
    /// `invalid mID`
    InvalidMerchantId,
    /// `transcation number is empty`, in this spelling or the right one
    TransactionNumberEmpty,
    /// `Invoice ID is empty`
    InvoiceIdEmpty,
    /// `what we do for you?`: the API does not know what it was asked to do
    UnknownRequest,
    /// Other words, unchanged; empty if there were none.
    Other(String),
}

impl Reason {
    /// Whether the documentation has this reason. The same request would get a known reason again;
    /// an unknown one may be temporary, such as maintenance.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Reads the provider's words. Case and surrounding white space are ignored.
    pub fn parse(words: &str) -> Self {
        let words = words.trim();
        match words.to_ascii_lowercase().as_str() {
            "invalid amount" => Self::InvalidAmount,
            "invalid apikey" => Self::InvalidApiKey,
            "invalid mid" => Self::InvalidMerchantId,
            "transcation number is empty" | "transaction number is empty" => {
                Self::TransactionNumberEmpty
            }
            "invoice id is empty" => Self::InvoiceIdEmpty,
            "what we do for you?" => Self::UnknownRequest,
            _ => Self::Other(words.to_owned()),
        }
    }

    /// A stable word for programs, such as `invalid-amount`; `other` for an unknown reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidAmount => "invalid-amount",
            Self::InvalidApiKey => "invalid-api-key",
            Self::InvalidMerchantId => "invalid-merchant-id",
            Self::TransactionNumberEmpty => "transaction-number-empty",
            Self::InvoiceIdEmpty => "invoice-id-empty",
            Self::UnknownRequest => "unknown-request",
            Self::Other(_) => "other",
        }
    }
}

/// The maximum length of unknown words in a message.
const MAX_QUOTED_CHARS: usize = 120;

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidAmount => f.write_str("invalid amount"),
            Self::InvalidApiKey => f.write_str("invalid API key"),
            Self::InvalidMerchantId => f.write_str("invalid merchant ID"),
            Self::TransactionNumberEmpty => f.write_str("the transaction number is empty"),
            Self::InvoiceIdEmpty => f.write_str("the invoice ID is empty"),
            Self::UnknownRequest => f.write_str("it does not know the request"),
            Self::Other(words) if words.is_empty() => f.write_str("it gave no reason"),
            Self::Other(words) => {
                let short: String = words.chars().take(MAX_QUOTED_CHARS).collect();
                let more = if short.len() < words.len() { "…" } else { "" };
                write!(f, "\"{}{more}\"", short.escape_debug())
            }
        }
    }
}

/// A number of bytes in words.
pub(crate) fn bytes(length: usize) -> String {
    if length == 1 { "1 byte".to_owned() } else { format!("{length} bytes") }
}
