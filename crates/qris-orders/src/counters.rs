//! Counts of what happened, for metrics.

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

/// What this process has done since it started.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Codes that the provider made.
    pub charges_created: Count,
    /// Charges of a number that was charged before.
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
    /// Payments that this process was the one to book.
    pub settled: Count,
    /// Payments of another code of an order that was paid already.
    pub overpaid: Count,
    /// Orders that this process saw expire.
    pub expired: Count,
    /// Webhooks that could be read.
    pub webhooks_taken: Count,
    /// Webhooks of invoices that are not booked.
    pub webhooks_unbooked: Count,
    /// Steps that the ledger failed.
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
