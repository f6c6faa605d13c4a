//! Fewer checks by the schedule while webhooks announce every payment.
//!
//! The provider limits how often a key may ask. Where its webhooks have lately come before a check of
//! the schedule found the payment, most of those checks find nothing: so they thin out. One payment
//! that no webhook announced brings them back.

use std::time::Duration;

use qris_api::{Schedule, WibTime};

use crate::database::Step;
use crate::next_check::Start;
use crate::rows::earlier;
use crate::{Error, sql};

/// How many payments in a row a webhook must have announced.
const ANNOUNCED: i64 = 5;

/// How long ago the last of them may be.
const LATELY: Duration = Duration::from_secs(24 * 60 * 60);

/// The age of the first check while they are thinned out: by then most payers have paid, so that a
/// payment without its webhook is found early enough to bring the others back.
const FIRST: Duration = Duration::from_secs(5 * 60);

/// The least time between two checks of an invoice.
const GAP: Duration = Duration::from_secs(60);

/// How long after one invoice that was asked about already the next one is asked about, when the
/// polls come back.
const ASKED_AGAIN_EVERY: Duration = Duration::from_secs(5);

/// The ages at which an invoice is checked while the schedule is thinned out.
pub(crate) fn thinned(schedule: &Schedule) -> Vec<Duration> {
    let mut ages = vec![FIRST.max(schedule.check_gap), schedule.end()];
    ages.retain(|&age| age <= schedule.end());
    ages.dedup();
    ages
}

/// Whether the schedule of the merchant's checks is thinned out.
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

/// When the provider is first to be asked about a new invoice.
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

/// A payment was booked: says whether a webhook had announced it.
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

/// Brings the polls back. What was not asked about yet is due at once, the oldest first: most of it
/// is paid. The others had an answer "not paid" long after most payers pay, so they leave turns to it.
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
