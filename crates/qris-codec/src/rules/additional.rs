//! Rules about the additional data: template 62 (EMVCo MPM 4.8).

use super::limits;
use super::listener::Listener;
use super::text::{ans, max_chars};
use super::value::{Value, short};
use crate::error::{ErrorKind as K, Severity};
use crate::object_bytes::{Objects, Width};

/// 62.01 to 62.08.
#[inline(always)]
pub(super) fn entry<L: Listener>(value: Value<'_>, out: &mut L) {
    text(value, limits::MAX_ADDITIONAL_CHARS, out);
}

/// 62.10.
#[inline(always)]
pub(super) fn tax_id<L: Listener>(value: Value<'_>, out: &mut L) {
    text(value, limits::MAX_TAX_ID_CHARS, out);
}

#[inline(always)]
fn text<L: Listener>(value: Value<'_>, max: usize, out: &mut L) {
    let kind = |found| K::AdditionalLong { expected: short(max), found };
    max_chars(value, max, kind, out);
    ans(value, out);
}

/// 62.09.
#[inline(always)]
pub(super) fn consumer_data<L: Listener>(value: Value<'_>, out: &mut L) {
    if !out.wants(Severity::Warning) {
        return;
    }
    let asked = limits::CONSUMER_DATA.as_bytes();
    let once = |letter: &u8| value.bytes.iter().filter(|&byte| byte == letter).count() <= 1;
    let letters = value.bytes.iter().all(|byte| asked.contains(byte));
    out.ensure(letters && asked.iter().all(once), || {
        let found = value.first_not::<L>(|c| limits::CONSUMER_DATA.contains(c));
        value.finding(K::ConsumerDataRequest { found })
    });
}

/// 62.11.
#[inline(always)]
pub(super) fn merchant_channel<L: Listener>(value: Value<'_>, out: &mut L) {
    let found = value.chars();
    out.ensure(found == limits::MERCHANT_CHANNEL_CHARS, || {
        value.finding(K::MerchantChannel { found: short(found) })
    });
    ans(value, out);
}

/// 62.50 to 62.99, which in practice are often not templates.
#[inline(always)]
pub(super) fn template<L: Listener>(value: Value<'_>, width: Width, out: &mut L) {
    if !out.wants(Severity::Info) {
        return;
    }
    let mut objects = Objects::new(value.bytes, value.value_offset(), width);
    let mut has_guid = false;
    while let Some((tag, ..)) = objects.next() {
        has_guid |= tag == 0;
    }
    if !objects.is_at_end() {
        out.report(value.finding(K::AdditionalNotTlv));
    } else if !has_guid && !value.bytes.is_empty() {
        out.report(value.finding(K::AdditionalGuidMissing));
    }
}
