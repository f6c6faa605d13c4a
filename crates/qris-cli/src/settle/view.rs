//! A report on settlements as text.

use std::fmt::Write as _;

use qris_settlement::{DayTotal, Report, ReportRow};

use crate::messages::message;
use crate::money::rupiah;
use crate::output::visible;

/// The totals, and each payment that is not matched.
pub(super) fn table(report: &Report) -> String {
    let mut out = message!("settle-days", from = report.from, to = report.to) + "\n";
    for (list, rows) in report.lists() {
        let sum = rows.iter().filter_map(|row| row.settled.or(row.booked)).sum();
        let name = match list {
            "matched" => message!("settle-matched"),
            "other_amount" => message!("settle-other-amount"),
            "unpaid" => message!("settle-unpaid"),
            "only_booked" => message!("settle-only-booked"),
            _ => message!("settle-only-settled"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{name:<42}{:>7}{:>18}", rows.len(), rupiah(sum));
        if list != "matched" {
            out.extend(rows.iter().map(row));
        }
    }
    out.extend(report.days.iter().map(day));
    out.extend(notes(report).into_iter().map(|note| note + "\n"));
    out
}

/// How the totals are calculated, and what is not known.
fn notes(report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(criteria) = report.criteria {
        notes.push(message!("settle-note-mdr", criteria = criteria));
    }
    if let Some(fees) = report.transfer {
        let [small, below, fee, minimum] =
            [fees.small_fee, fees.small_below, fees.fee, fees.minimum].map(rupiah);
        notes.push(match fees.is_default() {
            true => message!(
                "settle-note-fees-default",
                small = small,
                below = below,
                fee = fee,
                minimum = minimum
            ),
            false => message!(
                "settle-note-fees",
                small = small,
                below = below,
                fee = fee,
                minimum = minimum
            ),
        });
    }
    let years = report.years_without_holidays.iter();
    notes.extend(years.map(|year| message!("settle-note-holidays", year = year)));
    notes
}

fn row(row: &ReportRow) -> String {
    let name = row.number.as_ref().or(row.transaction.as_ref());
    let name = name.map_or("-", String::as_str);
    let booked = row.booked.map(|amount| message!("settle-row-booked", amount = rupiah(amount)));
    let settled = row.settled.map(|amount| message!("settle-row-settled", amount = rupiah(amount)));
    let due = row.due.as_ref().map(|day| match row.is_late {
        Some(true) => message!("settle-row-late", day = day),
        _ => message!("settle-row-due", day = day),
    });
    let state = row.state.map(|state| state.to_string());
    let next_check = row.next_check_at.map(|at| message!("settle-row-next-check", at = at));
    let tip = (row.is_tip == Some(true)).then(|| message!("settle-row-tip"));
    let ambiguous = (row.is_ambiguous == Some(true)).then(|| message!("settle-row-ambiguous"));
    let facts = [booked, settled, due, state, next_check, tip, ambiguous];
    let mut out = format!("  {:<20} {}", visible(name), row.paid_at);
    for fact in facts.into_iter().flatten() {
        let _ = write!(out, "  {fact}");
    }
    out.push('\n');
    out
}

fn day(day: &DayTotal) -> String {
    let name = match day.settled_on {
        Some(day) => message!("settle-settled-on", day = day),
        None => message!("settle-not-settled"),
    };
    let mut out = format!("{name:<42}{:>7}{:>18}", day.count, rupiah(day.gross));
    let mut add = |fact: String| {
        let _ = write!(out, "  {fact}");
    };
    if let (Some(mdr), Some(net)) = (day.mdr, day.net) {
        add(message!("settle-day-mdr", mdr = rupiah(mdr), net = rupiah(net)));
    }
    if let Some(carried) = day.carried.filter(|&carried| carried > 0) {
        add(message!("settle-day-carried", amount = rupiah(carried)));
    }
    match (day.waiting, day.fee, day.expected) {
        (Some(waiting), _, _) if waiting > 0 => {
            add(message!("settle-day-waiting", amount = rupiah(waiting)));
        }
        (_, Some(fee), Some(expected)) => {
            add(message!("settle-day-expected", fee = rupiah(fee), expected = rupiah(expected)));
        }
        _ => {}
    }
    out.push('\n');
    out
}
