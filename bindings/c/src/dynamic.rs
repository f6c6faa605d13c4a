//! Writing changed copies of payloads.

use std::ffi::c_char;
use std::mem::offset_of;

use crate::encode::{tip, write_payload};
use crate::error::{Problem, qris_error};
use crate::ffi::{Options, amount, boundary, optional, options, payload, reserved};
use crate::status::qris_status;
use crate::text::qris_str;

/// The fields of a dynamic copy. Set the whole struct to zero, then `size` to
/// `sizeof(qris_dynamic_options)`, then the fields you need. The caller owns the texts; they must
/// live until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_dynamic_options {
    /// `sizeof(qris_dynamic_options)`.
    pub size: usize,
    /// 54, the exact amount: digits with at most one decimal point, such as `25578`. Required.
    pub amount: qris_str,
    /// 56 or 57, the fee, such as `2000` or `2.50`: only if `tip` is fixed or percent.
    pub fee: qris_str,
    /// 62.05. Default: the payload's own value stays.
    pub reference_label: qris_str,
    /// 62.01. Default: the payload's own value stays.
    pub bill_number: qris_str,
    /// A `qris_tip`: object 55. Default: the payload's own value stays.
    pub tip: i32,
    /// Must be zero.
    pub reserved: i32,
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_dynamic_options {
    const NAME: &'static str = "qris_dynamic_options";
    const MIN_SIZE: usize = offset_of!(Self, reserved) + size_of::<i32>();
}

/// Writes a copy of a payload for one payment: object 01 is 12, and 54 is the amount. All objects
/// that do not change stay the same, byte for byte.
///
/// A wallet may refuse a code that the acquirer did not make.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `options` must
/// not be NULL. `buffer`, `capacity`, `written` and `error` are as for `qris_encode`. A copy that
/// has an error in `qris_inspect`, or a warning that the payload does not have, is refused.
///
/// Statuses: all of `qris_parse` and `qris_encode`, and QRIS_STATUS_OBJECT_NOT_AMENDABLE.
/// Thread-safe. Nothing is allocated.
///
/// # Safety
///
/// - `len` bytes from `text` can be read, and are not in the buffer.
/// - `options` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
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
        // SAFETY: the caller promises what `write_payload` asks for.
        unsafe { write_payload(buffer, capacity, written, dynamic.encoded_len(), write) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Writes a copy of a payload for any number of payments: object 01 is 11. The amount (54), the tip
/// or fee (55 to 57), the bill number (62.01) and the reference label (62.05) are left out. All
/// other objects stay the same, byte for byte.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `buffer`,
/// `capacity`, `written` and `error` are as for `qris_encode`. A copy that has an error in
/// `qris_inspect`, or a warning that the payload does not have, is refused.
///
/// Statuses: all of `qris_to_dynamic`. Thread-safe. Nothing is allocated.
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
        // SAFETY: the caller promises what `write_payload` asks for.
        unsafe { write_payload(buffer, capacity, written, fixed.encoded_len(), write) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}
