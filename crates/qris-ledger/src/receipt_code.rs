//! The short code on a receipt. Only the till can make it.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use ring::hmac;

use crate::{Error, Ledger, MerchantName, Order, ParseWordError, PayLinks, State};

/// The digits of a code: Crockford's base 32, without I, L, O and U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of characters in a code. Each has 5 bits.
const CHARS: u32 = 8;

/// The number of bits that come from the key.
const TAG_BITS: u32 = 30;

/// The first two characters encode the day of the payment. They repeat after 1,024 days.
const DAYS: i64 = 1 << (5 * CHARS - TAG_BITS);

/// How many days a search goes back: eleven years.
const LOOKED_AT: i64 = 4;

/// The text from which the key of the codes is derived. No merchant's name has a space, so no secret of a
/// payer's page is made from this text.
const KEY_LABEL: &[u8] = b"receipt code 1";

/// The short code on a receipt. The cashier looks it up; a forged receipt does not have a valid one.
///
/// The first two characters encode the day of the payment. The other six, 30 bits, are an HMAC of merchant,
/// number, amount and payment time, with a key derived from the key of the [`PayLinks`]. Parsing ignores
/// spaces and hyphens, accepts lower case, and reads `O` as 0, `I` and `L` as 1.
///
/// ```
/// use qris_ledger::ReceiptCode;
///
/// let code: ReceiptCode = "4f7q ol2k".parse()?;
/// assert_eq!(code.to_string(), "4F7Q-012K");
/// assert!("4F7Q-0".parse::<ReceiptCode>().is_err());
/// # Ok::<(), qris_ledger::ParseWordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReceiptCode(u64);

impl ReceiptCode {
    /// The part that encodes the day.
    const fn day(self) -> u64 {
        self.0 >> TAG_BITS
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(9);
        for at in (0..CHARS).rev() {
            if at == CHARS / 2 - 1 {
                text.push('-');
            }
            let digit = usize::try_from(self.0 >> (5 * at) & 31).unwrap_or_default();
            text.push(DIGITS.get(digit).copied().map_or('-', char::from));
        }
        f.pad(&text)
    }
}

impl FromStr for ReceiptCode {
    type Err = ParseWordError;

    fn from_str(text: &str) -> Result<Self, ParseWordError> {
        let expected =
            ParseWordError::new("a receipt's code: 8 letters and digits such as 4F7Q-012K");
        let (mut code, mut chars) = (0, 0);
        for char in text.chars().filter(|char| !matches!(char, ' ' | '-')) {
            let char = match char.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                char => char,
            };
            let mut digits = (0_u64..).zip(DIGITS);
            let digit = digits.find(|(_, digit)| char::from(**digit) == char);
            let (digit, _) = digit.filter(|_| chars < CHARS).ok_or(expected)?;
            code = code << 5 | digit;
            chars += 1;
        }
        if chars == CHARS { Ok(Self(code)) } else { Err(expected) }
    }
}

impl PayLinks {
    /// The code on an order's receipt; `None` if it is not paid.
    pub fn receipt_code(&self, order: &Order) -> Option<ReceiptCode> {
        let paid_at = order.payment.details()?.paid_at?;
        let code = self.code_of(&order.merchant, &order.number, order.amount, paid_at);
        Some(code).filter(|_| order.state == State::Paid)
    }

    fn code_of(
        &self,
        merchant: &MerchantName,
        number: &TransactionNumber,
        amount: Rupiah,
        paid_at: WibTime,
    ) -> ReceiptCode {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.sign(KEY_LABEL).as_ref());
        let second = paid_at.timestamp().as_second();
        // A number has no line break.
        let text = format!("{merchant}\n{number}\n{amount}\n{second}");
        let tag = hmac::sign(&key, text.as_bytes());
        let bytes = tag.as_ref().iter().take(4);
        let tag = bytes.fold(0, |bits, byte| bits << 8 | u64::from(*byte)) >> (32 - TAG_BITS);
        ReceiptCode(day_part(paid_at.date()) << TAG_BITS | tag)
    }
}

