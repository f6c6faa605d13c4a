//! Drawing and reading pictures, compared with direct use of the libraries.
//!
//! `cargo bench -p qris-image --bench pictures`. zbar is Debian's zbar-tools.
#![forbid(unsafe_code)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use image::GrayImage;
use qrcode::{EcLevel, QrCode};
use qris_image::{Drawing, Paper, Size};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

/// The sample from the Open API's documentation: 242 characters.
const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599\
    66270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.0055020\
    15802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// From a text to the modules of a symbol, and from these to pictures.
fn draw(c: &mut Criterion) {
    let mut group = c.benchmark_group("draw");
    group.bench_function("qrcode, modules only", |b| {
        b.iter(|| QrCode::with_error_correction_level(black_box(SAMPLE), EcLevel::M));
    });
    group.bench_function("fast_qr, modules only", |b| {
        b.iter(|| fast_qr::QRBuilder::new(black_box(SAMPLE)).ecl(fast_qr::ECL::M).build());
    });
    let drawing = || Drawing::parse(black_box(SAMPLE)).expect("the sample");
    group.bench_function("ours, terminal", |b| b.iter(|| drawing().terminal()));
    group.bench_function("ours, SVG", |b| b.iter(|| drawing().svg()));
    group.bench_function("ours, PNG of 8 pixels a module", |b| {
        b.iter(|| drawing().png());
    });
    group.bench_function("ours, receipt of 58 mm", |b| {
        b.iter(|| drawing().escpos(Paper::Mm58));
    });
    group.finish();
}

/// From the pixels, or the file, of a clean picture to the text.
fn read(c: &mut Criterion) {
    let drawing = Drawing::parse(SAMPLE).expect("the sample");
    let file = drawing.size(Size::Module(4)).png().expect("a sample that fits");
    let picture = decoded(&file);

    let mut group = c.benchmark_group("read a PNG of 4 pixels a module");
    group.bench_function("ours", |b| {
        b.iter(|| {
            let found = qris_image::read(black_box(&file)).expect("a whole picture");
            assert_eq!(found[0].text(), SAMPLE);
        });
    });
    group.bench_function("image and rxing", |b| {
        b.iter(|| assert_eq!(by_rxing(&decoded(black_box(&file))), SAMPLE));
    });
    group.bench_function("rxing, pixels only", |b| {
        b.iter(|| assert_eq!(by_rxing(black_box(&picture)), SAMPLE));
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let png = folder.path().join("sample.png");
    fs::write(&png, &file).expect("room for a picture");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("zbarimg, its start shared by up to 200 pictures", |b| {
        b.iter_custom(|pictures| by_zbar(&png, pictures));
    });
    group.finish();
}

/// Pictures of 12 megapixels without a symbol: each attempt there is fails. At most 1.5 s is allowed.
fn hopeless(c: &mut Criterion) {
    let mut group = c.benchmark_group("read 12 megapixels without a symbol");
    group.sample_size(10);
    let mut state = 88_172_645_463_325_252_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let noise = GrayImage::from_fn(4_000, 3_000, |_, _| image::Luma([noise()]));
    // The finders of symbols, side by side.
    let finders = GrayImage::from_fn(4_000, 3_000, |x, y| {
        let from_middle = |at: u32| (at / 2 % 9).abs_diff(4);
        let ring = from_middle(x).max(from_middle(y));
        image::Luma([if ring == 3 || ring < 2 { 0 } else { 255 }])
    });
    for (name, picture) in [("noise", noise), ("finders", finders)] {
        let file = png(&picture);
        group.bench_function(name, |b| {
            b.iter(|| assert!(qris_image::read(black_box(&file)).expect("a picture").is_empty()));
        });
        group.bench_function(format!("{name}, decoding only"), |b| {
            b.iter(|| decoded(black_box(&file)));
        });
    }
    group.finish();
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).expect("a picture in memory");
    file.into_inner()
}

fn decoded(file: &[u8]) -> GrayImage {
    image::load_from_memory(file).expect("a whole picture").into_luma8()
}

fn by_rxing(picture: &GrayImage) -> String {
    let (width, height) = picture.dimensions();
    let source = Luma8Source::new_with_slice(picture.as_raw(), width, height);
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source.expect("pixels for each row")));
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    let found = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).expect("a symbol");
    found.first().expect("a symbol").getText().to_owned()
}

/// The time in which zbarimg reads the file this many times.
fn by_zbar(file: &Path, pictures: u64) -> Duration {
    let mut left = usize::try_from(pictures).expect("a number of pictures");
    let mut taken = Duration::ZERO;
    while left > 0 {
        let now = left.min(200);
        let mut command = Command::new("zbarimg");
        command.args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"]);
        command.args(std::iter::repeat_n(file, now));
        let start = Instant::now();
        let output = command.output().expect("zbarimg must be installed (Debian: zbar-tools)");
        taken += start.elapsed();
        let said = String::from_utf8(output.stdout).expect("zbar writes UTF-8");
        assert_eq!(said, format!("{SAMPLE}\n").repeat(now));
        left -= now;
    }
    taken
}

criterion_group!(pictures, draw, read, hopeless);
criterion_main!(pictures);
