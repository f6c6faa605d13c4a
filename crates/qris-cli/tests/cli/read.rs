//! `qris read`, as a user calls it, and what `qris decode -` makes of its output.

use std::path::{Path, PathBuf};

use crate::command::{SAMPLE, STICKER, complaint, json_of, qris, text};
use qris_image::Drawing;

/// A picture of the text, in this folder.
#[track_caller]
fn drawn(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    let picture = Drawing::forced(text).plain().png().expect("a text that fits");
    std::fs::write(&file, picture).expect("written");
    file
}

/// The path of a picture beside this file.
fn beside(name: &str) -> String {
    format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_is_drawn_as_png_is_read_back_and_can_be_piped_into_decode() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("code.png");
    let path = file.to_str().expect("a path in UTF-8");
    let drawn = qris(&["draw", SAMPLE, "-o", path, "--scale", "4"], b"");
    assert_eq!(drawn.status.code(), Some(0), "{}", complaint(&drawn));
    let read = qris(&["read", path], b"");
    assert_eq!(text(&read), format!("{SAMPLE}\n"));
    let decoded = qris(&["decode", "-"], &read.stdout);
    assert!(text(&decoded).contains("InterActive Corp"));
}

#[test]
fn a_text_is_written_into_a_pipe_exactly_and_decode_reads_it() {
    for (name, has) in
        [("sinhala_zwj.png", "\u{200d}"), ("trail_bom.png", "\u{feff}"), ("trail_nl.png", "\n\n")]
    {
        let read = qris(&["read", &beside(name)], b"");
        assert_eq!(read.status.code(), Some(0), "{name}: {}", complaint(&read));
        let written = text(&read);
        assert!(written.contains(has) && !written.contains("\\u"), "{name}: {written:?}");
        let decoded = qris(&["decode", "--rules", "emv", "--json", "-"], &read.stdout);
        let verdict = json_of(&decoded)["verdict"].clone();
        assert!(verdict == "valid" || verdict == "warn", "{name}: {verdict}");
    }
}

#[test]
fn a_text_with_a_line_break_is_one_line_of_json_and_otherwise_comes_with_a_note() {
    let picture = beside("trail_nl.png");
    let read = qris(&["read", &picture], b"");
    assert!(complaint(&read).contains("use --json"), "{}", complaint(&read));
    let read = qris(&["read", "--json", &picture], b"");
    assert_eq!(complaint(&read), "");
    assert_eq!(text(&read).lines().count(), 1);
    let symbol = json_of(&read);
    assert!(symbol["text"].as_str().is_some_and(|text| text.ends_with('\n')), "{symbol}");
    assert_eq!((&symbol["file"], &symbol["kind"]), (&picture.into(), &"qris".into()));
    assert_eq!(symbol["corners"].as_array().map(Vec::len), Some(4));
}

#[test]
fn two_codes_are_two_lines_and_decode_shows_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two] = [("one.png", SAMPLE), ("two.png", STICKER)]
        .map(|(name, text)| drawn(folder.path(), name, text).display().to_string());
    let read = qris(&["read", &one, &two], b"");
    assert_eq!(text(&read), format!("{SAMPLE}\n{STICKER}\n"));
    let decoded = qris(&["decode", "-"], &read.stdout);
    let shown = text(&decoded);
    assert!(shown.contains("InterActive Corp") && shown.contains("TOKO CONTOH"), "{shown}");
    assert_eq!(shown.matches("verdict: ").count(), 2, "{shown}");
    assert_eq!(decoded.status.code(), Some(0));
    let decoded = qris(&["decode", "--json", "-"], &read.stdout);
    let objects = serde_json::Deserializer::from_slice(&decoded.stdout).into_iter();
    let names: Vec<serde_json::Value> = objects
        .map(|object: Result<serde_json::Value, _>| {
            object.expect("JSON")["merchant"]["name"].clone()
        })
        .collect();
    assert_eq!(names, ["InterActive Corp", "TOKO CONTOH"]);
}

#[test]
fn the_exit_code_of_several_payloads_is_that_of_the_worst() {
    let damaged = STICKER.replace("66DC", "66DD");
    for lines in [format!("{damaged}\n{SAMPLE}\n"), format!("{SAMPLE}\r\n\r\n{damaged}")] {
        let decoded = qris(&["decode", "-"], lines.as_bytes());
        assert_eq!(decoded.status.code(), Some(1), "{lines:?}");
        assert_eq!(text(&decoded).matches("verdict: ").count(), 2, "{lines:?}");
    }
}

