//! A picture file to the symbols in it.

use crate::found::Found;
use crate::pixels::{MAX_PIXELS, Picture, ReadError, picture};
use crate::search::symbols;

/// Reads every QR symbol in a PNG, JPEG, WebP or BMP file, in no particular order.
///
/// Dark symbols on light ground are found, and light ones on dark. A picture in which nothing is
/// found at first is looked at again: smaller, with other thresholds, sharper, larger. Symbols in
/// other codes than QR are passed over. Of an animation the first picture
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
