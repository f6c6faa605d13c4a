//! What can go wrong with drawing.

use crate::Level;

/// Why a picture could not be drawn.
///
/// Messages never quote the text: names and account numbers end up in logs.
///
/// ```
/// use qris_image::{DrawError, Drawing};
///
/// let error = Drawing::parse("https://example.com").unwrap_err();
/// assert!(matches!(error, DrawError::NotAPayload(_)));
/// assert_eq!(error.to_string(), "expected an EMV payload to draw, found other text");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// The text is no payload: its framing or its checksum is wrong.
    #[error("expected an EMV payload to draw, found other text")]
    NotAPayload(#[source] qris_codec::Error),
    /// The payload has an error under the national rules, and a poster is only made of a QRIS.
    #[error("expected a QRIS without errors for a poster, found another payload")]
    NotQris(#[source] qris_codec::Error),
    /// The code is made for one payment (object 01 is 12), and a poster hangs for many.
    #[error("expected a static code for a poster, found a dynamic one")]
    NotStatic,
    /// The largest QR symbol does not hold the text.
    #[error(
        "expected a text that a QR symbol of error correction level {level} can hold, found \
         {bytes} bytes"
    )]
    TooLong {
        /// How long the text is, in UTF-8 bytes.
        bytes: usize,
        /// The level that was asked for; a lower one holds more.
        level: Level,
    },
    /// The picture, or the paper, is narrower than the symbol with its quiet zone.
    #[error("expected room for {needed} pixels across, found {found}")]
    TooNarrow {
        /// The width that the symbol and its quiet zone take, in pixels.
        needed: usize,
        /// The width there is, in pixels.
        found: usize,
    },
    /// The picture would be wider or higher than [`Drawing::MAX_SIDE`](crate::Drawing::MAX_SIDE).
    #[error("expected a picture of at most {max} pixels a side, found {found}: draw it smaller")]
    TooLarge {
        /// The longer side of the picture that was asked for, in pixels.
        found: usize,
        /// The longest side that is drawn, in pixels.
        max: usize,
    },
}
