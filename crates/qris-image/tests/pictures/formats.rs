//! Files of each format that this crate reads, and of some that it refuses.

use std::io::{Cursor, Write as _};

use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageFormat, Luma, imageops};
use png::{BitDepth, ColorType};
use qris_image::{Drawing, Found, MAX_MEMORY, MAX_PIXELS, ReadError, Size, read_with_limit};

use crate::{grey, vectors};

/// The text of the symbol in each file.
const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303\
    UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKA\
    RTA61051011062070703A01630466DC";

macro_rules! file {
    ($name:literal) => {
        (&include_bytes!(concat!("files/", $name))[..], $name)
    };
}

#[track_caller]
fn says(file: &[u8], text: &str, name: &str) {
    let found = qris_image::read(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let texts: Vec<&str> = found.iter().map(Found::text).collect();
    assert_eq!(texts, [text], "{name}");
}

#[track_caller]
fn sample(module: u16) -> GrayImage {
    let drawing = Drawing::parse(vectors::SAMPLE).expect("the sample");
    let file = drawing.plain().size(Size::Module(module)).png();
    grey::decoded(&file.expect("a payload that fits"))
}

#[test]
fn a_webp_is_read_lossy_or_lossless_with_alpha_or_without_and_of_an_animation_its_first_picture() {
    for (file, name) in [
        file!("lossless.webp"),
        file!("lossless_alpha.webp"),
        file!("lossy.webp"),
        file!("lossy_alpha.webp"),
        file!("animated.webp"),
    ] {
        says(file, STICKER, name);
    }
}

#[test]
fn a_jpeg_is_read_in_each_order_and_size_of_its_components() {
    for (file, name) in [
        file!("progressive_420.jpg"),
        // Brightness has the width of colour, and twice its height.
        file!("progressive_440.jpg"),
        // A scan for each component, as a few old scanners write it.
        file!("components_apart.jpg"),
        file!("cmyk.jpg"),
    ] {
        says(file, STICKER, name);
    }
}

#[test]
fn a_jpeg_with_fill_bytes_in_front_of_its_markers_is_read() {
    let (file, name) = file!("fill_bytes.jpg");
    says(file, STICKER, name);
}

#[test]
fn a_jpeg_that_lacks_its_end_marker_alone_is_read() {
    let (file, name) = file!("no_end_marker.jpg");
    says(file, STICKER, name);
}

#[test]
fn an_interlaced_png_is_read() {
    let (file, name) = file!("interlaced.png");
    says(file, STICKER, name);
}

#[test]
fn a_bmp_is_read() {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(sample(4)).into_rgb8().write_to(&mut file, ImageFormat::Bmp).unwrap();
    says(&file.into_inner(), vectors::SAMPLE, "BMP");
    let (file, name) = file!("bits.bmp");
    says(file, STICKER, name);
}

#[test]
fn a_png_of_each_kind_of_pixel_is_read() {
    let picture = sample(3);
    for (color, depth) in [
        (ColorType::Grayscale, BitDepth::One),
        (ColorType::Grayscale, BitDepth::Two),
        (ColorType::Grayscale, BitDepth::Four),
        (ColorType::Grayscale, BitDepth::Eight),
        (ColorType::Grayscale, BitDepth::Sixteen),
        (ColorType::GrayscaleAlpha, BitDepth::Eight),
        (ColorType::GrayscaleAlpha, BitDepth::Sixteen),
        (ColorType::Rgb, BitDepth::Eight),
        (ColorType::Rgb, BitDepth::Sixteen),
        (ColorType::Rgba, BitDepth::Eight),
        (ColorType::Rgba, BitDepth::Sixteen),
        (ColorType::Indexed, BitDepth::One),
        (ColorType::Indexed, BitDepth::Four),
        (ColorType::Indexed, BitDepth::Eight),
    ] {
        says(&png(&picture, color, depth), vectors::SAMPLE, &format!("{color:?} {depth:?}"));
    }
}

/// The picture as a PNG with this kind of pixels. With alpha, light pixels are transparent black.
#[track_caller]
fn png(picture: &GrayImage, color: ColorType, depth: BitDepth) -> Vec<u8> {
    let bits = depth as usize;
    let mut data = Vec::new();
    for row in picture.rows() {
        let mut samples: Vec<u16> = Vec::new();
        for pixel in row {
            let light = pixel.0[0] > 127;
            let level = u16::from(light) * u16::MAX;
            match color {
                ColorType::Grayscale => samples.push(level),
                ColorType::Rgb => samples.extend([level; 3]),
                ColorType::GrayscaleAlpha => samples.extend([0, !level]),
                ColorType::Rgba => samples.extend([0, 0, 0, !level]),
                ColorType::Indexed => samples.push(u16::from(light) << (16 - bits)),
            }
        }
        let mut line = vec![0_u8; (samples.len() * bits).div_ceil(8)];
        for (at, sample) in samples.iter().enumerate() {
            match bits {
                16 => line[2 * at..][..2].copy_from_slice(&sample.to_be_bytes()),
                _ => {
                    line[at * bits / 8] |=
                        ((sample >> (16 - bits)) << (8 - bits - at * bits % 8)) as u8
                }
            }
        }
        data.extend(line);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
    }
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&data).expect("as many pixels as the header says");
    drop(writer);
    file
}

