//! Writes objects. The rules then check the written payload.

use super::number::NewValue;
use crate::charset::Charset;
use crate::copy::copy;
use crate::crc::{checksum, hex_digits};
use crate::error::{Error, ErrorKind, Rules};
use crate::finding::Finding;
use crate::findings::Findings;
use crate::mpm::Payload;
use crate::rules::limits;
use crate::rules::listener::FindingBuffer;
use crate::scan::find;
use crate::tag::{Path, TWO_DIGITS, Tag};
use crate::tlv::{HEADER, Unit, is_inside};

/// Object 63 takes eight bytes.
pub(super) const CHECKSUM_LEN: usize = 8;

/// What to do with an empty template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// Write it; the rules refuse it.
    Kept,
    /// Leave it out.
    Dropped,
}

/// Writes objects one after another. When the buffer is full, it only counts.
pub(super) struct Writer<'b> {
    buffer: &'b mut [u8],
    /// The number of bytes, including the ones that did not fit.
    len: usize,
    /// How many of them are not counted by lengths.
    uncounted: usize,
    unit: Unit,
    charset: Charset,
    /// The open template.
    above: Option<Path>,
    failed: Option<Error>,
}

/// An open template.
pub(super) struct Open {
    tag: Tag,
    /// The template around it.
    above: Option<Path>,
    /// Where it begins.
    start: usize,
    /// The bytes before it that are not counted by lengths.
    uncounted: usize,
}

/// The written payload without the checksum.
pub(super) struct Written {
    pub(super) len: usize,
    unit: Unit,
    charset: Charset,
    failed: Option<Error>,
}

impl<'b> Writer<'b> {
    /// Writes text of this assumed charset, which is checked only at the end.
    #[inline(always)]
    pub(super) const fn new(buffer: &'b mut [u8], unit: Unit, charset: Charset) -> Self {
        Self { buffer, len: 0, uncounted: 0, unit, charset, above: None, failed: None }
    }

    /// Writes an object with this value.
    ///
    /// Inlined, and its callees take no reference to the writer, so the writer stays in registers.
    #[inline(always)]
    pub(super) fn value(&mut self, tag: Tag, value: &[u8]) {
        let length = self.length(value);
        let Some(header) = header(tag, length) else {
            return self.too_long(tag, length, self.len);
        };
        let rest = self.buffer.get_mut(self.len..).unwrap_or_default();
        if let Some((head, rest)) = rest.split_first_chunk_mut() {
            if let Some(room) = rest.get_mut(..value.len()) {
                *head = header;
                copy(room, value);
            }
        }
        // A value has at most 99 characters, so this cannot wrap.
        self.len = self.len.wrapping_add(HEADER).wrapping_add(value.len());
    }

    /// Copies objects of another payload with the same unit of length.
    #[inline(always)]
    pub(super) fn objects(&mut self, objects: &[u8]) {
        let end = self.len.saturating_add(objects.len());
        if let Some(room) = self.buffer.get_mut(self.len..end) {
            room.copy_from_slice(objects);
        }
        self.len = end;
        self.length(objects);
    }

    /// How much these bytes of an object add to its length. The rest is recorded for the template
    /// around it.
    #[inline(always)]
    fn length(&mut self, bytes: &[u8]) -> usize {
        let mut length = bytes.len();
        if self.unit == Unit::Characters && self.charset == Charset::Any {
            length = characters(bytes);
            self.uncounted = self.uncounted.wrapping_add(bytes.len().wrapping_sub(length));
        }
        length
    }

    /// Begins a template: everything up to [`close`](Self::close) is inside it.
    #[inline(always)]
    pub(super) fn open(&mut self, tag: Tag) -> Open {
        let open = Open { tag, above: self.above, start: self.len, uncounted: self.uncounted };
        self.above = Some(self.above.map_or(Path::new(tag), |above| above.join(tag)));
        self.len = self.len.saturating_add(HEADER);
        open
    }

    /// Ends a template.
    #[inline(always)]
    pub(super) fn close(&mut self, open: Open, empty: Empty) {
        let Open { tag, above, start, uncounted } = open;
        self.above = above;
        let inside = start.saturating_add(HEADER);
        if self.len == inside && empty == Empty::Dropped {
            self.len = start;
            return;
        }
        let bytes = self.len.saturating_sub(inside);
        let length = bytes.saturating_sub(self.uncounted.saturating_sub(uncounted));
        match header(tag, length) {
            None => self.too_long(tag, length, start),
            Some(header) => {
                if let Some(room) = self.buffer.get_mut(start..inside) {
                    room.copy_from_slice(&header);
                }
            }
        }
    }

    #[inline(always)]
    pub(super) fn new_value(&mut self, tag: Tag, value: &NewValue<'_>) {
        match value {
            NewValue::Text(text) => self.value(tag, text.as_bytes()),
            NewValue::Number(number) => self.value(tag, number.digits().as_bytes()),
        }
    }

