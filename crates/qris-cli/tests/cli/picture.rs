//! `qris draw`, as a user calls it.

use crate::command::{SAMPLE, STICKER, complaint, qris, text};

#[test]
fn the_name_of_the_file_decides_the_format() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, begins) in
        [("code.svg", &b"<svg"[..]), ("code.png", b"\x89PNG"), ("code.escpos", b"\x1dv0")]
    {
        let file = folder.path().join(name);
        let path = file.to_str().expect("a path in UTF-8");
        assert_eq!(qris(&["draw", STICKER, "-o", path], b"").status.code(), Some(0));
        assert!(std::fs::read(&file).expect("written").starts_with(begins), "{name}");
    }
    let other = folder.path().join("code.bmp");
    let output = qris(&["draw", STICKER, "-o", other.to_str().expect("UTF-8")], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(!other.exists());
}

#[test]
fn the_terminal_shows_name_and_nmid_unless_plain() {
    let shown = text(&qris(&["draw", STICKER], b""));
    assert!(shown.contains("TOKO CONTOH") && shown.contains("ID1020038431489"), "{shown}");
    let plain = text(&qris(&["draw", "--plain", STICKER], b""));
    assert!(!plain.contains("TOKO") && plain.contains("█▀▀▀▀▀█"), "{plain}");
}

#[test]
fn a_payload_that_is_wrong_is_not_drawn() {
    let output = qris(&["draw", &SAMPLE.replace("25578", "25579")], b"");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output), "");
}

#[test]
fn what_cannot_be_drawn_or_written_is_told_with_its_cause() {
    let damaged = STICKER.replace("66DC", "66DD");
    let output = qris(&["draw", &damaged], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("checksum 66DC, found 66DD"), "{}", complaint(&output));
    let output = qris(&["draw", STICKER, "-o", "no/such/folder/code.svg"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint(&output).contains("no/such/folder/code.svg"), "{}", complaint(&output));
}

/// The sticker of another merchant.
fn sticker_of(name: &str) -> String {
    let name = format!("59{:02}{name}", name.chars().count());
    let text = STICKER.replace("5911TOKO CONTOH", &name);
    let text = &text[..text.len() - 4];
    format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()))
}

#[test]
fn a_poster_is_written_as_pdf_or_svg_by_the_name_of_the_file_or_by_the_word() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, more, begins) in [
        ("poster.pdf", &[][..], &b"%PDF-"[..]),
        ("poster.svg", &[], b"<svg"),
        ("poster", &["--format", "pdf"], b"%PDF-"),
    ] {
        let file = folder.path().join(name);
        let path = file.to_str().expect("a path in UTF-8");
        let drawn = qris(&[&["draw", STICKER, "--poster", "a5", "-o", path], more].concat(), b"");
        assert_eq!(drawn.status.code(), Some(0), "{}", complaint(&drawn));
        let note = "note: the poster has no logos: place the logos of QRIS and GPN";
        assert!(complaint(&drawn).starts_with(note), "{}", complaint(&drawn));
        assert!(std::fs::read(&file).expect("written").starts_with(begins), "{name}");
    }
    let options = ["--poster", "a6", "--printed-by", "Toko Cetak", "--print-version", "2.1"];
    let piped = qris(&[&["draw", STICKER, "--format", "svg"], &options[..]].concat(), b"");
    let page = text(&piped);
    assert!(page.contains("width=\"105mm\""), "{page}");
    assert!(
        page.contains("Dicetak oleh: Toko Cetak") && page.contains("Versi cetak: 2.1"),
        "{page}"
    );
}

#[test]
fn a_dynamic_code_is_no_poster() {
    let output = qris(&["draw", SAMPLE, "--poster", "a5", "--format", "svg"], b"");
    assert_eq!((output.status.code(), text(&output)), (Some(1), String::new()));
    assert!(
        complaint(&output).contains("expected a static code for a poster, found a dynamic one")
    );
}

#[test]
fn a_poster_is_svg_or_pdf_and_nothing_else_is_pdf() {
    for (arguments, words) in [
        (&["--poster", "a5"][..], "expected SVG or PDF for a poster"),
        (&["--poster", "a5", "--format", "png"], "expected SVG or PDF for a poster"),
        (&["--format", "pdf"], "expected --poster with PDF"),
        (&["--poster", "a4"], "a5"),
        (&["--poster", "a5", "--plain"], "--plain"),
        (&["--printed-by", "x"], "--poster"),
    ] {
        let output = qris(&[&["draw", STICKER], arguments].concat(), b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complaint(&output).contains(words), "{arguments:?}: {}", complaint(&output));
    }
}

#[test]
fn a_name_that_a_picture_lacks_letters_of_is_left_out_with_a_note() {
    let folder = tempfile::tempdir().expect("a folder");
    let payload = sticker_of("最佳运输");
    for (name, note) in [("a.png", true), ("a.escpos", true), ("a.svg", false)] {
        let file = folder.path().join(name);
        let path = file.to_str().expect("a path in UTF-8");
        let drawn = qris(&["draw", &payload, "-o", path], b"");
        assert_eq!(drawn.status.code(), Some(0), "{}", complaint(&drawn));
        assert_eq!(complaint(&drawn).contains("note: \"最佳运输\" was left out"), note, "{name}");
    }
    let drawn = qris(&["draw", &payload, "--poster", "a5", "--format", "pdf"], b"");
    assert!(complaint(&drawn).contains("note: \"最佳运输\" was left out"), "{}", complaint(&drawn));
}
