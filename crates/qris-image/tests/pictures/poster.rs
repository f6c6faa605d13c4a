//! Signs, tested with programs that share no code with this crate: poppler draws the PDF, Chromium
//! draws the SVG, and zbar reads the pictures.

use std::fs;
use std::process::Command;

use image::GrayImage;
use qris_image::{DrawError, Level, Poster, PosterFormat, PosterSize};

use crate::{grey, vectors, zbar};

const SIZES: [PosterSize; 2] = [PosterSize::A5, PosterSize::A6];

/// The output of a program of poppler for a document, with its warnings.
///
/// # Panics
///
/// If poppler is not installed (Debian: poppler-utils).
#[track_caller]
fn poppler(program: &str, options: &[&str], document: &[u8]) -> (Vec<u8>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("poster.pdf");
    fs::write(&file, document).expect("room for a document");
    let output = Command::new(program).args(options).arg(&file).args(to_output(program)).output();
    let output = output.expect("poppler must be installed (Debian: poppler-utils)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The argument that makes a program write to its standard output, if it needs one.
fn to_output(program: &str) -> Option<&'static str> {
    (program == "pdftotext").then_some("-")
}

/// The lines of text on the page, from top to bottom, without the captions of the empty places.
#[track_caller]
fn words(document: &[u8]) -> Vec<String> {
    let (text, complaint) = poppler("pdftotext", &["-layout", "-enc", "UTF-8"], document);
    assert_eq!(complaint, "");
    let text = String::from_utf8(text).expect("the encoding that was asked for");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && !line.starts_with("logo ")).collect()
}

/// The page of a PDF at 150 dots an inch.
#[track_caller]
fn printed(document: &[u8]) -> GrayImage {
    let (picture, _) = poppler("pdftoppm", &["-r", "150", "-gray", "-png"], document);
    grey::decoded(&picture)
}

/// The page of an SVG in Chromium, at 96 dots an inch.
#[track_caller]
fn shown(page: &str, size: PosterSize) -> GrayImage {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name);
    fs::write(place("poster.svg"), page).expect("room for a page");
    let (width, height) = size.millimetres();
    let pixels = |millimetres: u16| (f64::from(millimetres) * 96.0 / 25.4).ceil();
    let output = Command::new("chromium-headless-shell")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--hide-scrollbars",
        ])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", place("profile").display()))
        .arg(format!("--window-size={},{}", pixels(width), pixels(height)))
        .arg(format!("--screenshot={}", place("poster.png").display()))
        .arg(format!("file://{}", place("poster.svg").display()))
        .output()
        .expect("Chromium must be installed (Debian: chromium-headless-shell)");
    let picture = fs::read(place("poster.png"));
    let picture = picture.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    grey::decoded(&picture)
}

/// Static payloads with names of every length, and one with an amount.
fn stickers() -> Vec<String> {
    let lengths = [1, 4, 15, 25, 26, 40, 60, 99];
    let names = lengths.map(|chars| "WARUNG SATE ".chars().cycle().take(chars).collect::<String>());
    let amount = vectors::sticker_of("PARKIR", "54042000");
    let whole = names.map(|name| vectors::sticker_of(name.trim(), "")).into_iter();
    whole.chain([vectors::STICKER.to_owned(), amount]).collect()
}

#[test]
fn a_pdf_is_one_page_of_the_size_that_was_asked_for_and_poppler_has_nothing_to_complain_about() {
    for (size, points) in
        [(PosterSize::A5, "419.528 x 595.276"), (PosterSize::A6, "297.638 x 419.528")]
    {
        let document = Poster::parse(vectors::STICKER, size).unwrap().pdf().unwrap();
        let (said, complaint) = poppler("pdfinfo", &[], &document);
        let said = String::from_utf8(said).unwrap();
        assert_eq!(complaint, "");
        assert!(
            said.contains(points) && said.contains("Title:           QRIS TOKO CONTOH"),
            "{said}"
        );
        assert_eq!(
            said.lines().find(|line| line.starts_with("Pages:")),
            Some("Pages:           1")
        );
    }
}

#[test]
fn the_cross_references_of_a_pdf_point_at_its_objects() {
    let document = Poster::parse(vectors::STICKER, PosterSize::A5).unwrap().pdf().unwrap();
    let text: String = document.iter().map(|&byte| char::from(byte)).collect();
    let (_, place) = text.rsplit_once("startxref").expect("where the table is");
    let place: usize = place.trim().strip_suffix("%%EOF").unwrap().trim().parse().unwrap();
    let table = document[place..].iter().map(|&byte| char::from(byte)).collect::<String>();
    let mut lines = table.lines();
    assert_eq!((lines.next(), lines.next()), (Some("xref"), Some("0 8")));
    assert_eq!(lines.next().map(str::trim), Some("0000000000 65535 f"));
    for (number, line) in (1..8).zip(lines) {
        let offset: usize = line[..10].parse().unwrap();
        assert!(document[offset..].starts_with(format!("{number} 0 obj").as_bytes()), "{line}");
    }
}

