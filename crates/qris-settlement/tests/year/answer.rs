//! The expected report and comparison of the generated year, from the truth only.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, offset};
use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_settlement::{
    Comparison, DayTotal, Pair, Payment, Report, ReportRow, SettlementLine, Terms,
};

use crate::truth::{Booked, HOLIDAYS, Kind, LAST_DAY, Row, Sale, working_day};

/// Which payments and lines are in which list, as words.
pub(crate) type Lists = BTreeMap<&'static str, BTreeSet<String>>;

pub(crate) const MATCHED: &str = "matched";
pub(crate) const TIP: &str = "other amount: a tip";
pub(crate) const OTHER_AMOUNT: &str = "other amount";
pub(crate) const ONLY_BOOKED: &str = "only booked";
pub(crate) const ONLY_SETTLED: &str = "only settled";
pub(crate) const BOOKED_FITS_SEVERAL: &str = "only booked, fits several";
pub(crate) const SETTLED_FITS_SEVERAL: &str = "only settled, fits several";

/// The expected lists.
pub(crate) fn expected(sales: &[Sale]) -> Lists {
    let mut lists = Lists::new();
    let mut put = |list, words| {
        let is_new = lists.entry(list).or_default().insert(words);
        assert!(is_new, "the truth has a payment or a line twice");
    };
    for sale in sales {
        let paid = sale.booked.iter().filter(|booked| booked.is_paid);
        let rows = sale.rows.iter().filter(|row| row.is_paid);
        let (booked, settled) = match sale.kind {
            Kind::TwinsOneLine | Kind::TwinsTwoLines => (BOOKED_FITS_SEVERAL, SETTLED_FITS_SEVERAL),
            Kind::NotListed
            | Kind::NotListedBesideSticker
            | Kind::ClockWithoutIds
            | Kind::Sticker
            | Kind::KeptWebhook
            | Kind::UnpaidHere => (ONLY_BOOKED, ONLY_SETTLED),
            _ => {
                let list = match sale.kind {
                    Kind::Tip => TIP,
                    Kind::OtherAmount => OTHER_AMOUNT,
                    _ => MATCHED,
                };
                let pairs = paid.zip(rows);
                pairs.for_each(|(one, row)| put(list, format!("{} = {}", one.number, row.label())));
                continue;
            }
        };
        paid.for_each(|one| put(booked, one.number.clone()));
        rows.for_each(|row| put(settled, row.label()));
    }
    lists
}

/// The lists of a comparison.
pub(crate) fn found(comparison: &Comparison<'_>) -> Lists {
    let mut lists = Lists::new();
    let mut put = |list, words| {
        let is_new = lists.entry(list).or_default().insert(words);
        assert!(is_new, "the comparison has a payment or a line twice");
    };
    let words = |pair: &Pair<'_>| format!("{} = {}", pair.payment.number, label(pair.line));
    for pair in &comparison.matched {
        put(MATCHED, words(pair));
    }
    for pair in &comparison.other_amount {
        put(if pair.is_tip() { TIP } else { OTHER_AMOUNT }, words(pair));
    }
    for it in &comparison.only_booked {
        let list = if it.is_ambiguous { BOOKED_FITS_SEVERAL } else { ONLY_BOOKED };
        put(list, it.item.number.clone());
    }
    for it in &comparison.only_settled {
        let list = if it.is_ambiguous { SETTLED_FITS_SEVERAL } else { ONLY_SETTLED };
        put(list, label(it.item));
    }
    lists
}

/// As [`Row::label`] has it.
fn label(line: &SettlementLine) -> String {
    label_of(line.transaction.as_deref(), line.invoice.map(InvoiceId::get))
}

pub(crate) fn label_of(transaction: Option<&str>, invoice: Option<u64>) -> String {
    match (transaction, invoice) {
        (Some(id), _) => format!("id:{id}"),
        (None, invoice) => format!("invoice:{}", invoice.expect("an id of either kind")),
    }
}

