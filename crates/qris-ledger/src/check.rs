//! Whose turn it is to ask the provider about which invoice.

use std::time::Duration;

use qris_api::{Invoice, Schedule, TransactionNumber, WibTime};

use crate::{Record, State};

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

/// How long after its last check an invoice is still asked about when that check had no answer.
const PERSISTENCE: Duration = Duration::from_secs(60 * 60);

impl Claim {
    /// When the provider is to be asked next, now that it was asked and the invoice is not known
    /// to be paid; `None` when that was the last time. `answered` says whether there was an answer.
    pub fn next_check(&self, schedule: &Schedule, now: WibTime, answered: bool) -> Option<WibTime> {
        let shown = shown(self.record.invoice.as_ref()?, self.record.requested_at);
        let age = now.timestamp().duration_since(shown.timestamp());
        let age = Duration::try_from(age).unwrap_or_default();
        let next = match self.record.state {
            // Nobody waits for it, but its code can be paid while it is valid.
            State::Cancelled => {
                [schedule.validity, schedule.end()].into_iter().find(|&time| time > age)
            }
            _ => schedule.next_after(age),
        };
        match next {
            Some(next) => {
                let gap = if next <= schedule.try_gap.saturating_mul(schedule.tries) {
                    schedule.try_gap
                } else {
                    schedule.check_gap
                };
                Some(shown.later_by(next).max(now.later_by(gap)))
            }
            None if !answered && age < schedule.end().saturating_add(PERSISTENCE) => {
                Some(now.later_by(schedule.check_gap))
            }
            None => None,
        }
    }
}

/// When the provider is first to be asked about an invoice that was asked for at `requested_at`:
/// what [`Ledger::created_and_due`](crate::Ledger::created_and_due) is told.
pub fn first_check(schedule: &Schedule, invoice: &Invoice, requested_at: WibTime) -> WibTime {
    shown(invoice, requested_at).later_by(schedule.times().first().copied().unwrap_or_default())
}

/// When the code was shown. A provider whose clock is ahead of ours must not put checks off.
fn shown(invoice: &Invoice, requested_at: WibTime) -> WibTime {
    invoice.qris_request_date.min(requested_at)
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

#[cfg(test)]
mod tests {
    use qris_api::{InvoiceId, Rupiah};

    use super::*;
    use crate::{Channel, Ledger};

    fn at(text: &str) -> WibTime {
        WibTime::parse(text).expect("a time")
    }

    /// The claim of an invoice of 11:00:00 that was due at the end of its validity.
    fn claim() -> Claim {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(folder.path().join("qris.db")).expect("books");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let made = at("2026-11-22 11:00:00");
        ledger.request(&number, Rupiah::new(100), Channel::Pos, made).expect("a request");
        let invoice =
            Invoice::new(number, Rupiah::new(100), "0002", made, InvoiceId::new(1), "ID1");
        let validity = Schedule::default().validity;
        ledger.created(&invoice, validity, made).expect("an invoice");
        let later = at("2026-11-22 12:00:00");
        ledger.claim_checks(&Budget::default(), 1, later).expect("a claim").remove(0)
    }

    #[track_caller]
    fn next(now: &str, answered: bool) -> Option<String> {
        let next = claim().next_check(&Schedule::default(), at(now), answered);
        next.map(WibTime::to_api_text)
    }

    #[test]
    fn the_tries_are_fifteen_seconds_apart_and_the_others_a_minute() {
        let next = |now| next(now, true).expect("a next check");
        assert_eq!(next("2026-11-22 11:00:15"), "2026-11-22 11:00:30");
        assert_eq!(next("2026-11-22 11:00:20"), "2026-11-22 11:00:35", "a late one keeps the gap");
        assert_eq!(next("2026-11-22 11:00:45"), "2026-11-22 11:01:45");
        assert_eq!(next("2026-11-22 11:02:00"), "2026-11-22 11:03:00");
    }

    #[test]
    fn after_the_grace_an_invoice_is_asked_about_only_while_there_is_no_answer() {
        assert_eq!(next("2026-11-22 12:10:00", true), None);
        let again = Some("2026-11-22 12:11:00".to_owned());
        assert_eq!(next("2026-11-22 12:10:00", false), again);
        assert_eq!(next("2026-11-22 13:10:00", false), None);
    }

    #[test]
    fn a_cancelled_invoice_is_asked_about_when_it_has_expired_and_at_the_end_of_the_grace() {
        let mut claim = claim();
        claim.record.state = State::Cancelled;
        let next = |now| {
            let next = claim.next_check(&Schedule::default(), at(now), true);
            next.map(WibTime::to_api_text)
        };
        // A press of the button does not use up what is left.
        assert_eq!(next("2026-11-22 11:05:00").as_deref(), Some("2026-11-22 12:00:00"));
        assert_eq!(next("2026-11-22 12:00:00").as_deref(), Some("2026-11-22 12:10:00"));
        assert_eq!(next("2026-11-22 12:10:00"), None);
    }
}
