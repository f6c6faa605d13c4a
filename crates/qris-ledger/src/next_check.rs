//! Computes the time of the next check from the result of the last one. Arithmetic only.

use std::time::Duration;

use qris_api::{Error, Invoice, PauseCause, Payment, Reason, Schedule, Trigger, WibTime};

use crate::order::Progress;
use crate::rows::earlier;
use crate::{Claim, State};

/// The outcome of a check that did not find a payment; see [`Ledger::record_check`](crate::Ledger::record_check).
///
/// ```
/// use qris_api::{Payment, PaymentDetails};
/// use qris_ledger::CheckOutcome;
///
/// assert_eq!(CheckOutcome::from_answer(&Ok(Payment::Unpaid)), Some(CheckOutcome::Unpaid));
/// let paid = Payment::Paid(PaymentDetails::default());
/// assert_eq!(CheckOutcome::from_answer(&Ok(paid)), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// The provider answered "not paid".
    Unpaid,
    /// There was no readable answer, or a refusal. The invoice may be paid.
    Unanswered,
    /// The provider refused the key, which says nothing about the invoice. The next check is due after
    /// [`Schedule::check_gap`], and this one does not count in the schedule.
    KeyRefused,
    /// Nothing was sent, because the key's checks are paused.
    Paused {
        /// The time until the next check is possible.
        wait: Duration,
    },
}

impl CheckOutcome {
    /// The outcome of a client's answer, or `None` for a payment.
    pub fn from_answer(answer: &Result<Payment, Error>) -> Option<Self> {
        match answer {
            Ok(Payment::Paid(_)) => None,
            Ok(Payment::Unpaid) => Some(Self::Unpaid),
            // The client tests the key on its own. A program with the right key must not wait for that.
            Err(Error::Paused { wait, cause: PauseCause::Refused(_) }) => {
                Some(Self::Paused { wait: (*wait).min(KEY_PAUSE) })
            }
            Err(Error::Paused { wait, .. }) => Some(Self::Paused { wait: *wait }),
            Err(Error::Rejected { reason: Reason::InvalidApiKey | Reason::InvalidMerchantId }) => {
                Some(Self::KeyRefused)
            }
            Err(_) => Some(Self::Unanswered),
        }
    }
}

/// The longest time for which a refused key puts a check off.
const KEY_PAUSE: Duration = Duration::from_secs(60);

/// The longest time between two checks without an answer.
const MAX_BACKOFF: Duration = Duration::from_secs(60 * 60);

/// What a check changes in its invoice's schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// When the next check is due, or `None` after a final answer.
    pub(crate) at: Option<WibTime>,
    /// Whether this was an answer at or after the end of validity and grace.
    pub(crate) is_final: bool,
    pub(crate) checks: u64,
    pub(crate) failures: u64,
    pub(crate) hint_checks: u64,
    pub(crate) trigger: Trigger,
}

/// How far the provider's date of a new invoice may be from the best known time. A create call takes up to
/// half a minute, and the database may be unavailable for another half.
const DATE_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The times from which a new invoice is shown and watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) shown_from: WibTime,
    pub(crate) watched_from: WibTime,
}

impl Start {
    /// The provider's date, unless it is impossible, for example in another time zone. So the QR is never
    /// shown for too long, and never watched for too short a time.
    pub(crate) fn new(invoice: &Invoice, now: WibTime) -> Self {
        let date = invoice.qris_request_date;
        let is_likely =
            date <= now.later_by(DATE_TOLERANCE) && now <= date.later_by(DATE_TOLERANCE);
        if is_likely {
            Self { shown_from: date, watched_from: date }
        } else {
            Self { shown_from: date.min(now), watched_from: now }
        }
    }

    /// When the first check is due.
    pub(crate) fn first_check(self, times: &[Duration], now: WibTime) -> WibTime {
        let first = times.first().copied().unwrap_or_default();
        // A provider's clock that is ahead of ours must not delay the check.
        now.later_by(first.saturating_sub(since(self.watched_from, now)))
    }
}

fn since(start: WibTime, now: WibTime) -> Duration {
    Duration::try_from(now.timestamp().duration_since(start.timestamp())).unwrap_or_default()
}

