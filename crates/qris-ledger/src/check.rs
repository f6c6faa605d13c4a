//! Whose turn it is to ask the provider about which invoice.

use std::time::Duration;

use qris_api::{InvoiceId, Press, Schedule, TransactionNumber, Trigger, WibTime};

use crate::database::Statements;
use crate::ledger::revive;
use crate::next_check::Next;
use crate::rows::{earlier, find, first_records, integer, records};
use crate::{CheckOutcome, Error, Ledger, Record, State, sql};

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
/// assert_eq!(budget.scheduled_per_minute(), 24);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most questions in any minute; 60.
    pub checks_per_minute: u32,
    /// How long a claim holds: longer than a check can take; 3 minutes.
    pub claim: Duration,
    /// How many percent of the checks are kept for presses of the button and for webhooks, which
    /// also go before the schedule; 20.
    pub early_percent: u32,
}

impl Budget {
    /// The most questions in any minute that the schedule may ask; at least 1.
    pub fn scheduled_per_minute(&self) -> u32 {
        let percent = u64::from(self.early_percent.min(100));
        let kept = u64::from(self.checks_per_minute) * percent / 100;
        let kept = u32::try_from(kept).unwrap_or(u32::MAX);
        self.checks_per_minute.saturating_sub(kept).max(1)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { checks_per_minute: 60, claim: Duration::from_secs(3 * 60), early_percent: 20 }
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

impl Claim {
    /// What the check is for.
    pub const fn trigger(&self) -> Trigger {
        self.record.progress.trigger
    }
}

impl Ledger {
    /// Says when the provider is to be asked next about a `pending` or `expired` invoice; the others
    /// keep what they have.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Database`], [`Error::TooLarge`].
    pub fn schedule_check(
        &mut self,
        invoice: InvoiceId,
        at: WibTime,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        let parameters = [at.into(), now.into(), id.into()];
        self.write(|step| step.query(sql::SCHEDULE, &parameters).map(drop))
    }

    /// Takes the invoices about which the provider is to be asked by now, at most `limit` of them
    /// and no more than the key's budget has turns for.
    ///
    /// Those with a press or a webhook come first, then those of the schedule; in each group the
    /// most overdue is first. [`Budget::early_percent`] of the turns are not for the schedule.
    ///
    /// `now` is the best-known time, as [`qris_api::Client::now`] gives it.
    ///
    /// Each is this caller's alone until the claim ends: make one check of each, now, for
    /// [`Claim::trigger`], then call [`Ledger::checked`]. An invoice whose claimant was killed is
    /// due again when the claim ends. So is one whose next check was set by a clock that has been
    /// set back since, or that has no next check and had no final answer.
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
            revive(step, now)?;
            let due = first_records(step, sql::DUE_EARLY, &[now.into()], limit)?;
            let mut claims = claim(step, due, budget.checks_per_minute, budget, now)?;
            let left = usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(claims.len());
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            let due = first_records(step, sql::DUE, &[now.into()], left)?;
            claims.extend(claim(step, due, budget.scheduled_per_minute(), budget, now)?);
            Ok(claims)
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
            revive(step, now)?;
            let due = records(step, sql::DUE_ONE, &[number.as_str().into(), now.into()])?;
            let is_early = |record: &Record| record.progress.trigger != Trigger::Schedule;
            let turns = match due.first().is_some_and(is_early) {
                true => budget.checks_per_minute,
                false => budget.scheduled_per_minute(),
            };
            Ok(claim(step, due, turns, budget, now)?.pop())
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

    /// Ends a claim with what came of its check, and says when the next one is due; `None` after a
    /// final answer, given at or after the end of validity and grace.
    ///
    /// Without an answer the schedule goes on; after its end the checks go on too, further and
    /// further apart, up to an hour, for as long as it takes. A pause of the key uses up nothing. A
    /// time that was set meanwhile, by a press of the button for instance, stays.
    ///
    /// `now` is the best-known time, as [`qris_api::Client::now`] gives it.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn checked(
        &mut self,
        claim: &Claim,
        outcome: CheckOutcome,
        schedule: &Schedule,
        now: WibTime,
    ) -> Result<Option<WibTime>, Error> {
        let Next { at, is_final, checks, failures, hint_checks, trigger } =
            claim.next(schedule, now, outcome);
        let number = claim.record.number.as_str();
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let early = match trigger {
            Trigger::Schedule => None,
            Trigger::Button => Some("button"),
            Trigger::Hint => Some("hint"),
        };
        let release = [
            at.into(),
            now.into(),
            early.into(),
            count(hint_checks).into(),
            number.into(),
            claim.until.into(),
            count(claim.record.progress.hint_checks).into(),
        ];
        let unanswered_at = (outcome == CheckOutcome::Unanswered).then_some(now);
        let checked = [
            now.into(),
            count(checks).into(),
            count(failures).into(),
            unanswered_at.into(),
            is_final.then_some(now).into(),
            number.into(),
        ];
        self.write(|step| {
            step.query(sql::RELEASE, &release)?;
            if !matches!(outcome, CheckOutcome::Paused { .. }) {
                step.query(sql::CHECKED, &checked)?;
            }
            Ok(at)
        })
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

/// Claims what is due, as far as the first `limit` turns of the key's budget go.
fn claim(
    step: &mut dyn Statements,
    due: Vec<Record>,
    limit: u32,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<Claim>, Error> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let mut turns = free_turns(step, limit, now)?.into_iter();
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
        let claim = [until.into(), now.into(), record.number.as_str().into()];
        step.query(sql::CLAIM, &claim)?;
        claims.push(Claim { record, until });
    }
    Ok(claims)
}

/// How far ahead a turn may have been taken by a process whose question is a little later.
const TURN_TOLERANCE: Duration = Duration::from_secs(10);

/// The turns that are free, of the first `limit`, each with the time from which on it counts as
/// taken.
pub(crate) fn free_turns(
    step: &mut dyn Statements,
    limit: u32,
    now: WibTime,
) -> Result<Vec<(i64, WibTime)>, Error> {
    let clock = step.server_time()?.unwrap_or(now);
    // Times are kept to the second: rounded up, and a second more for the way to the provider.
    let taken_at = clock.later_by(Duration::from_secs(1));
    step.query(sql::TURNS_AHEAD, &[taken_at.into(), clock.later_by(TURN_TOLERANCE).into()])?;
    let parameters = [limit.into(), earlier(clock, Duration::from_secs(61)).into()];
    let rows = step.query(sql::FREE_TURNS, &parameters)?;
    rows.into_iter().map(|mut row| Ok((row.integer(0, "slot")?, taken_at))).collect()
}
