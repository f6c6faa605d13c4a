//! What a step adds to the kept totals.

use std::collections::BTreeMap;

/// What is counted on a day.
///
/// ```
/// assert_eq!(qris_ledger::DayTotal::default().payments, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DayTotal {
    /// How many invoices the provider made. Kept totals that somebody changed may be negative.
    pub invoices: i64,
    /// How many payments came.
    pub payments: i64,
    /// How many rupiah came, without tips.
    pub paid: i64,
}

impl DayTotal {
    pub(crate) const ZERO: Self = Self { invoices: 0, payments: 0, paid: 0 };

    pub(crate) fn add(&mut self, other: Self) {
        self.invoices = self.invoices.saturating_add(other.invoices);
        self.payments = self.payments.saturating_add(other.payments);
        self.paid = self.paid.saturating_add(other.paid);
    }

    /// What has to be added to the other to make it this.
    pub(crate) const fn minus(self, other: Self) -> Self {
        Self {
            invoices: self.invoices.saturating_sub(other.invoices),
            payments: self.payments.saturating_sub(other.payments),
            paid: self.paid.saturating_sub(other.paid),
        }
    }
}

/// One row of the kept totals: merchant, day, channel, shift.
pub(crate) type Key = (i64, String, String, i64);

/// What a step counted.
pub(crate) type Counted = BTreeMap<Key, DayTotal>;

/// What a day's total counts.
pub(crate) enum Happened {
    /// The provider made an invoice.
    Invoice,
    /// So many rupiah were paid.
    Payment(i64),
}
