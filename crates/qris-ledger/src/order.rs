//! An order, its invoices and its history.

use std::fmt;
use std::time::Duration;

use qris_api::{Invoice, InvoiceId, Payment, Rupiah, Tip, TransactionNumber, Trigger, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::{Channel, InvoiceState, MerchantName, PayUrl, State, WebAddress};

/// An order before it is recorded.
///
/// ```
/// use qris_api::{Rupiah, TransactionNumber};
/// use qris_ledger::{Channel, NewOrder};
///
/// let mut order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
/// order.channel = Channel::Ecommerce;
/// order.description = Some("two coffees".into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewOrder {
    /// The shop's number for the sale.
    pub number: TransactionNumber,
    /// The amount to pay.
    pub amount: Rupiah,
    /// Where the sale is made. Default: a point of sale.
    pub channel: Channel,
    /// Whether the payer's wallet asks for a tip. Default: no.
    pub tip: Tip,
    /// A description for people.
    pub description: Option<String>,
    /// The caller's own identifier for this charge, such as an idempotency key. The same number with the same
    /// reference is the same charge, on a later day too. Without a reference, a number whose order was paid,
    /// expired or cancelled on an earlier day is refused:
    /// [`Error::UsedEarlier`](crate::Error::UsedEarlier). On the same day it is the same charge, also if only
    /// one of the two charges has a reference.
    ///
    /// Only the first [`MAX_REFERENCE_CHARS`](Self::MAX_REFERENCE_CHARS) characters are compared, without
    /// control characters and without spaces at either end.
    pub reference: Option<String>,
    /// The caller's own data, as the text of a JSON object. Other text is stored, but is `null` in the order's
    /// JSON: see [`has_json_metadata`](Self::has_json_metadata).
    pub metadata: Option<String>,
    /// The due date.
    pub due_at: Option<WibTime>,
    /// How long a code is shown, if not the schedule's time.
    pub shown_for: Option<Duration>,
    /// The URL that receives the events of this order only: see [`NewEndpoint`](crate::NewEndpoint). The
    /// caller has checked that this URL may be called.
    pub notify_url: Option<String>,
    /// Where the payer's page links to after the payment.
    pub return_url: Option<WebAddress>,
}

impl NewOrder {
    /// The maximum number of characters of a reference that are stored and compared.
    pub const MAX_REFERENCE_CHARS: usize = 255;

    /// An order with this number and amount.
    pub const fn new(number: TransactionNumber, amount: Rupiah) -> Self {
        Self {
            number,
            amount,
            channel: Channel::Pos,
            tip: Tip::None,
            description: None,
            reference: None,
            metadata: None,
            due_at: None,
            shown_for: None,
            notify_url: None,
            return_url: None,
        }
    }

    /// Whether its metadata is the text of a JSON object, or absent.
    ///
    /// ```
    /// use qris_ledger::NewOrder;
    /// use qris_api::{Rupiah, TransactionNumber};
    ///
    /// let mut order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
    /// assert!(order.has_json_metadata());
    /// order.metadata = Some(r#"{"cashier":2}"#.to_owned());
    /// assert!(order.has_json_metadata());
    /// order.metadata = Some("cashier 2".to_owned());
    /// assert!(!order.has_json_metadata());
    /// # Ok::<(), qris_api::Invalid>(())
    /// ```
    pub fn has_json_metadata(&self) -> bool {
        let is_object = |text: &str| {
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
        };
        self.metadata.as_deref().is_none_or(is_object)
    }
}

/// The right to record the result of one request for an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    pub(crate) number: TransactionNumber,
    pub(crate) order: i64,
    pub(crate) invoice: i64,
}

impl Intent {
    /// The order's number.
    pub const fn number(&self) -> &TransactionNumber {
        &self.number
    }
}

