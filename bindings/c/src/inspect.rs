//! Inspecting payloads.

use std::ffi::{c_char, c_void};

use qris_codec::{Finding, Language, Payload, Rules, Severity, Verdict, findings};

use crate::error::Problem;
use crate::ffi::{boundary, bytes, writable, write_out};
use crate::status::qris_status;
use crate::text::{self, Field};

/// The rules that a payload is checked against.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_rules {
    /// EMVCo's rules and Indonesia's national rules.
    Qris = 0,
    /// EMVCo's rules for merchant-presented codes of any country.
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

    /// The rules, and the message language that is or'ed into them.
    pub(crate) fn parse_with_language(number: i32) -> Result<(Rules, Language), Problem> {
        #[cfg(feature = "indonesian")]
        if number & QRIS_LANG_ID != 0 {
            return Ok((Self::parse(number & !QRIS_LANG_ID)?, Language::Indonesian));
        }
        Ok((Self::parse(number)?, Language::English))
    }
}

/// A flag for the `rules` of `qris_inspect` and `qris_hints`: messages are in Indonesian instead of
/// English, as in `QRIS_RULES_QRIS | QRIS_LANG_ID`. Codes and severities stay the same. A library
/// without the feature `indonesian` returns QRIS_STATUS_UNKNOWN_VALUE.
// A flag, not a function for each language: callers in other languages declare one number more.
pub const QRIS_LANG_ID: i32 = 0x100;

/// How much a finding matters.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_severity {
    /// Good to know. Codes that work everywhere may have such a finding.
    Info = 0,
    /// Breaks a rule, but most wallets accept it.
    Warning = 1,
    /// The payload must not be used.
    Error = 2,
}

impl qris_severity {
    const fn new(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// The result of all findings of a text.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_verdict {
    /// No error and no warning. There may be findings of severity info.
    Valid = 0,
    /// At least one warning, no error.
    Warn = 1,
    /// At least one error: the payload must not be used.
    Invalid = 2,
    /// `qris_parse` refuses the text.
    Malformed = 3,
}

impl qris_verdict {
    const fn new(verdict: Verdict) -> Self {
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
    /// The number of bytes that it is about; 0 for a missing object.
    pub len: u32,
    /// The number of `tags` in use; 0 if the finding is about the whole text.
    pub depth: u8,
    /// The path of the wrong or missing object: 62 and 5 for `62.05`.
    pub tags: [u8; 3],
}

/// Called for each finding. `user` is the pointer that was passed to `qris_inspect`. It must return
/// normally: no `longjmp` and no exception may leave it.
pub type qris_finding_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, finding: *const qris_finding)>;

/// Checks a text against the rules and reports every deviation.
///
/// `text` must not be NULL. It is `len` bytes and needs no NUL at its end; any bytes are allowed.
/// `rules` is a `qris_rules`, optionally or'ed with QRIS_LANG_ID. `callback` may be NULL. It is
/// called once for each finding, the worst first, on the calling thread, before this function
/// returns. `user` is passed to it unchanged. `verdict` must not be NULL and is written only on
/// success. If `qris_parse` refuses the text, there is one finding, the reason, and the verdict is
/// QRIS_VERDICT_MALFORMED.
///
/// Statuses: QRIS_STATUS_OK with every verdict, QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_UNKNOWN_VALUE. Thread-safe. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `callback` is NULL, or a function of that type that can use `user`.
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
        let report = |finding: Finding| {
            let Some(callback) = callback else { return };
            let code = Field::<32>::sentence(&finding.code()).for_c();
            let message = Field::<256>::sentence(&finding.kind().localized(language)).for_c();
            let (depth, tags) = text::tags(finding.path());
            let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let finding = qris_finding {
                code: code.as_ptr(),
                message: message.as_ptr(),
                severity: qris_severity::new(finding.severity()),
                offset: short(finding.offset()),
                len: short(finding.span().len()),
                depth,
                tags,
            };
            // SAFETY: the caller promises that it can be called with `user`; the finding and its
            // texts live until it returns.
            unsafe { callback(user, &raw const finding) };
        };
        let result = match Payload::parse_bytes(bytes) {
            Ok(payload) => {
                findings::worst_first(&payload.findings(rules)).for_each(report);
                payload.verdict(rules)
            }
            Err(error) => {
                report(Finding::from(error));
                Verdict::Malformed
            }
        };
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(verdict, qris_verdict::new(result)) };
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) }
}
