//! What was settled, by day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::line::Line;
use crate::mdr::{Criteria, MdrTable};

/// What the lines of one settlement day come to, in rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DayTotal {
    /// The day; `None` for the lines that are not settled yet.
    pub settled_on: Option<Date>,
    /// How many lines.
    pub count: u64,
    /// What was paid.
    pub gross: u64,
    /// What the MDR of each line comes to. `None` without criteria, and where the table has no rate for
    /// the day of a payment.
    pub mdr: Option<u64>,
    /// What is left. Fees of the transfer are not in it.
    pub net: Option<u64>,
}

/// Adds lines up by settlement day, the earliest first and what is not settled yet last.
///
/// The MDR is that of the day on which each payment was made, rounded for each payment by itself.
///
/// ```
/// use qris_settlement::{Criteria, Line, MdrTable, day_totals};
///
/// let mut line = Line::new("id:T-1", "2026-11-27T10:15:30".parse()?, 25_578);
/// line.settled_on = Some("2026-11-30".parse()?);
/// let totals = day_totals(&[line], Some((&MdrTable::default(), Criteria::Uke)));
/// assert_eq!((totals[0].gross, totals[0].mdr, totals[0].net), (25_578, Some(179), Some(25_399)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn day_totals<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    rates: Option<(&MdrTable, Criteria)>,
) -> Vec<DayTotal> {
    let mut days: BTreeMap<(bool, Option<Date>), DayTotal> = BTreeMap::new();
    for line in lines {
        let settled_on = line.settled_on;
        let total = days.entry((settled_on.is_none(), settled_on)).or_insert(DayTotal {
            settled_on,
            count: 0,
            gross: 0,
            mdr: rates.map(|_| 0),
            net: None,
        });
        let mdr = rates
            .and_then(|(table, criteria)| table.mdr(criteria, line.paid_at.date(), line.amount));
        total.count += 1;
        total.gross = total.gross.saturating_add(line.amount);
        total.mdr = total.mdr.zip(mdr).map(|(sum, mdr)| sum.saturating_add(mdr));
    }
    let mut totals: Vec<_> = days.into_values().collect();
    for total in &mut totals {
        total.net = total.mdr.map(|mdr| total.gross.saturating_sub(mdr));
    }
    totals
}
