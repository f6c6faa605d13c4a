//! Which invoice to check with the provider next, and which process does it.

use std::time::Duration;

use jiff::civil::Date;
use qris_api::{InvoiceId, ManualCheck, Schedule, TransactionNumber, Trigger, WibTime};

use crate::database::Step;
use crate::ledger::revive;
use crate::lists::span;
use crate::next_check::Next;
use crate::order::Progress;
use crate::request::FRESH;
use crate::rows::{earlier, find, first_orders, integer, orders};
use crate::thinning::{is_thin, thinned};
use crate::{
    Budget, CheckOutcome, Claim, Error, Ledger, MerchantRowId, Order, OrderClaim, State, sql,
};

impl Ledger {
    /// Sets the time of the next check of a `pending` or `expired` invoice. Other invoices stay as they are.
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
        self.write(|step| {
            let parameters = [at.into(), now.into(), step.merchant.into(), id.into()];
            step.query(sql::SCHEDULE, &parameters).map(drop)
        })
    }

    /// Claims the invoices that are due for a check: at most `limit`, and no more than the key's budget
    /// allows.
    ///
    /// Invoices with a manual check or a webhook come first, then the scheduled ones. In each group the most
    /// overdue comes first. [`Budget::early_percent`] of the budget is not available to the schedule.
    ///
    /// `now` is the best known time, from [`qris_api::Client::now`].
    ///
    /// No other process gets a claimed invoice until the claim ends. Check each one once, now, with
    /// [`Claim::trigger`]; then call [`Ledger::record_check`]. If a process is killed, its invoices are due again
    /// when the claim ends. An invoice is also due if a clock that was later set back chose its next check,
    /// or if it has no next check and no final answer. After midnight a check makes two calls and takes two
    /// slots of the budget. The slots follow the database server's clock if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`],
    /// [`Error::Corrupt`].
    pub fn claim_checks(
        &mut self,
        budget: &Budget,
        limit: u32,
        now: WibTime,
    ) -> Result<Vec<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            revive(step, now)?;
            let due = [step.merchant.into(), now.into()];
            let early = first_orders(step, sql::DUE_EARLY, &due, limit)?;
            let mut claims = claim(step, early, budget.checks_per_minute, budget, now)?;
            let left = usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(claims.len());
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            let scheduled = first_orders(step, sql::DUE, &due, left)?;
            claims.extend(claim(step, scheduled, budget.scheduled_per_minute(), budget, now)?);
            Ok(claims)
        })
    }

    /// [`claim_checks`](Self::claim_checks) for one invoice. `None` if it is not due, if another process has
    /// claimed it, or if the budget has no slot left in this minute.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::claim_checks`].
    pub fn claim_check(
        &mut self,
        number: &TransactionNumber,
        budget: &Budget,
        now: WibTime,
    ) -> Result<Option<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            revive(step, now)?;
            let key = [step.merchant.into(), number.as_str().into(), now.into()];
            let due = orders(step, sql::DUE_ONE, &key)?;
            let is_early = |order: &Order| order.progress.trigger != Trigger::Schedule;
            let turns = match due.first().is_some_and(is_early) {
                true => budget.checks_per_minute,
                false => budget.scheduled_per_minute(),
            };
            Ok(claim(step, due, turns, budget, now)?.pop())
        })
    }

    /// Makes sure that every slot of a minute has a row.
    pub(crate) fn make_turns(&mut self, wanted: u32) -> Result<(), Error> {
        if self.turns.get(&self.merchant).is_none_or(|&made| made < wanted) {
            self.write(|step| {
                for slot in 0..wanted {
                    step.query(sql::ADD_TURN, &[step.merchant.into(), slot.into()])?;
                }
                Ok(())
            })?;
            self.turns.insert(self.merchant, wanted);
        }
        Ok(())
    }

    /// Ends a claim with the outcome of its check. Returns when the next check is due, or `None` after a
    /// final answer: one that came at or after the end of validity and grace.
    ///
    /// Without an answer the schedule goes on. After its end the checks continue with growing gaps of up to
    /// an hour, until there is an answer. A paused or refused key uses up no checks, and a refused one puts a
    /// check off by about a minute only. A time that was set meanwhile, for example by a manual check, stays.
    ///
    /// `now` is the best known time, from [`qris_api::Client::now`].
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn record_check(
        &mut self,
        claim: &Claim,
        outcome: CheckOutcome,
        schedule: &Schedule,
        now: WibTime,
    ) -> Result<Option<WibTime>, Error> {
        let Some(invoice) = claim.order.invoice_row else { return Ok(None) };
        self.write(|step| {
            let times = if is_thin(step, now)? { thinned(schedule) } else { schedule.times() };
            let Next { at, is_final, checks, failures, hint_checks, trigger } =
                claim.next(schedule, &times, now, outcome);
            let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
            let early = match trigger {
                Trigger::Button => Some("button"),
                Trigger::Webhook => Some("hint"),
                _ => None,
            };
            let release = [
                at.into(),
                now.into(),
                early.into(),
                count(hint_checks).into(),
                invoice.into(),
                claim.until.into(),
                count(claim.order.progress.hint_checks).into(),
            ];
            step.query(sql::RELEASE, &release)?;
            let (unanswered_at, answered_at) = match outcome {
                CheckOutcome::Paused { .. } => return Ok(at),
                CheckOutcome::Unanswered | CheckOutcome::KeyRefused => (Some(now), None),
                CheckOutcome::Unpaid => (None, Some(now)),
            };
            let checked = [
                now.into(),
                count(checks).into(),
                count(failures).into(),
                unanswered_at.into(),
                answered_at.into(),
                is_final.then_some(now).into(),
                invoice.into(),
            ];
            step.query(sql::CHECKED, &checked)?;
            Ok(at)
        })
    }

    /// Requests a manual check: the invoice is due at once, or `gap` after its last check, if manual checks
    /// are left.
    ///
    /// An invoice has `tries` manual checks, at least `gap` apart, counted over all processes.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if the order is not waiting for a payment.
    pub fn request_check(
        &mut self,
        number: &TransactionNumber,
        tries: u32,
        gap: Duration,
        now: WibTime,
    ) -> Result<ManualCheck, Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            // The newest invoice that has a code.
            let mut invoices = order.invoices.iter().rev();
            let payable = invoices.find(|invoice| invoice.state.may_be_paid());
            let Some(invoice) = payable.filter(|_| order.state.may_be_paid()) else {
                let expected = &[State::Pending, State::Expired, State::Cancelled];
                return Err(Error::State { expected, found: order.state });
            };
            let invoice = invoice.id;
            let mut row = step.first(sql::LAST_CHECK, &[invoice.into()])?.ok_or(Error::Absent)?;
            let checked = row.optional_time(1, "checked_at")?;
            let due = after_gap(checked.max(row.optional_time(2, "asked_at")?), gap, now);
            let parameters = [
                rounded_up(now).into(),
                due.into(),
                now.into(),
                invoice.into(),
                tries.into(),
                earlier(now, gap).into(),
                // No manual check is in the future: the clock was set back since.
                now.later_by(gap).into(),
            ];
            if let Some(mut row) = step.first(sql::PRESS, &parameters)? {
                let presses = row.natural(0, "presses")?;
                let left = u64::from(tries).saturating_sub(presses);
                return Ok(ManualCheck::Accepted { left: left.try_into().unwrap_or(u32::MAX) });
            }
            let mut row = step.first(sql::PRESSED, &[invoice.into()])?.ok_or(Error::Absent)?;
            let used_up = row.natural(0, "presses")? >= u64::from(tries);
            match row.optional_time(1, "pressed_at")?.filter(|_| !used_up) {
                None => Ok(ManualCheck::NoneLeft),
                Some(at) => {
                    let left = at.later_by(gap).timestamp().duration_since(now.timestamp());
                    Ok(ManualCheck::TooSoon { wait: Duration::try_from(left).unwrap_or_default() })
                }
            }
        })
    }

    /// Claims every invoice of an order that may still be paid, due or not, before another code is requested
    /// or the order is cancelled. Skips invoices that were answered "not paid" within the last `fresh` (50
    /// seconds at most) and invoices with a final answer.
    ///
    /// No invoice is checked within `gap` of its last check.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::claim_checks`].
    pub fn claim_order(
        &mut self,
        number: &TransactionNumber,
        budget: &Budget,
        gap: Duration,
        fresh: Duration,
        now: WibTime,
    ) -> Result<OrderClaim, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            find(step, number)?.ok_or(Error::Absent)?;
            let payable =
                orders(step, sql::PAYABLE, &[step.merchant.into(), number.as_str().into()])?;
            let mut found = OrderClaim::default();
            for order in payable {
                let Progress { checked_at, answered_at, asked_at, .. } = order.progress;
                // Another process may be checking it now.
                let checked_at = checked_at.max(asked_at);
                // A time in the future was written by a clock that was set back since.
                let within = |at: Option<WibTime>, time| {
                    at.filter(|at| *at <= now.later_by(time) && now < at.later_by(time))
                };
                if within(answered_at, fresh.min(FRESH - MARGIN)).is_some() {
                    continue;
                }
                if let Some(at) = within(checked_at, gap) {
                    let left = at.later_by(gap).timestamp().duration_since(now.timestamp());
                    let left = Duration::try_from(left).unwrap_or_default();
                    found.wait = found.wait.max(Some(left.max(MIN_WAIT)));
                    continue;
                }
                let taken = claim(step, vec![order], budget.checks_per_minute, budget, now)?;
                match taken.is_empty() {
                    true => found.wait = found.wait.max(Some(BUDGET_WAIT)),
                    false => found.claims.extend(taken),
                }
            }
            Ok(found)
        })
    }

    /// The merchants with an invoice that is due for a check. Call [`Ledger::revive`] from time to time: it
    /// makes invoices due that have no next check, or that a wrong clock delayed.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn due_merchants(&self, now: WibTime) -> Result<Vec<MerchantRowId>, Error> {
        self.read(|step| {
            let rows = step.query(sql::DUE_MERCHANTS, &[now.into()])?.into_iter();
            let due = rows.map(|mut row| Ok(MerchantRowId(row.integer(0, "id")?)));
            let mut due = due.collect::<Result<Vec<_>, Error>>()?;
            due.sort_unstable();
            Ok(due)
        })
    }

    /// Schedules one more check for each unpaid invoice of the selected merchant's last day whose watching is
    /// over. Returns how many. It does so once a day: at the first call after 02:00 WIB, when the watching of
    /// the last evening is over. Days on which no process ran are included.
    ///
    /// These checks use the same budget as all others. They are six seconds apart, so that current sales have
    /// free slots.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn sweep(&mut self, now: WibTime) -> Result<usize, Error> {
        // An invoice of the late evening is watched for about an hour after midnight.
        let Ok(day) = earlier(now, SWEEP_AFTER).date().yesterday() else { return Ok(0) };
        let word = day.to_string();
        let swept_on = self.read(|step| {
            let row = step.first(sql::SWEPT_ON, &[step.merchant.into()])?;
            row.map(|mut row| row.optional_text(0, "swept_on")).transpose()
        })?;
        let swept_on = swept_on.flatten();
        if swept_on.as_deref() == Some(word.as_str()) {
            return Ok(0);
        }
        // A day in the future was swept by a clock that was set back since.
        let last: Option<Date> = swept_on.and_then(|day| day.parse().ok());
        let last = last.filter(|last| *last < day).and_then(|last| last.tomorrow().ok());
        let [from, to] = span(last.unwrap_or(day), day);
        self.write(|step| {
            if !step.moved(sql::SET_SWEPT_ON, &[word.as_str().into(), step.merchant.into()])? {
                return Ok(0);
            }
            let unpaid = step.query(sql::UNPAID, &[step.merchant.into(), from, to])?;
            let mut at = now;
            for row in &unpaid {
                step.query(sql::SWEEP, &[at.into(), now.into(), row.0.first().cloned().into()])?;
                at = at.later_by(SWEEP_EVERY);
            }
            Ok(unpaid.len())
        })
    }
}

