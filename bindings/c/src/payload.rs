//! Reading payloads.

use std::ffi::{CStr, c_char};

use qris_codec::tlv::Reader;
use qris_codec::{Path, Payload, Tag};

use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, payload as payload_of, writable, write_out};
use crate::status::qris_status;
use crate::text::qris_str;

/// A payload that has been read. `qris_parse` fills it in. Its content is private.
///
/// The caller owns it and may copy it; there is nothing to free. It points into the parsed text:
/// keep that text, unchanged, as long as you use the payload.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_payload {
    /// Private.
    opaque: [u64; 8],
}

/// What is inside a [`qris_payload`].
#[repr(C)]
struct Inside<'a> {
    /// [`PARSED`], or any bytes if it was never filled in.
    mark: u64,
    payload: Payload<'a>,
}

const _: () = assert!(size_of::<Inside<'_>>() <= size_of::<qris_payload>());
const _: () = assert!(align_of::<Inside<'_>>() <= align_of::<qris_payload>());

/// "qris 0.1" and a byte that is not text.
const PARSED: u64 = u64::from_le_bytes(*b"qris0.1\xff");

/// Reads a payload and verifies its checksum.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. White space and
/// a byte-order mark around the payload are ignored. Nothing is copied: the caller owns `text` and
/// must keep it, unchanged, as long as `*payload` is used. `payload` must not be NULL and is
/// written only on success. `error` may be NULL.
///
/// A payload with a correct checksum may still break rules: see `qris_inspect`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, and
/// QRIS_STATUS_TEXT_EMPTY to QRIS_STATUS_CHECKSUM_MISMATCH; if several apply, the first of them. Thread-safe. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read.
/// - `payload` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_parse(
    text: *const c_char,
    len: usize,
    payload: *mut qris_payload,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(payload, "payload")?;
        // SAFETY: the caller promises that `len` bytes from `text` can be read, and that they
        // stay as they are while the payload is used.
        let inside = Inside { mark: PARSED, payload: unsafe { payload_of(text, len) }? };
        // SAFETY: not NULL (checked above), can be written to (promised), and large and aligned
        // enough (asserted above).
        unsafe { write_out(payload.cast::<Inside<'_>>(), inside) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The payload that [`qris_parse`] filled in.
///
/// # Safety
///
/// `payload` is NULL, or can be read and was zero or filled in by `qris_parse` from a text that
/// still lives and has not changed.
unsafe fn parsed<'a>(payload: *const qris_payload) -> Result<&'a Payload<'a>, Problem> {
    if payload.is_null() {
        return Err(Problem::Null("payload"));
    }
    // SAFETY: not NULL (checked above) and readable (promised); the mark is the first field.
    let mark = unsafe { payload.cast::<u64>().read() };
    if mark != PARSED {
        return Err(Problem::Plain(qris_status::NotParsed));
    }
    // SAFETY: the mark says that `qris_parse` wrote an `Inside`, and the caller promises that the
    // text it borrows is still there and that nobody writes to it during the call.
    let inside = unsafe { &*payload.cast::<Inside<'a>>() };
    Ok(&inside.payload)
}

/// Looks up the value of an object by its path: `"54"`, `"51.02"`, `"62.05"`.
///
/// `payload` was filled in by `qris_parse`. `path` is one to three pairs of digits, joined by
/// points, and ends with a NUL. Neither may be NULL. `value` must not be NULL and is written only
/// on success. It points into the parsed text and is valid as long as that text. A value may be
/// empty. Objects 02 to 25 are account numbers without inner objects.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there is no such object; `*value` is unchanged),
/// QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_PATH_SYNTAX. Thread-safe, also
/// with the same payload. Nothing is allocated.
///
/// # Safety
///
/// - `payload` is NULL or zero, or `qris_parse` filled it in and the parsed text is still there,
///   unchanged.
/// - `path` is NULL or ends with a NUL.
/// - `value` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_get(
    payload: *const qris_payload,
    path: *const c_char,
    value: *mut qris_str,
) -> qris_status {
    let call = || {
        writable(value, "value")?;
        // SAFETY: the caller promises that the payload is what `qris_parse` left, and the text.
        let payload = unsafe { parsed(payload) }?;
        if path.is_null() {
            return Err(Problem::Null("path"));
        }
        // SAFETY: not NULL (checked above), and the caller promises a NUL at its end.
        let path = unsafe { CStr::from_ptr(path) };
        let path = path_of(path.to_bytes()).ok_or(Problem::Plain(qris_status::PathSyntax))?;
        let found = payload.get(path).ok_or(Problem::Plain(qris_status::Absent))?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(value, qris_str::new(found)) };
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}

/// The path in these bytes, or `None` if they are not a path.
///
/// `Path` reads text, but C passes bytes. Checking first whether they are UTF-8 would take longer
/// than everything else.
fn path_of(bytes: &[u8]) -> Option<Path> {
    let tag = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| Tag::new((tens - b'0') * 10 + (ones - b'0'))).flatten()
    };
    match *bytes {
        [a, b] => Some(Path::new(tag(a, b)?)),
        [a, b, b'.', c, d] => Some(Path::sub(tag(a, b)?, tag(c, d)?)),
        [a, b, b'.', c, d, b'.', e, f] => Some(Path::sub(tag(a, b)?, tag(c, d)?).join(tag(e, f)?)),
        _ => None,
    }
}

/// The position of `qris_next` in a payload. Set the whole struct to zero to begin (`qris_cursor
/// cursor = {0};`, in C++ `{}`); after that only `qris_next` changes it. The caller owns it and
/// there is nothing to free. Copy it to return to a position later.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_cursor {
    /// The byte of the payload at which the next object begins. Private.
    pub next: u32,
    /// The number of open templates. Private.
    pub depth: u32,
    /// The bytes of the payload at which they end. Private.
    pub ends: [u32; 2],
    /// Their tags. Private.
    pub tags: [u8; 4],
}

