//! The codes of an order.

use std::ffi::c_char;
use std::fmt;
use std::mem::offset_of;

use qris_ledger::{InvoiceState, OrderInvoice};

use crate::error::{Problem, qris_error};
use crate::ffi::{SizedOutput, boundary, fill, room, writable, write_out};
use crate::invoice::{payer_text, time};
use crate::order_steps::read_number;
use crate::orders::{qris_orders, session};
use crate::status::qris_status;

/// The state of one code of an order.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_code_state {
    /// A state that this version of the library does not know.
    Other = 0,
    /// It is being requested from the provider.
    Requested = 1,
    /// It may be shown and paid.
    Pending = 2,
    /// It was paid.
    Paid = 3,
    /// It is no longer shown, but checks for a late payment continue.
    Expired = 4,
    /// The provider refused to make it.
    Rejected = 5,
    /// It is not known whether the provider made it.
    Unknown = 6,
    /// A person found out that the provider did not make it.
    Resolved = 7,
}

impl qris_code_state {
    const fn new(state: InvoiceState) -> Self {
        match state {
            InvoiceState::Requested => Self::Requested,
            InvoiceState::Pending => Self::Pending,
            InvoiceState::Paid => Self::Paid,
            InvoiceState::Expired => Self::Expired,
            InvoiceState::Rejected => Self::Rejected,
            InvoiceState::Unknown => Self::Unknown,
            InvoiceState::Resolved => Self::Resolved,
        }
    }
}

/// One code of an order: an invoice of the provider, with its payment. The caller owns it; there is
/// nothing to free.
///
/// Set `size` of the first struct of an array to `sizeof(qris_order_code)` before a function fills
/// it in. All texts are UTF-8 and end with a NUL. A value that does not exist yet is empty or zero.
/// Times look like `2020-08-07T11:13:42+07:00`. Later versions of the library add fields at the end
/// only.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_order_code {
    /// `sizeof(qris_order_code)`.
    pub size: usize,
    /// The provider's number of the invoice; 0 if it is not known.
    pub qris_invoiceid: u64,
    /// The state of the code.
    pub state: qris_code_state,
    /// 1 if the last check of this code had no answer.
    pub is_unanswered: i32,
    /// When the provider made it.
    pub qris_request_date: [c_char; 26],
    /// When to stop showing it.
    pub shown_until: [c_char; 26],
    /// Until when it is checked at least.
    pub watched_until: [c_char; 26],
    /// When it was paid.
    pub paid_at: [c_char; 26],
    /// The payer's name, as the payer's bank knows it: 100 characters at most.
    pub customer_name: [c_char; 401],
    /// The payer's bank or wallet: 40 characters at most.
    pub method: [c_char; 161],
    /// The national retrieval reference number (RRN) of the payment: 40 characters at most. Use it
    /// to pay back a second payment.
    pub rrn: [c_char; 161],
}

// SAFETY: `repr(C)`, and begins with its size.
unsafe impl SizedOutput for qris_order_code {
    const NAME: &'static str = "qris_order_code";
    const MIN_SIZE: usize = offset_of!(Self, rrn) + size_of::<[c_char; 161]>();
}

impl fmt::Debug for qris_order_code {
    /// Without the payer's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_order_code")
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl qris_order_code {
    fn new(invoice: &OrderInvoice) -> Self {
        // A webhook's values are stored before a check confirms the payment.
        let paid = |text: &'_ Option<String>| text.clone().filter(|_| invoice.paid_at.is_some());
        Self {
            size: size_of::<Self>(),
            qris_invoiceid: invoice.qris_invoiceid.map_or(0, |id| id.get()),
            state: qris_code_state::new(invoice.state),
            is_unanswered: i32::from(invoice.unanswered_at.is_some()),
            qris_request_date: time(invoice.qris_request_date),
            shown_until: time(invoice.shown_until),
            watched_until: time(invoice.watched_until),
            paid_at: time(invoice.paid_at),
            customer_name: payer_text(paid(&invoice.customer_name).as_deref()),
            method: payer_text(paid(&invoice.method).as_deref()),
            rrn: payer_text(paid(&invoice.rrn).as_deref()),
        }
    }
}

/// Lists the codes of an order, the oldest first, each with its payment. If more than one was paid
/// (`overpaid_rupiah` of the order is not 0), it shows who paid which code.
///
/// `orders` is from `qris_orders_open`. `number` is the order's number and ends with a NUL. `list`
/// must not be NULL. It is an array of `capacity` structs. Set `size` of the first struct; it is
/// also the distance from one struct to the next. `count` must not be NULL and is written only on
/// success: the number of filled structs. `codes` of the order says how many codes there are. If
/// there are more than `capacity`, the newest are left out. `error` may be NULL. Needs the feature
/// `orders`.
///
/// Statuses: all of `qris_orders_get`. Thread-safe, also with the same orders.
///
/// # Safety
///
/// - `number` is NULL or ends with a NUL.
/// - `list` is NULL, or begins with its size, and `capacity` times that many bytes can be written
///   to.
/// - `count` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_orders_codes(
    orders: *const qris_orders,
    number: *const c_char,
    list: *mut qris_order_code,
    capacity: usize,
    count: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let call = || -> Result<(), Problem> {
        writable(count, "count")?;
        // SAFETY: the caller promises that it is NULL or begins with a size.
        let room = unsafe { room(list) }?;
        let session = session(orders)?;
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { read_number(number) }?;
        let order = session.run(session.orders().find(&number))?;
        for (place, invoice) in order.invoices.iter().take(capacity).enumerate() {
            let to = list.wrapping_byte_add(place * room);
            // SAFETY: the caller promises that `capacity` times `room` bytes can be written to, and
            // `place` is below `capacity`.
            unsafe { fill(to, room, &qris_order_code::new(invoice)) };
        }
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(count, order.invoices.len().min(capacity)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}
