//! Rupiah the way Indonesians write them.

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

#[cfg(test)]
mod tests {
    use super::rupiah;

    #[test]
    fn thousands_are_set_apart_by_points() {
        for (amount, text) in [(0, "Rp0"), (999, "Rp999"), (1_000, "Rp1.000")] {
            assert_eq!(rupiah(amount), text);
        }
        assert_eq!(rupiah(10_000_000), "Rp10.000.000");
    }
}