/// The part of a code that encodes the day.
fn day_part(day: Date) -> u64 {
    let days = i64::from(day.since(Date::constant(2020, 1, 1)).map_or(0, |span| span.get_days()));
    u64::try_from(days.rem_euclid(DAYS)).unwrap_or_default()
}

impl Ledger {
    /// The paid order of the selected merchant whose receipt has this code; the one paid last if there are
    /// several. Also `None` if the ledger has no [`PayLinks`], or if the payment is more than eleven years
    /// old.
    ///
    /// It reads the payments of all days that match the code.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn find_by_receipt_code(
        &self,
        code: ReceiptCode,
        now: WibTime,
    ) -> Result<Option<Order>, Error> {
        let Some(links) = self.pay_links.clone() else { return Ok(None) };
        let today = now.date();
        // The time of a payment may come from a clock that is ahead.
        let latest = today.tomorrow().unwrap_or(today);
        let since = i64::try_from(day_part(latest)).unwrap_or_default()
            - i64::try_from(code.day()).unwrap_or_default();
        let since = since.rem_euclid(DAYS);
        for round in 0..LOOKED_AT {
            let Ok(day) = latest.checked_sub((since + round * DAYS).days()) else { break };
            let paid = self.payments(day, day)?;
            let is_its = |order: &&Order| {
                let at = order.payment.details().and_then(|details| details.paid_at);
                at.is_some_and(|at| {
                    links.code_of(&order.merchant, &order.number, order.amount, at) == code
                })
            };
            if let Some(found) = paid.iter().rev().find(is_its) {
                return self.find(&found.number);
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use crate::PayKey;

    use super::*;

    fn code(key: u8, number: &str, amount: u64, paid_at: &str) -> ReceiptCode {
        let links = PayLinks::new(PayKey::from_bytes(&[key; 32]), None);
        let number = TransactionNumber::parse(number).expect("a number");
        let paid_at = WibTime::parse(paid_at).expect("a time");
        links.code_of(&MerchantName::default(), &number, Rupiah::new(amount), paid_at)
    }

    #[test]
    fn a_code_is_the_day_and_the_hmac_of_what_the_receipt_says() {
        // key=$(printf 'receipt code 1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101… -hex)
        // printf 'main\nINV-1\n25578\n1764218642' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key
        let found = code(1, "INV-1", 25_578, "2025-11-27 11:44:02");
        assert_eq!(found.to_string(), "3DBW-741E");
    }

    #[test]
    fn another_number_amount_time_or_key_has_another_code() {
        let all = [
            code(1, "INV-1", 25_578, "2026-11-27 11:44:02"),
            code(1, "INV-2", 25_578, "2026-11-27 11:44:02"),
            code(1, "INV-1", 35_578, "2026-11-27 11:44:02"),
            code(1, "INV-1", 25_578, "2026-11-27 11:44:03"),
            code(1, "INV-1", 25_578, "2026-11-28 11:44:02"),
            code(2, "INV-1", 25_578, "2026-11-27 11:44:02"),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all.iter().skip(at + 1).any(|other| other == one), "{one}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it_and_nothing_else_is_a_code() {
        for text in ["01AZ-9KXW", "01az9kxw", " O1AZ 9KXW", "0LAZ-9KXW", "oiaz-9kxw"] {
            let code: ReceiptCode = text.parse().expect("a code");
            assert_eq!(code.to_string(), "01AZ-9KXW", "{text}");
        }
        for text in ["", "-", "01AZ9KX", "01AZ9KXW0", "01AZ9KXU", "01AZ9KX!", "01AZ9KX\u{e9}"] {
            assert!(text.parse::<ReceiptCode>().is_err(), "{text}");
        }
        assert_eq!(ReceiptCode(u64::MAX >> 24).to_string(), "ZZZZ-ZZZZ");
    }

    #[test]
    fn days_go_round_after_1024() {
        let part = |day: &str| day_part(day.parse().expect("a day"));
        assert_eq!(part("2020-01-01"), 0);
        assert_eq!(part("2022-10-20"), 1023);
        assert_eq!(part("2022-10-21"), 0);
        assert_eq!(part("2019-12-31"), 1023);
    }
}
