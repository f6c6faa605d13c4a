//! Orders in a database: opening and closing.

use std::future::Future;
use std::mem::offset_of;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::qris_orders::{Actor, MerchantName, MerchantSettings, Orders, OrdersSettings};
use qris_api::{Tip, WibTime};
use tokio::runtime::{Builder, Runtime};

use crate::client::{qris_budget_place, qris_client_options, run_blocking};
use crate::error::{Problem, qris_error};
use crate::event_queue::EventQueue;
use crate::ffi::{Options, boundary, optional, options, writable, write_out};
use crate::handles::Handles;
use crate::status::qris_status;
use crate::text::qris_str;

/// Orders of one merchant in a database, from `qris_orders_open` to `qris_orders_close`. Its
/// content is private.
///
/// An order has a number and an amount. It may have many codes, of which one at a time is shown,
/// and it is paid once. Everything is written to the database before and after each call to the
/// provider. So a program that was killed can continue: it opens the same database and charges the
/// same number again. Many programs may use one database at the same time, also a till (`qris
/// till`) and the command `qris order`. They share the budget of the key, and each payment is
/// settled once.
#[derive(Debug)]
pub struct qris_orders(());

/// Options of `qris_orders_open`. Set the whole struct to zero, then `size` to
/// `sizeof(qris_orders_options)`, then the fields you need. The caller owns the texts; they must
/// live until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_orders_options {
    /// `sizeof(qris_orders_options)`.
    pub size: usize,
    /// The client options: the key, the number of the merchant and so on. Required; they must live
    /// until the call returns. The budget of the key is in the database and in the file that clients
    /// share, so `budget_place` must not be QRIS_BUDGET_PLACE_MEMORY.
    pub client: *const qris_client_options,
    /// The database: `sqlite://PATH`, a file that is created if it does not exist, or
    /// `postgres://...`. Required. Use a separate database for a sandbox.
    pub database: qris_str,
    /// The merchant's name in the database, for a database with several merchants: 1 to 32 characters
    /// of a to z, 0 to 9, - and _. Default `main`.
    pub merchant: qris_str,
    /// Who uses this program, a till or a person, for the history of orders. Default `program`.
    pub actor: qris_str,
    /// The cursor of the last event that the program handled, from `qris_orders_cursor`.
    /// `qris_orders_poll` then reports the later events. Zero: only events from now on.
    pub events_after: u64,
}

