//! Reading and checking at once: most payloads list their objects in ascending order and are plain
//! ASCII, and then the walk that finds the objects can bring them to the rules too.
//!
//! What cannot be followed this way is left to [`Payload::parse`] and
//! [`findings`](crate::findings).

use crate::charset::Charset;
use crate::crc::{checksum, hex_digits};
use crate::error::{Rules, Severity};
use crate::mpm::Payload;
use crate::object_bytes::{Objects, Width};
use crate::rules::listener::{Any, ERROR, INFO, WARNING};
use crate::rules::{Template, Validator, limits};
use crate::tag::Tag;
use crate::tlv::{HEADER, Unit};

/// A text that could be followed.
pub(crate) struct Scanned<'a> {
    /// The same as [`Payload::parse`] returns.
    pub(crate) payload: Payload<'a>,
    /// Whether neither set of rules finds anything as severe as was asked for.
    pub(crate) is_clean: bool,
}

/// Reads a payload and checks it for findings as severe as `LEAST`. `None` says nothing.
pub(crate) fn scan<const LEAST: u8>(text: &str) -> Option<Scanned<'_>> {
    let bytes = text.as_bytes();
    if bytes.len() > limits::MAX_PAYLOAD_CHARS || Charset::from_bytes(bytes) != Charset::Plain {
        return None;
    }
    let mut scanner = Scanner {
        objects: Objects::new(bytes, 0, Width::Plain),
        // The national rules are EMVCo's and more.
        validator: Validator::new(Rules::Qris, Charset::Plain, Unit::Bytes),
        out: Any::<LEAST>(false),
    };
    scanner.root()?;
    let (covered, digits) = bytes.split_last_chunk::<4>()?;
    let checksum = checksum(covered);
    let is_clean = scanner.finish(covered.len().wrapping_sub(HEADER));
    let is_right = *digits == hex_digits(checksum);
    is_right.then(|| Scanned { payload: Payload::plain(text, checksum), is_clean })
}

/// The scanner by itself, for the test that holds it against the walk: what has been read, and
/// whether there is nothing as severe as `least`.
#[doc(hidden)]
pub fn scan_in_order(text: &str, least: Severity) -> Option<(Payload<'_>, bool)> {
    let scanned = match least {
        Severity::Info => scan::<INFO>(text),
        Severity::Warning => scan::<WARNING>(text),
        Severity::Error => scan::<ERROR>(text),
    };
    scanned.map(|it| (it.payload, it.is_clean))
}

/// Follows a payload in ascending order, with the objects that most have.
struct Scanner<'a, const LEAST: u8> {
    objects: Objects<'a>,
    validator: Validator<'a>,
    out: Any<LEAST>,
}

impl<'a, const LEAST: u8> Scanner<'a, LEAST> {
    /// All objects of the root. Each tag is known beforehand, so that only its rules are left when
    /// this is compiled.
    #[inline(always)]
    fn root(&mut self) -> Option<()> {
        ensure(self.object(0))?;
        self.object(1);
        let mut before = 0;
        while let Some(tag @ 26..=45) = self.objects.tag() {
            // 40 may be a transfer, for which more rules hold.
            ensure(tag > before && Tag::read(tag) != Tag::TRANSFER_ACCOUNT)?;
            before = tag;
            let (mut open, mut inside) = self.open(tag)?;
            self.inner(&mut open, &mut inside, 0);
            self.inner(&mut open, &mut inside, 1);
            self.inner(&mut open, &mut inside, 2);
            self.inner(&mut open, &mut inside, 3);
            self.close(&open, &inside)?;
        }
        if let Some((mut open, mut inside)) = self.open(51) {
            self.inner(&mut open, &mut inside, 0);
            self.inner(&mut open, &mut inside, 2);
            self.inner(&mut open, &mut inside, 3);
            self.close(&open, &inside)?;
        }
        self.object(52);
        self.object(53);
        self.object(54);
        self.object(55);
        self.object(56);
        self.object(57);
        self.object(58);
        self.object(59);
        self.object(60);
        self.object(61);
        if let Some((mut open, mut inside)) = self.open(62) {
            while let Some((tag, bytes, offset)) = inside.next() {
                self.validator.inner(&mut open, Tag::read(tag), bytes, offset, &mut self.out);
            }
            self.close(&open, &inside)?;
        }
        let (checksum, offset) = self.objects.next_if(Tag::CHECKSUM.number())?;
        self.validator.object(Tag::CHECKSUM, checksum, offset, &mut self.out);
        ensure(checksum.len() == 4 && self.objects.is_at_end())
    }

    /// The next object, if it has this tag; whether it has.
    #[inline(always)]
    fn object(&mut self, tag: u8) -> bool {
        let next = self.objects.next_if(tag);
        if let Some((bytes, offset)) = next {
            self.validator.object(Tag::read(tag), bytes, offset, &mut self.out);
        }
        next.is_some()
    }

    /// Begins the next object, a template, if it has this tag.
    #[inline(always)]
    fn open(&mut self, tag: u8) -> Option<(Template<'a>, Objects<'a>)> {
        let (bytes, offset) = self.objects.next_if(tag)?;
        let open = self.validator.open(Tag::read(tag), bytes, offset, &mut self.out);
        Some((open, Objects::new(bytes, offset.wrapping_add(HEADER), Width::Plain)))
    }

    /// Ends a template, of which nothing may be left.
    #[inline(always)]
    fn close(&mut self, open: &Template<'a>, inside: &Objects<'a>) -> Option<()> {
        self.validator.close(open, inside.offset(), &mut self.out);
        ensure(inside.is_at_end())
    }

    /// The next object inside a template, if it has this tag.
    #[inline(always)]
    fn inner(&mut self, open: &mut Template<'a>, inside: &mut Objects<'a>, tag: u8) {
        if let Some((bytes, offset)) = inside.next_if(tag) {
            self.validator.inner(open, Tag::read(tag), bytes, offset, &mut self.out);
        }
    }

    /// What the objects say together; whether there was nothing to find.
    #[inline(always)]
    fn finish(&mut self, end: usize) -> bool {
        self.validator.cross_check(end, &mut self.out);
        !self.out.0
    }
}

/// A condition as something that `?` ends the scan with.
#[inline(always)]
fn ensure(condition: bool) -> Option<()> {
    condition.then_some(())
}
