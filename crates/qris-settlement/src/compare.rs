//! Matches what was settled with what was booked.

use std::collections::BTreeMap;

use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};
use qris_ledger::SettlementLine;

/// A payment as it was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// The number of its order.
    pub number: String,
    /// The provider's invoice id. None for a payment that was booked from a line without one.
    pub invoice: Option<InvoiceId>,
    /// When it was paid.
    pub paid_at: WibTime,
    /// How much.
    pub amount: Rupiah,
    /// The national retrieval reference number, where a webhook said it.
    pub rrn: Option<String>,
}

impl Payment {
    /// A payment of which no RRN is known.
    pub fn new(
        number: impl Into<String>,
        invoice: InvoiceId,
        paid_at: WibTime,
        amount: Rupiah,
    ) -> Self {
        Self { number: number.into(), invoice: Some(invoice), paid_at, amount, rrn: None }
    }

    /// Whether no id of the two says that they are different payments.
    fn may_be(&self, line: &SettlementLine) -> bool {
        agree(self.invoice.as_ref(), line.invoice.as_ref())
            && agree(significant(&self.rrn).as_ref(), significant(&line.rrn).as_ref())
    }
}

/// A payment and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair<'a> {
    /// What was booked.
    pub payment: &'a Payment,
    /// What the provider has.
    pub line: &'a SettlementLine,
}

impl Pair<'_> {
    /// Whether the line has more than the payment by the amount of its tip.
    pub fn is_tip(&self) -> bool {
        let Self { payment, line } = self;
        let with_tip = payment.amount.get().checked_add(line.tip.get());
        line.tip.get() > 0 && with_tip == Some(line.amount.get())
    }
}

/// A payment or a line without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched<'a, T> {
    /// It.
    pub item: &'a T,
    /// Whether it fits several that fit as well: a person has to tell which.
    pub is_ambiguous: bool,
}

/// Where the two agree and where they do not. Each payment and each line is in one list, once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison<'a> {
    /// The same payment on both sides.
    pub matched: Vec<Pair<'a>>,
    /// The same payment with another amount.
    pub other_amount: Vec<Pair<'a>>,
    /// What was booked and the provider does not have.
    pub only_booked: Vec<Unmatched<'a, Payment>>,
    /// What the provider has and was not booked.
    pub only_settled: Vec<Unmatched<'a, SettlementLine>>,
}

/// Matches payments and lines one to one: a payment that was booked from a line with that line, then by
/// invoice id, then by RRN, then by amount and minute.
///
/// A payment and a line are matched if neither fits another one that is not matched yet. An invoice id or
/// an RRN that both have and that differs keeps them apart. The order of payments and lines does not
/// matter; the lists are in the order of time.
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
    /// Matches what has the same key, where there is no choice.
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

    /// What is known after one more pass.
    fn later(self, now: Self) -> Self {
        if now == Self::None { self } else { now }
    }
}

/// A time without its seconds.
fn minute(time: WibTime) -> i64 {
    time.timestamp().as_second().div_euclid(60)
}

/// An RRN without zeros at its beginning, which spreadsheets take away. Nothing but zeros is no RRN.
fn significant(rrn: &Option<String>) -> Option<&str> {
    rrn.as_deref().map(|rrn| rrn.trim_start_matches('0')).filter(|rrn| !rrn.is_empty())
}

/// Whether two may be the same: one that is not known may be any.
fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// The index, if it is the only one.
fn only(mut fitting: impl Iterator<Item = usize>) -> Fit {
    match (fitting.next(), fitting.next()) {
        (None, _) => Fit::None,
        (Some(one), None) => Fit::One(one),
        (Some(_), Some(_)) => Fit::Several,
    }
}
