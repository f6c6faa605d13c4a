//! The use case as a program runs it: over the provider's API, a pool of connections, and tokio.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use qris_api::webhook::WebhookEvent;
use qris_api::{CheckBudget, Client, InvoiceId, Press, TransactionNumber, WibTime};
use qris_ledger::{
    Actor, Doubt, Ledger, MerchantName, NewOrder, Order, OutboxEvent, SetAside, SettledBooking,
};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::service::REACH_LIMIT;
use crate::{
    Cancelled, Changes, Charged, Checked, Context, Counters, Error, LedgerPool, Merchant,
    MerchantSettings, OrderService, OrdersSettings, Provider, Renewed, Resolved, SharedLedger as _,
    Suspended, SystemClock, WebhookOutcome,
};

/// How many charges and other calls of the provider may be under way at the same time.
const CALLS: u32 = 1_000;

/// How long what is under way may take once the program stops: a create takes up to 35 s.
const DRAIN: Duration = Duration::from_secs(45);

/// How long the answer of the database counts, so that many questions cost little.
const WRITE_CHECK_EVERY: Duration = Duration::from_secs(1);

/// How long the database may take for an answer.
const DATABASE_LIMIT: Duration = Duration::from_secs(5);

/// Orders in a program that runs: it charges, watches and settles.
///
/// A clone shares everything and costs little. Each is for one merchant and one actor: see
/// [`for_merchant`](Self::for_merchant) and [`by`](Self::by). Calls do not block the runtime, and a
/// charge goes on to its end even if its future is dropped, because a handler whose client hangs up
/// must not cut it off.
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
/// // The same number and amount again are the same order.
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
    /// A permit for each call of the provider, so that none is cut off at the end.
    calls: Arc<Semaphore>,
    watcher: Mutex<Option<JoinHandle<()>>>,
    /// When it was last found out whether writes succeed, and whether they do.
    writable: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Orders {
    /// Opens the ledger, binds it to each merchant's account, and begins to watch what is open:
    /// [`connect`](Self::connect) and [`watch`](Self::watch).
    ///
    /// # Errors
    ///
    /// The errors of [`connect`](Self::connect).
    pub async fn start(settings: OrdersSettings) -> Result<Self, Error> {
        let orders = Self::connect(settings).await?;
        orders.watch();
        Ok(orders)
    }

    /// Opens the ledger and binds it to each merchant's account, without watching: what is due is
    /// checked by the program that [watches](Self::watch), which may be another one.
    ///
    /// A ledger of another account is refused: a sandbox would call a shop's unpaid orders paid.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] where a client cannot be made; [`Error::Ledger`] where the database
    /// cannot be opened, or is of another account.
    pub async fn connect(settings: OrdersSettings) -> Result<Self, Error> {
        let pool = LedgerPool::open(settings.database).await?;
        pool.set_pay_links(settings.pay_links);
        let mut merchants = Vec::new();
        for MerchantSettings { name, client, nmid, budget, abandon_after } in settings.merchants {
            // The ledger's budget is shared by the programs that use the same ledger; the client's
            // by every program on this machine that uses the same key.
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
            merchants.push(Merchant { budget, abandon_after, ..Merchant::named(name, client) });
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

    /// Begins to watch the orders of all merchants, on the runtime that this is called on: checks
    /// what is due within the budget, expires what is no longer shown, and makes the bills whose
    /// dates have come. `false` where this program watches them already, or is stopping.
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

    /// Ends the watcher of this program, and waits for it. What is being checked is checked again by
    /// the next one. Everything else goes on.
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

    /// The orders of another merchant. Without this they are the first one's in the settings.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownMerchant`].
    pub fn for_merchant(&self, merchant: MerchantName) -> Result<Self, Error> {
        let context = Context { merchant, actor: self.context.actor.clone() };
        self.shared.service.served(&context)?;
        Ok(Self { shared: Arc::clone(&self.shared), context })
    }

    /// The same orders, with another actor: what is done is booked under its name.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        let context = Context { merchant: self.context.merchant.clone(), actor };
        Self { shared: Arc::clone(&self.shared), context }
    }

    /// [`OrderService::charge`], to its end even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::charge`].
    pub async fn charge(&self, order: &NewOrder) -> Result<Charged, Error> {
        let order = order.clone();
        let call = |orders: Self| async move {
            orders.shared.service.charge(&orders.context, &order).await
        };
        self.to_its_end(call).await
    }

    /// [`OrderService::open`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::open`].
    pub async fn open(&self, order: &NewOrder) -> Result<Charged, Error> {
        self.shared.service.open(&self.context, order).await
    }

    /// [`OrderService::first_code`], to its end even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::first_code`].
    pub async fn first_code(&self, number: &TransactionNumber) -> Result<Order, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.first_code(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// [`OrderService::renew`], to its end even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::renew`].
    pub async fn renew(&self, number: &TransactionNumber) -> Result<Renewed, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.renew(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// [`OrderService::check`]: the watcher makes the check.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::check`].
    pub async fn check(&self, number: &TransactionNumber) -> Result<(Press, Order), Error> {
        self.shared.service.check(&self.context, number).await
    }

    /// [`OrderService::press_and_check`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::press_and_check`].
    pub async fn press_and_check(&self, number: &TransactionNumber) -> Result<Checked, Error> {
        self.shared.service.press_and_check(&self.context, number).await
    }

    /// [`OrderService::cancel`], to its end even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::cancel`].
    pub async fn cancel(&self, number: &TransactionNumber) -> Result<Cancelled, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.cancel(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// [`OrderService::resolve_paid`], to its end even if the future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::resolve_paid`].
    pub async fn resolve_paid(
        &self,
        number: &TransactionNumber,
        invoice: InvoiceId,
    ) -> Result<Resolved, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.resolve_paid(&orders.context, &number, invoice).await
        };
        self.to_its_end(call).await
    }

    /// [`OrderService::resolve_not_made`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::resolve_not_made`].
    pub async fn resolve_not_made(
        &self,
        number: &TransactionNumber,
        reason: &str,
    ) -> Result<Order, Error> {
        self.shared.service.resolve_not_made(&self.context, number, reason).await
    }

    /// [`OrderService::book_settled`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::book_settled`].
    pub async fn book_settled(&self, key: &str, doubt: Doubt) -> Result<SettledBooking, Error> {
        self.shared.service.book_settled(&self.context, key, doubt).await
    }

    /// [`OrderService::receive_webhook`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::receive_webhook`].
    pub async fn receive_webhook(&self, hint: WebhookEvent) -> Result<WebhookOutcome, Error> {
        self.shared.service.receive_webhook(&self.context, hint).await
    }

    /// What is booked under a number.
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::find`].
    pub async fn find(&self, number: &TransactionNumber) -> Result<Order, Error> {
        self.shared.service.find(&self.context, number).await
    }

    /// [`OrderService::unacknowledged`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::unacknowledged`].
    pub async fn unacknowledged(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.shared.service.unacknowledged(&self.context, limit).await
    }

    /// [`OrderService::acknowledge`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::acknowledge`].
    pub async fn acknowledge(&self, number: &TransactionNumber) -> Result<bool, Error> {
        self.shared.service.acknowledge(&self.context, number).await
    }

    /// [`OrderService::events`].
    ///
    /// # Errors
    ///
    /// The errors of [`OrderService::events`].
    pub async fn events(
        &self,
        after: u64,
        limit: u32,
        max_wait: Duration,
    ) -> Result<Vec<OutboxEvent>, Error> {
        self.shared.service.events(&self.context, after, limit, max_wait).await
    }

    /// Closes the connections to the database and opens none until the answer is dropped: before a
    /// process forks. Work that is under way is waited for, and other work waits; `None` where that
    /// takes longer than `limit`, and then nothing was closed.
    ///
    /// A SQLite file must not be open while a process forks: its child would share the locks without
    /// the system knowing it.
    pub async fn suspend(&self, limit: Duration) -> Option<Suspended> {
        timeout(limit, self.shared.service.ledger.suspend()).await.ok()
    }

    /// Looks something up in the ledger.
    ///
    /// # Errors
    ///
    /// Those of `work`, and those of connecting to the database.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.shared.service.ledger.read(&self.context, work).await
    }

    /// Changes something in the ledger that is no step of an order, such as an endpoint for events.
    ///
    /// # Errors
    ///
    /// Those of `work`, and those of connecting to the database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.shared.service.ledger.write(&self.context, work).await
    }

    /// The best-known time of the merchant's provider.
    pub fn now(&self) -> WibTime {
        // Without any merchant there is no provider.
        self.shared.service.now(&self.context).unwrap_or_else(|_| WibTime::now())
    }

    /// Asks the merchant's provider for its time, for two seconds at most, so that
    /// [`now`](Self::now) does not go by the host's clock any more. The watcher does so soon after the
    /// start; a program that shows orders at once calls this first.
    pub async fn learn_time(&self) {
        if let Ok(provider) = self.shared.service.provider(&self.context) {
            timeout(REACH_LIMIT, Provider::server_time(provider)).await.ok();
        }
    }

    /// The changes that this program makes from now on.
    pub fn changes(&self) -> Changes {
        self.shared.service.changes()
    }

    /// What this program has done since it started.
    pub fn counters(&self) -> &Counters {
        self.shared.service.counters()
    }

    /// How many statements this program has run on the database.
    pub fn query_count(&self) -> u64 {
        self.shared.service.ledger.query_count()
    }

    /// How many rows of the database are known that make no sense.
    pub fn set_aside_count(&self) -> usize {
        self.shared.service.ledger.set_aside_count()
    }

    /// The rows of the database that are known to make no sense.
    pub fn set_aside(&self) -> Vec<SetAside> {
        self.shared.service.ledger.set_aside()
    }

    /// Whether a charge would be taken, and a payment be seen and booked: the watcher made a round in
    /// the last minute, the provider has refused no key, writes succeed, and it is not stopping.
    pub async fn is_ready(&self) -> bool {
        let Shared { service, is_stopping, .. } = &*self.shared;
        let now = crate::Clock::elapsed(service.clock());
        !is_stopping.load(Ordering::Relaxed)
            && service.health().rounds_go_on(now)
            && service.health().refused_keys(now).is_empty()
            && timeout(DATABASE_LIMIT, self.is_writable()).await.unwrap_or(false)
    }

    /// Whether nothing needs a person: it is [ready](Self::is_ready), and no row of the database
    /// makes no sense.
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
            tracing::warn!(%error, "nothing can be booked");
        }
        *known = Some((Instant::now(), checked.is_ok()));
        checked.is_ok()
    }

    /// Ends the watcher, and waits until charges and other calls that are under way have ended, for
    /// 45 s at most. What is being checked is checked again by the next program.
    pub async fn stop(&self) {
        self.shared.is_stopping.store(true, Ordering::Relaxed);
        let ended = async {
            self.stop_watching().await;
            // All permits are there when no call is under way.
            self.shared.calls.acquire_many(CALLS).await.is_ok()
        };
        if timeout(DRAIN, ended).await.is_err() {
            tracing::warn!("something was still under way when the program stopped");
        }
    }

    /// Makes a call in a task of its own.
    async fn to_its_end<T, F>(&self, call: impl FnOnce(Self) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let (calls, call) = (Arc::clone(&self.shared.calls), call(self.clone()));
        let task = tokio::spawn(async move {
            // The semaphore is never closed.
            let _permit = calls.acquire().await;
            call.await
        });
        let failed = |error| Err(qris_ledger::Error::Database(Box::new(error)).into());
        task.await.unwrap_or_else(failed)
    }
}

impl Shared {
    fn watcher(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
