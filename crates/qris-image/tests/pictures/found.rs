//! The symbols that are found in a picture, and their places.

use std::f64::consts::PI;
use std::io::Cursor;

use image::imageops::{invert, overlay};
use image::{GrayImage, ImageFormat, Luma, LumaA, Rgba};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use qris_image::{Corner, Drawing, Found, Size};

use crate::{grey, vectors};

/// The sample at 4 pixels a module, without words: 228 pixels a side, the symbol 16 in from each.
#[track_caller]
fn sample() -> GrayImage {
    let drawing = Drawing::parse(vectors::SAMPLE).expect("the sample");
    let file = drawing.plain().size(Size::Module(4)).png();
    grey::decoded(&file.expect("a payload that fits"))
}

#[track_caller]
fn read(picture: &GrayImage) -> Vec<Found> {
    qris_image::read(&grey::png(picture)).expect("a whole picture")
}

/// The picture has one symbol with these corners, to within two and a half pixels.
#[track_caller]
fn stands_at(picture: &GrayImage, expected: [(f32, f32); 4]) {
    let found = read(picture);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), vectors::SAMPLE);
    for (Corner { x, y }, expected) in found[0].corners().into_iter().zip(expected) {
        let off = (x - expected.0).abs().max((y - expected.1).abs());
        assert!(off < 2.5, "expected {expected:?}, found {:?}", (x, y));
    }
}

#[test]
fn the_corners_are_those_of_the_symbol_without_its_quiet_zone() {
    stands_at(&sample(), [(16.0, 16.0), (212.0, 16.0), (212.0, 212.0), (16.0, 212.0)]);
}

#[test]
fn the_corners_turn_with_the_symbol() {
    let upside_down = grey::rotated(&sample(), PI);
    stands_at(&upside_down, [(212.0, 212.0), (16.0, 212.0), (16.0, 16.0), (212.0, 16.0)]);
}

#[test]
fn the_corners_are_in_pixels_of_the_picture_at_whatever_size_it_is_read() {
    // Both are read only at half their size, where a pixel is two of the picture.
    for (module, blur, noise) in [(3_u16, 0.7, 30.0), (4, 0.2, 60.0)] {
        let drawing = Drawing::parse(vectors::SAMPLE).unwrap().plain();
        let file = drawing.size(Size::Module(module)).png().unwrap();
        let blurred = grey::blurred(&grey::decoded(&file), blur);
        let picture = grey::noisy(&blurred, noise, 0.0, &mut grey::Dice::new(7));
        let (near, far) = (4.0 * f32::from(module), 53.0 * f32::from(module));
        stands_at(&picture, [(near, near), (far, near), (far, far), (near, far)]);
    }
}

#[test]
fn every_symbol_of_a_wall_of_stickers_is_found() {
    let payloads = vectors::accepted();
    let mut texts: Vec<&str> = payloads.iter().map(String::as_str).take(12).collect();
    let mut wall = GrayImage::from_pixel(1_400, 1_900, Luma([200]));
    for (at, text) in texts.iter().enumerate() {
        let drawing = Drawing::parse(text).unwrap().size(Size::Width(300));
        let sticker = grey::decoded(&drawing.png().unwrap());
        let (column, row) = (at as i64 % 4, at as i64 / 4);
        overlay(&mut wall, &sticker, 20 + column * 345, 20 + row * 600);
    }
    let found = read(&wall);
    let mut read: Vec<&str> = found.iter().map(Found::text).collect();
    read.sort_unstable();
    texts.sort_unstable();
    assert_eq!(read, texts);
}

#[test]
fn a_symbol_that_is_no_payload_is_told_apart_from_one_that_is() {
    let other = Drawing::forced("https://example.com").plain();
    let other = grey::decoded(&other.size(Size::Module(8)).png().unwrap());
    let mut both = GrayImage::from_pixel(600, 300, Luma([255]));
    overlay(&mut both, &sample(), 20, 20);
    overlay(&mut both, &other, 320, 20);
    let mut found: Vec<(String, bool)> = read(&both)
        .iter()
        .map(|found| (found.text().to_owned(), found.payload().is_ok()))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [(vectors::SAMPLE.to_owned(), true), ("https://example.com".to_owned(), false),],
    );
}

/// Byte mode only, as most web generators write it, without a declaration of UTF-8.
#[track_caller]
fn without_eci(text: &str) -> GrayImage {
    let mut bits = Bits::new(Version::Normal(12));
    bits.push_byte_data(text.as_bytes()).expect("a text that fits");
    bits.push_terminator(EcLevel::M).expect("a text that fits");
    let code = QrCode::with_bits(bits, EcLevel::M).expect("a text that fits");
    let side = code.width();
    let mut rows = vec![vec![false; side + 8]; side + 8];
    for (at, color) in code.to_colors().into_iter().enumerate() {
        rows[4 + at / side][4 + at % side] = color == Color::Dark;
    }
    grey::from_modules(&rows, 4)
}

#[test]
fn a_symbol_that_names_no_encoding_is_read_as_utf_8() {
    // Readers that guess take the first for Big5.
    for text in ["0002015911Café Ñandú!", "0002015922Thanh toán hóa đơn abcd", "5802最佳"]
    {
        let found = read(&without_eci(text));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text(), text);
    }
}

#[test]
fn a_symbol_of_light_modules_on_a_dark_screen_is_read() {
    let mut inverted = sample();
    invert(&mut inverted);
    let found = read(&inverted);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), vectors::SAMPLE);
}

#[test]
fn a_symbol_on_a_transparent_ground_is_read_as_on_white() {
    let clean = Drawing::parse(vectors::SAMPLE).unwrap().png().unwrap();
    let clean = grey::decoded(&clean);
    // Black where it is opaque, and black where it is transparent.
    let mut file = Cursor::new(Vec::new());
    image::ImageBuffer::from_fn(clean.width(), clean.height(), |x, y| {
        LumaA([0, 255 - clean.get_pixel(x, y).0[0]])
    })
    .write_to(&mut file, ImageFormat::Png)
    .unwrap();
    let found = qris_image::read(&file.into_inner()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), vectors::SAMPLE);
}

#[test]
fn a_symbol_in_colour_is_read() {
    let clean = Drawing::parse(vectors::SAMPLE).unwrap().png().unwrap();
    let clean = grey::decoded(&clean);
    let mut file = Cursor::new(Vec::new());
    image::ImageBuffer::from_fn(clean.width(), clean.height(), |x, y| {
        match clean.get_pixel(x, y).0[0] {
            0 => Rgba([20_u8, 40, 120, 255]),
            _ => Rgba([255, 230, 150, 255]),
        }
    })
    .write_to(&mut file, ImageFormat::Png)
    .unwrap();
    let found = qris_image::read(&file.into_inner()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), vectors::SAMPLE);
}

#[test]
fn neither_what_was_found_nor_an_error_shows_the_payload() {
    let file = Drawing::parse(vectors::SAMPLE).unwrap().png().unwrap();
    let found = qris_image::read(&file).unwrap();
    let shown = format!("{found:?}");
    assert!(shown.contains("corners"));
    assert!(!shown.contains("InterActive"), "{shown}");
}
