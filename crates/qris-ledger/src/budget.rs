//! How often the provider may be asked.

use std::time::Duration;

use qris_api::limits;

/// How often a merchant's key may call the provider, over all processes that share the ledger, and how long
/// one call may take.
///
/// Use the same budget in all processes: the process with the highest calls per minute sets the pace.
///
/// ```
/// use qris_ledger::Budget;
///
/// let budget = Budget::default().with_checks_per_minute(30);
/// assert_eq!(budget.claim.as_secs(), 180);
/// assert_eq!(budget.scheduled_per_minute(), 24);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budget {
    /// The maximum number of calls in any minute. Default 60.
    pub checks_per_minute: u32,
    /// How long a claim lasts. It is longer than a check can take. Default 3 minutes.
    pub claim: Duration,
    /// The percentage of checks reserved for manual checks and webhooks, which also go before scheduled
    /// checks. Default 20.
    pub early_percent: u32,
}

impl Budget {
    /// The budget that the provider is known to allow.
    pub const fn new() -> Self {
        Self {
            checks_per_minute: limits::CHECKS_PER_MINUTE,
            claim: Duration::from_secs(3 * 60),
            early_percent: 20,
        }
    }

    /// Sets the maximum number of calls in any minute.
    #[must_use]
    pub const fn with_checks_per_minute(mut self, checks_per_minute: u32) -> Self {
        self.checks_per_minute = checks_per_minute;
        self
    }

    /// Sets how long a claim lasts.
    #[must_use]
    pub const fn with_claim(mut self, claim: Duration) -> Self {
        self.claim = claim;
        self
    }

    /// Sets the percentage of checks reserved for manual checks and webhooks.
    #[must_use]
    pub const fn with_early_percent(mut self, early_percent: u32) -> Self {
        self.early_percent = early_percent;
        self
    }

    /// The maximum number of scheduled calls in any minute. At least 1.
    pub fn scheduled_per_minute(&self) -> u32 {
        let percent = u64::from(self.early_percent.min(100));
        let kept = u64::from(self.checks_per_minute) * percent / 100;
        let kept = u32::try_from(kept).unwrap_or(u32::MAX);
        self.checks_per_minute.saturating_sub(kept).max(1)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}
