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
use crate::rules::listener::{Any, ERROR, FindingBuffer, INFO, WARNING};
use crate::rules::{Template, Validator, limits};
use crate::tag::{Tag, Tags};
use crate::tlv::{HEADER, Unit};

/// Object 63 takes eight bytes.
const CHECKSUM_LEN: usize = 8;

/// A text that is a payload.
pub(crate) struct Scanned<'a> {
    /// The same as [`Payload::parse`] returns.
    pub(crate) payload: Payload<'a>,
    pub(crate) outcome: Outcome,
}

/// What following a payload has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Neither set of rules finds anything as severe as was asked for.
    Clean,
    /// The national rules find something as severe.
    Found,
    /// The payload could not be followed to its end.
    Unknown,
}

/// Reads a payload and checks it for findings as severe as `LEAST`. `None` says nothing.
pub(crate) fn scan<const LEAST: u8>(text: &str) -> Option<Scanned<'_>> {
    let bytes = text.as_bytes();
    if bytes.len() > limits::MAX_PAYLOAD_CHARS || Charset::from_bytes(bytes) != Charset::Plain {
        return None;
    }
    let outcome = follow::<LEAST>(bytes);
    if outcome != Outcome::Clean && !is_root(bytes) {
        return None;
    }
    let (covered, digits) = bytes.split_last_chunk::<4>()?;
    let checksum = checksum(covered);
    let is_right = *digits == hex_digits(checksum);
    is_right.then(|| Scanned { payload: Payload::plain(text, checksum), outcome })
}

/// Whether the root is objects to its end, 00 first, 63 last and none twice.
fn is_root(bytes: &[u8]) -> bool {
    let mut objects = Objects::new(bytes, 0, Width::Plain);
    let (mut met, mut last) = (Tags::NONE, None);
    let mut is_right = bytes.starts_with(b"00");
    while let Some((tag, value, _)) = objects.next() {
        is_right &= met.insert(Tag::read(tag));
        last = Some((tag, value.len()));
    }
    is_right && objects.is_at_end() && last == Some((Tag::CHECKSUM.number(), 4))
}

/// Whether plain text with a right checksum can be followed, and neither set of rules finds an
/// error, nor a warning about what is `edited` or about several objects that was not there
/// `before`.
pub(crate) fn is_right(bytes: &[u8], edited: Tags, before: Option<&Payload<'_>>) -> bool {
    if bytes.len() > limits::MAX_PAYLOAD_CHARS {
        return false;
    }
    let mut scanner = Scanner::<WARNING>::new(bytes, edited);
    let followed = scanner.root().is_ok();
    followed && (scanner.is_clean(end_of(bytes)) || is_as_before(bytes, before))
}

/// Whether what several objects say together is what they said before, without an error.
#[cold]
fn is_as_before(bytes: &[u8], before: Option<&Payload<'_>>) -> bool {
    let Some(before) = before.filter(|before| before.charset() == Charset::Plain) else {
        return false;
    };
    let Some(now) = together(bytes) else { return false };
    let Some(old) = together(before.as_str().as_bytes()) else { return false };
    now.iter().all(|it| match it.severity() {
        Severity::Error => false,
        Severity::Warning => {
            old.iter().any(|old| old.kind() == it.kind() && old.path() == it.path())
        }
        Severity::Info => true,
    })
}

/// What the objects of plain text say together, if none has an error by itself.
fn together(bytes: &[u8]) -> Option<FindingBuffer> {
    let mut scanner = Scanner::<ERROR>::new(bytes, Tags::ALL);
    scanner.root().ok()?;
    let mut found = FindingBuffer::new(0);
    scanner.validator.cross_check(end_of(bytes), &mut found);
    (!found.is_over()).then_some(found)
}

/// Where object 63 stands.
const fn end_of(bytes: &[u8]) -> usize {
    bytes.len().wrapping_sub(CHECKSUM_LEN)
}

/// Follows plain text to its end, or until there is a finding as severe as `LEAST`.
#[inline(always)]
fn follow<const LEAST: u8>(bytes: &[u8]) -> Outcome {
    let mut scanner = Scanner::<LEAST>::new(bytes, Tags::ALL);
    // No closure, which would keep what the scanner knows in memory.
    match scanner.root() {
        Err(outcome) => outcome,
        Ok(()) if scanner.is_clean(end_of(bytes)) => Outcome::Clean,
        Ok(()) => Outcome::Found,
    }
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
    let scanned = scanned.filter(|it| it.outcome != Outcome::Unknown)?;
    Some((scanned.payload, scanned.outcome == Outcome::Clean))
}