#[test]
fn a_file_of_another_kind_is_refused_by_name_with_what_to_do() {
    for (file, found) in [
        (&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "a HEIC picture: save it as JPEG"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "an AVIF picture: save it as JPEG"),
        (b"\0\0\0\x14ftypmp42\0\0\0\0isom", "a video: take a screenshot of it"),
        (b"GIF89a", "a GIF picture: save it as PNG"),
        (b"II*\0\x08\0\0\0", "a TIFF picture: save it as PNG"),
        (b"8BPS\0\x01", "a Photoshop file: save it as PNG"),
        (b"%PDF-1.7", "a PDF file: save the page as PNG or take a screenshot of it"),
        (b"\n%PDF-1.4", "a PDF file"),
        (b"<?xml version=\"1.0\"?>\n<svg xmlns=", "an SVG drawing: save it as PNG"),
        (b"\xef\xbb\xbf<!DOCTYPE HTML><html>", "a web page: open it in a browser"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\xff\x0a", "a JPEG XL picture"),
        (b"P5\n1 1\n255\n0", "a Netpbm picture: save it as PNG"),
        (b"", "an empty file"),
        (b"\x89PN", "something else"),
        (b"BM", "something else"),
    ] {
        let error = qris_image::read(file).unwrap_err();
        assert!(matches!(error, ReadError::Format { .. }), "{error}");
        let expected = format!("expected a PNG, JPEG, WebP or BMP picture, found {found}");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

/// The file with other bytes, `skip` bytes after the first occurrence of `before`.
#[track_caller]
fn patched(file: &[u8], before: &[u8], skip: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = file.windows(before.len()).position(|found| found == before).expect("a header");
    file[at + before.len() + skip..][..bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn each_format_is_refused_by_its_header_where_it_would_take_more_memory_than_the_limit() {
    let canvas = [0xff, 0x3f, 0, 0xff, 0x3f, 0];
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend([10_000_u32, 10_000].map(u32::to_le_bytes).concat());
    bmp.extend([1, 0, 24, 0]);
    bmp.resize(64, 0);
    for (name, file, bytes_a_pixel) in [
        ("BMP", bmp, 6),
        (
            "JPEG",
            patched(file!("progressive_440.jpg").0, &[0xff, 0xc2], 3, &[0x27, 0x10, 0x27, 0x10]),
            7,
        ),
        ("WebP", patched(file!("lossy_alpha.webp").0, b"VP8X", 8, &canvas), 11),
        ("animated", patched(file!("animated.webp").0, b"VP8X", 8, &canvas), 19),
        (
            "lossless",
            patched(file!("lossless.webp").0, b"VP8L", 5, &(9_999_u32 | 9_999 << 14).to_le_bytes()),
            7,
        ),
    ] {
        let used = allocation_counter::measure(|| {
            let error = qris_image::read(&file).unwrap_err();
            let ReadError::TooLarge { width, height, max_pixels } = error else {
                panic!("{name}: {error}");
            };
            assert!(
                u64::from(width) * u64::from(height) >= 100_000_000,
                "{name}: {width} {height}"
            );
            assert!(max_pixels * bytes_a_pixel <= MAX_MEMORY, "{name}: {max_pixels}");
            assert!(max_pixels > 20_000_000, "{name}: {max_pixels}");
        });
        assert!(used.bytes_max < 1 << 20, "{name}: {} bytes", used.bytes_max);
    }
}

#[test]
fn a_webp_takes_no_more_memory_for_a_pixel_than_its_limit_counts() {
    for ((file, name), bytes_a_pixel) in [
        (file!("large.webp"), 7),
        (file!("large_alpha.webp"), 11),
        (file!("large_animated.webp"), 19),
    ] {
        let used = allocation_counter::measure(|| assert_eq!(qris_image::read(file).unwrap(), []));
        let pixels = 4096 * 4096;
        let most = bytes_a_pixel * pixels + (4 << 20);
        assert!(used.bytes_max <= most, "{name}: {} for a pixel", used.bytes_max / pixels);
    }
}

#[test]
fn a_picture_of_120_million_pixels_is_read_within_the_memory_that_is_promised() {
    const WIDTH: usize = 12_000;
    const HEIGHT: usize = 10_000;
    assert_eq!((WIDTH * HEIGHT) as u64, MAX_PIXELS);
    let (left, top) = (9_001, 7_003);
    let symbol = sample(10);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(ColorType::Rgba);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer().unwrap();
    let blank = [230, 230, 230, 255].repeat(WIDTH);
    for y in 0..HEIGHT {
        let mut line = blank.clone();
        if let Some(row) = y.checked_sub(top).and_then(|row| symbol.rows().nth(row)) {
            for (x, pixel) in row.enumerate() {
                line[4 * (left + x)..][..3].fill(pixel.0[0]);
            }
        }
        rows.write_all(&line).unwrap();
    }
    rows.finish().unwrap();
    writer.finish().unwrap();
    let mut found = Vec::new();
    let used = allocation_counter::measure(|| found = qris_image::read(&file).unwrap());
    assert!(used.bytes_max < MAX_MEMORY, "{} bytes", used.bytes_max);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), vectors::SAMPLE);
    // Ten pixels a module, four modules of quiet zone.
    let upper_left = found[0].corners()[0];
    let off = (upper_left.x - 9_041.0).abs().max((upper_left.y - 7_043.0).abs());
    assert!(off < 4.0, "{upper_left:?}");
}

#[test]
fn a_photo_takes_no_more_memory_for_a_pixel_than_the_largest_may() {
    let mut photo = GrayImage::from_pixel(2_000, 1_500, Luma([230]));
    imageops::overlay(&mut photo, &sample(6), 901, 703);
    let file = grey::jpeg(&photo, 80);
    let mut found = Vec::new();
    let used = allocation_counter::measure(|| found = qris_image::read(&file).unwrap());
    assert_eq!(found.len(), 1);
    let pixels = u64::from(photo.width()) * u64::from(photo.height());
    let most = MAX_MEMORY / (MAX_PIXELS / pixels);
    assert!(used.bytes_max < most, "{} bytes for {pixels} pixels", used.bytes_max);
}

#[test]
fn a_picture_longer_than_65535_pixels_is_refused_before_a_row_of_it_is_in_memory() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 100_000_000, 1);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Sixteen);
    drop(encoder.write_header().unwrap());
    let used = allocation_counter::measure(|| {
        let error = qris_image::read(&file).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { width: 100_000_000, .. }), "{error}");
    });
    assert!(used.bytes_max < 1 << 20, "{} bytes", used.bytes_max);
}

#[test]
fn a_caller_may_allow_fewer_pixels() {
    let picture = sample(4);
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp)
        .encode(&picture, picture.width(), picture.height(), ExtendedColorType::L8)
        .unwrap();
    for file in [grey::png(&picture), grey::jpeg(&picture, 90), webp] {
        assert_eq!(read_with_limit(&file, pixels).unwrap().len(), 1);
        let error = read_with_limit(&file, pixels - 1).unwrap_err();
        let ReadError::TooLarge { max_pixels, .. } = error else { panic!("{error}") };
        assert_eq!(max_pixels, pixels - 1);
    }
}
