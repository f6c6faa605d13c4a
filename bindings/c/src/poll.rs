//! Work that is due, and events of orders.

use std::ffi::{c_char, c_int, c_void};
use std::sync::TryLockError;
use std::time::Duration;

use ::qris_orders::Order;
use qris_ledger::EventType;

use crate::error::{Problem, qris_error};
use crate::event_queue::QueuedEvent;
use crate::ffi::{boundary, writable, write_out};
use crate::invoice::{payer_text, time};
use crate::order::qris_order;
use crate::orders::{Session, qris_orders, session};
use crate::status::qris_status;

/// What happened to an order.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_event_type {
    /// An event that this version of the library does not know.
    Other = 0,
    /// It was created.
    Created = 1,
    /// It is paid.
    Paid = 2,
    /// It is paid, after it expired or was cancelled.
    PaidLate = 3,
    /// Another code of a paid order is paid too.
    Overpaid = 4,
    /// Its last code is no longer shown. Another one may be requested.
    Expired = 5,
    /// Its due date has passed.
    Overdue = 6,
    /// The shop no longer wants the payment.
    Cancelled = 7,
    /// It is not known whether the provider made a code for it.
    Unknown = 8,
    /// It was unknown and is now resolved.
    Resolved = 9,
}

impl qris_event_type {
    const fn new(event: EventType) -> Self {
        match event {
            EventType::Created => Self::Created,
            EventType::Paid => Self::Paid,
            EventType::PaidLate => Self::PaidLate,
            EventType::Overpaid => Self::Overpaid,
            EventType::Expired => Self::Expired,
            EventType::Overdue => Self::Overdue,
            EventType::Cancelled => Self::Cancelled,
            EventType::Unknown => Self::Unknown,
            EventType::Resolved => Self::Resolved,
            _ => Self::Other,
        }
    }
}

/// An event. It and its pointers are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_order_event {
    /// Its number among the events of the merchant: 1, 2, 3 and so on.
    pub cursor: u64,
    /// The order as it is now: it is read when the event is delivered, also when it is delivered
    /// again. So its state may be a later one than that of the event. NULL if its row in the
    /// database is corrupt.
    pub order: *const qris_order,
    /// What happened to the order.
    pub event: qris_event_type,
    /// When that was recorded. It ends with a NUL.
    pub at: [c_char; 26],
    /// The number of the order. It ends with a NUL.
    pub number: [c_char; 65],
}

/// Called for each event. `user` is the pointer that was passed to `qris_orders_poll`. Return 0 if
/// the event is handled. After any other value the same event is delivered again by the next poll.
/// It must return normally: no `longjmp` and no exception may leave it.
pub type qris_event_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, event: *const qris_order_event) -> c_int>;

/// The shortest time to work.
const MIN_TIME: Duration = Duration::from_millis(10);

/// Does the work that is due, and reports events of the merchant's orders, from this program and
/// from all others that use the database.
///
/// The work is: checks of codes within the budget of the key, expiry, and webhooks that wait for a
/// check. It returns after `timeout_milliseconds` (10 if less), or earlier with events. The next call
/// continues unfinished work. So a form calls it from a timer with a short time, and a console
/// program in a loop with a longer one. While no thread is in a function with these orders, this
/// program does nothing; another program that polls the same database, if there is one, does the
/// work.
///
/// `orders` is from `qris_orders_open`. `callback` may be NULL: then events stay for a later call. It
/// is called on the calling thread before this function returns. It may call every function with
/// these orders except `qris_orders_poll`, including `qris_orders_close`. `user` is passed to it
/// unchanged. `error` may be NULL. Needs the feature `orders`.
///
/// Each event comes at least once. Use `qris_orders_acknowledge` to do nothing twice after a crash,
/// such as printing a receipt.
///
/// Statuses: QRIS_STATUS_OK, with or without events, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_POLL_BUSY. It does not fail if a check had no answer or the
/// database was unavailable: the next calls try again. Threads: any, but only one at a time with the
/// same orders.
///
/// # Safety
///
/// - `callback` is NULL, or a function of that type that can use `user`.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_poll(
    orders: *const qris_orders,
    timeout_milliseconds: u32,
    callback: qris_event_callback,
    user: *mut c_void,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        let session = session(orders)?;
        let mut events = match session.events().try_lock() {
            Ok(events) => events,
            // A panic elsewhere leaves nothing half-done.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(Problem::Plain(qris_status::PollBusy)),
        };
        let time = Duration::from_millis(timeout_milliseconds.into()).max(MIN_TIME);
        let Some(callback) = callback else {
            session.run(async { tokio::time::sleep(time).await });
            return Ok(());
        };
        session.run(events.wait(time));
        while let Some(queued) = events.first() {
            let cursor = queued.cursor;
            // The next call tries again.
            let Ok(order) = current_order(&session, queued) else { break };
            // SAFETY: the caller promises that it can be called with `user`.
            if unsafe { call_back(&session, queued, order, callback, user) } != 0 {
                break;
            }
            events.pop();
            session.mark_handled(cursor);
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Gets the cursor of the last event that a callback of `qris_orders_poll` handled. To miss no event,
/// store it and pass it as `events_after` when you open the orders again.
///
/// `orders` is from `qris_orders_open`. `cursor` must not be NULL and is written only on success.
/// `error` may be NULL. Needs the feature `orders`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_ORDERS_UNKNOWN. Thread-safe, also
/// with the same orders.
///
/// # Safety
///
/// `cursor` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_cursor(
    orders: *const qris_orders,
    cursor: *mut u64,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(cursor, "cursor")?;
        let last = session(orders)?.cursor();
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(cursor, last) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The order of an event as it is now. `None` if its row is corrupt.
fn current_order(
    session: &Session,
    queued: &QueuedEvent,
) -> Result<Option<Order>, qris_ledger::Error> {
    let number = queued.number.clone();
    match session.run(session.orders().read(move |ledger| ledger.find(&number))) {
        Err(qris_ledger::Error::Corrupt { .. }) => Ok(None),
        found => found,
    }
}

/// # Safety
///
/// The callback can be called with `user`.
unsafe fn call_back(
    session: &Session,
    queued: &QueuedEvent,
    order: Option<Order>,
    callback: unsafe extern "C" fn(*mut c_void, *const qris_order_event) -> c_int,
    user: *mut c_void,
) -> c_int {
    let order = order.map(|order| Box::new(qris_order::at(&order, session.now())));
    let event = qris_order_event {
        cursor: queued.cursor,
        order: order.as_deref().map_or(std::ptr::null(), |order| &raw const *order),
        event: qris_event_type::new(queued.event),
        at: time(Some(queued.at)),
        number: payer_text(Some(queued.number.as_str())),
    };
    // SAFETY: the caller promises that it can be called with `user`; the event and its order live
    // until it returns.
    unsafe { callback(user, &raw const event) }
}
