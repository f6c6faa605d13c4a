//! The content of a receipt or a slip, for all formats.

use qris_ledger::{Order, ReceiptCode, State};
use qris_orders::PayLinks;

use super::words::{ReceiptLanguage, Words};
use crate::text::{moment, rupiah, shop_name, turns_direction};

/// The kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Confirms a payment.
    Receipt,
    /// Has the code to pay.
    Slip,
}

/// A receipt or a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub(super) words: DocumentLanguage,
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
}

/// The language of the texts. It is stored because the texts have no `PartialEq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DocumentLanguage(ReceiptLanguage);

impl DocumentLanguage {
    pub(super) const fn get(self) -> &'static Words {
        Words::for_language(self.0)
    }
}

/// A line before wrapping to the paper width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Text {
        text: String,
        align: Align,
        emphasis: Emphasis,
    },
    /// A label on the left and a value on the right.
    Pair {
        label: &'static str,
        value: String,
        emphasis: Emphasis,
    },
    /// A line across the paper.
    Rule,
    /// The QR of a payload.
    Qr(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Emphasis {
    Normal,
    Bold,
    /// Bold and two lines high; the width of letters stays the same.
    Large,
}

impl Document {
    /// The document of an order: the receipt if it is paid, the slip if its code may be shown at
    /// this time.
    pub(crate) fn for_order(
        order: &Order,
        now: qris_api::WibTime,
        links: Option<&PayLinks>,
        language: ReceiptLanguage,
    ) -> Option<Self> {
        if order.state == State::Paid {
            let code = links.and_then(|links| links.receipt_code(order));
            return Some(Self::receipt(order, code, language));
        }
        order.may_be_shown(now).then(|| Self::slip(order, language))
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    fn new(kind: Kind, order: &Order, language: ReceiptLanguage) -> Self {
        let mut document = Self { words: DocumentLanguage(language), kind, lines: Vec::new() };
        if let Some(shop) = shop_name(order) {
            document.center(&shop, Emphasis::Large);
        }
        let nmid = order.invoice.as_ref().map(|invoice| invoice.qris_nmid.as_str());
        if let Some(nmid) = nmid.filter(|nmid| !nmid.is_empty()) {
            document.center(&format!("NMID: {nmid}"), Emphasis::Normal);
        }
        document.lines.push(Line::Rule);
        document
    }

    fn receipt(order: &Order, code: Option<ReceiptCode>, language: ReceiptLanguage) -> Self {
        let words = Words::for_language(language);
        let mut document = Self::new(Kind::Receipt, order, language);
        document.pair(words.number, order.number.as_str(), Emphasis::Normal);
        if let Some(details) = order.payment.details() {
            if let Some(at) = details.paid_at {
                document.pair(words.time, &format!("{} WIB", moment(at)), Emphasis::Normal);
            }
            if let Some(method) = &details.method {
                document.pair(words.method, method, Emphasis::Normal);
            }
            if let Some(rrn) = &details.rrn {
                document.pair(words.rrn, rrn, Emphasis::Normal);
            }
        }
        document.pair(words.channel, words.channel_name(order.channel), Emphasis::Normal);
        document.describe(order, words);
        document.lines.push(Line::Rule);
        document.pair(words.total, &rupiah(order.amount), Emphasis::Large);
        if order.overpaid.get() > 0 {
            document.pair(words.overpaid, &rupiah(order.overpaid), Emphasis::Bold);
        }
        document.center(words.paid, Emphasis::Bold);
        document.lines.push(Line::Rule);
        document.center(words.no_proof, Emphasis::Normal);
        match code {
            Some(code) => {
                let [before, after] = words.check_code;
                document.center(&format!("{before} {code} {after}"), Emphasis::Bold);
            }
            None => document.center(words.check_number, Emphasis::Normal),
        }
        document
    }

    fn slip(order: &Order, language: ReceiptLanguage) -> Self {
        let words = Words::for_language(language);
        let mut document = Self::new(Kind::Slip, order, language);
        document.pair(words.number, order.number.as_str(), Emphasis::Normal);
        document.describe(order, words);
        document.pair(words.total, &rupiah(order.amount), Emphasis::Large);
        document.center(words.unpaid, Emphasis::Bold);
        if let Some(invoice) = &order.invoice {
            document.lines.push(Line::Qr(invoice.qris_content.clone()));
        }
        if let Some(until) = order.shown_until {
            document.pair(words.valid_until, &format!("{} WIB", moment(until)), Emphasis::Normal);
        }
        document.center(words.scan, Emphasis::Normal);
        document
    }

    fn describe(&mut self, order: &Order, words: &Words) {
        if let Some(description) = &order.description {
            self.pair(words.description, description, Emphasis::Normal);
        }
    }

    fn center(&mut self, text: &str, emphasis: Emphasis) {
        self.lines.push(Line::Text { text: printable(text), align: Align::Center, emphasis });
    }

    fn pair(&mut self, label: &'static str, value: &str, emphasis: Emphasis) {
        self.lines.push(Line::Pair { label, value: printable(value), emphasis });
    }
}

/// Removes characters that act on a printer or a page, and collapses white space.
fn printable(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|char| !turns_direction(*char))
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_printer_acts_on_is_left_in_a_text() {
        assert_eq!(printable(" kopi\u{1b}p0\n\tsusu \u{202e}dua\u{9b}x "), "kopi p0 susu dua x");
    }
}
