//! Drawing payloads.

use std::ffi::{c_char, c_int, c_void};
use std::mem::offset_of;

use qris_codec::Payload;
use qris_image::{Drawing, Format, Paper, Poster, PosterFormat, PosterSize};

use crate::error::{Problem, qris_error};
use crate::ffi::{Options, boundary, optional, options, payload};
use crate::status::qris_status;
use crate::text::qris_str;

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
    /// A PDF of one page. Only for posters: see `qris_draw_with`.
    Pdf = 6,
}

/// The paper of a poster, upright.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_poster {
    /// No poster: the QR with the words underneath.
    None = 0,
    /// 148 by 210 mm.
    A5 = 1,
    /// 105 by 148 mm.
    A6 = 2,
}

/// Drawing options. Set the whole struct to zero, then `size` to `sizeof(qris_draw_options)`, then
/// the fields you need. The caller owns the texts; they must live until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_draw_options {
    /// `sizeof(qris_draw_options)`.
    pub size: usize,
    /// Only for posters: who printed it, after the words "Dicetak oleh". Default: the number of the
    /// acquirer, which is the first eight digits of the merchant PAN.
    pub printed_by: qris_str,
    /// Only for posters: the version of the poster, after the words "Versi cetak". Default: 1.0.
    pub print_version: qris_str,
    /// A `qris_format`. Required. For a poster it is QRIS_FORMAT_SVG or QRIS_FORMAT_PDF.
    pub format: i32,
    /// A `qris_poster`: the paper of a poster with a static code, to print and to put on the counter.
    /// The logos of QRIS and GPN are not drawn; their places stay empty. Default: QRIS_POSTER_NONE.
    pub poster: i32,
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_draw_options {
    const NAME: &'static str = "qris_draw_options";
    const MIN_SIZE: usize = offset_of!(Self, poster) + size_of::<i32>();
}

/// Called with the next `len` bytes of a picture, which are valid until it returns. `user` is the
/// pointer that was passed to `qris_draw`. Return 0 to continue; any other value ends the drawing.
/// It must return normally: no `longjmp` and no exception may leave it.
pub type qris_writer =
    Option<unsafe extern "C" fn(user: *mut c_void, bytes: *const u8, len: usize) -> c_int>;

/// The most bytes that a writer gets at once.
const PIECE_BYTES: usize = 8192;

