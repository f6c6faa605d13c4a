//! Drawing payloads.

use std::ffi::{c_char, c_int, c_void};

use qris_image::{Drawing, Paper};

use crate::border::{boundary, payload};
use crate::error::{Problem, qris_error};
use crate::status::qris_status;

/// What a QR is drawn for.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_format {
    /// An SVG document, for pages and screens.
    Svg = 1,
    /// A PNG of one bit a pixel, for screens and documents.
    Png = 2,
    /// Text for a terminal: half blocks and escape sequences, UTF-8.
    Terminal = 3,
    /// ESC/POS raster commands for a receipt printer with paper of 58 mm. Nothing is reset, fed or
    /// cut.
    EscposMm58 = 4,
    /// The same for paper of 80 mm.
    EscposMm80 = 5,
}

/// Takes the next `len` bytes of a picture. `user` is what was given to `qris_draw`; the bytes are
/// valid until it returns. 0 goes on, anything else ends the drawing. It must return: no `longjmp`
/// and no exception may leave it.
pub type qris_writer =
    Option<unsafe extern "C" fn(user: *mut c_void, bytes: *const u8, len: usize) -> c_int>;

/// The most bytes that a writer gets at once.
const PIECE_BYTES: usize = 8192;

/// Draws the QR of a payload, with the merchant name, the NMID and the amount underneath.
///
/// `text` is `len` bytes of UTF-8, neither NULL nor with a NUL behind it. `format` is
/// a `qris_format`. `writer` must not be NULL; it is called one or more times, on the calling
/// thread, with the picture in pieces, and nothing is called once it has not returned 0. `user` is
/// handed to it and not touched. `error` may be NULL. What is used meanwhile is freed on return.
///
/// Only a text that `qris_parse` accepts is drawn. Not in a library built without `draw`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_UNKNOWN_VALUE, those of
/// `qris_parse`, QRIS_STATUS_DRAWING_TOO_LONG, QRIS_STATUS_DRAWING_TOO_NARROW,
/// QRIS_STATUS_DRAWING_TOO_LARGE, QRIS_STATUS_WRITER_STOPPED. Threads: from any, at any time.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `writer` is NULL or a function of that type, and what it does with `user` is sound.
/// - `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_draw(
    text: *const c_char,
    len: usize,
    format: i32,
    writer: qris_writer,
    user: *mut c_void,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        let writer = writer.ok_or(Problem::Null("writer"))?;
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let payload = unsafe { payload(text, len) }?;
        let picture = draw(&Drawing::of(&payload), format)?;
        for piece in picture.chunks(PIECE_BYTES) {
            // SAFETY: the caller promises that it can be called with `user`; the bytes live until
            // it returns.
            let stopped = unsafe { writer(user, piece.as_ptr(), piece.len()) };
            if stopped != 0 {
                return Err(Problem::Plain(qris_status::WriterStopped));
            }
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

fn draw(drawing: &Drawing<'_>, format: i32) -> Result<Vec<u8>, Problem> {
    const SVG: i32 = qris_format::Svg as i32;
    const PNG: i32 = qris_format::Png as i32;
    const TERMINAL: i32 = qris_format::Terminal as i32;
    const ESCPOS_58: i32 = qris_format::EscposMm58 as i32;
    const ESCPOS_80: i32 = qris_format::EscposMm80 as i32;
    let picture = match format {
        SVG => drawing.svg().map(String::into_bytes),
        PNG => drawing.png(),
        TERMINAL => drawing.terminal().map(String::into_bytes),
        ESCPOS_58 => drawing.escpos(Paper::Mm58),
        ESCPOS_80 => drawing.escpos(Paper::Mm80),
        found => return Err(Problem::Unknown { name: "qris_format", found }),
    };
    picture.map_err(Problem::Draw)
}
