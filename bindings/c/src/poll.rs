//! The work that is due, and what became of orders.

use std::ffi::{c_char, c_int, c_void};
use std::sync::TryLockError;
use std::time::Duration;

use qris_ledger::EventType;

use crate::border::{boundary, give, writable};
use crate::error::{Problem, qris_error};
use crate::event_queue::Told;
use crate::invoice::{payer_text, time};
use crate::order::qris_order;
use crate::orders::{Session, qris_orders, session};
use crate::status::qris_status;

/// What became of an order.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_event_type {
    /// Something that this version of the library has no number for.
    Other = 0,
    /// It is booked.
    Created = 1,
    /// It is paid.
    Paid = 2,
    /// It is paid, after it had expired or was cancelled.
    PaidLate = 3,
    /// Another code of a paid order is paid too.
    Overpaid = 4,
    /// No code of it is shown any more, and another may be asked for.
    Expired = 5,
    /// Its due date has passed.
    Overdue = 6,
    /// The shop no longer wants the payment.
    Cancelled = 7,
    /// It is not known whether the provider made one of its codes.
    Unknown = 8,
    /// That is known again.
    Resolved = 9,
}

impl qris_event_type {
    const fn of(event: EventType) -> Self {
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

/// An event. It and what it points to are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_order_event {
    /// Its place among the events of the merchant: 1, 2, 3 and so on.
    pub cursor: u64,
    /// The order as it is now, which may be further than the event says. NULL where its row in the
    /// database makes no sense.
    pub order: *const qris_order,
    /// What became of the order.
    pub event: qris_event_type,
    /// When that was booked. It ends with a NUL.
    pub at: [c_char; 26],
    /// The number of the order. It ends with a NUL.
    pub number: [c_char; 65],
}

/// Is told of an event. `user` is what was given to `qris_orders_poll`. 0 says that it is dealt with;
/// after anything else it comes again, first, in a later call. It must return: no `longjmp` and no
/// exception may leave it.
pub type qris_event_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, event: *const qris_order_event) -> c_int>;

/// The least time for which work goes on.
const LEAST: Duration = Duration::from_millis(10);

/// Does the work that is due, and tells what became of the merchant's orders, by this program and by
/// all others that use the database.
///
/// The work is: checks of codes as the budget of the key allows, expiry, and webhooks that wait for a
/// check. It goes on for `timeout_milliseconds`, at least 10, or until there are events. What is not
/// finished then goes on in the next call: so a form calls it from a timer with a short time, and a
/// console program in a loop with a longer one. While no thread is in a function with these orders
/// nothing is done; another program on the same database does it then.
///
/// `orders` is from `qris_orders_open`. `callback` may be NULL: then events stay for a later call. It
/// is called on the calling thread before this function returns, and may call any function with these
/// orders but `qris_orders_poll`, `qris_orders_close` too. `user` is handed to it and not touched.
/// `error` may be NULL. Not in a library built without `orders`.
///
/// An event comes at least once. That nothing is done twice after a crash, such as a receipt, is what
/// `qris_orders_acknowledge` is for.
///
/// Statuses: QRIS_STATUS_OK, with or without events, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_POLL_BUSY. That a check had no answer, or that the database
/// was unavailable, is not a failure of it: the next calls try again. Threads: from any, one at a
/// time with the same orders.
///
/// # Safety
///
/// - `callback` is NULL or a function of that type, and what it does with `user` is sound.
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
        let time = Duration::from_millis(timeout_milliseconds.into()).max(LEAST);
        let Some(callback) = callback else {
            session.run(async { tokio::time::sleep(time).await });
            return Ok(());
        };
        session.run(events.wait(time));
        while let Some(told) = events.first() {
            let cursor = told.cursor;
            // SAFETY: the caller promises that it can be called with `user`.
            if unsafe { tell(&session, told, callback, user) } != 0 {
                break;
            }
            events.pop();
            session.dealt_with(cursor);
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The cursor of the last event that a callback of `qris_orders_poll` has dealt with: a program that
/// wants to hear of everything keeps it, and says it in `events_after` when it opens the orders again.
///
/// `orders` is from `qris_orders_open`. `cursor` must not be NULL and is written only on success.
/// `error` may be NULL. Not in a library built without `orders`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_ORDERS_UNKNOWN. Threads: from any,
/// at any time, with the same orders too.
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
        unsafe { give(cursor, last) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// # Safety
///
/// The callback can be called with `user`.
unsafe fn tell(
    session: &Session,
    told: &Told,
    callback: unsafe extern "C" fn(*mut c_void, *const qris_order_event) -> c_int,
    user: *mut c_void,
) -> c_int {
    let order = told.order.as_ref().map(|order| Box::new(qris_order::at(order, session.now())));
    let event = qris_order_event {
        cursor: told.cursor,
        order: order.as_deref().map_or(std::ptr::null(), |order| &raw const *order),
        event: qris_event_type::of(told.event),
        at: time(Some(told.at)),
        number: payer_text(Some(told.number.as_str())),
    };
    // SAFETY: the caller promises that it can be called with `user`; the event and its order live
    // until it returns.
    unsafe { callback(user, &raw const event) }
}
