//! Shifts: who was at the till from when to when, and what was paid meanwhile.

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

/// A shift's row in the ledger.
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

/// A shift of a merchant. One at a time is open.
///
/// As JSON it is `id`, `number`, `name`, `opened_at`, `opened_by`, `closed_at`, `closed_by`,
/// `unanswered_accepted`, `payments` and `paid`; what there is not yet is `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shift {
    /// Its row.
    pub id: ShiftId,
    /// Its number among the merchant's shifts: 1, 2, 3 and so on. It is the number of its report.
    pub number: u64,
    /// What it is called, such as the cashier's name.
    pub name: String,
    /// When it was opened.
    pub opened_at: WibTime,
    /// Who opened it.
    pub opened_by: String,
    /// When and by whom it was closed, and what was paid in it; nothing while it is open.
    pub closed: Option<ClosedShift>,
}

/// How a shift ended. It does not change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosedShift {
    /// When it was closed.
    pub at: WibTime,
    /// Who closed it.
    pub by: String,
    /// Whether an order had no answer then: its report names those orders.
    pub unanswered_accepted: bool,
    /// How many payments were booked in it.
    pub payments: u64,
    /// How many rupiah they are, without tips: the API does not report them.
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

/// What closing a shift does where an order has no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// Closing is refused with [`Error::UnansweredChecks`](crate::Error::UnansweredChecks).
    #[default]
    Refuse,
    /// The shift is closed, and its report names those orders.
    Accept,
}
