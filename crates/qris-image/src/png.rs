//! Encodes pixels as a PNG with one bit per pixel.

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::raster::Raster;

/// The picture as a PNG file.
pub(crate) fn write(raster: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    // Sides are at most `Drawing::MAX_SIDE`, and writing to memory does not fail.
    let side = |pixels| u32::try_from(pixels).unwrap_or(u32::MAX);
    let mut encoder = Encoder::new(&mut file, side(raster.width()), side(raster.height()));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.set_compression(Compression::Fast);
    // Most rows repeat the row above. Their differences are zeros, which the fast encoder handles well.
    encoder.set_filter(Filter::Up);
    // In grey of one bit, 1 is white.
    let pixels: Vec<u8> = raster.bytes().iter().map(|byte| !byte).collect();
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&pixels)?;
            writer.finish()
        })
        .expect("memory takes every byte of a picture of this size");
    file
}
