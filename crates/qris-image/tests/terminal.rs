//! What the terminal shows, turned back into pixels.

use std::fs;
use std::process::Command;

use qris_image::{Drawing, Error, Level};

const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599\
    66270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.0055020\
    15802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// What zbar, which shares no code with us, reads in half blocks; whoever lacks zbar must install
/// it (Debian: zbar-tools).
#[track_caller]
fn read_by_zbar(screen: &str) -> String {
    let mut rows: Vec<Vec<u8>> = Vec::new();
    for line in screen
        .lines()
        .filter_map(|line| line.strip_prefix("\x1b[38;5;16;48;5;231m")?.strip_suffix("\x1b[0m"))
    {
        let cells = || line.chars();
        rows.push(cells().map(|c| dark("▀█", c)).collect());
        rows.push(cells().map(|c| dark("▄█", c)).collect());
    }
    let scale = 4;
    let pixels: Vec<u8> = rows
        .iter()
        .flat_map(|row| std::iter::repeat_n(row, scale))
        .flat_map(|row| row.iter().flat_map(|&p| std::iter::repeat_n(p, scale)))
        .collect();
    let mut picture =
        format!("P5\n{} {}\n255\n", rows[0].len() * scale, rows.len() * scale).into_bytes();
    picture.extend(pixels);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("screen.pgm");
    fs::write(&file, picture).expect("room for a picture");
    let output = Command::new("zbarimg")
        .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .arg(&file)
        .output()
        .expect("zbarimg must be installed (Debian: zbar-tools)");
    String::from_utf8(output.stdout).expect("zbar writes UTF-8").trim_end().to_owned()
}

fn dark(blocks: &str, cell: char) -> u8 {
    if blocks.contains(cell) { 0 } else { 255 }
}

#[test]
fn the_screen_shows_a_symbol_that_reads_back_identical_at_every_level() {
    for level in Level::ALL {
        let screen = Drawing::parse(SAMPLE).unwrap().level(level).terminal().unwrap();
        assert_eq!(read_by_zbar(&screen), SAMPLE, "level {level}");
    }
}

#[test]
fn the_words_underneath_are_name_nmid_and_amount() {
    let screen = Drawing::parse(SAMPLE).unwrap().terminal().unwrap();
    let words: Vec<&str> =
        screen.lines().filter(|line| !line.contains('\x1b')).map(str::trim).collect();
    assert_eq!(words, ["InterActive Corp", "NMID: ID1020021181745", "Rp25.578"]);
}

#[test]
fn a_plain_drawing_is_the_symbol_alone() {
    let drawing = Drawing::parse(SAMPLE).unwrap();
    let whole = drawing.terminal().unwrap();
    let plain = drawing.plain().terminal().unwrap();
    assert!(plain.lines().all(|line| line.contains('\x1b')));
    assert!(whole.starts_with(&plain));
}

#[test]
fn a_payload_with_one_digit_changed_is_not_drawn() {
    let broken = SAMPLE.replace("25578.00", "25579.00");
    let refused = qris_codec::Payload::parse(&broken).unwrap_err();
    assert_eq!(Drawing::parse(&broken).unwrap_err(), Error::NotAPayload(refused),);
}

#[test]
fn a_payload_that_no_symbol_holds_is_an_error_that_names_its_length() {
    let objects: String = (65..80).map(|tag| format!("{tag}99{}", "x".repeat(99))).collect();
    let text = format!("000201{objects}6304");
    let text = format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()));
    let error = Drawing::parse(&text).unwrap().level(Level::High).terminal().unwrap_err();
    assert_eq!(error, Error::TooLong { bytes: text.len(), level: Level::High },);
}