/// The time between two checks of a sweep.
const SWEEP_EVERY: Duration = Duration::from_secs(6);

/// How long after midnight a day is swept.
const SWEEP_AFTER: Duration = Duration::from_secs(2 * 60 * 60);

/// The rest of the minute for which an answer counts, so that the intent is recorded within it.
const MARGIN: Duration = Duration::from_secs(10);

/// The minimum wait for a gap, and for a free slot of the budget.
const MIN_WAIT: Duration = Duration::from_millis(100);
const BUDGET_WAIT: Duration = Duration::from_secs(1);

/// Now, or the minimum gap after the last check: a manual check or a webhook makes an invoice due no earlier.
pub(crate) fn after_gap(last: Option<WibTime>, gap: Duration, now: WibTime) -> WibTime {
    // A time in the future was written by a clock that was set back since.
    last.map_or(now, |at| at.later_by(gap).max(now).min(now.later_by(gap)))
}

/// Times are stored in whole seconds, rounded up, so that no gap becomes shorter.
fn rounded_up(at: WibTime) -> WibTime {
    at.later_by(Duration::from_nanos(999_999_999))
}

/// Claims what is due, using at most the first `limit` slots of the key's budget.
fn claim(
    step: &mut Step<'_>,
    due: Vec<Order>,
    limit: u32,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<Claim>, Error> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    // Each may take two slots.
    let wanted = u32::try_from(due.len()).unwrap_or(u32::MAX).saturating_mul(2);
    let mut turns = free_turns(step, limit, wanted, now)?.into_iter();
    let until = now.later_by(budget.claim);
    let mut claims = Vec::new();
    for order in due {
        let (Some(invoice), Some(row)) = (&order.invoice, order.invoice_row) else { continue };
        let questions = if now.date() > invoice.qris_request_date.date() { 2 } else { 1 };
        if turns.len() < questions {
            break;
        }
        for (slot, at) in turns.by_ref().take(questions) {
            take_turn(step, slot, at)?;
        }
        let claim = [until.into(), now.into(), rounded_up(now).into(), row.into()];
        step.query(sql::CLAIM, &claim)?;
        claims.push(Claim { order, until });
    }
    Ok(claims)
}

