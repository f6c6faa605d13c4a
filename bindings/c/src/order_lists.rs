//! Lists of orders.

use std::mem::offset_of;

use ::qris_orders::{Order, State};
use qris_api::TransactionNumber;
use qris_ledger::OrderFilter;
use qris_ledger::jiff::civil::Date;

use crate::error::{Problem, qris_error};
use crate::ffi::{Options, boundary, fill, optional, options, room, writable, write_out};
use crate::invoice::wib_time;
use crate::order::{qris_channel, qris_order, qris_order_state};
use crate::orders::{Session, qris_orders, session};
use crate::status::qris_status;
use crate::text::qris_str;

/// A filter for `qris_orders_list`. Set the whole struct to zero, then `size` to
/// `sizeof(qris_order_filter)`, then the fields you need. The caller owns the texts; they must live
/// until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_order_filter {
    /// `sizeof(qris_order_filter)`.
    pub size: usize,
    /// A `qris_order_state`: only orders in this state. Default any. QRIS_ORDER_STATE_UNFINISHED
    /// lists all orders that are not ended.
    pub state: i32,
    /// A `qris_channel`. Default any.
    pub channel: i32,
    /// Orders that were created on this day in WIB (UTC+7) or later: `2026-11-01`.
    pub from: qris_str,
    /// Orders that were created on this day in WIB or earlier.
    pub to: qris_str,
    /// Orders whose number, description, reference, RRN or payment method contains this text, or
    /// whose amount is this number.
    pub search: qris_str,
    /// For the next page: `created_at` of the last order of the page before. Set this and the next
    /// field, or neither.
    pub after_created_at: qris_str,
    /// For the next page: `number` of that order.
    pub after_number: qris_str,
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_order_filter {
    const NAME: &'static str = "qris_order_filter";
    const MIN_SIZE: usize = offset_of!(Self, after_number) + size_of::<qris_str>();
}

/// Lists orders, the newest first.
///
/// `orders` is from `qris_orders_open`. `filter` may be NULL: all orders. `list` must not be NULL.
/// It is an array of `capacity` structs. Set `size` of the first struct; it is also the distance from
/// one struct to the next. `count` must not be NULL and is written only on success: the number of
/// filled structs. If it equals `capacity`, there may be more orders. `error` may be NULL. Needs the
/// feature `orders`.
///
/// When your program starts again, list the orders in QRIS_ORDER_STATE_UNFINISHED. The `state` of
/// such an order may be QRIS_ORDER_STATE_EXPIRED if its code expired and no program has polled since.
/// After the next poll it is no longer listed.
///
/// Statuses: all of `qris_orders_get` except QRIS_STATUS_ABSENT; also QRIS_STATUS_UNKNOWN_VALUE and
/// QRIS_STATUS_VALUE_REFUSED (`code` is `from`, `to`, `after_created_at` or `transaction-number`).
/// Thread-safe, also with the same orders.
///
/// # Safety
///
/// - `filter` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
///   to their lengths.
/// - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
///   to.
/// - `count` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_list(
    orders: *const qris_orders,
    filter: *const qris_order_filter,
    list: *mut qris_order,
    capacity: usize,
    count: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let read = |session: &Session, limit| {
        let filter = if filter.is_null() {
            OrderFilter::default()
        } else {
            // SAFETY: the caller promises that as many bytes can be read as the size says.
            let filter = unsafe { options(filter) }?;
            // SAFETY: the caller promises that its texts can be read to their lengths.
            unsafe { filter.read() }?
        };
        let listed = session.orders().read(move |ledger| ledger.orders(&filter, limit));
        Ok(session.run(listed).map_err(::qris_orders::Error::from)?)
    };
    // SAFETY: the caller promises the same.
    unsafe { write_list(orders, list, capacity, count, error, read) }
}

/// Lists the paid orders that are not acknowledged yet (`qris_orders_acknowledge`), the oldest first.
/// Call it at the start of the program and after each payment.
///
/// It has the orders of all tills that use the database, no filter and no pages. For a filter use
/// `qris_orders_list` with QRIS_ORDER_STATE_PAID, and look at `is_acknowledged`.
///
/// `orders`, `list`, `capacity`, `count` and `error` are as for `qris_orders_list`. Needs the
/// feature `orders`.
///
/// Statuses: all of `qris_orders_get` except QRIS_STATUS_ABSENT. Thread-safe, also with the same
/// orders.
///
/// # Safety
///
/// - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
///   to.
/// - `count` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_unacknowledged(
    orders: *const qris_orders,
    list: *mut qris_order,
    capacity: usize,
    count: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let read = |session: &Session, limit| Ok(session.run(session.orders().unacknowledged(limit))?);
    // SAFETY: the caller promises the same.
    unsafe { write_list(orders, list, capacity, count, error, read) }
}

/// # Safety
///
/// - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
///   to.
/// - `count` and `error` are NULL or can be written to.
unsafe fn write_list(
    orders: *const qris_orders,
    list: *mut qris_order,
    capacity: usize,
    count: *mut usize,
    error: *mut qris_error,
    read: impl FnOnce(&Session, u32) -> Result<Vec<Order>, Problem>,
) -> qris_status {
    let call = || {
        writable(count, "count")?;
        // SAFETY: the caller promises that it is NULL or begins with a size.
        let room = unsafe { room(list) }?;
        let session = session(orders)?;
        let found = read(&session, u32::try_from(capacity).unwrap_or(u32::MAX))?;
        let now = session.now();
        for (place, order) in found.iter().take(capacity).enumerate() {
            let to = list.wrapping_byte_add(place * room);
            // SAFETY: the caller promises that `capacity` times `room` bytes can be written to, and
            // `place` is below `capacity`.
            unsafe { fill(to, room, &qris_order::at(order, now)) };
        }
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(count, found.len().min(capacity)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

impl qris_order_filter {
    /// # Safety
    ///
    /// Its texts can be read to their lengths.
    unsafe fn read(&self) -> Result<OrderFilter, Problem> {
        let text = |given: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(given, name) }
        };
        let day = |given: qris_str, name| {
            let day = text(given, name)?.map(str::parse::<Date>).transpose();
            day.map_err(|_| Problem::Value { name, expected: "a day such as 2026-11-01" })
        };
        let mut filter = OrderFilter::default();
        if self.state == qris_order_state::Unfinished as i32 {
            filter.unfinished = true;
        } else {
            filter.state = state(self.state)?;
        }
        filter.channel = qris_channel::parse(self.channel)?;
        filter.from = day(self.from, "from")?;
        filter.to = day(self.to, "to")?;
        filter.search = text(self.search, "search")?.map(str::to_owned);
        if let Some(at) = text(self.after_created_at, "after_created_at")? {
            let expected = "the created_at of an order";
            let at = wib_time(at).ok_or(Problem::Value { name: "after_created_at", expected })?;
            let number = text(self.after_number, "after_number")?.unwrap_or_default();
            let number = TransactionNumber::parse(number).map_err(qris_api::Error::Invalid)?;
            filter.after = Some((at, number));
        }
        Ok(filter)
    }
}

fn state(number: i32) -> Result<Option<State>, Problem> {
    const ANY: i32 = qris_order_state::Any as i32;
    if number == ANY {
        return Ok(None);
    }
    let known = State::ALL.into_iter().find(|state| qris_order_state::new(*state) as i32 == number);
    known.map(Some).ok_or(Problem::Unknown { name: "qris_order_state", found: number })
}