/// An object of a payload, from `qris_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_object {
    /// Its value, in the parsed text; valid as long as that text.
    pub value: qris_str,
    /// The byte of the text at which the object begins: tag, then length, then value.
    pub offset: u32,
    /// The number of `tags` in use: 1 for an object of the root, 2 or 3 inside templates.
    pub depth: u8,
    /// The path of the object: 62 and 5 for `62.05`. Unused tags are 0.
    pub tags: [u8; 3],
}

/// Walks all objects of a payload: each object of the root, and right after a template the objects
/// inside it.
///
/// Templates are 26 to 51, 62, 64, 80 to 99 and 62.50 to 62.99, if the whole value consists of
/// objects. Other values are returned as they are.
///
/// `payload` was filled in by `qris_parse`. `cursor` is zero at first; after that only `qris_next`
/// changes it. `object` is written only on success; its value points into the parsed text. None of
/// them may be NULL.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_ABSENT (there are no more objects; `*cursor` and `*object`
/// are unchanged), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_NOT_PARSED, QRIS_STATUS_CURSOR_INVALID.
/// Thread-safe if each thread has its own cursor. Nothing is allocated.
///
/// # Safety
///
/// - `payload` is NULL or zero, or `qris_parse` filled it in and the parsed text is still there,
///   unchanged.
/// - `cursor` is NULL or can be read and written to, and no other thread does so.
/// - `object` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_next(
    payload: *const qris_payload,
    cursor: *mut qris_cursor,
    object: *mut qris_object,
) -> qris_status {
    let call = || {
        writable(cursor, "cursor")?;
        writable(object, "object")?;
        // SAFETY: the caller promises that the payload is what `qris_parse` left, and the text.
        let payload = unsafe { parsed(payload) }?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be read.
        let mut at = unsafe { cursor.read() };
        let found = at.advance(payload)?.ok_or(Problem::Plain(qris_status::Absent))?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(object, found) };
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(cursor, at) };
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}

impl qris_cursor {
    /// Moves to the next object, or returns `None` at the end. The cursor may hold any numbers.
    ///
    /// The codec's own walk holds references, and references must not come from memory that C
    /// fills. Starting it again for each object would take quadratic time.
    fn advance(&mut self, payload: &Payload<'_>) -> Result<Option<qris_object>, Problem> {
        let invalid = || Problem::Plain(qris_status::CursorInvalid);
        let body = payload.as_str();
        // Offsets count from the start of the given text. The payload may begin later in it.
        let start = payload.objects().next().map_or(0, |first| first.offset());
        let next = self.next as usize;
        let mut depth = self.depth as usize;
        if depth > self.ends.len() {
            return Err(invalid());
        }
        while depth > 0 && next >= self.ends[depth - 1] as usize {
            depth -= 1;
        }
        let end = if depth == 0 { body.len() } else { self.ends[depth - 1] as usize };
        if next == body.len() && depth == 0 {
            return Ok(None);
        }
        let piece = body.get(next..end).ok_or_else(invalid)?;
        let mut reader = Reader::at(piece, start + next, payload.unit());
        let found = reader.next_object().ok().flatten().ok_or_else(invalid)?;
        let tag = found.tag().number();

        let mut tags = [0; 3];
        tags[..depth].copy_from_slice(&self.tags[..depth]);
        tags[depth] = tag;
        if tags.iter().any(|tag| *tag > 99) {
            return Err(invalid());
        }
        let value_at = next + (found.value_offset() - found.offset());
        let value_end = value_at + found.value().len();
        let opens = path(&tags[..=depth]).is_some_and(Path::is_template)
            && !found.value().is_empty()
            && payload.inside(&found).is_some();
        let number = |place: usize| u32::try_from(place).map_err(|_| invalid());
        if opens {
            self.tags[depth] = tag;
            self.ends[depth] = number(value_end)?;
        }
        self.depth = number(depth + usize::from(opens))?;
        self.next = number(if opens { value_at } else { value_end })?;
        Ok(Some(qris_object {
            value: qris_str::new(found.value()),
            offset: number(found.offset())?,
            depth: depth as u8 + 1,
            tags,
        }))
    }
}

/// The path of these tags, or `None` if one is not a tag.
fn path(tags: &[u8]) -> Option<Path> {
    let (root, inner) = tags.split_first()?;
    let path = Path::new(Tag::new(*root)?);
    inner.iter().try_fold(path, |path, tag| Some(path.join(Tag::new(*tag)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_the_same_here_and_in_rust() {
        let mut texts: Vec<String> = (0..=99).map(|tag| format!("{tag:02}")).collect();
        texts.extend((0..=99).map(|tag| format!("62.{tag:02}")));
        texts.extend((0..=99).map(|tag| format!("62.99.{tag:02}")));
        let wrong =
            ["", "5", "590", "5a", "a5", "59.", ".59", "59.1", "59,01", "62.99.0", "62.05.01.02"];
        texts.extend(wrong.map(str::to_owned));
        for text in texts {
            assert_eq!(path_of(text.as_bytes()), text.parse().ok(), "{text:?}");
        }
    }
}
