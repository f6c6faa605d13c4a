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
    /// What the symbol says, exactly. Whether it is a payload is for `qris_parse` to say.
    pub text: qris_str,
    /// The symbol's own upper left, upper right, lower right and lower left corner, without the
    /// quiet zone, in the pixels as they are stored.
    pub corners: [qris_corner; 4],
}

/// Is told of a symbol. `user` is what was given to `qris_read_image`. It must return: no `longjmp`
/// and no exception may leave it.
pub type qris_symbol_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, symbol: *const qris_symbol)>;

/// Reads every QR symbol in a PNG, JPEG, WebP or BMP picture.
///
/// A picture in which nothing is found at first is looked at again: smaller, sharper, larger,
/// inverted. That a picture has no symbol is not an error: then nothing is called.
///
/// `bytes` is the whole file, `len` bytes, and must not be NULL. `callback` must not be NULL; it is
/// called once for each symbol, in no particular order, on the calling thread, before this function
/// returns. `user` is handed to it and not touched. `error` may be NULL. A picture of up to 120
/// million pixels is read, in at most 512 MiB of memory, which are freed on return. A JPEG that is cut
/// short is read as far as it goes; it is damaged where nothing is found in it. A file of another
/// kind, such as HEIC or PDF, is refused with a message that names the kind and says what to do.
/// Needs the feature `read`, which is not in the default: `make FEATURES='--features read'`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG where `len` cannot
/// be right, QRIS_STATUS_PICTURE_FORMAT, QRIS_STATUS_PICTURE_TOO_LARGE,
/// QRIS_STATUS_PICTURE_DAMAGED. Threads: from any, at any time.
///
/// # Safety
///
/// - `len` bytes from `bytes` can be read and do not change before it returns.
/// - `callback` is NULL or a function of that type, and what it does with `user` is sound.
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
