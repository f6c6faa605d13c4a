//! The steps of one order.

use std::ffi::c_char;
use std::time::Duration;

use ::qris_orders::{Cancelled, Charged, Order, Renewed, Resolved, State, WebhookOutcome};
use qris_api::{InvoiceId, ManualCheck, TransactionNumber};

use crate::client::c_text;
use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, bytes, fill, options, room, write_out};
use crate::new_order::qris_new_order;
use crate::order::qris_order;
use crate::orders::{Session, qris_orders, session};
use crate::status::qris_status;
use crate::webhook;

/// Requests a code for an order. With the same number and amount, it returns the existing order
/// with its code. After a crash, charge again with the same number and amount.
///
/// It returns when the provider has answered, which takes up to `timeout_seconds` of the client. If
/// the order is QRIS_ORDER_STATE_REQUESTED, because another program is requesting its code or was
/// killed doing so, this call waits up to `timeout_seconds` + 5 s. Then it returns
/// QRIS_STATUS_OUTCOME_UNKNOWN, and `retry_after_seconds` says when the order becomes
/// QRIS_ORDER_STATE_UNKNOWN. After that only a webhook or `qris_orders_resolve` helps: another
/// charge leaves it UNKNOWN.
///
/// Set `reference`, such as the number of the receipt: a number that was used on an earlier day is
/// then the same charge only if the reference is the same.
///
/// `orders` is from `qris_orders_open`. `new_order` must not be NULL. `order` must not be NULL; set
/// its `size`. It is filled in only on success. `error` may be NULL. Needs the feature `orders`.
///
/// Check the order's `state`: an order that was charged before may be paid, expired or cancelled.
/// Show its code while `may_be_shown` is 1. After QRIS_STATUS_OUTCOME_UNKNOWN or
/// QRIS_STATUS_CONTENT_MISMATCH never charge another number instead: the payer may pay twice. The
/// order is then QRIS_ORDER_STATE_UNKNOWN, and stays so if it is charged again. After other refusals
/// of the provider, and after QRIS_STATUS_UNREACHABLE, it is QRIS_ORDER_STATE_REJECTED, and the same
/// number may be charged again.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_ORDERS_UNKNOWN,
/// QRIS_STATUS_ORDER_CONFLICT, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`, `amount`,
/// `due_at`, `metadata` or `too-large`), the provider's statuses of `qris_create_invoice`, and the database's
/// statuses of `qris_orders_get`. Thread-safe, also with the same orders.
///
/// # Safety
///
/// - `new_order` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
///   to their lengths.
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_charge(
    orders: *const qris_orders,
    new_order: *const qris_new_order,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let new = unsafe { options(new_order) }?;
        // SAFETY: the caller promises that its texts can be read to their lengths.
        let asked = unsafe { new.read(session.tip()) }?;
        match new.without_code {
            0 => Ok(session.run(session.orders().charge(&asked))?.into_known()?),
            1 => {
                let opened = session.run(session.orders().open(&asked))?;
                let (Charged::Created(order) | Charged::Known(order)) = opened;
                Ok(order)
            }
            found => Err(Problem::Unknown { name: "without_code", found }),
        }
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Requests another code for an order that is QRIS_ORDER_STATE_EXPIRED, because its last code is no
/// longer shown, or QRIS_ORDER_STATE_REJECTED.
///
/// It first checks every older code, because a payer may have paid just now. If a code was paid, the
/// order is paid and there is no new code: check its `state`. It blocks up to `try_gap_seconds`, plus
/// the check and the create call (up to `timeout_seconds` each).
///
/// `number` is the order's number and ends with a NUL. `orders`, `order` and `error` are as for
/// `qris_orders_charge`. Needs the feature `orders`.
///
/// Statuses: all of `qris_orders_charge`, QRIS_STATUS_ABSENT, QRIS_STATUS_ORDER_STATE,
/// QRIS_STATUS_TOO_SOON and QRIS_STATUS_NOT_CHECKED (there is no new code: try again later).
/// Thread-safe, also with the same orders.
///
/// # Safety
///
/// - `number` is NULL or ends with a NUL.
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_renew(
    orders: *const qris_orders,
    number: *const c_char,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        let renewed = session.run(session.orders().renew(&number))?;
        let (Renewed::Created(order) | Renewed::Paid(order)) = renewed;
        Ok(order)
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Requests a check of an order that is QRIS_ORDER_STATE_PENDING, QRIS_ORDER_STATE_EXPIRED or
/// QRIS_ORDER_STATE_CANCELLED, for a cashier's button. A paid order is returned as it is. The check is made as soon as the budget of
/// the key allows, while `qris_orders_poll` or another function with these orders runs.
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. After QRIS_STATUS_OK look
/// at `state`. If it is not QRIS_ORDER_STATE_PAID, a check is planned; a payment comes as an event.
/// Needs the feature `orders`.
///
/// Statuses: all of `qris_orders_get`, QRIS_STATUS_ORDER_STATE if no code of the order can be paid, and QRIS_STATUS_TOO_SOON if this was called a moment ago or too often. Thread-safe,
/// also with the same orders.
///
/// # Safety
///
/// The same as for `qris_orders_renew`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_check(
    orders: *const qris_orders,
    number: *const c_char,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        match session.run(session.orders().check(&number)) {
            Ok((ManualCheck::Accepted { .. }, order)) => Ok(order),
            Ok((ManualCheck::TooSoon { wait }, _)) => {
                Err(::qris_orders::Error::TooSoon { wait }.into())
            }
            Ok((_, order)) => {
                let next = order.next_check_at.map(|at| at.timestamp().as_second());
                let wait = next.unwrap_or(0) - session.now().timestamp().as_second();
                let wait = Duration::from_secs(u64::try_from(wait).unwrap_or(0));
                Err(Problem::NoneLeft { wait })
            }
            Err(::qris_orders::Error::Ledger(qris_ledger::Error::State {
                found: State::Paid,
                ..
            })) => Ok(session.run(session.orders().find(&number))?),
            Err(error) => Err(error.into()),
        }
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Cancels an order that is QRIS_ORDER_STATE_OPEN, QRIS_ORDER_STATE_PENDING or
/// QRIS_ORDER_STATE_EXPIRED. An order that is cancelled or paid is returned as it is.
///
/// It first checks each of its codes, if a check is allowed within two seconds. If no check is allowed
/// within two seconds, it cancels without one: the order may be paid already, and then
/// `is_unanswered` is 1. Keep polling: the check follows, and a payment comes as an event. Look at `state`, which is
/// QRIS_ORDER_STATE_PAID if it was paid just now, and at `is_unanswered`. Codes cannot be withdrawn: a
/// payment that still comes is recorded and reported as an event. It blocks up to two seconds, plus
/// the check (up to `timeout_seconds`).
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Needs the feature
/// `orders`.
///
/// Statuses: all of `qris_orders_get`, QRIS_STATUS_ORDER_STATE if the order is rejected or unknown, and
/// QRIS_STATUS_OUTCOME_UNKNOWN while its code is being requested. Thread-safe, also with the same
/// orders.
///
/// # Safety
///
/// The same as for `qris_orders_renew`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_cancel(
    orders: *const qris_orders,
    number: *const c_char,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        match session.run(session.orders().cancel(&number))? {
            Cancelled::Paid(order) => Ok(qris_order::at(&order, session.now())),
            Cancelled::Now { order, unanswered, unchecked } => {
                let mut filled = qris_order::at(&order, session.now());
                if unchecked || unanswered.is_some() {
                    filled.is_unanswered = 1;
                }
                Ok(filled)
            }
        }
    };
    // SAFETY: the caller promises the same.
    unsafe { fill_in(orders, order, error, call) }
}

