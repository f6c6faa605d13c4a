//! What a text looks like that is no good payload.

use std::ffi::{c_char, c_void};

use qris_codec::{Hint, hints};

use crate::border::{boundary, bytes};
use crate::error::Problem;
use crate::inspect::qris_rules;
use crate::status::qris_status;
use crate::text::Field;

/// Something that was recognised in a text. It and its texts are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_hint {
    /// The stable word for it, such as `plus-for-space`. It ends with a NUL.
    pub code: *const c_char,
    /// A sentence for people, which quotes nothing of the text but a country's code: in English, or
    /// in Indonesian with QRIS_LANG_ID. It ends with a NUL.
    pub message: *const c_char,
}

/// Is told of a hint. `user` is what was given to `qris_hints`. It must return: no `longjmp` and no
/// exception may leave it.
pub type qris_hint_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, hint: *const qris_hint)>;

/// Tells what a text looks like that a wallet would not take: a link with a payload in it, a line of
/// a CSV file, spaces written as `+`, a code of another country. Nothing is repaired, and no verdict
/// depends on it.
///
/// `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `rules` is a `qris_rules`,
/// with QRIS_LANG_ID or'ed in or not.
/// `callback` must not be NULL; it is called once for each hint, on the calling thread, before this
/// function returns, and not at all where nothing is recognised. `user` is handed to it and not
/// touched.
///
/// Statuses: QRIS_STATUS_OK, also where there is no hint, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, and QRIS_STATUS_TEXT_TOO_LONG where `len`
/// cannot be right. Threads: from any, at any time. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `callback` is NULL or a function of that type, and what it does with `user` is sound.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_hints(
    text: *const c_char,
    len: usize,
    rules: i32,
    callback: qris_hint_callback,
    user: *mut c_void,
) -> qris_status {
    let call = || {
        let callback = callback.ok_or(Problem::Null("callback"))?;
        let (rules, language) = qris_rules::parse_with_language(rules)?;
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let bytes = unsafe { bytes(text, len, "text") }?;
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Problem::NotUtf8 { name: "text", offset: error.valid_up_to() })?;
        hints(text, rules).for_each(|hint: Hint| {
            let code = Field::<32>::sentence(&hint.code()).for_c();
            let message = Field::<256>::sentence(&hint.localized(language)).for_c();
            let told = qris_hint { code: code.as_ptr(), message: message.as_ptr() };
            // SAFETY: the caller promises that it can be called with `user`; the hint and its texts
            // live until it returns.
            unsafe { callback(user, &raw const told) };
        });
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}
