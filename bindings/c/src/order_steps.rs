//! The steps of one order.

use std::ffi::c_char;
use std::mem::offset_of;
use std::time::Duration;

use ::qris_orders::{
    Cancelled, Channel, Charged, NewOrder, Order, Renewed, Resolved, State, WebhookOutcome,
};
use qris_api::{InvoiceId, Press, Rupiah, Tip, TransactionNumber};

use crate::border::{Options, boundary, bytes, fill, give, optional, options, room};
use crate::client::{c_text, seconds};
use crate::encode::qris_tip;
use crate::error::{Problem, qris_error};
use crate::invoice::wib_time;
use crate::order::{qris_channel, qris_order};
use crate::orders::{Session, qris_orders, session};
use crate::status::qris_status;
use crate::text::qris_str;
use crate::webhook;

/// What is to be paid. Set all of it to zero, then `size` to `sizeof(qris_new_order)`, then what there
/// is to say. The texts stay the caller's and need to live only until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_new_order {
    /// `sizeof(qris_new_order)`.
    pub size: usize,
    /// The shop's own number: 1 to 64 printable ASCII characters with no space at either end. Must be
    /// given.
    pub number: qris_str,
    /// What is to be paid, in whole rupiah. Must be given.
    pub rupiah: u64,
    /// A `qris_channel`. Default QRIS_CHANNEL_POS.
    pub channel: i32,
    /// A `qris_tip`: none, or QRIS_TIP_PROMPT to have the wallet ask for a tip. Default: as the
    /// options of the client say.
    pub tip: i32,
    /// For how long a code is shown, in seconds. Default: `shown_seconds` of the client.
    pub shown_seconds: u32,
    /// 1 books the order and asks for no code yet: it is QRIS_ORDER_STATE_OPEN until it is charged
    /// without this.
    pub without_code: i32,
    /// The caller's own name for this charge, such as the number of a receipt: the same number with
    /// the same reference is the same charge on a later day too. 255 characters are kept.
    pub reference: qris_str,
    /// What it is for. 500 characters are kept.
    pub description: qris_str,
    /// What the caller keeps with it, as a JSON text of at most 16 KiB.
    pub metadata: qris_str,
    /// Until when it should be paid, such as `2026-11-30T12:00:00+07:00`.
    pub due_at: qris_str,
}

// SAFETY: `repr(C)`, begins with its size, holds numbers and pointers only, and zero is "not
// said" in each of them.
unsafe impl Options for qris_new_order {
    const NAME: &'static str = "qris_new_order";
    const LEAST: usize = offset_of!(Self, due_at) + size_of::<qris_str>();
}

/// Asks for a code for an order. The same number and amount again give the order as it is, with its
/// code: so a program that was killed charges again and goes on.
///
/// It returns when the provider has answered, which takes up to `timeout_seconds` of the client.
/// `orders` is from `qris_orders_open`. `new_order` must not be NULL. `order` must not be NULL, begins
/// with its size, and is filled in only on success. `error` may be NULL. Not in a library built
/// without `orders`.
///
/// Look at the order's `state`: one that was charged before may be paid, expired or cancelled. Show
/// its code while `may_be_shown` is 1. Never charge another number because of
/// QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_CONTENT_MISMATCH: the payer may pay twice. The order is
/// then QRIS_ORDER_STATE_UNKNOWN, also when it is charged again, and after other refusals of the
/// provider QRIS_ORDER_STATE_REJECTED: then the same number may be charged again.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_ORDERS_UNKNOWN,
/// QRIS_STATUS_ORDER_CONFLICT, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`, `amount`,
/// `due_at` or `too-large`), those of `qris_create_invoice` for what the provider says, and those of
/// `qris_orders_get` for the database. Threads: from any, at any time, with the same orders too.
///
/// # Safety
///
/// - `new_order` is NULL, or as many bytes can be read as its size says, and its texts can be read to
///   their lengths.
/// - `order` is NULL, or begins with a size and as many bytes can be written to.
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

