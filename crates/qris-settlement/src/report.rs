//! Compares the provider's lines with the recorded payments.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use qris_api::{InvoiceId, WibTime};
use qris_ledger::{Ledger, Order, SettlementLine, State, UnpaidSettled, text_cell};
use serde::Serialize;

use crate::compare::{Pair, Payment, Unmatched, compare};
use crate::json;
use crate::mdr::Criteria;
use crate::terms::Terms;
use crate::totals::{CARRY_DAYS, DayTotal, day_totals};
use crate::transfer::TransferFees;

/// How many days before and after the period payments are read, to have all lines of a settlement day.
const MARGIN_DAYS: i64 = 45;

/// The period of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportPeriod {
    /// The first day, in WIB.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The current day, which decides what is late.
    pub today: Date,
}

/// A payment, its line, or both. Missing values are absent in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReportRow {
    /// The key of the provider's line. Only in [`Report::unpaid`] and [`Report::only_settled`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The provider's invoice id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qris_invoiceid: Option<u64>,
    /// The national retrieval reference number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rrn: Option<String>,
    /// The payment time as recorded, or else the provider's.
    #[serde(serialize_with = "json::text")]
    pub paid_at: WibTime,
    /// The state of an order that is not paid in the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// When the next check is due.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "json::optional")]
    pub next_check_at: Option<WibTime>,
    /// Whether that check goes before the scheduled ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_checking: Option<bool>,
    /// When the provider last answered "not paid".
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "json::optional")]
    pub answered_at: Option<WibTime>,
    /// The recorded amount in rupiah.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<u64>,
    /// The provider's amount in rupiah.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<u64>,
    /// The tip in rupiah, included in the provider's amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip: Option<u64>,
    /// The provider's id of the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The settlement day.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "json::optional")]
    pub settled_on: Option<Date>,
    /// The working day by which it should be settled.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "json::optional")]
    pub due: Option<Date>,
    /// Whether that day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_late: Option<bool>,
    /// Whether the amounts differ by exactly the tip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_tip: Option<bool>,
    /// Whether several counterparts fit, so that a person has to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_ambiguous: Option<bool>,
}

/// The comparison of the recorded and settled payments of a period. See [`report()`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The first day of the payments.
    #[serde(serialize_with = "json::text")]
    pub from: Date,
    /// The last day of the payments.
    #[serde(serialize_with = "json::text")]
    pub to: Date,
    /// The criteria for the MDR, as a word.
    #[serde(serialize_with = "json::optional")]
    pub criteria: Option<Criteria>,
    /// The transfer fees of the totals.
    pub transfer: Option<TransferFees>,
    /// The years of the period without a listed holiday. Due days near a holiday may be too early in these
    /// years.
    pub years_without_holidays: Vec<i16>,
    /// The same payment on both sides.
    pub matched: Vec<ReportRow>,
    /// The same payment with different amounts.
    pub other_amount: Vec<ReportRow>,
    /// Paid according to the provider, but not in the ledger: the order waits for a check.
    pub unpaid: Vec<ReportRow>,
    /// Recorded payments that the provider does not have.
    pub only_booked: Vec<ReportRow>,
    /// The provider's payments that are not recorded.
    pub only_settled: Vec<ReportRow>,
    /// The totals of each settlement day of the period or of its payments, with all lines of that day, and at
    /// the end the unsettled lines of the period.
    pub days: Vec<DayTotal>,
}

