//! Rupiah the way Indonesians write them.

use qris_api::limits::{MAX_INVOICE_RUPIAH, MIN_INVOICE_RUPIAH};

use crate::messages::message;

/// `Rp25.578`: points between thousands, no decimals.
pub(crate) fn rupiah(amount: u64) -> String {
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

/// Parses a typed amount: digits only, because some people read `25.578` as twenty-five and others as
/// twenty-five thousand.
pub(crate) fn whole_rupiah(text: &str) -> Result<u64, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rupiah = text.parse().ok().filter(|_| digits);
    rupiah.ok_or_else(|| message!("money-not-whole"))
}

/// Checks that the provider makes codes for this amount. Nobody could pay another amount.
pub(crate) fn ensure_payable(amount: u64) -> Result<(), String> {
    if (MIN_INVOICE_RUPIAH..=MAX_INVOICE_RUPIAH).contains(&amount) {
        return Ok(());
    }
    Err(message!(
        "money-out-of-range",
        least = rupiah(MIN_INVOICE_RUPIAH),
        most = rupiah(MAX_INVOICE_RUPIAH),
        found = amount
    ))
}

#[cfg(test)]
mod tests {
    use super::{ensure_payable, rupiah, whole_rupiah};

    #[test]
    fn an_amount_that_the_provider_makes_no_code_of_is_said_with_its_range() {
        for amount in [100, 10_000_000] {
            assert_eq!(ensure_payable(amount), Ok(()));
        }
        for amount in [0, 99, 10_000_001, u64::MAX] {
            let words = format!("expected an amount of Rp100 to Rp10.000.000, found {amount}");
            assert_eq!(ensure_payable(amount), Err(words));
        }
    }

    #[test]
    fn an_amount_is_digits_alone() {
        assert_eq!(whole_rupiah("25578"), Ok(25_578));
        for text in [
            "",
            "25.578",
            "25,578",
            "25 578",
            "+1",
            "-1",
            "1e3",
            "1.0",
            "Rp1",
            "9".repeat(20).as_str(),
        ] {
            assert!(whole_rupiah(text).is_err(), "{text}");
        }
    }

    #[test]
    fn thousands_are_set_apart_by_points() {
        for (amount, text) in [(0, "Rp0"), (999, "Rp999"), (1_000, "Rp1.000")] {
            assert_eq!(rupiah(amount), text);
        }
        assert_eq!(rupiah(10_000_000), "Rp10.000.000");
    }
}