impl Default for qris_orders_options {
    /// All zero.
    fn default() -> Self {
        let none = qris_str::default();
        Self {
            size: 0,
            client: ptr::null(),
            database: none,
            merchant: none,
            actor: none,
            events_after: 0,
        }
    }
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_orders_options {
    const NAME: &'static str = "qris_orders_options";
    const MIN_SIZE: usize = offset_of!(Self, events_after) + size_of::<u64>();
}

/// How long running writes may take when the orders are closed.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(5);

/// The session behind a [`qris_orders`] pointer.
#[derive(Debug)]
pub(crate) struct Session {
    orders: Orders,
    tip: Tip,
    /// Taken out when the session is dropped. Work is done only while a caller's thread is in
    /// [`run`](Self::run).
    runtime: Option<Runtime>,
    events: Mutex<EventQueue>,
    /// The cursor of the last event that the caller handled.
    cursor: AtomicU64,
}

static SESSIONS: Handles<Arc<Session>> = Handles::new(8);

/// The session behind a pointer from C.
pub(crate) fn session(orders: *const qris_orders) -> Result<Arc<Session>, Problem> {
    if orders.is_null() {
        return Err(Problem::Null("orders"));
    }
    SESSIONS.find(orders).ok_or(Problem::Plain(qris_status::OrdersUnknown))
}

/// Opens orders. It asks the provider for the time, for two seconds at most, because the clock of
/// this machine may be wrong.
///
/// A database of another mID or base URL is refused: a sandbox could report a shop's unpaid orders
/// as paid.
///
/// `options` must not be NULL. `orders` must not be NULL and is written only on success. The caller
/// owns the orders and closes them with `qris_orders_close`. `error` may be NULL. Do not use
/// orders opened before a `fork` in the child: open them again. Needs the feature `orders`.
///
/// Work is done only while a thread is in a function with these orders: call `qris_orders_poll`
/// from a timer or in a loop.
///
/// Statuses: all of `qris_client_new` (`code` may also be `merchant`), QRIS_STATUS_DATABASE_REFUSED
/// (`code` is `database-url`, `no-folder`, `no-postgres`, `other-account`, `newer-format` or
/// `replaced`), QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_FAILED. Thread-safe.
///
/// # Safety
///
/// - `options` is NULL, or as many bytes can be read as its `size` says, its texts can be read to
///   their lengths, and the same holds for its client options.
/// - `orders` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_open(
    options: *const qris_orders_options,
    orders: *mut *mut qris_orders,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(orders, "orders")?;
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let options = unsafe { self::options(options) }?;
        // SAFETY: the caller promises that its texts and those of its client can be read.
        let request = unsafe { options.read() }?;
        let opened = run_blocking(|| request.open())?;
        let made = SESSIONS.add(Arc::new(opened));
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(orders, made) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Closes orders. NULL and orders that were closed before are ignored.
///
/// It waits for running calls of other threads, for 45 seconds at most. Later calls return
/// QRIS_STATUS_ORDERS_UNKNOWN. Open orders stay open in the database, for the next program.
/// Thread-safe, also in a callback. Needs the feature `orders`.
#[unsafe(no_mangle)]
pub extern "C" fn qris_orders_close(orders: *mut qris_orders) {
    let call = || {
        if let Some(session) = SESSIONS.remove(orders) {
            session.run(session.orders.stop());
        }
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(ptr::null_mut(), call) };
}

/// The checked options.
struct OpenRequest {
    settings: OrdersSettings,
    actor: Actor,
    tip: Tip,
    events_after: u64,
}

impl qris_orders_options {
    /// # Safety
    ///
    /// Its texts and those of its client can be read to their lengths.
    unsafe fn read(&self) -> Result<OpenRequest, Problem> {
        const MEMORY: i32 = qris_budget_place::Memory as i32;
        let text = |given: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(given, name) }
        };
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let client = unsafe { options(self.client) }?;
        if client.budget_place == MEMORY {
            return Err(Problem::MemoryBudget);
        }
        // SAFETY: the caller promises that the texts of the client can be read.
        let (builder, tip) = unsafe { client.builder() }?;
        let name = text(self.merchant, "merchant")?.map(str::parse::<MerchantName>).transpose();
        let expected = "1 to 32 of a to z, 0 to 9, - and _";
        let name = name.map_err(|_| Problem::Value { name: "merchant", expected })?;
        let mut merchant = MerchantSettings::named(name.unwrap_or_default(), builder);
        merchant.budget = merchant.budget.with_checks_per_minute(client.per_minute());
        merchant.nmid = text(client.nmid, "nmid")?.map(str::to_owned);
        let merchant = merchant.with_call_timeout(client.timeout());
        let database = text(self.database, "database")?.ok_or(Problem::NoDatabase)?;
        let settings = OrdersSettings::new([merchant], database);
        let actor = text(self.actor, "actor")?.map_or_else(Actor::default, Actor::new);
        Ok(OpenRequest { settings, actor, tip, events_after: self.events_after })
    }
}

impl OpenRequest {
    fn open(self) -> Result<Session, Problem> {
        let Self { settings, actor, tip, events_after } = self;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| Problem::Plain(qris_status::Internal))?;
        let opened = runtime.block_on(async {
            let orders = Orders::start(settings).await?.by(actor);
            // A wrong host clock must not expire a code that may still be shown.
            orders.learn_time().await;
            let after = match events_after {
                0 => orders.read(|ledger| ledger.outbox_cursor()).await?,
                after => after,
            };
            Ok::<_, ::qris_orders::Error>((
                EventQueue::follow(orders.clone(), after),
                orders,
                after,
            ))
        });
        let (events, orders, after) = opened?;
        Ok(Session {
            orders,
            tip,
            runtime: Some(runtime),
            events: Mutex::new(events),
            cursor: AtomicU64::new(after),
        })
    }
}

impl Session {
    pub(crate) const fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The tip of an order that does not set one.
    pub(crate) const fn tip(&self) -> Tip {
        self.tip
    }

    pub(crate) const fn events(&self) -> &Mutex<EventQueue> {
        &self.events
    }

    pub(crate) fn cursor(&self) -> u64 {
        self.cursor.load(Ordering::Relaxed)
    }

    /// The caller handled this event.
    pub(crate) fn mark_handled(&self, cursor: u64) {
        self.cursor.store(cursor, Ordering::Relaxed);
    }

    /// The provider's time, as well as it is known.
    pub(crate) fn now(&self) -> WibTime {
        self.orders.now()
    }

    /// Runs a call to its end on the caller's thread. Checks that are due run at the same time.
    pub(crate) fn run<T: Send>(&self, call: impl Future<Output = T> + Send) -> T {
        // It is there until the session is dropped.
        let runtime = self.runtime.as_ref().expect("a session that is not dropped");
        run_blocking(|| runtime.block_on(call))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A write that waits for a lock must not stop the program from ending.
        if let Some(runtime) = self.runtime.take() {
            run_blocking(|| runtime.shutdown_timeout(SHUTDOWN_LIMIT));
        }
    }
}
