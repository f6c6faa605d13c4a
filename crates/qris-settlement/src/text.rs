//! Decodes the text of a file.

use std::borrow::Cow;

use crate::read_error::{Fault, ReadError};

/// The number of bytes in which UTF-16 is detected by its zeros.
const SEARCHED: usize = 1_024;

/// The text of a file in UTF-8, or in UTF-16 with its byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some(text) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(text, u16::from_le_bytes);
    }
    if let Some(text) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(text, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // UTF-16 of ASCII letters without its mark is valid UTF-8 with zeros.
    if bytes.iter().take(SEARCHED).any(|&byte| byte == 0) {
        return Err(ReadError::at(1, Fault::Encoding));
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        ReadError::at(1 + count_lines(before), Fault::Encoding)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let wrong = |_| ReadError::at(1 + count_lines(text.as_bytes()), Fault::Encoding);
        text.push(c.map_err(wrong)?);
    }
    if !rest.is_empty() {
        return Err(ReadError::at(1 + count_lines(text.as_bytes()), Fault::Encoding));
    }
    Ok(Cow::Owned(text))
}

fn count_lines(before: &[u8]) -> u64 {
    before.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}
