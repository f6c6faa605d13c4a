//! The recent checks of a key, and when it may check again: arithmetic without clock and file.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::error::{PauseCause, Reason};
use crate::schedule::{Schedule, Trigger};

/// A minute and a second, because requests sent a minute apart may arrive closer together.
const WINDOW: Duration = Duration::from_secs(61);

/// The longest pause that a `Retry-After` can cause.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// How often a refused key is tried again.
const PROBE_GAP: Duration = Duration::from_secs(15 * 60);

/// How long a probe may take before another one is made.
const PROBE_TIMEOUT: Duration = Duration::from_secs(60);

/// How long an invoice stays in the history after the end of its schedule.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// The maximum number of invoices in the history.
pub(super) const MAX_INVOICES: usize = 4_000;

/// A check that a caller wants to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) invoice: u64,
    pub(crate) trigger: Trigger,
    pub(crate) schedule: &'a Schedule,
}

/// The checks of one key. All times count from one moment, which the caller chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The requests of the last minute and the reserved ones, in order.
    pub(super) asked: VecDeque<Duration>,
    pub(super) invoices: BTreeMap<u64, Asked>,
    pub(super) retry_after: Option<Span>,
    pub(super) refused: Option<Refused>,
}

/// The checks of one invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The last check, made for any reason.
    pub(super) last: Duration,
    /// The last scheduled check.
    pub(super) last_scheduled: Option<Duration>,
    /// The number of scheduled checks.
    pub(super) scheduled: u32,
    /// The number of checks for the button.
    pub(super) presses: u32,
    /// Whether a check was made for a webhook.
    pub(super) hinted: bool,
}

/// A time span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(super) since: Duration,
    pub(super) until: Duration,
}

impl Span {
    const fn new(since: Duration, length: Duration) -> Self {
        Self { since, until: since.saturating_add(length) }
    }

    /// Moves the beginning to now if it is later. Returns whether it was moved.
    fn clamp(&mut self, now: Duration) -> bool {
        let is_ahead = self.since > now;
        if is_ahead {
            *self = Self::new(now, self.until.saturating_sub(self.since));
        }
        is_ahead
    }
}

/// A key or merchant ID that the provider refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(super) span: Span,
    pub(super) reason: Reason,
    pub(super) account: String,
}

/// How long the key's checks are paused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paused {
    pub(crate) wait: Duration,
    pub(crate) cause: PauseCause,
}

impl Asked {
    /// When the invoice may be checked again.
    fn free_at(&self, trigger: Trigger, schedule: &Schedule) -> Duration {
        let Schedule { tries, try_gap, check_gap, .. } = *schedule;
        let after_tries = self.last.saturating_add(try_gap.min(check_gap));
        let (gap, since) = match trigger {
            Trigger::Webhook if !self.hinted => return Duration::ZERO,
            Trigger::Webhook => (check_gap, Some(self.last)),
            Trigger::Button if self.presses < tries => (try_gap, Some(self.last)),
            Trigger::Button => (check_gap, Some(self.last)),
            Trigger::Schedule if self.scheduled < tries => (try_gap, Some(self.last)),
            Trigger::Schedule => (check_gap, self.last_scheduled),
        };
        since.map_or(after_tries, |since| since.saturating_add(gap).max(after_tries))
    }

    const fn count(&mut self, now: Duration, trigger: Trigger) {
        self.last = now;
        match trigger {
            Trigger::Schedule => {
                self.scheduled = self.scheduled.saturating_add(1);
                self.last_scheduled = Some(now);
            }
            Trigger::Button => self.presses = self.presses.saturating_add(1),
            Trigger::Webhook => self.hinted = true,
        }
    }
}

impl History {
    /// Removes entries that no longer count, and moves entries in the future to now, because the
    /// clock was set back. Returns whether anything was moved.
    pub(super) fn tidy(&mut self, now: Duration, schedule: &Schedule) -> bool {
        let mut moved = false;
        let mut clamp = |at: &mut Duration| {
            moved |= *at > now;
            *at = (*at).min(now);
        };
        self.asked.iter_mut().for_each(&mut clamp);
        for asked in self.invoices.values_mut() {
            clamp(&mut asked.last);
            asked.last_scheduled.iter_mut().for_each(&mut clamp);
        }
        moved |= self.retry_after.as_mut().is_some_and(|span| span.clamp(now));
        moved |= self.refused.as_mut().is_some_and(|refused| refused.span.clamp(now));
        self.forget(now, schedule);
        moved
    }

    /// Removes entries that no longer count.
    fn forget(&mut self, now: Duration, schedule: &Schedule) {
        while self.asked.front().is_some_and(|&at| at.saturating_add(WINDOW) <= now) {
            self.asked.pop_front();
        }
        let keep = schedule.end().saturating_add(REMEMBERED);
        self.invoices.retain(|_, asked| asked.last.saturating_add(keep) > now);
        while self.invoices.len() > MAX_INVOICES {
            let oldest = self.invoices.iter().min_by_key(|(_, asked)| asked.last);
            let Some((&oldest, _)) = oldest else { break };
            self.invoices.remove(&oldest);
        }
        if self.retry_after.is_some_and(|span| span.until <= now) {
            self.retry_after = None;
        }
    }

