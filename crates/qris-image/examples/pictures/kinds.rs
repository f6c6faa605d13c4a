//! The kinds of pictures, and how each is made.

use std::f64::consts::{PI, TAU};

use image::imageops::{invert, overlay};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA, Rgb, RgbImage};
use qris_image::{Drawing, Size};

use crate::camera::{Pose, photograph};
use crate::grey::{self, Dice};
use crate::vectors;

/// A picture file, and what is in it.
pub(crate) struct Picture {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) texts: Vec<String>,
    pub(crate) file: Vec<u8>,
}

/// A file's ending and its bytes.
type File = (&'static str, Vec<u8>);
type Make = fn(&[String], &mut Dice) -> File;

/// How many of each kind, of how many symbols, and how they are made.
const KINDS: [(&str, usize, usize, Make); 16] = [
    ("clean", 20, 1, clean),
    ("low contrast colours", 25, 1, colours),
    ("faded receipt", 20, 1, receipt),
    ("inverted", 15, 1, inverted),
    ("both polarities", 15, 2, both_polarities),
    ("transparent", 15, 1, transparent),
    ("blur", 20, 1, blur),
    ("noise", 20, 1, noise),
    ("JPEG of low quality", 15, 1, low_quality),
    ("tilt to 60 degrees", 25, 1, tilt),
    ("rotation", 20, 1, rotation),
    ("glare", 20, 1, glare),
    ("shadow", 20, 1, shadow),
    ("small modules", 15, 1, small),
    ("screenshot with two codes", 15, 2, screenshot),
    ("12-megapixel photo", 20, 1, photo),
];

/// All pictures, one by one.
pub(crate) fn pictures(seed: u64) -> impl Iterator<Item = Picture> {
    let payloads = vectors::accepted();
    let mut dice = Dice::new(seed);
    let each = KINDS.iter().flat_map(|kind| (0..kind.1).map(move |at| (kind, at)));
    each.map(move |(&(kind, _, symbols, make), at)| {
        let mut texts: Vec<String> = Vec::new();
        while texts.len() < symbols {
            let text = &payloads[dice.next() as usize % payloads.len()];
            if !texts.contains(text) {
                texts.push(text.clone());
            }
        }
        let (ending, file) = make(&texts, &mut dice);
        let name = format!("{}-{at:02}.{ending}", kind.to_lowercase().replace(' ', "-"));
        Picture { name, kind, texts, file }
    })
}

/// The symbol of a text in black on white, at so many pixels a module.
fn symbol(text: &str, module: u16) -> GrayImage {
    let drawing = Drawing::parse(text).expect("an accepted payload").plain();
    let file = drawing.size(Size::Module(module)).png().expect("a payload that fits");
    grey::decoded(&file)
}

fn module(dice: &mut Dice) -> u16 {
    dice.between(4.0, 9.0) as u16
}

fn png(picture: &GrayImage) -> File {
    ("png", grey::png(picture))
}

/// As a phone stores it.
fn jpeg(picture: &GrayImage, dice: &mut Dice) -> File {
    ("jpg", grey::jpeg(picture, dice.between(70.0, 95.0) as u8))
}

/// Brightness from black and white to a range of its own.
fn between(picture: &mut GrayImage, dark: f64, light: f64) {
    for pixel in picture.pixels_mut() {
        pixel.0[0] = (dark + f64::from(pixel.0[0]) / 255.0 * (light - dark)) as u8;
    }
}

fn clean(texts: &[String], dice: &mut Dice) -> File {
    png(&symbol(&texts[0], module(dice)))
}

/// Pale ink on white or on pale paper.
fn colours(texts: &[String], dice: &mut Dice) -> File {
    const PAIRS: [([u8; 3], [u8; 3]); 10] = [
        ([0x4f, 0xc3, 0xf7], [255, 255, 255]),
        ([0xff, 0xd7, 0x00], [255, 255, 255]),
        ([0xd4, 0xaf, 0x37], [255, 255, 240]),
        ([170, 170, 170], [255, 255, 255]),
        ([200, 200, 200], [255, 255, 255]),
        ([110, 110, 110], [150, 150, 150]),
        ([0xa5, 0xd6, 0xa7], [255, 255, 255]),
        ([0xf4, 0x8f, 0xb1], [0xff, 0xf3, 0xe0]),
        ([0x29, 0x62, 0xff], [0x00, 0x91, 0xea]),
        ([150, 120, 90], [200, 170, 140]),
    ];
    let (ink, paper) = PAIRS[dice.next() as usize % PAIRS.len()];
    let symbol = symbol(&texts[0], module(dice));
    let picture = RgbImage::from_fn(symbol.width(), symbol.height(), |x, y| {
        Rgb(if symbol.get_pixel(x, y).0[0] == 0 { ink } else { paper })
    });
    ("png", encoded(&picture.into()))
}

fn encoded(picture: &DynamicImage) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("memory takes a picture");
    file.into_inner()
}

