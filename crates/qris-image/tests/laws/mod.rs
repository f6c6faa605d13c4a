//! Properties of any file. The tests and the fuzz target both call them.
#![allow(unreachable_pub, reason = "the fuzz target reaches it through a crate of its own")]

use qris_image::{ReadError, read_with_limit};

/// A small limit, so that a run takes milliseconds.
pub const MAX_PIXELS: u64 = 70_000;

/// The longest text of a symbol in bytes. A Kanji of 13 bits becomes three bytes, and so may a byte
/// that is not UTF-8.
const MAX_TEXT: usize = 3 * 7_089;

/// Any bytes are read, or refused with a reason. Never more pixels than the limit are read.
pub fn any_file_is_read_or_refused(file: &[u8]) {
    match read_with_limit(file, MAX_PIXELS) {
        Ok(found) => {
            for symbol in found {
                assert!(symbol.text().len() <= MAX_TEXT);
                assert!(symbol.corners().iter().all(|at| at.x.is_finite() && at.y.is_finite()));
            }
        }
        Err(ReadError::TooLarge { width, height, max_pixels }) => {
            let pixels = u64::from(width) * u64::from(height);
            assert!(pixels > max_pixels || width.max(height) > 65_535);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
