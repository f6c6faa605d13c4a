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
use crate::tag::{Tag, Tags};
use crate::tlv::{HEADER, Unit};

/// Object 63 takes eight bytes.
const CHECKSUM_LEN: usize = 8;

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
    let is_clean = follow::<LEAST>(bytes, Tags::ALL)?;
    let (covered, digits) = bytes.split_last_chunk::<4>()?;
    let checksum = checksum(covered);
    let is_right = *digits == hex_digits(checksum);
    is_right.then(|| Scanned { payload: Payload::plain(text, checksum), is_clean })
}

/// Whether plain text with a right checksum can be followed, and neither set of rules finds an
/// error, nor a warning about what is `edited` or about several objects.
pub(crate) fn is_right(bytes: &[u8], edited: Tags) -> bool {
    bytes.len() <= limits::MAX_PAYLOAD_CHARS && follow::<WARNING>(bytes, edited) == Some(true)
}

/// Follows plain text to its end; whether there is no finding as severe as `LEAST`, or as an
/// error in what is not `edited`.
#[inline(always)]
fn follow<const LEAST: u8>(bytes: &[u8], edited: Tags) -> Option<bool> {
    let mut scanner = Scanner {
        objects: Objects::new(bytes, 0, Width::Plain),
        // The national rules are EMVCo's and more.
        validator: Validator::new(Rules::Qris, Charset::Plain, Unit::Bytes),
        out: Any::<LEAST>::NONE,
        edited,
    };
    scanner.root()?;
    Some(scanner.finish(bytes.len().wrapping_sub(CHECKSUM_LEN)))
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

/// A template of the root that is being followed.
struct Open<'a, const LEAST: u8> {
    tag: Tag,
    template: Template<'a>,
    objects: Objects<'a>,
    /// What there was to find before it.
    before: Any<LEAST>,
}

/// Follows a payload in ascending order, with the objects that most have.
struct Scanner<'a, const LEAST: u8> {
    objects: Objects<'a>,
    validator: Validator<'a>,
    out: Any<LEAST>,
    /// The objects of the root of which warnings count.
    edited: Tags,
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
            let mut open = self.open(tag)?;
            self.inner(&mut open, 0);
            self.inner(&mut open, 1);
            self.inner(&mut open, 2);
            self.inner(&mut open, 3);
            self.close(&open)?;
        }
        if let Some(mut open) = self.open(51) {
            self.inner(&mut open, 0);
            self.inner(&mut open, 2);
            self.inner(&mut open, 3);
            self.close(&open)?;
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
        if let Some(mut open) = self.open(62) {
            while let Some((tag, bytes, offset)) = open.objects.next() {
                let (tag, template) = (Tag::read(tag), &mut open.template);
                self.validator.inner(template, tag, bytes, offset, &mut self.out);
            }
            self.close(&open)?;
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
            let (tag, before) = (Tag::read(tag), self.out);
            self.validator.object(tag, bytes, offset, &mut self.out);
            self.heard(tag, before);
        }
        next.is_some()
    }

    /// Keeps what there is to find about an object of the root.
    #[inline(always)]
    fn heard(&mut self, tag: Tag, before: Any<LEAST>) {
        if !self.edited.contains(tag) {
            self.out = before.with_errors_of(self.out);
        }
    }

    /// Begins the next object, a template, if it has this tag.
    #[inline(always)]
    fn open(&mut self, tag: u8) -> Option<Open<'a, LEAST>> {
        let (bytes, offset) = self.objects.next_if(tag)?;
        let (tag, before) = (Tag::read(tag), self.out);
        let template = self.validator.open(tag, bytes, offset, &mut self.out);
        let objects = Objects::new(bytes, offset.wrapping_add(HEADER), Width::Plain);
        Some(Open { tag, template, objects, before })
    }

    /// Ends a template, of which nothing may be left.
    #[inline(always)]
    fn close(&mut self, open: &Open<'a, LEAST>) -> Option<()> {
        self.validator.close(&open.template, open.objects.offset(), &mut self.out);
        self.heard(open.tag, open.before);
        ensure(open.objects.is_at_end())
    }

    /// The next object inside a template, if it has this tag.
    #[inline(always)]
    fn inner(&mut self, open: &mut Open<'a, LEAST>, tag: u8) {
        if let Some((bytes, offset)) = open.objects.next_if(tag) {
            let (tag, template) = (Tag::read(tag), &mut open.template);
            self.validator.inner(template, tag, bytes, offset, &mut self.out);
        }
    }

    /// What the objects say together; whether there was nothing to find.
    #[inline(always)]
    fn finish(&mut self, end: usize) -> bool {
        self.validator.cross_check(end, &mut self.out);
        self.out.is_none()
    }
}

/// A condition as something that `?` ends the scan with.
#[inline(always)]
fn ensure(condition: bool) -> Option<()> {
    condition.then_some(())
}