impl Claim {
    /// When the next check is due after this outcome. `None` if this was the last check: an answer at or
    /// after the end of validity and grace.
    ///
    /// `now` is the best known time, from [`qris_api::Client::now`]; ages are measured with it.
    pub fn next_check(
        &self,
        schedule: &Schedule,
        now: WibTime,
        outcome: CheckOutcome,
    ) -> Option<WibTime> {
        self.next(schedule, &schedule.times(), now, outcome).at
    }

    /// The same, with the ages of the scheduled checks. They are fewer while the schedule is thinned out.
    pub(crate) fn next(
        &self,
        schedule: &Schedule,
        times: &[Duration],
        now: WibTime,
        outcome: CheckOutcome,
    ) -> Next {
        let Progress { checks, failures, hint_checks, trigger, .. } = self.order.progress;
        let unchanged = Next { at: None, is_final: false, checks, failures, hint_checks, trigger };
        if let CheckOutcome::Paused { wait } = outcome {
            // Times are stored in whole seconds: rounded up.
            let wait = wait.saturating_add(Duration::from_secs(1));
            return Next { at: Some(now.later_by(wait)), ..unchanged };
        }
        if outcome == CheckOutcome::KeyRefused {
            // The check was made, so a person need not wait for it.
            let trigger = if hint_checks > 0 { Trigger::Webhook } else { Trigger::Schedule };
            return Next { at: Some(now.later_by(schedule.check_gap)), trigger, ..unchanged };
        }
        // Watching began this long before the end of validity.
        let Some(expires_at) = self.order.expires_at else { return unchanged };
        let watched_from = earlier(expires_at, schedule.validity);
        let is_answered = outcome == CheckOutcome::Unpaid;
        let age = since(watched_from, now);
        // Due times are stored in whole seconds, so this check may come slightly early. It still counts as
        // the due one and is not repeated.
        let counted_age = Duration::from_secs(age.as_secs().saturating_add(1));
        let has_ended = counted_age >= schedule.end();
        let checks = checks.saturating_add(u64::from(trigger == Trigger::Schedule));
        // Nobody waits for it, so the schedule has only the end of validity. But the check that has no answer
        // is the one that would show a payment from before it was cancelled.
        let is_cancelled = self.order.state == State::Cancelled;
        let failures = match (is_answered, has_ended || hint_checks > 0 || is_cancelled) {
            (true, _) => 0,
            (false, true) => failures.saturating_add(1),
            (false, false) => failures,
        };
        let hint_checks = hint_checks.saturating_sub(u64::from(is_answered));
        let wait = match (is_answered, has_ended) {
            (true, true) => None,
            (false, has_ended) if has_ended || is_cancelled => Some(backoff(schedule, failures)),
            _ => Some(self.scheduled_wait(schedule, times, age, counted_age, checks)),
        };
        let hint_wait = (hint_checks > 0).then(|| backoff(schedule, failures));
        let wait = wait.into_iter().chain(hint_wait).min();
        Next {
            at: wait.map(|wait| now.later_by(wait)),
            is_final: is_answered && has_ended,
            checks,
            failures,
            hint_checks,
            trigger: if hint_checks > 0 { Trigger::Webhook } else { Trigger::Schedule },
        }
    }

    /// The time until the next scheduled check.
    fn scheduled_wait(
        &self,
        schedule: &Schedule,
        times: &[Duration],
        age: Duration,
        counted_age: Duration,
        checks: u64,
    ) -> Duration {
        if self.order.state == State::Cancelled {
            // Nobody waits for the payment, but the code can be paid while it is valid.
            let mut ends = [schedule.validity, schedule.end()].into_iter();
            let end = ends.find(|&end| end > counted_age).unwrap_or_default();
            return end.saturating_sub(age).max(schedule.check_gap);
        }
        // If the age is wrong, the number of checks gives the position in the schedule.
        let made = usize::try_from(checks).unwrap_or(usize::MAX).min(times.len());
        let reached = made.checked_sub(1).and_then(|last| times.get(last));
        let reached = reached.copied().unwrap_or_default();
        let next = times.iter().copied().find(|&time| time > counted_age.max(reached));
        let Some(next) = next else {
            // All checks are done, but the invoice is younger than the schedule's end.
            let left = schedule.end().saturating_sub(age);
            return left.min(MAX_BACKOFF).max(schedule.check_gap);
        };
        let gap = if next <= schedule.try_gap.saturating_mul(schedule.tries) {
            schedule.try_gap
        } else {
            schedule.check_gap
        };
        let from = if reached > counted_age { reached } else { age };
        next.saturating_sub(from).max(gap)
    }
}

