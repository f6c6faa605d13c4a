//! What can go wrong with a picture.

use crate::Level;

/// Why a picture could not be drawn.
///
/// Messages never quote the text: names and account numbers end up in logs.
///
/// ```
/// use qris_image::{Drawing, Error};
///
/// let error = Drawing::parse("https://example.com").unwrap_err();
/// assert!(matches!(error, Error::NotAPayload(_)));
/// assert_eq!(error.to_string(), "expected an EMV payload to draw, found other text");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no payload: its framing or its checksum is wrong.
    #[error("expected an EMV payload to draw, found other text")]
    NotAPayload(#[source] qris_codec::Error),
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
}
