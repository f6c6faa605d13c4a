//! Deletes old deliveries that have ended.

use std::time::Duration;

use qris_api::WibTime;

use crate::{Error, Ledger};

/// How long a delivery is kept after it was accepted or given up.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Deliveries of a merchant that ended before a time.
macro_rules! ended {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "SELECT id FROM qris_delivery WHERE merchant = $1 \
             AND (state = 'delivered' AND delivered_at < $2 \
                 OR state = 'given-up' AND next_try_at < $2) ",
            $after
        )
    };
}

const ANY: &str = ended!("", "LIMIT 1");

/// A delivery that is sent again meanwhile stays.
const DELETE: &str = ended!(
    "DELETE FROM qris_delivery WHERE state <> 'pending' AND id IN (",
    "ORDER BY id LIMIT $3) RETURNING id"
);

/// Deliveries that ended before this time are deleted.
pub(super) fn kept_since(now: WibTime) -> WibTime {
    now.timestamp().checked_sub(KEPT_FOR).map_or(now, WibTime::from)
}

impl Ledger {
    /// Deletes deliveries of the selected merchant that were accepted or given up more than 30 days ago: at
    /// most this many, oldest first. Returns how many. If there are none, it only reads. Their
    /// [events](Ledger::outbox) and pending deliveries stay.
    ///
    /// ```
    /// use qris_api::WibTime;
    /// use qris_ledger::Ledger;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// assert_eq!(ledger.delete_old_deliveries(500, WibTime::now())?, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn delete_old_deliveries(&mut self, limit: u32, now: WibTime) -> Result<usize, Error> {
        let before = kept_since(now);
        if !self.read(|step| step.moved(ANY, &[step.merchant.into(), before.into()]))? {
            return Ok(0);
        }
        self.write(|step| {
            let ended = [step.merchant.into(), before.into(), limit.into()];
            Ok(step.query(DELETE, &ended)?.len())
        })
    }
}
