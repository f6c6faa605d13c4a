//! A receipt printer that knows one command.

use image::{GrayImage, Luma};
use qris_image::Paper;

/// What is on the paper after `GS v 0` commands and nothing else.
#[track_caller]
pub(crate) fn printed(mut commands: &[u8], paper: Paper) -> GrayImage {
    let bytes_across = usize::from(paper.dots()) / 8;
    let mut rows: Vec<&[u8]> = Vec::new();
    while !commands.is_empty() {
        let (head, rest) = commands.split_at(8);
        assert_eq!(head[..4], *b"\x1dv0\0", "a raster at one dot a pixel");
        let across = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let high = usize::from(u16::from_le_bytes([head[6], head[7]]));
        assert_eq!(across, bytes_across, "as wide as the paper");
        assert!((1..=128).contains(&high), "a band of {high} rows");
        let (band, rest) = rest.split_at(across * high);
        rows.extend(band.chunks(across));
        commands = rest;
    }
    GrayImage::from_fn(u32::from(paper.dots()), rows.len() as u32, |x, y| {
        let byte = rows[y as usize][x as usize / 8];
        let dark = byte & (0x80 >> (x % 8)) != 0;
        Luma([if dark { 0 } else { 255 }])
    })
}
