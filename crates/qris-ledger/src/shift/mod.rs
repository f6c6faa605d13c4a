//! Shifts: who was at the till in which period, and what was paid.

mod booking;
mod report;
mod store;

use qris_api::{Rupiah, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

pub(crate) use self::booking::{Booking, open_shift};
#[cfg(test)]
pub(crate) use self::report::STATEMENTS;
pub use self::report::{
    LateReason, MethodTotal, OrderLine, OrderLines, PaymentLine, PaymentLines, PaymentTotal,
    ShiftReport,
};

/// A shift's row id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShiftId(i64);

impl ShiftId {
    /// The shift with this id.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The id.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A shift of a merchant. Only one can be open.
///
/// Its JSON has `id`, `number`, `name`, `opened_at`, `opened_by`, `closed_at`, `closed_by`,
/// `unanswered_accepted`, `payments` and `paid`. Missing values are `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shift {
    /// Its row id.
    pub id: ShiftId,
    /// Its number among the merchant's shifts: 1, 2, 3 and so on. Its report has the same number.
    pub number: u64,
    /// Its name, such as the cashier's.
    pub name: String,
    /// When it was opened.
    pub opened_at: WibTime,
    /// Who opened it.
    pub opened_by: String,
    /// How it was closed and what was paid in it; `None` while it is open.
    pub closed: Option<ClosedShift>,
}

/// The end of a shift. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosedShift {
    /// When it was closed.
    pub at: WibTime,
    /// Who closed it.
    pub by: String,
    /// Whether an order had no answer at that time. Then the report lists those orders.
    pub unanswered_accepted: bool,
    /// The number of payments in it.
    pub payments: u64,
    /// Their sum in rupiah, without tips: the API does not report tips.
    pub paid: Rupiah,
}

impl Serialize for Shift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let closed = self.closed.as_ref();
        let mut json = serializer.serialize_struct("Shift", 10)?;
        json.serialize_field("id", &self.id.0)?;
        json.serialize_field("number", &self.number)?;
        json.serialize_field("name", &self.name)?;
        json.serialize_field("opened_at", &self.opened_at.to_string())?;
        json.serialize_field("opened_by", &self.opened_by)?;
        json.serialize_field("closed_at", &closed.map(|closed| closed.at.to_string()))?;
        json.serialize_field("closed_by", &closed.map(|closed| &closed.by))?;
        let accepted = closed.is_some_and(|closed| closed.unanswered_accepted);
        json.serialize_field("unanswered_accepted", &accepted)?;
        json.serialize_field("payments", &closed.map(|closed| closed.payments))?;
        json.serialize_field("paid", &closed.map(|closed| closed.paid.get()))?;
        json.end()
    }
}

/// What to do when a shift is closed while an order has no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unanswered {
    /// Refuse to close it, with [`Error::UnansweredChecks`](crate::Error::UnansweredChecks).
    #[default]
    Refuse,
    /// Close it. Its report lists those orders.
    Accept,
}