/// The wait after this many consecutive checks without an answer: it doubles, up to an hour.
fn backoff(schedule: &Schedule, failures: u64) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
    schedule.check_gap.saturating_mul(factor).min(MAX_BACKOFF.max(schedule.check_gap))
}

#[cfg(test)]
mod tests {
    use qris_api::{InvoiceId, Rupiah, TransactionNumber};

    use super::*;
    use crate::{Budget, Ledger, NewOrder, Request};

    fn at(text: &str) -> WibTime {
        WibTime::parse(text).expect("a time")
    }

    /// The claim of an invoice from 11:00:00.
    fn claim() -> Claim {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(folder.path().join("qris.db")).expect("books");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let made = at("2026-11-22 11:00:00");
        let order = NewOrder::new(number.clone(), Rupiah::new(100));
        let Request::New(intent) = ledger.request(&order, made).expect("a request") else {
            panic!("it is new");
        };
        let invoice =
            Invoice::new(number, Rupiah::new(100), "0002", made, InvoiceId::new(1), "ID1");
        ledger.record_created(&intent, &invoice, &Schedule::default(), made).expect("an invoice");
        let later = at("2026-11-22 12:00:00");
        ledger.claim_checks(&Budget::default(), 1, later).expect("a claim").remove(0)
    }

    #[track_caller]
    fn next(claim: &Claim, now: &str, outcome: CheckOutcome) -> Option<String> {
        let next = claim.next_check(&Schedule::default(), at(now), outcome);
        next.map(WibTime::to_api_text)
    }

    #[test]
    fn the_tries_are_fifteen_seconds_apart_and_the_others_a_minute() {
        for outcome in [CheckOutcome::Unpaid, CheckOutcome::Unanswered] {
            let next = |now| next(&claim(), now, outcome).expect("a next check");
            assert_eq!(next("2026-11-22 11:00:15"), "2026-11-22 11:00:30");
            assert_eq!(next("2026-11-22 11:00:20"), "2026-11-22 11:00:35", "a late one: the gap");
            assert_eq!(next("2026-11-22 11:00:45"), "2026-11-22 11:01:45");
            assert_eq!(next("2026-11-22 11:02:00"), "2026-11-22 11:03:00");
        }
    }

    #[test]
    fn after_the_grace_an_answer_is_the_last_and_without_one_the_gap_doubles_up_to_an_hour() {
        let mut claim = claim();
        let end = "2026-11-22 12:10:00";
        assert_eq!(next(&claim, end, CheckOutcome::Unpaid), None);
        let before = "2026-11-22 12:09:58";
        assert!(next(&claim, before, CheckOutcome::Unpaid).is_some());
        let waits: Vec<i64> = (0..9)
            .map(|failures| {
                claim.order.progress.failures = failures;
                let Next { at: next, failures: counted, .. } = claim.next(
                    &Schedule::default(),
                    &Schedule::default().times(),
                    at(end),
                    CheckOutcome::Unanswered,
                );
                assert_eq!(counted, failures + 1);
                next.expect("a next check")
                    .timestamp()
                    .duration_since(at(end).timestamp())
                    .as_secs()
            })
            .collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
        claim.order.progress.failures = u64::MAX;
        let days_later = next(&claim, "2026-11-29 12:10:00", CheckOutcome::Unanswered);
        assert_eq!(days_later.as_deref(), Some("2026-11-29 13:10:00"));
    }

