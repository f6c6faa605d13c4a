//! An order, as a C struct.

use std::ffi::c_char;
use std::fmt;
use std::mem::offset_of;

use ::qris_orders::{Channel, Order, State};
use qris_api::{Payment, PaymentDetails, Tip, WibTime};

use crate::ffi::SizedOutput;
use crate::invoice::{payer_text, time};
use crate::text::Field;

/// The state of an order.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_order_state {
    /// Only in a `qris_order_filter`: any state.
    Any = 0,
    /// No code was requested yet.
    Open = 1,
    /// A code is being requested. If the program was killed meanwhile, the order becomes
    /// QRIS_ORDER_STATE_UNKNOWN max(35, `timeout_seconds`) + 60 seconds after the request.
    Requested = 2,
    /// There is a code that may be shown.
    Pending = 3,
    /// The order is paid.
    Paid = 4,
    /// Its code is no longer shown, but checks for a late payment continue. `qris_orders_renew`
    /// requests another code.
    Expired = 5,
    /// The provider refused: there is no code. The same number may be charged again.
    Rejected = 6,
    /// It is not known whether the provider made a code. A webhook and a check resolve this, or a
    /// person with `qris_orders_resolve`.
    Unknown = 7,
    /// The shop no longer wants the payment. A payment that still comes makes it paid.
    Cancelled = 8,
    /// Only in a `qris_order_filter`: orders that are not ended, which are the ones in the states
    /// OPEN, REQUESTED, PENDING and UNKNOWN. EXPIRED is not among them: list it with its own state, to
    /// renew it. List them when your program starts again.
    Unfinished = 100,
}

impl qris_order_state {
    pub(crate) const fn new(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Requested => Self::Requested,
            State::Pending => Self::Pending,
            State::Paid => Self::Paid,
            State::Expired => Self::Expired,
            State::Rejected => Self::Rejected,
            State::Unknown => Self::Unknown,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// Where a sale is made.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_channel {
    /// In a new order: a till. In a `qris_order_filter`: any channel.
    Unspecified = 0,
    /// A cashier's till.
    Pos = 1,
    /// A web shop's checkout.
    Ecommerce = 2,
    /// A recurring bill.
    Bill = 3,
}

impl qris_channel {
    const fn new(channel: Channel) -> Self {
        match channel {
            Channel::Pos => Self::Pos,
            Channel::Ecommerce => Self::Ecommerce,
            Channel::Bill => Self::Bill,
        }
    }
}

/// An order. The caller owns it and may copy and keep it; there is nothing to free.
///
/// Set `size` to `sizeof(qris_order)` before a function fills it in; in an array, set it in the
/// first element. All texts are UTF-8 and end with a NUL. A value that does not exist yet is empty
/// or zero. Times look like `2020-08-07T11:13:42+07:00`. Each field has room for the longest
/// possible value. Later versions of the library add fields at the end only.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_order {
    /// `sizeof(qris_order)`.
    pub size: usize,
    /// The amount to pay, in whole rupiah, without a tip.
    pub rupiah: u64,
    /// The amount that was paid in addition, because another of its codes was paid too; usually 0.
    pub overpaid_rupiah: u64,
    /// The provider's number of the newest code; 0 if it is not known.
    pub qris_invoiceid: u64,
    /// The state of the order.
    pub state: qris_order_state,
    /// The channel of the sale.
    pub channel: qris_channel,
    /// 1 if the wallet asks for a tip.
    pub has_tip: i32,
    /// 1 while the code may be shown to a payer. Draw `qris_content` only then.
    pub may_be_shown: i32,
    /// How many more seconds the code may be shown, for a countdown.
    pub shown_seconds_left: u32,
    /// How many codes were requested.
    pub codes: u32,
    /// 1 if the last check of a code had no answer: the code may have been paid. It is 0 too if no
    /// check was made, except in the order that `qris_orders_cancel` fills in: there it is 1 too if
    /// the order was cancelled without a check.
    pub is_unanswered: i32,
    /// 1 after `qris_orders_acknowledge`: the goods are handed out.
    pub is_acknowledged: i32,
    /// The merchant's name in the database.
    pub merchant: [c_char; 33],
    /// The shop's own number.
    pub number: [c_char; 65],
    /// When it was created.
    pub created_at: [c_char; 26],
    /// The due date of the payment, if one was given.
    pub due_at: [c_char; 26],
    /// When the provider made the newest code.
    pub qris_request_date: [c_char; 26],
    /// When to stop showing the code: some accounts refuse a later payment.
    pub shown_until: [c_char; 26],
    /// Until when a payment may come.
    pub expires_at: [c_char; 26],
    /// Until when it is checked at least.
    pub watched_until: [c_char; 26],
    /// When the newest code is checked next.
    pub next_check_at: [c_char; 26],
    /// When it was paid.
    pub paid_at: [c_char; 26],
    /// The payer's name, as the payer's bank knows it: 100 characters at most.
    pub customer_name: [c_char; 401],
    /// The payer's bank or wallet: 40 characters at most.
    pub method: [c_char; 161],
    /// The national retrieval reference number: 40 characters at most.
    pub rrn: [c_char; 161],
    /// The caller's own reference of the charge: 255 characters at most.
    pub reference: [c_char; 1021],
    /// The description: 500 characters at most.
    pub description: [c_char; 2001],
    /// The merchant's national number. Show it under the QR.
    pub qris_nmid: [c_char; 397],
    /// The payload to draw while `may_be_shown` is 1.
    pub qris_content: [c_char; 7090],
}

