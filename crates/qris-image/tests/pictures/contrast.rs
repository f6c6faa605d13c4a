//! Symbols with little contrast, dark and light ones, and symbols that are seen at an angle.

use std::f64::consts::{PI, TAU};
use std::io::Cursor;

use image::imageops::{self, overlay};
use image::{GrayImage, ImageFormat, Luma, LumaA};
use qris_image::{Drawing, Found, Size};

use crate::camera::{Pose, photograph};
use crate::grey::{self, Dice};
use crate::vectors;

const SHOP: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014\
    ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062\
    070703A01630466DC";
const OTHER_SHOP: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014\
    ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO KEDUAA6007JAKARTA61051011062\
    070703A0163040D46";

/// The texts that are read in a file, sorted.
#[track_caller]
fn texts(file: &[u8]) -> Vec<String> {
    let found = qris_image::read(file).expect("a whole picture");
    let mut texts: Vec<String> = found.iter().map(|found| found.text().to_owned()).collect();
    texts.sort_unstable();
    texts
}

#[track_caller]
fn is_read(picture: &GrayImage, case: &str) {
    assert_eq!(texts(&grey::png(picture)), [vectors::SAMPLE], "{case}");
}

/// The sample in two shades of grey.
fn sample(module: u16, dark: u8, light: u8) -> GrayImage {
    let drawing = Drawing::parse(vectors::SAMPLE).expect("the sample").plain();
    let file = drawing.size(Size::Module(module)).png().expect("a payload that fits");
    let mut picture = grey::decoded(&file);
    for pixel in picture.pixels_mut() {
        pixel.0[0] = if pixel.0[0] == 0 { dark } else { light };
    }
    picture
}

/// A shade that is darker than another one by so many hundredths.
fn darker(light: u8, contrast: u8) -> u8 {
    (f64::from(light) * (1.0 - f64::from(contrast) / 100.0)).round() as u8
}

#[test]
fn a_symbol_in_one_flat_colour_is_read() {
    assert_eq!(texts(include_bytes!("files/grey_on_white.png")), [SHOP]);
    assert_eq!(texts(include_bytes!("files/sky_blue_on_white.png")), [SHOP]);
}

#[test]
fn a_symbol_of_white_modules_on_nothing_is_read() {
    assert_eq!(texts(include_bytes!("files/white_on_transparent.png")), [SHOP]);
}

#[test]
fn a_dark_and_a_light_symbol_in_one_screenshot_are_both_read() {
    assert_eq!(texts(include_bytes!("files/inverted_screen.png")), [SHOP, OTHER_SHOP]);
    assert_eq!(texts(include_bytes!("files/two_polarities.png")), [SHOP, OTHER_SHOP]);
}

#[test]
fn flat_symbols_are_read_down_to_fifteen_hundredths_of_contrast_in_either_polarity() {
    for (light, module) in [(255, 3), (255, 12), (180, 8), (120, 5)] {
        for contrast in [15, 18, 22, 30, 45, 60, 80, 100] {
            let case = format!("{contrast} % of {light} at {module} pixels a module");
            let mut picture = sample(module, darker(light, contrast), light);
            is_read(&picture, &case);
            imageops::invert(&mut picture);
            is_read(&picture, &format!("{case}, inverted"));
        }
    }
}

#[test]
fn a_faded_receipt_is_read() {
    let mut dice = Dice::new(5);
    for contrast in [15, 20, 30] {
        let paper = 210;
        let mut picture = GrayImage::from_pixel(700, 900, Luma([paper]));
        overlay(&mut picture, &sample(8, darker(paper, contrast), paper), 100, 200);
        let turned = grey::rotated(&picture, 0.05);
        let mut seen = grey::blurred(&turned, 1.0);
        for pixel in seen.pixels_mut() {
            let noise = dice.between(-3.0, 3.0);
            pixel.0[0] = (f64::from(pixel.0[0]) + noise).clamp(0.0, 255.0) as u8;
        }
        let file = grey::jpeg(&seen, 85);
        assert_eq!(texts(&file), [vectors::SAMPLE], "{contrast} %");
    }
}

#[test]
fn modules_of_any_brightness_on_nothing_are_read() {
    for ink in [0, 60, 127, 128, 190, 255] {
        let clean = sample(6, 0, 255);
        let mut file = Cursor::new(Vec::new());
        image::ImageBuffer::from_fn(clean.width(), clean.height(), |x, y| {
            LumaA([ink, 255 - clean.get_pixel(x, y).0[0]])
        })
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
        assert_eq!(texts(&file.into_inner()), [vectors::SAMPLE], "ink {ink}");
    }
}

#[test]
fn a_symbol_tilted_by_45_degrees_in_any_direction_is_read() {
    let sheet = sample(8, 0, 255);
    for eighth in 0..8 {
        let mut picture = GrayImage::from_pixel(900, 900, Luma([120]));
        let pose = Pose {
            centre: (450.0, 450.0),
            scale: 1.3,
            turn: 0.4,
            tilt: PI / 4.0,
            towards: f64::from(eighth) / 8.0 * TAU,
        };
        photograph(&mut picture, &sheet, pose, |paper, _, _| 40.0 + paper * 0.7);
        is_read(&picture, &format!("{eighth}/8 of a turn"));
    }
}

#[test]
fn a_photo_of_12_megapixels_with_fifteen_hundredths_of_contrast_is_read() {
    let mut dice = Dice::new(6);
    let mut picture = GrayImage::from_fn(4_000, 3_000, |x, y| {
        Luma([(110.0 + 40.0 * (f64::from(x) / 300.0).sin() * (f64::from(y) / 200.0).cos()) as u8])
    });
    let pose = Pose { centre: (2_100.0, 1_400.0), scale: 1.0, turn: 0.7, tilt: 0.5, towards: 1.0 };
    photograph(&mut picture, &sample(12, darker(180, 15), 180), pose, |paper, _, _| paper);
    for pixel in picture.pixels_mut() {
        let noise = (dice.next() % 9) as f64 - 4.0;
        pixel.0[0] = (f64::from(pixel.0[0]) + noise) as u8;
    }
    let found = qris_image::read(&grey::jpeg(&picture, 85)).expect("a whole picture");
    assert_eq!(found.iter().map(Found::text).collect::<Vec<_>>(), [vectors::SAMPLE]);
    // The symbol's middle is that of the sheet, in pixels of the whole photo.
    let [upper_left, _, lower_right, _] = found[0].corners();
    let middle = (upper_left.x + lower_right.x) / 2.0;
    assert!((middle - 2_100.0).abs() < 60.0, "{middle}");
}
