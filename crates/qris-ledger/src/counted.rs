//! What a step adds to the stored totals.

use std::collections::BTreeMap;

/// The counts of a day.
///
/// ```
/// assert_eq!(qris_ledger::DayTotal::default().payments, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DayTotal {
    /// The number of invoices that the provider made. A stored total that someone changed may be negative.
    pub invoices: i64,
    /// The number of payments.
    pub payments: i64,
    /// The sum of the payments in rupiah, without tips.
    pub paid: i64,
}

impl DayTotal {
    pub(crate) const ZERO: Self = Self { invoices: 0, payments: 0, paid: 0 };

    pub(crate) fn add(&mut self, other: Self) {
        self.invoices = self.invoices.saturating_add(other.invoices);
        self.payments = self.payments.saturating_add(other.payments);
        self.paid = self.paid.saturating_add(other.paid);
    }

    /// The difference that turns the other value into this one.
    pub(crate) const fn minus(self, other: Self) -> Self {
        Self {
            invoices: self.invoices.saturating_sub(other.invoices),
            payments: self.payments.saturating_sub(other.payments),
            paid: self.paid.saturating_sub(other.paid),
        }
    }
}

/// One row of the stored totals: merchant, day, channel, shift.
pub(crate) type Key = (i64, String, String, i64);

/// What a step counted.
pub(crate) type Counted = BTreeMap<Key, DayTotal>;

/// An event that a day's total counts.
pub(crate) enum Happened {
    /// The provider made an invoice.
    Invoice,
    /// A payment of this many rupiah.
    Payment(i64),
}
