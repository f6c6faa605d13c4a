//! An order, its invoices and its history.

use std::time::Duration;

use qris_api::{Invoice, InvoiceId, Payment, Rupiah, Tip, TransactionNumber, Trigger, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::{Channel, InvoiceState, MerchantName, PayUrl, State, WebAddress};

/// What is to be paid, before it is in the ledger.
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
    /// The shop's own number.
    pub number: TransactionNumber,
    /// What is to be paid.
    pub amount: Rupiah,
    /// Where the sale is made; a point of sale unless it is said.
    pub channel: Channel,
    /// Whether the payer's wallet asks for a tip; not unless it is said.
    pub tip: Tip,
    /// What it is for, in words.
    pub description: Option<String>,
    /// The caller's own name for this charge, such as an idempotency key: the same number with the
    /// same reference is the same charge on a later day too. Compared by its first
    /// [`MAX_REFERENCE_CHARS`](Self::MAX_REFERENCE_CHARS) characters, without control characters and
    /// without spaces at its ends.
    pub reference: Option<String>,
    /// What the caller keeps with it, as a JSON text.
    pub metadata: Option<String>,
    /// Until when it should be paid.
    pub due_at: Option<WibTime>,
    /// For how long a code is shown, where that is not the schedule's time.
    pub shown_for: Option<Duration>,
    /// Where a program wants to be told of this order alone: see [`NewEndpoint`](crate::NewEndpoint).
    /// The caller has looked whether it may be called.
    pub notify_url: Option<String>,
    /// Where the payer's page leads back to once it is paid.
    pub return_url: Option<WebAddress>,
}

impl NewOrder {
    /// The most characters of a reference that are kept and compared.
    pub const MAX_REFERENCE_CHARS: usize = 255;

    /// An order of this number and amount.
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
}

/// The right to book what came of asking for one invoice.
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
/// As JSON it is `merchant`, `number`, `reference`, `amount`, `channel`, `tip`, `description`,
/// `metadata`, `state`, `created_at`, `due_at`, `pay_url`; of its newest invoice `qris_content`,
/// `qris_request_date`, `qris_invoiceid`, `qris_nmid`, `shown_until`, `watched_until`; once paid
/// `paid_at`, `method`, `customer_name`, `rrn`, `overpaid`; and `invoices`, all of them. Times are
/// RFC 3339 with +07:00; what there is not yet is `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// Whose it is.
    pub merchant: MerchantName,
    /// The shop's own number.
    pub number: TransactionNumber,
    /// The caller's own name for it.
    pub reference: Option<String>,
    /// What is to be paid.
    pub amount: Rupiah,
    /// Where the sale was made.
    pub channel: Channel,
    /// Whether the payer's wallet asks for a tip.
    pub tip: Tip,
    /// What it is for.
    pub description: Option<String>,
    /// What the caller keeps with it, as a JSON text.
    pub metadata: Option<String>,
    /// How far it has come.
    pub state: State,
    /// When it was booked.
    pub created_at: WibTime,
    /// Until when it should be paid.
    pub due_at: Option<WibTime>,
    /// For how long its codes are shown, where that is not the schedule's time.
    pub shown_for: Option<Duration>,
    /// The link of its payer's page, where the ledger has [`PayLinks`](crate::PayLinks).
    pub pay_url: Option<PayUrl>,
    /// Where that page leads back to once it is paid.
    pub return_url: Option<String>,
    /// Its newest invoice, once there is one; for a check, the invoice to be checked. Its
    /// `qris_content` is empty when the reply with the QR was lost and the invoice was found later. None
    /// for what was [booked from a settlement line](crate::Ledger::book_settled) without an invoice id.
    pub invoice: Option<Invoice>,
    /// When that invoice was asked for.
    pub requested_at: Option<WibTime>,
    /// Until when the QR is shown to a payer: some accounts refuse it after that.
    pub shown_until: Option<WibTime>,
    /// When the QR stops being payable for all.
    pub expires_at: Option<WibTime>,
    /// Until when it is watched at least: a grace period after that. Without an answer it is watched
    /// for longer.
    pub watched_until: Option<WibTime>,
    /// What is known of the payment. `paid_at` is the provider's word or, where it said nothing,
    /// the time at which it was booked; a word that cannot be true is in the event's detail.
    pub payment: Payment,
    /// What came beyond the amount, because another of its codes was paid too.
    pub overpaid: Rupiah,
    /// When a program said that it has done what the payment asks for; see
    /// [`Ledger::acknowledge`](crate::Ledger::acknowledge).
    pub acknowledged_at: Option<WibTime>,
    /// When the provider is to be asked next about the invoice, if it is.
    pub next_check_at: Option<WibTime>,
    /// When the provider was last asked about it and did not answer, so that the payment may have
    /// come; nothing once a check had an answer.
    pub unanswered_at: Option<WibTime>,
    /// All its invoices, the oldest first.
    pub invoices: Vec<OrderInvoice>,
    /// The row of the order, and of the invoice.
    pub(crate) id: i64,
    pub(crate) invoice_row: Option<i64>,
    /// How far the checks of the invoice have come.
    pub(crate) progress: Progress,
}

