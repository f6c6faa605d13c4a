//! A picture file as grey pixels.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits};

/// The most pixels that a picture may have: those of the larger phone cameras.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The most memory that reading a header may take, colour profiles and notes included.
const MAX_HEADER: u64 = 8 * 1024 * 1024;

/// Why a picture could not be read. That it holds no symbol is not an error.
///
/// ```
/// let error = qris_image::read(b"GIF89a").unwrap_err();
/// assert_eq!(error.to_string(), "expected a PNG or JPEG picture, found something else");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The first bytes are those of no format that is read.
    #[error("expected a PNG or JPEG picture, found something else")]
    Format,
    /// The picture has more than [`MAX_PIXELS`]: make it smaller.
    #[error("expected a picture of at most {MAX_PIXELS} pixels, found {width} by {height}")]
    TooLarge {
        /// Its width in pixels, as its header says.
        width: u32,
        /// Its height in pixels, as its header says.
        height: u32,
    },
    /// The file is cut short or damaged.
    #[error("expected a whole {format} file, found a damaged one")]
    Damaged {
        /// The format that the first bytes promise.
        format: &'static str,
        /// What its decoder said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The picture in grey, on white where it is transparent.
pub(crate) fn pixels(file: &[u8]) -> Result<GrayImage, ReadError> {
    let (format, name) = match image::guess_format(file) {
        Ok(ImageFormat::Png) => (ImageFormat::Png, "PNG"),
        Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, "JPEG"),
        _ => return Err(ReadError::Format),
    };
    let damaged =
        |source: image::ImageError| ReadError::Damaged { format: name, source: Box::new(source) };
    let open = |memory: u64| {
        let mut limits = Limits::default();
        limits.max_alloc = Some(memory);
        let mut reader = ImageReader::with_format(Cursor::new(file), format);
        reader.limits(limits);
        reader
    };
    let (width, height) = open(MAX_HEADER).into_dimensions().map_err(damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(ReadError::TooLarge { width, height });
    }
    // Eight bytes hold a pixel of any kind: four channels of 16 bits.
    let reader = open(MAX_HEADER + 8 * pixels);
    let picture = reader.decode().map_err(damaged)?;
    // The decoder paints what is missing of a JPEG grey and says nothing.
    if format == ImageFormat::Jpeg && !jpeg_has_its_end(file) {
        return Err(ReadError::Damaged {
            format: name,
            source: "the data ends before the end-of-image marker".into(),
        });
    }
    Ok(on_white(picture))
}

/// Whether the end marker follows the pixels of a JPEG (ITU-T T.81, annex B).
fn jpeg_has_its_end(file: &[u8]) -> bool {
    // Segments in front of the pixels carry their length, and may hold whole pictures.
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        let len = usize::from(u16::from_be_bytes([high, low]));
        at += 2 + len;
        if marker == START_OF_SCAN {
            let pixels = file.get(at..).unwrap_or_default();
            return pixels.windows(2).any(|two| two == [0xff, END_OF_IMAGE]);
        }
    }
    false
}

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// Grey of eight bits, on white where the picture is transparent.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let with_alpha = picture.into_luma_alpha8();
    GrayImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let [grey, alpha] = with_alpha.get_pixel(x, y).0.map(u16::from);
        let seen = (grey * alpha + 255 * (255 - alpha)) / 255;
        image::Luma([u8::try_from(seen).unwrap_or(u8::MAX)])
    })
}
