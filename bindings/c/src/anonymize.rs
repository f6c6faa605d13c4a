//! Masked copies that are safe to show to others.

use std::ffi::c_char;

use qris_codec::{Error, ErrorKind, Payload, anonymize_into};

use crate::encode::write_payload;
use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, bytes, write_out};
use crate::status::qris_status;

/// Writes a copy of any text that is safe to show to others: same length, same shape, same verdict.
///
/// Every value that is not known to be public is masked: letters become X, digits become 0.
/// Amounts, category, currency, country, known identifiers and the institution's number stay. If
/// the checksum of the text is right, the checksum of the copy is right too.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8, needs no NUL at its end, and need not be a
/// payload. If it is not one, objects are masked as far as they can be read, and after them every
/// letter and digit: `*unread` is then the byte at which no more objects could be read. Otherwise
/// it is `len`. `unread` may be NULL and is written only on success. `buffer`, `capacity`,
/// `written` and `error` are as for `qris_encode`; the copy takes `len` bytes.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_EMPTY,
/// QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_BUFFER_TOO_SMALL, and
/// QRIS_STATUS_NOT_ANONYMIZABLE if no masked copy would be the same in this way. Thread-safe.
/// Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read, and are not in the buffer.
/// - `capacity` bytes from `buffer` can be written to.
/// - `written`, `unread` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_anonymize(
    text: *const c_char,
    len: usize,
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
    unread: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let text = text_of(unsafe { bytes(text, len, "text") }?)?;
        let mut end = len;
        let write = |room: &mut [u8]| -> Result<usize, Error> {
            let copy = anonymize_into(text, room)?;
            end = copy.unread().unwrap_or(len);
            Ok(copy.as_str().len())
        };
        // SAFETY: the caller promises what `write_payload` asks for.
        unsafe { write_payload(buffer, capacity, written, len, write) }?;
        if !unread.is_null() {
            // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
            unsafe { write_out(unread, end) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The text in these bytes, if it is UTF-8 and short enough for the codec.
fn text_of(bytes: &[u8]) -> Result<&str, Problem> {
    match Payload::parse_bytes(bytes) {
        Err(error) if matches!(error.kind(), ErrorKind::TooLong { .. } | ErrorKind::Utf8) => {
            Err(Problem::Codec(error))
        }
        _ => Ok(std::str::from_utf8(bytes).unwrap_or_default()),
    }
}
