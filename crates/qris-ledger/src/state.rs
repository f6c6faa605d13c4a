//! The words in the tables: channels, and the states of orders and invoices.

/// Where the sale was made: the three uses that the provider names.
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

/// The state of an order. The [page of `qris_ledger`](crate#orders-and-invoices) has a diagram of the transitions.
///
/// ```
/// use qris_ledger::State;
///
/// assert_eq!("pending".parse(), Ok(State::Pending));
/// assert_eq!(State::Unknown.to_string(), "unknown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// No code was requested yet.
    Open,
    /// The intent is recorded. The provider may or may not have been called.
    Requested,
    /// The provider made an invoice, and its code is shown.
    Pending,
    /// A payment was recorded.
    Paid,
    /// Its code is no longer shown, and no payment is known. A late payment is still watched for.
    Expired,
    /// There is no invoice: the provider refused, no connection was made, or a person said so. The order can be
    /// charged again.
    Rejected,
    /// It is not known whether the provider made an invoice.
    Unknown,
    /// The shop cancelled the order.
    Cancelled,
}

impl State {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Requested,
        Self::Pending,
        Self::Paid,
        Self::Expired,
        Self::Rejected,
        Self::Unknown,
        Self::Cancelled,
    ];

    /// The states from which an order can be cancelled.
    pub const CANCELLABLE: &'static [Self] = &[Self::Open, Self::Pending, Self::Expired];

    /// The states from which another code of an order can be requested.
    pub const RENEWABLE: &'static [Self] = &[Self::Expired, Self::Rejected];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a payment may still come.
    pub const fn may_be_paid(self) -> bool {
        matches!(self, Self::Pending | Self::Expired | Self::Cancelled)
    }

    /// Whether a payment after this state is late: the shop may have given the order up.
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::Expired | Self::Cancelled)
    }

    /// Whether the order is not ended: it waits for its first code, its payment or a person. An expired order
    /// has ended, although it can be renewed and a late payment is still recorded.
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Open | Self::Requested | Self::Pending | Self::Unknown)
    }
}

/// The state of one of the provider's invoices.
///
/// ```
/// use qris_ledger::InvoiceState;
///
/// assert_eq!("resolved".parse(), Ok(InvoiceState::Resolved));
/// assert!(InvoiceState::Expired.may_be_paid());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InvoiceState {
    /// It is being requested from the provider.
    Requested,
    /// Its code is shown.
    Pending,
    /// It was paid.
    Paid,
    /// Its code is no longer shown.
    Expired,
    /// The provider refused to make it.
    Rejected,
    /// It is not known whether the provider made it.
    Unknown,
    /// A person said that the provider did not make it.
    Resolved,
}

impl InvoiceState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Requested,
        Self::Pending,
        Self::Paid,
        Self::Expired,
        Self::Rejected,
        Self::Unknown,
        Self::Resolved,
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
            Self::Resolved => "resolved",
        }
    }

    /// Whether there is an invoice that may still be paid.
    pub const fn may_be_paid(self) -> bool {
        matches!(self, Self::Pending | Self::Expired)
    }

    /// Whether its id is unknown, although the provider may have made it.
    pub(crate) const fn lacks_id(self) -> bool {
        matches!(self, Self::Unknown | Self::Rejected | Self::Resolved)
    }
}

/// Implements reading and writing a word of the tables.
macro_rules! words {
    ($($word:ident: $expected:literal),*) => {$(
        impl std::fmt::Display for $word {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $word {
            type Err = crate::ParseWordError;

            fn from_str(text: &str) -> Result<Self, crate::ParseWordError> {
                let mut all = Self::ALL.into_iter();
                all.find(|word| word.as_str() == text).ok_or(crate::ParseWordError::new($expected))
            }
        }

        impl serde::Serialize for $word {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

words! {
    Channel: "pos, ecommerce or bill",
    State: "the name of a state",
    InvoiceState: "the name of an invoice's state"
}

/// A text that is not one of the expected words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found another word")]
pub struct ParseWordError {
    expected: &'static str,
}

pub(crate) use words;

impl ParseWordError {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}
