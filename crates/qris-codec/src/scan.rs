//! The way of a payload's objects to the rules.
//!
//! Most payloads list their objects in ascending order, so each is looked for where it is expected;
//! those that stand elsewhere are taken as they come.

use crate::charset::Charset;
use crate::error::{Rules, Severity};
use crate::mpm::Payload;
use crate::object_bytes::{Objects, Width};
use crate::rules::Validator;
use crate::rules::listener::{Any, ERROR, FindingBuffer, INFO, Listener, WARNING};
use crate::tag::Tag;
use crate::tlv::Unit;

/// Whether there is no error in a payload that is plain text with a right checksum, if its root is
/// one; `false` also where its objects stand in an unusual order.
#[inline(always)]
pub(crate) fn is_without_error(payload: &Payload<'_>) -> bool {
    look::<ERROR>(payload.as_str().as_bytes()) == Some(true)
}

/// Whether plain text is a root without a finding as severe as `LEAST`; `None` where the order is
/// unusual.
#[inline(always)]
fn look<const LEAST: u8>(bytes: &[u8]) -> Option<bool> {
    let mut any = Any::<LEAST>::NONE;
    let is_root = scan(bytes, 0, &mut any);
    if any.has_declined() { None } else { Some(is_root && any.is_none()) }
}

/// The scanner by itself, for the test that holds it against the exact findings: what has been
/// read, and whether there is nothing as severe as `least`.
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

/// [`scan`] for findings that are kept: it stands once, because it is long.
#[inline(never)]
pub(crate) fn find(bytes: &[u8], offset: usize, out: &mut FindingBuffer) -> bool {
    scan(bytes, offset, out)
}

/// Brings the objects of plain text, which begins at byte `offset` of the whole text, to the
/// national rules, and what they say together, until it is enough; whether they are a root: objects
/// to the end, none twice, 00 first and 63 last.
#[inline(always)]
fn scan<L: Listener>(bytes: &[u8], offset: usize, out: &mut L) -> bool {
    // The national rules are EMVCo's and more. They stand here as constants, so that nothing that
    // other rules or other text would ask for is left when this is compiled.
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
    /// All objects of the root. Each tag is known beforehand, so that only its rules are left when
    /// this is compiled.
    #[inline(always)]
    fn root<L: Listener>(&mut self, out: &mut L) -> Option<bool> {
        let (bytes, offset) = self.objects.next_if(0)?;
        self.validator.plain(Tag::FORMAT, bytes, offset, out);
        goes_on(out)?;
        self.plain(1, out)?;
        let mut before = 0;
        let mut ahead = self.objects;
        while let Some((tag @ 26..=45, bytes, offset)) = ahead.next() {
            // 40 may be a transfer, for which more rules hold.
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
            // By value: what has its address taken stays in memory.
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

    /// The next object, no template, if it has this tag; `None` if that is enough.
    #[inline(always)]
    fn plain<L: Listener>(&mut self, tag: u8, out: &mut L) -> Option<()> {
        if let Some((bytes, offset)) = self.objects.next_if(tag) {
            self.validator.plain(Tag::read(tag), bytes, offset, out);
            goes_on(out)?;
        }
        Some(())
    }
}

/// `None` if that is enough.
#[inline(always)]
fn goes_on<L: Listener>(out: &L) -> Option<()> {
    (!out.is_enough()).then_some(())
}

/// Brings objects to the rules that stand in any order, after those that the validator has seen,
/// and then what all say together; whether they are the rest of a root.
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
