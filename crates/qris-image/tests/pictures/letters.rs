//! Names in letters that a bitmap font lacks.

use qris_image::{Drawing, Format, Paper, Size};

use crate::{grey, vectors};

const BITMAPS: [Format; 3] =
    [Format::Png, Format::Escpos(Paper::Mm58), Format::Escpos(Paper::Mm80)];

/// Whether two payloads have the same words under their symbols, which differ and are cut off.
#[track_caller]
fn words(text: &str) -> image::GrayImage {
    let drawing = Drawing::parse(text).expect("a payload").size(Size::Width(480));
    let whole = grey::decoded(&drawing.clone().png().expect("a payload that fits"));
    let plain = grey::decoded(&drawing.plain().png().expect("a payload that fits"));
    let (top, height) = (plain.height(), whole.height() - plain.height());
    image::imageops::crop_imm(&whole, 0, top, whole.width(), height).to_image()
}

#[test]
fn a_name_beyond_latin_1_is_drawn_in_its_other_language() {
    // 64 has as many characters as the name in its place, so both symbols have the same size.
    let text = vectors::sticker_of("最佳运输", "64200002EN0110BEST MOVES");
    assert!(words(&text) == words(&vectors::sticker_of("BEST MOVES", "64140002ZH0104最佳运输")));
    let drawing = Drawing::parse(&text).unwrap();
    for format in BITMAPS {
        assert!(drawing.omitted(format).is_empty());
    }
}

#[test]
fn a_name_beyond_latin_1_in_both_languages_is_left_out_and_told() {
    let text = vectors::sticker_of("最佳运输", "64140002JA0104最佳運送");
    let drawing = Drawing::parse(&text).unwrap();
    for format in BITMAPS {
        assert_eq!(drawing.omitted(format), ["最佳运输"]);
    }
    // What is left is the NMID alone: one line less than with a name.
    let named = words(&vectors::sticker_of("TOKO", "64140002JA0104最佳運送"));
    assert!(words(&text).height() < named.height());
}

#[test]
fn svg_and_the_terminal_have_every_name() {
    let text = vectors::sticker_of("最佳运输", "64200002EN0110BEST MOVES");
    let drawing = Drawing::parse(&text).unwrap().line("ร้านอาหาร");
    for format in [Format::Svg, Format::Terminal] {
        assert!(drawing.omitted(format).is_empty());
        let drawn = String::from_utf8(drawing.draw(format).unwrap()).unwrap();
        assert!(drawn.contains("最佳运输") && drawn.contains("ร้านอาหาร"), "{drawn}");
    }
}

#[test]
fn a_line_that_was_added_is_left_out_like_a_name_and_curled_quotes_are_drawn_plain() {
    let drawing = Drawing::parse(vectors::STICKER).unwrap();
    let png = |drawing: &Drawing<'_>| drawing.png().unwrap();
    let added = drawing.clone().line("☕ 12").line("D’Café — 7");
    assert_eq!(added.omitted(Format::Png), ["☕ 12"]);
    assert!(png(&added) == png(&drawing.clone().line("D'Café - 7")));
    assert!(png(&added) != png(&drawing.line("D?Café ? 7")));
}