#[test]
fn more_payloads_than_decode_takes_are_refused_and_not_cut_off() {
    let lines = format!("{SAMPLE}\n").repeat(6_000);
    let decoded = qris(&["decode", "-"], lines.as_bytes());
    assert_eq!((decoded.status.code(), text(&decoded).as_str()), (Some(2), ""));
    assert!(complaint(&decoded).contains("qris validate"), "{}", complaint(&decoded));
}

#[test]
fn a_minus_is_standard_input() {
    let picture = Drawing::forced(SAMPLE).png().expect("a picture");
    let read = qris(&["read", "-"], &picture);
    assert_eq!(text(&read), format!("{SAMPLE}\n"), "{}", complaint(&read));
}

#[test]
fn a_webp_is_read() {
    let read = qris(&["read", &beside("sticker.webp")], b"");
    assert_eq!(text(&read), format!("{STICKER}\n"), "{}", complaint(&read));
}

#[test]
fn a_file_that_is_missing_or_no_picture_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = folder.path().join("words.png");
    std::fs::write(&words, "not a picture").expect("written");
    let heic = folder.path().join("photo.heic");
    std::fs::write(&heic, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").expect("written");
    let last = drawn(folder.path(), "last.png", SAMPLE);
    let files = [Path::new("no such file.png"), &words, &heic, &last]
        .map(|file| file.to_str().expect("a path in UTF-8").to_owned());
    let mut arguments = vec!["read"];
    arguments.extend(files.iter().map(String::as_str));
    let read = qris(&arguments, b"");
    assert_eq!(text(&read), format!("{SAMPLE}\n"));
    assert_eq!(read.status.code(), Some(1));
    let said = complaint(&read);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("no such file.png: "), "{said}");
    assert!(lines[1].contains("words.png: expected a PNG, JPEG, WebP or BMP picture"), "{said}");
    assert!(lines[2].contains("found a HEIC picture: save it as JPEG"), "{said}");
}

#[test]
fn a_code_that_is_no_qris_says_what_it_is_and_its_text_still_goes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    // A sticker of another country, under a right checksum.
    let foreign = STICKER.replace("5802ID", "5802TH");
    let foreign = &foreign[..foreign.len() - 4];
    let foreign = format!("{foreign}{:04X}", qris_codec::checksum(foreign.as_bytes()));
    for (code, kind, said) in [
        ("https://example.com/menu", "web-address", "it is a web address"),
        ("WIFI:T:WPA;S:toko;P:rahasia;;", "wifi", "it is a Wi-Fi network"),
        ("BEGIN:VCARD\nEND:VCARD", "contact", "it is a contact"),
        ("upi://pay?pa=a@b", "upi", "UPI"),
        ("8991234567890", "number", "it is a number"),
        ("meja 7", "text", "it is plain text"),
        (&foreign, "emv", "another country (TH)"),
        (&STICKER.replace("66DC", "66DD"), "malformed", "damaged: expected checksum"),
        ("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=", "cpm", "consumer-presented"),
    ] {
        let file = drawn(folder.path(), "code.png", code);
        let path = file.to_str().expect("a path in UTF-8");
        let read = qris(&["read", path], b"");
        assert_eq!(text(&read), format!("{code}\n"));
        assert_eq!(read.status.code(), Some(0));
        let note = complaint(&read);
        assert!(note.contains("this code is not a QRIS code: ") && note.contains(said), "{note}");
        let read = qris(&["read", "--json", path], b"");
        assert_eq!(json_of(&read)["kind"], kind);
    }
    let file = drawn(folder.path(), "qris.png", STICKER);
    let read = qris(&["read", file.to_str().expect("a path in UTF-8")], b"");
    assert_eq!(complaint(&read), "");
}

#[test]
fn a_picture_without_a_qr_ends_with_one() {
    // One white pixel.
    let bmp = [
        &b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0"[..],
        &[0; 24],
        &[255, 255, 255, 0],
    ]
    .concat();
    let read = qris(&["read", "-"], &bmp);
    assert_eq!((read.status.code(), text(&read).as_str()), (Some(1), ""));
    assert!(complaint(&read).contains("expected a QR, found none"), "{}", complaint(&read));
}
