//! Copies that can be shown to others.

use std::ffi::c_char;

use qris_codec::{Error, ErrorKind, Payload, anonymize_into};

use crate::border::{boundary, bytes, give};
use crate::encode::hand_out;
use crate::error::{Problem, qris_error};
use crate::status::qris_status;

/// Writes a copy of any text that is safe to show to others: same length, same shape, same verdict.
///
/// Every value that is not known to be public is masked: letters become X, digits 0. Amounts,
/// category, currency, country, known identifiers and the institution's number stay. A checksum
/// that was right is right again.
///
/// `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it; it need not be a payload.
/// Of text that is none objects are masked as far as they can be read, and behind that every letter
/// and digit: `*unread` is then the byte from which on no objects could be read, and otherwise
/// `len`. `unread` may be NULL and is written only on success. `buffer`, `capacity`, `written` and
/// `error` are as for `qris_encode`; the copy takes `len` bytes.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_EMPTY,
/// QRIS_STATUS_TEXT_TOO_LONG, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_BUFFER_TOO_SMALL, and
/// QRIS_STATUS_NOT_ANONYMIZABLE where no copy would read the same way. Threads: from any, at any
/// time. Nothing is allocated.
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
        // SAFETY: the caller promises what `hand_out` asks for.
        unsafe { hand_out(buffer, capacity, written, len, write) }?;
        if !unread.is_null() {
            // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
            unsafe { give(unread, end) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The text in these bytes, of the length that the codec looks at.
fn text_of(bytes: &[u8]) -> Result<&str, Problem> {
    match Payload::parse_bytes(bytes) {
        Err(error) if matches!(error.kind(), ErrorKind::TooLong { .. } | ErrorKind::Utf8) => {
            Err(Problem::Codec(error))
        }
        _ => Ok(std::str::from_utf8(bytes).unwrap_or_default()),
    }
}
