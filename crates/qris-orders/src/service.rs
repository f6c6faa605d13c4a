//! The order service: what its parts share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use qris_api::{Payment, TransactionNumber, WibTime};
use qris_ledger::{Budget, Ledger, MerchantName, MerchantRowId, Order, Settlement};
use tokio::sync::{Notify, broadcast};

use crate::created::Created;
use crate::health::KeySeen;
use crate::{Changes, Clock, Context, Counters, Error, Health, Provider, SharedLedger};

/// How long to retry recording the provider's results, and how often.
const BOOKING_TRIES: u32 = 30;
const BOOKING_PAUSE: Duration = Duration::from_secs(1);

/// The time limit for asking the provider's time.
pub(crate) const REACH_LIMIT: Duration = Duration::from_secs(2);

/// The number of changes that a subscriber may be behind.
const CHANGES_KEPT: usize = 1_024;

/// A merchant, with its provider.
#[derive(Debug)]
#[non_exhaustive]
pub struct Merchant<P> {
    /// Its name.
    pub name: MerchantName,
    /// Its provider, with its key.
    pub provider: P,
    /// How often the key may call, over all processes that share the ledger.
    pub budget: Budget,
    /// After this time a create without a result counts as lost, and its order becomes `unknown`; 3 minutes.
    /// It must be longer than a create can take with all its connection attempts.
    pub abandon_after: Duration,
    /// How long a charge waits for another process that charges the same number; 40 s. It should be a little
    /// longer than a create can take.
    pub answer_within: Duration,
}

impl<P> Merchant<P> {
    /// The merchant `main`, with the default budget and times.
    pub fn main(provider: P) -> Self {
        Self::named(MerchantName::default(), provider)
    }

    /// A merchant with the default budget and times.
    pub fn named(name: MerchantName, provider: P) -> Self {
        Self {
            name,
            provider,
            budget: Budget::default(),
            abandon_after: Duration::from_secs(3 * 60),
            answer_within: Duration::from_secs(40),
        }
    }
}

/// A merchant with its state in this process.
#[derive(Debug)]
pub(crate) struct Served<P> {
    pub(crate) merchant: Arc<Merchant<P>>,
    /// Its id in the ledger, once known.
    pub(crate) id: OnceLock<MerchantRowId>,
    /// Whether the provider was asked for its time, and whether that has ended.
    asked_time: AtomicBool,
    pub(crate) is_ready: AtomicBool,
    /// Whether the next round makes every code due once.
    pub(crate) checks_all: AtomicBool,
    /// When the watcher last processed its orders, in milliseconds of monotonic time.
    pub(crate) visited: AtomicU64,
    /// When the watcher last processed its candidates.
    pub(crate) candidates_visited: AtomicU64,
    /// When its bills are next processed, in milliseconds of monotonic time.
    pub(crate) bills_due: AtomicU64,
    /// The provider's invoices that could not be recorded yet.
    unrecorded: Mutex<Vec<Created>>,
    /// The number of checks in progress.
    pub(crate) in_flight: AtomicUsize,
}

impl<P: Provider> Served<P> {
    fn new(merchant: Merchant<P>) -> Self {
        Self {
            merchant: Arc::new(merchant),
            id: OnceLock::new(),
            asked_time: AtomicBool::new(false),
            is_ready: AtomicBool::new(false),
            checks_all: AtomicBool::new(true),
            visited: AtomicU64::new(0),
            candidates_visited: AtomicU64::new(0),
            bills_due: AtomicU64::new(0),
            unrecorded: Mutex::default(),
            in_flight: AtomicUsize::new(0),
        }
    }

    pub(crate) fn unrecorded(&self) -> MutexGuard<'_, Vec<Created>> {
        self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The best known time of this merchant's provider.
    pub(crate) fn now(&self) -> WibTime {
        self.merchant.provider.now()
    }

    /// [`now`](Self::now) for work in the ledger, which may wait for the database first: a check is claimed
    /// at the time of the claim.
    pub(crate) fn clock(&self) -> impl Fn() -> WibTime + Send + use<P> {
        let merchant = Arc::clone(&self.merchant);
        move || merchant.provider.now()
    }
}

