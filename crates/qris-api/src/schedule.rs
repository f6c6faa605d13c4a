//! When an invoice is checked: pure arithmetic, no clock and no network.

use std::time::Duration;

use crate::invoice::InvoiceId;
use crate::limits;

/// When an invoice is checked, counted from its creation.
///
/// The two gaps apply to every check of an invoice, by any call and any process.
///
/// The provider blocks keys that poll more than it allows: a person's button, up to three tries 15
/// s apart, or once a minute, at most 30 times. So a wait begins with the three tries, in which
/// most payers pay. A third of the other checks follow once a minute. The rest are spread evenly,
/// and the last one is at the end of validity and grace.
///
/// ```
/// use std::time::Duration;
/// use qris_api::Schedule;
///
/// let schedule = Schedule::default().with_validity(Duration::from_secs(30 * 60));
/// let times = schedule.times();
/// let seconds: Vec<u64> = times.iter().take(5).map(Duration::as_secs).collect();
/// assert_eq!(seconds, [15, 30, 45, 105, 165]);
/// assert_eq!(times.len(), 33);
/// assert_eq!(times.last(), Some(&Duration::from_secs(40 * 60)));
/// assert_eq!(schedule.next_after(Duration::from_secs(50)), Some(Duration::from_secs(105)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// How long a code is shown to the payer; 30 minutes, because some accounts refuse a later
    /// payment.
    pub shown: Duration,
    /// How long an invoice can be paid; 60 minutes.
    pub validity: Duration,
    /// How long to check after that, because a payment may arrive late; 10 minutes.
    pub grace: Duration,
    /// How many tries there are at the beginning, and again for the button; 3.
    pub tries: u32,
    /// The minimum time between two tries; 15 s.
    pub try_gap: Duration,
    /// The maximum number of checks after the tries; 30.
    pub checks: u32,
    /// The minimum time between two of them; 60 s.
    pub check_gap: Duration,
    /// How far the checks of invoices that were created at the same time are spread; 5 s.
    pub jitter: Duration,
}

