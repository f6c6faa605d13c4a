//! Invoices that a caller may check, and nobody else meanwhile.

use std::time::Duration;

use qris_api::{Trigger, WibTime};

use crate::Order;

/// An invoice that is this caller's to check; see
/// [`Ledger::claim_checks`](crate::Ledger::claim_checks).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The order with the invoice that is to be checked.
    pub order: Order,
    /// When it is due again if nothing is heard of this claim.
    pub until: WibTime,
}

impl Claim {
    /// What the check is for.
    pub const fn trigger(&self) -> Trigger {
        self.order.progress.trigger
    }
}

/// The invoices of an order that are this caller's to check; see
/// [`Ledger::claim_order`](crate::Ledger::claim_order).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderClaim {
    /// Check each of them now, then say [`Ledger::checked`](crate::Ledger::checked).
    pub claims: Vec<Claim>,
    /// How long to wait, then ask again, because a gap or the budget does not allow a check yet.
    /// Where there are no claims either, all had an answer.
    pub wait: Option<Duration>,
}
