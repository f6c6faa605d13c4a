//! Every accepted payload in every format and size; over the sizes, at every level.

use image::GrayImage;
use qrcode::{EcLevel, QrCode};
use qris_image::{DrawError, Drawing, Level, Paper, Size};

use crate::{grey, printer, terminal, vectors, zbar};

/// Every accepted payload at one level; the next payload has the next level. `turn` is the level of the
/// first, so four turns draw each payload at each level.
fn drawings_in_turn(payloads: &[String], turn: u16) -> Vec<Drawing<'_>> {
    let levels = Level::ALL.into_iter().cycle().skip(usize::from(turn) % Level::ALL.len());
    payloads
        .iter()
        .zip(levels)
        .map(|(text, level)| Drawing::parse(text).expect("an accepted payload").level(level))
        .collect()
}

/// Reads each picture with our reader and with zbar.
#[track_caller]
fn both_read_back(payloads: &[String], files: &[Vec<u8>]) {
    let pictures: Vec<GrayImage> = files.iter().map(|file| grey::decoded(file)).collect();
    let by_zbar = zbar::read(&pictures);
    assert_eq!(files.len(), payloads.len());
    for ((text, file), by_zbar) in payloads.iter().zip(files).zip(by_zbar) {
        let found = qris_image::read(file).expect("a whole picture");
        let ours: Vec<&str> = found.iter().map(|found| found.text()).collect();
        assert_eq!(ours, [text], "we read something else");
        assert_eq!(by_zbar, *text, "zbar reads something else");
    }
}

#[track_caller]
fn png_reads_back(module: u16) {
    let payloads = vectors::accepted();
    let files: Vec<Vec<u8>> = drawings_in_turn(&payloads, module)
        .into_iter()
        .map(|drawing| drawing.size(Size::Module(module)).png())
        .collect::<Result<_, _>>()
        .expect("payloads that fit");
    both_read_back(&payloads, &files);
}

/// The plain PNG of the same drawing, with a pixel for each module.
#[track_caller]
fn modules(drawing: &Drawing<'_>) -> GrayImage {
    let plain = drawing.clone().plain().size(Size::Module(1)).png();
    grey::decoded(&plain.expect("a payload that fits"))
}

#[test]
fn png_reads_back_identical_at_2_pixels_a_module() {
    png_reads_back(2);
}

#[test]
fn png_reads_back_identical_at_3_pixels_a_module() {
    png_reads_back(3);
}

#[test]
fn png_reads_back_identical_at_4_pixels_a_module() {
    png_reads_back(4);
}

#[test]
fn png_reads_back_identical_at_5_pixels_a_module() {
    png_reads_back(5);
}

#[test]
fn png_reads_back_identical_at_6_pixels_a_module() {
    png_reads_back(6);
}

#[test]
fn png_reads_back_identical_at_7_pixels_a_module() {
    png_reads_back(7);
}

#[test]
fn png_reads_back_identical_at_8_pixels_a_module() {
    png_reads_back(8);
}

#[test]
fn png_reads_back_identical_at_9_pixels_a_module() {
    png_reads_back(9);
}

#[test]
fn png_reads_back_identical_at_10_pixels_a_module() {
    png_reads_back(10);
}

#[test]
fn the_quiet_zone_is_as_wide_as_asked_and_changes_nothing_else() {
    let payloads = vectors::accepted();
    for text in &payloads {
        let drawing = Drawing::parse(text).expect("an accepted payload");
        let usual = modules(&drawing);
        let side = usual.width() - 8;
        let symbol = image::imageops::crop_imm(&usual, 4, 4, side, side).to_image();
        for zone in [0, 1, 7] {
            let around = modules(&drawing.clone().quiet_zone(zone));
            let zone = u32::from(zone);
            assert_eq!(around.width(), side + 2 * zone);
            let inside = image::imageops::crop_imm(&around, zone, zone, side, side).to_image();
            assert!(inside == symbol);
        }
    }
}

#[test]
fn no_symbol_is_larger_than_the_library_draws_it_by_itself() {
    let payloads = vectors::accepted();
    let levels = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
    let drawings = drawings_in_turn(&payloads, 0);
    // Only ASCII: the library takes pieces of UTF-8 for Shift JIS, which makes them shorter.
    for (at, (text, drawing)) in payloads.iter().zip(&drawings).enumerate() {
        if text.is_ascii() {
            let alone = QrCode::with_error_correction_level(text, levels[at % levels.len()]);
            let alone = alone.expect("a payload that fits").width() + 8;
            assert!(modules(drawing).width() as usize <= alone);
        }
    }
}

