//! Digits: checks for only digits, check digits, and numbers.

/// Whether all bytes are digits.
#[inline]
pub(crate) fn all_digits(bytes: &[u8]) -> bool {
    // Eight or four bytes at a time; the last ones overlap instead of single bytes.
    if let Some(last) = bytes.last_chunk() {
        let wrong = bytes.chunks_exact(8).fold(not_digits(*last), |wrong, chunk| {
            wrong | <[u8; 8]>::try_from(chunk).map_or(u64::MAX, not_digits)
        });
        return wrong == 0;
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(&[a, b, c, d]), Some(&[e, f, g, h])) => not_digits([a, b, c, d, e, f, g, h]) == 0,
        _ => bytes.iter().all(u8::is_ascii_digit),
    }
}

/// Not zero if the eight bytes are not all digits: a byte minus `0` is above 9, or adding 6 carries
/// into its upper half.
fn not_digits(bytes: [u8; 8]) -> u64 {
    let digits = u64::from_ne_bytes(bytes) ^ u64::from_ne_bytes([b'0'; 8]);
    (digits | digits.wrapping_add(u64::from_ne_bytes([6; 8]))) & u64::from_ne_bytes([0xF0; 8])
}

/// The right last digit for `luhn`, in place of the present one.
pub(crate) fn check_digit(digits: &[u8]) -> Option<u8> {
    let off = luhn_sum(digits).checked_rem(10)? as u8;
    let last = digits.last()?.wrapping_sub(b'0');
    last.wrapping_add(10).wrapping_sub(off).checked_rem(10)
}

/// The check of the last digit of card numbers (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    luhn_sum(digits).checked_rem(10) == Some(0)
}

/// The sum that must be a multiple of ten.
pub(crate) fn luhn_sum(digits: &[u8]) -> u32 {
    // Eight digits at a time, from the right.
    let mut sum = 0_u32;
    let mut rest = digits;
    while let Some((left, last)) = rest.split_last_chunk() {
        sum = sum.wrapping_add(luhn_eight(u64::from_be_bytes(*last)));
        rest = left;
    }
    // Of the first eight only the remaining ones.
    let odd = match digits.first_chunk() {
        Some(first) if !rest.is_empty() => {
            let others = 8_usize.wrapping_sub(rest.len());
            u64::from_be_bytes(*first) >> (others.wrapping_mul(8) & 63)
        }
        _ => rest.iter().fold(0, |digits, &digit| (digits << 8) | u64::from(digit)),
    };
    sum.wrapping_add(luhn_eight(odd))
}

/// The sum of eight digits: every other one is doubled, and its digits are added.
#[inline(always)]
fn luhn_eight(digits: u64) -> u32 {
    let single = digits & EACH.wrapping_mul(0x0F);
    let double = ((digits >> 8) & EACH.wrapping_mul(0x0F)) << 1;
    let tens = (double.wrapping_add(EACH.wrapping_mul(6)) >> 4) & EACH;
    let each = single.wrapping_add(double).wrapping_sub(tens.wrapping_mul(9));
    // At most 18 in each of four, so the highest has the sum of all.
    (each.wrapping_mul(EACH) >> 48) as u32
}

/// One in each of four.
const EACH: u64 = 0x0001_0001_0001_0001;

/// The digits of `^\d+(\.\d*)?$` as a number, and how many of them are after the point.
///
/// If the number overflows, it only shows whether all digits are zero.
#[inline]
pub(crate) fn decimal(bytes: &[u8]) -> Option<(u64, u8)> {
    let (whole, rest) = leading_number(bytes, 0);
    let (mut number, decimals) = match rest {
        _ if rest.len() == bytes.len() => return None,
        [] => (whole, rest),
        [b'.', decimals @ ..] => match leading_number(decimals, whole) {
            (number, []) => (number, decimals),
            _ => return None,
        },
        _ => return None,
    };
    if bytes.len() > 19 {
        number = u64::from(bytes.iter().any(|&byte| matches!(byte, b'1'..=b'9')));
    }
    Some((number, u8::try_from(decimals.len()).unwrap_or(u8::MAX)))
}

/// Appends the next digits to a number. Returns the rest too.
#[inline(always)]
fn leading_number(mut bytes: &[u8], mut number: u64) -> (u64, &[u8]) {
    while let [byte, rest @ ..] = bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        bytes = rest;
    }
    (number, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_luhn_sum_is_what_it_is_digit_by_digit() {
        let digits: std::vec::Vec<u8> = (0..30_u8).map(|n| b'0' + n * 7 % 10).collect();
        for len in 0..digits.len() {
            for start in 0..digits.len() - len {
                let digits = &digits[start..start + len];
                let plain: u32 = digits.iter().rev().zip([1, 2].into_iter().cycle()).fold(
                    0,
                    |sum, (digit, times)| {
                        let counted = u32::from(digit - b'0') * times;
                        sum + counted / 10 + counted % 10
                    },
                );
                assert_eq!(luhn_sum(digits), plain, "{digits:?}");
            }
        }
    }

    #[test]
    fn the_check_digit_passes_the_check() {
        for number in 0..1_000_u32 {
            let mut digits = std::format!("{number:03}").into_bytes();
            let expected = check_digit(&digits).expect("three digits have one");
            assert_eq!(luhn(&digits), digits[2] == b'0' + expected, "{number}");
            digits[2] = b'0' + expected;
            assert!(luhn(&digits), "{number}");
        }
    }
}
