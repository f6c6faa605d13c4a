//! What the books say of one transaction.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use qris_api::{Invoice, Payment, Rupiah, TransactionNumber, Trigger, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// Where the sale was made: the three uses that the class text names.
///
/// ```
/// use qris_ledger::Channel;
///
/// assert_eq!("ecommerce".parse(), Ok(Channel::Ecommerce));
/// assert_eq!(Channel::Pos.to_string(), "pos");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// `pos`: a cashier's till.
    Pos,
    /// `ecommerce`: a web shop's checkout.
    Ecommerce,
    /// `bill`: a recurring bill.
    Bill,
}

impl Channel {
    /// All channels, in the order of a report.
    pub const ALL: [Self; 3] = [Self::Bill, Self::Ecommerce, Self::Pos];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pos => "pos",
            Self::Ecommerce => "ecommerce",
            Self::Bill => "bill",
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Channel {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let mut all = Self::ALL.into_iter();
        all.find(|channel| channel.as_str() == text)
            .ok_or(NotAWord { expected: "pos, ecommerce or bill" })
    }
}

/// How far a transaction has come; the crate's page draws the ways between them.
///
/// ```
/// use qris_ledger::State;
///
/// assert_eq!("pending".parse(), Ok(State::Pending));
/// assert_eq!(State::Unknown.to_string(), "unknown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The intent is booked; the provider may or may not have been asked.
    Requested,
    /// The provider made the invoice and it waits for the payer.
    Pending,
    /// The money came.
    Paid,
    /// The code is no longer shown, and no payment is known of; a late one is still watched for.
    Expired,
    /// The provider refused: there is no invoice.
    Rejected,
    /// Whether the provider made an invoice is not known.
    Unknown,
    /// The shop no longer wants the payment.
    Cancelled,
}

impl State {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Requested,
        Self::Pending,
        Self::Paid,
        Self::Expired,
        Self::Rejected,
        Self::Unknown,
        Self::Cancelled,
    ];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
        }
    }
}

impl State {
    /// Whether there is an invoice that a payment may still come for.
    pub const fn may_be_paid(self) -> bool {
        matches!(self, Self::Pending | Self::Expired | Self::Cancelled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text).ok_or(NotAWord { expected: "the name of a state" })
    }
}

/// A word that names no channel or state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found another word")]
pub struct NotAWord {
    expected: &'static str,
}

/// One transaction in the books.
///
/// As JSON it is `number`, `amount`, `channel`, `state`, `requested_at`, `qris_content`,
/// `qris_request_date`, `qris_invoiceid`, `qris_nmid`, `shown_until`, `expires_at`, and once paid
/// `paid_at`, `method`, `customer_name`, `rrn`, `note` and `api_version`. Times are RFC 3339 with +07:00; what there is not yet is `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The shop's own number.
    pub number: TransactionNumber,
    /// What is to be paid.
    pub amount: Rupiah,
    /// Where the sale was made.
    pub channel: Channel,
    /// How far it has come.
    pub state: State,
    /// When the intent was booked.
    pub requested_at: WibTime,
    /// The provider's invoice, once there is one. Its `qris_content` is empty when the reply with
    /// the QR was lost and the invoice was found later.
    pub invoice: Option<Invoice>,
    /// Until when the QR is shown to a payer: some accounts refuse it after that.
    pub shown_until: Option<WibTime>,
    /// When the QR stops being payable for all; the invoice is watched until then and longer.
    pub expires_at: Option<WibTime>,
    /// What is known of the payment. `paid_at` is the provider's word or, where it said nothing,
    /// the time at which it was booked; a word that cannot be true is in the event's detail.
    pub payment: Payment,
    /// When the provider is to be asked next, if it is.
    pub next_check_at: Option<WibTime>,
    /// When the provider was last asked and did not answer, so that the payment may have come;
    /// nothing once a check had an answer.
    pub unanswered_at: Option<WibTime>,
    /// How far its checks have come.
    pub(crate) progress: Progress,
}

/// How far the checks of an invoice have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// When the next check was set.
    pub(crate) set_at: Option<WibTime>,
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

impl Record {
    /// Whether the provider is to be asked by now. It is, too, where the time of the next check was
    /// set by a clock that has been set back since.
    pub fn is_due(&self, now: WibTime) -> bool {
        let ahead = now.later_by(CLOCK_TOLERANCE);
        self.next_check_at.is_some_and(|at| at <= now)
            || (self.next_check_at.is_some() && self.progress.set_at.is_some_and(|at| at > ahead))
    }

    /// Whether the QR may be shown to a payer at this time: it is pending, and its time to be
    /// shown is not over.
    pub fn may_be_shown(&self, now: WibTime) -> bool {
        self.state == State::Pending && self.shown_until.is_some_and(|until| now < until)
    }

    /// The state at this time: a pending invoice is expired once it may no longer be shown,
    /// before [`Ledger::expire`](crate::Ledger::expire) has booked that, too.
    pub fn state_at(&self, now: WibTime) -> State {
        match self.state {
            State::Pending if !self.may_be_shown(now) => State::Expired,
            state => state,
        }
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let invoice = self.invoice.as_ref();
        let mut json = serializer.serialize_struct("Record", 17)?;
        json.serialize_field("number", self.number.as_str())?;
        json.serialize_field("amount", &self.amount.get())?;
        json.serialize_field("channel", self.channel.as_str())?;
        json.serialize_field("state", self.state.as_str())?;
        json.serialize_field("requested_at", &self.requested_at.to_string())?;
        let known = |text: &'_ String| Some(text.clone()).filter(|text| !text.is_empty());
        let content = invoice.and_then(|invoice| known(&invoice.qris_content));
        json.serialize_field("qris_content", &content)?;
        let request_date = invoice.map(|invoice| invoice.qris_request_date.to_string());
        json.serialize_field("qris_request_date", &request_date)?;
        let id = invoice.map(|invoice| invoice.qris_invoiceid.get());
        json.serialize_field("qris_invoiceid", &id)?;
        json.serialize_field("qris_nmid", &invoice.and_then(|invoice| known(&invoice.qris_nmid)))?;
        json.serialize_field("shown_until", &self.shown_until.map(|at| at.to_string()))?;
        json.serialize_field("expires_at", &self.expires_at.map(|at| at.to_string()))?;
        if let Payment::Paid(details) = &self.payment {
            json.serialize_field("paid_at", &details.paid_at.map(|at| at.to_string()))?;
            json.serialize_field("method", &details.method)?;
            json.serialize_field("customer_name", &details.customer_name)?;
            json.serialize_field("rrn", &details.rrn)?;
            json.serialize_field("note", &details.note)?;
            json.serialize_field("api_version", &details.api_version)?;
        }
        json.end()
    }
}

/// A line of the append-only `qris_event`: a state that was reached, and when.
///
/// As JSON it is `at`, `state` and, where there is one, `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: WibTime,
    /// The state that was reached.
    pub state: State,
    /// What there is to say of the step beside the state, such as why an outcome is unknown.
    pub detail: Option<String>,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Event", 3)?;
        json.serialize_field("at", &self.at.to_string())?;
        json.serialize_field("state", self.state.as_str())?;
        match &self.detail {
            Some(detail) => json.serialize_field("detail", detail)?,
            None => json.skip_field("detail")?,
        }
        json.end()
    }
}
