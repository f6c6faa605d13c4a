//! Rules about amounts and percentages: 54, 56 and 57.

use super::limits;
use super::listener::Listener;
use super::value::{Value, short};
use crate::digits::decimal;
use crate::error::{ErrorKind as K, Found, FoundAmount, Severity};

/// 54 or 56 in a currency. Returns its digits and the number of decimals, if it is an amount.
#[inline(always)]
pub(super) fn amount<L: Listener>(
    value: Value<'_>,
    currency: &[u8],
    out: &mut L,
) -> Option<(u64, u8)> {
    let chars = value.chars();
    out.ensure(chars <= limits::MAX_AMOUNT_CHARS, || {
        value.finding(K::AmountTooLong { found: short(chars) })
    });
    let Some((digits, decimals)) = decimal(value.bytes) else {
        out.report(value.finding(K::AmountSyntax { found: value.found::<L>(number_found) }));
        return None;
    };
    out.ensure(digits != 0, || value.finding(K::AmountZero));
    if decimals != 0 && out.wants(Severity::Warning) {
        let expected = exponent(currency);
        out.ensure(decimals == expected, || {
            value.finding(K::AmountDecimals { expected, found: decimals })
        });
    }
    let has_zero = matches!(value.bytes, [b'0', b'0'..=b'9', ..]);
    out.ensure(!has_zero, || value.finding(K::AmountLeadingZero));
    (chars <= limits::MAX_AMOUNT_CHARS).then_some((digits, decimals))
}

/// 54 of a QRIS payload: the limit in rupiah.
#[inline(always)]
pub(super) fn ceiling<L: Listener>(
    value: Value<'_>,
    (digits, decimals): (u64, u8),
    currency: &[u8],
    out: &mut L,
) {
    if out.wants(Severity::Warning) {
        let unit = 10_u64.saturating_pow(u32::from(decimals));
        let max = unit.saturating_mul(limits::MAX_TRANSACTION_RUPIAH);
        out.ensure(digits <= max || currency != limits::RUPIAH.as_bytes(), || {
            let found = FoundAmount::new(digits, decimals);
            value.finding(K::AmountOverCeiling { found })
        });
    }
}

/// 57.
#[inline(always)]
pub(super) fn percentage<L: Listener>(value: Value<'_>, out: &mut L) {
    if !is_percentage(value.bytes) {
        let found = value.found::<L>(percentage_found);
        out.report(value.finding(K::FeePercentRange { found }));
    } else if !matches!(value.bytes, [_, _, b'.', _, _]) {
        let found = value.code::<L>(value.bytes.len());
        out.report(value.finding(K::FeePercentShape { found }));
    }
}

/// Why a value is not a percentage.
fn percentage_found(text: &str) -> Found {
    match number_found(text) {
        // It has a right form and length, so the number is out of range.
        Found::Chars(chars) if usize::from(chars) <= limits::MAX_PERCENT_CHARS => Found::OutOfRange,
        found => found,
    }
}

/// Why a value is not a number, or its length.
fn number_found(text: &str) -> Found {
    let is_digit = |c: char| c.is_ascii_digit();
    match text.split_once('.') {
        Some(("", _)) | None => Found::first(text, is_digit),
        Some((whole, decimals)) if whole.chars().all(is_digit) => {
            let all = decimals.chars().all(is_digit);
            if all { Found::chars(text) } else { Found::first(decimals, is_digit) }
        }
        Some((whole, _)) => Found::first(whole, is_digit),
    }
}

/// Whether 57 is in its range, and not too long.
fn is_percentage(bytes: &[u8]) -> bool {
    let scaled = |bytes: &[u8]| {
        let (digits, decimals) = decimal(bytes)?;
        // In ten-thousandths: five characters hold at most four decimals.
        let more = 4_u32.saturating_sub(u32::from(decimals));
        Some(digits.saturating_mul(10_u64.saturating_pow(more)))
    };
    let range = scaled(limits::MIN_PERCENT.as_bytes())..=scaled(limits::MAX_PERCENT.as_bytes());
    bytes.len() <= limits::MAX_PERCENT_CHARS
        && scaled(bytes).is_some_and(|percent| range.contains(&Some(percent)))
}

/// The number of decimals of a currency (ISO 4217): two except for these.
fn exponent(currency: &[u8]) -> u8 {
    match currency {
        // XOF, XAF, XPF, CLP, JPY, KRW, PYG, VND, ISK, UGX, RWF, DJF, GNF, KMF, VUV, BIF
        b"952" | b"950" | b"953" | b"152" | b"392" | b"410" | b"600" | b"704" | b"352" | b"800"
        | b"646" | b"262" | b"324" | b"174" | b"548" | b"108" => 0,
        // BHD, IQD, JOD, KWD, LYD, OMR, TND
        b"048" | b"368" | b"400" | b"414" | b"434" | b"512" | b"788" => 3,
        _ => 2,
    }
}
