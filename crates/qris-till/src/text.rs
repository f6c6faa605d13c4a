//! Texts shared by pages and receipts.

use qris_api::{Rupiah, WibTime};
use qris_codec::Payload;
use qris_ledger::Order;
use qris_orders::Orders;

/// How many of a merchant's newest orders are searched for its name.
const NEWEST: u32 = 20;

/// An amount in Indonesian format: Rp25.578.
pub(crate) fn rupiah(amount: Rupiah) -> String {
    let digits = amount.to_string();
    let mut grouped = String::from("Rp");
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// A time of day in WIB: 17:05.
pub(crate) fn clock(time: WibTime) -> String {
    time.to_api_text().get(11..16).unwrap_or_default().to_owned()
}

/// A day and a time of day in WIB, as on all pages, receipts and reports: 27/11/2026 17:05.
pub(crate) fn moment(time: WibTime) -> String {
    let date = time.date();
    format!("{:02}/{:02}/{} {}", date.day(), date.month(), date.year(), clock(time))
}

/// A text escaped for HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char if turns_direction(char) => {}
            char => escaped.push(char),
        }
    }
    escaped
}

/// Whether a character changes the direction of text.
pub(crate) const fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The merchant's name in the newest code of an order.
pub(crate) fn shop_name(order: &Order) -> Option<String> {
    let content = &order.invoice.as_ref()?.qris_content;
    let payload = Payload::parse(content).ok()?;
    payload.merchant_name().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The merchant's name in the newest of its codes.
pub(crate) async fn merchants_name(orders: &Orders) -> Option<String> {
    let newest = orders.read(|ledger| ledger.list(NEWEST)).await;
    newest.ok()?.iter().find_map(shop_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_an_order_is_text_on_the_page() {
        let text = "<script>alert(\"1\")</script> & 'x' \u{202e}kopi";
        let escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; kopi";
        assert_eq!(escape(text), escaped);
    }

    #[test]
    fn a_moment_is_the_day_and_the_time_of_day_in_wib() {
        let time = WibTime::parse("2026-08-07 09:05:59").expect("a time");
        assert_eq!(moment(time), "07/08/2026 09:05");
    }

    #[test]
    fn rupiah_are_grouped_by_thousands() {
        for (amount, text) in
            [(0, "Rp0"), (999, "Rp999"), (25_578, "Rp25.578"), (1_000_000, "Rp1.000.000")]
        {
            assert_eq!(rupiah(Rupiah::new(amount)), text);
        }
    }
}
