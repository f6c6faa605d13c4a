//! Writing payloads from payloads.

use std::ffi::c_char;
use std::mem::offset_of;

use crate::border::{Options, amount, boundary, optional, options, payload, reserved};
use crate::encode::{hand_out, tip};
use crate::error::{Problem, qris_error};
use crate::status::qris_status;
use crate::text::qris_str;

/// What a dynamic payload is to say. Set all of it to zero, then `size` to
/// `sizeof(qris_dynamic_options)`, then what there is to say. The texts stay the caller's and need
/// to live only until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_dynamic_options {
    /// `sizeof(qris_dynamic_options)`.
    pub size: usize,
    /// 54, the amount, exact: digits with at most one decimal point, such as `25578`. Must be
    /// given.
    pub amount: qris_str,
    /// 56 or 57, where `tip` says fixed or percent, and only there: `2000`, `2.50`.
    pub fee: qris_str,
    /// 62.05; what the payload says stays if left out.
    pub reference_label: qris_str,
    /// 62.01; what the payload says stays if left out.
    pub bill_number: qris_str,
    /// A `qris_tip`: object 55; what the payload says stays if left out.
    pub tip: i32,
    /// Zero.
    pub reserved: i32,
}

// SAFETY: `repr(C)`, begins with its size, holds numbers and pointers only, and zero is "not
// said" in each of them.
unsafe impl Options for qris_dynamic_options {
    const NAME: &'static str = "qris_dynamic_options";
    const LEAST: usize = offset_of!(Self, reserved) + size_of::<i32>();
}

/// Writes a copy of a payload for one payment: object 01 is 12, 54 is the amount, and all objects
/// that are not to change stand as they stood, byte for byte.
///
/// Whether a wallet takes a code that somebody else than the acquirer made is up to the wallet.
///
/// `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `options` must not be
/// NULL. `buffer`, `capacity`, `written` and `error` are as for `qris_encode`. Nothing is written
/// that `qris_inspect` would find an error in, or a warning that the payload did not have before.
///
/// Statuses: those of `qris_parse` and `qris_encode`, and QRIS_STATUS_OBJECT_NOT_AMENDABLE.
/// Threads: from any, at any time. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read, and are not in the buffer.
/// - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
///   to their lengths.
/// - `capacity` bytes from `buffer` can be written to.
/// - `written` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_to_dynamic(
    text: *const c_char,
    len: usize,
    options: *const qris_dynamic_options,
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let payload = unsafe { payload(text, len) }?;
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let options = unsafe { self::options(options) }?;
        reserved(options.reserved)?;
        // SAFETY: the caller promises that its texts can be read to their lengths.
        let asked = unsafe { amount(options.amount, "amount") }?;
        let asked = asked.ok_or(Problem::NoAmount { name: "amount" })?;
        let mut dynamic = payload.to_dynamic(asked);
        // SAFETY: the caller promises that its texts can be read to their lengths.
        if let Some(tip) = unsafe { tip(options.tip, options.fee) }? {
            dynamic = dynamic.tip(tip);
        }
        // SAFETY: the caller promises that its texts can be read to their lengths.
        if let Some(label) = unsafe { optional(options.reference_label, "reference_label") }? {
            dynamic = dynamic.reference_label(label);
        }
        // SAFETY: the caller promises that its texts can be read to their lengths.
        if let Some(number) = unsafe { optional(options.bill_number, "bill_number") }? {
            dynamic = dynamic.bill_number(number);
        }
        let write = |room: &mut [u8]| {
            dynamic.encode_into(room).map(str::len).map_err(qris_codec::Error::from)
        };
        // SAFETY: the caller promises what `hand_out` asks for.
        unsafe { hand_out(buffer, capacity, written, dynamic.encoded_len(), write) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Writes a copy of a payload for any number of payments: object 01 is 11, the amount (54), the tip
/// or fee (55 to 57), the bill number (62.01) and the reference label (62.05) are left out, and all
/// other objects stand as they stood, byte for byte.
///
/// `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `buffer`, `capacity`,
/// `written` and `error` are as for `qris_encode`. Nothing is written that `qris_inspect` would find
/// an error in, or a warning that the payload did not have before.
///
/// Statuses: those of `qris_to_dynamic`. Threads: from any, at any time. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read, and are not in the buffer.
/// - `capacity` bytes from `buffer` can be written to.
/// - `written` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_to_static(
    text: *const c_char,
    len: usize,
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let fixed = unsafe { payload(text, len) }?.to_static();
        let write = |room: &mut [u8]| {
            fixed.encode_into(room).map(str::len).map_err(qris_codec::Error::from)
        };
        // SAFETY: the caller promises what `hand_out` asks for.
        unsafe { hand_out(buffer, capacity, written, fixed.encoded_len(), write) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}
