//! Matches settlement lines with recorded payments.

use std::collections::BTreeMap;

use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};
use qris_ledger::SettlementLine;

/// A recorded payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// The number of its order.
    pub number: String,
    /// The provider's invoice id. `None` for a payment that was recorded from a line without one.
    pub invoice: Option<InvoiceId>,
    /// When it was paid.
    pub paid_at: WibTime,
    /// The amount.
    pub amount: Rupiah,
    /// The national retrieval reference number, if a webhook reported it.
    pub rrn: Option<String>,
}

impl Payment {
    /// A payment without a known RRN.
    pub fn new(
        number: impl Into<String>,
        invoice: InvoiceId,
        paid_at: WibTime,
        amount: Rupiah,
    ) -> Self {
        Self { number: number.into(), invoice: Some(invoice), paid_at, amount, rrn: None }
    }

    /// Whether no id shows that the two are different payments.
    fn may_be(&self, line: &SettlementLine) -> bool {
        agree(self.invoice.as_ref(), line.invoice.as_ref())
            && agree(significant(&self.rrn).as_ref(), significant(&line.rrn).as_ref())
    }
}

/// A payment with its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair<'a> {
    /// The recorded payment.
    pub payment: &'a Payment,
    /// The provider's line.
    pub line: &'a SettlementLine,
}

impl Pair<'_> {
    /// Whether the line exceeds the payment by exactly its tip.
    pub fn is_tip(&self) -> bool {
        let Self { payment, line } = self;
        let with_tip = payment.amount.get().checked_add(line.tip.get());
        line.tip.get() > 0 && with_tip == Some(line.amount.get())
    }
}

/// A payment or line without a counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched<'a, T> {
    /// The payment or line.
    pub item: &'a T,
    /// Whether several counterparts fit, so that a person has to decide.
    pub is_ambiguous: bool,
}

/// The result of a comparison. Each payment and each line is in exactly one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison<'a> {
    /// The same payment on both sides.
    pub matched: Vec<Pair<'a>>,
    /// The same payment with different amounts.
    pub other_amount: Vec<Pair<'a>>,
    /// Recorded payments that the provider does not have.
    pub only_booked: Vec<Unmatched<'a, Payment>>,
    /// The provider's payments that are not recorded.
    pub only_settled: Vec<Unmatched<'a, SettlementLine>>,
}

/// Matches payments and lines one to one: first a payment with the line that it was recorded from, then by
/// invoice id, then by RRN, then by amount and minute.
///
/// A payment and a line are matched only if neither fits another unmatched one. If both have an invoice id or
/// an RRN and these differ, they never match. The order of payments and lines does not matter. The lists are
/// in time order.
///
/// ```
/// use qris_api::{InvoiceId, Rupiah};
/// use qris_settlement::{Payment, SettlementLine, compare};
///
/// let (at, amount) = ("2026-11-27T10:15:30+07:00".parse()?, Rupiah::new(5_000));
/// let lines = [SettlementLine::new("id:T-1", at, amount)];
/// // Either of the two may be the line's.
/// let booked = [1, 2].map(|id| Payment::new(format!("INV-{id}"), InvoiceId::new(id), at, amount));
/// let comparison = compare(&booked, &lines);
/// assert!(comparison.matched.is_empty());
/// assert!(comparison.only_settled[0].is_ambiguous);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare<'a>(payments: &'a [Payment], lines: &'a [SettlementLine]) -> Comparison<'a> {
    let mut matching = Matching {
        payments,
        lines,
        of_payment: vec![Fit::None; payments.len()],
        of_line: vec![Fit::None; lines.len()],
    };
    matching.pass(
        |payment| Some(payment.number.as_str()),
        |line| line.booked_as.as_ref().map(TransactionNumber::as_str),
    );
    matching.pass(|payment| payment.invoice, |line| line.invoice);
    matching.pass(|payment| significant(&payment.rrn), |line| significant(&line.rrn));
    matching.pass(
        |payment| Some((payment.amount, minute(payment.paid_at))),
        |line| Some((line.amount, minute(line.paid_at))),
    );
    matching.end()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    None,
    /// It fits several, or one that fits several.
    Several,
    /// The index on the other side.
    One(usize),
}

struct Matching<'a> {
    payments: &'a [Payment],
    lines: &'a [SettlementLine],
    of_payment: Vec<Fit>,
    of_line: Vec<Fit>,
}

