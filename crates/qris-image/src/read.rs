//! Reads the symbols in a picture file.

use crate::found::Found;
use crate::pixels::{MAX_PIXELS, Picture, ReadError, picture};
use crate::search::symbols;

/// Reads every QR symbol in a PNG, JPEG, WebP or BMP file, in no particular order.
///
/// It finds dark symbols on a light ground, and light symbols on a dark ground. If it finds nothing,
/// it searches again: in a smaller picture, with other thresholds, in a sharper and in a larger
/// picture. Other kinds of codes are ignored. Only the first picture of an animation is read. A
/// truncated JPEG is read to its end.
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
/// [`ReadError::Format`]; [`ReadError::TooLarge`], before any pixel is decoded; [`ReadError::Damaged`],
/// also for a truncated JPEG in which nothing was found.
pub fn read(file: &[u8]) -> Result<Vec<Found>, ReadError> {
    read_with_limit(file, MAX_PIXELS)
}

/// Reads every QR symbol in a picture of at most `max_pixels` pixels. A server uses it, because a
/// picture of [`MAX_PIXELS`] takes much memory and time. Otherwise it is the same as [`read`].
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
/// The errors of [`read`].
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