/// How far in the future a slot may be that a process took for a slightly later call.
const TURN_TOLERANCE: Duration = Duration::from_secs(10);

/// The free slots among the first `limit`, at most as many as wanted, each with the time from which it counts
/// as taken.
pub(crate) fn free_turns(
    step: &mut Step<'_>,
    limit: u32,
    wanted: u32,
    now: WibTime,
) -> Result<Vec<(i64, WibTime)>, Error> {
    let clock = step.server_time()?.unwrap_or(now);
    // Times are stored in whole seconds: rounded up, plus one second for the way to the provider.
    let taken_at = clock.later_by(Duration::from_secs(1));
    let ahead = clock.later_by(TURN_TOLERANCE);
    step.query(sql::TURNS_AHEAD, &[taken_at.into(), step.merchant.into(), ahead.into()])?;
    let free_since = earlier(clock, Duration::from_secs(61));
    let parameters = [step.merchant.into(), limit.into(), free_since.into(), wanted.into()];
    let rows = step.query(sql::FREE_TURNS, &parameters)?;
    rows.into_iter().map(|mut row| Ok((row.integer(0, "slot")?, taken_at))).collect()
}

pub(crate) fn take_turn(step: &mut Step<'_>, slot: i64, at: WibTime) -> Result<(), Error> {
    step.query(sql::TAKE_TURN, &[at.into(), step.merchant.into(), slot.into()]).map(drop)
}