/// The lists of a report, after a check of each row.
#[track_caller]
pub(crate) fn reported(report: &Report) -> Lists {
    let mut lists = Lists::new();
    let mut put = |list, words| {
        let is_new = lists.entry(list).or_default().insert(words);
        assert!(is_new, "the report has a payment or a line twice");
    };
    let number = |row: &ReportRow| row.number.clone().expect("a number");
    let line = |row: &ReportRow| label_of(row.transaction.as_deref(), row.qris_invoiceid);
    for row in &report.matched {
        assert_eq!((row.booked, row.is_tip), (row.settled, None));
        put(MATCHED, format!("{} = {}", number(row), line(row)));
    }
    for row in &report.other_amount {
        assert_ne!(row.booked, row.settled);
        let list = if row.is_tip == Some(true) { TIP } else { OTHER_AMOUNT };
        put(list, format!("{} = {}", number(row), line(row)));
    }
    for row in &report.only_booked {
        let due = working_day(row.paid_at.date(), 1);
        assert_eq!((row.due, row.is_late), (Some(due), Some(due < LAST_DAY)));
        let is_ambiguous = row.is_ambiguous == Some(true);
        put(if is_ambiguous { BOOKED_FITS_SEVERAL } else { ONLY_BOOKED }, number(row));
    }
    for row in &report.unpaid {
        assert!(row.state.is_some() && row.booked.is_none(), "its order is not paid");
        put(ONLY_SETTLED, line(row));
    }
    for row in &report.only_settled {
        let is_ambiguous = row.is_ambiguous == Some(true);
        put(if is_ambiguous { SETTLED_FITS_SEVERAL } else { ONLY_SETTLED }, line(row));
    }
    lists
}

/// The terms of the generated year: an MDR of 0.7 %.
pub(crate) fn terms() -> Terms {
    let mut terms = Terms::default();
    terms.criteria = Some(qris_settlement::Criteria::Ure);
    terms.holidays = HOLIDAYS.into_iter().collect();
    terms
}

/// A time in WIB.
pub(crate) fn wib(at: DateTime) -> WibTime {
    const WIB: Offset = offset(7);
    WIB.to_timestamp(at).expect("a time of the year").into()
}

/// Fails with the first difference in each list.
#[track_caller]
pub(crate) fn assert_same(found: &Lists, expected: &Lists) {
    let names: BTreeSet<_> = found.keys().chain(expected.keys()).copied().collect();
    let nothing = BTreeSet::new();
    let mut wrong = Vec::new();
    for name in names {
        let [found, expected] = [found, expected].map(|lists| lists.get(name).unwrap_or(&nothing));
        let first = |it: Option<&String>| it.cloned();
        let (missing, false_one) =
            (first(expected.difference(found).next()), first(found.difference(expected).next()));
        if missing.is_some() || false_one.is_some() {
            wrong.push((name, missing, false_one));
        }
    }
    assert!(wrong.is_empty(), "list, first missing, first false: {wrong:#?}");
}

/// The recorded payments, as the comparison takes them.
pub(crate) fn payments(sales: &[Sale]) -> Vec<Payment> {
    let booked = sales.iter().flat_map(|sale| &sale.booked).filter(|booked| booked.is_paid);
    let payment = |booked: &Booked| {
        let (id, amount) = (InvoiceId::new(booked.invoice), Rupiah::new(booked.amount));
        let mut payment = Payment::new(&booked.number, id, wib(booked.paid_at), amount);
        payment.rrn.clone_from(&booked.rrn);
        payment
    };
    booked.map(payment).collect()
}

/// Lines, gross and MDR of a settlement day.
pub(crate) type Days = BTreeMap<Option<Date>, (u64, u64, u64)>;

/// The rows of the truth by settlement day, with an MDR of 0.7 %.
pub(crate) fn expected_days(sales: &[Sale]) -> Days {
    let mut days = Days::new();
    for row in paid_rows(sales) {
        let day = days.entry(row.known_settled_on()).or_default();
        day.0 += 1;
        day.1 += row.amount;
        // Half a rupiah is rounded up.
        day.2 += (row.amount * 7 + 500) / 1_000;
    }
    days
}

pub(crate) fn paid_rows(sales: &[Sale]) -> impl Iterator<Item = &Row> {
    sales.iter().flat_map(|sale| &sale.rows).filter(|row| row.is_paid)
}

pub(crate) fn found_days(totals: &[DayTotal]) -> Days {
    let day = |total: &DayTotal| {
        let mdr = total.mdr.expect("a rate of the day");
        assert_eq!(total.net, Some(total.gross - mdr));
        (total.settled_on, (total.count, total.gross, mdr))
    };
    totals.iter().map(day).collect()
}
