//! One more check of every code when a program begins to watch, or when a refused key is accepted again.

use std::time::Duration;

use qris_api::WibTime;

use crate::check::after_gap;
use crate::{Budget, Error, Ledger, sql};

/// A group of codes is due every minute, because the budget is for a minute.
const GROUP_EVERY: Duration = Duration::from_secs(60);

impl Ledger {
    /// Makes every invoice of the selected merchant that may be paid due for a check: at once, but not
    /// within `gap` of its last check. Returns how many are due earlier than before.
    ///
    /// A program calls this when it begins to watch, because payments may have come while no program
    /// watched, and when a refused key is accepted again. The newest invoices come first, a minute's half
    /// of the scheduled checks every minute, so that current sales have free slots. The checks of the full
    /// schedule are back too, because webhooks may have been lost.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn check_all_soon(
        &mut self,
        budget: &Budget,
        gap: Duration,
        now: WibTime,
    ) -> Result<usize, Error> {
        let group = usize::try_from(budget.scheduled_per_minute() / 2).unwrap_or(1).max(1);
        self.write(|step| {
            let mut moved = 0_usize;
            for mut row in step.query(sql::AHEAD, &[step.merchant.into(), now.into()])? {
                let id = row.integer(0, "id")?;
                let is_early = row.optional_text(1, "early")?.is_some();
                // A code cannot have been paid before it was made.
                let made = row.time(2, "requested_at")?;
                let checked = row.optional_time(3, "checked_at")?;
                let asked = row.optional_time(4, "asked_at")?;
                let next = row.time(5, "next_check_at")?;
                let allowed = after_gap(Some(made).max(checked).max(asked), gap, now);
                if is_early && allowed > now {
                    // A process may be making the manual check, or the one of a webhook.
                    continue;
                }
                let groups = u32::try_from(moved / group).unwrap_or(u32::MAX);
                let at = allowed.max(now.later_by(GROUP_EVERY.saturating_mul(groups)));
                if at < next {
                    step.query(sql::POLL_AGAIN, &[at.into(), now.into(), id.into()])?;
                    moved += 1;
                }
            }
            step.query(sql::UNANNOUNCED, &[step.merchant.into()])?;
            Ok(moved)
        })
    }
}
