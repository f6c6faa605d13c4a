//! What came of what was asked for.

use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::{Order, State};

use crate::Error;

/// What came of a charge, or of opening an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// The code is new; or the order, where no code was asked for.
    Created(Order),
    /// The number was charged before, with the same amount. Where its state is `requested` or
    /// `unknown` there is no code to show, and a new number may make the payer pay twice.
    Known(Order),
}

impl Charged {
    /// The order, if it is known whether there is a code of it.
    ///
    /// # Errors
    ///
    /// [`Error::OutcomeUnknown`] for one that is `requested` or `unknown`, and [`Error::Refused`] for one
    /// that is `rejected`: it was charged before, and there is no code to show.
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

/// What came of renewing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The newest code is new.
    Created(Order),
    /// An older code was paid just now, or before: there is no new code.
    Paid(Order),
}

/// What came of cancelling.
#[derive(Debug)]
pub enum Cancelled {
    /// It is cancelled.
    Now {
        /// The order.
        order: Order,
        /// Why it is not known whether it was paid just now, if the provider did not answer.
        unanswered: Option<qris_api::Error>,
    },
    /// It is paid, so it is not cancelled.
    Paid(Order),
}

/// What came of naming the provider's invoice of an order whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A check confirmed that it is paid.
    Paid(Order),
    /// The provider says that it is not paid. The order stays as it is, and the invoice is checked
    /// while it may be paid.
    Unpaid(Order),
    /// The provider may not be asked just now; try again after `wait`.
    TooSoon {
        /// How long to wait.
        wait: Duration,
    },
}

/// What came of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It is of this order, which is being checked if the webhook says that it is paid.
    Known(Box<Order>),
    /// It is of no booked invoice, and it is kept. Its note may name an order whose outcome is
    /// unknown; then the invoice is being checked.
    Kept(Option<TransactionNumber>),
}
