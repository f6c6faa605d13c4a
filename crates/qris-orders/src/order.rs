//! What is to be paid, and what came of asking for it.

use qris_api::{Rupiah, Tip, TransactionNumber};
use qris_ledger::{Channel, Record};

/// An order to be paid.
///
/// ```
/// use qris_api::{Rupiah, TransactionNumber};
/// use qris_ledger::Channel;
/// use qris_orders::NewOrder;
///
/// let mut order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
/// order.channel = Channel::Ecommerce;
/// order.reference = Some("cart-81".to_owned());
/// # Ok::<(), qris_api::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The shop's own number.
    pub number: TransactionNumber,
    /// What is to be paid, in whole rupiah.
    pub amount: Rupiah,
    /// Where the sale is made; a cashier's till by default.
    pub channel: Channel,
    /// Whether the payer's app asks for a tip; it does not by default.
    pub tip: Tip,
    /// The caller's own name for this charge, such as an idempotency key. The same number with the
    /// same reference is the same charge on a later day too.
    pub reference: Option<String>,
}

impl NewOrder {
    /// An order without a reference, at a till, without a tip.
    pub const fn new(number: TransactionNumber, amount: Rupiah) -> Self {
        Self { number, amount, channel: Channel::Pos, tip: Tip::None, reference: None }
    }
}

/// What came of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// The code is new.
    Created(Record),
    /// The number was charged before, with the same amount. Where its state is `requested` or
    /// `unknown` there is no code to show, and a new number may make the payer pay twice.
    Known(Record),
}

/// What came of cancelling.
#[derive(Debug)]
pub enum Cancelled {
    /// It is cancelled.
    Now {
        /// The order.
        order: Record,
        /// Why it is not known whether it was paid just now, if the provider did not answer.
        unanswered: Option<qris_api::Error>,
    },
    /// It is paid, so it is not cancelled.
    Paid(Record),
}

/// What came of naming the provider's invoice of an order whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A check confirmed that it is paid.
    Paid(Record),
    /// The provider says that it is not paid. The order stays as it is, and the invoice is checked
    /// while it may be paid.
    Unpaid(Record),
    /// The provider may not be asked just now; try again after `wait`.
    TooSoon {
        /// How long to wait.
        wait: std::time::Duration,
    },
}

/// What came of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It is of this order, which is being checked if the webhook says that it is paid.
    Known(Box<Record>),
    /// It is of no booked invoice, and it is kept. Its note may name an order whose outcome is
    /// unknown; then the invoice is being checked.
    Kept(Option<TransactionNumber>),
}
