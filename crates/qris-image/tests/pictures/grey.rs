//! Pixels, and how a camera changes the pixels of a screen.

use std::f64::consts::TAU;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageFormat, Luma};

/// The pixels of a PNG or JPEG file.
#[track_caller]
pub(crate) fn decoded(file: &[u8]) -> GrayImage {
    image::load_from_memory(file).expect("a picture file that another library reads").into_luma8()
}

pub(crate) fn png(picture: &GrayImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("memory takes a picture");
    file.into_inner()
}

/// As a phone stores it.
pub(crate) fn jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(picture)
        .expect("memory takes a picture");
    file
}

/// Rows of dark and light modules as pixels, in black on white.
pub(crate) fn from_modules(rows: &[Vec<bool>], module: usize) -> GrayImage {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    GrayImage::from_fn((width * module) as u32, (rows.len() * module) as u32, |x, y| {
        let dark = rows[y as usize / module].get(x as usize / module).is_some_and(|&dark| dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

/// The dark pixels of a picture, row by row.
pub(crate) fn rows(picture: &GrayImage) -> Vec<Vec<bool>> {
    picture.rows().map(|row| row.map(|pixel| pixel.0[0] == 0).collect()).collect()
}

/// The one path of an SVG document that we drew, as whole pixels in black on white; the words are
/// left out, since their font is the viewer's.
#[track_caller]
pub(crate) fn from_svg(page: &str) -> GrayImage {
    let between = |before: &str, after: &str| {
        let (_, rest) = page.split_once(before).expect("what our pages have");
        rest.split_once(after).expect("what our pages have").0
    };
    let number = |text: &str| -> u32 { text.parse().expect("a whole number") };
    let view = between("viewBox=\"0 0 ", "\"");
    let (modules, rows) = view.split_once(' ').expect("a width and a height");
    let module = number(between("width=\"", "\"")) / number(modules);
    let mut picture =
        GrayImage::from_pixel(number(modules) * module, number(rows) * module, Luma([255]));
    for run in between(" d=\"", "\"").split('M').skip(1) {
        let (place, run) = run.split_once('h').expect("a run to the right");
        let (x, y) = place.split_once(' ').expect("two coordinates");
        let (len, back) = run.split_once("v1h-").expect("a run one module high");
        assert_eq!(back, format!("{len}z"), "a run comes back to its start");
        for (dx, dy) in (0..number(len) * module).flat_map(|x| (0..module).map(move |y| (x, y))) {
            picture.put_pixel(number(x) * module + dx, number(y) * module + dy, Luma([0]));
        }
    }
    picture
}

/// The picture magnified by a whole number: each pixel becomes a square.
pub(crate) fn enlarged(picture: &GrayImage, times: u32) -> GrayImage {
    GrayImage::from_fn(picture.width() * times, picture.height() * times, |x, y| {
        *picture.get_pixel(x / times, y / times)
    })
}

/// Numbers that look random and are the same on every machine (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly between the two.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * (high - low)
    }

    /// With mean 0 and standard deviation 1 (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.between(f64::MIN_POSITIVE, 1.0).ln()).sqrt();
        radius * self.between(0.0, TAU).cos()
    }
}

/// The colour at a place between pixels; white outside.
fn sampled(picture: &GrayImage, x: f64, y: f64) -> f64 {
    let pixel = |x: f64, y: f64| -> f64 {
        let inside = x >= 0.0 && y >= 0.0;
        inside
            .then(|| picture.get_pixel_checked(x as u32, y as u32))
            .flatten()
            .map_or(255.0, |pixel| f64::from(pixel.0[0]))
    };
    // The middle of a pixel lies half a pixel in.
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (x - left, y - top);
    let above = pixel(left, top) * (1.0 - across) + pixel(left + 1.0, top) * across;
    let below = pixel(left, top + 1.0) * (1.0 - across) + pixel(left + 1.0, top + 1.0) * across;
    above * (1.0 - down) + below * down
}

/// The picture rotated around its middle by an angle in radians.
pub(crate) fn rotated(picture: &GrayImage, angle: f64) -> GrayImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let (sin, cos) = angle.sin_cos();
    let wide = width * cos.abs() + height * sin.abs();
    let high = width * sin.abs() + height * cos.abs();
    GrayImage::from_fn(wide.ceil() as u32, high.ceil() as u32, |x, y| {
        let right = f64::from(x) + 0.5 - wide / 2.0;
        let down = f64::from(y) + 0.5 - high / 2.0;
        let from_x = right * cos + down * sin + width / 2.0;
        let from_y = down * cos - right * sin + height / 2.0;
        Luma([sampled(picture, from_x, from_y).round() as u8])
    })
}

/// The picture seen at an angle: parallel lines meet at a distance of `lean` pictures.
pub(crate) fn tilted(picture: &GrayImage, lean_x: f64, lean_y: f64) -> GrayImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let right = (f64::from(x) + 0.5) / width - 0.5;
        let down = (f64::from(y) + 0.5) / height - 0.5;
        // Farther parts are smaller: a step in the picture covers more of the sheet.
        let far = (1.15 + lean_x.abs() / 2.0 + lean_y.abs() / 2.0)
            / (1.0 + lean_x * right + lean_y * down);
        let from_x = (right * far + 0.5) * width;
        let from_y = (down * far + 0.5) * height;
        Luma([sampled(picture, from_x, from_y).round() as u8])
    })
}

/// The picture out of focus: each pixel is a weighted mean (Gauss) of its surroundings.
pub(crate) fn blurred(picture: &GrayImage, deviation: f64) -> GrayImage {
    let reach = (3.0 * deviation).ceil() as i64;
    let weights: Vec<f64> = (-reach..=reach)
        .map(|at| (-(at as f64).powi(2) / (2.0 * deviation * deviation)).exp())
        .collect();
    let sum: f64 = weights.iter().sum();
    let along = |picture: &GrayImage, step: (i64, i64)| {
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let mean = (-reach..=reach).zip(&weights).map(|(at, weight)| {
                let x = (i64::from(x) + at * step.0).clamp(0, i64::from(picture.width()) - 1);
                let y = (i64::from(y) + at * step.1).clamp(0, i64::from(picture.height()) - 1);
                weight * f64::from(picture.get_pixel(x as u32, y as u32).0[0])
            });
            Luma([(mean.sum::<f64>() / sum).round() as u8])
        })
    };
    along(&along(picture, (1, 0)), (0, 1))
}

/// The picture in poor light: less contrast, a shadow across, and noise in every pixel.
pub(crate) fn noisy(
    picture: &GrayImage,
    deviation: f64,
    shadow: f64,
    dice: &mut Dice,
) -> GrayImage {
    let width = f64::from(picture.width());
    let mut dim = picture.clone();
    for (x, _, pixel) in dim.enumerate_pixels_mut() {
        let light = 1.0 - shadow * f64::from(x) / width;
        let seen = (40.0 + f64::from(pixel.0[0]) * 0.7) * light + deviation * dice.normal();
        pixel.0[0] = seen.clamp(0.0, 255.0).round() as u8;
    }
    dim
}