    #[inline(always)]
    pub(super) fn optional(&mut self, number: u8, text: Option<&str>) {
        if let Some(text) = text {
            self.value(Tag::clamped(number), text.as_bytes());
        }
    }

    /// Refuses to write an object that begins at this byte.
    #[inline(always)]
    fn too_long(&mut self, tag: Tag, found: usize, offset: usize) {
        self.refuse(too_long(self.above, tag, found, offset));
    }

    /// Refuses to write, with the byte of the next object.
    #[inline(always)]
    pub(super) fn fail(&mut self, kind: ErrorKind) {
        self.refuse(Error::new(kind, self.len));
    }

    /// Refuses to write. The first reason counts.
    #[inline(always)]
    pub(super) fn refuse(&mut self, error: Error) {
        if self.failed.is_none() {
            self.failed = Some(error);
        }
    }

    #[inline(always)]
    pub(super) fn finish(self) -> Written {
        Written { len: self.len, unit: self.unit, charset: self.charset, failed: self.failed }
    }
}

#[cold]
#[inline(never)]
fn too_long(above: Option<Path>, tag: Tag, found: usize, offset: usize) -> Error {
    let found = u16::try_from(found).unwrap_or(u16::MAX);
    let kind = ErrorKind::ValueTooLong { tag, found };
    match above {
        Some(above) => Error::at(kind, Some(above.join(tag)), offset),
        None => Error::new(kind, offset),
    }
}

#[cold]
#[inline(never)]
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| !is_inside(byte)).count()
}

/// Adds the checksum to the payload in the buffer, unless something is wrong. Returns the length.
///
/// `Err(None)` if the text does not have the assumed charset.
///
/// If the national rules, which include EMVCo's, have an error or a warning, `refusal` returns the
/// finding to refuse with, if any.
#[inline(always)]
pub(super) fn seal(
    buffer: &mut [u8],
    written: Written,
    refusal: impl FnOnce(Findings<'_>) -> Option<Finding>,
) -> Result<usize, Option<Finding>> {
    let Written { len, unit, charset, failed } = written;
    if let Some(error) = failed {
        return Err((charset == Charset::Any).then(|| error.into()));
    }
    let whole = len.saturating_add(CHECKSUM_LEN);
    let room = buffer.len();
    let Some((covered, digits)) =
        buffer.get_mut(..whole).and_then(|text| text.split_last_chunk_mut::<4>())
    else {
        let short = |bytes: usize| u16::try_from(bytes).unwrap_or(u16::MAX);
        let kind = ErrorKind::BufferTooSmall { needed: short(whole), found: short(room) };
        return Err(Some(Error::new(kind, 0).into()));
    };
    covered.last_chunk_mut().into_iter().for_each(|head| *head = *b"6304");
    let checksum = checksum(covered);
    *digits = hex_digits(checksum);
    let (mut found, mut is_root) = (FindingBuffer::SEVERE, false);
    if charset == Charset::Plain {
        if Charset::from_bytes(covered) != Charset::Plain {
            return Err(None);
        }
        let bytes = buffer.get(..whole).unwrap_or_default();
        is_root = whole <= limits::MAX_PAYLOAD_CHARS && find(bytes, 0, &mut found);
        if is_root && found.is_empty() {
            return Ok(whole);
        }
    }
    let found = if is_root {
        let text = text(buffer, whole).map_err(Some)?;
        Findings::known(Payload::plain(text, checksum), Rules::Qris, found)
    } else {
        let payload = reread(buffer, whole, unit).map_err(Some)?;
        payload.severe_findings(Rules::Qris)
    };
    refusal(found).map_or(Ok(whole), |finding| Err(Some(finding)))
}

/// Reads the written payload again.
fn reread(buffer: &[u8], len: usize, unit: Unit) -> Result<Payload<'_>, Finding> {
    let payload = Payload::parse(text(buffer, len)?)?;
    if payload.unit() != unit && !payload.as_str().is_ascii() {
        return Err(Error::new(ErrorKind::UnitAmbiguous, 0).into());
    }
    Ok(payload)
}

/// The text of this length in the buffer. After a refusal nothing of it may stay in the buffer.
pub(super) fn finished_text(
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

/// Tag and length of an object; `None` if the length needs more than two digits.
#[inline]
fn header(tag: Tag, length: usize) -> Option<[u8; HEADER]> {
    const { assert!(limits::MAX_VALUE_CHARS == TWO_DIGITS.len() - 1) };
    let [[a, b], [c, d]] = [*TWO_DIGITS.get(usize::from(tag.number()))?, *TWO_DIGITS.get(length)?];
    Some([a, b, c, d])
}
