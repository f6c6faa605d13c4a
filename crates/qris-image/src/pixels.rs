//! Decodes a picture file to grey pixels, within limits.

mod grey;
mod jpeg;
mod kind;
mod png;
mod segments;
mod webp;

use std::error::Error;
use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, DynamicImage, GrayImage, ImageDecoder};

use self::grey::Grey;
pub(crate) use self::grey::halved;
use self::jpeg::Jpeg;
use self::kind::{Kind, kind};
use self::png::Png;

/// The maximum number of pixels of a picture. The largest phone cameras have 108 million.
pub const MAX_PIXELS: u64 = 120_000_000;

/// The maximum memory in bytes for reading a picture, in addition to the file itself. A kind of
/// picture that needs more memory for each pixel may have fewer pixels: see [`ReadError::TooLarge`].
pub const MAX_MEMORY: u64 = 512 * 1024 * 1024;

/// The maximum width and height in pixels, which is the maximum of JPEG.
const MAX_SIDE: u32 = 65_535;

/// What decoders need besides pixels: rows, tables, palettes.
const WORKING_MEMORY: u64 = 32 * 1024 * 1024;

/// The maximum number of pixels in which symbols are searched. A larger picture is halved first.
const MAX_SEARCHED: u64 = 50_000_000;

/// Why a picture could not be read. A picture without a symbol is not an error.
///
/// ```
/// let error = qris_image::read(b"GIF89a").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "expected a PNG, JPEG, WebP or BMP picture, found a GIF picture: save it as PNG or take a \
///      screenshot of it",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file does not begin like one of the formats that this crate reads.
    #[error("expected a PNG, JPEG, WebP or BMP picture, found {found}")]
    Format {
        /// What the file is, and what to do instead.
        found: &'static str,
    },
    /// The picture has too many pixels: make it smaller.
    #[error(
        "expected a picture of at most {max_pixels} pixels and {MAX_SIDE} a side, found {width} \
         by {height}"
    )]
    TooLarge {
        /// The width in its header, in pixels.
        width: u32,
        /// The height in its header, in pixels.
        height: u32,
        /// The maximum number of pixels for a picture of this kind: [`MAX_PIXELS`], or fewer if its
        /// decoder would need more than [`MAX_MEMORY`].
        max_pixels: u64,
    },
    /// The file is truncated or damaged.
    #[error("expected a whole {format} file, found a damaged one")]
    Damaged {
        /// The format, from the first bytes.
        format: &'static str,
        /// The error of its decoder.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// The pixels of a picture in which symbols are searched.
pub(crate) struct Picture {
    pub(crate) grey: GrayImage,
    /// Its scale relative to the picture in the file: 1 or 0.5.
    pub(crate) scale: f32,
    /// The error of the file, if pixels may be missing.
    pub(crate) damage: Option<ReadError>,
}

/// The pixels of a picture with at most this many pixels.
pub(crate) fn picture(file: &[u8], max_pixels: u64) -> Result<Picture, ReadError> {
    let kind = kind(file).map_err(|found| ReadError::Format { found })?;
    let damaged = |source| ReadError::Damaged { format: kind.name(), source };
    let mut is_whole = true;
    let grey = match kind {
        Kind::Png => {
            let memory = usize::try_from(WORKING_MEMORY).unwrap_or(usize::MAX);
            let png = Png::new(file, memory).map_err(|error| damaged(error.into()))?;
            // Brightness and opacity, and a picture without the latter.
            ensure_fits(png.width, png.height, 3, max_pixels)?;
            png.decode().map_err(damaged)?.flat()
        }
        Kind::Jpeg => {
            let jpeg = Jpeg::new(file).map_err(damaged)?;
            let pixels = u64::from(jpeg.width) * u64::from(jpeg.height);
            let each = jpeg.memory.div_ceil(pixels.max(1));
            ensure_fits(jpeg.width, jpeg.height, each, max_pixels)?;
            is_whole = jpeg.has_end();
            jpeg.decode().map_err(damaged)?
        }
        Kind::WebP => {
            let webp = WebPDecoder::new(Cursor::new(file));
            let webp = webp.map_err(|error| damaged(error.into()))?;
            if !webp::frames_fit(file, webp.dimensions()) {
                return Err(damaged("a frame is larger than the picture".into()));
            }
            // The colours, and the colours of a frame with opacity and brightness before they are joined.
            let each = match (webp.has_animation(), webp.color_type()) {
                (true, _) => 19,
                (false, ColorType::Rgb8) => 7,
                (false, _) => 11,
            };
            decoded(webp, each, max_pixels)?.map_err(damaged)?
        }
        Kind::Bmp => {
            let bmp = BmpDecoder::new(Cursor::new(file));
            // Four colours, and brightness and opacity.
            decoded(bmp.map_err(|error| damaged(error.into()))?, 6, max_pixels)?.map_err(damaged)?
        }
    };
    let damage =
        (!is_whole).then(|| damaged("the data ends before the end-of-image marker".into()));
    if u64::from(grey.width()) * u64::from(grey.height()) > MAX_SEARCHED {
        return Ok(Picture { grey: halved(&grey), scale: 0.5, damage });
    }
    Ok(Picture { grey, scale: 1.0, damage })
}

/// The limits of a picture whose pixels take this many bytes each while it is decoded.
fn decoded(
    decoder: impl ImageDecoder,
    bytes_a_pixel: u64,
    max_pixels: u64,
) -> Result<Result<GrayImage, Box<dyn Error + Send + Sync>>, ReadError> {
    let (width, height) = decoder.dimensions();
    ensure_fits(width, height, bytes_a_pixel, max_pixels)?;
    let picture = DynamicImage::from_decoder(decoder);
    Ok(picture.map(|picture| Grey::from(picture).flat()).map_err(Into::into))
}

/// Refuses a picture that is larger than the limit, or needs too much memory.
fn ensure_fits(
    width: u32,
    height: u32,
    bytes_a_pixel: u64,
    max_pixels: u64,
) -> Result<(), ReadError> {
    let max_pixels =
        max_pixels.min(MAX_PIXELS).min((MAX_MEMORY - WORKING_MEMORY) / bytes_a_pixel.max(1));
    let pixels = u64::from(width) * u64::from(height);
    if pixels > max_pixels || width.max(height) > MAX_SIDE {
        return Err(ReadError::TooLarge { width, height, max_pixels });
    }
    Ok(())
}