/// An order with its newest invoice.
///
/// Its JSON has `merchant`, `number`, `reference`, `amount`, `channel`, `tip`, `description`, `metadata`,
/// `state`, `created_at`, `due_at`, `pay_url`; of its newest invoice `qris_content`, `qris_request_date`,
/// `qris_invoiceid`, `qris_nmid`, `shown_until`, `watched_until`; once paid `paid_at`, `method`,
/// `customer_name`, `rrn`, `overpaid`; and `invoices`, all of them. Times are RFC 3339 with +07:00. Missing
/// values are `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// The merchant.
    pub merchant: MerchantName,
    /// The shop's number for the sale.
    pub number: TransactionNumber,
    /// The caller's own identifier.
    pub reference: Option<String>,
    /// The amount to pay.
    pub amount: Rupiah,
    /// Where the sale was made.
    pub channel: Channel,
    /// Whether the payer's wallet asks for a tip.
    pub tip: Tip,
    /// The description for people.
    pub description: Option<String>,
    /// The caller's own data, as JSON text.
    pub metadata: Option<String>,
    /// The state.
    pub state: State,
    /// When it was recorded.
    pub created_at: WibTime,
    /// The due date.
    pub due_at: Option<WibTime>,
    /// How long its codes are shown, if not the schedule's time.
    pub shown_for: Option<Duration>,
    /// The link of its payer's page, if the ledger has [`PayLinks`](crate::PayLinks).
    pub pay_url: Option<PayUrl>,
    /// Where that page links to after the payment.
    pub return_url: Option<String>,
    /// Its newest invoice. In a [`Claim`](crate::Claim) it is the invoice to check, which may be an older one.
    /// Its `qris_content` is empty if the reply with the QR was lost and the invoice was found later. `None`
    /// without an invoice, also for an order that was [recorded from a settlement
    /// line](crate::Ledger::book_settled) without an invoice id.
    pub invoice: Option<Invoice>,
    /// When that invoice was requested.
    pub requested_at: Option<WibTime>,
    /// Until when the QR is shown to a payer. Some accounts refuse a payment after that.
    pub shown_until: Option<WibTime>,
    /// When the QR can no longer be paid, on any account.
    pub expires_at: Option<WibTime>,
    /// Until when it is watched at least: the end of validity plus a grace period. Without an answer it is
    /// watched for longer.
    pub watched_until: Option<WibTime>,
    /// The payment. `paid_at` is the provider's time, or the time of recording if the provider's is absent or
    /// impossible. Then the event's detail has the impossible time.
    pub payment: Payment,
    /// The excess amount, if another of its codes was paid too.
    pub overpaid: Rupiah,
    /// When a program acknowledged the payment; see [`Ledger::acknowledge`](crate::Ledger::acknowledge).
    pub acknowledged_at: Option<WibTime>,
    /// When the next check of the invoice is due, if there is one.
    pub next_check_at: Option<WibTime>,
    /// When the last check had no answer, so that the payment may have come. `None` after a check with an
    /// answer.
    pub unanswered_at: Option<WibTime>,
    /// All its invoices, oldest first.
    pub invoices: Vec<OrderInvoice>,
    /// The state of a paid order before its payment.
    pub(crate) paid_after: Option<State>,
    /// The rows of the order and of the invoice.
    pub(crate) id: i64,
    pub(crate) invoice_row: Option<i64>,
    /// The progress of the invoice's checks.
    pub(crate) progress: Progress,
}

/// One of an order's invoices.
///
/// Its JSON has `state`, `qris_invoiceid` and `qris_request_date`, and of its payment `paid_at`, `method`,
/// `customer_name` and `rrn`, which are `null` before it. [`Debug`](fmt::Debug) leaves the name out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderInvoice {
    /// The state.
    pub state: InvoiceState,
    /// The provider's id, if known.
    pub qris_invoiceid: Option<InvoiceId>,
    /// When the provider made it.
    pub qris_request_date: Option<WibTime>,
    /// Until when its code was shown.
    pub shown_until: Option<WibTime>,
    /// Until when it is watched at least.
    pub watched_until: Option<WibTime>,
    /// When it was paid.
    pub paid_at: Option<WibTime>,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// The payer's name.
    pub customer_name: Option<String>,
    /// The national retrieval reference number (RRN) of its payment.
    pub rrn: Option<String>,
    /// When the last check had no answer. `None` after a check with an answer.
    pub unanswered_at: Option<WibTime>,
    pub(crate) id: i64,
    pub(crate) requested_at: WibTime,
    pub(crate) answered_at: Option<WibTime>,
    pub(crate) final_answer_at: Option<WibTime>,
}

