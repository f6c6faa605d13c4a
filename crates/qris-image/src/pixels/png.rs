//! PNG, decoded row by row, so that the colours of a large picture are never all in memory.

use std::error::Error;
use std::io::Cursor;

use png::{ColorType, InterlaceInfo, Transformations};

use crate::pixels::grey::{Grey, luma};

/// A PNG file whose header was read.
pub(crate) struct Png<'f> {
    decoder: png::Decoder<Cursor<&'f [u8]>>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl<'f> Png<'f> {
    /// Reads the header. `memory` is the limit for text chunks, palettes and rows.
    pub(crate) fn new(file: &'f [u8], memory: usize) -> Result<Self, png::DecodingError> {
        let limits = png::Limits { bytes: memory };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        let (width, height) = decoder.read_header_info()?.size();
        Ok(Self { decoder, width, height })
    }

    /// Decodes the pixels; for an animation, its still picture.
    pub(crate) fn decode(self) -> Result<Grey, Box<dyn Error + Send + Sync>> {
        let (width, height) = (self.width, self.height);
        let mut reader = self.decoder.read_info()?;
        let (color, _) = reader.output_color_type();
        let channels = match color {
            ColorType::GrayscaleAlpha | ColorType::Rgba => 2,
            ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => 1,
        };
        let stride = width as usize * channels;
        let mut pixels = vec![0; stride * height as usize];
        let mut line = Vec::with_capacity(stride);
        let mut at = 0;
        while let Some(row) = reader.next_interlaced_row()? {
            line.clear();
            match color {
                ColorType::Rgb => {
                    line.extend(row.data().as_chunks().0.iter().map(|color| luma(*color)));
                }
                ColorType::Rgba => line.extend(
                    row.data().as_chunks().0.iter().flat_map(|&[r, g, b, a]| [luma([r, g, b]), a]),
                ),
                _ => line.extend_from_slice(row.data()),
            }
            match row.interlace() {
                InterlaceInfo::Null(_) => {
                    if let Some(place) = pixels.get_mut(at..at + line.len()) {
                        place.copy_from_slice(&line);
                    }
                    at += stride;
                }
                InterlaceInfo::Adam7(pass) => {
                    png::expand_interlaced_row(
                        &mut pixels,
                        stride,
                        &line,
                        pass,
                        8 * channels as u8,
                    );
                }
            }
        }
        Grey::new(width, height, channels, pixels).ok_or_else(|| "too few pixels".into())
    }
}