    #[test]
    fn a_pause_of_the_key_uses_up_nothing() {
        let claim = claim();
        let wait = Duration::from_secs(300);
        let next = claim.next(
            &Schedule::default(),
            &Schedule::default().times(),
            at("2026-11-22 12:30:00"),
            CheckOutcome::Paused { wait },
        );
        let Progress { checks, failures, hint_checks, trigger, .. } = claim.order.progress;
        let due = Some(at("2026-11-22 12:35:01"));
        let expected = Next { at: due, is_final: false, checks, failures, hint_checks, trigger };
        assert_eq!(next, expected);
    }

    #[test]
    fn a_refused_key_puts_no_check_off_for_longer_than_a_minute_and_uses_up_nothing() {
        let mut claim = claim();
        claim.order.progress.failures = 9;
        let refused = || Reason::InvalidApiKey;
        let paused =
            Error::Paused { wait: Duration::from_secs(900), cause: PauseCause::Refused(refused()) };
        for (error, due) in [
            (Error::Rejected { reason: refused() }, "2026-11-22 13:01:00"),
            (paused, "2026-11-22 13:01:01"),
        ] {
            let outcome = CheckOutcome::from_answer(&Err(error)).expect("an outcome");
            let times = Schedule::default().times();
            let now = at("2026-11-22 13:00:00");
            let next = claim.next(&Schedule::default(), &times, now, outcome);
            let Progress { checks, failures, hint_checks, trigger, .. } = claim.order.progress;
            let due = Some(at(due));
            let expected =
                Next { at: due, is_final: false, checks, failures, hint_checks, trigger };
            assert_eq!(next, expected, "{outcome:?}");
        }
        let asked_to_wait =
            Error::Paused { wait: Duration::from_secs(900), cause: PauseCause::RetryAfter };
        let outcome = CheckOutcome::from_answer(&Err(asked_to_wait));
        assert_eq!(outcome, Some(CheckOutcome::Paused { wait: Duration::from_secs(900) }));
    }

    #[test]
    fn a_cancelled_invoice_is_asked_about_when_it_has_expired_and_at_the_end_of_the_grace() {
        let mut claim = claim();
        claim.order.state = State::Cancelled;
        let next = |now| next(&claim, now, CheckOutcome::Unpaid);
        // A manual check does not use up a scheduled one.
        assert_eq!(next("2026-11-22 11:05:00").as_deref(), Some("2026-11-22 12:00:00"));
        assert_eq!(next("2026-11-22 12:00:00").as_deref(), Some("2026-11-22 12:10:00"));
        assert_eq!(next("2026-11-22 12:10:00"), None);
    }

    #[test]
    fn a_cancelled_invoice_without_an_answer_is_asked_about_again_before_it_expires() {
        let mut claim = claim();
        claim.order.state = State::Cancelled;
        let (schedule, now) = (Schedule::default(), at("2026-11-22 11:05:00"));
        let times = schedule.times();
        let mut waits = Vec::new();
        for _ in 0..4 {
            let next = claim.next(&schedule, &times, now, CheckOutcome::Unanswered);
            let due = next.at.expect("another check").timestamp();
            waits.push(due.duration_since(now.timestamp()).as_secs());
            claim.order.progress.failures = next.failures;
        }
        assert_eq!(waits, [60, 120, 240, 480]);
        let answered = next(&claim, "2026-11-22 11:20:00", CheckOutcome::Unpaid);
        assert_eq!(answered.as_deref(), Some("2026-11-22 12:00:00"));
    }

    #[test]
    fn with_a_wrong_age_the_schedule_continues_by_the_number_of_checks() {
        let mut claim = claim();
        // The clock is two hours behind.
        let now = at("2026-11-22 09:00:00");
        let mut gaps = Vec::new();
        for _ in 0..34 {
            let next = claim.next(
                &Schedule::default(),
                &Schedule::default().times(),
                now,
                CheckOutcome::Unpaid,
            );
            let due = next.at.expect("no end by such a clock").timestamp();
            gaps.push(due.duration_since(now.timestamp()).as_secs());
            claim.order.progress.checks = next.checks;
        }
        assert_eq!(gaps[..4], [15, 15, 60, 60]);
        assert_eq!(gaps[13], 177);
        assert_eq!(gaps[33], 3_600);
    }
}
