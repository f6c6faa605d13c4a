//! What the use case needs of the world: a provider, a ledger and a clock.
//!
//! In production these are [`qris_api::Client`], [`LedgerPool`](crate::LedgerPool) and
//! [`SystemClock`]; a simulator has its own.

use std::future::Future;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use qris_api::{
    Client, Error, Invoice, Payment, Rupiah, Schedule, Tip, TransactionNumber, Trigger, WibTime,
};
use qris_ledger::Ledger;

use crate::Context;

/// The provider, as one merchant reaches it.
pub trait Provider: Send + Sync + 'static {
    /// Asks for a code.
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

    /// Asks whether a code is paid, as soon as the gaps between checks allow.
    ///
    /// # Errors
    ///
    /// The errors of [`Client::check_invoice_for`].
    fn check(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
    ) -> impl Future<Output = Result<Payment, Error>> + Send;

    /// [`check`](Self::check), but `None` where the check may not begin within `max_wait`. A check
    /// that has begun is made to its end.
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

    /// The best-known time: the provider's, as its last reply gave it, going on by monotonic time;
    /// the host's clock before the first reply.
    fn now(&self) -> WibTime;

    /// When codes are shown and checked.
    fn schedule(&self) -> Schedule;
}

impl Provider for Client {
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
        // Without an answer the first check says what time it is.
        Self::server_time(self).await.ok();
    }

    fn now(&self) -> WibTime {
        Self::now(self)
    }

    fn schedule(&self) -> Schedule {
        Self::schedule(self)
    }
}

/// How the use case reaches the ledger, many at a time.
///
/// `context` says for which merchant and by whom the work is done.
pub trait SharedLedger: Send + Sync + 'static {
    /// Does something that changes the ledger. It is done even if the future is dropped.
    ///
    /// # Errors
    ///
    /// Those of `work`, and those of connecting to the database.
    fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, qris_ledger::Error>> + Send;

    /// Looks something up.
    ///
    /// # Errors
    ///
    /// Those of `work`, and those of connecting to the database.
    fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, qris_ledger::Error>> + Send;
}

/// Time that passes. No other code of the use case sleeps or asks for the time.
pub trait Clock: Send + Sync + 'static {
    /// Waits for this long.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Monotonic time since some fixed moment of this process.
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

/// All clocks of a process count from here.
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