impl<'a> Matching<'a> {
    /// Matches payments and lines with the same key, if each key has one of both.
    fn pass<K: Ord>(
        &mut self,
        payment_key: impl Fn(&'a Payment) -> Option<K>,
        line_key: impl Fn(&'a SettlementLine) -> Option<K>,
    ) {
        let mut groups: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, payment) in self.payments.iter().enumerate() {
            if let (false, Some(key)) = (self.of_payment[at].is_one(), payment_key(payment)) {
                groups.entry(key).or_default().0.push(at);
            }
        }
        for (at, line) in self.lines.iter().enumerate() {
            if let (false, Some(key)) = (self.of_line[at].is_one(), line_key(line)) {
                groups.entry(key).or_default().1.push(at);
            }
        }
        for (payments, lines) in groups.into_values() {
            self.match_group(&payments, &lines);
        }
    }

    fn match_group(&mut self, payments: &[usize], lines: &[usize]) {
        let (all_payments, all_lines) = (self.payments, self.lines);
        let fits = |payment: usize, line: usize| all_payments[payment].may_be(&all_lines[line]);
        let lines_of = |payment| only(lines.iter().copied().filter(|&line| fits(payment, line)));
        let payments_of =
            |line| only(payments.iter().copied().filter(|&payment| fits(payment, line)));
        let of_lines: BTreeMap<usize, Fit> =
            lines.iter().map(|&line| (line, payments_of(line))).collect();
        for &payment in payments {
            let fit = match lines_of(payment) {
                Fit::One(line) if of_lines[&line] != Fit::One(payment) => Fit::Several,
                Fit::One(line) => {
                    self.of_line[line] = Fit::One(payment);
                    Fit::One(line)
                }
                fit => fit,
            };
            self.of_payment[payment] = self.of_payment[payment].later(fit);
        }
        for (line, fit) in of_lines {
            if fit != Fit::None && !self.of_line[line].is_one() {
                self.of_line[line] = Fit::Several;
            }
        }
    }

    fn end(self) -> Comparison<'a> {
        let mut comparison = Comparison::default();
        for (payment, fit) in self.payments.iter().zip(self.of_payment) {
            let Fit::One(line) = fit else {
                let is_ambiguous = fit == Fit::Several;
                comparison.only_booked.push(Unmatched { item: payment, is_ambiguous });
                continue;
            };
            let line = &self.lines[line];
            let is_same = payment.amount == line.amount;
            let list = if is_same { &mut comparison.matched } else { &mut comparison.other_amount };
            list.push(Pair { payment, line });
        }
        for (line, fit) in self.lines.iter().zip(self.of_line) {
            if !fit.is_one() {
                let is_ambiguous = fit == Fit::Several;
                comparison.only_settled.push(Unmatched { item: line, is_ambiguous });
            }
        }
        let of_payment = |payment: &Payment| (payment.paid_at, payment.invoice);
        for pairs in [&mut comparison.matched, &mut comparison.other_amount] {
            pairs.sort_by_key(|pair| of_payment(pair.payment));
        }
        comparison.only_booked.sort_by_key(|it| of_payment(it.item));
        comparison.only_settled.sort_by(|one, other| {
            (one.item.paid_at, &one.item.key).cmp(&(other.item.paid_at, &other.item.key))
        });
        comparison
    }
}

impl Fit {
    fn is_one(self) -> bool {
        matches!(self, Self::One(_))
    }

    /// The state of a match after one more pass.
    fn later(self, now: Self) -> Self {
        if now == Self::None { self } else { now }
    }
}

/// A time without its seconds.
fn minute(time: WibTime) -> i64 {
    time.timestamp().as_second().div_euclid(60)
}

/// An RRN without leading zeros, which spreadsheets remove. An RRN of zeros only counts as none.
fn significant(rrn: &Option<String>) -> Option<&str> {
    rrn.as_deref().map(|rrn| rrn.trim_start_matches('0')).filter(|rrn| !rrn.is_empty())
}

/// Whether two values may be equal. An unknown value may equal any.
fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// The index, if there is exactly one.
fn only(mut fitting: impl Iterator<Item = usize>) -> Fit {
    match (fitting.next(), fitting.next()) {
        (None, _) => Fit::None,
        (Some(one), None) => Fit::One(one),
        (Some(_), Some(_)) => Fit::Several,
    }
}
