//! Whose turn it is to ask the provider about which invoice.

use std::time::Duration;

use qris_api::{TransactionNumber, WibTime};

use crate::Record;

/// How often the key may be asked, over all processes that share the books, and how long one of
/// them may take.
///
/// All of them must agree on it: the one with the most turns a minute sets the pace.
///
/// ```
/// use qris_ledger::Budget;
///
/// let budget = Budget { checks_per_minute: 30, ..Budget::default() };
/// assert_eq!(budget.claim.as_secs(), 180);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most questions in any minute; 60.
    pub checks_per_minute: u32,
    /// How long a claim holds: longer than a check can take; 3 minutes.
    pub claim: Duration,
    /// Further ahead than this no check is ever put off, so a time that lies beyond it was written
    /// by a clock that has been set back since, and is due; 1 hour.
    pub horizon: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            checks_per_minute: 60,
            claim: Duration::from_secs(3 * 60),
            horizon: Duration::from_secs(60 * 60),
        }
    }
}

/// An invoice that is this caller's to check; see
/// [`Ledger::claim_checks`](crate::Ledger::claim_checks).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// What is booked of it; its invoice is there.
    pub record: Record,
    /// When it is due again if nothing is heard of this claim.
    pub until: WibTime,
}

/// What became of a webhook's hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hinted {
    /// It was the first for this invoice, which is due now.
    Due(TransactionNumber),
    /// Nothing is to be done: it was not the first, or the invoice is paid.
    Spent,
    /// No invoice of this id is booked.
    Absent,
}