/// Asks for another code of an order whose last one is no longer shown (QRIS_ORDER_STATE_EXPIRED).
///
/// Every older code is checked first, which may take as long as the gap between two checks: a payer
/// may have paid just now. Then the order is paid and there is no new code: look at its `state`.
///
/// `number` is that of the order and ends with a NUL. `orders`, `order` and `error` are as for
/// `qris_orders_charge`. Not in a library built without `orders`.
///
/// Statuses: those of `qris_orders_charge`, QRIS_STATUS_ABSENT, QRIS_STATUS_ORDER_STATE,
/// QRIS_STATUS_TOO_SOON and QRIS_STATUS_NOT_CHECKED (there is no new code: try again later). Threads:
/// from any, at any time, with the same orders too.
///
/// # Safety
///
/// - `number` is NULL or ends with a NUL.
/// - `order` is NULL, or begins with a size and as many bytes can be written to.
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

/// The cashier's button: has an order checked as soon as the budget of the key allows. The check is
/// made while `qris_orders_poll` or another function with these orders runs.
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Success says that the
/// button was taken, or that the order is paid already. Not in a library built without `orders`.
///
/// Statuses: those of `qris_orders_get`, QRIS_STATUS_ORDER_STATE where it waits for no payment, and
/// QRIS_STATUS_TOO_SOON where it was pressed a moment ago or too often. Threads: from any, at any
/// time, with the same orders too.
///
/// # Safety
///
/// As for `qris_orders_renew`.
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
            Ok((Press::Accepted { .. }, order)) => Ok(order),
            Ok((Press::TooSoon { wait }, _)) => Err(::qris_orders::Error::TooSoon { wait }.into()),
            Ok((Press::NoneLeft, order)) => {
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

/// Cancels an order that is not paid.
///
/// The provider is asked first about each of its codes, if it may be asked within two seconds: look
/// at the `state`, which is QRIS_ORDER_STATE_PAID where it was paid just now, and at `is_unanswered`.
/// Codes cannot be withdrawn, so a payment that comes all the same is booked and told.
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Not in a library built
/// without `orders`.
///
/// Statuses: those of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE. Threads: from any, at any time,
/// with the same orders too.
///
/// # Safety
///
/// As for `qris_orders_renew`.
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
            Cancelled::Now { order, .. } | Cancelled::Paid(order) => Ok(order),
        }
    };
    // SAFETY: the caller promises the same.
    unsafe { step(orders, order, error, call) }
}

/// A person says what became of an order that is QRIS_ORDER_STATE_UNKNOWN.
///
/// With a `qris_invoiceid` it is the provider's invoice of the order, as the merchant's portal or a
/// webhook has it, and a check has to confirm that it is paid: look at the `state`. With zero, the
/// provider made no code, and `reason` says how that was found out; it is kept, and the number can be
/// charged again.
///
/// `reason` is NULL or ends with a NUL. `number`, `orders`, `order` and `error` are as for
/// `qris_orders_renew`. Not in a library built without `orders`.
///
/// Statuses: those of `qris_orders_get`, QRIS_STATUS_VALUE_REFUSED (`code` is `reason`),
/// QRIS_STATUS_ORDER_STATE, QRIS_STATUS_CONTENT_MISMATCH (the invoice is another order's),
/// QRIS_STATUS_TOO_SOON, and those of `qris_check_invoice` for what the provider says. Threads: from
/// any, at any time, with the same orders too.
///
/// # Safety
///
/// - `number` and `reason` are NULL or end with a NUL.
/// - `order` is NULL, or begins with a size and as many bytes can be written to.
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

/// What is booked of an order. The provider is not asked.
///
/// `number`, `orders`, `order` and `error` are as for `qris_orders_renew`. Not in a library built
/// without `orders`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number`),
/// QRIS_STATUS_ORDERS_UNKNOWN, QRIS_STATUS_DATABASE_UNAVAILABLE, QRIS_STATUS_DATABASE_REFUSED,
/// QRIS_STATUS_DATABASE_FAILED. Threads: from any, at any time, with the same orders too.
///
/// # Safety
///
/// As for `qris_orders_renew`.
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

