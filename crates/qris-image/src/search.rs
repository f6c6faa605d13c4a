//! Symbols in pixels.

use image::GrayImage;
use image::imageops::{self, FilterType};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult};

use crate::found::{Corner, Found};

/// The most pixels of a picture that is sharpened and enlarged when nothing else helped; those of
/// a larger one are fine enough, and it is looked at smaller instead.
const MAX_FINE: u64 = 4_000_000;

/// The symbols, looked for in ways that cost more and more until one of them finds any.
pub(crate) fn symbols(grey: &GrayImage) -> Vec<Found> {
    let found = look(grey, 1.0);
    if !found.is_empty() {
        return found;
    }
    let (width, height) = grey.dimensions();
    let scaled = |factor: f32| {
        let side = |pixels: u32| ((pixels as f32 * factor) as u32).max(1);
        if factor < 1.0 {
            imageops::thumbnail(grey, side(width), side(height))
        } else {
            imageops::resize(grey, side(width), side(height), FilterType::Triangle)
        }
    };
    let small = u64::from(width) * u64::from(height) <= MAX_FINE;
    let tries: [&dyn Fn() -> Vec<Found>; 5] = [
        // Noise of single pixels averages out.
        &|| look(&scaled(0.5), 0.5),
        &|| if small { Vec::new() } else { look(&scaled(0.25), 0.25) },
        // Out of focus, dark and light run into each other.
        &|| if small { look(&imageops::unsharpen(grey, 2.0, 0), 1.0) } else { Vec::new() },
        // Modules of two or three pixels are too few for the search for finders.
        &|| if small { look(&scaled(2.0), 2.0) } else { Vec::new() },
        // Light modules on a dark screen.
        &|| {
            let mut inverted = grey.clone();
            imageops::invert(&mut inverted);
            look(&inverted, 1.0)
        },
    ];
    tries.iter().map(|attempt| attempt()).find(|found| !found.is_empty()).unwrap_or_default()
}

/// What is in a picture that is `scale` times as large as the one that was asked about.
fn look(grey: &GrayImage, scale: f32) -> Vec<Found> {
    let Ok(source) = Luma8Source::new_with_slice(grey.as_raw(), grey.width(), grey.height()) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    QrReader
        .decode_multiple_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source)), &hints)
        .unwrap_or_default()
        .iter()
        .filter_map(|result| found(result, scale))
        .collect()
}

fn found(result: &RXingResult, scale: f32) -> Option<Found> {
    // The library guesses an encoding where a symbol names none; a payload is UTF-8 (EMVCo MPM
    // 4.12), so bytes that are need no guess.
    let text = String::from_utf8(result.getRawBytes().to_vec())
        .unwrap_or_else(|_| result.getText().to_owned());
    let corner = |point: rxing::Point| Corner { x: point.x / scale, y: point.y / scale };
    let &[upper_left, upper_right, lower_left, lower_right] = result.getPoints() else {
        return None;
    };
    Some(Found { text, corners: [upper_left, upper_right, lower_right, lower_left].map(corner) })
}
