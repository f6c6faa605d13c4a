//! Hints: what a text that is not a good payload looks like.

use std::ffi::{c_char, c_void};

use qris_codec::{Hint, hints};

use crate::error::Problem;
use crate::ffi::{boundary, bytes};
use crate::inspect::qris_rules;
use crate::status::qris_status;
use crate::text::Field;

/// Something that was recognized in a text. It and its texts are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_hint {
    /// The stable word for it, such as `plus-for-space`. It ends with a NUL.
    pub code: *const c_char,
    /// A sentence for people: in English, or in Indonesian with QRIS_LANG_ID. It quotes nothing of
    /// the text except a country code. It ends with a NUL.
    pub message: *const c_char,
}

/// Called for each hint. `user` is the pointer that was passed to `qris_hints`. It must return
/// normally: no `longjmp` and no exception may leave it.
pub type qris_hint_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, hint: *const qris_hint)>;

/// Reports what a text that wallets refuse looks like: a link with a payload in it, a line of a CSV
/// file, spaces written as `+`, a code of another country. It repairs nothing, and hints do not
/// change the verdict.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `rules` is a
/// `qris_rules`, optionally or'ed with QRIS_LANG_ID. `callback` must not be NULL. It is called once
/// for each hint, on the calling thread, before this function returns. `user` is passed to it
/// unchanged.
///
/// Statuses: QRIS_STATUS_OK, also without any hint, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, and QRIS_STATUS_TEXT_TOO_LONG if `len` is
/// impossibly large. Thread-safe. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `callback` is NULL, or a function of that type that can use `user`.
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
            let hint = qris_hint { code: code.as_ptr(), message: message.as_ptr() };
            // SAFETY: the caller promises that it can be called with `user`; the hint and its texts
            // live until it returns.
            unsafe { callback(user, &raw const hint) };
        });
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}
