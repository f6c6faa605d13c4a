//! Rules about single root objects: format, category, currency, country, name.

use super::limits;
use super::listener::Listener;
use super::text::{ans, max_chars, no_vertical_bar, trimmed};
use super::value::Value;
use crate::digits::all_digits;
use crate::error::{ErrorKind as K, Rules};

/// 00.
#[inline(always)]
pub(super) fn format<L: Listener>(value: Value<'_>, out: &mut L) {
    out.ensure(value.bytes == limits::PAYLOAD_FORMAT.as_bytes(), || {
        let found = value.code::<L>(limits::PAYLOAD_FORMAT.len());
        value.finding(K::FormatUnknown { found })
    });
}

/// 01.
#[inline(always)]
pub(super) fn initiation<L: Listener>(value: Value<'_>, out: &mut L) {
    let is = |code: &str| value.bytes == code.as_bytes();
    out.ensure(is(limits::STATIC) || is(limits::DYNAMIC), || {
        let found = value.code::<L>(limits::STATIC.len());
        value.finding(K::InitiationUnknown { found })
    });
}

/// 52.
#[inline(always)]
pub(super) fn category_code<L: Listener>(value: Value<'_>, out: &mut L) {
    out.ensure(has_digits::<{ limits::CATEGORY_CODE_DIGITS }>(value.bytes), || {
        let found = value.shape::<L>(limits::CATEGORY_CODE_DIGITS, |c| c.is_ascii_digit());
        value.finding(K::CategoryCodeShape { found })
    });
}

/// 53; the rupiah in a QRIS payload, in any country.
#[inline(always)]
pub(super) fn currency<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    out.ensure(has_digits::<{ limits::CURRENCY_DIGITS }>(value.bytes), || {
        let found = value.shape::<L>(limits::CURRENCY_DIGITS, |c| c.is_ascii_digit());
        value.finding(K::CurrencyShape { found })
    });
    if rules == Rules::Qris {
        out.ensure(value.bytes == limits::RUPIAH.as_bytes(), || {
            let found = value.code::<L>(limits::RUPIAH.len());
            value.finding(K::CurrencyNotRupiah { found })
        });
    }
}

/// 55.
#[inline(always)]
pub(super) fn tip<L: Listener>(value: Value<'_>, out: &mut L) {
    let is = |code: &str| value.bytes == code.as_bytes();
    let is_known = is(limits::TIP_PROMPT) || is(limits::TIP_FIXED) || is(limits::TIP_PERCENT);
    out.ensure(is_known, || {
        let found = value.code::<L>(limits::TIP_PROMPT.len());
        value.finding(K::TipUnknown { found })
    });
}

/// 58; Indonesia in a QRIS payload.
#[inline(always)]
pub(super) fn country<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    let letters = <&[u8; limits::COUNTRY_LETTERS]>::try_from(value.bytes);
    out.ensure(letters.is_ok_and(|letters| letters.iter().all(u8::is_ascii_uppercase)), || {
        let found = value.shape::<L>(limits::COUNTRY_LETTERS, |c| c.is_ascii_uppercase());
        value.finding(K::CountryShape { found })
    });
    if rules == Rules::Qris {
        out.ensure(value.bytes == limits::INDONESIA.as_bytes(), || {
            let found = value.code::<L>(limits::INDONESIA.len());
            value.finding(K::CountryNotIndonesia { found })
        });
        no_vertical_bar(value, out);
    }
}

/// 59.
#[inline(always)]
pub(super) fn name<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    other_name(value, out);
    label(value, rules, out);
    trimmed(value, out);
}

/// 60.
#[inline(always)]
pub(super) fn city<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    other_city(value, out);
    label(value, rules, out);
    trimmed(value, out);
}

/// 64.01, the name in another language: any characters.
#[inline(always)]
pub(super) fn other_name<L: Listener>(value: Value<'_>, out: &mut L) {
    max_chars(value, limits::MAX_NAME_CHARS, |found| K::MerchantNameLong { found }, out);
}

/// 64.02, the city in another language: any characters.
#[inline(always)]
pub(super) fn other_city<L: Listener>(value: Value<'_>, out: &mut L) {
    max_chars(value, limits::MAX_CITY_CHARS, |found| K::MerchantCityLong { found }, out);
}

/// 61 of any country; the Indonesian rules depend on 58.
#[inline(always)]
pub(super) fn postal_code<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    max_chars(value, limits::MAX_POSTAL_CODE_CHARS, |found| K::PostalCodeLong { found }, out);
    label(value, rules, out);
}

#[inline(always)]
fn label<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    ans(value, out);
    if rules == Rules::Qris {
        no_vertical_bar(value, out);
    }
}

/// 61 of Indonesia.
#[inline(always)]
pub(super) fn national_postal_code<L: Listener>(value: Value<'_>, out: &mut L) {
    out.ensure(has_digits::<{ limits::POSTAL_CODE_DIGITS }>(value.bytes), || {
        let found = value.shape::<L>(limits::POSTAL_CODE_DIGITS, |c| c.is_ascii_digit());
        value.finding(K::PostalCodeShape { found })
    });
}

/// 63. The parser has already checked the rest.
#[inline(always)]
pub(super) fn checksum<L: Listener>(value: Value<'_>, out: &mut L) {
    // Four characters, as the parser has checked.
    let digits = value.bytes.first_chunk::<4>().copied().unwrap_or_default();
    let is_lower = digits.iter().any(u8::is_ascii_lowercase);
    out.ensure(!is_lower, || value.finding(K::ChecksumLowerCase));
}

/// Whether a value is this many digits.
#[inline(always)]
fn has_digits<const COUNT: usize>(bytes: &[u8]) -> bool {
    <&[u8; COUNT]>::try_from(bytes).is_ok_and(|digits| all_digits(digits))
}