#[test]
fn svg_has_the_modules_of_the_png() {
    let payloads = vectors::accepted();
    for drawing in drawings_in_turn(&payloads, 2) {
        let page = drawing.clone().plain().size(Size::Module(1)).svg();
        let picture = grey::from_svg(&page.expect("a payload that fits"));
        assert!(picture == modules(&drawing));
    }
}

#[test]
fn svg_is_the_same_drawing_at_every_size_on_the_screen() {
    let drawing = Drawing::parse(vectors::SAMPLE).unwrap().plain();
    let page = |size| drawing.clone().size(size).svg().unwrap();
    let small = page(Size::Module(1));
    let side = |pixels: u32| format!("width=\"{pixels}\" height=\"{pixels}\"");
    for module in 2..=10 {
        let expected = small.replacen(&side(57), &side(57 * u32::from(module)), 1);
        assert_eq!(page(Size::Module(module)), expected);
    }
    assert_eq!(page(Size::Width(300)), small.replacen(&side(57), &side(300), 1));
}

#[test]
fn svg_with_its_words_reads_back_identical() {
    let payloads = vectors::accepted();
    let files: Vec<Vec<u8>> = drawings_in_turn(&payloads, 0)
        .into_iter()
        .map(|drawing| {
            let page = drawing.size(Size::Module(4)).svg().expect("a payload that fits");
            grey::png(&grey::from_svg(&page))
        })
        .collect();
    both_read_back(&payloads, &files);
}

#[test]
fn the_terminal_has_the_modules_of_the_png() {
    let payloads = vectors::accepted();
    for drawing in drawings_in_turn(&payloads, 3) {
        let mut expected = grey::rows(&modules(&drawing));
        // The last cell of an odd number of rows has light under it.
        if expected.len() % 2 == 1 {
            expected.push(vec![false; expected[0].len()]);
        }
        let screen = drawing.plain().terminal().expect("a payload that fits");
        assert!(terminal::modules(&screen) == expected);
    }
}

#[test]
fn the_terminal_reads_back_identical() {
    let payloads = vectors::accepted();
    let files: Vec<Vec<u8>> = drawings_in_turn(&payloads, 1)
        .iter()
        .map(|drawing| {
            let screen = drawing.terminal().expect("a payload that fits");
            grey::png(&grey::from_modules(&terminal::modules(&screen), 4))
        })
        .collect();
    both_read_back(&payloads, &files);
}

#[track_caller]
fn receipts_read_back(paper: Paper) {
    let payloads = vectors::accepted();
    let files: Vec<Vec<u8>> = drawings_in_turn(&payloads, paper.dots() / 192)
        .iter()
        .map(|drawing| {
            let commands = drawing.escpos(paper).expect("a payload that fits");
            grey::png(&printer::printed(&commands, paper))
        })
        .collect();
    both_read_back(&payloads, &files);
}

#[test]
fn receipts_of_58_mm_read_back_identical() {
    receipts_read_back(Paper::Mm58);
}

#[test]
fn receipts_of_80_mm_read_back_identical() {
    receipts_read_back(Paper::Mm80);
}

#[test]
fn receipts_have_the_modules_of_the_png_at_every_size_that_fits_the_paper() {
    for (at, text) in vectors::accepted().iter().enumerate() {
        let drawing = Drawing::parse(text).expect("an accepted payload");
        let modules = modules(&drawing);
        // Three of the sizes for each payload, the next three for the next.
        for dots in (2 + at as u16 % 3..=10).step_by(3) {
            let asked = drawing.clone().plain().size(Size::Module(dots));
            let (paper, width) = (Paper::Mm80, modules.width() * u32::from(dots));
            match asked.escpos(paper) {
                Ok(commands) => {
                    let receipt = printer::printed(&commands, paper);
                    let left = (u32::from(paper.dots()) - width) / 2;
                    let middle = image::imageops::crop_imm(&receipt, left, 0, width, width);
                    assert!(middle.to_image() == grey::enlarged(&modules, dots.into()));
                }
                Err(error) => {
                    assert_eq!(error, DrawError::TooNarrow { needed: width as usize, found: 576 },)
                }
            }
        }
    }
}