#[test]
fn the_words_of_a_poster_are_those_of_the_payload_in_the_order_of_the_sign() {
    for size in SIZES {
        let poster = Poster::parse(vectors::STICKER, size).unwrap();
        assert_eq!(
            words(&poster.pdf().unwrap()),
            [
                "TOKO CONTOH",
                "NMID: ID1020038431489",
                "A01",
                "SATU QRIS UNTUK SEMUA",
                "Cek aplikasi penyelenggara di: www.aspi-qris.id",
                "Dicetak oleh: 93600914",
                "Versi cetak: 1.0 Kriteria: UMI",
            ],
        );
    }
}

#[test]
fn the_amount_the_printer_and_the_version_stand_where_they_are_said() {
    let text = vectors::sticker_of("PARKIR", "54042000");
    let poster = Poster::parse(&text, PosterSize::A5).unwrap();
    let poster = poster.printed_by("Percetakan Café & <Co>").print_version("1.0-2026.11.28");
    let lines = words(&poster.pdf().unwrap());
    assert_eq!(lines[3..5], ["Rp2.000", "SATU QRIS UNTUK SEMUA"]);
    assert_eq!(
        lines[6..],
        ["Dicetak oleh: Percetakan Café & <Co>", "Versi cetak: 1.0-2026.11.28 Kriteria: UMI"]
    );
    assert!(poster.svg().unwrap().contains(">Dicetak oleh: Percetakan Café &amp; &lt;Co&gt;<"));
    let lines = words(&poster.printed_by("").print_version(" ").pdf().unwrap());
    assert_eq!(lines[6..], ["Kriteria: UMI"]);
}

#[test]
fn zbar_reads_every_pdf_that_poppler_prints() {
    for size in SIZES {
        let stickers = stickers();
        let pages: Vec<GrayImage> = stickers
            .iter()
            .map(|text| printed(&Poster::parse(text, size).unwrap().pdf().unwrap()))
            .collect();
        assert_eq!(zbar::read(&pages), stickers);
    }
}

#[test]
fn zbar_reads_the_svg_that_chromium_shows() {
    let text = vectors::sticker_of(&"WARUNG SATE ".repeat(8), "");
    let pages = SIZES.map(|size| {
        let poster = Poster::parse(&text, size).unwrap().level(Level::Quartile);
        shown(&poster.svg().unwrap(), size)
    });
    assert_eq!(zbar::read(&pages), [text.clone(), text]);
}

#[test]
fn the_places_of_the_logos_stay_empty_and_have_names() {
    let page = Poster::parse(vectors::STICKER, PosterSize::A5).unwrap().svg().unwrap();
    for id in ["logo-qris", "logo-gpn"] {
        assert!(page.contains(&format!("<rect id=\"{id}\"")), "{page}");
    }
}

#[test]
fn a_name_that_helvetica_lacks_is_in_its_other_language_in_a_pdf_and_as_it_is_in_an_svg() {
    let text = vectors::sticker_of("最佳运输", "64200002EN0110BEST MOVES");
    let poster = Poster::parse(&text, PosterSize::A5).unwrap();
    assert_eq!(words(&poster.pdf().unwrap())[0], "BEST MOVES");
    assert!(poster.svg().unwrap().contains(">最佳运输<"));
    assert!(poster.omitted(PosterFormat::Pdf).is_empty());
}

#[test]
fn a_name_that_helvetica_lacks_in_both_languages_is_left_out_of_a_pdf_and_told() {
    let text = vectors::sticker_of("最佳运输", "64140002JA0104最佳運送");
    let poster = Poster::parse(&text, PosterSize::A5).unwrap();
    assert_eq!(words(&poster.pdf().unwrap())[0], "NMID: ID1020038431489");
    assert_eq!(poster.omitted(PosterFormat::Pdf), ["最佳运输"]);
    assert!(poster.omitted(PosterFormat::Svg).is_empty());
    // Helvetica has letters that the bitmap font lacks.
    let text = vectors::sticker_of("D’Café — Œuf", "");
    let poster = Poster::parse(&text, PosterSize::A5).unwrap();
    assert_eq!(words(&poster.pdf().unwrap())[0], "D’Café — Œuf");
}

#[test]
fn a_dynamic_code_is_refused() {
    let refused = |text| Poster::parse(text, PosterSize::A5).unwrap_err();
    assert_eq!(refused(vectors::SAMPLE), DrawError::NotStatic);
    assert_eq!(
        DrawError::NotStatic.to_string(),
        "expected a static code for a poster, found a dynamic one"
    );
}

#[test]
fn a_payload_that_is_no_qris_is_refused_with_what_is_wrong_with_it() {
    let foreign = vectors::STICKER.replace("5802ID", "5802SG").replace("630466DC", "6304");
    let foreign = format!("{foreign}{:04X}", qris_codec::checksum(foreign.as_bytes()));
    let error = Poster::parse(&foreign, PosterSize::A5).unwrap_err();
    let DrawError::NotQris(cause) = error else { panic!("{error:?}") };
    assert_eq!(cause.kind().code(), "country-not-indonesia");
    let error = Poster::parse("https://example.com", PosterSize::A5).unwrap_err();
    assert!(matches!(error, DrawError::NotAPayload(_)), "{error:?}");
}

#[test]
fn a_terminal_that_the_payer_is_to_say_is_not_on_the_sign() {
    let text = vectors::STICKER.replace("0703A01630466DC", "0703***6304");
    let text = format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()));
    let page = Poster::parse(&text, PosterSize::A6).unwrap().svg().unwrap();
    assert!(!page.contains("***") && page.contains("NMID"), "{page}");
}
