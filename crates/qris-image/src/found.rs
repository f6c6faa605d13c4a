//! The text of a symbol and its place in the picture.

use qris_codec::Payload;

/// A symbol that was read in a picture. [`read`](crate::read) has an example.
///
/// `Debug` leaves the text out, because it has names and account numbers, which must not be in logs.
#[derive(Clone, PartialEq)]
pub struct Found {
    pub(crate) text: String,
    pub(crate) corners: [Corner; 4],
}

/// A point in a picture, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// The distance from the left edge.
    pub x: f32,
    /// The distance from the upper edge.
    pub y: f32,
}

impl Found {
    /// The text of the symbol.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The corners of the symbol without its quiet zone: its own upper left, upper right, lower right
    /// and lower left corner. In a picture that is upside down, the first is at the bottom.
    ///
    /// They are in the pixels of the file. The orientation that a camera stores (EXIF) is ignored.
    pub const fn corners(&self) -> [Corner; 4] {
        self.corners
    }

    /// The text as an EMV payload.
    ///
    /// # Errors
    ///
    /// The errors of [`Payload::parse`], if it is not a payload.
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