/// Draws the QR of a payload, with the merchant name, the NMID and the amount underneath.
///
/// `text` must not be NULL. It is `len` bytes of UTF-8 and needs no NUL at its end. `format` is a
/// `qris_format`. `writer` must not be NULL. It is called with one piece of the picture after the
/// other, on the calling thread, before this function returns. After it returns another value than
/// 0, it is not called again. `user` is passed to it unchanged. `error` may be NULL. Memory that is
/// allocated for the drawing is freed before this function returns. Needs the feature `draw`.
///
/// The text must be a payload that `qris_parse` accepts. PNG and ESC/POS have only letters of Western
/// Europe. If the name has other letters, the name in the other language (object 64) is drawn, or no
/// name. `qris_draw_with` says if words are left out.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_UNKNOWN_VALUE, all of
/// `qris_parse`, QRIS_STATUS_DRAWING_TOO_LONG, QRIS_STATUS_DRAWING_TOO_NARROW,
/// QRIS_STATUS_DRAWING_TOO_LARGE, QRIS_STATUS_WRITER_STOPPED. Thread-safe.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `writer` is NULL, or a function of that type that can use `user`.
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
        let (picture, _) = draw(&payload, format)?;
        // SAFETY: the caller promises that `writer` is what it says, and sound with `user`.
        unsafe { write(&picture, writer, user) }
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Draws a payload with options: the QR with the words underneath, or a poster.
///
/// `text`, `len`, `writer`, `user` and `error` are as for `qris_draw`. `options` must not be NULL.
/// `omitted` may be NULL and is written only on success: the number of lines of words that are left
/// out, because the font of the format does not have all of their letters. It is always 0 with
/// QRIS_FORMAT_SVG and QRIS_FORMAT_TERMINAL, which have every letter. Needs the feature `draw`.
///
/// A poster needs a static payload in which `qris_inspect` finds no error with QRIS_RULES_QRIS.
///
/// Statuses: all of `qris_draw`, QRIS_STATUS_STRUCT_SIZE, QRIS_STATUS_RULE_BROKEN (the payload of a
/// poster has an error; `code` says which one), QRIS_STATUS_DRAWING_NOT_STATIC. Thread-safe.
///
/// # Safety
///
/// - `len` bytes from `text` can be read and do not change before it returns.
/// - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
///   to their lengths.
/// - `writer` is NULL, or a function of that type that can use `user`.
/// - `omitted` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_draw_with(
    text: *const c_char,
    len: usize,
    options: *const qris_draw_options,
    writer: qris_writer,
    user: *mut c_void,
    omitted: *mut usize,
    error: *mut qris_error,
) -> qris_status {
    const NONE: i32 = qris_poster::None as i32;
    const A5: i32 = qris_poster::A5 as i32;
    const A6: i32 = qris_poster::A6 as i32;
    let call = || {
        let writer = writer.ok_or(Problem::Null("writer"))?;
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let options = unsafe { self::options(options) }?;
        // SAFETY: the caller promises that `len` bytes from `text` can be read.
        let payload = unsafe { payload(text, len) }?;
        let size = match options.poster {
            NONE => None,
            A5 => Some(PosterSize::A5),
            A6 => Some(PosterSize::A6),
            found => return Err(Problem::Unknown { name: "qris_poster", found }),
        };
        let (picture, left_out) = match size {
            None => draw(&payload, options.format)?,
            // SAFETY: the caller promises that its texts can be read to their lengths.
            Some(size) => unsafe { draw_poster(&payload, size, &options) }?,
        };
        // SAFETY: the caller promises that `writer` is what it says, and sound with `user`.
        unsafe { write(&picture, writer, user) }?;
        if !omitted.is_null() {
            // SAFETY: not NULL (checked above); the caller promises that it can be written to.
            unsafe { omitted.write(left_out) };
        }
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Gives the picture to the caller in pieces.
///
/// # Safety
///
/// `writer` is a function of that type, and what it does with `user` is sound.
unsafe fn write(
    picture: &[u8],
    writer: unsafe extern "C" fn(*mut c_void, *const u8, usize) -> c_int,
    user: *mut c_void,
) -> Result<(), Problem> {
    for piece in picture.chunks(PIECE_BYTES) {
        // SAFETY: the caller promises that it can be called with `user`; the bytes live until it
        // returns.
        let stopped = unsafe { writer(user, piece.as_ptr(), piece.len()) };
        if stopped != 0 {
            return Err(Problem::Plain(qris_status::WriterStopped));
        }
    }
    Ok(())
}

const SVG: i32 = qris_format::Svg as i32;
const PNG: i32 = qris_format::Png as i32;
const TERMINAL: i32 = qris_format::Terminal as i32;
const ESCPOS_58: i32 = qris_format::EscposMm58 as i32;
const ESCPOS_80: i32 = qris_format::EscposMm80 as i32;
const PDF: i32 = qris_format::Pdf as i32;

/// The picture of a code, and how many lines are not in it.
fn draw(payload: &Payload<'_>, format: i32) -> Result<(Vec<u8>, usize), Problem> {
    let format = match format {
        SVG => Format::Svg,
        PNG => Format::Png,
        TERMINAL => Format::Terminal,
        ESCPOS_58 => Format::Escpos(Paper::Mm58),
        ESCPOS_80 => Format::Escpos(Paper::Mm80),
        // Only a poster has it.
        PDF => {
            return Err(Problem::Unknown {
                name: "qris_format except QRIS_FORMAT_PDF",
                found: PDF,
            });
        }
        found => return Err(Problem::Unknown { name: "qris_format", found }),
    };
    let drawing = Drawing::of(payload);
    let picture = drawing.draw(format).map_err(Problem::Draw)?;
    Ok((picture, drawing.omitted(format).len()))
}

/// The same for a poster.
///
/// # Safety
///
/// The texts of the options can be read to their lengths.
unsafe fn draw_poster(
    payload: &Payload<'_>,
    size: PosterSize,
    options: &qris_draw_options,
) -> Result<(Vec<u8>, usize), Problem> {
    let format = match options.format {
        SVG => PosterFormat::Svg,
        PDF => PosterFormat::Pdf,
        found => return Err(Problem::Unknown { name: "qris_format of a poster", found }),
    };
    let mut poster = Poster::from_payload(payload, size).map_err(Problem::Draw)?;
    // SAFETY: the caller promises that its texts can be read to their lengths.
    if let Some(name) = unsafe { optional(options.printed_by, "printed_by") }? {
        poster = poster.printed_by(name);
    }
    // SAFETY: the caller promises that its texts can be read to their lengths.
    if let Some(version) = unsafe { optional(options.print_version, "print_version") }? {
        poster = poster.print_version(version);
    }
    let picture = poster.draw(format).map_err(Problem::Draw)?;
    Ok((picture, poster.omitted(format).len()))
}
