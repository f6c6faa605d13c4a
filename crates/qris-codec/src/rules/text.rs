//! Rules about the number and kind of characters in a value.

use super::listener::{Listener, Report};
use super::value::{Value, short};
use crate::charset::Charset;
use crate::error::{ErrorKind, Severity};

/// At most this many characters.
#[inline(always)]
pub(super) fn max_chars<L: Listener>(
    value: Value<'_>,
    max: usize,
    kind: impl FnOnce(u8) -> ErrorKind,
    out: &mut L,
) {
    let chars = value.chars();
    out.ensure(chars <= max, || value.finding(kind(short(chars))));
}

/// Printable ASCII, which EMVCo calls *ans* (MPM 4.5.3.1).
#[inline(always)]
pub(super) fn ans<L: Listener>(value: Value<'_>, out: &mut L) {
    if value.charset == Charset::Any && out.wants(Severity::Warning) {
        if let Some(place) = first(value.bytes, |byte| !matches!(byte, b' '..=b'~')) {
            let found = value.first_not::<L>(|c| matches!(c, ' '..='~'));
            report(value, place, ErrorKind::TextNotAns { found }, out);
        }
    }
}

/// No `|`, which the national rules reserve (QRIS objects 58 to 61 and table 4.3).
#[inline(always)]
pub(super) fn no_vertical_bar<L: Listener>(value: Value<'_>, out: &mut L) {
    if value.charset == Charset::Any && out.wants(Severity::Warning) {
        if let Some(place) = first(value.bytes, |byte| byte == b'|') {
            report(value, place, ErrorKind::ReservedCharacter, out);
        }
    }
}

/// The position and length of the first character with a wrong byte.
#[cold]
#[inline(never)]
fn first(bytes: &[u8], is_wrong: fn(u8) -> bool) -> Option<(usize, usize)> {
    let at = bytes.iter().position(|&byte| is_wrong(byte))?;
    let len = match bytes.get(at) {
        Some(0xF0..) => 4,
        Some(0xE0..) => 3,
        Some(0xC0..) => 2,
        _ => 1,
    };
    Some((at, len))
}

/// Reports a wrong character.
#[inline(always)]
fn report<L: Listener>(value: Value<'_>, (at, len): (usize, usize), kind: ErrorKind, out: &mut L) {
    let offset = value.value_offset().saturating_add(at);
    out.report(Report::new(kind, Some(value.path), offset, len));
}

/// No space at either end.
#[inline(always)]
pub(super) fn trimmed<L: Listener>(value: Value<'_>, out: &mut L) {
    let is_padded = value.bytes.first() == Some(&b' ') || value.bytes.last() == Some(&b' ');
    out.ensure(!is_padded, || value.finding(ErrorKind::TextPadded));
}
