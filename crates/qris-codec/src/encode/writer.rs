//! Where objects are put down, and brought to the rules as they are.

use core::mem;

use super::number::NewValue;
use crate::charset::Charset;
use crate::crc::{checksum, hex_digits};
use crate::error::{Error, ErrorKind, Rules, Severity};
use crate::finding::Finding;
use crate::mpm::Payload;
use crate::rules::listener::Listener;
use crate::rules::{Surroundings, Validator, limits};
use crate::tag::{Path, TWO_DIGITS, Tag, Tags};
use crate::tlv::{HEADER, Unit};

/// Object 63 takes eight bytes.
pub(super) const CHECKSUM_LEN: usize = 8;

/// Takes the objects of the root or of a template.
pub(super) trait Sink {
    /// Writes an object with this value.
    fn value(&mut self, tag: Tag, value: &[u8]);

    /// Writes an object that stands in the payload already.
    fn copy(&mut self, tag: Tag, value: &[u8]);

    /// Writes a template that `fill` fills.
    fn template(&mut self, tag: Tag, empty: Empty, fill: impl FnOnce(&mut Contents<'_>));

    /// Refuses to write, with the byte at which the next object stands.
    fn fail(&mut self, kind: ErrorKind);

    #[inline(always)]
    fn new_value(&mut self, tag: Tag, value: &NewValue<'_>) {
        match value {
            NewValue::Text(text) => self.value(tag, text.as_bytes()),
            NewValue::Number(number) => self.value(tag, number.digits().as_bytes()),
        }
    }

    #[inline(always)]
    fn optional(&mut self, number: u8, text: Option<&str>) {
        if let Some(text) = text {
            self.value(Tag::clamped(number), text.as_bytes());
        }
    }
}

/// What becomes of a template with nothing inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// It is written, and refused by the rules.
    Kept,
    /// It is left out.
    Dropped,
}

/// How texts are counted.
#[derive(Clone, Copy)]
struct Counting {
    unit: Unit,
    charset: Charset,
}

impl Counting {
    /// What the length of an object says about a value.
    #[inline(always)]
    fn length(self, value: &[u8]) -> usize {
        match (self.unit, self.charset) {
            (Unit::Characters, Charset::Any) => {
                value.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
            }
            _ => value.len(),
        }
    }
}

/// Writes the root, and counts on when the buffer is full.
pub(super) struct Writer<'b, L> {
    /// What is left of the buffer.
    room: &'b mut [u8],
    /// Bytes written, or that would have been.
    len: usize,
    counting: Counting,
    /// The tags written.
    seen: Tags,
    failed: Option<Finding>,
    validator: Validator<'b>,
    out: L,
}

/// What has been written but for the checksum.
pub(super) struct Written<L> {
    pub(super) len: usize,
    counting: Counting,
    failed: Option<Finding>,
    /// Whether 58 names Indonesia.
    pub(super) is_indonesian: bool,
    pub(super) out: L,
}

impl<'b, L: Listener> Writer<'b, L> {
    /// Writes text of this charset, which is found out only when all has been written.
    #[inline(always)]
    pub(super) fn new(
        buffer: &'b mut [u8],
        unit: Unit,
        charset: Charset,
        rules: Rules,
        out: L,
    ) -> Self {
        Self {
            room: buffer,
            len: 0,
            counting: Counting { unit, charset },
            seen: Tags::NONE,
            failed: None,
            validator: Validator::new(rules, charset, unit),
            out,
        }
    }

    /// Refuses to write, for a reason that has been found before.
    pub(super) fn refuse(&mut self, finding: Finding) {
        self.failed = self.failed.or(Some(finding));
    }

    /// Puts an object down; its value in the buffer, and the byte at which it stands. `None`
    /// where there is no room for it.
    #[inline(always)]
    fn put(&mut self, tag: Tag, value: &[u8]) -> Option<(&'b [u8], usize)> {
        if !self.seen.insert(tag) {
            self.fail(ErrorKind::Duplicate { tag });
        }
        let Some(header) = header(tag, self.counting.length(value)) else {
            self.fail(ErrorKind::ValueTooLong { tag });
            return None;
        };
        let (offset, size) = (self.len, HEADER.saturating_add(value.len()));
        self.len = offset.saturating_add(size);
        let (object, rest) = mem::take(&mut self.room).split_at_mut_checked(size)?;
        self.room = rest;
        let (head, room) = object.split_first_chunk_mut()?;
        *head = header;
        copy(room, value);
        Some((room, offset))
    }

    /// Checks what the objects say together.
    #[inline(always)]
    pub(super) fn finish(mut self) -> Written<L> {
        self.validator.cross_check(self.len, &mut self.out);
        Written {
            len: self.len,
            counting: self.counting,
            failed: self.failed,
            is_indonesian: self.validator.is_indonesian(),
            out: self.out,
        }
    }
}

