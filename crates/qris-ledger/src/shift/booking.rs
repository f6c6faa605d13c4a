//! Decides which shift a step belongs to.

use qris_api::WibTime;

use super::report::LateReason;
use crate::database::{Step, Value};
use crate::{Error, State};

/// The merchant's last shift. It is locked until the step ends, so a payment in an open shift is in that
/// shift's report.
const LAST: &str = "
    SELECT id, opened_at, closed_at FROM qris_shift
    WHERE merchant = $1 ORDER BY number DESC LIMIT 1 FOR SHARE";

/// When an invoice's code was made, and the last reported state of its order.
const CODE: &str = "
    SELECT i.requested_at, o.told_state FROM qris_invoice AS i
        JOIN qris_order AS o ON o.id = i.order_id
    WHERE i.id = $1";

/// Where a payment is counted.
pub(crate) struct Booking {
    /// The open shift.
    shift: Option<i64>,
    /// No shift is open. The value says whether there are any shifts.
    is_outside: bool,
    late: Option<LateReason>,
}

impl Booking {
    /// Where a payment that is recorded now is counted.
    pub(crate) fn of_payment(step: &mut Step<'_>, invoice: i64) -> Result<Self, Error> {
        let Some(last) = last(step)? else {
            return Ok(Self { shift: None, is_outside: false, late: None });
        };
        let mut code = step.first(CODE, &[invoice.into()])?.ok_or(Error::Absent)?;
        let made = code.time(0, "requested_at")?;
        // Requesting a code again after the order has ended does not change that it is late.
        let told = code.optional_text(1, "told_state")?.and_then(|word| word.parse::<State>().ok());
        let late = if made < last.closed_at.unwrap_or(last.opened_at) {
            Some(LateReason::EarlierCode)
        } else if told.is_some_and(State::is_over) {
            Some(LateReason::OrderEnded)
        } else {
            None
        };
        let is_outside = last.closed_at.is_some();
        Ok(Self { shift: (!is_outside).then_some(last.id), is_outside, late })
    }

    /// The open shift, in which the payment counts.
    pub(crate) const fn shift(&self) -> Option<i64> {
        self.shift
    }

    /// The columns `shift`, `outside_shift` and `late`.
    pub(crate) fn columns(&self) -> [Value; 3] {
        [self.shift.into(), self.is_outside.into(), self.late.map(LateReason::as_str).into()]
    }
}

struct Last {
    id: i64,
    opened_at: WibTime,
    closed_at: Option<WibTime>,
}

fn last(step: &mut Step<'_>) -> Result<Option<Last>, Error> {
    let Some(mut row) = step.first(LAST, &[step.merchant.into()])? else { return Ok(None) };
    Ok(Some(Last {
        id: row.integer(0, "id")?,
        opened_at: row.time(1, "opened_at")?,
        closed_at: row.optional_time(2, "closed_at")?,
    }))
}

/// The open shift, if there is one. It stays open until the step ends.
pub(crate) fn open_shift(step: &mut Step<'_>) -> Result<Option<i64>, Error> {
    Ok(last(step)?.filter(|last| last.closed_at.is_none()).map(|last| last.id))
}
