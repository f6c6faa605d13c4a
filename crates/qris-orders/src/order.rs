//! Results of the calls.

use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::{Order, State};

use crate::Error;

/// The result of a charge, or of opening an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// The code is new; or the order is new, if no code was requested.
    Created(Order),
    /// The number was charged before with the same amount. Its order may have any state; only a `pending` one
    /// has a code to show. Do not charge an `unknown` one under a new number: the payer may pay twice.
    Known(Order),
}

impl Charged {
    /// The order, or an error if it has no code because its outcome is unknown or the provider refused.
    ///
    /// # Errors
    ///
    /// [`Error::OutcomeUnknown`] if it is `requested` or `unknown`; [`Error::Refused`] if it is `rejected`.
    /// The order was charged before, and there is no code to show.
    pub fn into_known(self) -> Result<Order, Error> {
        match self {
            Self::Created(order) => Ok(order),
            Self::Known(order) => match order.state {
                State::Requested | State::Unknown => Err(Error::OutcomeUnknown),
                State::Rejected => Err(Error::Refused),
                _ => Ok(order),
            },
        }
    }
}

/// The result of a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// There is a new code.
    Created(Order),
    /// An older code was paid, so there is no new code.
    Paid(Order),
}

/// The result of a cancellation.
#[derive(Debug)]
pub enum Cancelled {
    /// It is cancelled.
    Now {
        /// The order.
        order: Order,
        /// Set if the check before the cancellation had no answer: the order may have been paid.
        unanswered: Option<qris_api::Error>,
        /// Whether a code could not be checked before the cancellation, because another check of it is under
        /// way or was just made: the order may have been paid since.
        unchecked: bool,
    },
    /// It is paid, so it is not cancelled.
    Paid(Order),
}

/// The result of naming the provider's invoice for an order with an unknown outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A check confirmed that it is paid.
    Paid(Order),
    /// The provider says "not paid". The order does not change, and the invoice is checked while it may be
    /// paid.
    Unpaid(Order),
    /// The provider may not be called now. Try again after `wait`.
    TooSoon {
        /// The time to wait.
        wait: Duration,
    },
}

/// The result of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It is for this order. If it reports a payment, a check is due.
    Known(Box<Order>),
    /// Its invoice is not recorded, and the webhook is kept. If its note names an order with an unknown
    /// outcome, a check of the invoice is due.
    Kept(Option<TransactionNumber>),
}