/// Thermal paper after months: little contrast, white streaks of dead dots, a little noise.
fn receipt(texts: &[String], dice: &mut Dice) -> File {
    let mut symbol = symbol(&texts[0], module(dice).max(5));
    for _ in 0..dice.between(1.0, 4.0) as u32 {
        let column = dice.between(0.0, f64::from(symbol.width())) as u32;
        (0..symbol.height()).for_each(|y| symbol.put_pixel(column, y, Luma([255])));
    }
    let mut picture =
        GrayImage::from_pixel(symbol.width() + 200, symbol.height() + 300, Luma([255]));
    overlay(&mut picture, &symbol, 100, 150);
    let light = dice.between(190.0, 235.0);
    between(&mut picture, light * (1.0 - dice.between(0.12, 0.35)), light);
    let turned = grey::rotated(&picture, dice.between(-0.1, 0.1));
    let mut seen = grey::blurred(&turned, 1.0);
    spoilt(&mut seen, dice.between(1.0, 3.0), dice);
    jpeg(&seen, dice)
}

/// Noise in every pixel: nearly bell-shaped, and quick to make for millions of them.
fn spoilt(picture: &mut GrayImage, deviation: f64, dice: &mut Dice) {
    for pixel in picture.pixels_mut() {
        let random = dice.next();
        let sum: u64 = (0..4).map(|at| (random >> (16 * at)) & 0xffff).sum();
        // Four even numbers from 0 to 1 have a deviation of the root of a third.
        let noise = (sum as f64 / 65536.0 - 2.0) * 3_f64.sqrt() * deviation;
        pixel.0[0] = (f64::from(pixel.0[0]) + noise).clamp(0.0, 255.0) as u8;
    }
}

fn inverted(texts: &[String], dice: &mut Dice) -> File {
    let mut picture = symbol(&texts[0], module(dice));
    invert(&mut picture);
    let light = dice.between(120.0, 255.0);
    between(&mut picture, dice.between(0.0, 40.0), light);
    png(&picture)
}

/// A dark half with a light symbol, and a light half with a dark one.
fn both_polarities(texts: &[String], dice: &mut Dice) -> File {
    let module = module(dice);
    let dark = symbol(&texts[0], module);
    let mut light = symbol(&texts[1], module);
    invert(&mut light);
    let side = dark.width().max(light.width()) + 40;
    let mut picture =
        GrayImage::from_fn(2 * side, side, |x, _| Luma([if x < side { 255 } else { 0 }]));
    overlay(&mut picture, &dark, 20, 20);
    overlay(&mut picture, &light, i64::from(side) + 20, 20);
    let low = dice.between(0.0, 30.0);
    between(&mut picture, low, 250.0);
    png(&picture)
}

/// Black, or white, modules on nothing.
fn transparent(texts: &[String], dice: &mut Dice) -> File {
    let ink = if dice.next().is_multiple_of(2) { 0 } else { 255 };
    let symbol = symbol(&texts[0], module(dice));
    let picture = image::ImageBuffer::from_fn(symbol.width(), symbol.height(), |x, y| {
        LumaA([ink, 255 - symbol.get_pixel(x, y).0[0]])
    });
    ("png", encoded(&picture.into()))
}

fn blur(texts: &[String], dice: &mut Dice) -> File {
    let module = module(dice);
    let blurred =
        grey::blurred(&symbol(&texts[0], module), f64::from(module) * dice.between(0.3, 0.65));
    jpeg(&blurred, dice)
}

fn noise(texts: &[String], dice: &mut Dice) -> File {
    let mut picture = symbol(&texts[0], module(dice));
    between(&mut picture, 60.0, 200.0);
    let deviation = dice.between(15.0, 60.0);
    spoilt(&mut picture, deviation, dice);
    png(&picture)
}

fn low_quality(texts: &[String], dice: &mut Dice) -> File {
    let turned = grey::rotated(&symbol(&texts[0], module(dice)), dice.between(-0.2, 0.2));
    ("jpg", grey::jpeg(&turned, dice.between(3.0, 15.0) as u8))
}

/// A wall, grey and uneven.
fn wall(width: u32, height: u32, dice: &mut Dice) -> GrayImage {
    let (bright, phase) = (dice.between(90.0, 170.0), dice.between(0.0, TAU));
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let wave = (x / 97.0 + phase).sin() + (y / 61.0).sin() + ((x + y) / 13.0).sin() / 4.0;
        Luma([(bright + 15.0 * wave) as u8])
    })
}

fn tilt(texts: &[String], dice: &mut Dice) -> File {
    let sheet = symbol(&texts[0], 8);
    let mut picture = wall(1_280, 960, dice);
    let pose = Pose {
        centre: (640.0, 480.0),
        scale: dice.between(0.9, 1.5),
        turn: dice.between(0.0, TAU),
        tilt: dice.between(20.0, 60.0) / 180.0 * PI,
        towards: dice.between(0.0, TAU),
    };
    photograph(&mut picture, &sheet, pose, |paper, _, _| 40.0 + paper * 0.7);
    spoilt(&mut picture, 4.0, dice);
    jpeg(&picture, dice)
}

fn rotation(texts: &[String], dice: &mut Dice) -> File {
    png(&grey::rotated(&symbol(&texts[0], module(dice)), dice.between(0.0, TAU)))
}

