//! Text that C passes in and gets back.

use std::ffi::c_char;
use std::fmt::{self, Write as _};

use qris_codec::Path;

/// A piece of text: a pointer and a length in bytes, UTF-8, without a NUL at its end.
///
/// As a result, it points into a text that you passed in (each function says which one). It is
/// valid as long as that text, and must not be freed. As an argument, a length of 0 means no text,
/// and then the pointer may be NULL. `qris_text("...")` makes one from a text that ends with a NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_str {
    /// The first byte.
    pub ptr: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

impl qris_str {
    /// Points to a text.
    pub(crate) const fn new(text: &str) -> Self {
        Self { ptr: text.as_ptr().cast(), len: text.len() }
    }
}

impl Default for qris_str {
    /// No text.
    fn default() -> Self {
        Self { ptr: std::ptr::null(), len: 0 }
    }
}

/// A text of at most `N - 1` bytes and a NUL, for an array in a C struct.
#[derive(Clone, Copy)]
pub(crate) struct Field<const N: usize> {
    bytes: [u8; N],
    len: usize,
    /// Whether something did not fit; nothing is added then.
    full: bool,
}

impl<const N: usize> Field<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0, full: false };

    /// As much of a sentence as fits. `...` replaces the rest.
    pub(crate) fn sentence(sentence: &dyn fmt::Display) -> Self {
        let mut field = Self::EMPTY;
        // Writing to a field cannot fail.
        let _ = write!(field, "{sentence}");
        if field.full {
            let written = std::str::from_utf8(&field.bytes[..field.len]).unwrap_or_default();
            let from = fitting(written, N.saturating_sub(4));
            for (slot, byte) in field.bytes.iter_mut().skip(from).zip(*b"...\0") {
                *slot = byte;
            }
        }
        field
    }

    fn add(&mut self, text: &str) {
        if self.full {
            return;
        }
        let room = N.saturating_sub(self.len + 1);
        let fits = fitting(text, room);
        self.full = fits < text.len();
        let place = self.bytes.iter_mut().skip(self.len);
        for (slot, byte) in place.zip(text.bytes().take(fits)) {
            *slot = byte;
        }
        self.len += fits;
    }

    /// The bytes, followed by a NUL.
    pub(crate) fn for_c(&self) -> [c_char; N] {
        self.bytes.map(|byte| byte as c_char)
    }
}

/// Texts of invoices, payments and orders.
#[cfg(feature = "client")]
impl<const N: usize> Field<N> {
    /// The whole text, or `None` if it does not fit or has a NUL inside, where C would end it.
    pub(crate) fn whole(text: &str) -> Option<Self> {
        let mut field = Self::EMPTY;
        field.add(text);
        (!field.full && !text.contains('\0')).then_some(field)
    }

    /// Whether there is no text.
    #[cfg(feature = "orders")]
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// As many whole characters of the text as fit; a NUL becomes a question mark.
    pub(crate) fn cut(text: &str) -> Self {
        let mut field = Self::EMPTY;
        field.add(text);
        for byte in field.bytes.iter_mut().take(field.len).filter(|byte| **byte == 0) {
            *byte = b'?';
        }
        field
    }
}

/// How many of the first `room` bytes are whole characters.
fn fitting(text: &str, room: usize) -> usize {
    (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

impl<const N: usize> fmt::Write for Field<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text);
        Ok(())
    }
}

/// The text in a field that C may have written, or `None` if it has no NUL or is not UTF-8.
#[cfg(feature = "client")]
pub(crate) fn read_field(field: &[c_char]) -> Option<String> {
    let bytes: Vec<u8> =
        field.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect();
    if bytes.len() == field.len() {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// A path for C: the number of tags, and the tags.
pub(crate) fn tags(path: Option<Path>) -> (u8, [u8; 3]) {
    let mut tags = [0; 3];
    let mut depth = 0;
    for (slot, tag) in tags.iter_mut().zip(path.iter().flat_map(|path| path.tags())) {
        *slot = tag.number();
        depth += 1;
    }
    (depth, tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<const N: usize>(field: Field<N>) -> String {
        assert_eq!(field.for_c().last(), Some(&0), "a NUL is the last byte");
        let bytes: Vec<u8> = field.bytes.into_iter().take_while(|byte| *byte != 0).collect();
        String::from_utf8(bytes).expect("whole characters")
    }

    #[test]
    fn a_sentence_that_does_not_fit_ends_with_three_points() {
        assert_eq!(shown(Field::<8>::sentence(&"1234567")), "1234567");
        assert_eq!(shown(Field::<8>::sentence(&"12345678")), "1234...");
        assert_eq!(shown(Field::<8>::sentence(&"123\u{5e97}5678")), "123...");
    }

    #[cfg(feature = "client")]
    #[test]
    fn a_field_holds_the_whole_text_or_nothing() {
        assert_eq!(Field::<4>::whole("abc").map(shown).as_deref(), Some("abc"));
        assert!(Field::<4>::whole("abcd").is_none());
        assert!(Field::<4>::whole("a\0b").is_none(), "C would see it end early");
    }

    #[cfg(feature = "client")]
    #[test]
    fn a_cut_text_ends_between_two_characters() {
        assert_eq!(shown(Field::<6>::cut("ab\u{5e97}\u{5e97}")), "ab\u{5e97}");
        assert_eq!(shown(Field::<6>::cut("a\0b")), "a?b");
    }
}
