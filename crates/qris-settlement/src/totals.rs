//! What was settled, by day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use qris_ledger::SettlementLine;
use serde::Serialize;

use crate::json;
use crate::terms::Terms;

/// What the lines of one settlement day come to, in rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DayTotal {
    /// The day; `None` for the lines that are not settled yet.
    #[serde(serialize_with = "json::optional")]
    pub settled_on: Option<Date>,
    /// How many lines.
    #[serde(rename = "lines")]
    pub count: u64,
    /// What was paid.
    pub gross: u64,
    /// What the MDR of each line comes to. `None` without criteria, and where the table has no rate for
    /// the day of a payment.
    pub mdr: Option<u64>,
    /// What is left of the gross.
    pub net: Option<u64>,
    /// What waited from earlier days and is transferred with this day's net, or waits on with it.
    pub carried: Option<u64>,
    /// What the transfer costs. `None` without fees, and where the net or what is carried is not known;
    /// so are the next two.
    pub fee: Option<u64>,
    /// What should come to the bank account: net and carried without the fee, or nothing where that is
    /// less than the smallest transfer.
    pub expected: Option<u64>,
    /// What is too little for a transfer and waits for the next settlement day.
    pub waiting: Option<u64>,
}

/// Adds lines up by settlement day, the earliest first and what is not settled yet last.
///
/// The MDR is that of the day on which each payment was made, rounded for each payment by itself. The
/// fee is that of one transfer a settlement day, of the net and what is carried.
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
    /// Takes what is carried from the days before, and says what is carried on.
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