/// A lamp mirrored in the foil over the symbol.
fn glare(texts: &[String], dice: &mut Dice) -> File {
    let sheet = symbol(&texts[0], 8);
    let mut picture = wall(1_280, 960, dice);
    let pose = Pose {
        centre: (640.0, 480.0),
        scale: dice.between(0.9, 1.4),
        turn: dice.between(-0.3, 0.3),
        tilt: dice.between(0.0, 0.5),
        towards: dice.between(0.0, TAU),
    };
    let lamp = (dice.between(400.0, 880.0), dice.between(240.0, 720.0));
    let (reach, strength) = (dice.between(60.0, 180.0), dice.between(100.0, 220.0));
    photograph(&mut picture, &sheet, pose, |paper, x, y| {
        let from_lamp = (x - lamp.0).hypot(y - lamp.1) / reach;
        30.0 + paper * 0.6 + strength * (-from_lamp * from_lamp).exp()
    });
    spoilt(&mut picture, 3.0, dice);
    jpeg(&picture, dice)
}

/// The edge of a shadow across the symbol, soft or hard.
fn shadow(texts: &[String], dice: &mut Dice) -> File {
    let sheet = symbol(&texts[0], 8);
    let mut picture = wall(1_280, 960, dice);
    let pose = Pose {
        centre: (640.0, 480.0),
        scale: dice.between(0.9, 1.4),
        turn: dice.between(0.0, TAU),
        tilt: dice.between(0.0, 0.4),
        towards: dice.between(0.0, TAU),
    };
    let (angle, soft) = (dice.between(0.0, TAU), dice.between(5.0, 300.0));
    let depth = dice.between(0.5, 0.85);
    photograph(&mut picture, &sheet, pose, |paper, x, y| {
        let along = (x - 640.0) * angle.cos() + (y - 480.0) * angle.sin();
        let lit = 1.0 - depth / (1.0 + (-along / soft).exp());
        (40.0 + paper * 0.75) * lit
    });
    spoilt(&mut picture, 3.0, dice);
    jpeg(&picture, dice)
}

/// Modules of 1.3 to 2.5 pixels.
fn small(texts: &[String], dice: &mut Dice) -> File {
    let sheet = symbol(&texts[0], 8);
    let mut picture = GrayImage::from_pixel(480, 360, Luma([235]));
    let pose = Pose {
        centre: (dice.between(200.0, 280.0), dice.between(150.0, 210.0)),
        scale: dice.between(1.3, 2.5) / 8.0,
        turn: dice.between(-0.1, 0.1),
        tilt: 0.0,
        towards: 0.0,
    };
    photograph(&mut picture, &sheet, pose, |paper, _, _| 30.0 + paper * 0.8);
    jpeg(&picture, dice)
}

/// Two codes and lines of text, as an app or a web page shows them.
fn screenshot(texts: &[String], dice: &mut Dice) -> File {
    let mut picture = GrayImage::from_pixel(1_080, 1_920, Luma([250]));
    for y in (0..1_920).step_by(40) {
        let len = dice.between(100.0, 1_000.0) as u32;
        for (x, y) in (40..len).flat_map(|x| (y..y + 14).map(move |y| (x, y))) {
            let ink = (x / 5 * 7 + y / 4 * 3 + x / 9) % 4 == 0;
            picture.put_pixel(x, y, Luma([if ink { 60 } else { 250 }]));
        }
    }
    for (at, text) in texts.iter().enumerate() {
        let symbol = symbol(text, dice.between(4.0, 8.0) as u16);
        let right = (dice.between(0.0, f64::from(1_080 - symbol.width()))) as i64;
        overlay(&mut picture, &symbol, right, 100 + 900 * at as i64);
    }
    png(&picture)
}

/// What a phone takes of a counter from a step away, with down to 15 % contrast.
fn photo(texts: &[String], dice: &mut Dice) -> File {
    let sheet = symbol(&texts[0], 16);
    let mut picture = wall(4_000, 3_000, dice);
    let pose = Pose {
        centre: (dice.between(1_500.0, 2_500.0), dice.between(1_200.0, 1_800.0)),
        scale: dice.between(6.0, 22.0) / 16.0,
        turn: dice.between(0.0, TAU),
        tilt: dice.between(0.0, 60.0) / 180.0 * PI,
        towards: dice.between(0.0, TAU),
    };
    let contrast = dice.between(0.15, 0.7);
    let light = dice.between(120.0, 230.0);
    let lamp = (pose.centre.0 + dice.between(-400.0, 400.0), pose.centre.1);
    let strength = dice.between(0.0, 120.0);
    photograph(&mut picture, &sheet, pose, |paper, x, y| {
        let from_lamp = (x - lamp.0).hypot(y - lamp.1) / 250.0;
        light * (1.0 - contrast * (1.0 - paper / 255.0)) + strength * (-from_lamp * from_lamp).exp()
    });
    let deviation = dice.between(2.0, 8.0);
    spoilt(&mut picture, deviation, dice);
    jpeg(&picture, dice)
}
