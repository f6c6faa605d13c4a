//! Invoices that one caller may check while no other does.

use std::time::Duration;

use qris_api::{Trigger, WibTime};

use crate::Order;

/// An invoice that only this caller may check now; see [`Ledger::claim_checks`](crate::Ledger::claim_checks).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The order, with the invoice to check.
    pub order: Order,
    /// When it is due again if the claim is never ended.
    pub until: WibTime,
}

impl Claim {
    /// The reason for the check.
    pub const fn trigger(&self) -> Trigger {
        self.order.progress.trigger
    }
}

/// The invoices of an order that only this caller may check now; see
/// [`Ledger::claim_order`](crate::Ledger::claim_order).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderClaim {
    /// Check each of them now, then call [`Ledger::record_check`](crate::Ledger::record_check).
    pub claims: Vec<Claim>,
    /// How long to wait before you call again, because a gap or the budget does not allow a check yet. If
    /// there are also no claims, all invoices had an answer.
    pub wait: Option<Duration>,
}