/// A template of the root that is being followed.
struct Open<'a> {
    tag: Tag,
    template: Template<'a>,
    objects: Objects<'a>,
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
    #[inline(always)]
    fn new(bytes: &'a [u8], edited: Tags) -> Self {
        Self {
            objects: Objects::new(bytes, 0, Width::Plain),
            // The national rules are EMVCo's and more.
            validator: Validator::new(Rules::Qris, Charset::Plain, Unit::Bytes),
            out: Any::<LEAST>::NONE,
            edited,
        }
    }

    /// All objects of the root. Each tag is known beforehand, so that only its rules are left when
    /// this is compiled.
    #[inline(always)]
    fn root(&mut self) -> Result<(), Outcome> {
        known(self.objects.tag() == Some(0))?;
        self.object(0)?;
        self.object(1)?;
        let mut before = 0;
        while let Some(tag @ 26..=45) = self.objects.tag() {
            // 40 may be a transfer, for which more rules hold.
            known(tag > before && Tag::read(tag) != Tag::TRANSFER_ACCOUNT)?;
            before = tag;
            let Some(mut open) = self.open(tag)? else { break };
            self.inner(&mut open, 0)?;
            self.inner(&mut open, 1)?;
            self.inner(&mut open, 2)?;
            self.inner(&mut open, 3)?;
            self.close(&open)?;
        }
        if let Some(mut open) = self.open(51)? {
            self.inner(&mut open, 0)?;
            self.inner(&mut open, 2)?;
            self.inner(&mut open, 3)?;
            self.close(&open)?;
        }
        self.object(52)?;
        self.object(53)?;
        self.object(54)?;
        self.object(55)?;
        self.object(56)?;
        self.object(57)?;
        self.object(58)?;
        self.object(59)?;
        self.object(60)?;
        self.object(61)?;
        if let Some(mut open) = self.open(62)? {
            while let Some((tag, bytes, offset)) = open.objects.next() {
                let (tag, template) = (Tag::read(tag), &mut open.template);
                self.validator.inner(template, tag, bytes, offset, &mut self.out);
                self.heard_inside(&open)?;
            }
            self.close(&open)?;
        }
        // Without an object 63 the last digits of another value could be the checksum by chance.
        let (bytes, offset) = self.objects.next_if(63).ok_or(Outcome::Unknown)?;
        known(bytes.len() == 4)?;
        self.validator.object(Tag::CHECKSUM, bytes, offset, &mut self.out);
        self.heard(Tag::CHECKSUM)?;
        known(self.objects.is_at_end())
    }

    /// The next object, if it has this tag.
    #[inline(always)]
    fn object(&mut self, tag: u8) -> Result<(), Outcome> {
        if let Some((bytes, offset)) = self.objects.next_if(tag) {
            self.validator.object(Tag::read(tag), bytes, offset, &mut self.out);
            self.heard(Tag::read(tag))?;
        }
        Ok(())
    }

    /// Ends the scan where there is a finding that counts about an object of the root.
    #[inline(always)]
    fn heard(&mut self, tag: Tag) -> Result<(), Outcome> {
        if self.out.is_none() {
            return Ok(());
        }
        self.out = if self.edited.contains(tag) { self.out } else { self.out.errors() };
        if self.out.is_none() { Ok(()) } else { Err(Outcome::Found) }
    }

    /// The same inside a template, if it is one to its end: nothing else is said of others.
    #[inline(always)]
    fn heard_inside(&mut self, open: &Open<'a>) -> Result<(), Outcome> {
        match self.heard(open.tag) {
            Err(Outcome::Found) if !open.objects.is_framed() => Err(Outcome::Unknown),
            heard => heard,
        }
    }

    /// Begins the next object, a template, if it has this tag.
    #[inline(always)]
    fn open(&mut self, tag: u8) -> Result<Option<Open<'a>>, Outcome> {
        let Some((bytes, offset)) = self.objects.next_if(tag) else { return Ok(None) };
        let tag = Tag::read(tag);
        let template = self.validator.open(tag, bytes, offset, &mut self.out);
        self.heard(tag)?;
        let objects = Objects::new(bytes, offset.wrapping_add(HEADER), Width::Plain);
        Ok(Some(Open { tag, template, objects }))
    }

    /// Ends a template, of which nothing may be left.
    #[inline(always)]
    fn close(&mut self, open: &Open<'a>) -> Result<(), Outcome> {
        known(open.objects.is_at_end())?;
        self.validator.close(&open.template, open.objects.offset(), &mut self.out);
        self.heard(open.tag)
    }

    /// The next object inside a template, if it has this tag.
    #[inline(always)]
    fn inner(&mut self, open: &mut Open<'a>, tag: u8) -> Result<(), Outcome> {
        if let Some((bytes, offset)) = open.objects.next_if(tag) {
            let (tag, template) = (Tag::read(tag), &mut open.template);
            self.validator.inner(template, tag, bytes, offset, &mut self.out);
            self.heard_inside(open)?;
        }
        Ok(())
    }

    /// Whether there is nothing to find in what the objects say together.
    #[inline(always)]
    fn is_clean(&mut self, end: usize) -> bool {
        self.validator.cross_check(end, &mut self.out);
        self.out.is_none()
    }
}

/// A condition without which the scan cannot go on.
#[inline(always)]
fn known(condition: bool) -> Result<(), Outcome> {
    if condition { Ok(()) } else { Err(Outcome::Unknown) }
}
