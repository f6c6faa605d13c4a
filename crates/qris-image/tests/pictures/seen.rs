//! Pictures as a camera takes them.

use std::f64::consts::TAU;

use image::GrayImage;
use qris_image::{Drawing, Size};

use crate::grey::{self, Dice};
use crate::{vectors, zbar};

const PICTURES: usize = 100;

/// Makes a hundred pictures of payloads, and compares how many this crate and zbar read correctly.
#[track_caller]
fn read_at_least_as_often_as_by_zbar(
    seed: u64,
    spoil: impl Fn(GrayImage, f64, &mut Dice) -> GrayImage,
) {
    let mut dice = Dice::new(seed);
    let payloads = vectors::accepted();
    let (texts, pictures): (Vec<&str>, Vec<GrayImage>) = (0..PICTURES)
        .map(|_| {
            let text = payloads[dice.next() as usize % payloads.len()].as_str();
            let module = dice.between(3.0, 7.0) as u16;
            let drawing = Drawing::parse(text).expect("an accepted payload");
            let clean = drawing.size(Size::Module(module)).png().expect("a payload that fits");
            let spoilt = spoil(grey::decoded(&clean), f64::from(module), &mut dice);
            // Both read the file that a phone would store.
            let quality = dice.between(50.0, 95.0) as u8;
            (text, grey::decoded(&grey::jpeg(&spoilt, quality)))
        })
        .unzip();
    let ours = pictures
        .iter()
        .zip(&texts)
        .filter(|(picture, text)| {
            let found = qris_image::read(&grey::png(picture)).expect("a whole picture");
            found.iter().any(|found| found.text() == **text)
        })
        .count();
    let zbars =
        zbar::read(&pictures).iter().zip(&texts).filter(|(found, text)| found == *text).count();
    println!("ours {ours}, zbar {zbars} of {PICTURES}");
    assert!(ours >= zbars, "we read {ours} of {PICTURES}, zbar {zbars}");
}

#[test]
fn rotated_pictures_are_read_at_least_as_often_as_by_zbar() {
    read_at_least_as_often_as_by_zbar(1, |picture, _, dice| {
        grey::rotated(&picture, dice.between(0.0, TAU))
    });
}

#[test]
fn blurred_pictures_are_read_at_least_as_often_as_by_zbar() {
    read_at_least_as_often_as_by_zbar(2, |picture, module, dice| {
        grey::blurred(&picture, module * dice.between(0.2, 0.6))
    });
}

#[test]
fn tilted_pictures_are_read_at_least_as_often_as_by_zbar() {
    read_at_least_as_often_as_by_zbar(3, |picture, _, dice| {
        grey::tilted(&picture, dice.between(-0.5, 0.5), dice.between(-0.5, 0.5))
    });
}

#[test]
fn noisy_pictures_are_read_at_least_as_often_as_by_zbar() {
    read_at_least_as_often_as_by_zbar(4, |picture, _, dice| {
        let (deviation, shadow) = (dice.between(5.0, 30.0), dice.between(0.0, 0.5));
        grey::noisy(&picture, deviation, shadow, dice)
    });
}
