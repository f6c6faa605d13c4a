//! Makes a set of 300 pictures of QR symbols, or reads pictures and says how long it took.
//!
//! ```text
//! pictures make FOLDER [SEED]    300 pictures of 16 kinds, and expected.tsv
//! pictures read [FILE…]          a line of JSON for each file named, or on standard input
//! ```
//!
//! The pictures are the same for the same seed. `benches/pictures/run` compares readers on them.
#![forbid(unsafe_code)]

mod camera;
#[path = "../../tests/pictures/grey.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod grey;
mod kinds;
#[path = "../../tests/pictures/vectors.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod vectors;

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        ["make", folder] => make(Path::new(folder), 1),
        ["make", folder, seed] => make(Path::new(folder), seed.parse()?),
        ["read"] => io::stdin().lock().lines().try_for_each(|file| read(&file?)),
        ["read", ref files @ ..] => files.iter().try_for_each(|file| read(file)),
        _ => Err("expected `make FOLDER [SEED]` or `read [FILE…]`".into()),
    }
}

/// Writes the pictures, and a table of file, kind and text; one line for each text.
fn make(folder: &Path, seed: u64) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut table = fs::File::create(folder.join("expected.tsv"))?;
    for picture in kinds::pictures(seed) {
        fs::write(folder.join(&picture.name), &picture.file)?;
        for text in &picture.texts {
            writeln!(table, "{}\t{}\t{}", picture.name, picture.kind, json(text))?;
        }
    }
    Ok(())
}

/// Prints `{"file", "ms", "texts"}`: the time is that from the bytes of the file to the texts.
fn read(file: &str) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let start = Instant::now();
    let found = qris_image::read(&bytes);
    let ms = start.elapsed().as_secs_f64() * 1e3;
    let found = found.unwrap_or_else(|error| {
        eprintln!("{file}: {error}");
        Vec::new()
    });
    let texts: Vec<String> = found.iter().map(|found| json(found.text())).collect();
    let mut output = io::stdout().lock();
    writeln!(
        output,
        "{{\"file\": {}, \"ms\": {ms:.2}, \"texts\": [{}]}}",
        json(file),
        texts.join(", ")
    )?;
    Ok(())
}

/// The text as a JSON string.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted += &format!("\\u{:04x}", u32::from(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
