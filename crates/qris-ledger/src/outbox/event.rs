//! What other programs are told of an order.

use qris_api::{TransactionNumber, WibTime};

/// What an event tells; the crate's page says when.
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

    /// The word in the table and in what is sent.
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

/// Something that other programs are told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxEvent {
    /// Its place among the events of its merchant: 1, 2, 3 and so on.
    pub cursor: u64,
    /// The id that is the same however often it is sent (`webhook-id`).
    pub id: String,
    /// What it tells.
    pub event_type: EventType,
    /// When it was booked.
    pub at: WibTime,
    /// Of which order.
    pub number: TransactionNumber,
    /// What is signed and sent: `{"type","timestamp","data"}` as JSON, where `data` is the order as it
    /// was when this was booked.
    pub payload: String,
}