/// Charges, checks, settles and cancels orders, over a provider, a ledger and a clock.
///
/// It spawns no tasks or threads and never blocks: all concurrency is in the futures of its methods. Dropping
/// a future of [`charge`](Self::charge), [`cancel`](Self::cancel) or [`resolve_paid`](Self::resolve_paid) may
/// lose the provider's answer. So a server runs them in their own tasks, as [`Orders`](crate::Orders) does.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber};
/// use qris_orders::{
///     Actor, Charged, Context, LedgerPool, Merchant, NewOrder, OrderService, SystemClock,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = qris_sandbox::Sandbox::start().await?;
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url(sandbox.base_url())
///     .build()?;
/// let ledger = LedgerPool::open(url).await?;
/// let orders = OrderService::new(ledger, SystemClock, [Merchant::main(client)]);
///
/// let context = Context::main(Actor::default());
/// let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
/// let Charged::Created(order) = orders.charge(&context, &order).await? else { panic!() };
/// assert!(order.may_be_shown(orders.now(&context)?));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct OrderService<P, L, C> {
    pub(crate) ledger: L,
    pub(crate) clock: C,
    pub(crate) merchants: BTreeMap<MerchantName, Served<P>>,
    pub(crate) counters: Counters,
    pub(crate) health: Health,
    changes: broadcast::Sender<Order>,
    /// Wakes the watcher: an order is due at once.
    pub(crate) due: Notify,
    /// Wakes the watcher of candidates: a webhook belongs to an order without a known invoice.
    pub(crate) candidates_due: Notify,
}

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// An order service for these merchants.
    pub fn new(ledger: L, clock: C, merchants: impl IntoIterator<Item = Merchant<P>>) -> Self {
        let served = |merchant: Merchant<P>| {
            let name = merchant.name.clone();
            (name, Served::new(merchant))
        };
        let health = Health::new(clock.elapsed());
        Self {
            ledger,
            merchants: merchants.into_iter().map(served).collect(),
            clock,
            counters: Counters::default(),
            health,
            changes: broadcast::Sender::new(CHANGES_KEPT),
            due: Notify::new(),
            candidates_due: Notify::new(),
        }
    }

    /// The best known time of a merchant's provider.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownMerchant`].
    pub fn now(&self, context: &Context) -> Result<WibTime, Error> {
        Ok(self.served(context)?.now())
    }

    /// A merchant's provider.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownMerchant`].
    pub fn provider(&self, context: &Context) -> Result<&P, Error> {
        Ok(&self.served(context)?.merchant.provider)
    }

    /// The order with this number.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`Absent`](qris_ledger::Error::Absent), or with another error of the ledger;
    /// [`Error::UnknownMerchant`].
    pub async fn find(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Order, Error> {
        self.served(context)?;
        let number = number.clone();
        let found = self.ledger.read(context, move |ledger| ledger.find(&number)).await?;
        Ok(found.ok_or(qris_ledger::Error::Absent)?)
    }

    /// The paid orders that no program has acknowledged yet, oldest first, at most `limit`; also those that were
    /// [paid late](Order::is_paid_late).
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with the ledger's error; [`Error::UnknownMerchant`].
    pub async fn unacknowledged(&self, context: &Context, limit: u32) -> Result<Vec<Order>, Error> {
        self.served(context)?;
        Ok(self.ledger.read(context, move |ledger| ledger.unacknowledged(limit)).await?)
    }

    /// Records that a paid order was fulfilled, for example that the goods are shipped. `false` if that was
    /// recorded before.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is not paid, and
    /// with [`Absent`](qris_ledger::Error::Absent); [`Error::UnknownMerchant`].
    pub async fn acknowledge(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<bool, Error> {
        let (number, now) = (number.clone(), self.served(context)?.now());
        Ok(self.ledger.write(context, move |ledger| ledger.acknowledge(&number, now)).await?)
    }

    /// The ledger.
    pub const fn ledger(&self) -> &L {
        &self.ledger
    }

    /// The clock.
    pub const fn clock(&self) -> &C {
        &self.clock
    }

    /// The counters of this process.
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The health of the watcher and the keys.
    pub const fn health(&self) -> &Health {
        &self.health
    }

    /// The changes that this process makes from now on.
    pub fn changes(&self) -> Changes {
        Changes::new(self.changes.subscribe())
    }

    pub(crate) fn served(&self, context: &Context) -> Result<&Served<P>, Error> {
        let served = self.merchants.get(&context.merchant);
        served.ok_or_else(|| Error::UnknownMerchant(context.merchant.clone()))
    }

    /// Sends the current order to subscribers.
    pub(crate) fn changed(&self, order: &Order) {
        if self.changes.receiver_count() > 0 {
            // The error means that there are no subscribers.
            self.changes.send(order.clone()).ok();
        }
    }

    /// Counts and sends the result of a settlement, if this process made it.
    pub(crate) fn settled(&self, settlement: Settlement, order: &Order) {
        match settlement {
            Settlement::Settled => {
                self.counters.settled.add(1);
                tracing::info!(number = %order.number, "paid");
            }
            Settlement::Overpaid => {
                self.counters.overpaid.add(1);
                let (number, overpaid) = (&order.number, order.overpaid);
                tracing::warn!(%number, %overpaid, "a second code of a paid order was paid");
            }
            Settlement::AlreadySettled | Settlement::NotPaid => {}
        }
        self.changed(order);
    }

    /// Records what a call shows about the key. If a refused key is accepted again, every code is due once.
    pub(crate) fn provider_called<T>(
        &self,
        context: &Context,
        answer: &Result<T, qris_api::Error>,
    ) {
        let (merchant, now) = (&context.merchant, self.clock.elapsed());
        if self.health.provider_called(merchant, answer, now) == KeySeen::AcceptedAgain
            && let Some(served) = self.merchants.get(merchant)
        {
            tracing::info!(%merchant, "the key is accepted again: every code is checked soon");
            served.checks_all.store(true, Ordering::Relaxed);
            self.due.notify_one();
        }
    }

    /// Counts a check and what it shows about the key. Logs a check without an answer.
    pub(crate) fn check_made(
        &self,
        context: &Context,
        number: &TransactionNumber,
        answer: &Result<Payment, qris_api::Error>,
    ) {
        self.provider_called(context, answer);
        self.counters.checked(answer);
        if let Err(error) = answer {
            tracing::warn!(%number, %error, "a check had no answer");
        }
    }

    /// Writes what must not be lost: retries while the database is unavailable, busy or full.
    pub(crate) async fn retry_while_unavailable<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl Fn(&mut Ledger) -> Result<T, qris_ledger::Error> + Clone + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.ledger.write(context, work.clone()).await {
                Err(error) if may_pass(&error) && tries < BOOKING_TRIES => {
                    tracing::warn!(%error, "the ledger is unavailable; trying again");
                    self.counters.ledger_failed.add(1);
                    self.clock.sleep(BOOKING_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// Asks the provider for its time, once per process, so that the provider's time and not the host's clock
    /// decides what has expired. Without an answer, the first check gives the time.
    pub(crate) async fn ask_server_time(&self, served: &Served<P>) {
        if !served.asked_time.swap(true, Ordering::Relaxed) {
            tokio::select! {
                biased;
                () = served.merchant.provider.server_time() => {}
                () = self.clock.sleep(REACH_LIMIT) => {}
            }
            served.is_ready.store(true, Ordering::Relaxed);
            self.due.notify_one();
            self.candidates_due.notify_one();
        }
    }
}

/// Whether the same step could succeed later: the ledger did not refuse it, but the database is unavailable,
/// has failed, or has another file in its place.
pub(crate) const fn may_pass(error: &qris_ledger::Error) -> bool {
    use qris_ledger::Error::{Database, Replaced};
    error.is_transient() || matches!(error, Database(_) | Replaced)
}
