//! Why something was not done.

use std::time::Duration;

use qris_ledger::{MerchantName, State};

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
    /// There is no new code, because it is not known whether an older one was paid just now: the
    /// payer would be asked to pay again. Try again later.
    #[error("expected an answer about each older code of the order, found none: {0}")]
    Unanswered(#[source] qris_api::Error),
    /// There is no new code, because an older one may not be checked yet.
    #[error("expected a longer pause since the last check: try again in {} s", wait.as_secs().max(1))]
    TooSoon {
        /// How long to wait.
        wait: Duration,
    },
    /// The number was charged before, and it is not known whether the provider made a code for it. A
    /// new number may make the payer pay twice.
    #[error(
        "it is not known whether the provider made a code for this number; look before charging it \
         under another"
    )]
    OutcomeUnknown,
    /// The provider refused the charge of another process that this one waited for.
    #[error("the provider refused the charge that was under way; charge it again")]
    Refused,
    /// No merchant has this name.
    #[error("expected the name of a merchant in the settings, found {0}")]
    UnknownMerchant(MerchantName),
}

impl Error {
    /// A stable word for what happened, in kebab case; that of the provider's or the ledger's error
    /// where it is one.
    ///
    /// ```
    /// use qris_orders::Error;
    ///
    /// assert_eq!(Error::OutcomeUnknown.code(), "outcome-unknown");
    /// assert_eq!(Error::Ledger(qris_ledger::Error::Absent).code(), "not-found");
    /// ```
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Provider(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Unanswered(_) => "not-checked",
            Self::TooSoon { .. } => "too-soon",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::Refused => "rejected",
            Self::UnknownMerchant(_) => "unknown-merchant",
        }
    }
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
