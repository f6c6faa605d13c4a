//! Reading the QR symbols in pictures.

use std::ffi::c_void;

use qris_image::{Corner, Found};

use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, bytes};
use crate::status::qris_status;
use crate::text::qris_str;

/// A point in a picture, in pixels from its upper left corner.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_corner {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A QR symbol in a picture. It and its text are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_symbol {
    /// The exact text in the symbol. It may be no payload: see `qris_parse`.
    pub text: qris_str,
    /// The corners of the symbol without the quiet zone: its own upper left, upper right, lower right
    /// and lower left. They count in the picture as it is stored in the file.
    pub corners: [qris_corner; 4],
}

/// Called for each symbol. `user` is the pointer that was passed to `qris_read_image`. It must return
/// normally: no `longjmp` and no exception may leave it.
pub type qris_symbol_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, symbol: *const qris_symbol)>;

/// Reads every QR symbol in a PNG, JPEG, WebP or BMP picture.
///
/// If it finds no symbol, it tries again with the picture smaller, sharper, larger and inverted. A
/// picture without a symbol is not an error: the callback is not called.
///
/// `bytes` must not be NULL. It is the content of the file, `len` bytes. `callback` must not be NULL.
/// It is called once for each symbol, in no particular order, on the calling thread, before this
/// function returns. `user` is passed to it unchanged. `error` may be NULL. Needs the feature `read`,
/// which is not in the default: `make FEATURES='--features read'`.
///
/// A picture may have up to 120 million pixels. Reading it takes up to 512 MiB of memory, which is
/// freed before this function returns. A JPEG that is cut short is read as far as possible; if no
/// symbol is found, the status is QRIS_STATUS_PICTURE_DAMAGED. For another kind of file, such as HEIC
/// or PDF, the message names the kind and says what to do.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG (`len` is impossibly
/// large), QRIS_STATUS_PICTURE_FORMAT, QRIS_STATUS_PICTURE_TOO_LARGE, QRIS_STATUS_PICTURE_DAMAGED.
/// Thread-safe.
///
/// # Safety
///
/// - `len` bytes from `bytes` can be read and do not change before it returns.
/// - `callback` is NULL, or a function of that type that can use `user`.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_read_image(
    bytes: *const u8,
    len: usize,
    callback: qris_symbol_callback,
    user: *mut c_void,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        let callback = callback.ok_or(Problem::Null("callback"))?;
        // SAFETY: the caller promises that `len` bytes from `bytes` can be read.
        let file = unsafe { self::bytes(bytes.cast(), len, "bytes") }?;
        for found in qris_image::read(file).map_err(Problem::Read)? {
            let symbol = qris_symbol::of(&found);
            // SAFETY: the caller promises that it can be called with `user`; the symbol and its text
            // live until it returns.
            unsafe { callback(user, &raw const symbol) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

impl qris_symbol {
    fn of(found: &Found) -> Self {
        let corner = |corner: Corner| qris_corner { x: corner.x, y: corner.y };
        Self { text: qris_str::new(found.text()), corners: found.corners().map(corner) }
    }
}