/// Compares the imported lines of the ledger's selected merchant with its payments.
///
/// The lists have the payments of the period, by their time in WIB. The totals cover whole settlement days,
/// to compare with the bank account.
///
/// ```
/// use qris_ledger::Ledger;
/// use qris_settlement::{Columns, ReportPeriod, Terms, import, read, report};
///
/// # let folder = tempfile::tempdir()?;
/// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let file = read(b"tgl,nominal,idtrans\n27/11/2026 10:15:30,25.578,T-1\n", &Columns::default())?;
/// import(&mut ledger, &file, qris_api::WibTime::now())?;
/// let day = "2026-11-27".parse()?;
/// let report = report(&ledger, &ReportPeriod { from: day, to: day, today: day }, &Terms::default())?;
/// assert_eq!(report.only_settled[0].key.as_deref(), Some("id:T-1"));
/// assert!(report.matched.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The errors of [`Ledger::payments`]. Unreadable rows are skipped: see [`Ledger::take_invalid_rows`].
pub fn report(
    ledger: &Ledger,
    period: &ReportPeriod,
    terms: &Terms,
) -> Result<Report, qris_ledger::Error> {
    let ReportPeriod { from, to, today } = *period;
    // The two clocks may put one payment on two days, so one more day on both sides is matched.
    let (first, last) = (from.saturating_sub(1.day()), to.saturating_add(1.day()));
    let payments: Vec<_> =
        ledger.payments(first, last)?.iter().filter_map(Payment::from_order).collect();
    let margin = MARGIN_DAYS.days();
    let all = ledger.settlement_lines(from.saturating_sub(margin), to.saturating_add(margin))?;
    let near = first..=last;
    let lines: Vec<_> =
        all.iter().filter(|line| near.contains(&line.paid_at.date())).cloned().collect();
    let is_asked = |time: WibTime| (from..=to).contains(&time.date());
    let comparison = compare(&payments, &lines);
    let pairs = |pairs: &[Pair<'_>]| {
        let asked = pairs.iter().filter(|pair| is_asked(pair.payment.paid_at));
        asked.map(ReportRow::pair).collect::<Vec<_>>()
    };
    let booked = comparison.only_booked.iter().filter(|it| is_asked(it.item.paid_at));
    let booked = booked.map(|it| {
        let due = terms.holidays.working_day_after(it.item.paid_at.date(), terms.due_days);
        ReportRow::booked(it, due, due < today)
    });
    let unpaid = ledger.unpaid_settled(from, to)?;
    let unpaid: BTreeMap<&str, &UnpaidSettled> =
        unpaid.iter().map(|it| (it.key.as_str(), it)).collect();
    let settled = comparison.only_settled.iter().filter(|it| is_asked(it.item.paid_at));
    let (unpaid, settled): (Vec<_>, Vec<_>) = settled
        .map(|it| (it, unpaid.get(it.item.key.as_str())))
        .partition(|(_, unpaid)| unpaid.is_some());
    let unpaid = unpaid.iter().filter_map(|(it, unpaid)| unpaid.map(|one| (it.item, one)));
    let years = (from.year()..=to.year()).filter(|year| !terms.holidays.has_year(*year));
    Ok(Report {
        from,
        to,
        criteria: terms.criteria,
        transfer: terms.transfer,
        years_without_holidays: years.collect(),
        matched: pairs(&comparison.matched),
        other_amount: pairs(&comparison.other_amount),
        unpaid: unpaid.map(|(line, one)| ReportRow::unpaid(line, one)).collect(),
        only_booked: booked.collect(),
        only_settled: settled.iter().map(|(it, _)| ReportRow::settled(it)).collect(),
        days: days(&all, period, terms),
    })
}

/// The totals of whole settlement days.
fn days(lines: &[SettlementLine], period: &ReportPeriod, terms: &Terms) -> Vec<DayTotal> {
    let asked = period.from..=period.to;
    let is_asked = |line: &&SettlementLine| asked.contains(&line.paid_at.date());
    let of_payments: BTreeSet<Date> =
        lines.iter().filter(is_asked).filter_map(|line| line.settled_on).collect();
    let since = period.from.saturating_sub(CARRY_DAYS.days());
    let counted = lines.iter().filter(|line| match line.settled_on {
        Some(day) => day >= since,
        None => is_asked(line),
    });
    let mut totals = day_totals(counted, terms);
    let is_shown = |day: Date| asked.contains(&day) || of_payments.contains(&day);
    totals.retain(|total| total.settled_on.is_none_or(is_shown));
    totals
}

impl Payment {
    /// The payment of an order as [`Ledger::payments`] returns it; `None` if it is not paid.
    pub fn from_order(order: &Order) -> Option<Self> {
        let details = order.payment.details()?;
        // The id as the lines have it.
        let second = Timestamp::from_second(details.paid_at?.timestamp().as_second()).ok()?;
        Some(Self {
            number: order.number.as_str().to_owned(),
            invoice: order.invoice.as_ref().map(|invoice| invoice.qris_invoiceid),
            paid_at: WibTime::from(second),
            amount: order.amount,
            rrn: details.rrn.clone(),
        })
    }
}