/// Why a check is made.
///
/// See [`Client::check_invoice_within`](crate::Client::check_invoice_within) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trigger {
    /// It was due by the schedule.
    Schedule,
    /// The cashier asked for it.
    Button,
    /// A webhook arrived.
    Webhook,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule {
    /// The schedule of the provider's documentation; see [`limits`].
    pub const fn new() -> Self {
        Self {
            shown: limits::SHOWN,
            validity: limits::VALIDITY,
            grace: limits::GRACE,
            tries: limits::TRIES,
            try_gap: limits::TRY_GAP,
            checks: limits::CHECKS,
            check_gap: limits::CHECK_GAP,
            jitter: limits::JITTER,
        }
    }

    /// The same, with codes shown for this long.
    #[must_use]
    pub const fn with_shown(mut self, shown: Duration) -> Self {
        self.shown = shown;
        self
    }

    /// The same, with invoices that can be paid for this long.
    #[must_use]
    pub const fn with_validity(mut self, validity: Duration) -> Self {
        self.validity = validity;
        self
    }

    /// The same, with checks for this long after the validity.
    #[must_use]
    pub const fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The same, with this many tries.
    #[must_use]
    pub const fn with_tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// The same, with this time between tries.
    #[must_use]
    pub const fn with_try_gap(mut self, try_gap: Duration) -> Self {
        self.try_gap = try_gap;
        self
    }

    /// The same, with at most this many checks after the tries.
    #[must_use]
    pub const fn with_checks(mut self, checks: u32) -> Self {
        self.checks = checks;
        self
    }

    /// The same, with this time between checks.
    #[must_use]
    pub const fn with_check_gap(mut self, check_gap: Duration) -> Self {
        self.check_gap = check_gap;
        self
    }

    /// The same, with checks of different invoices spread by up to this time.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Duration) -> Self {
        self.jitter = jitter;
        self
    }

    /// The age at which checks end: after validity and grace.
    pub fn end(&self) -> Duration {
        self.validity.saturating_add(self.grace)
    }

    /// The ages at which an invoice is checked, in order, without jitter. The last is the end, or
    /// later only as far as the gaps require.
    pub fn times(&self) -> Vec<Duration> {
        let end = self.end();
        let mut times: Vec<Duration> = (1..=self.tries)
            .map(|number| self.try_gap.saturating_mul(number))
            .take_while(|&time| time < end)
            .collect();
        let last_try = times.last().copied().unwrap_or_default();
        let room = end.saturating_sub(last_try);
        let fitting = room.as_millis().checked_div(self.check_gap.as_millis());
        let fitting = fitting.map_or(u32::MAX, |count| u32::try_from(count).unwrap_or(u32::MAX));
        let count = self.checks.min(fitting);
        let tries_are_left = u32::try_from(times.len()).is_ok_and(|done| done < self.tries);
        if count == 0 || tries_are_left {
            let gap = match (times.is_empty(), tries_are_left) {
                (true, _) => Duration::ZERO,
                (false, true) => self.try_gap,
                (false, false) => self.check_gap,
            };
            times.push(end.max(last_try.saturating_add(gap)));
            return times;
        }
        let by_the_minute = (self.checks / 3).min(count - 1);
        let close = (1..=by_the_minute).map(|number| self.check_gap.saturating_mul(number));
        times.extend(close.map(|after| last_try.saturating_add(after)));
        let spread_from = times.last().copied().unwrap_or_default();
        let spread = end.saturating_sub(spread_from);
        let rest = count - by_the_minute;
        let part = |number: u32| f64::from(number) / f64::from(rest);
        times.extend((1..rest).map(|number| spread_from + spread.mul_f64(part(number))));
        times.push(end);
        times
    }

    /// The first age after this one at which an invoice is checked, or `None` after the last.
    pub fn next_after(&self, age: Duration) -> Option<Duration> {
        self.times().into_iter().find(|&time| time > age)
    }

    /// The minimum time between the check before this age and the one at it.
    pub(crate) fn gap_before(&self, age: Duration) -> Duration {
        if age <= self.try_gap.saturating_mul(self.tries) { self.try_gap } else { self.check_gap }
    }

    /// How far an invoice's checks are delayed: always the same for one invoice, and well spread
    /// for invoices with consecutive numbers.
    pub(crate) fn delay(&self, invoice: InvoiceId) -> Duration {
        // The fractions of multiples of the golden ratio (Knuth 6.4).
        let fraction = invoice.get().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54;
        self.jitter.saturating_mul(u32::try_from(fraction).unwrap_or_default()) / 1024
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(times: &[Duration]) -> Vec<u64> {
        times.iter().map(Duration::as_secs).collect()
    }

    fn schedule(validity: u64, grace: u64) -> Schedule {
        Schedule {
            validity: Duration::from_secs(validity),
            grace: Duration::from_secs(grace),
            ..Schedule::default()
        }
    }

    #[test]
    fn an_hour_has_three_tries_ten_checks_by_the_minute_and_twenty_more() {
        let times = seconds(&Schedule::default().times());
        assert_eq!(times[..5], [15, 30, 45, 105, 165]);
        assert_eq!(times[12], 645);
        assert_eq!(times[13], 822, "(4200 - 645) / 20 = 177.75 s later");
        assert_eq!(times.len(), 33);
        assert_eq!(times[32], 4200);
    }

    #[test]
    fn a_short_validity_is_checked_every_minute_to_its_end() {
        let times = seconds(&schedule(300, 60).times());
        assert_eq!(times, [15, 30, 45, 105, 165, 225, 285, 360]);
    }

    #[test]
    fn a_validity_of_seconds_is_checked_once_at_its_end() {
        assert_eq!(seconds(&schedule(5, 0).times()), [5]);
        assert_eq!(seconds(&schedule(20, 0).times()), [15, 30]);
        assert_eq!(seconds(&schedule(80, 0).times()), [15, 30, 45, 105]);
    }

    #[test]
    fn invoices_created_at_the_same_time_are_checked_at_different_times() {
        let schedule = Schedule::default();
        let delay = |number| schedule.delay(InvoiceId::new(number));
        let delays: Vec<Duration> = (413_255_111..413_255_121).map(delay).collect();
        for (at, one) in delays.iter().enumerate() {
            assert!(*one < schedule.jitter);
            for other in &delays[at + 1..] {
                assert!(one.abs_diff(*other) > Duration::from_millis(100), "{delays:?}");
            }
        }
    }

    #[test]
    fn an_endless_validity_is_checked_without_end() {
        let schedule = Schedule { validity: Duration::MAX, ..Schedule::default() };
        let times = schedule.times();
        assert_eq!(times.len(), 33);
        assert_eq!(times.last(), Some(&Duration::MAX));
    }

    proptest! {
        #[test]
        fn no_schedule_checks_more_often_than_the_provider_allows(
            validity in 0_u64..100_000,
            grace in 0_u64..10_000,
        ) {
            let schedule = schedule(validity, grace);
            let times = schedule.times();
            prop_assert!(times.len() <= 33);
            prop_assert!(times.last() >= Some(&schedule.end()));
            let late = times.last().unwrap().saturating_sub(schedule.end());
            prop_assert!(late <= Duration::from_secs(60));
            for (number, pair) in times.windows(2).enumerate() {
                let gap = pair[1] - pair[0];
                let least = if number < 2 { 15 } else { 60 };
                // Spreading rounds to the nanosecond.
                prop_assert!(gap + Duration::from_micros(1) >= Duration::from_secs(least), "{times:?}");
            }
        }
    }
}