impl<L: Listener> Sink for Writer<'_, L> {
    #[inline(always)]
    fn value(&mut self, tag: Tag, value: &[u8]) {
        if let Some((value, offset)) = self.put(tag, value) {
            self.validator.object(tag, value, offset, &mut self.out);
        }
    }

    #[inline(always)]
    fn copy(&mut self, tag: Tag, value: &[u8]) {
        if let Some((value, offset)) = self.put(tag, value) {
            self.validator.object(tag, value, offset, &mut ErrorsOf(&mut self.out));
        }
    }

    #[inline(always)]
    fn template(&mut self, tag: Tag, empty: Empty, fill: impl FnOnce(&mut Contents<'_>)) {
        let room = mem::take(&mut self.room);
        let inner = room.get_mut(HEADER..).unwrap_or_default();
        let mut contents = Contents {
            room: inner,
            len: 0,
            extra: 0,
            path: Path::of(tag),
            offset: self.len.saturating_add(HEADER),
            counting: self.counting,
            failed: None,
        };
        fill(&mut contents);
        let Contents { len, extra, failed, .. } = contents;
        self.failed = self.failed.or(failed);
        if len == 0 && empty == Empty::Dropped {
            self.room = room;
            return;
        }
        if !self.seen.insert(tag) {
            self.fail(ErrorKind::Duplicate { tag });
        }
        let size = HEADER.saturating_add(len);
        match header(tag, len.saturating_sub(extra)) {
            None => self.fail(ErrorKind::ValueTooLong { tag }),
            Some(header) => {
                if let Some((object, rest)) = room.split_at_mut_checked(size) {
                    self.room = rest;
                    if let Some((head, value)) = object.split_first_chunk_mut() {
                        *head = header;
                        self.validator.object(tag, value, self.len, &mut self.out);
                    }
                }
            }
        }
        self.len = self.len.saturating_add(size);
    }

    #[cold]
    fn fail(&mut self, kind: ErrorKind) {
        self.refuse(Error::new(kind, self.len).into());
    }
}

/// What is inside a template. The rules see it when the template is put down.
pub(super) struct Contents<'b> {
    room: &'b mut [u8],
    /// Bytes written, or that would have been.
    len: usize,
    /// How many of them the length does not count.
    extra: usize,
    /// The template's own path.
    path: Path,
    /// The byte of the payload at which it begins.
    offset: usize,
    counting: Counting,
    failed: Option<Finding>,
}

impl Sink for Contents<'_> {
    #[inline(always)]
    fn value(&mut self, tag: Tag, value: &[u8]) {
        let length = self.counting.length(value);
        let Some(header) = header(tag, length) else {
            return self.fail(ErrorKind::ValueTooLong { tag });
        };
        let end = self.len.saturating_add(HEADER).saturating_add(value.len());
        if let Some(object) = self.room.get_mut(self.len..end) {
            if let Some((head, room)) = object.split_first_chunk_mut() {
                *head = header;
                copy(room, value);
            }
        }
        self.len = end;
        self.extra = self.extra.saturating_add(value.len().saturating_sub(length));
    }

    fn copy(&mut self, tag: Tag, value: &[u8]) {
        self.value(tag, value);
    }

    fn template(&mut self, tag: Tag, empty: Empty, fill: impl FnOnce(&mut Contents<'_>)) {
        let start = self.len.saturating_add(HEADER);
        let room = self.room.get_mut(start..).unwrap_or_default();
        let mut contents = Contents {
            room,
            len: 0,
            extra: 0,
            path: self.path.join(tag),
            offset: self.offset.saturating_add(start),
            counting: self.counting,
            failed: None,
        };
        fill(&mut contents);
        let Contents { len, extra, failed, .. } = contents;
        self.failed = self.failed.or(failed);
        if len == 0 && empty == Empty::Dropped {
            return;
        }
        match header(tag, len.saturating_sub(extra)) {
            None => self.fail(ErrorKind::ValueTooLong { tag }),
            Some(header) => {
                let room = self.room.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut);
                room.into_iter().for_each(|room| *room = header);
            }
        }
        self.len = start.saturating_add(len);
        self.extra = self.extra.saturating_add(extra);
    }

    #[cold]
    fn fail(&mut self, kind: ErrorKind) {
        let offset = self.offset.saturating_add(self.len);
        let error = match kind {
            ErrorKind::ValueTooLong { tag } => Error::at(kind, Some(self.path.join(tag)), offset),
            _ => Error::new(kind, offset),
        };
        self.failed = self.failed.or(Some(error.into()));
    }
}