impl ReportRow {
    fn pair(pair: &Pair<'_>) -> Self {
        let mut row = Self::of_line(pair.line);
        let differs = pair.payment.amount != pair.line.amount;
        row.is_tip = differs.then(|| pair.is_tip());
        row.with_payment(pair.payment)
    }

    fn booked(it: &Unmatched<'_, Payment>, due: Date, is_late: bool) -> Self {
        let row = Self::at(it.item.paid_at).with_payment(it.item);
        let is_ambiguous = Some(it.is_ambiguous);
        Self { due: Some(due), is_late: Some(is_late), is_ambiguous, ..row }
    }

    fn unpaid(line: &SettlementLine, it: &UnpaidSettled) -> Self {
        Self {
            key: Some(it.key.clone()),
            number: Some(it.number.as_str().to_owned()),
            state: Some(it.state),
            next_check_at: it.next_check_at,
            is_checking: Some(it.is_checking),
            answered_at: it.answered_at,
            ..Self::of_line(line)
        }
    }

    fn settled(it: &Unmatched<'_, SettlementLine>) -> Self {
        let key = Some(it.item.key.clone());
        Self { key, is_ambiguous: Some(it.is_ambiguous), ..Self::of_line(it.item) }
    }

    fn at(paid_at: WibTime) -> Self {
        Self {
            key: None,
            number: None,
            qris_invoiceid: None,
            rrn: None,
            paid_at,
            state: None,
            next_check_at: None,
            is_checking: None,
            answered_at: None,
            booked: None,
            settled: None,
            tip: None,
            transaction: None,
            settled_on: None,
            due: None,
            is_late: None,
            is_tip: None,
            is_ambiguous: None,
        }
    }

    fn of_line(line: &SettlementLine) -> Self {
        Self {
            qris_invoiceid: line.invoice.map(InvoiceId::get),
            rrn: line.rrn.clone(),
            settled: Some(line.amount.get()),
            tip: Some(line.tip.get()),
            transaction: line.transaction.clone(),
            settled_on: line.settled_on,
            ..Self::at(line.paid_at)
        }
    }

    fn with_payment(self, payment: &Payment) -> Self {
        Self {
            number: Some(payment.number.clone()),
            qris_invoiceid: payment.invoice.map(InvoiceId::get).or(self.qris_invoiceid),
            rrn: self.rrn.or_else(|| payment.rrn.clone()),
            paid_at: payment.paid_at,
            booked: Some(payment.amount.get()),
            ..self
        }
    }

    fn csv(&self, list: &str) -> String {
        let text = |text: &Option<String>| text_cell(text.as_deref().unwrap_or_default());
        let cells = [
            list.to_owned(),
            text(&self.number),
            cell(self.qris_invoiceid),
            text(&self.rrn),
            self.paid_at.to_string(),
            cell(self.booked),
            cell(self.settled),
            cell(self.tip),
            text(&self.transaction),
            cell(self.settled_on),
            cell(self.due),
            cell(self.is_late),
            cell(self.is_tip),
            cell(self.is_ambiguous),
        ];
        cells.join(",") + "\r\n"
    }
}

fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}

impl Report {
    /// The lists with their names.
    pub fn lists(&self) -> [(&'static str, &[ReportRow]); 5] {
        [
            ("matched", &self.matched),
            ("other_amount", &self.other_amount),
            ("unpaid", &self.unpaid),
            ("only_booked", &self.only_booked),
            ("only_settled", &self.only_settled),
        ]
    }

    /// CSV with a header line and one line for each payment. No cell is evaluated as a formula.
    pub fn to_csv(&self) -> String {
        let mut csv = "list,number,qris_invoiceid,rrn,paid_at,booked,settled,tip,transaction,\
                       settled_on,due,is_late,is_tip,is_ambiguous\r\n"
            .to_owned();
        for (list, rows) in self.lists() {
            csv.extend(rows.iter().map(|row| row.csv(list)));
        }
        csv
    }
}
