//! Values that are refused before anything is sent.

use crate::limits::{MAX_CREDENTIAL_CHARS, MAX_NUMBER_CHARS};
use crate::rupiah::Rupiah;

/// A value that is refused before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// The key is empty, too long, or not visible ASCII.
    #[error(
        "expected an API key of 1 to {MAX_CREDENTIAL_CHARS} visible ASCII characters, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("another character at byte {at}"))
    )]
    ApiKey {
        /// How many characters it has.
        chars: usize,
        /// The byte at which the first character stands that does not belong.
        wrong_at: Option<usize>,
    },
    /// The merchant's number is empty, too long, or not visible ASCII.
    #[error(
        "expected a merchant ID of 1 to {MAX_CREDENTIAL_CHARS} visible ASCII characters, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("another character at byte {at}"))
    )]
    MerchantId {
        /// How many characters it has.
        chars: usize,
        /// The byte at which the first character stands that does not belong.
        wrong_at: Option<usize>,
    },
    /// The transaction number is empty, too long, or holds other characters.
    #[error(
        "expected a transaction number of 1 to {MAX_NUMBER_CHARS} printable ASCII characters with no space at \
         either end, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("another character at byte {at}"))
    )]
    TransactionNumber {
        /// How many characters it has.
        chars: usize,
        /// The byte at which the first character stands that does not belong.
        wrong_at: Option<usize>,
    },
    /// The amount is outside the client's bounds.
    #[error("expected an amount from Rp{lowest} to Rp{highest}, found Rp{found}")]
    Amount {
        /// The least that may be asked.
        lowest: Rupiah,
        /// The most that may be asked.
        highest: Rupiah,
        /// What was asked.
        found: Rupiah,
    },
    /// The base URL is none, or would carry the key in the clear.
    #[error(
        "expected a base URL with https, or http to this machine, without user, query or \
         fragment, found {found}"
    )]
    BaseUrl {
        /// What is wrong with it, such as `a query`.
        found: &'static str,
    },
    /// The system has no usable certificate store.
    #[error("expected a usable certificate store on this system, found none ({detail})")]
    CertificateStore {
        /// What the TLS library says.
        detail: String,
    },
}

/// A number of characters in words.
fn count(chars: usize) -> String {
    match chars {
        0 => "none".to_owned(),
        1 => "1 character".to_owned(),
        _ => format!("{chars} characters"),
    }
}

impl Invalid {
    /// A stable word for programs, such as `api-key`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ApiKey { .. } => "api-key",
            Self::MerchantId { .. } => "merchant-id",
            Self::TransactionNumber { .. } => "transaction-number",
            Self::Amount { .. } => "amount",
            Self::BaseUrl { .. } => "base-url",
            Self::CertificateStore { .. } => "certificate-store",
        }
    }
}
