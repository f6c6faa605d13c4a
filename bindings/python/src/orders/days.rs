//! The days of a list or a report.

use jiff::civil::Date;
use pyo3::prelude::*;

use crate::argument::Text;
use crate::errors;

/// A day in WIB, as `YYYY-MM-DD`.
fn day(text: &Text<'_>) -> PyResult<Date> {
    text.0.parse().map_err(|_| {
        errors::invalid_argument("expected a day such as 2026-11-30, found another text")
    })
}

/// The days of a report. By default the last day is today, and the first day is the last day.
pub(super) struct Days {
    pub(super) first: Option<Date>,
    pub(super) last: Option<Date>,
}

impl Days {
    pub(super) fn new(first: Option<Text<'_>>, last: Option<Text<'_>>) -> PyResult<Self> {
        let first = first.as_ref().map(day).transpose()?;
        let last = last.as_ref().map(day).transpose()?;
        match (first, last) {
            (Some(first), Some(last)) if first > last => Err(errors::invalid_argument(
                "expected a first day that is not after the last day, found a later one",
            )),
            _ => Ok(Self { first, last }),
        }
    }

    pub(super) fn resolve(self, orders: &qris_orders::Orders) -> (Date, Date) {
        let last = self.last.unwrap_or_else(|| orders.now().date());
        (self.first.unwrap_or(last), last)
    }
}
