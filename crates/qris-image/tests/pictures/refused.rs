//! Texts that are not drawn, and files that are not read.

use image::{GrayImage, Luma};
use qris_codec::Payload;
use qris_image::{DrawError, Drawing, Level, MAX_PIXELS, Paper, ReadError, Size};

use crate::{grey, laws, vectors};

#[test]
fn no_malformed_payload_is_drawn_unless_it_is_forced() {
    for text in vectors::malformed() {
        let refused = Payload::parse(&text).unwrap_err();
        let error = Drawing::parse(&text).unwrap_err();
        assert_eq!(error, DrawError::NotAPayload(refused));
    }
}

#[test]
fn a_forced_drawing_reads_back_whatever_it_says() {
    for text in ["https://example.com", "", "0", "最佳", "broken\nlines", "\u{feff}x"] {
        let file = Drawing::forced(text).png().unwrap();
        let found = qris_image::read(&file).unwrap();
        let texts: Vec<&str> = found.iter().map(|found| found.text()).collect();
        assert_eq!(texts, [text]);
        assert!(found[0].payload().is_err());
    }
}

#[test]
fn a_payload_that_no_symbol_holds_is_an_error_that_names_its_length() {
    let objects: String = (65..80).map(|tag| format!("{tag}99{}", "x".repeat(99))).collect();
    let text = format!("000201{objects}6304");
    let text = format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()));
    let drawing = Drawing::parse(&text).unwrap().level(Level::High);
    let expected = DrawError::TooLong { bytes: text.len(), level: Level::High };
    assert_eq!(drawing.terminal().unwrap_err(), expected);
    assert_eq!(drawing.svg().unwrap_err(), expected);
    assert_eq!(drawing.png().unwrap_err(), expected);
    assert_eq!(drawing.escpos(Paper::Mm80).unwrap_err(), expected);
    assert!(drawing.level(Level::Low).png().is_ok());
}

#[test]
fn a_width_with_no_pixel_for_each_module_is_refused() {
    // 49 modules and a quiet zone of 4 on each side.
    let drawing = Drawing::parse(vectors::SAMPLE).unwrap();
    let narrow = drawing.clone().size(Size::Width(56));
    let expected = DrawError::TooNarrow { needed: 57, found: 56 };
    assert_eq!(narrow.png().unwrap_err(), expected);
    assert_eq!(narrow.svg().unwrap_err(), expected);
    let just = drawing.clone().size(Size::Width(57)).png().unwrap();
    assert_eq!(grey::decoded(&just).width(), 57);
    let wide = drawing.size(Size::Width(577)).escpos(Paper::Mm80);
    let expected = DrawError::TooNarrow { needed: 577, found: 576 };
    assert_eq!(wide.unwrap_err(), expected);
}

#[test]
fn a_picture_too_large_to_be_meant_is_refused() {
    let drawing = Drawing::parse(vectors::SAMPLE).unwrap().plain();
    assert_eq!(
        drawing.size(Size::Module(u16::MAX)).png().unwrap_err(),
        DrawError::TooLarge { found: 57 * 65_535, max: Drawing::MAX_SIDE },
    );
}

