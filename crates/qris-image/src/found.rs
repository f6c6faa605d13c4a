//! What a symbol says, and where it stands.

use qris_codec::Payload;

/// A symbol that was read in a picture; [`read`](crate::read) has an example.
///
/// `Debug` leaves the text out: names and account numbers end up in logs.
#[derive(Clone, PartialEq)]
pub struct Found {
    pub(crate) text: String,
    pub(crate) corners: [Corner; 4],
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
