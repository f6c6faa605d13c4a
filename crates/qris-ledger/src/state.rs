//! Words of the tables: channels, and the states of orders and of their invoices.

/// Where the sale was made: the three uses of the API that its provider names.
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

/// How far an order has come; the crate's page draws the ways between them.
///
/// ```
/// use qris_ledger::State;
///
/// assert_eq!("pending".parse(), Ok(State::Pending));
/// assert_eq!(State::Unknown.to_string(), "unknown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// No code was asked for yet.
    Open,
    /// The intent is booked; the provider may or may not have been asked.
    Requested,
    /// The provider made an invoice, whose code is shown.
    Pending,
    /// The money came.
    Paid,
    /// Its code is no longer shown, and no payment is known of; a late one is still watched for.
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

    /// Whether it waits for a payment that may still come.
    pub const fn may_be_paid(self) -> bool {
        matches!(self, Self::Pending | Self::Expired | Self::Cancelled)
    }
}

/// How far one of the provider's invoices has come.
///
/// ```
/// use qris_ledger::InvoiceState;
///
/// assert_eq!("resolved".parse(), Ok(InvoiceState::Resolved));
/// assert!(InvoiceState::Expired.may_be_paid());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InvoiceState {
    /// The provider is being asked for it.
    Requested,
    /// Its code is shown.
    Pending,
    /// It was paid.
    Paid,
    /// Its code is no longer shown.
    Expired,
    /// The provider refused to make it.
    Rejected,
    /// Whether the provider made it is not known.
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

    /// Whether there is an invoice that a payment may still come for.
    pub const fn may_be_paid(self) -> bool {
        matches!(self, Self::Pending | Self::Expired)
    }

    /// Whether its id is not known, although the provider may have made it.
    pub(crate) const fn lacks_id(self) -> bool {
        matches!(self, Self::Unknown | Self::Rejected | Self::Resolved)
    }
}

/// A word of a table is written and read as it is.
macro_rules! words {
    ($($word:ident: $expected:literal),*) => {$(
        impl std::fmt::Display for $word {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $word {
            type Err = crate::NotAWord;

            fn from_str(text: &str) -> Result<Self, crate::NotAWord> {
                let mut all = Self::ALL.into_iter();
                all.find(|word| word.as_str() == text).ok_or(crate::NotAWord::new($expected))
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

/// A text that is not one of the words, or no name, that stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found another word")]
pub struct NotAWord {
    expected: &'static str,
}

pub(crate) use words;

impl NotAWord {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}