#[test]
fn a_png_that_would_unpack_to_more_than_the_limit_is_refused_by_its_header() {
    // Only a header. A reader of its pixels would report a damaged file.
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    file.extend(60_000_u32.to_be_bytes());
    file.extend(50_000_u32.to_be_bytes());
    file.extend([8, 6, 0, 0, 0]);
    file.extend(crc32(&file[12..]).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    let error = qris_image::read(&file).unwrap_err();
    let ReadError::TooLarge { width, height, max_pixels } = error else {
        panic!("{error}");
    };
    assert_eq!((width, height, max_pixels), (60_000, 50_000, MAX_PIXELS));
    assert!(error.to_string().contains(&MAX_PIXELS.to_string()));
}

#[test]
fn a_bomb_is_given_no_more_memory_than_its_header_needs() {
    let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    huge.extend([0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 16, 6, 0, 0, 0]);
    huge.extend(crc32(&huge[12..]).to_be_bytes());
    huge.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    // Eight by eight pixels, and a colour profile that unpacks to 64 MiB.
    let mut info = png::Info::with_size(8, 8);
    info.icc_profile = Some(vec![0; 64 << 20].into());
    let mut small = Vec::new();
    let encoder = png::Encoder::with_info(&mut small, info).unwrap();
    encoder.write_header().unwrap().write_image_data(&[0; 64]).unwrap();
    assert!(small.len() < 1 << 20, "{} bytes", small.len());

    // A picture of 260 by 260 pixels with a frame of 11,780 by 11,886.
    let frame = include_bytes!("files/frame_larger_than_its_picture.webp").to_vec();
    let refusal = qris_image::read(&frame).expect_err("a damaged file");
    assert!(matches!(refusal, ReadError::Damaged { format: "WebP", .. }), "{refusal}");

    for (file, most) in [(huge, 1 << 20), (small, 32 << 20), (frame, 1 << 20)] {
        let used = allocation_counter::measure(|| {
            let _ = qris_image::read(&file);
        });
        assert!(used.bytes_max < most, "{} bytes", used.bytes_max);
    }
}

/// The checksum of a PNG chunk.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn a_jpeg_that_would_unpack_to_more_than_the_limit_is_refused_by_its_header() {
    let mut file = grey::jpeg(&GrayImage::new(8, 8), 50);
    let frame = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    file[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    let error = qris_image::read(&file).unwrap_err();
    let ReadError::TooLarge { width, height, .. } = error else {
        panic!("{error}");
    };
    assert_eq!((width, height), (60_000, 60_000));
}

#[test]
fn a_png_cut_short_anywhere_is_an_error_and_not_an_empty_picture() {
    let file = Drawing::parse(vectors::SAMPLE).unwrap().png().unwrap();
    // The last 12 bytes are the end chunk.
    for len in 8..file.len() - 12 {
        let error = qris_image::read(&file[..len]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected a whole PNG file, found a damaged one",
            "{len} bytes",
        );
    }
}

#[test]
fn a_jpeg_cut_short_anywhere_says_what_it_said_or_is_an_error_and_never_an_empty_picture() {
    let clean = Drawing::parse(vectors::SAMPLE).unwrap().png().unwrap();
    let file = grey::jpeg(&grey::decoded(&clean), 60);
    let mut read = 0;
    for len in (4..file.len()).step_by(97).chain([file.len() - 2, file.len() - 1]) {
        match qris_image::read(&file[..len]) {
            Ok(found) => {
                let texts: Vec<&str> = found.iter().map(|found| found.text()).collect();
                assert_eq!(texts, [vectors::SAMPLE], "{len} of {} bytes", file.len());
                read += 1;
            }
            Err(error) => assert_eq!(
                error.to_string(),
                "expected a whole JPEG file, found a damaged one",
                "{len} of {} bytes",
                file.len(),
            ),
        }
    }
    // The words under the symbol may be missing.
    assert!(read > 10, "{read}");
    assert!(qris_image::read(&file[..file.len() / 4]).is_err());
}

#[test]
fn any_byte_of_a_file_may_be_changed_without_a_panic() {
    let png = Drawing::parse(vectors::SAMPLE).unwrap().size(Size::Module(2)).png().unwrap();
    let jpeg = grey::jpeg(&grey::decoded(&png), 40);
    let mut dice = grey::Dice::new(5);
    for file in [png, jpeg] {
        for _ in 0..400 {
            let mut changed = file.clone();
            let at = dice.next() as usize % changed.len();
            changed[at] ^= 1 + (dice.next() % 255) as u8;
            // A value or an error. If a symbol is still read, its text is unchanged.
            for found in qris_image::read(&changed).into_iter().flatten() {
                assert_eq!(found.text(), vectors::SAMPLE);
            }
        }
    }
}

#[test]
fn small_files_of_each_format_are_read_or_refused_whatever_bytes_of_them_change() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures/files");
    let mut dice = grey::Dice::new(7);
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = std::fs::read(entry.unwrap().path()).unwrap();
        if file.len() > 12_288 {
            continue;
        }
        files += 1;
        for _ in 0..60 {
            let mut changed = file.clone();
            for _ in 0..1 + dice.next() % 4 {
                // The decisive bytes are mostly near the beginning.
                let reach = if dice.next().is_multiple_of(2) { 700 } else { changed.len() as u64 };
                let at = (dice.next() % reach) as usize % changed.len();
                changed[at] = dice.next() as u8;
            }
            let used = allocation_counter::measure(|| laws::any_file_is_read_or_refused(&changed));
            assert!(used.bytes_max < 16 << 20, "{} bytes", used.bytes_max);
        }
    }
    assert!(files > 10, "{files}");
}

#[test]
fn a_picture_without_a_symbol_holds_none_whatever_its_size() {
    let mut dice = grey::Dice::new(6);
    for (width, height) in [(1, 1), (1, 500), (500, 1), (2, 3), (7, 7), (39, 41), (300, 200)] {
        let white = GrayImage::from_pixel(width, height, Luma([255]));
        let noise = GrayImage::from_fn(width, height, |_, _| Luma([dice.next() as u8]));
        for picture in [white, noise] {
            assert_eq!(qris_image::read(&grey::png(&picture)).unwrap(), []);
        }
    }
}