/// One of an order's invoices.
///
/// As JSON it is `state`, `qris_invoiceid`, `qris_request_date` and `paid_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderInvoice {
    /// How far it has come.
    pub state: InvoiceState,
    /// The provider's number, once it is known.
    pub qris_invoiceid: Option<InvoiceId>,
    /// When the provider made it.
    pub qris_request_date: Option<WibTime>,
    /// Until when its code was shown.
    pub shown_until: Option<WibTime>,
    /// Until when it is watched at least.
    pub watched_until: Option<WibTime>,
    /// When it was paid.
    pub paid_at: Option<WibTime>,
    /// The national retrieval reference number of its payment.
    pub rrn: Option<String>,
    /// When the last check had no answer; nothing once a check had one.
    pub unanswered_at: Option<WibTime>,
    pub(crate) id: i64,
    pub(crate) requested_at: WibTime,
    pub(crate) answered_at: Option<WibTime>,
    pub(crate) final_answer_at: Option<WibTime>,
}

/// How far the checks of an invoice have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) state: Option<InvoiceState>,
    /// When the next check was set.
    pub(crate) set_at: Option<WibTime>,
    /// When the last check was made, and when the last was answered "not paid".
    pub(crate) checked_at: Option<WibTime>,
    pub(crate) answered_at: Option<WibTime>,
    /// When a check was last begun.
    pub(crate) asked_at: Option<WibTime>,
    /// How many checks the schedule made.
    pub(crate) checks: u64,
    /// How many checks in a row had no answer after the end, or while a webhook was open.
    pub(crate) failures: u64,
    /// What the next check is for.
    pub(crate) trigger: Trigger,
    /// How many answers an open webhook still waits for.
    pub(crate) hint_checks: u64,
}

/// How far ahead of now a time may be that another process wrote: further, and it was written by a
/// clock that has been set back since.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

impl Order {
    /// Whether the provider is to be asked by now. It is, too, where the time of the next check was
    /// set by a clock that has been set back since.
    pub fn is_due(&self, now: WibTime) -> bool {
        let ahead = now.later_by(CLOCK_TOLERANCE);
        self.next_check_at.is_some_and(|at| at <= now)
            || (self.next_check_at.is_some() && self.progress.set_at.is_some_and(|at| at > ahead))
    }

    /// Whether a press of the button asked for a check whose answer is not booked yet.
    pub fn is_pressed(&self) -> bool {
        self.progress.trigger == Trigger::Button
    }

    /// Whether the QR may be shown to a payer at this time: the order is pending, and the time for
    /// which its code is shown is not over.
    pub fn may_be_shown(&self, now: WibTime) -> bool {
        self.state == State::Pending && self.shown_until.is_some_and(|until| now < until)
    }

    /// The state at this time: a pending order is expired once its code may no longer be shown,
    /// before [`Ledger::expire`](crate::Ledger::expire) has booked that, too.
    pub fn state_at(&self, now: WibTime) -> State {
        match self.state {
            State::Pending if !self.may_be_shown(now) => State::Expired,
            state => state,
        }
    }

    /// Whether the provider did not answer the last check of a code that may be paid, so that the
    /// payment may have come although the state does not say it.
    pub fn is_unanswered(&self) -> bool {
        let mut payable = self.invoices.iter().filter(|invoice| invoice.state.may_be_paid());
        self.state != State::Paid && payable.any(|invoice| invoice.unanswered_at.is_some())
    }

    /// The right to book what came of asking for its newest invoice, while that is not booked.
    pub fn intent(&self) -> Option<Intent> {
        let invoice = self.invoice_row?;
        let waits = [InvoiceState::Requested, InvoiceState::Unknown];
        let is_open = self.progress.state.is_some_and(|state| waits.contains(&state));
        let intent = Intent { number: self.number.clone(), order: self.id, invoice };
        is_open.then_some(intent)
    }

    /// The invoice that an intent asked for: the newest, unless another was asked for since.
    pub fn invoice_of(&self, intent: &Intent) -> Option<&OrderInvoice> {
        self.invoices.iter().find(|invoice| invoice.id == intent.invoice)
    }

    /// Whether the provider may have made an invoice of it whose id is not known.
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
        let mut json = serializer.serialize_struct("Order", 24)?;
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

impl Serialize for OrderInvoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("OrderInvoice", 4)?;
        json.serialize_field("state", &self.state)?;
        json.serialize_field("qris_invoiceid", &self.qris_invoiceid.map(InvoiceId::get))?;
        let request_date = self.qris_request_date.map(|at| at.to_string());
        json.serialize_field("qris_request_date", &request_date)?;
        json.serialize_field("paid_at", &self.paid_at.map(|at| at.to_string()))?;
        json.end()
    }
}

/// A line of the append-only `qris_event`: a state that was reached, when, and by whose doing.
///
/// As JSON it is `at`, `state` and, where there are any, `actor` and `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: WibTime,
    /// The state of the order after it.
    pub state: State,
    /// The provider's number of the invoice that the step was about, if it is known by now.
    pub invoice: Option<InvoiceId>,
    /// Who did it: a person, or a part of the program.
    pub actor: Option<String>,
    /// What there is to say of the step beside the state, such as why an outcome is unknown.
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
