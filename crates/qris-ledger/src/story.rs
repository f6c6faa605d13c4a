//! The story of an order, step by step.

use qris_api::{InvoiceId, TransactionNumber, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::payment::OVERPAID;
use crate::resolve::NOT_MADE_DETAIL;
use crate::rows::{events, find};
use crate::{Error, Event, Ledger, State};

/// What a step did to an order.
///
/// ```
/// use qris_ledger::StoryEvent;
///
/// assert_eq!("paid-late".parse(), Ok(StoryEvent::PaidLate));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoryEvent {
    /// `opened`: the order was recorded without a code.
    Opened,
    /// `code-requested`: the first code was requested from the provider.
    CodeRequested,
    /// `another-code-requested`: one more code was requested from the provider.
    AnotherCodeRequested,
    /// `code-made`: the provider made the code, and it is shown.
    CodeMade,
    /// `paid`: the first payment was recorded.
    Paid,
    /// `paid-late`: the same, after the order had expired or was cancelled.
    PaidLate,
    /// `overpaid`: one more of its codes was paid.
    Overpaid,
    /// `expired`: no code of it is shown any more.
    Expired,
    /// `refused`: the provider made no code.
    Refused,
    /// `unknown`: it is not known whether the provider made a code.
    Unknown,
    /// `not-made`: a person found out that the provider made none.
    NotMade,
    /// `cancelled`: the shop cancelled the order.
    Cancelled,
    /// `noted`: a note that did not change the state.
    Noted,
}

impl StoryEvent {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Opened,
        Self::CodeRequested,
        Self::AnotherCodeRequested,
        Self::CodeMade,
        Self::Paid,
        Self::PaidLate,
        Self::Overpaid,
        Self::Expired,
        Self::Refused,
        Self::Unknown,
        Self::NotMade,
        Self::Cancelled,
        Self::Noted,
    ];

    /// The word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::CodeRequested => "code-requested",
            Self::AnotherCodeRequested => "another-code-requested",
            Self::CodeMade => "code-made",
            Self::Paid => "paid",
            Self::PaidLate => "paid-late",
            Self::Overpaid => "overpaid",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::NotMade => "not-made",
            Self::Cancelled => "cancelled",
            Self::Noted => "noted",
        }
    }
}

crate::state::words! {
    StoryEvent: "what a step did, such as paid"
}

/// A step of an order's story.
///
/// Its JSON has `at`, `event`, `before`, `state`, `actor`, `qris_invoiceid` and `detail`. Missing values are
/// `null`. It has no payer's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoryStep {
    /// The time.
    pub at: WibTime,
    /// What happened.
    pub event: StoryEvent,
    /// The state of the order before it; `None` at the first step.
    pub before: Option<State>,
    /// The state of the order after it.
    pub state: State,
    /// The actor: a person, or a part of the program.
    pub actor: Option<String>,
    /// The provider's id of the invoice, if known by now.
    pub invoice: Option<InvoiceId>,
    /// Details, such as why an outcome is unknown.
    pub detail: Option<String>,
}

impl Serialize for StoryStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("StoryStep", 7)?;
        json.serialize_field("at", &self.at.to_string())?;
        json.serialize_field("event", &self.event)?;
        json.serialize_field("before", &self.before)?;
        json.serialize_field("state", &self.state)?;
        json.serialize_field("actor", &self.actor)?;
        json.serialize_field("qris_invoiceid", &self.invoice.map(InvoiceId::get))?;
        json.serialize_field("detail", &self.detail)?;
        json.end()
    }
}

impl Ledger {
    /// The story of an order, oldest step first.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Ledger, NewOrder, StoryEvent};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let number = TransactionNumber::parse("INV-1")?;
    /// ledger.open_order(&NewOrder::new(number.clone(), Rupiah::new(500)), WibTime::now())?;
    /// ledger.cancel(&number, WibTime::now())?;
    /// let story = ledger.story(&number)?;
    /// let events: Vec<StoryEvent> = story.iter().map(|step| step.event).collect();
    /// assert_eq!(events, [StoryEvent::Opened, StoryEvent::Cancelled]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::find`].
    pub fn story(&self, number: &TransactionNumber) -> Result<Vec<StoryStep>, Error> {
        self.read(|step| {
            find(step, number)?.ok_or(Error::Absent)?;
            Ok(told(events(step, number)?))
        })
    }
}

/// The story that a list of events tells.
fn told(events: Vec<Event>) -> Vec<StoryStep> {
    let mut before = None;
    // Whether a payment now would be late. A request for another code does not change that.
    let mut is_over = false;
    let mut has_requested = false;
    let step = |Event { at, state, invoice, actor, detail }| {
        let says = |what: &str| detail.as_deref().is_some_and(|text: &str| text.starts_with(what));
        let event = match state {
            State::Paid if says(OVERPAID) => StoryEvent::Overpaid,
            State::Requested if has_requested => StoryEvent::AnotherCodeRequested,
            _ if says(NOT_MADE_DETAIL) => StoryEvent::NotMade,
            _ if before == Some(state) => StoryEvent::Noted,
            State::Open => StoryEvent::Opened,
            State::Requested => StoryEvent::CodeRequested,
            State::Pending => StoryEvent::CodeMade,
            State::Paid if is_over => StoryEvent::PaidLate,
            State::Paid => StoryEvent::Paid,
            State::Expired => StoryEvent::Expired,
            State::Rejected => StoryEvent::Refused,
            State::Unknown => StoryEvent::Unknown,
            State::Cancelled => StoryEvent::Cancelled,
        };
        has_requested |= state == State::Requested;
        if state != State::Requested {
            is_over = state.is_over();
        }
        let before = before.replace(state);
        StoryStep { at, event, before, state, actor, invoice, detail }
    };
    events.into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of events with these states and details.
    fn story(events: &[(State, Option<&str>)]) -> Vec<StoryEvent> {
        let event = |&(state, detail): &(State, Option<&str>)| Event {
            at: WibTime::now(),
            state,
            actor: None,
            invoice: None,
            detail: detail.map(str::to_owned),
        };
        told(events.iter().map(event).collect()).iter().map(|step| step.event).collect()
    }

    #[test]
    fn a_payment_is_late_once_the_order_was_over_and_too_much_once_it_was_paid() {
        let found = story(&[
            (State::Open, None),
            (State::Requested, None),
            (State::Pending, None),
            (State::Expired, None),
            (State::Requested, Some("another code")),
            (State::Paid, None),
            (State::Paid, Some("another code was paid too, qris_invoiceid 2: Rp500 too much")),
            (State::Paid, Some("this code came too late and is not shown")),
        ]);
        let expected = [
            StoryEvent::Opened,
            StoryEvent::CodeRequested,
            StoryEvent::CodeMade,
            StoryEvent::Expired,
            StoryEvent::AnotherCodeRequested,
            StoryEvent::PaidLate,
            StoryEvent::Overpaid,
            StoryEvent::Noted,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_unknown_outcome_that_a_person_ended_is_in_the_story_as_not_made() {
        let found = story(&[
            (State::Requested, None),
            (State::Unknown, Some("no answer")),
            (State::Rejected, Some("not made: Siti looked in the portal")),
            (State::Requested, None),
            (State::Pending, None),
            (State::Paid, None),
        ]);
        let expected = [
            StoryEvent::CodeRequested,
            StoryEvent::Unknown,
            StoryEvent::NotMade,
            StoryEvent::AnotherCodeRequested,
            StoryEvent::CodeMade,
            StoryEvent::Paid,
        ];
        assert_eq!(found, expected);
    }
}
