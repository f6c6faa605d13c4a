//! What is told of orders, for a program that follows it.

use std::time::Duration;

use qris_ledger::OutboxEvent;

use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How often it is looked what other processes told.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// What is told of a merchant's orders after a cursor, in the order in which it was booked, by
    /// whichever process; at most `limit`. 0 is before the first. Where there is nothing yet, this
    /// waits for the next, but no longer than `max_wait`.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with what the ledger fails with; [`Error::UnknownMerchant`].
    pub async fn events(
        &self,
        context: &Context,
        after: u64,
        limit: u32,
        max_wait: Duration,
    ) -> Result<Vec<OutboxEvent>, Error> {
        self.served(context)?;
        let begun = self.clock.elapsed();
        // Before the ledger is asked, so that nothing is missed in between.
        let mut changes = self.changes();
        loop {
            let read = self.ledger.read(context, move |ledger| ledger.outbox(after, limit));
            let events = read.await?;
            let waited = self.clock.elapsed().saturating_sub(begun);
            let left = max_wait.saturating_sub(waited);
            if !events.is_empty() || left.is_zero() || limit == 0 {
                return Ok(events);
            }
            tokio::select! {
                _ = changes.next() => {}
                () = self.clock.sleep(left.min(LOOK_EVERY)) => {}
            }
        }
    }
}
