//! The QRs that the sandbox gives out: valid under every national rule.

use crate::invoice::Tip;

/// The acquirer's domain, as in the class text's sample.
const ACQUIRER: &str = "ID.CO.TELKOM.WWW";
/// Institution 0898, product 3 (e-money), an invented merchant; the Luhn digit follows.
const MPAN_WITHOUT_CHECK: &str = "936008983000000012";
const ACQUIRERS_MERCHANT_ID: &str = "SANDBOX00000001";
/// A business, registered in 2026, an invented sequence; the Luhn digit follows.
const NMID_WITHOUT_CHECK: &str = "202600000012";

/// The merchant's name, shown to payers.
pub(crate) const MERCHANT_NAME: &str = "WARUNG SANDBOX";
const MERCHANT_CITY: &str = "KOTA SURABAYA";
const POSTAL_CODE: &str = "60136";

/// The merchant's national number.
pub(crate) fn nmid() -> String {
    format!("ID{NMID_WITHOUT_CHECK}{}", luhn_digit(NMID_WITHOUT_CHECK))
}

/// What differs from one QR to the next.
#[derive(Debug)]
pub(crate) struct Dynamic<'a> {
    pub(crate) amount: u64,
    /// ISO 4217 digits; 360 is the rupiah.
    pub(crate) currency: &'a str,
    pub(crate) tip: Tip,
    pub(crate) nmid: &'a str,
    /// The invoice's number (62.05).
    pub(crate) reference: u64,
}

impl Dynamic<'_> {
    /// The payload. It is written here and not by the codec's builder because the sandbox has to
    /// write wrong ones too, which that refuses.
    pub(crate) fn payload(&self) -> String {
        let mpan = format!("{MPAN_WITHOUT_CHECK}{}", luhn_digit(MPAN_WITHOUT_CHECK));
        let acquirer = [(0, ACQUIRER), (1, &mpan), (2, ACQUIRERS_MERCHANT_ID), (3, "UMI")];
        let national = [(0, "ID.CO.QRIS.WWW"), (2, self.nmid), (3, "UMI")];
        let mut text = String::new();
        push(&mut text, 0, "01");
        push(&mut text, 1, "12");
        push(&mut text, 26, &template(&acquirer));
        push(&mut text, 51, &template(&national));
        push(&mut text, 52, "5812");
        push(&mut text, 53, self.currency);
        push(&mut text, 54, &format!("{}.00", self.amount));
        if self.tip == Tip::Ask {
            push(&mut text, 55, "01");
        }
        push(&mut text, 58, "ID");
        push(&mut text, 59, MERCHANT_NAME);
        push(&mut text, 60, MERCHANT_CITY);
        push(&mut text, 61, POSTAL_CODE);
        push(&mut text, 62, &template(&[(5, &self.reference.to_string())]));
        text.push_str("6304");
        let checksum = qris_codec::checksum(text.as_bytes());
        text + &format!("{checksum:04X}")
    }
}

fn template(objects: &[(u8, &str)]) -> String {
    let mut text = String::new();
    for (tag, value) in objects {
        push(&mut text, *tag, value);
    }
    text
}

/// Appends an object. All values here are ASCII and far shorter than the 99 that fit.
fn push(text: &mut String, tag: u8, value: &str) {
    text.push_str(&format!("{tag:02}{:02}{value}", value.len()));
}

/// The digit that makes the digits before it pass the Luhn check (ISO/IEC 7812-1, annex B).
fn luhn_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit) {
            (0, 5..) => digit * 2 - 9,
            (0, _) => digit * 2,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_luhn_digit_is_that_of_published_numbers() {
        assert_eq!(luhn_digit("936009143664001757"), 5, "a Midtrans MPAN");
        assert_eq!(luhn_digit("102002118174"), 5, "the class text's NMID");
    }
}
