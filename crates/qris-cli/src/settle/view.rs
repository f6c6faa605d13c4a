//! A report on settlements as text.

use std::fmt::Write as _;

use qris_settlement::{DayTotal, Report, ReportRow};

use crate::money::rupiah;
use crate::output::visible;

/// The totals, and each payment that is not matched.
pub(super) fn table(report: &Report) -> String {
    let mut out = format!("paid from {} to {}\n", report.from, report.to);
    for (list, rows) in report.lists() {
        let sum = rows.iter().filter_map(|row| row.settled.or(row.booked)).sum();
        let words = match list {
            "matched" => "booked and settled",
            "other_amount" => "settled with another amount",
            "unpaid" => "in the provider's table, and not paid here",
            "only_booked" => "booked, and not in the provider's table",
            _ => "in the provider's table, and not booked",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{words:<42}{:>7}{:>18}", rows.len(), rupiah(sum));
        if list != "matched" {
            out.extend(rows.iter().map(row));
        }
    }
    out.extend(report.days.iter().map(day));
    out.push_str(&notes(report));
    out
}

/// How the sums were made, and what is not known.
fn notes(report: &Report) -> String {
    let mut out = String::new();
    if let Some(criteria) = report.criteria {
        let _ = writeln!(
            out,
            "The MDR of {criteria} is rounded to whole rupiah for each payment, half a rupiah up."
        );
    }
    if let Some(fees) = report.transfer {
        let source =
            if fees.is_default() { "as the press had it in 2023" } else { "as you set it" };
        let _ = writeln!(
            out,
            "One transfer a settlement day, {source}: {} below {}, otherwise {}; what is less than {} \
             waits for the next settlement day.",
            rupiah(fees.small_fee),
            rupiah(fees.small_below),
            rupiah(fees.fee),
            rupiah(fees.minimum),
        );
    }
    for year in &report.years_without_holidays {
        let _ = writeln!(
            out,
            "No holidays of {year} are listed: what is due before one may be said to be late too early."
        );
    }
    out
}

fn row(row: &ReportRow) -> String {
    let name = row.number.as_ref().or(row.transaction.as_ref());
    let name = name.map_or("-", String::as_str);
    let mut out = format!("  {:<20} {}", visible(name), row.paid_at);
    if let Some(booked) = row.booked {
        let _ = write!(out, "  booked {}", rupiah(booked));
    }
    if let Some(settled) = row.settled {
        let _ = write!(out, "  settled {}", rupiah(settled));
    }
    if let Some(due) = &row.due {
        let late = if row.is_late == Some(true) { ", late" } else { "" };
        let _ = write!(out, "  due {due}{late}");
    }
    if let Some(state) = row.state {
        let _ = write!(out, "  {state}");
    }
    if let Some(at) = row.next_check_at {
        let _ = write!(out, "  checked again at {at}");
    }
    if row.is_tip == Some(true) {
        out.push_str("  with the tip");
    }
    if row.is_ambiguous == Some(true) {
        out.push_str("  fits several");
    }
    out.push('\n');
    out
}

fn day(day: &DayTotal) -> String {
    let name = day
        .settled_on
        .map_or_else(|| "not settled yet".to_owned(), |day| format!("settled on {day}"));
    let mut out = format!("{name:<42}{:>7}{:>18}", day.count, rupiah(day.gross));
    if let (Some(mdr), Some(net)) = (day.mdr, day.net) {
        let _ = write!(out, "  MDR {}  net {}", rupiah(mdr), rupiah(net));
    }
    if let Some(carried) = day.carried.filter(|&carried| carried > 0) {
        let _ = write!(out, "  carried {}", rupiah(carried));
    }
    match (day.waiting, day.fee, day.expected) {
        (Some(waiting), _, _) if waiting > 0 => {
            let _ = write!(out, "  waits for the next day {}", rupiah(waiting));
        }
        (_, Some(fee), Some(expected)) => {
            let _ = write!(out, "  fee {}  expected {}", rupiah(fee), rupiah(expected));
        }
        _ => {}
    }
    out.push('\n');
    out
}
