//! The content of a printed report, for all formats.

use qris_api::WibTime;
use qris_ledger::{
    LateReason, OrderLines, PaymentLine, PaymentLines, PaymentTotal, Shift, ShiftReport,
};

use super::words::{Words, words};
use crate::language::Language;
use crate::text::moment;

/// A report as text.
pub(super) struct Content {
    pub(super) title: String,
    /// Names and values, such as when the shift was opened.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The totals. The last one is the amount of money.
    pub(super) totals: Vec<(&'static str, String)>,
    pub(super) sections: Vec<Section>,
    /// Notes about the whole report.
    pub(super) note: Option<&'static str>,
}

/// Payments or orders of one kind.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) total: String,
    pub(super) note: Option<&'static str>,
    pub(super) lines: Vec<Line>,
}

/// A payment, an order or a method.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) note: Option<String>,
}

impl Content {
    pub(super) fn new(
        shop: String,
        shift: &Shift,
        report: &ShiftReport,
        now: WibTime,
        language: Language,
    ) -> Self {
        let say = words(language);
        let kind = if shift.closed.is_some() { say.z } else { say.x };
        let by = |at: WibTime, who: &str| format!("{} ({who})", moment(at));
        let mut facts = vec![
            (say.shop, shop),
            (say.shift, shift.name.clone()),
            (say.opened, by(shift.opened_at, &shift.opened_by)),
        ];
        facts.push(match &shift.closed {
            Some(closed) => (say.closed, by(closed.at, &closed.by)),
            None => (say.until, moment(now)),
        });
        let note = match &shift.closed {
            None => Some(say.not_final),
            Some(closed) if closed.unanswered_accepted => Some(say.accepted),
            Some(_) => None,
        };
        Self {
            title: format!("{kind} {}", shift.number),
            facts,
            totals: vec![
                (say.orders, grouped(report.orders, say)),
                (say.payments, grouped(report.payments.count, say)),
                (say.amount, rupiah(report.payments.amount.get(), say)),
            ],
            sections: sections(report, say),
            note,
        }
    }
}

fn sections(report: &ShiftReport, say: &Words) -> Vec<Section> {
    let methods = report.methods.iter().map(|line| Line {
        name: format!(
            "{} {}x",
            line.method.as_deref().unwrap_or(say.no_method),
            grouped(line.total.count, say)
        ),
        amount: rupiah(line.total.amount.get(), say),
        note: None,
    });
    let methods =
        Section { title: say.methods, total: String::new(), note: None, lines: methods.collect() };
    let mut sections = vec![
        methods,
        payments(say.late, None, &report.late, say),
        payments(say.overpaid, Some(say.overpaid_note), &report.overpaid, say),
        payments(say.outside, Some(say.outside_note), &report.outside, say),
        orders(say.cancelled, &report.cancelled, say),
        orders(say.unknown, &report.unknown, say),
        orders(say.unanswered, &report.unanswered, say),
        orders(say.pending, &report.pending, say),
    ];
    sections.retain(|section| !section.lines.is_empty());
    sections
}

fn payments(
    title: &'static str,
    note: Option<&'static str>,
    found: &PaymentLines,
    say: &Words,
) -> Section {
    let lines = found.payments.iter().map(|payment| Line {
        name: payment.number.clone(),
        amount: rupiah(payment.amount.get(), say),
        note: Some(about(payment, say)),
    });
    section(title, note, found.total, lines.collect(), say)
}

fn about(payment: &PaymentLine, say: &Words) -> String {
    let late = payment.late.map(|late| match late {
        LateReason::OrderEnded => say.order_ended,
        _ => say.earlier_code,
    });
    let parts = [Some(moment(payment.paid_at)), payment.method.clone(), late.map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn orders(title: &'static str, found: &OrderLines, say: &Words) -> Section {
    let lines = found.orders.iter().map(|order| Line {
        name: order.number.clone(),
        amount: rupiah(order.amount.get(), say),
        note: None,
    });
    section(title, None, found.total, lines.collect(), say)
}

/// A section of a list that may have fewer lines than its count.
fn section(
    title: &'static str,
    note: Option<&'static str>,
    total: PaymentTotal,
    mut lines: Vec<Line>,
    say: &Words,
) -> Section {
    let named = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    if total.count > named {
        lines.push(Line {
            name: format!("{} ({})", say.more, grouped(total.count - named, say)),
            amount: String::new(),
            note: None,
        });
    }
    let sum = format!("{}x {}", grouped(total.count, say), rupiah(total.amount.get(), say));
    Section { title, total: sum, note, lines }
}

fn rupiah(amount: u64, say: &Words) -> String {
    format!("Rp{}", grouped(amount, say))
}

fn grouped(number: u64, say: &Words) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(say.separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let (id, en) = (words(Language::Indonesian), words(Language::English));
        assert_eq!(rupiah(1_250_000, id), "Rp1.250.000");
        assert_eq!(rupiah(1_250_000, en), "Rp1,250,000");
        assert_eq!(grouped(0, id), "0");
        assert_eq!(grouped(999, id), "999");
    }
}
