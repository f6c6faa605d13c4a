//! The errors of this crate.

use std::time::Duration;

use qris_ledger::{MerchantName, State};

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The provider or its client failed or refused. [`state_after`] gives the order's state after a failed
    /// create.
    #[error(transparent)]
    Provider(#[from] qris_api::Error),
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] qris_ledger::Error),
    /// There is no new code, because it is unknown whether an older code was just paid. The payer would have
    /// to pay again. Try again later.
    #[error("expected an answer about each older code of the order, found none: {0}")]
    Unanswered(#[source] qris_api::Error),
    /// There is no new code, because an older code may not be checked yet.
    #[error("expected a longer pause since the last check: try again in {} s", wait.as_secs_f64().ceil().max(1.0))]
    TooSoon {
        /// The time to wait.
        wait: Duration,
    },
    /// The number was charged before, and it is unknown whether the provider made a code for it. With a new
    /// number, the payer may pay twice.
    #[error(
        "it is not known whether the provider made a code for this number: look in the \
         provider's portal first, then resolve the order or charge a new number"
    )]
    OutcomeUnknown,
    /// Another call is requesting the code of this number. If its process was killed, the order becomes
    /// `unknown` after `wait`, and a webhook or a person resolves it. Do not charge a new number: the payer may
    /// pay twice.
    #[error(
        "a program is still requesting the code of this number, or was killed meanwhile: ask again in \
         {} s, and do not charge another number before",
        wait.as_secs_f64().ceil().max(1.0)
    )]
    StillRequested {
        /// The time after which no process can still be requesting it.
        wait: Duration,
    },
    /// The provider refused the charge of another process that this call waited for.
    #[error("the provider refused the charge that was under way; charge it again")]
    Refused,
    /// No merchant has this name.
    #[error("expected a merchant from the settings, found {0}")]
    UnknownMerchant(MerchantName),
}

impl Error {
    /// A stable code for the error, in kebab case. For an error of the provider or the ledger it is that
    /// error's code, except `content-mismatch` for a QR that must not be shown.
    ///
    /// ```
    /// use qris_orders::Error;
    ///
    /// assert_eq!(Error::OutcomeUnknown.code(), "outcome-unknown");
    /// assert_eq!(Error::Ledger(qris_ledger::Error::Absent).code(), "not-found");
    /// let wait = std::time::Duration::from_secs(95);
    /// assert_eq!(Error::StillRequested { wait }.code(), "still-requested");
    /// ```
    pub const fn code(&self) -> &'static str {
        match self {
            // Its own code is the field that differs, such as `amount`: also the code of a refused amount.
            Self::Provider(qris_api::Error::ContentMismatch { .. }) => "content-mismatch",
            Self::Provider(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Unanswered(_) => "not-checked",
            Self::TooSoon { .. } => "too-soon",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::StillRequested { .. } => "still-requested",
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
        // There may be a code, and in the second case one that must not be shown. A person has to look.
        qris_api::Error::OutcomeUnknown { .. } | qris_api::Error::ContentMismatch { .. } => {
            State::Unknown
        }
        _ => State::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use qris_api::{Field, Rupiah};

    use super::*;

    #[test]
    fn a_message_never_names_a_shorter_wait_than_the_real_one() {
        let wait = Duration::from_millis(13_200);
        for error in [Error::TooSoon { wait }, Error::StillRequested { wait }] {
            assert!(error.to_string().contains("in 14 s"), "{error}");
        }
        let wait = Duration::ZERO;
        assert!(Error::TooSoon { wait }.to_string().contains("in 1 s"));
    }

    #[test]
    fn what_a_caller_does_differently_has_different_codes() {
        let too_small: qris_api::Error = qris_api::Invalid::Amount {
            found: Rupiah::new(0),
            lowest: Rupiah::new(1),
            highest: Rupiah::new(2),
        }
        .into();
        let mismatch = qris_api::Error::ContentMismatch { field: Field::Amount, invoice: None };
        let codes = [
            Error::Provider(too_small).code(),
            Error::Provider(mismatch).code(),
            Error::OutcomeUnknown.code(),
            Error::StillRequested { wait: Duration::ZERO }.code(),
        ];
        assert_eq!(codes, ["amount", "content-mismatch", "outcome-unknown", "still-requested"]);
    }
}