// cbindgen needs the length of an array as a literal number.
const _: () =
    assert!(size_of::<[c_char; 1021]>() == ::qris_orders::NewOrder::MAX_REFERENCE_CHARS * 4 + 1);

// SAFETY: `repr(C)`, and begins with its size.
unsafe impl SizedOutput for qris_order {
    const NAME: &'static str = "qris_order";
    const MIN_SIZE: usize = offset_of!(Self, qris_content) + size_of::<[c_char; 7090]>();
}

impl fmt::Debug for qris_order {
    /// Without the payer's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_order")
            .field("rupiah", &self.rupiah)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl qris_order {
    /// The order at this time of the provider's clock.
    pub(crate) fn at(order: &Order, now: WibTime) -> Self {
        let invoice = order.invoice.as_ref();
        let content = invoice.map(|invoice| invoice.qris_content.as_str()).unwrap_or_default();
        // A longer one fits into no symbol, so there is nothing to show.
        let content = Field::whole(content).unwrap_or(Field::EMPTY);
        let is_shown = order.may_be_shown(now) && !content.is_empty();
        let seconds_left = match order.shown_until {
            Some(until) if is_shown => until.timestamp().as_second() - now.timestamp().as_second(),
            _ => 0,
        };
        let mut filled = Self {
            size: size_of::<Self>(),
            rupiah: order.amount.get(),
            overpaid_rupiah: order.overpaid.get(),
            qris_invoiceid: invoice.map_or(0, |invoice| invoice.qris_invoiceid.get()),
            state: qris_order_state::new(order.state_at(now)),
            channel: qris_channel::new(order.channel),
            has_tip: i32::from(order.tip == Tip::Ask),
            may_be_shown: i32::from(is_shown),
            shown_seconds_left: u32::try_from(seconds_left).unwrap_or(0),
            codes: u32::try_from(order.invoices.len()).unwrap_or(u32::MAX),
            is_unanswered: i32::from(order.is_unanswered()),
            is_acknowledged: i32::from(order.acknowledged_at.is_some()),
            merchant: payer_text(Some(order.merchant.as_str())),
            number: payer_text(Some(order.number.as_str())),
            created_at: time(Some(order.created_at)),
            due_at: time(order.due_at),
            qris_request_date: time(invoice.map(|invoice| invoice.qris_request_date)),
            shown_until: time(order.shown_until),
            expires_at: time(order.expires_at),
            watched_until: time(order.watched_until),
            next_check_at: time(order.next_check_at),
            paid_at: [0; 26],
            customer_name: [0; 401],
            method: [0; 161],
            rrn: [0; 161],
            reference: payer_text(order.reference.as_deref()),
            description: payer_text(order.description.as_deref()),
            qris_nmid: payer_text(invoice.map(|invoice| invoice.qris_nmid.as_str())),
            qris_content: content.for_c(),
        };
        if let Payment::Paid(details) = &order.payment {
            filled.set_payment(details);
        }
        filled
    }

    /// Not inlined: otherwise the compiler reads these texts of an unpaid order too and then ignores
    /// them, which valgrind reports as a use of uninitialised values.
    #[inline(never)]
    fn set_payment(&mut self, details: &PaymentDetails) {
        self.paid_at = time(details.paid_at);
        self.customer_name = payer_text(details.customer_name.as_deref());
        self.method = payer_text(details.method.as_deref());
        self.rrn = payer_text(details.rrn.as_deref());
    }
}
