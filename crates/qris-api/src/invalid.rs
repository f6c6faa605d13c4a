//! Values that are refused before anything is sent.

use crate::limits::{MAX_CREDENTIAL_CHARS, MAX_NUMBER_CHARS};
use crate::rupiah::Rupiah;

/// A value that is refused before anything is sent.
///
/// ```
/// use qris_api::{ApiKey, Invalid};
///
/// let refused = ApiKey::parse("").unwrap_err();
/// assert!(matches!(refused, Invalid::ApiKey { chars: 0, .. }));
/// assert_eq!(refused.code(), "api-key");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// The API key is empty, too long, or not visible ASCII.
    #[error(
        "expected an API key of 1 to {MAX_CREDENTIAL_CHARS} visible ASCII characters, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("a wrong character at byte {at}"))
    )]
    ApiKey {
        /// The number of its characters.
        chars: usize,
        /// The byte of the first character that is not allowed.
        wrong_at: Option<usize>,
    },
    /// The merchant's number is empty, too long, or not visible ASCII.
    #[error(
        "expected a merchant ID of 1 to {MAX_CREDENTIAL_CHARS} visible ASCII characters, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("a wrong character at byte {at}"))
    )]
    MerchantId {
        /// The number of its characters.
        chars: usize,
        /// The byte of the first character that is not allowed.
        wrong_at: Option<usize>,
    },
    /// The transaction number is empty, too long, or has a character that is not allowed.
    #[error(
        "expected a transaction number of 1 to {MAX_NUMBER_CHARS} printable ASCII characters with no space at \
         either end, found {}",
        wrong_at.map_or_else(|| count(*chars), |at| format!("a wrong character at byte {at}"))
    )]
    TransactionNumber {
        /// The number of its characters.
        chars: usize,
        /// The byte of the first character that is not allowed.
        wrong_at: Option<usize>,
    },
    /// The amount is outside the client's limits.
    #[error("expected an amount from Rp{lowest} to Rp{highest}, found Rp{found}")]
    Amount {
        /// The smallest allowed amount.
        lowest: Rupiah,
        /// The largest allowed amount.
        highest: Rupiah,
        /// The given amount.
        found: Rupiah,
    },
    /// The base URL is wrong or would send the key unencrypted.
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
        /// The TLS library's message.
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
