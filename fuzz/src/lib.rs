//! The properties of the codec and of the reader of pictures that tests check, for the fuzz targets.

#[path = "../../crates/qris-codec/tests/laws/mod.rs"]
pub mod laws;
#[cfg(feature = "qris-image")]
#[path = "../../crates/qris-image/tests/laws/mod.rs"]
pub mod pictures;

use qris_codec::{Path, Tag};

/// Two bytes as a tag path of one or two levels, and the rest as text.
pub fn path_and_text(bytes: &[u8]) -> Option<(Path, &str)> {
    let (&[root, sub], rest) = bytes.split_first_chunk()?;
    let root = Tag::new(root % 100)?;
    let path = Tag::new(sub).map_or(Path::new(root), |sub| Path::sub(root, sub));
    Some((path, std::str::from_utf8(rest).ok()?))
}
