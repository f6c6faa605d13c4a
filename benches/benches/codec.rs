//! The codec under criterion: one payload, 1,024 different ones, and texts of growing length.
#![forbid(unsafe_code)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use qris_benches::payloads::{CORPUS, SAMPLE, STICKER, corpus, of_length, sample_values};
use qris_benches::{bounds, work};
use qris_codec::{Amount, ErrorKind, Payload};

/// The sample from the Open API's documentation, and its bounds.
fn sample(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sample");
    group.throughput(Throughput::Bytes(SAMPLE.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| assert_eq!(work::parse(black_box(SAMPLE)), Some(0x39B7)));
    });
    group.bench_function("qris-parse", |bencher| {
        bencher.iter(|| assert_eq!(work::qris_parse(black_box(SAMPLE)), Some(0x39B7)));
    });
    group.bench_function("findings", |bencher| {
        bencher.iter(|| assert_eq!(work::findings(black_box(SAMPLE)), Some(0)));
    });
    group.bench_function("encode", |bencher| {
        let (values, mut buffer) = (sample_values(), [0; 512]);
        bencher.iter(|| {
            let length = work::encode(black_box(&values), &mut buffer);
            assert_eq!(length, Some(SAMPLE.len()));
        });
        assert_eq!(&buffer[..SAMPLE.len()], SAMPLE.as_bytes());
    });
    group.bench_function("checksum", |bencher| {
        let covered = &SAMPLE.as_bytes()[..SAMPLE.len() - 4];
        bencher.iter(|| assert_eq!(qris_codec::checksum(black_box(covered)), 0x39B7));
    });
    let bytes = SAMPLE.as_bytes();
    group.bench_function("bound: walk", |bencher| {
        bencher.iter(|| assert_eq!(bounds::walk(black_box(bytes)), Some(14)));
    });
    group.bench_function("bound: walk and slice-by-16", |bencher| {
        bencher.iter(|| assert_eq!(bounds::parse_sliced(black_box(bytes)), Some(0x39B7)));
    });
    group.bench_function("bound: walk and carry-less multiply", |bencher| {
        bencher.iter(|| assert_eq!(bounds::parse_carryless(black_box(bytes)), Some(0x39B7)));
    });
    group.finish();
}

/// A sticker's payload is made dynamic.
fn amend(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sticker");
    group.throughput(Throughput::Bytes(STICKER.len() as u64));
    let (amount, mut buffer) = (Amount::rupiah(25_578), [0; 512]);
    let expected = Some(STICKER.len() + "540525578".len());
    group.bench_function("amend from text", |bencher| {
        bencher.iter(|| {
            let length = work::amend(black_box(STICKER), black_box(amount), &mut buffer);
            assert_eq!(length, expected);
        });
    });
    group.bench_function("amend", |bencher| {
        let payload = Payload::parse(STICKER).expect("the sticker is a payload");
        bencher.iter(|| {
            let length = work::amend_parsed(black_box(&payload), black_box(amount), &mut buffer);
            assert_eq!(length, expected);
        });
    });
    group.finish();
}

/// 1,024 different payloads in turn, so that the processor cannot memorize one.
fn batch(criterion: &mut Criterion) {
    let corpus = corpus().expect("the builder takes its values");
    assert_eq!(corpus.len(), CORPUS);
    let mut group = criterion.benchmark_group("corpus");
    group.throughput(Throughput::Bytes(corpus.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| assert!(corpus.iter().all(|text| work::parse(text).is_some())));
    });
    group.bench_function("qris-parse", |bencher| {
        bencher.iter(|| assert!(corpus.iter().all(|text| work::qris_parse(text).is_some())));
    });
    group.bench_function("findings", |bencher| {
        bencher.iter(|| assert!(corpus.iter().all(|text| work::findings(text) == Some(0))));
    });
    group.finish();
}

/// From 64 bytes to 64 KiB. Text of more than about 10 KiB repeats a tag. It is walked completely
/// and then refused.
fn lengths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("length");
    for bytes in [64, 256, 1_024, 4_096, 8_192, 16_384, 32_768, 65_535] {
        let text = of_length(bytes);
        assert_eq!(text.len(), bytes);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(BenchmarkId::from_parameter(bytes), &text, |bencher, text| {
            bencher.iter(|| match Payload::parse(black_box(text)) {
                Ok(payload) => assert_eq!(payload.as_str().len(), bytes),
                Err(error) => assert!(matches!(error.kind(), ErrorKind::Duplicate { .. })),
            });
        });
    }
    group.finish();
}

criterion_group!(benches, sample, amend, batch, lengths);
criterion_main!(benches);
