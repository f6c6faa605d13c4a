//! Reads pictures with zbar, an independent reader.

use std::fs;
use std::process::Command;

use image::GrayImage;
use qris_image::{Drawing, Size};

use crate::grey;

/// A picture between two others, which separates their results in zbar's output.
const SEPARATOR: &str = "next picture";

/// The text that zbar reads in each picture, in order. Several symbols are joined by line feeds.
///
/// # Panics
///
/// If `zbarimg` is not installed (Debian: zbar-tools).
#[track_caller]
pub(crate) fn read(pictures: &[GrayImage]) -> Vec<String> {
    // A few at a time, so that a test needs little disk space.
    pictures.chunks(64).flat_map(read_few).collect()
}

#[track_caller]
fn read_few(pictures: &[GrayImage]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let separator = Drawing::forced(SEPARATOR).size(Size::Module(3)).png();
    let separator = grey::decoded(&separator.expect("a short text"));
    let store = |name: String, picture: &GrayImage| {
        let file = folder.path().join(name);
        let head = format!("P5\n{} {}\n255\n", picture.width(), picture.height());
        let pixels = [head.as_bytes(), picture.as_raw()].concat();
        fs::write(&file, pixels).expect("room for a picture");
        file
    };
    let separator = store("separator.pgm".to_owned(), &separator);
    // The XML report would name the pictures, but garbles characters outside ASCII.
    let mut command = Command::new("zbarimg");
    command.args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"]);
    // Its threads wait by running in circles, and the other tests need the processors.
    command.env("OMP_NUM_THREADS", "1");
    for (at, picture) in pictures.iter().enumerate() {
        command.arg(store(format!("{at}.pgm"), picture)).arg(&separator);
    }
    let output = command.output().expect("zbarimg must be installed (Debian: zbar-tools)");
    let said = String::from_utf8(output.stdout).expect("zbar writes UTF-8");
    let texts: Vec<String> = said
        .split_terminator(&format!("{SEPARATOR}\n"))
        .map(|text| text.trim_end_matches('\n').to_owned())
        .collect();
    assert_eq!(texts.len(), pictures.len(), "zbar reads each separator");
    texts
}
