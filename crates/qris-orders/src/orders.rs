//! The service as a program runs it: over the provider's API, a connection pool and tokio.

mod calls;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use qris_api::{CheckBudget, Client, WibTime};
use qris_ledger::{Actor, InvalidRow, Ledger, MerchantName};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::service::REACH_LIMIT;
use crate::{
    Changes, Context, Counters, Error, LedgerPool, Merchant, MerchantSettings, OrderService,
    OrdersSettings, Provider, SharedLedger as _, Suspended, SystemClock,
};

/// The maximum number of concurrent charges and other provider calls.
const CALLS: u32 = 1_000;

/// How long calls in progress may take when the program stops. A create takes up to 35 s.
const DRAIN: Duration = Duration::from_secs(45);

/// How long an answer of the database is reused, so that frequent questions are cheap.
const WRITE_CHECK_EVERY: Duration = Duration::from_secs(1);

/// The time limit for an answer of the database.
const DATABASE_LIMIT: Duration = Duration::from_secs(5);

/// Orders in a running program: charges, watches and settles them.
///
/// Clones are cheap and share everything. Each clone has one merchant and one actor: see
/// [`for_merchant`](Self::for_merchant) and [`by`](Self::by). Calls do not block the runtime. A charge
/// continues even if its future is dropped, so a client that disconnects from a web server does not interrupt
/// it.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber};
/// use qris_orders::{Charged, NewOrder, Orders, OrdersSettings};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = qris_sandbox::Sandbox::start().await?;
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url(sandbox.base_url());
/// let orders = Orders::start(OrdersSettings::main(client, url)).await?;
///
/// let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
/// match orders.charge(&order).await? {
///     Charged::Created(order) => println!("show {:?}", order.invoice),
///     Charged::Known(order) => println!("it was charged before: {}", order.state),
/// }
/// assert!(matches!(orders.charge(&order).await?, Charged::Known(_)));
/// orders.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Orders {
    shared: Arc<Shared>,
    context: Context,
}

#[derive(Debug)]
struct Shared {
    service: OrderService<Client, LedgerPool, SystemClock>,
    is_stopping: AtomicBool,
    /// A permit for each provider call, so that none is interrupted at the end.
    calls: Arc<Semaphore>,
    watcher: Mutex<Option<JoinHandle<()>>>,
    /// When writing was last tested, and whether it succeeded.
    writable: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Orders {
    /// Opens the database and starts watching: [`connect`](Self::connect), then [`watch`](Self::watch). It must
    /// be called in a tokio runtime. A SQLite file that does not exist is created.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] if a client cannot be created; [`Error::Ledger`] if the database cannot be opened
    /// or belongs to another account.
    pub async fn start(settings: OrdersSettings) -> Result<Self, Error> {
        let orders = Self::connect(settings).await?;
        orders.watch();
        Ok(orders)
    }

    /// Opens the ledger without watching. A program that [watches](Self::watch), this one or another, makes the
    /// due checks. The ledger records each merchant's account (host and mID). With another account this fails:
    /// otherwise a sandbox could mark the orders of a real shop as paid.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] if a client cannot be created; [`Error::Ledger`] if the database cannot be opened
    /// or belongs to another account.
    pub async fn connect(settings: OrdersSettings) -> Result<Self, Error> {
        let pool = LedgerPool::open(settings.database).await?;
        pool.set_pay_links(settings.pay_links);
        let mut merchants = Vec::new();
        for settings in settings.merchants {
            let MerchantSettings { name, client, nmid, budget, abandon_after, answer_within } =
                settings;
            // The ledger's budget is shared by the programs that use the same ledger. The client's budget is
            // shared by all programs on this machine that use the same key.
            let shared = CheckBudget::per_minute(budget.checks_per_minute);
            let client = client.budget(shared).build()?;
            let account = client.fingerprint().clone();
            let context = Context { merchant: name.clone(), actor: Actor::default() };
            let bound = pool.write(&context, move |ledger| {
                ledger.bind_account(&account, nmid.as_deref())?;
                Ok(ledger.is_private())
            });
            if !bound.await? {
                tracing::warn!(
                    "other users of this machine can read the ledger: change the file's mode"
                );
            }
            let merchant = Merchant::named(name, client);
            merchants.push(Merchant { budget, abandon_after, answer_within, ..merchant });
        }
        let first = merchants.first().map_or_else(MerchantName::default, |one| one.name.clone());
        let shared = Arc::new(Shared {
            service: OrderService::new(pool, SystemClock, merchants),
            is_stopping: AtomicBool::new(false),
            calls: Arc::new(Semaphore::new(usize::try_from(CALLS).unwrap_or(usize::MAX))),
            watcher: Mutex::default(),
            writable: tokio::sync::Mutex::default(),
        });
        Ok(Self { shared, context: Context { merchant: first, actor: Actor::default() } })
    }

    /// Starts watching the orders of all merchants on the current runtime: makes due checks within the
    /// budget, expires codes, and makes bills. `false` if this program already watches, or is stopping.
    pub fn watch(&self) -> bool {
        let mut watcher = self.shared.watcher();
        if watcher.is_some() || self.shared.is_stopping.load(Ordering::Relaxed) {
            return false;
        }
        let watched = Arc::clone(&self.shared);
        let watch = async move { watched.service.watch(std::future::pending()).await };
        *watcher = Some(tokio::spawn(watch));
        true
    }

    /// Stops the watcher of this program and waits for it. The next watcher makes interrupted checks again.
    /// Everything else continues.
    pub async fn stop_watching(&self) {
        let watcher = self.shared.watcher().take();
        if let Some(watcher) = watcher {
            watcher.abort();
            watcher.await.ok();
        }
    }

    /// Whether this program watches.
    pub fn is_watching(&self) -> bool {
        self.shared.watcher().is_some()
    }

    /// The orders of another merchant. The default is the first merchant in the settings.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownMerchant`] if no merchant in the settings has this name.
    pub fn for_merchant(&self, merchant: MerchantName) -> Result<Self, Error> {
        let context = Context { merchant, actor: self.context.actor.clone() };
        self.shared.service.served(&context)?;
        Ok(Self { shared: Arc::clone(&self.shared), context })
    }

    /// The same orders with another actor: the person or program that the events of its calls name.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        let context = Context { merchant: self.context.merchant.clone(), actor };
        Self { shared: Arc::clone(&self.shared), context }
    }