    /// Whether the key's checks are paused.
    pub(super) fn paused(&self, now: Duration, account: &str) -> Result<(), Paused> {
        let retry_after = self.retry_after.map(|span| (span, PauseCause::RetryAfter));
        let refused = self.refused_for(account);
        let refused = refused.map(|found| (found.span, PauseCause::Refused(found.reason.clone())));
        for (span, cause) in [refused, retry_after].into_iter().flatten() {
            if span.until > now {
                return Err(Paused { wait: span.until - now, cause });
            }
        }
        Ok(())
    }

    fn refused_for(&self, account: &str) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.account == account)
    }

    pub(super) fn retry_after(&mut self, now: Duration, wait: Duration) {
        let span = Span::new(now, wait.min(MAX_RETRY_AFTER));
        if self.retry_after.is_none_or(|earlier| earlier.until < span.until) {
            self.retry_after = Some(span);
        }
    }

    pub(super) fn refused(&mut self, now: Duration, account: &str, reason: Reason) {
        let (span, account) = (Span::new(now, PROBE_GAP), account.to_owned());
        self.refused = Some(Refused { span, reason, account });
    }

    /// The key was accepted again.
    pub(super) fn accepted(&mut self, account: &str) {
        if self.refused_for(account).is_some() {
            self.refused = None;
        }
    }

    /// Whether the present check tests a refused key. Other checks wait for it.
    pub(super) fn probe(&mut self, now: Duration, account: &str) -> bool {
        match self.refused.as_mut().filter(|refused| refused.account == account) {
            Some(refused) => {
                refused.span = Span::new(now, PROBE_TIMEOUT);
                true
            }
            None => false,
        }
    }

    /// Takes the invoice's next check and returns its earlier entry, or returns how long to wait.
    pub(super) fn take_invoice(
        &mut self,
        now: Duration,
        request: &Request<'_>,
    ) -> Result<Option<Asked>, Duration> {
        let before = self.invoices.get(&request.invoice).copied();
        let free_at = before.map(|asked| asked.free_at(request.trigger, request.schedule));
        if let Some(free_at) = free_at.filter(|&free_at| free_at > now) {
            return Err(free_at - now);
        }
        self.invoices.entry(request.invoice).or_default().count(now, request.trigger);
        Ok(before)
    }

    /// Undoes a [`take_invoice`](Self::take_invoice) of this time.
    pub(super) fn undo_take_invoice(
        &mut self,
        invoice: u64,
        taken: Duration,
        before: Option<Asked>,
    ) {
        if self.invoices.get(&invoice).is_some_and(|asked| asked.last == taken) {
            match before {
                Some(before) => self.invoices.insert(invoice, before),
                None => self.invoices.remove(&invoice),
            };
        }
    }

    /// Moves a taken check to the time at which it is made.
    pub(super) fn moved(&mut self, invoice: u64, taken: Duration, now: Duration) {
        if let Some(asked) = self.invoices.get_mut(&invoice).filter(|asked| asked.last == taken) {
            asked.last = now;
            if asked.last_scheduled == Some(taken) {
                asked.last_scheduled = Some(now);
            }
        }
    }

    /// The first time from `now` on at which one more request fits into the budget, after all
    /// reserved ones.
    fn fits_at(&self, now: Duration, per_minute: usize) -> Duration {
        let full_until = self
            .asked
            .len()
            .checked_sub(per_minute)
            .and_then(|oldest| self.asked.get(oldest))
            .map(|&at| at.saturating_add(WINDOW));
        let last = self.asked.back().copied();
        now.max(full_until.unwrap_or_default()).max(last.unwrap_or_default())
    }

    /// Reserves the first time at which one more request fits into the budget.
    pub(super) fn reserve(
        &mut self,
        now: Duration,
        per_minute: usize,
        schedule: &Schedule,
    ) -> Duration {
        self.forget(now, schedule);
        let at = self.fits_at(now, per_minute);
        self.asked.push_back(at);
        at
    }

    /// Gives a reserved time back.
    pub(super) fn give_back(&mut self, at: Duration) {
        if let Some(index) = self.asked.iter().rposition(|&asked| asked == at) {
            self.asked.remove(index);
        }
    }

    /// Moves a reserved request to the time at which it was made.
    pub(super) fn made(&mut self, reserved: Duration, now: Duration) {
        self.give_back(reserved);
        let index = self.asked.partition_point(|&at| at <= now);
        self.asked.insert(index, now);
    }

    /// Takes one request, for a new check or for a further day of the last check, or returns how
    /// long to wait.
    pub(super) fn take(
        &mut self,
        now: Duration,
        per_minute: usize,
        request: &Request<'_>,
        further_day: bool,
    ) -> Result<(), Duration> {
        let fits_at = self.fits_at(now, per_minute);
        if fits_at > now {
            return Err(fits_at - now);
        }
        if !further_day {
            self.take_invoice(now, request)?;
        }
        self.asked.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn request(schedule: &Schedule, trigger: Trigger) -> Request<'_> {
        Request { invoice: 7, trigger, schedule }
    }

    #[test]
    fn checks_beyond_the_budget_of_a_minute_wait_in_order() {
        let mut history = History::default();
        let mut reserve = |now| history.reserve(at(now), 2, &Schedule::default());
        assert_eq!(reserve(0), at(0));
        assert_eq!(reserve(10), at(10));
        assert_eq!(reserve(11), at(61));
        assert_eq!(reserve(12), at(71));
        assert_eq!(reserve(13), at(122));
        assert_eq!(reserve(200), at(200));
    }

    #[test]
    fn a_place_that_is_given_back_goes_to_the_next() {
        let (mut history, schedule) = (History::default(), Schedule::default());
        assert_eq!(history.reserve(at(0), 1, &schedule), at(0));
        let second = history.reserve(at(1), 1, &schedule);
        assert_eq!(second, at(61));
        history.give_back(second);
        assert_eq!(history.reserve(at(2), 1, &schedule), at(61));
    }

    #[test]
    fn an_invoice_has_three_checks_fifteen_seconds_apart_and_then_one_a_minute() {
        let (mut history, schedule) = (History::default(), Schedule::default());
        let mut times = Vec::new();
        for now in 0..200 {
            if history.take_invoice(at(now), &request(&schedule, Trigger::Schedule)).is_ok() {
                times.push(now);
            }
        }
        assert_eq!(times, [0, 15, 30, 90, 150]);
    }

    #[test]
    fn the_button_has_three_checks_of_its_own_and_a_webhook_one_at_once() {
        let (mut history, schedule) = (History::default(), Schedule::default());
        let mut take = |now, trigger| history.take_invoice(at(now), &request(&schedule, trigger));
        assert!(take(0, Trigger::Schedule).is_ok());
        assert!(take(1, Trigger::Webhook).is_ok(), "the first webhook does not wait");
        assert_eq!(take(2, Trigger::Webhook), Err(at(59)));
        assert_eq!(take(2, Trigger::Button), Err(at(14)));
        for now in [16, 31, 46] {
            assert!(take(now, Trigger::Button).is_ok(), "at {now}");
        }
        assert_eq!(take(61, Trigger::Button), Err(at(45)), "its three checks are used up");
        assert!(take(61, Trigger::Schedule).is_ok(), "the schedule has its own checks");
    }

    #[test]
    fn times_in_the_future_count_as_now_and_block_no_longer_than_their_own_length() {
        let (mut history, schedule) = (History::default(), Schedule::default());
        let late = at(7_200);
        assert!(history.take(late, 1, &request(&schedule, Trigger::Schedule), false).is_ok());
        history.retry_after(late, at(30));
        assert!(history.tidy(at(100), &schedule));
        let paused = history.paused(at(100), "a").expect_err("a pause");
        assert_eq!(paused.wait, at(30));
        assert!(!history.tidy(at(130), &schedule), "they were moved once");
        assert!(history.paused(at(130), "a").is_ok());
        let mut take =
            |now| history.take(at(now), 1, &request(&schedule, Trigger::Schedule), false);
        assert_eq!(take(130), Err(at(31)));
        assert_eq!(take(161), Ok(()));
    }

    #[test]
    fn a_refused_key_is_probed_by_one_check_every_fifteen_minutes() {
        let mut history = History::default();
        history.refused(at(0), "a", Reason::InvalidApiKey);
        let paused = history.paused(at(10), "a").expect_err("a pause");
        assert_eq!(paused.wait, at(890));
        assert_eq!(paused.cause, PauseCause::Refused(Reason::InvalidApiKey));
        assert!(history.paused(at(10), "b").is_ok(), "another merchant ID is not refused");
        assert!(history.paused(at(900), "a").is_ok());
        assert!(history.probe(at(900), "a"));
        assert!(history.paused(at(901), "a").is_err(), "the others wait for the probe");
        history.accepted("a");
        assert!(history.paused(at(901), "a").is_ok());
        assert!(!history.probe(at(901), "a"));
    }

    #[test]
    fn a_retry_after_of_a_day_pauses_for_an_hour_and_a_shorter_one_does_not_end_it() {
        let mut history = History::default();
        history.retry_after(at(0), at(86_400));
        history.retry_after(at(1), at(2));
        assert_eq!(history.paused(at(10), "a").expect_err("a pause").wait, at(3_590));
    }

    #[test]
    fn invoices_are_forgotten_an_hour_after_their_schedule_and_the_oldest_when_there_are_too_many()
    {
        let (mut history, schedule) = (History::default(), Schedule::default());
        for invoice in 0..5_000 {
            let request = Request { invoice, ..request(&schedule, Trigger::Schedule) };
            assert!(history.take_invoice(at(invoice), &request).is_ok());
        }
        history.tidy(at(5_000), &schedule);
        assert_eq!(history.invoices.len(), MAX_INVOICES);
        assert_eq!(history.invoices.first_key_value().map(|(&id, _)| id), Some(1_000));
        history.tidy(at(4_998 + 70 * 60 + 60 * 60), &schedule);
        assert_eq!(history.invoices.len(), 1);
    }
}
