//! Totals of settled payments by day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use qris_ledger::SettlementLine;
use serde::Serialize;

use crate::json;
use crate::terms::Terms;

/// How many days before the first day of a report or journal the reading starts, to know the amounts that
/// were too small for a transfer.
pub(crate) const CARRY_DAYS: i64 = 31;

/// The totals of one settlement day in rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DayTotal {
    /// The day; `None` for the lines that are not settled yet.
    #[serde(serialize_with = "json::optional")]
    pub settled_on: Option<Date>,
    /// The number of lines.
    #[serde(rename = "lines")]
    pub count: u64,
    /// The sum of the payments.
    pub gross: u64,
    /// The sum of the lines' MDR. `None` without criteria, or if the table has no rate for the day of a
    /// payment.
    pub mdr: Option<u64>,
    /// The gross minus the MDR.
    pub net: Option<u64>,
    /// The amount that waited from earlier days. It is transferred with this day's net, or waits longer.
    pub carried: Option<u64>,
    /// The transfer fee. `None` without fees, or if the net or the carried amount is unknown. Then the next
    /// two are `None` too.
    pub fee: Option<u64>,
    /// The amount that should reach the bank account: net plus carried amount minus fee, or 0 if that is
    /// below the smallest transfer.
    pub expected: Option<u64>,
    /// The amount that is too small for a transfer and waits for the next settlement day.
    pub waiting: Option<u64>,
}

/// Adds lines up by settlement day, earliest first, unsettled lines last.
///
/// The MDR is computed with the rates of each payment's day and rounded for each payment. The fee is for one
/// transfer on each settlement day, of the net plus the carried amount.
///
/// ```
/// use qris_api::Rupiah;
/// use qris_settlement::{Criteria, SettlementLine, Terms, TransferFees, day_totals};
///
/// let paid_at = "2026-11-27T10:15:30+07:00".parse()?;
/// let mut line = SettlementLine::new("id:T-1", paid_at, Rupiah::new(55_578));
/// line.settled_on = Some("2026-11-30".parse()?);
/// let mut terms = Terms::default();
/// terms.criteria = Some(Criteria::Uke);
/// terms.transfer = Some(TransferFees::to_bank("bca"));
/// let day = day_totals(&[line], &terms)[0];
/// assert_eq!((day.gross, day.mdr, day.net), (55_578, Some(389), Some(55_189)));
/// assert_eq!((day.fee, day.expected), (Some(3_000), Some(52_189)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn day_totals<'a>(
    lines: impl IntoIterator<Item = &'a SettlementLine>,
    terms: &Terms,
) -> Vec<DayTotal> {
    let mut days: BTreeMap<(bool, Option<Date>), DayTotal> = BTreeMap::new();
    for line in lines {
        let settled_on = line.settled_on;
        let total = days.entry((settled_on.is_none(), settled_on)).or_insert(DayTotal {
            settled_on,
            count: 0,
            gross: 0,
            mdr: terms.criteria.map(|_| 0),
            net: None,
            carried: None,
            fee: None,
            expected: None,
            waiting: None,
        });
        let amount = line.amount.get();
        let mdr = terms.criteria.and_then(|it| terms.mdr.mdr(it, line.paid_at.date(), amount));
        total.count += 1;
        total.gross = total.gross.saturating_add(amount);
        total.mdr = total.mdr.zip(mdr).map(|(sum, mdr)| sum.saturating_add(mdr));
    }
    let mut totals: Vec<_> = days.into_values().collect();
    let mut carried = Some(0);
    for total in &mut totals {
        total.net = total.mdr.map(|mdr| total.gross.saturating_sub(mdr));
        if total.settled_on.is_some() {
            carried = total.transfer(carried, terms);
        }
    }
    totals
}

impl DayTotal {
    /// Takes the amount carried from earlier days and returns the amount carried on.
    fn transfer(&mut self, carried: Option<u64>, terms: &Terms) -> Option<u64> {
        let (fees, carried, net) = (terms.transfer?, carried?, self.net?);
        let sum = net.saturating_add(carried);
        let is_enough = sum > 0 && sum >= fees.minimum;
        let fee = if is_enough { fees.fee(sum) } else { 0 };
        let waiting = if is_enough { 0 } else { sum };
        self.carried = Some(carried);
        self.fee = Some(fee);
        self.expected = Some((sum - waiting).saturating_sub(fee));
        self.waiting = Some(waiting);
        Some(waiting)
    }
}
