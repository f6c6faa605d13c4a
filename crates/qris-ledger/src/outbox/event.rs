//! The events for other programs.

use qris_api::{TransactionNumber, WibTime};

/// The type of an event. The [page of `qris_ledger`](crate#events-for-other-programs) says when each is written.
///
/// ```
/// use qris_ledger::EventType;
///
/// assert_eq!("order.paid".parse(), Ok(EventType::Paid));
/// assert_eq!(EventType::PaidLate.to_string(), "order.paid_late");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EventType {
    /// `order.created`
    Created,
    /// `order.paid`
    Paid,
    /// `order.paid_late`
    PaidLate,
    /// `order.overpaid`
    Overpaid,
    /// `order.expired`
    Expired,
    /// `order.overdue`
    Overdue,
    /// `order.cancelled`
    Cancelled,
    /// `order.unknown`
    Unknown,
    /// `order.resolved`
    Resolved,
}

impl EventType {
    /// All types.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Paid,
        Self::PaidLate,
        Self::Overpaid,
        Self::Expired,
        Self::Overdue,
        Self::Cancelled,
        Self::Unknown,
        Self::Resolved,
    ];

    /// The word in the table and in the body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "order.created",
            Self::Paid => "order.paid",
            Self::PaidLate => "order.paid_late",
            Self::Overpaid => "order.overpaid",
            Self::Expired => "order.expired",
            Self::Overdue => "order.overdue",
            Self::Cancelled => "order.cancelled",
            Self::Unknown => "order.unknown",
            Self::Resolved => "order.resolved",
        }
    }
}

crate::state::words! {
    EventType: "the type of an event, such as order.paid"
}

/// An event for other programs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxEvent {
    /// Its position among the events of its merchant: 1, 2, 3 and so on.
    pub cursor: u64,
    /// The id, the same each time it is sent (`webhook-id`).
    pub id: String,
    /// The type.
    pub event_type: EventType,
    /// When it was recorded.
    pub at: WibTime,
    /// The order.
    pub number: TransactionNumber,
    /// The body that is signed and sent: `{"type","timestamp","data"}` as JSON. `data` is the order at the
    /// time of the event.
    pub payload: String,
}
