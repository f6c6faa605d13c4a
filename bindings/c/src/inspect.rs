//! Judging payloads.

use std::ffi::{c_char, c_void};

use qris_codec::{Finding, Language, Payload, Rules, Severity, Verdict, findings};

use crate::border::{boundary, bytes, give, writable};
use crate::error::Problem;
use crate::status::qris_status;
use crate::text::{self, Field};

/// Whose rules a payload is judged by.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_rules {
    /// EMVCo's text and Indonesia's national rules.
    Qris = 0,
    /// EMVCo's text for merchant-presented codes, for any country.
    Emv = 1,
}

impl qris_rules {
    pub(crate) fn parse(number: i32) -> Result<Rules, Problem> {
        const QRIS: i32 = qris_rules::Qris as i32;
        const EMV: i32 = qris_rules::Emv as i32;
        match number {
            QRIS => Ok(Rules::Qris),
            EMV => Ok(Rules::Emv),
            found => Err(Problem::Unknown { name: "qris_rules", found }),
        }
    }

    /// The rules, and the language of messages that was or'ed into them.
    pub(crate) fn parse_with_language(number: i32) -> Result<(Rules, Language), Problem> {
        #[cfg(feature = "indonesian")]
        if number & QRIS_LANG_ID != 0 {
            return Ok((Self::parse(number & !QRIS_LANG_ID)?, Language::Indonesian));
        }
        Ok((Self::parse(number)?, Language::English))
    }
}

/// Or'ed into the `rules` of `qris_inspect` and `qris_hints`: messages in Indonesian instead of
/// English, as in `QRIS_RULES_QRIS | QRIS_LANG_ID`. Codes and severities stay the same. A library
/// built without the feature `indonesian` answers QRIS_STATUS_UNKNOWN_VALUE.
// A flag and no function of its own: callers in other languages declare one number, and no function
// needs a second one beside it.
pub const QRIS_LANG_ID: i32 = 0x100;

/// How much a finding matters.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_severity {
    /// Worth knowing; seen in codes that work everywhere.
    Info = 0,
    /// Against the text of a rule; most wallets put up with it.
    Warning = 1,
    /// The payload must not be used.
    Error = 2,
}

impl qris_severity {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// What all findings of a text come to.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_verdict {
    /// No error and no warning; there may be information.
    Valid = 0,
    /// At least one warning, no error.
    Warn = 1,
    /// At least one error: the payload must not be used.
    Invalid = 2,
    /// `qris_parse` refuses the text.
    Malformed = 3,
}

impl qris_verdict {
    const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Valid,
            Verdict::Warn => Self::Warn,
            Verdict::Invalid => Self::Invalid,
            Verdict::Malformed => Self::Malformed,
        }
    }
}

/// One deviation from the rules. It and its texts are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_finding {
    /// The stable word for it, such as `amount-zero`. It ends with a NUL.
    pub code: *const c_char,
    /// A sentence that says what was expected and what was found, without quoting the payload: in
    /// English, or in Indonesian with QRIS_LANG_ID. It ends with a NUL.
    pub message: *const c_char,
    /// How much it matters.
    pub severity: qris_severity,
    /// The byte of the text at which it begins.
    pub offset: u32,
    /// The bytes of the text that it is about; 0 for a missing object.
    pub len: u32,
    /// How many of `tags` there are; 0 where it is about the whole text.
    pub depth: u8,
    /// The path of the object it is about, present or missing: 62 and 5 for `62.05`.
    pub tags: [u8; 3],
}

/// Is told of a finding. `user` is what was given to `qris_inspect`. It must return: no `longjmp`
/// and no exception may leave it.
pub type qris_finding_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, finding: *const qris_finding)>;

/// Judges a text, and tells of everything in which it deviates from the rules.
///
/// `text` is `len` bytes, neither NULL nor with a NUL behind it; any bytes at all can be judged.
/// `rules` is a `qris_rules`, with QRIS_LANG_ID or'ed in or not. `callback` may be NULL; it is called
/// once for each finding, the worst first, on the calling thread, before this function returns. `user` is handed to it and not touched.
/// `verdict` must not be NULL and is written only on success. A text that `qris_parse` refuses has
/// one finding, the reason, and the verdict QRIS_VERDICT_MALFORMED.
///
/// Statuses: QRIS_STATUS_OK whatever the verdict, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_UNKNOWN_VALUE. Threads: from any, at any time. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `callback` is NULL or a function of that type, and what it does with `user` is sound.
/// - `verdict` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_inspect(
    text: *const c_char,
    len: usize,
    rules: i32,
    callback: qris_finding_callback,
    user: *mut c_void,
    verdict: *mut qris_verdict,
) -> qris_status {
    let call = || {
        writable(verdict, "verdict")?;
        let (rules, language) = qris_rules::parse_with_language(rules)?;
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let bytes = unsafe { bytes(text, len, "text") }?;
        let tell = |finding: Finding| {
            let Some(callback) = callback else { return };
            let code = Field::<32>::sentence(&finding.code()).for_c();
            let message = Field::<256>::sentence(&finding.kind().localized(language)).for_c();
            let (depth, tags) = text::tags(finding.path());
            let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let told = qris_finding {
                code: code.as_ptr(),
                message: message.as_ptr(),
                severity: qris_severity::of(finding.severity()),
                offset: short(finding.offset()),
                len: short(finding.span().len()),
                depth,
                tags,
            };
            // SAFETY: the caller promises that it can be called with `user`; the finding and its
            // texts live until it returns.
            unsafe { callback(user, &raw const told) };
        };
        let judged = match Payload::parse_bytes(bytes) {
            Ok(payload) => {
                findings::worst_first(&payload.findings(rules)).for_each(tell);
                payload.verdict(rules)
            }
            Err(error) => {
                tell(Finding::from(error));
                Verdict::Malformed
            }
        };
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { give(verdict, qris_verdict::of(judged)) };
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}
