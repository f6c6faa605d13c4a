//! Rules about accounts: 26 to 51, the acquirer's and the national repository's.

use super::limits;
use super::listener::Listener;
use super::text::{ans, max_chars, no_vertical_bar};
use super::value::{Value, short};
use crate::digits::{all_digits, check_digit, luhn};
use crate::error::{ErrorKind as K, Found, Rules, Severity};
#[cfg(feature = "tables")]
use crate::tables;
use crate::tag::Tag;

/// 00 of 26 to 51 and 80 to 99.
#[inline(always)]
pub(super) fn guid<L: Listener>(value: Value<'_>, rules: Rules, out: &mut L) {
    max_chars(value, limits::MAX_GUID_CHARS, |found| K::GuidLong { found }, out);
    ans(value, out);
    if rules != Rules::Qris || !L::wants(Severity::Info) {
        return;
    }
    match value.path.root().number() {
        51 => {
            let national = limits::NATIONAL_GUID.as_bytes();
            // Nearly always in capitals, which is faster to compare.
            let is_national = value.bytes == national || value.bytes.eq_ignore_ascii_case(national);
            out.ensure(is_national, || {
                let found = L::detail(0, || short(value.chars()));
                value.finding(K::NationalGuidOther { found })
            });
        }
        #[cfg(feature = "tables")]
        26..=45 => out.ensure(tables::is_known(value.bytes), || value.finding(K::GuidUnknown)),
        _ => {}
    }
}

/// 01 of 26 to 45, the merchant PAN; whether it is digits and not too many of them.
///
/// Whether its length suits 40 is known only at the end.
#[inline(always)]
pub(super) fn pan<L: Listener>(value: Value<'_>, out: &mut L) -> bool {
    let digits = value.bytes.len();
    if !all_digits(value.bytes) {
        let found = L::found(|| Found::first(value.text(), |c| c.is_ascii_digit()));
        out.report(value.finding(K::MpanNotDigits { found }));
        return false;
    }
    if digits > limits::MAX_PAN_DIGITS {
        out.report(value.finding(K::MpanTooLong { found: short(digits) }));
        return false;
    }
    if L::wants(Severity::Warning) {
        if value.path.root() != Tag::TRANSFER_ACCOUNT {
            pan_length(value, limits::MIN_PAN_DIGITS, out);
        }
        institution(value, out);
    }
    if L::wants(Severity::Info) && digits == limits::MAX_PAN_DIGITS && !luhn(value.bytes) {
        let (expected, found) = L::detail((0, 0), || last_digits(value.bytes));
        out.report(value.finding(K::MpanCheckDigit { expected, found }));
    }
    true
}

/// The number of an Indonesian institution in front.
#[inline(always)]
fn institution<L: Listener>(value: Value<'_>, out: &mut L) {
    let prefix = limits::NATIONAL_PAN_PREFIX;
    if value.bytes.starts_with(prefix.as_bytes()) {
        #[cfg(feature = "tables")]
        known_institution(value, out);
    } else {
        let found = L::found(|| code_in_front(value.bytes, prefix.len()));
        out.report(value.finding(K::MpanPrefix { found }));
    }
}

/// An institution that is in the table.
#[cfg(feature = "tables")]
#[inline(always)]
fn known_institution<L: Listener>(value: Value<'_>, out: &mut L) {
    if L::wants(Severity::Info) {
        out.ensure(tables::has_institution(value.bytes), || {
            let prefix = limits::NATIONAL_PAN_PREFIX.len();
            let rest = limits::INSTITUTION_DIGITS.saturating_sub(prefix);
            let number = value.bytes.get(prefix..).unwrap_or_default();
            value.finding(K::InstitutionUnknown { found: L::found(|| code_in_front(number, rest)) })
        });
    }
}

/// The first digits of a number.
fn code_in_front(digits: &[u8], count: usize) -> Found {
    let digits = core::str::from_utf8(digits).unwrap_or_default();
    Found::code(digits.get(..count).unwrap_or(digits), count)
}

/// At least this many digits; that there are not too many has been seen to.
#[inline(always)]
pub(super) fn pan_length<L: Listener>(value: Value<'_>, min: usize, out: &mut L) {
    let found = value.bytes.len();
    out.ensure(found >= min, || {
        value.finding(K::MpanLength { expected: short(min), found: short(found) })
    });
}

/// 02 of 26 to 45.
#[inline(always)]
pub(super) fn merchant_id<L: Listener>(value: Value<'_>, out: &mut L) {
    max_chars(value, limits::MAX_MERCHANT_ID_CHARS, |found| K::MerchantIdLong { found }, out);
    ans(value, out);
    no_vertical_bar(value, out);
}

/// 03 of 26 to 45 and of 51.
#[inline(always)]
pub(super) fn criteria<L: Listener>(value: Value<'_>, out: &mut L) {
    if L::wants(Severity::Warning) {
        out.ensure(is_criteria(value.bytes), || {
            let found = L::found(|| Found::code(value.text(), 3));
            value.finding(K::CriteriaUnknown { found })
        });
    }
}

/// 02 of 51.
#[inline(always)]
pub(super) fn nmid<L: Listener>(value: Value<'_>, out: &mut L) {
    if !L::wants(Severity::Warning) {
        return;
    }
    let digits = <&[u8; limits::NMID_CHARS]>::try_from(value.bytes)
        .ok()
        .and_then(|nmid| nmid.strip_prefix(limits::NMID_PREFIX.as_bytes()))
        .filter(|digits| all_digits(digits));
    let Some(digits) = digits else {
        let found = L::found(|| {
            let text = value.text();
            match text.strip_prefix(limits::NMID_PREFIX) {
                Some(digits) if value.bytes.len() == limits::NMID_CHARS => {
                    Found::first(digits, |c| c.is_ascii_digit())
                }
                None if value.bytes.len() == limits::NMID_CHARS => {
                    let start = text.get(..limits::NMID_PREFIX.len()).unwrap_or_default();
                    Found::code(start, limits::NMID_PREFIX.len())
                }
                _ => Found::chars(text),
            }
        });
        return out.report(value.finding(K::NmidShape { found }));
    };
    if L::wants(Severity::Info) && !luhn(digits) {
        let (expected, found) = L::detail((0, 0), || last_digits(digits));
        out.report(value.finding(K::NmidCheckDigit { expected, found }));
    }
}

/// The check digit that belongs to some digits, and the one that stands there.
fn last_digits(digits: &[u8]) -> (u8, u8) {
    let found = digits.last().copied().unwrap_or(b'0').wrapping_sub(b'0');
    (check_digit(digits).unwrap_or(found), found)
}

/// Whether this is one of the criteria.
#[inline(always)]
fn is_criteria(bytes: &[u8]) -> bool {
    limits::CRITERIA.iter().any(|word| word.as_bytes() == bytes)
}
