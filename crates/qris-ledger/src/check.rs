//! Whose turn it is to ask the provider about which invoice.

use std::time::Duration;

use qris_api::{Invoice, InvoiceId, Press, Schedule, TransactionNumber, WibTime};

use crate::database::Statements;
use crate::rows::{earlier, find, integer, records};
use crate::{Error, Ledger, Record, State, sql};

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
        // Due times are kept to the second, so this check may be a little early by the schedule: it
        // still is the one that fell due, and not made again.
        let age = Duration::from_secs(age.as_secs().try_into().unwrap_or(0_u64) + 1);
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

/// When the provider is first to be asked about an invoice that was asked for at `requested_at`.
pub(crate) fn first_check(
    schedule: &Schedule,
    invoice: &Invoice,
    requested_at: WibTime,
) -> WibTime {
    shown(invoice, requested_at).later_by(schedule.times().first().copied().unwrap_or_default())
}

/// When the code was shown. A provider whose clock is ahead of ours must not put checks off.
fn shown(invoice: &Invoice, requested_at: WibTime) -> WibTime {
    invoice.qris_request_date.min(requested_at)
}

impl Ledger {
    /// Says when the provider is to be asked next about an open invoice; `None` for no more.
    ///
    /// An invoice that is paid or cancelled keeps what it has.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Database`], [`Error::TooLarge`].
    pub fn schedule_check(&mut self, invoice: InvoiceId, at: Option<WibTime>) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        self.write(|step| step.query(sql::SCHEDULE, &[at.into(), id.into()]).map(drop))
    }

    /// Takes the invoices about which the provider is to be asked by now, the most overdue first,
    /// at most `limit` of them and no more than the key's budget has turns for.
    ///
    /// Each is this caller's alone until the claim ends: make one check of each, now, then say
    /// [`Ledger::checked`]. An invoice whose claimant was killed is due again when the claim ends.
    /// After midnight a check is two questions, and takes two turns. The turns go by the database
    /// server's clock where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`],
    /// [`Error::Foreign`].
    pub fn claim_checks(
        &mut self,
        budget: &Budget,
        limit: u32,
        now: WibTime,
    ) -> Result<Vec<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let due = [now.into(), now.later_by(budget.horizon).into(), limit.into()];
            let due = records(step, sql::DUE, &due)?;
            claim(step, due, budget, now)
        })
    }

    /// [`claim_checks`](Self::claim_checks) for one invoice: `None` when it is not due, somebody
    /// else's to ask about, or the budget has no turn left this minute.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::claim_checks`].
    pub fn claim_check(
        &mut self,
        number: &TransactionNumber,
        budget: &Budget,
        now: WibTime,
    ) -> Result<Option<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let due = [number.as_str().into(), now.into(), now.later_by(budget.horizon).into()];
            let due = records(step, sql::DUE_ONE, &due)?;
            Ok(claim(step, due, budget, now)?.pop())
        })
    }

    /// Makes sure that every turn of a minute has its row.
    pub(crate) fn make_turns(&mut self, wanted: u32) -> Result<(), Error> {
        if self.turns < wanted {
            self.write(|step| {
                for slot in 0..wanted {
                    step.query(sql::ADD_TURN, &[slot.into()])?;
                }
                Ok(())
            })?;
            self.turns = wanted;
        }
        Ok(())
    }

    /// Ends a claim: the provider was asked, and is to be asked next at this time, or never again.
    ///
    /// A time that somebody has set meanwhile, by a press of the button for instance, stays.
    /// `unanswered_at` is when the provider did not answer, or nothing where it did.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn checked(
        &mut self,
        claim: &Claim,
        next: Option<WibTime>,
        unanswered_at: Option<WibTime>,
    ) -> Result<(), Error> {
        let number = claim.record.number.as_str();
        let parameters = [claim.until.into(), next.into(), unanswered_at.into(), number.into()];
        self.write(|step| step.query(sql::CHECKED, &parameters).map(drop))
    }

    /// Presses the cashier's button: the invoice is due at once, if there are presses left.
    ///
    /// An invoice has `tries` of them, at least `gap` apart, whichever process they are made in.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not waiting for a payment.
    pub fn press(
        &mut self,
        number: &TransactionNumber,
        tries: u32,
        gap: Duration,
        now: WibTime,
    ) -> Result<Press, Error> {
        self.write(|step| {
            // Times are kept to the second: rounded up, so that no gap comes out shorter.
            let pressed_at = now.later_by(Duration::from_nanos(999_999_999));
            let parameters = [
                pressed_at.into(),
                now.into(),
                number.as_str().into(),
                tries.into(),
                earlier(now, gap).into(),
                // Nobody presses ahead of time: the clock has been set back since.
                now.later_by(gap).into(),
            ];
            let pressed = step.query(sql::PRESS, &parameters)?;
            if let Some(mut row) = pressed.into_iter().next() {
                let presses = row.natural(0, "presses")?;
                let left = u64::from(tries).saturating_sub(presses);
                return Ok(Press::Accepted { left: left.try_into().unwrap_or(u32::MAX) });
            }
            let record = find(step, number)?.ok_or(Error::Absent)?;
            if !record.state.may_be_paid() {
                return Err(Error::State { expected: State::Pending, found: record.state });
            }
            let found = step.query(sql::PRESSED, &[number.as_str().into()])?;
            let mut row = found.into_iter().next().ok_or(Error::Absent)?;
            let used_up = row.natural(0, "presses")? >= u64::from(tries);
            match row.optional_time(1, "pressed_at")?.filter(|_| !used_up) {
                None => Ok(Press::NoneLeft),
                Some(at) => {
                    let left = at.later_by(gap).timestamp().duration_since(now.timestamp());
                    Ok(Press::TooSoon { wait: Duration::try_from(left).unwrap_or_default() })
                }
            }
        })
    }
}

/// Claims what is due, as far as the key's budget goes.
fn claim(
    step: &mut dyn Statements,
    due: Vec<Record>,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<Claim>, Error> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let mut turns = free_turns(step, budget, now)?.into_iter();
    let until = now.later_by(budget.claim);
    let mut claims = Vec::new();
    for record in due {
        let Some(invoice) = &record.invoice else { continue };
        let questions = if now.date() > invoice.qris_request_date.date() { 2 } else { 1 };
        if turns.len() < questions {
            break;
        }
        for (slot, at) in turns.by_ref().take(questions) {
            step.query(sql::TAKE_TURN, &[at.into(), slot.into()])?;
        }
        step.query(sql::CLAIM, &[until.into(), record.number.as_str().into()])?;
        claims.push(Claim { record, until });
    }
    Ok(claims)
}

/// The turns that are free, each with the time from which on it counts as taken.
pub(crate) fn free_turns(
    step: &mut dyn Statements,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<(i64, WibTime)>, Error> {
    let clock = step.server_time()?.unwrap_or(now);
    // Times are kept to the second: rounded up, and a second more for the way to the provider.
    let parameters = [
        budget.checks_per_minute.into(),
        earlier(clock, Duration::from_secs(61)).into(),
        clock.later_by(budget.horizon).into(),
        budget.checks_per_minute.into(),
    ];
    let taken_at = clock.later_by(Duration::from_secs(1));
    let rows = step.query(sql::FREE_TURNS, &parameters)?;
    rows.into_iter().map(|mut row| Ok((row.integer(0, "slot")?, taken_at))).collect()
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
        ledger.record_created(&invoice, &Schedule::default(), made).expect("an invoice");
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
