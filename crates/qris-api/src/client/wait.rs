//! Waits for a payment, check after check.

use std::ops::ControlFlow;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::inner::Client;
use crate::age::Age;
use crate::clock::Clock;
use crate::error::{Error, PauseCause};
use crate::invoice::{Invoice, InvoiceId};
use crate::payment::Payment;
use crate::schedule::{Schedule, Trigger};
use crate::wait::{Check, Days, EarlyCheck, Wait};

/// Waits until `due`, or until an early check is requested.
async fn sleep(clock: &Clock, due: Duration, early: Option<&EarlyCheck>) -> Trigger {
    let early_wanted = async {
        match early {
            Some(early) => early.wanted().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = clock.sleep_until(due) => Trigger::Schedule,
        trigger = early_wanted => trigger,
    }
}

/// The longest time between two checks while the provider does not answer.
const MAX_BACKOFF: Duration = Duration::from_secs(60 * 60);

pub(super) async fn wait_for_payment(
    client: &Client,
    invoice: &Invoice,
    mut wait: Wait<'_>,
) -> Result<Payment, Error> {
    let clock = client.clock();
    let age = Age::new(invoice, clock, client.server_clock());
    let plan = Plan::new(client.schedule(), invoice.qris_invoiceid);
    // Checks that were due before the wait began are replaced by one check at once.
    let mut due = clock.elapsed().saturating_add(plan.first(age.likely(Duration::MAX)));
    let mut number = 0;
    let mut turn = 0;
    let mut unanswered = 0;
    loop {
        let trigger = sleep(clock, due, wait.early_check.as_ref()).await;
        let permit = match client.permit(invoice, trigger).await {
            Ok(permit) => permit,
            Err(Error::Paused { cause: PauseCause::Refused(reason), .. }) => {
                return Err(Error::Rejected { reason });
            }
            Err(Error::Paused { wait, .. }) => {
                due = clock.elapsed().saturating_add(wait);
                continue;
            }
            Err(other) => return Err(other),
        };
        let (made, made_at) = (clock.elapsed(), clock.now());
        let on_schedule = trigger == Trigger::Schedule;
        let in_turn = on_schedule && age.is_known() && age.certain() < plan.end;
        let days = if in_turn { Days::InTurn(turn) } else { Days::All };
        let outcome = client.check_once(invoice, trigger, days, permit).await;
        number += 1;
        turn += u32::from(in_turn && client.day_count(invoice) > 1);
        // The age when the check was sent: the answer may have corrected the age.
        let answering = clock.elapsed().saturating_sub(made);
        let is_end = age.certain().saturating_sub(answering) >= plan.end;
        if is_end && on_schedule {
            due = made.saturating_add(plan.backoff(unanswered));
            unanswered += 1;
        } else if on_schedule {
            due = made.saturating_add(plan.next(age.likely(plan.end).saturating_sub(answering)));
        }
        let paid = matches!(outcome, Ok(Payment::Paid(_)));
        let unpaid = outcome == Ok(Payment::Unpaid) && is_end && days == Days::All;
        // An unknown reason may be temporary; a known one would be given again.
        let refused = matches!(&outcome, Err(Error::Rejected { reason }) if reason.is_known());
        let over = paid || unpaid || refused;
        let next_at = later(clock.now(), due.saturating_sub(clock.elapsed()));
        let check = Check {
            number,
            trigger,
            made_at: made_at.into(),
            outcome,
            next_at: (!over).then_some(next_at.into()),
        };
        let step = wait.on_check.as_mut().map(|callback| callback(&check));
        if over || step == Some(ControlFlow::Break(())) {
            return check.outcome;
        }
    }
}

/// The schedule of one invoice, with its jitter.
#[derive(Clone, Copy, Debug)]
struct Plan {
    schedule: Schedule,
    delay: Duration,
    /// From this age on, the next answer ends the wait.
    end: Duration,
}

impl Plan {
    fn new(schedule: Schedule, invoice: InvoiceId) -> Self {
        let delay = schedule.delay(invoice);
        let last = schedule.times().last().copied().unwrap_or_default();
        Self { schedule, delay, end: last.saturating_add(delay) }
    }

    /// How long after this age the first check is due.
    fn first(&self, age: Duration) -> Duration {
        let first = self.schedule.times().first().copied().unwrap_or_default();
        first.saturating_add(self.delay).saturating_sub(age)
    }

    /// How long after a check at this age the next is due.
    fn next(&self, age: Duration) -> Duration {
        let next = self.schedule.next_after(age.saturating_sub(self.delay)).unwrap_or_default();
        let due = next.saturating_add(self.delay).saturating_sub(age);
        due.max(self.schedule.gap_before(next))
    }

    /// How long after an unanswered check the next one follows, after the end.
    fn backoff(&self, unanswered: u32) -> Duration {
        let factor = 1_u32.checked_shl(unanswered).unwrap_or(u32::MAX);
        self.schedule.check_gap.saturating_mul(factor).min(MAX_BACKOFF)
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}
