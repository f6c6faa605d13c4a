//! For programs that run for a moment and have no watcher.

use qris_api::WibTime;

use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Learns the provider's time, books what time alone has done to the orders of the merchant, and
    /// gives the time: codes that are no longer shown are `expired`, and what a process was asking
    /// for when it was killed is `unknown`.
    ///
    /// [`watch`](Self::watch) does this by itself. A program without a watcher calls this first, so
    /// that a host's clock that is wrong neither shows a code for too long nor hides one. If the
    /// provider says nothing within 2 seconds, the host's clock has to do.
    ///
    /// # Errors
    ///
    /// What the ledger fails with; [`Error::UnknownMerchant`].
    pub async fn catch_up(&self, context: &Context) -> Result<WibTime, Error> {
        let served = self.served(context)?;
        self.reach(served).await;
        let now = served.now();
        // An intent may have been booked by either clock.
        let earliest = now.min(self.clock.host_time()).timestamp();
        let long_ago = earliest.checked_sub(served.merchant.abandon_after);
        let caught_up = self.ledger.write(context, move |ledger| {
            ledger.expire(now)?;
            if let Ok(long_ago) = long_ago {
                ledger.abandon(long_ago.into(), now)?;
            }
            Ok(())
        });
        caught_up.await?;
        Ok(now)
    }
}
