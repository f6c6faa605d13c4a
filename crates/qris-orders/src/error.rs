//! Why something was not done.

use qris_ledger::State;

use crate::MerchantName;

/// Why the use case did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The provider refused or failed, or the client before it. [`state_after`] says what is booked
    /// of an order after a failed create.
    #[error(transparent)]
    Provider(#[from] qris_api::Error),
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] qris_ledger::Error),
    /// No merchant has this name.
    #[error("expected the name of a merchant in the settings, found {0}")]
    UnknownMerchant(MerchantName),
}

/// The state of an order after a create that failed with this error.
///
/// ```
/// use qris_api::{Error, Reason};
/// use qris_ledger::State;
///
/// let refused = Error::Rejected { reason: Reason::InvalidAmount };
/// assert_eq!(qris_orders::state_after(&refused), State::Rejected);
/// ```
pub const fn state_after(error: &qris_api::Error) -> State {
    match error {
        // There may be a code, and in the second case not one that may be shown: a person looks.
        qris_api::Error::OutcomeUnknown { .. } | qris_api::Error::ContentMismatch { .. } => {
            State::Unknown
        }
        _ => State::Rejected,
    }
}
