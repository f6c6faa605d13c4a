//! JPEG (ITU-T T.81). Decodes only the brightness if the file stores it separately from colour.

use std::error::Error;

use image::GrayImage;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::pixels::grey::luma;
use crate::pixels::segments::Stripped;

/// A JPEG file whose headers were read.
pub(crate) struct Jpeg {
    stripped: Stripped,
    options: DecoderOptions,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The memory for decoding in bytes, without the rows.
    pub(crate) memory: u64,
}

type BoxError = Box<dyn Error + Send + Sync>;

/// The value of pixels that were not decoded.
const GREY: u8 = 128;

impl Jpeg {
    pub(crate) fn new(file: &[u8]) -> Result<Self, BoxError> {
        let stripped = Stripped::new(file)?;
        let options = DecoderOptions::default()
            .set_strict_mode(false)
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX));
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&stripped.bytes), options);
        decoder.decode_headers().map_err(boxed)?;
        let info = decoder.info().ok_or("the pixels have no frame")?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        let color = match decoder.input_colorspace() {
            // With other layouts the decoder puts the rows of brightness in wrong places.
            Some(ColorSpace::YCbCr | ColorSpace::Luma) if !stripped.frame.is_coarser_down() => {
                ColorSpace::Luma
            }
            _ => ColorSpace::RGB,
        };
        let out = u64::from(width) * u64::from(height) * color.num_components() as u64;
        let memory = stripped.bytes.len() as u64 + stripped.frame.coefficients() + out;
        let options = options.jpeg_set_out_colorspace(color);
        Ok(Self { stripped, options, width, height, memory })
    }

    /// Whether the end marker follows the pixels.
    pub(crate) const fn has_end(&self) -> bool {
        self.stripped.has_end
    }

    /// Decodes the pixels. What is missing at the end of the file becomes grey.
    pub(crate) fn decode(self) -> Result<GrayImage, BoxError> {
        let file = ZCursor::new(&self.stripped.bytes);
        let mut decoder = JpegDecoder::new_with_options(file, self.options);
        decoder.decode_headers().map_err(boxed)?;
        let channels = self.options.jpeg_get_out_colorspace().num_components();
        let mut bytes = vec![GREY; self.width as usize * self.height as usize * channels];
        decoder.decode_into(&mut bytes).map_err(boxed)?;
        if channels == 3 {
            for at in 0..bytes.len() / 3 {
                bytes[at] = luma([bytes[3 * at], bytes[3 * at + 1], bytes[3 * at + 2]]);
            }
            bytes.truncate(bytes.len() / 3);
        }
        GrayImage::from_raw(self.width, self.height, bytes).ok_or_else(|| "too few pixels".into())
    }
}

fn boxed(error: DecodeErrors) -> BoxError {
    Box::new(error)
}
