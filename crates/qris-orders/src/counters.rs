//! Counters for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, count: usize) {
        self.0.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The number now.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counters of this process since its start.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Codes that the provider made.
    pub charges_created: Count,
    /// Charges of an already charged number.
    pub charges_repeated: Count,
    /// Charges that the provider refused.
    pub charges_refused: Count,
    /// Charges whose outcome is unknown, or whose code must not be shown.
    pub charges_unknown: Count,
    /// Checks with the answer "paid".
    pub checks_paid: Count,
    /// Checks with the answer "not paid".
    pub checks_unpaid: Count,
    /// Checks without an answer.
    pub checks_failed: Count,
    /// Payments that this process recorded.
    pub settled: Count,
    /// Payments of another code of a paid order.
    pub overpaid: Count,
    /// Orders that this process saw expire.
    pub expired: Count,
    /// Readable webhooks.
    pub webhooks_taken: Count,
    /// Webhooks of invoices that are not recorded.
    pub webhooks_unbooked: Count,
    /// Failed steps of the ledger.
    pub ledger_failed: Count,
}

impl Counters {
    pub(crate) fn checked(&self, answer: &Result<qris_api::Payment, qris_api::Error>) {
        match answer {
            Ok(payment) if payment.is_paid() => self.checks_paid.add(1),
            Ok(_) => self.checks_unpaid.add(1),
            Err(_) => self.checks_failed.add(1),
        }
    }
}
