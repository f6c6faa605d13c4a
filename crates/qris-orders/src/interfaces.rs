//! The interfaces that the service needs: a provider, a ledger and a clock.
//!
//! In production these are [`qris_api::Client`], [`LedgerPool`](crate::LedgerPool) and [`SystemClock`]. The
//! simulation has its own.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use qris_api::{
    Client, Error, Invoice, Payment, Rupiah, Schedule, Tip, TransactionNumber, Trigger, WibTime,
};
use qris_ledger::Ledger;

use crate::Context;

/// The provider, as one merchant calls it.
pub trait Provider: Send + Sync + 'static {
    /// Whether [`create`](Self::create) would ask the provider for this amount. It is asked before anything
    /// is recorded, so that a refused amount does not use up the order's number. Accepts every amount by
    /// default.
    ///
    /// # Errors
    ///
    /// The errors of [`Client::check_amount`].
    fn check_amount(&self, amount: Rupiah) -> Result<(), Error> {
        let _ = amount;
        Ok(())
    }

    /// Requests a code.
    ///
    /// # Errors
    ///
    /// The errors of [`Client::create_invoice`].
    fn create(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> impl Future<Output = Result<Invoice, Error>> + Send;

    /// Checks whether a code is paid, as soon as the gap between checks allows.
    ///
    /// # Errors
    ///
    /// The errors of [`Client::check_invoice_for`].
    fn check(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
    ) -> impl Future<Output = Result<Payment, Error>> + Send;

    /// [`check`](Self::check), but `None` if the check may not start within `max_wait`. A check that has
    /// started is completed.
    ///
    /// # Errors
    ///
    /// The errors of [`check`](Self::check).
    fn check_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> impl Future<Output = Result<Option<Payment>, Error>> + Send {
        let _ = max_wait;
        async move { self.check(invoice, trigger).await.map(Some) }
    }

    /// Learns the provider's time with a call that changes nothing.
    fn server_time(&self) -> impl Future<Output = ()> + Send;

    /// The best known time: the provider's time from its last reply, continued with monotonic time, or the
    /// host's clock before the first reply.
    fn now(&self) -> WibTime;

    /// The schedule of showing and checking codes.
    fn schedule(&self) -> Schedule;
}

impl Provider for Client {
    fn check_amount(&self, amount: Rupiah) -> Result<(), Error> {
        Self::check_amount(self, amount)
    }

    async fn create(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        self.create_invoice(number, amount, tip).await
    }

    async fn check(&self, invoice: &Invoice, trigger: Trigger) -> Result<Payment, Error> {
        self.check_invoice_for(invoice, trigger).await
    }

    async fn check_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> Result<Option<Payment>, Error> {
        self.check_invoice_within(invoice, trigger, max_wait).await
    }

    async fn server_time(&self) {
        // Without an answer, the first check gives the time.
        Self::server_time(self).await.ok();
    }

    fn now(&self) -> WibTime {
        Self::now(self)
    }

    fn schedule(&self) -> Schedule {
        Self::schedule(self)
    }
}

/// Access to the ledger for many concurrent users.
///
/// `context` has the merchant and the actor of the work.
pub trait SharedLedger: Send + Sync + 'static {
    /// Changes the ledger. The work completes even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of `work`, and of connecting to the database.
    fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, qris_ledger::Error>> + Send;

    /// Reads from the ledger.
    ///
    /// # Errors
    ///
    /// The errors of `work`, and of connecting to the database.
    fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, qris_ledger::Error>> + Send;
}

/// Time. No other code of the service sleeps or reads a clock.
pub trait Clock: Send + Sync + 'static {
    /// Sleeps for this long.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Monotonic time since a fixed moment of this process.
    fn elapsed(&self) -> Duration;

    /// The host's clock.
    fn host_time(&self) -> WibTime;
}

/// The system's time, with the timers of tokio.
///
/// ```
/// use qris_orders::{Clock as _, SystemClock};
///
/// let before = SystemClock.elapsed();
/// assert!(SystemClock.elapsed() >= before);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// The starting moment of all clocks of the process.
static PROCESS_START: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock for SystemClock {
    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn elapsed(&self) -> Duration {
        PROCESS_START.elapsed()
    }

    fn host_time(&self) -> WibTime {
        WibTime::now()
    }
}
