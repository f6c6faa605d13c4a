//! The codec and other Rust crates, on the same payload and the same 1,024.
#![forbid(unsafe_code)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use qris_benches::payloads::{SAMPLE, corpus};
use qris_benches::peers::ALL;
use qris_benches::work;

fn sample(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sample");
    group.throughput(Throughput::Bytes(SAMPLE.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| assert_eq!(work::parse(black_box(SAMPLE)), Some(0x39B7)));
    });
    for peer in &ALL {
        group.bench_function(peer.name, |bencher| {
            bencher.iter(|| assert!((peer.parse)(black_box(SAMPLE))));
        });
    }
    group.finish();
}

fn batch(criterion: &mut Criterion) {
    let corpus = corpus().expect("the builder takes its values");
    let mut group = criterion.benchmark_group("corpus");
    group.throughput(Throughput::Bytes(corpus.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| assert!(corpus.iter().all(|text| work::parse(text).is_some())));
    });
    for peer in &ALL {
        group.bench_function(peer.name, |bencher| {
            bencher.iter(|| assert!(corpus.iter().all(|text| (peer.parse)(text))));
        });
    }
    group.finish();
}

criterion_group!(benches, sample, batch);
criterion_main!(benches);
