//! Recurring bills: each plan makes one order for each period.

mod period;
mod store;

use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

pub use self::period::Period;
pub(crate) use self::store::is_due;
#[cfg(test)]
pub(crate) use self::store::{ANY_DUE, DUE};
use crate::Error;

/// A plan's number in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanId(i64);

impl PlanId {
    /// The plan with this number.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Whether a plan makes orders.
///
/// ```
/// use qris_ledger::PlanState;
///
/// assert_eq!("paused".parse(), Ok(PlanState::Paused));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlanState {
    /// It makes an order for each period.
    Active,
    /// It makes none until it is resumed. The orders of dates that pass meanwhile are never made.
    Paused,
    /// It makes no more: a person ended it, or its last date has passed.
    Ended,
}

impl PlanState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Ended];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

crate::state::words! {
    PlanState: "active, paused or ended"
}

/// A plan before it is stored. See [`Ledger::add_plan`](crate::Ledger::add_plan).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewPlan {
    /// The beginning of its orders' numbers, up to [`MAX_PREFIX_CHARS`](Self::MAX_PREFIX_CHARS): the prefix
    /// `SITI` makes `SITI-2026-12`. No other plan of the merchant may have it.
    pub prefix: String,
    /// The amount of each order.
    pub amount: Rupiah,
    /// How often an order is made.
    pub period: Period,
    /// No order is made before this day in WIB.
    pub first_date: Date,
    /// No order is made after this day.
    pub last_date: Option<Date>,
    /// How many days after its date an order is due, at the end of that day in WIB. 0 to
    /// [`MAX_DUE_DAYS`](Self::MAX_DUE_DAYS). Default 0.
    pub due_days: u16,
    /// The biller's own identifier of the customer. It becomes the orders' `reference`.
    pub customer_reference: Option<String>,
    /// The customer's name. The orders have it as `customer` in their metadata.
    pub customer_name: Option<String>,
    /// A description for people.
    pub description: Option<String>,
}

impl NewPlan {
    /// The maximum number of characters of a prefix.
    pub const MAX_PREFIX_CHARS: usize = 55;

    /// The maximum number of days that the first date may be in the past. So a mistyped year does not make
    /// bills for all years since.
    pub const MAX_DAYS_BACK: u16 = 31;

    /// The maximum number of days until an order is due.
    pub const MAX_DUE_DAYS: u16 = 365;

    /// A plan without an end and without a customer.
    pub fn new(
        prefix: impl Into<String>,
        amount: Rupiah,
        period: Period,
        first_date: Date,
    ) -> Self {
        Self {
            prefix: prefix.into(),
            amount,
            period,
            first_date,
            last_date: None,
            due_days: 0,
            customer_reference: None,
            customer_name: None,
            description: None,
        }
    }

    fn check_first_date(&self, today: Date) -> Result<(), Error> {
        let earliest = today.saturating_sub(i64::from(Self::MAX_DAYS_BACK).days());
        match self.first_date < earliest {
            true => Err(Error::InvalidPlan {
                expected: "a first date of at most 31 days ago, or later",
            }),
            false => Ok(()),
        }
    }

    fn check(&self) -> Result<(), Error> {
        let expected = |expected| Err(Error::InvalidPlan { expected });
        let number = TransactionNumber::parse(format!("{}-2026-W49", self.prefix));
        if self.prefix.is_empty() || number.is_err() {
            return expected(
                "a prefix of 1 to 55 printable ASCII characters, no space at either end",
            );
        }
        if self.amount.get() == 0 || i64::try_from(self.amount.get()).is_err() {
            return expected("an amount of at least 1 rupiah that can be kept");
        }
        if self.period.day().is_some_and(|day| !(1..=31).contains(&day)) {
            return expected("a day of the month from 1 to 31");
        }
        if !(2000..=9000).contains(&self.first_date.year()) {
            return expected("a first date in the years 2000 to 9000");
        }
        if self.due_days > Self::MAX_DUE_DAYS {
            return expected("at most 365 days until an order is due");
        }
        let is_empty = self.last_date.is_some_and(|last| {
            self.period.first_from(self.first_date).is_none_or(|first| first > last)
        });
        if is_empty {
            return expected("a last date on or after the date of the first order");
        }
        Ok(())
    }
}

/// Changes to a plan; `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanChange {
    /// The amount, from the next period on.
    pub amount: Option<Rupiah>,
    /// The last date; `Some(None)` for no end.
    pub last_date: Option<Option<Date>>,
    /// How many days after its date an order is due.
    pub due_days: Option<u16>,
    /// The biller's own identifier of the customer.
    pub customer_reference: Option<Option<String>>,
    /// The customer's name.
    pub customer_name: Option<Option<String>>,
    /// A description for people.
    pub description: Option<Option<String>>,
}

/// A plan that makes one order for each period.
///
/// Its JSON has `id`, `prefix`, `amount`, `period`, `day` (of a monthly plan), `first_date`, `last_date`,
/// `next_date`, `due_days`, `customer_reference`, `customer_name`, `description`, `state`, `created_at` and
/// `taken_number`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Its number in the ledger.
    pub id: PlanId,
    /// Its terms.
    pub terms: NewPlan,
    /// Its state.
    pub state: PlanState,
    /// The date of its next order; `None` once it has ended.
    pub next_date: Option<Date>,
    /// When it was added.
    pub created_at: WibTime,
    /// The last number of this plan that another order already had, so that the plan has no bill for that
    /// period. It becomes `None` when the plan is changed, paused, resumed or ended.
    pub taken_number: Option<TransactionNumber>,
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let NewPlan { prefix, amount, period, .. } = &self.terms;
        let mut json = serializer.serialize_struct("Plan", 15)?;
        json.serialize_field("id", &self.id.get())?;
        json.serialize_field("prefix", prefix)?;
        json.serialize_field("amount", &amount.get())?;
        json.serialize_field("period", period.as_str())?;
        json.serialize_field("day", &period.day())?;
        json.serialize_field("first_date", &self.terms.first_date.to_string())?;
        json.serialize_field("last_date", &date(self.terms.last_date))?;
        json.serialize_field("next_date", &date(self.next_date))?;
        json.serialize_field("due_days", &self.terms.due_days)?;
        json.serialize_field("customer_reference", &self.terms.customer_reference)?;
        json.serialize_field("customer_name", &self.terms.customer_name)?;
        json.serialize_field("description", &self.terms.description)?;
        json.serialize_field("state", &self.state)?;
        json.serialize_field("created_at", &self.created_at.to_string())?;
        let taken = self.taken_number.as_ref().map(TransactionNumber::as_str);
        json.serialize_field("taken_number", &taken)?;
        json.end()
    }
}
