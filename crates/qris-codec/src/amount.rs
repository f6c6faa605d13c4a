//! Exact amounts of money.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::error::{Error, ErrorKind, Found};
use crate::rules::limits;

/// An amount of money as the payload writes it: digits and a decimal point, never a float.
///
/// EMVCo MPM 4.7.8 and QRIS 4.7.8.1: at most 13 characters, so every legal amount fits. Two
/// amounts are equal when their values are: `1000` = `1000.00`.
///
/// ```
/// use qris_codec::Amount;
///
/// let amount: Amount = "25578.00".parse()?;
/// assert_eq!(amount, Amount::rupiah(25_578));
/// assert_eq!(amount.whole_rupiah(), Some(25_578));
/// assert_eq!(amount.to_string(), "25578.00");
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Amount {
    digits: u64,
    scale: u8,
}

/// The maximum length of an amount in a payload, in characters.
const MAX_CHARS: usize = limits::MAX_AMOUNT_CHARS;

impl Amount {
    /// An amount of these digits, with the last `scale` of them after the decimal point.
    ///
    /// `None` if it does not fit into a payload: digits and point are at most 13 characters.
    ///
    /// ```
    /// use qris_codec::Amount;
    ///
    /// assert_eq!(Amount::new(2_557_800, 2), "25578.00".parse().ok());
    /// assert_eq!(Amount::new(5, 2), "0.05".parse().ok());
    /// assert_eq!(Amount::new(10_000_000_000_000, 0), None);
    /// ```
    pub const fn new(digits: u64, scale: u8) -> Option<Self> {
        let written = match digits.checked_ilog10() {
            Some(log) => log.saturating_add(1),
            None => 1,
        };
        // There is at least one digit before the point.
        let (least, point) = match scale {
            0 => (1, 0),
            scale => ((scale as u32).saturating_add(1), 1),
        };
        let whole = if written > least { written } else { least };
        if whole.saturating_add(point) <= MAX_CHARS as u32 {
            Some(Self { digits, scale })
        } else {
            None
        }
    }

    /// An amount in whole rupiah.
    pub const fn rupiah(rupiah: u64) -> Self {
        Self { digits: rupiah, scale: 0 }
    }

    /// The amount in whole rupiah, or `None` if it has a fraction.
    pub fn whole_rupiah(&self) -> Option<u64> {
        self.at_scale(0).map(|whole| whole.digits)
    }

    /// All digits of the amount without the decimal point.
    pub const fn digits(&self) -> u64 {
        self.digits
    }

    /// The number of digits after the decimal point.
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// The same amount with this many digits after the point, or `None` if that loses digits or
    /// does not fit.
    pub(crate) fn at_scale(self, scale: u8) -> Option<Self> {
        let digits = if scale >= self.scale {
            self.digits.checked_mul(power_of_ten(scale.checked_sub(self.scale)?)?)?
        } else {
            let unit = power_of_ten(self.scale.checked_sub(scale)?)?;
            if self.digits.checked_rem(unit)? != 0 {
                return None;
            }
            self.digits.checked_div(unit)?
        };
        Some(Self { digits, scale })
    }

    /// Whether the amount is zero, which a payload must not have.
    pub const fn is_zero(&self) -> bool {
        self.digits == 0
    }
}

fn power_of_ten(exponent: u8) -> Option<u64> {
    10_u64.checked_pow(u32::from(exponent))
}

impl FromStr for Amount {
    type Err = Error;

    /// Reads digits with at most one point between or after them: `98.73`, `98`, `98.`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AmountSyntax`] at the first wrong byte, and [`ErrorKind::AmountTooLong`] for
    /// more than 13 characters.
    fn from_str(text: &str) -> Result<Self, Error> {
        let found = text.chars().count();
        if found > MAX_CHARS {
            let found = u8::try_from(found).unwrap_or(u8::MAX);
            return Err(Error::new(ErrorKind::AmountTooLong { found }, 0));
        }
        let mut digits = 0_u64;
        let mut point: Option<u8> = None;
        for (at, byte) in text.bytes().enumerate() {
            match (byte, point) {
                (b'0'..=b'9', _) => {
                    // At most 13 digits cannot overflow.
                    digits =
                        digits.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0')));
                    point = point.map(|scale| scale.saturating_add(1));
                }
                (b'.', None) if at > 0 => point = Some(0),
                _ => {
                    let rest = text.get(at..).unwrap_or_default();
                    let found = Found::first(rest, |c| c.is_ascii_digit());
                    return Err(Error::new(ErrorKind::AmountSyntax { found }, at));
                }
            }
        }
        if text.is_empty() {
            return Err(Error::new(ErrorKind::AmountSyntax { found: Found::Nothing }, 0));
        }
        Ok(Self { digits, scale: point.unwrap_or(0) })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = power_of_ten(self.scale).unwrap_or(1);
        let whole = self.digits.checked_div(unit).unwrap_or(0);
        let fraction = self.digits.checked_rem(unit).unwrap_or(0);
        write!(f, "{whole}")?;
        if self.scale > 0 {
            write!(f, ".{fraction:0width$}", width = usize::from(self.scale))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let at = |amount: &Self, scale: u8| {
            let more = power_of_ten(scale.saturating_sub(amount.scale)).unwrap_or(u64::MAX);
            u128::from(amount.digits).saturating_mul(u128::from(more))
        };
        let scale = self.scale.max(other.scale);
        at(self, scale).cmp(&at(other, scale))
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Amount {}

impl core::hash::Hash for Amount {
    /// Equal amounts have the same hash, so trailing zeros of the fraction do not count.
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > 0 && digits.checked_rem(10) == Some(0) {
            digits = digits.checked_div(10).unwrap_or(0);
            scale = scale.saturating_sub(1);
        }
        (digits, scale).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn an_amount_must_fit_into_a_payload() {
        for (digits, scale, written) in [
            (0, 0, Some("0")),
            (0, 11, Some("0.00000000000")),
            (0, 12, None),
            (25_578, 0, Some("25578")),
            (2_557_800, 2, Some("25578.00")),
            (9_999_999_999_999, 0, Some("9999999999999")),
            (10_000_000_000_000, 0, None),
            (999_999_999_999, 1, Some("99999999999.9")),
            (1_000_000_000_000, 1, None),
            (u64::MAX, u8::MAX, None),
        ] {
            let amount = Amount::new(digits, scale);
            assert_eq!(amount.map(|it| it.to_string()).as_deref(), written, "{digits} {scale}");
            if let (Some(amount), Some(written)) = (amount, written) {
                assert_eq!(written.parse(), Ok(amount));
            }
        }
    }
}
