//! A report on settlements as text, CSV and JSON.

use std::fmt::Write as _;

use jiff::civil::Date;
use qris_ledger::text_cell;
use qris_settlement::{DayTotal, Line, Pair, Payment, Unmatched};
use serde::Serialize;

use crate::money::rupiah;
use crate::output::visible;

/// What the report has.
#[derive(Serialize)]
pub(super) struct ReportView {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) criteria: Option<String>,
    pub(super) matched: Vec<Row>,
    pub(super) other_amount: Vec<Row>,
    pub(super) only_booked: Vec<Row>,
    pub(super) only_settled: Vec<Row>,
    pub(super) days: Vec<DayRow>,
}

/// A payment, its line, or both. What it has not is absent.
#[derive(Default, Serialize)]
pub(super) struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qris_invoiceid: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rrn: Option<String>,
    /// As it is booked, or else as the provider has it.
    paid_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    booked: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tip: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_on: Option<String>,
    /// By when it should have come, and whether that day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_late: Option<bool>,
    /// Whether the difference of the amounts is the tip.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_tip: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_ambiguous: Option<bool>,
}

impl Row {
    pub(super) fn pair(pair: &Pair<'_>) -> Self {
        let mut row = Self::of_line(pair.line);
        let differs = pair.payment.amount != pair.line.amount;
        row.is_tip = differs.then(|| pair.is_tip());
        row.take_payment(pair.payment);
        row
    }

    pub(super) fn booked(it: &Unmatched<'_, Payment>, due: Date, is_late: bool) -> Self {
        let mut row = Self {
            due: Some(due.to_string()),
            is_late: Some(is_late),
            is_ambiguous: Some(it.is_ambiguous),
            ..Self::default()
        };
        row.take_payment(it.item);
        row
    }

    pub(super) fn settled(it: &Unmatched<'_, Line>) -> Self {
        Self { is_ambiguous: Some(it.is_ambiguous), ..Self::of_line(it.item) }
    }

    fn of_line(line: &Line) -> Self {
        Self {
            qris_invoiceid: line.invoice,
            rrn: line.rrn.clone(),
            paid_at: wib(line.paid_at),
            settled: Some(line.amount),
            tip: Some(line.tip),
            transaction: line.transaction.clone(),
            settled_on: line.settled_on.map(|day| day.to_string()),
            ..Self::default()
        }
    }

    fn take_payment(&mut self, payment: &Payment) {
        self.number = Some(payment.number.clone());
        self.qris_invoiceid = Some(payment.invoice);
        self.rrn = self.rrn.take().or_else(|| payment.rrn.clone());
        self.paid_at = wib(payment.paid_at);
        self.booked = Some(payment.amount);
    }

    fn csv(&self, list: &str) -> String {
        let text = |text: &Option<String>| text_cell(text.as_deref().unwrap_or_default());
        let number = |number: Option<u64>| number.map(|it| it.to_string()).unwrap_or_default();
        let word = |word: Option<bool>| word.map(|it| it.to_string()).unwrap_or_default();
        let day = |day: &Option<String>| day.clone().unwrap_or_default();
        let cells = [
            list.to_owned(),
            text(&self.number),
            number(self.qris_invoiceid),
            text(&self.rrn),
            self.paid_at.clone(),
            number(self.booked),
            number(self.settled),
            number(self.tip),
            text(&self.transaction),
            day(&self.settled_on),
            day(&self.due),
            word(self.is_late),
            word(self.is_tip),
            word(self.is_ambiguous),
        ];
        cells.join(",") + "\r\n"
    }

    fn table(&self) -> String {
        let mut out = String::from(" ");
        let name = self.number.as_ref().or(self.transaction.as_ref());
        let name = name.map_or("-", String::as_str);
        // Writing to a string cannot fail.
        let _ = write!(out, " {:<20} {}", visible(name), self.paid_at);
        if let Some(booked) = self.booked {
            let _ = write!(out, "  booked {}", rupiah(booked));
        }
        if let Some(settled) = self.settled {
            let _ = write!(out, "  settled {}", rupiah(settled));
        }
        if let Some(due) = &self.due {
            let late = if self.is_late == Some(true) { ", late" } else { "" };
            let _ = write!(out, "  due {due}{late}");
        }
        if self.is_tip == Some(true) {
            out.push_str("  with the tip");
        }
        if self.is_ambiguous == Some(true) {
            out.push_str("  fits several");
        }
        out.push('\n');
        out
    }
}

fn wib(time: jiff::civil::DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+07:00").to_string()
}

/// A settlement day.
#[derive(Serialize)]
pub(super) struct DayRow {
    settled_on: Option<String>,
    lines: u64,
    gross: u64,
    mdr: Option<u64>,
    net: Option<u64>,
}

impl From<DayTotal> for DayRow {
    fn from(total: DayTotal) -> Self {
        let DayTotal { settled_on, count, gross, mdr, net, .. } = total;
        Self { settled_on: settled_on.map(|day| day.to_string()), lines: count, gross, mdr, net }
    }
}

impl ReportView {
    fn lists(&self) -> [(&'static str, &[Row]); 4] {
        [
            ("matched", &self.matched),
            ("other_amount", &self.other_amount),
            ("only_booked", &self.only_booked),
            ("only_settled", &self.only_settled),
        ]
    }

    /// One line for each payment, under a line of names.
    pub(super) fn csv(&self) -> String {
        let mut csv = "list,number,qris_invoiceid,rrn,paid_at,booked,settled,tip,transaction,\
                       settled_on,due,is_late,is_tip,is_ambiguous\r\n"
            .to_owned();
        for (list, rows) in self.lists() {
            csv.extend(rows.iter().map(|row| row.csv(list)));
        }
        csv
    }

    /// The totals, and each payment that is not matched.
    pub(super) fn table(&self) -> String {
        let mut out = format!("paid from {} to {}\n", self.from, self.to);
        for (list, rows) in self.lists() {
            let sum = rows.iter().filter_map(|row| row.settled.or(row.booked)).sum();
            let words = match list {
                "matched" => "booked and settled",
                "other_amount" => "settled with another amount",
                "only_booked" => "booked, and not in the provider's table",
                _ => "in the provider's table, and not booked",
            };
            let _ = writeln!(out, "{words:<42}{:>7}{:>18}", rows.len(), rupiah(sum));
            if list != "matched" {
                out.extend(rows.iter().map(Row::table));
            }
        }
        for day in &self.days {
            let name = day
                .settled_on
                .as_deref()
                .map_or_else(|| "not settled yet".to_owned(), |day| format!("settled on {day}"));
            let _ = write!(out, "{name:<42}{:>7}{:>18}", day.lines, rupiah(day.gross));
            if let (Some(mdr), Some(net)) = (day.mdr, day.net) {
                let _ = write!(out, "  MDR {}  net {}", rupiah(mdr), rupiah(net));
            }
            out.push('\n');
        }
        out
    }
}