    /// Closes the database connections, and opens none until the returned guard is dropped: for use before a
    /// process forks. Waits for work in progress; new work waits. `None` if that takes longer than `limit`;
    /// then nothing was closed.
    ///
    /// A SQLite file must not be open during a fork, because the child would share its locks without the
    /// system knowing.
    pub async fn suspend(&self, limit: Duration) -> Option<Suspended> {
        timeout(limit, self.shared.service.ledger.suspend()).await.ok()
    }

    /// Runs `work` with the ledger of the merchant, on a thread where it may block, and returns its result: for
    /// lists and reports, which [`Ledger`] has.
    ///
    /// ```
    /// # use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber};
    /// # use qris_orders::{NewOrder, Orders, OrdersSettings};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?);
    /// # let folder = tempfile::tempdir()?;
    /// # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    /// # let orders = Orders::connect(OrdersSettings::main(client, url)).await?;
    /// # let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
    /// orders.open(&order).await?;
    /// let number = order.number.clone();
    /// let history = orders.read(move |ledger| ledger.events(&number)).await?;
    /// assert_eq!(history.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of `work`, and of connecting to the database.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.shared.service.ledger.read(&self.context, work).await
    }

    /// Changes something in the ledger that is not a step of an order, such as an endpoint for events.
    ///
    /// # Errors
    ///
    /// The errors of `work`, and of connecting to the database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.shared.service.ledger.write(&self.context, work).await
    }

    /// The best known time of the merchant's provider.
    pub fn now(&self) -> WibTime {
        // Without a merchant there is no provider.
        self.shared.service.now(&self.context).unwrap_or_else(|_| WibTime::now())
    }

    /// Asks the merchant's provider for its time, for two seconds at most, so that [`now`](Self::now) no
    /// longer depends on the host's clock. The watcher does this soon after the start. A program that shows
    /// orders at once calls this first.
    pub async fn learn_time(&self) {
        if let Ok(provider) = self.shared.service.provider(&self.context) {
            timeout(REACH_LIMIT, Provider::server_time(provider)).await.ok();
        }
    }

    /// The changes that this program makes from now on.
    pub fn changes(&self) -> Changes {
        self.shared.service.changes()
    }

    /// The counters of this program since its start.
    pub fn counters(&self) -> &Counters {
        self.shared.service.counters()
    }

    /// The number of statements that this program ran on the database.
    pub fn query_count(&self) -> u64 {
        self.shared.service.ledger.query_count()
    }

    /// The number of known invalid rows in the database.
    pub fn invalid_row_count(&self) -> usize {
        self.shared.service.ledger.invalid_row_count()
    }

    /// The known invalid rows of the database.
    pub fn invalid_rows(&self) -> Vec<InvalidRow> {
        self.shared.service.ledger.invalid_rows()
    }

    /// Whether nothing is known here that would refuse a charge or lose a payment: this program watches and
    /// finished a round in the last minute, the provider has refused no key, writes succeed, and the program is
    /// not stopping. It does not call the provider: a charge fails while the provider is unreachable, and a
    /// wrong key is known after its first refusal.
    ///
    /// When a refused key is accepted again, every code is checked once more within the budget. A program that
    /// starts with a corrected key does that too.
    pub async fn is_ready(&self) -> bool {
        let Shared { service, is_stopping, .. } = &*self.shared;
        let now = crate::Clock::elapsed(service.clock());
        !is_stopping.load(Ordering::Relaxed)
            && self.is_watching()
            && service.health().is_running(now)
            && service.health().refused_keys(now).is_empty()
            && timeout(DATABASE_LIMIT, self.is_writable()).await.unwrap_or(false)
    }

    /// Whether nothing needs a person: it is [ready](Self::is_ready), and no invalid row is known.
    pub async fn is_well(&self) -> bool {
        let all_make_sense = self.shared.service.ledger.all_rows_make_sense();
        self.is_ready().await && timeout(DATABASE_LIMIT, all_make_sense).await.unwrap_or(false)
    }

    async fn is_writable(&self) -> bool {
        let mut known = self.shared.writable.lock().await;
        if let Some((at, writable)) = *known
            && at.elapsed() < WRITE_CHECK_EVERY
        {
            return writable;
        }
        let pool = &self.shared.service.ledger;
        let checked = pool.write(&self.context, |ledger| ledger.check_writable()).await;
        if let Err(error) = &checked {
            tracing::warn!(%error, "the database accepts no writes");
        }
        *known = Some((Instant::now(), checked.is_ok()));
        checked.is_ok()
    }

    /// Stops the watcher, and waits for charges and other calls in progress, for 45 s at most. The next
    /// program makes interrupted checks again.
    pub async fn stop(&self) {
        self.shared.is_stopping.store(true, Ordering::Relaxed);
        let ended = async {
            self.stop_watching().await;
            // If all permits are free, no call is in progress.
            self.shared.calls.acquire_many(CALLS).await.is_ok()
        };
        if timeout(DRAIN, ended).await.is_err() {
            tracing::warn!("the program stopped while a call was in progress");
        }
    }
}

impl Shared {
    fn watcher(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
