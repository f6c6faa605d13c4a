//! Symbols in a picture.

use image::GrayImage;
use image::imageops::{self, FilterType};
use qris_codec::Payload;
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult};

use crate::pixels::{MAX_PIXELS, Picture, ReadError, picture};

/// The most pixels of a picture that is sharpened and enlarged when nothing else helped; those of
/// a larger one are fine enough, and it is looked at smaller instead.
const MAX_FINE: u64 = 4_000_000;

/// A symbol that was read in a picture; [`read`] has an example.
///
/// `Debug` leaves the text out: names and account numbers end up in logs.
#[derive(Clone, PartialEq)]
pub struct Found {
    text: String,
    corners: [Corner; 4],
}

/// A point in a picture, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Found {
    /// What the symbol says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands: the symbol's own upper left, upper right, lower right and lower left
    /// corner, without the quiet zone. In a picture that is upside down the first is below.
    ///
    /// Counted in the pixels as they are stored: a camera's note to turn the picture is not heeded.
    pub const fn corners(&self) -> [Corner; 4] {
        self.corners
    }

    /// The text as an EMV payload.
    ///
    /// # Errors
    ///
    /// Those of [`Payload::parse`], when it is none.
    pub fn payload(&self) -> Result<Payload<'_>, qris_codec::Error> {
        Payload::parse(&self.text)
    }
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("chars", &self.text.chars().count())
            .field("corners", &self.corners)
            .finish_non_exhaustive()
    }
}

/// Reads every QR symbol in a PNG, JPEG, WebP or BMP file, in no particular order.
///
/// A picture in which nothing is found at first is looked at again: smaller, sharper, larger,
/// inverted. Symbols in other codes than QR are passed over. Of an animation the first picture
/// counts. A JPEG that is cut short is read as far as it goes.
///
/// ```
/// use qris_image::{Drawing, read};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let file = Drawing::parse(text)?.png()?;
///
/// let found = read(&file)?;
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].payload()?.merchant_name(), Some("TOKO CONTOH"));
/// // Eight pixels a module, four modules of quiet zone.
/// let upper_left = found[0].corners()[0];
/// assert!((upper_left.x - 32.0).abs() < 1.0 && (upper_left.y - 32.0).abs() < 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`ReadError::Format`]; [`ReadError::TooLarge`], found in the header before any pixel is
/// decoded; [`ReadError::Damaged`], also where a JPEG is cut short and nothing was found in it.
pub fn read(file: &[u8]) -> Result<Vec<Found>, ReadError> {
    read_with_limit(file, MAX_PIXELS)
}

/// Reads every QR symbol in a picture of at most `max_pixels` pixels, as [`read`] does: for a
/// server, which gives no caller the memory and the time that [`MAX_PIXELS`] take.
///
/// ```
/// use qris_image::{Drawing, ReadError, read_with_limit};
///
/// let file = Drawing::forced("https://example.com").png()?;
/// assert_eq!(read_with_limit(&file, 1_000_000)?.len(), 1);
/// let error = read_with_limit(&file, 1_000).unwrap_err();
/// assert!(matches!(error, ReadError::TooLarge { max_pixels: 1_000, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`read`].
pub fn read_with_limit(file: &[u8], max_pixels: u64) -> Result<Vec<Found>, ReadError> {
    let Picture { grey, scale, damage } = picture(file, max_pixels)?;
    let mut found = symbols(&grey);
    match damage {
        Some(damage) if found.is_empty() => return Err(damage),
        _ => {}
    }
    for corner in found.iter_mut().flat_map(|found| &mut found.corners) {
        corner.x /= scale;
        corner.y /= scale;
    }
    Ok(found)
}

/// The symbols, looked for in ways that cost more and more until one of them finds any.
fn symbols(grey: &GrayImage) -> Vec<Found> {
    let found = look(grey, 1.0);
    if !found.is_empty() {
        return found;
    }
    let (width, height) = grey.dimensions();
    let scaled = |factor: f32| {
        let side = |pixels: u32| ((pixels as f32 * factor) as u32).max(1);
        if factor < 1.0 {
            imageops::thumbnail(grey, side(width), side(height))
        } else {
            imageops::resize(grey, side(width), side(height), FilterType::Triangle)
        }
    };
    let small = u64::from(width) * u64::from(height) <= MAX_FINE;
    let tries: [&dyn Fn() -> Vec<Found>; 5] = [
        // Noise of single pixels averages out.
        &|| look(&scaled(0.5), 0.5),
        &|| if small { Vec::new() } else { look(&scaled(0.25), 0.25) },
        // Out of focus, dark and light run into each other.
        &|| if small { look(&imageops::unsharpen(grey, 2.0, 0), 1.0) } else { Vec::new() },
        // Modules of two or three pixels are too few for the search for finders.
        &|| if small { look(&scaled(2.0), 2.0) } else { Vec::new() },
        // Light modules on a dark screen.
        &|| {
            let mut inverted = grey.clone();
            imageops::invert(&mut inverted);
            look(&inverted, 1.0)
        },
    ];
    tries.iter().map(|attempt| attempt()).find(|found| !found.is_empty()).unwrap_or_default()
}

/// What is in a picture that is `scale` times as large as the one that was asked about.
fn look(grey: &GrayImage, scale: f32) -> Vec<Found> {
    let Ok(source) = Luma8Source::new_with_slice(grey.as_raw(), grey.width(), grey.height()) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    QrReader
        .decode_multiple_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source)), &hints)
        .unwrap_or_default()
        .iter()
        .filter_map(|result| found(result, scale))
        .collect()
}

fn found(result: &RXingResult, scale: f32) -> Option<Found> {
    // The library guesses an encoding where a symbol names none; a payload is UTF-8 (EMVCo MPM
    // 4.12), so bytes that are need no guess.
    let text = String::from_utf8(result.getRawBytes().to_vec())
        .unwrap_or_else(|_| result.getText().to_owned());
    let corner = |point: rxing::Point| Corner { x: point.x / scale, y: point.y / scale };
    let &[upper_left, upper_right, lower_left, lower_right] = result.getPoints() else {
        return None;
    };
    Some(Found { text, corners: [upper_left, upper_right, lower_right, lower_left].map(corner) })
}
