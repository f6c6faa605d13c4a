//! Rules about the characters of a value: how many, and which.

use super::listener::Listener;
use super::value::{Value, short};
use crate::charset::Charset;
use crate::error::{ErrorKind, Found, Severity};
use crate::finding::Finding;

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
    if value.charset == Charset::Any {
        let printable = |c: char| matches!(c, ' '..='~');
        let found = || L::found(|| Found::first(value.text(), printable));
        let kind = || ErrorKind::TextNotAns { found: found() };
        each(value, |byte| matches!(byte, b' '..=b'~'), kind, out);
    }
}

/// No `|`, which the national rules keep for themselves (QRIS objects 58 to 61 and tables 4.3).
#[inline(always)]
pub(super) fn no_vertical_bar<L: Listener>(value: Value<'_>, out: &mut L) {
    if value.charset == Charset::Any {
        each(value, |byte| byte != b'|', || ErrorKind::ReservedCharacter, out);
    }
}

/// Reports the first character whose first byte is not right, which is a warning.
#[inline(always)]
fn each<L: Listener>(
    value: Value<'_>,
    right: impl Fn(u8) -> bool,
    kind: impl FnOnce() -> ErrorKind,
    out: &mut L,
) {
    if !L::wants(Severity::Warning) {
        return;
    }
    if let Some(at) = value.bytes.iter().position(|&byte| !right(byte)) {
        let len = match value.bytes.get(at) {
            Some(0xF0..) => 4,
            Some(0xE0..) => 3,
            Some(0xC0..) => 2,
            _ => 1,
        };
        let offset = value.value_offset().saturating_add(at);
        out.report(Finding::new(kind(), Some(value.path), offset, len));
    }
}

/// No space at either end.
#[inline(always)]
pub(super) fn trimmed<L: Listener>(value: Value<'_>, out: &mut L) {
    let is_padded = value.bytes.first() == Some(&b' ') || value.bytes.last() == Some(&b' ');
    out.ensure(!is_padded, || value.finding(ErrorKind::TextPadded));
}
