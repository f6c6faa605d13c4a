//! The errors of drawing.

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
    /// The text is not a payload: its framing or its checksum is wrong.
    #[error("expected an EMV payload to draw, found other text")]
    NotAPayload(#[source] qris_codec::Error),
    /// The payload has an error under the national rules. A poster needs a QRIS.
    #[error("expected a QRIS without errors for a poster, found another payload")]
    NotQris(#[source] qris_codec::Error),
    /// The code is for one payment only (object 01 is 12). A poster is for many payments.
    #[error("expected a static code for a poster, found a dynamic one")]
    NotStatic,
    /// The text does not fit into the largest QR symbol.
    #[error(
        "expected a text that a QR symbol of error correction level {level} can hold, found \
         {bytes} bytes"
    )]
    TooLong {
        /// How long the text is, in UTF-8 bytes.
        bytes: usize,
        /// The requested level. A lower one has room for more.
        level: Level,
    },
    /// The picture, or the paper, is narrower than the symbol with its quiet zone.
    #[error("expected room for {needed} pixels across, found {found}")]
    TooNarrow {
        /// The width that the symbol and its quiet zone need, in pixels.
        needed: usize,
        /// The available width in pixels.
        found: usize,
    },
    /// The picture would be wider or higher than [`Drawing::MAX_SIDE`](crate::Drawing::MAX_SIDE).
    #[error("expected a picture of at most {max} pixels a side, found {found}: draw it smaller")]
    TooLarge {
        /// The longer side of the requested picture, in pixels.
        found: usize,
        /// The maximum side in pixels.
        max: usize,
    },
}