/// The progress of an invoice's checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) state: Option<InvoiceState>,
    /// When the next check was scheduled.
    pub(crate) set_at: Option<WibTime>,
    /// When the last check was made, and when the last "not paid" answer came.
    pub(crate) checked_at: Option<WibTime>,
    pub(crate) answered_at: Option<WibTime>,
    /// When the last check was started.
    pub(crate) asked_at: Option<WibTime>,
    /// The number of scheduled checks so far.
    pub(crate) checks: u64,
    /// The number of consecutive checks without an answer, after the end or while a webhook was open.
    pub(crate) failures: u64,
    /// The reason for the next check.
    pub(crate) trigger: Trigger,
    /// The number of answers that an open webhook still waits for.
    pub(crate) hint_checks: u64,
}

/// How far in the future a time of another process may be. A later time was written by a clock that was set
/// back since.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

impl Order {
    /// Whether a check is due now. It is also due if its time was set by a clock that was later set back.
    pub fn is_due(&self, now: WibTime) -> bool {
        let ahead = now.later_by(CLOCK_TOLERANCE);
        self.next_check_at.is_some_and(|at| at <= now)
            || (self.next_check_at.is_some() && self.progress.set_at.is_some_and(|at| at > ahead))
    }

    /// Whether a manual check was requested whose answer is not recorded yet.
    pub fn is_check_requested(&self) -> bool {
        self.progress.trigger == Trigger::Button
    }

    /// Whether the QR may be shown to a payer at this time: the order is pending and the display time is not
    /// over.
    pub fn may_be_shown(&self, now: WibTime) -> bool {
        self.state == State::Pending && self.shown_until.is_some_and(|until| now < until)
    }

    /// The state at this time. A pending order is expired when its code may no longer be shown, even before
    /// [`Ledger::expire`](crate::Ledger::expire) has recorded that.
    pub fn state_at(&self, now: WibTime) -> State {
        match self.state {
            State::Pending if !self.may_be_shown(now) => State::Expired,
            state => state,
        }
    }

    /// Whether the last check of a code that may be paid had no answer, so that the order may be paid
    /// although its state does not show it.
    pub fn is_unanswered(&self) -> bool {
        let mut payable = self.invoices.iter().filter(|invoice| invoice.state.may_be_paid());
        self.state != State::Paid && payable.any(|invoice| invoice.unanswered_at.is_some())
    }

    /// Whether it was paid after it had expired or was cancelled: the shop may have given the order up, so a
    /// person should look before the goods are shipped. It is `paid_late` in the order's JSON, and
    /// `order.paid_late` in the [events](crate::EventType).
    ///
    /// ```
    /// use qris_ledger::Order;
    ///
    /// fn may_be_shipped(order: &Order) -> bool {
    ///     !order.is_paid_late()
    /// }
    /// ```
    pub fn is_paid_late(&self) -> bool {
        self.state == State::Paid && self.paid_after.is_some_and(State::is_over)
    }

    /// Whether it is not known of one of its codes whether the provider made it. A paid order can have such a
    /// code too. A person has to look: see [`Ledger::resolve_not_made`](crate::Ledger::resolve_not_made).
    pub fn has_unknown_code(&self) -> bool {
        self.invoices.iter().any(|invoice| invoice.state == InvoiceState::Unknown)
    }

    /// The right to record the result of requesting its newest invoice, while that is not recorded.
    pub fn intent(&self) -> Option<Intent> {
        let invoice = self.invoice_row?;
        let waits = [InvoiceState::Requested, InvoiceState::Unknown];
        let is_open = self.progress.state.is_some_and(|state| waits.contains(&state));
        let intent = Intent { number: self.number.clone(), order: self.id, invoice };
        is_open.then_some(intent)
    }

    /// The invoice that an intent requested: the newest, unless another was requested since.
    pub fn invoice_of(&self, intent: &Intent) -> Option<&OrderInvoice> {
        self.invoices.iter().find(|invoice| invoice.id == intent.invoice)
    }

    /// Whether the provider may have made an invoice with an unknown id for this order.
    pub(crate) fn lacks_invoice(&self) -> bool {
        self.invoices.iter().any(|invoice| invoice.state.lacks_id())
    }
}

