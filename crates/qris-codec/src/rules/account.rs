//! Rules about accounts: 26 to 51, of acquirers and of the national repository.

use super::limits;
use super::listener::Listener;
use super::text::{ans, max_chars, no_vertical_bar};
use super::value::{Value, short};
use crate::digits::{all_digits, check_digit, luhn};
use crate::error::{ErrorKind as K, Found, Severity};
#[cfg(feature = "tables")]
use crate::tables;
use crate::tag::Tag;

/// 00 of 26 to 51 and 80 to 99.
#[inline(always)]
pub(super) fn guid<L: Listener>(value: Value<'_>, out: &mut L) {
    max_chars(value, limits::MAX_GUID_CHARS, |found| K::GuidLong { found }, out);
    ans(value, out);
}

/// 00 of 26 to 45.
#[inline(always)]
pub(super) fn acquirer_guid<L: Listener>(value: Value<'_>, out: &mut L) {
    #[cfg(feature = "tables")]
    if out.wants(Severity::Info) {
        out.ensure(tables::is_known(value.bytes), || value.finding(K::GuidUnknown));
    }
    #[cfg(not(feature = "tables"))]
    let _ = (value, out);
}

/// 00 of 51.
#[inline(always)]
pub(super) fn national_guid<L: Listener>(value: Value<'_>, out: &mut L) {
    if out.wants(Severity::Info) {
        let national = limits::NATIONAL_GUID.as_bytes();
        // Nearly always upper case, which is faster to compare.
        let is_national = value.bytes == national || value.bytes.eq_ignore_ascii_case(national);
        out.ensure(is_national, || {
            let found = if L::KEEPS { short(value.chars()) } else { 0 };
            value.finding(K::NationalGuidOther { found })
        });
    }
}

/// 01 of 26 to 45, the merchant PAN. Returns whether it is digits and not too long.
///
/// Whether its length is right for 40 is known only at the end.
#[inline(always)]
pub(super) fn pan<L: Listener>(value: Value<'_>, out: &mut L) -> bool {
    let digits = value.bytes.len();
    if !all_digits(value.bytes) {
        let found = value.first_not::<L>(|c| c.is_ascii_digit());
        out.report(value.finding(K::MpanNotDigits { found }));
        return false;
    }
    if digits > limits::MAX_PAN_DIGITS {
        out.report(value.finding(K::MpanTooLong { found: short(digits) }));
        return false;
    }
    if out.wants(Severity::Warning) {
        if value.path.root() != Tag::TRANSFER_ACCOUNT {
            pan_length(value, limits::MIN_PAN_DIGITS, out);
        }
        institution(value, out);
    }
    if out.wants(Severity::Info) && digits == limits::MAX_PAN_DIGITS && !luhn(value.bytes) {
        let (expected, found) = if L::KEEPS { last_digits(value.bytes) } else { (0, 0) };
        out.report(value.finding(K::MpanCheckDigit { expected, found }));
    }
    true
}

/// Begins with the number of an Indonesian institution.
#[inline(always)]
fn institution<L: Listener>(value: Value<'_>, out: &mut L) {
    if value.bytes.starts_with(limits::NATIONAL_PAN_PREFIX.as_bytes()) {
        #[cfg(feature = "tables")]
        known_institution(value, out);
    } else {
        out.report(value.finding(K::MpanPrefix { found: value.found::<L>(prefix_found) }));
    }
}

/// An institution that is in the table.
#[cfg(feature = "tables")]
#[inline(always)]
fn known_institution<L: Listener>(value: Value<'_>, out: &mut L) {
    if out.wants(Severity::Info) {
        out.ensure(tables::has_institution(value.bytes), || {
            value.finding(K::InstitutionUnknown { found: value.found::<L>(institution_found) })
        });
    }
}

fn prefix_found(pan: &str) -> Found {
    code_in_front(pan, limits::NATIONAL_PAN_PREFIX.len())
}

#[cfg(feature = "tables")]
fn institution_found(pan: &str) -> Found {
    let prefix = limits::NATIONAL_PAN_PREFIX.len();
    let rest = limits::INSTITUTION_DIGITS.saturating_sub(prefix);
    code_in_front(pan.get(prefix..).unwrap_or_default(), rest)
}

/// The first digits of a number.
fn code_in_front(digits: &str, count: usize) -> Found {
    Found::code(digits.get(..count).unwrap_or(digits), count)
}

/// At least this many digits. The maximum is already checked.
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
    if out.wants(Severity::Warning) {
        out.ensure(is_criteria(value.bytes), || {
            let found = value.code::<L>(3);
            value.finding(K::CriteriaUnknown { found })
        });
    }
}

/// 02 of 51.
#[inline(always)]
pub(super) fn nmid<L: Listener>(value: Value<'_>, out: &mut L) {
    if !out.wants(Severity::Warning) {
        return;
    }
    let digits = <&[u8; limits::NMID_CHARS]>::try_from(value.bytes)
        .ok()
        .and_then(|nmid| nmid.strip_prefix(limits::NMID_PREFIX.as_bytes()))
        .filter(|digits| all_digits(digits));
    let Some(digits) = digits else {
        let found = value.found::<L>(nmid_found);
        return out.report(value.finding(K::NmidShape { found }));
    };
    if out.wants(Severity::Info) && !luhn(digits) {
        let (expected, found) = if L::KEEPS { last_digits(digits) } else { (0, 0) };
        out.report(value.finding(K::NmidCheckDigit { expected, found }));
    }
}

/// What is wrong with the form of an NMID.
fn nmid_found(text: &str) -> Found {
    match text.strip_prefix(limits::NMID_PREFIX) {
        Some(digits) if text.len() == limits::NMID_CHARS => {
            Found::first(digits, |c| c.is_ascii_digit())
        }
        None if text.len() == limits::NMID_CHARS => {
            let start = text.get(..limits::NMID_PREFIX.len()).unwrap_or_default();
            Found::code(start, limits::NMID_PREFIX.len())
        }
        _ => Found::chars(text),
    }
}

/// The right check digit, and the present one.
#[cold]
#[inline(never)]
fn last_digits(digits: &[u8]) -> (u8, u8) {
    let found = digits.last().copied().unwrap_or(b'0').wrapping_sub(b'0');
    (check_digit(digits).unwrap_or(found), found)
}

/// Whether this is one of the criteria.
#[inline(always)]
fn is_criteria(bytes: &[u8]) -> bool {
    const CODES: [u32; limits::CRITERIA.len()] = {
        let (mut codes, mut words) = ([0; limits::CRITERIA.len()], limits::CRITERIA);
        let mut left: &mut [u32] = &mut codes;
        while let ([word, others @ ..], [code, behind @ ..]) = (words, left) {
            let [a, b, c] = *word.as_bytes() else { panic!("criteria have three letters") };
            *code = u32::from_le_bytes([a, b, c, 0]);
            (words, left) = (others, behind);
        }
        codes
    };
    // Compares all at once, as numbers.
    matches!(*bytes, [a, b, c] if CODES.iter().any(|&it| it == u32::from_le_bytes([a, b, c, 0])))
}
