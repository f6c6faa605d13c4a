//! A report of settlements as JSON. CSV has all of its rows.

use qris_api::WibTime;
use qris_settlement::{DayTotal, Report, ReportRow};
use serde::Serialize;

/// The maximum number of rows of a list.
const MAX_ROWS: usize = 500;

/// The comparison of the provider's lines with the recorded payments.
#[derive(Serialize)]
pub(super) struct ReportView<'a> {
    from: String,
    to: String,
    criteria: Option<String>,
    /// The till's best-known time.
    now: String,
    matched: Sum,
    other_amount: List<'a>,
    unpaid: List<'a>,
    only_booked: List<'a>,
    only_settled: List<'a>,
    days: &'a [DayTotal],
    /// The years without any national holiday in the settings.
    years_without_holidays: &'a [i16],
}

#[derive(Serialize)]
struct Sum {
    count: usize,
    /// The settled amount, or else the recorded amount.
    amount: u64,
}

#[derive(Serialize)]
struct List<'a> {
    #[serde(flatten)]
    sum: Sum,
    /// The first rows.
    rows: &'a [ReportRow],
}

impl<'a> ReportView<'a> {
    pub(super) fn new(report: &'a Report, now: WibTime) -> Self {
        Self {
            from: report.from.to_string(),
            to: report.to.to_string(),
            criteria: report.criteria.map(|criteria| criteria.to_string()),
            now: now.to_string(),
            matched: Sum::from_rows(&report.matched),
            other_amount: List::from_rows(&report.other_amount),
            unpaid: List::from_rows(&report.unpaid),
            only_booked: List::from_rows(&report.only_booked),
            only_settled: List::from_rows(&report.only_settled),
            days: &report.days,
            years_without_holidays: &report.years_without_holidays,
        }
    }
}

impl Sum {
    fn from_rows(rows: &[ReportRow]) -> Self {
        let amounts = rows.iter().filter_map(|row| row.settled.or(row.booked));
        Self { count: rows.len(), amount: amounts.fold(0, u64::saturating_add) }
    }
}

impl<'a> List<'a> {
    fn from_rows(rows: &'a [ReportRow]) -> Self {
        Self { sum: Sum::from_rows(rows), rows: rows.get(..MAX_ROWS).unwrap_or(rows) }
    }
}