impl Serialize for Order {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let invoice = self.invoice.as_ref();
        let time = |at: Option<WibTime>| at.map(|at| at.to_string());
        let known = |text: &'_ String| Some(text.clone()).filter(|text| !text.is_empty());
        let metadata = self.metadata.as_deref();
        let metadata =
            metadata.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
        let mut json = serializer.serialize_struct("Order", 25)?;
        json.serialize_field("merchant", self.merchant.as_str())?;
        json.serialize_field("number", self.number.as_str())?;
        json.serialize_field("reference", &self.reference)?;
        json.serialize_field("amount", &self.amount.get())?;
        json.serialize_field("channel", &self.channel)?;
        json.serialize_field("tip", &(self.tip == Tip::Ask))?;
        json.serialize_field("description", &self.description)?;
        json.serialize_field("metadata", &metadata)?;
        json.serialize_field("state", &self.state)?;
        json.serialize_field("created_at", &self.created_at.to_string())?;
        json.serialize_field("due_at", &time(self.due_at))?;
        json.serialize_field("pay_url", &self.pay_url)?;
        let content = invoice.and_then(|invoice| known(&invoice.qris_content));
        json.serialize_field("qris_content", &content)?;
        let request_date = invoice.map(|invoice| invoice.qris_request_date);
        json.serialize_field("qris_request_date", &time(request_date))?;
        let id = invoice.map(|invoice| invoice.qris_invoiceid.get());
        json.serialize_field("qris_invoiceid", &id)?;
        json.serialize_field("qris_nmid", &invoice.and_then(|invoice| known(&invoice.qris_nmid)))?;
        json.serialize_field("shown_until", &time(self.shown_until))?;
        json.serialize_field("watched_until", &time(self.watched_until))?;
        json.serialize_field("paid_late", &self.is_paid_late())?;
        if let Payment::Paid(details) = &self.payment {
            json.serialize_field("paid_at", &time(details.paid_at))?;
            json.serialize_field("method", &details.method)?;
            json.serialize_field("customer_name", &details.customer_name)?;
            json.serialize_field("rrn", &details.rrn)?;
            json.serialize_field("overpaid", &self.overpaid.get())?;
        }
        json.serialize_field("invoices", &self.invoices)?;
        json.end()
    }
}

impl fmt::Debug for OrderInvoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderInvoice")
            .field("state", &self.state)
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("qris_request_date", &self.qris_request_date)
            .field("shown_until", &self.shown_until)
            .field("watched_until", &self.watched_until)
            .field("paid_at", &self.paid_at)
            .field("method", &self.method)
            .field("customer_name", &self.customer_name.as_ref().map(|_| "[redacted]"))
            .field("rrn", &self.rrn)
            .field("unanswered_at", &self.unanswered_at)
            .finish_non_exhaustive()
    }
}

impl Serialize for OrderInvoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let paid = |text: &'_ Option<String>| text.clone().filter(|_| self.paid_at.is_some());
        let mut json = serializer.serialize_struct("OrderInvoice", 7)?;
        json.serialize_field("state", &self.state)?;
        json.serialize_field("qris_invoiceid", &self.qris_invoiceid.map(InvoiceId::get))?;
        let request_date = self.qris_request_date.map(|at| at.to_string());
        json.serialize_field("qris_request_date", &request_date)?;
        json.serialize_field("paid_at", &self.paid_at.map(|at| at.to_string()))?;
        // A webhook's values are stored before the payment is confirmed.
        json.serialize_field("method", &paid(&self.method))?;
        json.serialize_field("customer_name", &paid(&self.customer_name))?;
        json.serialize_field("rrn", &paid(&self.rrn))?;
        json.end()
    }
}

/// A row of the append-only `qris_event`: the new state, the time and the actor.
///
/// Its JSON has `at`, `state` and, if present, `actor` and `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The time.
    pub at: WibTime,
    /// The state of the order after it.
    pub state: State,
    /// The provider's id of the invoice, if known by now.
    pub invoice: Option<InvoiceId>,
    /// The actor: a person, or a part of the program.
    pub actor: Option<String>,
    /// Details beside the state, such as why an outcome is unknown.
    pub detail: Option<String>,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Event", 4)?;
        json.serialize_field("at", &self.at.to_string())?;
        json.serialize_field("state", &self.state)?;
        for (name, value) in [("actor", &self.actor), ("detail", &self.detail)] {
            match value {
                Some(value) => json.serialize_field(name, value)?,
                None => json.skip_field(name)?,
            }
        }
        json.end()
    }
}
