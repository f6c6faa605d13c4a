//! The events of orders, for a program that follows them.

use std::time::Duration;

use qris_ledger::OutboxEvent;

use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// The time between two looks for events of other processes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// The events of a merchant's orders after a cursor, in order, from any process; at most `limit`. 0 is
    /// before the first. If there are none, it waits for the next one, at most `max_wait`.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with the ledger's error; [`Error::UnknownMerchant`].
    pub async fn events(
        &self,
        context: &Context,
        after: u64,
        limit: u32,
        max_wait: Duration,
    ) -> Result<Vec<OutboxEvent>, Error> {
        self.served(context)?;
        let begun = self.clock.elapsed();
        // Subscribe before reading the ledger, so that no change in between is missed.
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
