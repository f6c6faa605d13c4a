//! Paths from text.

use core::str::FromStr;

use crate::error::{Error, ErrorKind};
use crate::tag::{Path, Tag, two_digits};

impl FromStr for Path {
    type Err = Error;

    /// Reads `54`, `62.05` or `62.99.01`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PathSyntax`] for anything else, at the first byte of the
    /// part that is not two digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut path: Option<Self> = None;
        let mut offset = 0_usize;
        for (depth, part) in text.split('.').enumerate() {
            let tag = match part.as_bytes() {
                &[tens @ b'0'..=b'9', ones @ b'0'..=b'9'] if depth < 3 => {
                    Tag::read(two_digits(tens, ones))
                }
                _ => return Err(Error::new(ErrorKind::PathSyntax, offset)),
            };
            path = Some(path.map_or(Self::new(tag), |above| above.join(tag)));
            offset = offset.saturating_add(3);
        }
        path.ok_or(Error::new(ErrorKind::PathSyntax, 0))
    }
}