/// Takes the body of a webhook of the provider. It is not believed: it makes the order due to be
/// checked. On success, and on QRIS_STATUS_ABSENT, it is on disk: answer with HTTP status 200. After
/// other statuses but QRIS_STATUS_WEBHOOK_MALFORMED answer with 503, so that it is sent again.
///
/// QRIS_STATUS_ABSENT says that it is of no order that is booked, and that it is kept.
///
/// `body` is `len` bytes, neither NULL nor with a NUL behind it. `orders`, `order` and `error` are as
/// for `qris_orders_renew`. Not in a library built without `orders`.
///
/// Statuses: those of `qris_orders_get` and `qris_read_webhook`. Threads: from any, at any time, with
/// the same orders too.
///
/// # Safety
///
/// - `len` bytes from `body` can be read and do not change before it returns.
/// - `order` is NULL, or begins with a size and as many bytes can be written to.
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

/// Books that what a payment asks for is done: the goods are handed out, the receipt is printed. So a
/// program that is killed between payment and goods finds the order in `qris_orders_unacknowledged`.
///
/// `first` may be NULL; it is written only on success: 1 where this call booked it, 0 where it was
/// booked before. `number`, `orders` and `error` are as for `qris_orders_renew`. Not in a library
/// built without `orders`.
///
/// Statuses: those of `qris_orders_get`, and QRIS_STATUS_ORDER_STATE for an order that is not paid.
/// Threads: from any, at any time, with the same orders too.
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
            unsafe { give(first, i32::from(is_first)) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Takes a step and fills in the order.
///
/// # Safety
///
/// - `order` is NULL, or begins with a size and as many bytes can be written to.
/// - `error` is NULL or can be written to.
unsafe fn step(
    orders: *const qris_orders,
    order: *mut qris_order,
    error: *mut qris_error,
    call: impl FnOnce(&Session) -> Result<Order, Problem>,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that it is NULL or begins with a size.
        let room = unsafe { room(order) }?;
        let session = session(orders)?;
        let found = qris_order::at(&call(&session)?, session.now());
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
unsafe fn read_number(number: *const c_char) -> Result<TransactionNumber, Problem> {
    // SAFETY: the caller promises the same.
    let number = unsafe { c_text(number, "number") }?;
    Ok(TransactionNumber::parse(number).map_err(qris_api::Error::Invalid)?)
}

impl qris_channel {
    /// The channel, or `None` where none is said.
    pub(crate) fn parse(number: i32) -> Result<Option<Channel>, Problem> {
        const UNSPECIFIED: i32 = qris_channel::Unspecified as i32;
        const POS: i32 = qris_channel::Pos as i32;
        const ECOMMERCE: i32 = qris_channel::Ecommerce as i32;
        const BILL: i32 = qris_channel::Bill as i32;
        match number {
            UNSPECIFIED => Ok(None),
            POS => Ok(Some(Channel::Pos)),
            ECOMMERCE => Ok(Some(Channel::Ecommerce)),
            BILL => Ok(Some(Channel::Bill)),
            found => Err(Problem::Unknown { name: "qris_channel", found }),
        }
    }
}

impl qris_new_order {
    /// # Safety
    ///
    /// Its texts can be read to their lengths.
    unsafe fn read(&self, usual_tip: Tip) -> Result<NewOrder, Problem> {
        const UNSPECIFIED: i32 = qris_tip::Unspecified as i32;
        const NONE: i32 = qris_tip::None as i32;
        const PROMPT: i32 = qris_tip::Prompt as i32;
        let text = |given: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(given, name) }
        };
        let number = TransactionNumber::parse(text(self.number, "number")?.unwrap_or_default());
        let number = number.map_err(qris_api::Error::Invalid)?;
        let mut new = NewOrder::new(number, Rupiah::new(self.rupiah));
        new.channel = qris_channel::parse(self.channel)?.unwrap_or(Channel::Pos);
        new.tip = match self.tip {
            UNSPECIFIED => usual_tip,
            NONE => Tip::None,
            PROMPT => Tip::Ask,
            found => return Err(Problem::Unknown { name: "qris_tip for orders", found }),
        };
        new.shown_for = seconds(self.shown_seconds);
        new.reference = text(self.reference, "reference")?.map(str::to_owned);
        new.description = text(self.description, "description")?.map(str::to_owned);
        new.metadata = text(self.metadata, "metadata")?.map(str::to_owned);
        if let Some(due_at) = text(self.due_at, "due_at")? {
            let expected = "a time such as 2026-11-30T12:00:00+07:00";
            let at = wib_time(due_at).ok_or(Problem::Value { name: "due_at", expected })?;
            new.due_at = Some(at);
        }
        Ok(new)
    }
}
