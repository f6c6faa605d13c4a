//! Reads a payload's objects in the expected order, for speed.
//!
//! Most payloads have their objects in ascending order, so each object is expected at its place.
//! The others are handled as they come.

use crate::charset::Charset;
use crate::error::{Rules, Severity};
use crate::mpm::Payload;
use crate::object_bytes::{Objects, Width};
use crate::rules::Validator;
use crate::rules::listener::{Any, ERROR, FindingBuffer, INFO, Listener, WARNING};
use crate::tag::Tag;
use crate::tlv::Unit;

/// Whether plain text with a right checksum has a right root and no error. Also `false` if its
/// objects are in an unusual order.
#[inline(always)]
pub(crate) fn is_without_error(payload: &Payload<'_>) -> bool {
    look::<ERROR>(payload.as_str().as_bytes()) == Some(true)
}

/// Whether plain text is a root without findings of at least `LEAST`; `None` if the order is
/// unusual.
#[inline(always)]
fn look<const LEAST: u8>(bytes: &[u8]) -> Option<bool> {
    let mut any = Any::<LEAST>::NONE;
    let is_root = scan(bytes, 0, &mut any);
    if any.has_declined() { None } else { Some(is_root && any.is_none()) }
}

/// The scanner alone, for the test that compares it with the exact findings: the payload, and
/// whether it has no finding of at least `least`.
#[doc(hidden)]
pub fn scan_in_order(text: &str, least: Severity) -> Option<(Payload<'_>, bool)> {
    let bytes = Payload::sealed(text)?.as_str().as_bytes();
    let is_clean = match least {
        Severity::Info => look::<INFO>(bytes),
        Severity::Warning => look::<WARNING>(bytes),
        Severity::Error => look::<ERROR>(bytes),
    };
    Some((Payload::parse(text).ok()?, is_clean?))
}

/// [`scan`] that keeps findings. Not generic, because the code is long.
#[inline(never)]
pub(crate) fn find(bytes: &[u8], offset: usize, out: &mut FindingBuffer) -> bool {
    scan(bytes, offset, out)
}

/// Checks the objects of plain text, which begins at byte `offset` of the whole text, against the
/// national rules, until the listener needs no more. Returns whether they are a root: objects to
/// the end, no duplicate, 00 first and 63 last.
#[inline(always)]
fn scan<L: Listener>(bytes: &[u8], offset: usize, out: &mut L) -> bool {
    // The national rules include EMVCo's. They are constants here, so that the compiler removes the
    // code for other rules and other text.
    let validator = Validator::new(Rules::Qris, Charset::Plain, Unit::Bytes);
    let objects = Objects::new(bytes, offset, Width::Plain);
    Scanner { objects, validator }.root(out) == Some(true)
}

/// Object 63 takes eight bytes.
const CHECKSUM_LEN: usize = 8;

struct Scanner<'a> {
    objects: Objects<'a>,
    validator: Validator<'a>,
}

impl<'a> Scanner<'a> {
    /// All objects of the root. Each tag is a constant, so that the compiler keeps only its rules.
    #[inline(always)]
    fn root<L: Listener>(&mut self, out: &mut L) -> Option<bool> {
        let (bytes, offset) = self.objects.next_if(0)?;
        self.validator.plain(Tag::FORMAT, bytes, offset, out);
        goes_on(out)?;
        self.plain(1, out)?;
        let mut before = 0;
        let mut ahead = self.objects;
        while let Some((tag @ 26..=45, bytes, offset)) = ahead.next() {
            // 40 may be a transfer, which has more rules.
            if tag <= before || tag == Tag::TRANSFER_ACCOUNT.number() {
                break;
            }
            before = tag;
            self.objects = ahead;
            let tag = Tag::read(tag);
            self.validator.acquirer(tag, bytes, offset, out);
            goes_on(out)?;
        }
        if let Some((bytes, offset)) = self.objects.next_if(51) {
            self.validator.national(bytes, offset, out);
            goes_on(out)?;
        }
        self.plain(52, out)?;
        self.plain(53, out)?;
        self.plain(54, out)?;
        self.plain(55, out)?;
        self.plain(56, out)?;
        self.plain(57, out)?;
        self.plain(58, out)?;
        self.plain(59, out)?;
        self.plain(60, out)?;
        self.plain(61, out)?;
        if let Some((bytes, offset)) = self.objects.next_if(62) {
            self.validator.additional(bytes, offset, out);
            goes_on(out)?;
        }
        let Some((bytes, offset)) = self.objects.next_if(63) else {
            if out.declines() {
                return None;
            }
            // Passed by value, because a value whose address is taken stays in memory.
            return Some(others(self.objects, self.validator, out));
        };
        self.validator.plain(Tag::CHECKSUM, bytes, offset, out);
        goes_on(out)?;
        let is_root = bytes.len() == 4 && self.objects.is_at_end();
        if is_root {
            self.validator.cross_check(offset, out);
        }
        Some(is_root)
    }

    /// Checks the next object, not a template, if it has this tag; `None` if the listener needs no
    /// more.
    #[inline(always)]
    fn plain<L: Listener>(&mut self, tag: u8, out: &mut L) -> Option<()> {
        if let Some((bytes, offset)) = self.objects.next_if(tag) {
            self.validator.plain(Tag::read(tag), bytes, offset, out);
            goes_on(out)?;
        }
        Some(())
    }
}

/// `None` if the listener needs no more.
#[inline(always)]
fn goes_on<L: Listener>(out: &L) -> Option<()> {
    (!out.is_enough()).then_some(())
}

/// Checks the remaining objects in any order, and then the rules across objects. Returns whether
/// they are the rest of a root.
#[cold]
#[inline(never)]
pub(crate) fn others<'a, L: Listener>(
    mut objects: Objects<'a>,
    mut validator: Validator<'a>,
    out: &mut L,
) -> bool {
    let (mut is_root, mut last) = (true, (Tag::FORMAT, 0));
    while let Some((tag, bytes, offset)) = objects.next() {
        let tag = Tag::read(tag);
        is_root &= validator.object(tag, bytes, offset, out);
        last = (tag, bytes.len());
    }
    let end = objects.offset().saturating_sub(CHECKSUM_LEN);
    validator.cross_check(end, out);
    is_root && objects.is_at_end() && last == (Tag::CHECKSUM, 4)
}