/// Ends the payload in the buffer with its checksum, unless something is wrong; its length.
///
/// `Err(None)` where the text is of another charset than was taken for granted. `first` is the
/// finding to refuse with, `around` hears what there is to say about the text as a whole.
pub(super) fn seal<L: Listener>(
    buffer: &mut [u8],
    written: Written<L>,
    first: impl Fn(L) -> Option<Finding>,
    mut around: L,
) -> Result<usize, Option<Finding>> {
    let Written { len, counting, failed, out, .. } = written;
    if failed.is_some() {
        return Err(failed.filter(|_| counting.charset == Charset::Any));
    }
    let whole = len.saturating_add(CHECKSUM_LEN);
    let Some((covered, digits)) =
        buffer.get_mut(..whole).and_then(|text| text.split_last_chunk_mut::<4>())
    else {
        let needed = u16::try_from(whole).unwrap_or(u16::MAX);
        return Err(Some(Error::new(ErrorKind::BufferTooSmall { needed }, 0).into()));
    };
    covered.last_chunk_mut().into_iter().for_each(|head| *head = *b"6304");
    *digits = hex_digits(checksum(covered));
    let Counting { unit, charset } = counting;
    if charset == Charset::Plain && Charset::from_bytes(covered) != Charset::Plain {
        return Err(None);
    }
    if charset == Charset::Any || whole > limits::MAX_PAYLOAD_CHARS {
        let payload = text(buffer, whole).map_err(Some)?;
        if let Some(finding) = unread(payload, unit) {
            return Err(Some(finding));
        }
        Surroundings { before: "", payload, after: "", charset, unit }.check(&mut around);
        if let Some(finding) = first(around) {
            return Err(Some(finding));
        }
    }
    first(out).map_or(Ok(whole), |finding| Err(Some(finding)))
}

/// The text of this length in the buffer. What was refused must not be found and shown, nor what
/// was tried before.
pub(super) fn hand_out(
    buffer: &mut [u8],
    len: Result<usize, Option<Finding>>,
) -> Result<&str, Finding> {
    match len {
        Ok(len) => text(buffer, len),
        Err(finding) => {
            buffer.fill(0);
            let unknown = || Error::new(ErrorKind::Utf8, 0).into();
            Err(finding.unwrap_or_else(unknown))
        }
    }
}

/// The text of this length in a buffer.
fn text(buffer: &[u8], len: usize) -> Result<&str, Finding> {
    let text = core::str::from_utf8(buffer.get(..len).unwrap_or_default());
    text.map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()).into())
}

/// Why a text would not be read as it was meant, if it would not.
fn unread(text: &str, unit: Unit) -> Option<Finding> {
    // Characters are what a reader tries first, so those come out.
    if unit == Unit::Characters || text.is_ascii() {
        return None;
    }
    match Payload::parse(text) {
        Ok(payload) if payload.unit() == unit => None,
        Ok(_) => Some(Error::new(ErrorKind::UnitAmbiguous, 0).into()),
        Err(error) => Some(error.into()),
    }
}

/// Passes on errors only.
struct ErrorsOf<'l, L>(&'l mut L);

impl<L: Listener> Listener for ErrorsOf<'_, L> {
    const LEAST: Severity = Severity::Error;
    type Mark = L::Mark;

    #[inline(always)]
    fn take(&mut self, finding: Finding) {
        self.0.take(finding);
    }

    #[inline(always)]
    fn mark(&self) -> L::Mark {
        self.0.mark()
    }

    #[inline(always)]
    fn rewind(&mut self, mark: L::Mark) {
        self.0.rewind(mark);
    }
}

/// Tag and length of an object; `None` where two digits cannot say the length.
#[inline(always)]
fn header(tag: Tag, length: usize) -> Option<[u8; HEADER]> {
    const { assert!(limits::MAX_VALUE_CHARS == TWO_DIGITS.len() - 1) };
    let [[a, b], [c, d]] = [*TWO_DIGITS.get(usize::from(tag.number()))?, *TWO_DIGITS.get(length)?];
    Some([a, b, c, d])
}

/// Copies to as much room.
#[inline(always)]
fn copy(room: &mut [u8], text: &[u8]) {
    // Two overlapping copies are faster than a call to memcpy, and do for most values.
    match text.len() {
        8..=16 => halves::<8>(room, text),
        17..=32 => halves::<16>(room, text),
        _ => room.copy_from_slice(text),
    }
}

#[inline(always)]
fn halves<const HALF: usize>(room: &mut [u8], text: &[u8]) {
    if let (Some(left), Some(right)) = (text.first_chunk::<HALF>(), text.last_chunk::<HALF>()) {
        room.first_chunk_mut().into_iter().for_each(|room| *room = *left);
        room.last_chunk_mut().into_iter().for_each(|room| *room = *right);
    }
}
