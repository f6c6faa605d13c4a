//! Fewer scheduled checks while webhooks announce every payment.
//!
//! The provider limits how often a key may call. If webhooks have recently come before scheduled checks found
//! the payments, most of those checks find nothing, so the schedule makes fewer. One payment without a
//! webhook brings them back.

use std::time::Duration;

use qris_api::{Schedule, WibTime};

use crate::database::Step;
use crate::next_check::Start;
use crate::rows::earlier;
use crate::{Error, sql};

/// The number of consecutive payments that a webhook must have announced.
const ANNOUNCED: i64 = 5;

/// The maximum age of the last of them. A shop without a payment for an hour has checks to spare, and nothing
/// shows that its webhooks still come.
const LATELY: Duration = Duration::from_secs(60 * 60);

/// The age of the first check in the thinned schedule. By then most payers have paid, so a payment without a
/// webhook is found early enough to bring the other checks back.
const FIRST: Duration = Duration::from_secs(5 * 60);

/// The minimum time between two checks of an invoice.
const GAP: Duration = Duration::from_secs(60);

/// The time between the next checks of invoices that were already checked, when the full schedule comes back.
const ASKED_AGAIN_EVERY: Duration = Duration::from_secs(5);

/// The ages at which the thinned schedule checks an invoice.
pub(crate) fn thinned(schedule: &Schedule) -> Vec<Duration> {
    let mut ages = vec![FIRST.max(schedule.check_gap), schedule.end()];
    ages.retain(|&age| age <= schedule.end());
    ages.dedup();
    ages
}

/// Whether the merchant's schedule is thinned.
pub(crate) fn is_thin(step: &mut Step<'_>, now: WibTime) -> Result<bool, Error> {
    let Some(mut row) = step.first(sql::ANNOUNCED, &[step.merchant.into()])? else {
        return Ok(false);
    };
    let count = row.integer(0, "announced")?;
    let last = row.optional_time(1, "announced_at")?;
    let ahead = now.later_by(LATELY);
    let is_recent = last.is_some_and(|at| at >= earlier(now, LATELY) && at <= ahead);
    Ok(count >= ANNOUNCED && is_recent)
}

/// When the first check of a new invoice is due.
pub(crate) fn first_check(
    step: &mut Step<'_>,
    start: Start,
    schedule: &Schedule,
    now: WibTime,
) -> Result<WibTime, Error> {
    let is_thin = is_thin(step, now)?;
    let times = if is_thin { thinned(schedule) } else { schedule.times() };
    Ok(start.first_check(&times, now))
}

/// Records whether a webhook had announced a payment.
pub(crate) fn announced(
    step: &mut Step<'_>,
    was_announced: bool,
    now: WibTime,
) -> Result<(), Error> {
    if was_announced {
        return step.query(sql::ANNOUNCE, &[now.into(), step.merchant.into()]).map(drop);
    }
    let was_thin = is_thin(step, now)?;
    step.query(sql::UNANNOUNCED, &[step.merchant.into()])?;
    if was_thin {
        poll_again(step, now)?;
    }
    Ok(())
}

/// Brings the full schedule back. Invoices without a check are due at once, oldest first; most of them are
/// paid. The others had a "not paid" answer long after most payers pay, so they wait.
fn poll_again(step: &mut Step<'_>, now: WibTime) -> Result<(), Error> {
    let parameters = [step.merchant.into(), now.into(), earlier(now, GAP).into()];
    let (mut unasked, mut asked) = (Vec::new(), Vec::new());
    for mut row in step.query(sql::THINNED, &parameters)? {
        let id = row.integer(0, "id")?;
        match row.optional_time(1, "checked_at")? {
            None => unasked.push(id),
            Some(_) => asked.push((id, row.time(2, "next_check_at")?)),
        }
    }
    let mut at = now;
    for id in unasked.into_iter().rev() {
        step.query(sql::POLL_AGAIN, &[at.into(), now.into(), id.into()])?;
        at = earlier(at, Duration::from_secs(1));
    }
    let mut at = now;
    for (id, due) in asked {
        at = at.later_by(ASKED_AGAIN_EVERY);
        step.query(sql::POLL_AGAIN, &[at.min(due).into(), now.into(), id.into()])?;
    }
    Ok(())
}