/// Records what a person found out about an order that is QRIS_ORDER_STATE_UNKNOWN.
///
/// If the provider made an invoice, pass its `qris_invoiceid` from the merchant's portal or a
/// webhook. A check then confirms the payment: `state` is QRIS_ORDER_STATE_PAID, or it stays
/// QRIS_ORDER_STATE_UNKNOWN and the invoice is checked while it may be paid. If the provider made none,
/// pass 0, and in `reason` how this was found out. The reason is kept, `state` is
/// QRIS_ORDER_STATE_REJECTED, and the number can be charged again.
///
/// `reason` ends with a NUL, and may be NULL if a `qris_invoiceid` is passed. `number`, `orders`,
/// `order` and `error` are as for `qris_orders_renew`. Needs the feature `orders`.
///
/// Statuses: all of `qris_orders_get`, QRIS_STATUS_VALUE_REFUSED (`code` is `reason`),
/// QRIS_STATUS_ORDER_STATE, QRIS_STATUS_CONTENT_MISMATCH (the invoice belongs to another order),
/// QRIS_STATUS_TOO_SOON, and the provider's statuses of `qris_check_invoice`. Thread-safe, also with
/// the same orders.
///
/// # Safety
///
/// - `number` and `reason` are NULL or end with a NUL.
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_resolve(
    orders: *const qris_orders,
    number: *const c_char,
    qris_invoiceid: u64,
    reason: *const c_char,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        if qris_invoiceid != 0 {
            let invoice = InvoiceId::new(qris_invoiceid);
            return match session.run(session.orders().resolve_paid(&number, invoice))? {
                Resolved::Paid(order) | Resolved::Unpaid(order) => Ok(order),
                Resolved::TooSoon { wait } => Err(::qris_orders::Error::TooSoon { wait }.into()),
            };
        }
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let reason = unsafe { c_text(reason, "reason") }?.trim();
        if reason.is_empty() {
            return Err(Problem::Value { name: "reason", expected: "how it was found out" });
        }
        Ok(session.run(session.orders().resolve_not_made(&number, reason))?)
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Reads an order from the database. The provider is not asked.
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Needs the feature
/// `orders`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`),
/// QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_REFUSED,
/// QRIS_STATUS_DATABASE_FAILED. Thread-safe, also with the same orders.
///
/// # Safety
///
/// The same as for `qris_orders_renew`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_get(
    orders: *const qris_orders,
    number: *const c_char,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        Ok(session.run(session.orders().find(&number))?)
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Stores the body of a webhook of the provider, and makes a check of the order due: a webhook alone
/// does not make an order paid. After QRIS_STATUS_OK and QRIS_STATUS_ABSENT it is on disk: answer
/// with HTTP status 200. After other statuses, except QRIS_STATUS_WEBHOOK_MALFORMED, answer with
/// 503, so that the provider sends it again.
///
/// QRIS_STATUS_ABSENT means that no order in the database matches it. The webhook is kept.
///
/// `body` must not be NULL. It is `len` bytes and needs no NUL at its end. `orders`, `order` and
/// `error` are as for `qris_orders_renew`. Needs the feature `orders`.
///
/// Statuses: all of `qris_orders_get` and `qris_read_webhook`. Thread-safe, also with the same
/// orders.
///
/// # Safety
///
/// - `len` bytes from `body` can be read and do not change before it returns.
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_webhook(
    orders: *const qris_orders,
    body: *const c_char,
    len: usize,
    order: *mut qris_order,
    error: *mut qris_error,
) -> qris_status {
    let call = |session: &Session| {
        // SAFETY: the caller promises that `len` bytes from `body` can be read.
        let event = webhook::read(unsafe { bytes(body, len, "body") }?)?;
        match session.run(session.orders().receive_webhook(event))? {
            WebhookOutcome::Known(order) => Ok(*order),
            WebhookOutcome::Kept(_) => Err(Problem::Plain(qris_status::Absent)),
        }
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// Records that a paid order is done: the goods are handed out, the receipt is printed. A program
/// that is killed before that finds the order in `qris_orders_unacknowledged`.
///
/// `first` may be NULL and is written only on success: 1 if this call recorded it, 0 if it was
/// recorded before. `number`, `orders` and `error` are as for `qris_orders_renew`. Needs the
/// feature `orders`.
///
/// Statuses: all of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE for an order that is not paid.
/// Thread-safe, also with the same orders.
///
/// # Safety
///
/// - `number` is NULL or ends with a NUL.
/// - `first` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_acknowledge(
    orders: *const qris_orders,
    number: *const c_char,
    first: *mut i32,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        let session = session(orders)?;
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        let is_first = session.run(session.orders().acknowledge(&number))?;
        if !first.is_null() {
            // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
            unsafe { write_out(first, i32::from(is_first)) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Makes a call and fills in its order.
///
/// # Safety
///
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
unsafe fn step(
    orders: *const qris_orders,
    order: *mut qris_order,
    error: *mut qris_error,
    call: impl FnOnce(&Session) -> Result<Order, Problem>,
) -> qris_status {
    let call = |session: &Session| Ok(qris_order::at(&call(session)?, session.now()));
    // SAFETY: the caller promises the same.
    unsafe { fill_in(orders, order, error, call) }
}

/// Makes a call and writes the order that it returns.
///
/// # Safety
///
/// - `order` is NULL, or begins with its size, and that many bytes can be written to.
/// - `error` is NULL or can be written to.
unsafe fn fill_in(
    orders: *const qris_orders,
    order: *mut qris_order,
    error: *mut qris_error,
    call: impl FnOnce(&Session) -> Result<qris_order, Problem>,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that it is NULL or begins with a size.
        let room = unsafe { room(order) }?;
        let session = session(orders)?;
        let found = call(&session)?;
        // SAFETY: not NULL (`room` checked it), and the caller promises that as many bytes can be
        // written to.
        unsafe { fill(order, room, &found) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// # Safety
///
/// `number` is NULL or ends with a NUL.
pub(crate) unsafe fn read_number(number: *const c_char) -> Result<TransactionNumber, Problem> {
    // SAFETY: the caller promises the same.
    let number = unsafe { c_text(number, "number") }?;
    Ok(TransactionNumber::parse(number).map_err(qris_api::Error::Invalid)?)
}
