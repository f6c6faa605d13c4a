//! Measures all tasks interleaved in one run, and prints the ratios that have targets.
//!
//! Other programs always disturb the measurement. So each task gets short windows in turn, and the
//! tenth percentile of all windows is used as the undisturbed time.
#![forbid(unsafe_code)]

use std::env;
use std::hint::black_box;
use std::time::Instant;

use qris_benches::mixed::mixed;
use qris_benches::payloads::{SAMPLE, STICKER, corpus, exact_values, sample_values};
use qris_benches::{bounds, work};
use qris_codec::{Amount, Payload};

/// A task and the times of its windows.
struct Timed<'a> {
    name: &'static str,
    /// The number of bytes that one round reads or writes.
    bytes: usize,
    work: Box<dyn FnMut() -> bool + 'a>,
    /// Nanoseconds of one round, one value for each window.
    windows: Vec<f64>,
}

impl<'a> Timed<'a> {
    fn new(name: &'static str, bytes: usize, work: impl FnMut() -> bool + 'a) -> Self {
        Self { name, bytes, work: Box::new(work), windows: Vec::new() }
    }

    /// Runs one window of `rounds`.
    fn window(&mut self, rounds: u32) {
        let start = Instant::now();
        let mut right = true;
        for _ in 0..rounds {
            right &= (self.work)();
        }
        let elapsed = start.elapsed();
        assert!(right, "{} came out wrong", self.name);
        self.windows.push(elapsed.as_nanos() as f64 / f64::from(rounds));
    }

    /// The value that `percent` of the windows are below.
    fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.windows.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

fn main() {
    let smoke = env::args().any(|argument| argument == "--test");
    let (windows, rounds) = if smoke { (3_u32, 2) } else { (4_000, 64) };
    let corpus = corpus().expect("the builder takes its values");
    let corpus_bytes = corpus.iter().map(String::len).sum();
    let mixed = mixed().expect("the builder takes its values");
    let mixed_bytes = mixed.iter().map(String::len).sum();
    let (accepted, found) = work::outcome(&mixed);
    let (values, exact) = (sample_values(), exact_values());
    let amount = Amount::rupiah(25_578);
    let sticker = Payload::parse(STICKER).expect("the sticker is a payload");
    let (mut written, mut exactly) = ([0; 512], [0; 512]);
    let (mut rewritten, mut amended) = ([0; 512], [0; 512]);
    let sample = || black_box(SAMPLE);
    let bytes = || black_box(SAMPLE).as_bytes();
    let covered = || black_box(&SAMPLE.as_bytes()[..SAMPLE.len() - 4]);
    let len = SAMPLE.len();

    let mut all = vec![
        Timed::new("checksum", len, || qris_codec::checksum(covered()) == 0x39B7),
        Timed::new("bound: slice-by-16", len, || bounds::sliced(covered()) == 0x39B7),
        Timed::new("bound: carry-less multiply", len, || bounds::carryless(covered()) == 0x39B7),
        Timed::new("bound: walk", len, || bounds::walk(bytes()) == Some(14)),
        Timed::new("bound: walk + slice-by-16", len, || {
            bounds::parse_sliced(bytes()) == Some(0x39B7)
        }),
        Timed::new("bound: walk + carry-less", len, || {
            bounds::parse_carryless(bytes()) == Some(0x39B7)
        }),
        Timed::new("parse", len, || work::parse(sample()) == Some(0x39B7)),
        Timed::new("qris-parse", len, || work::qris_parse(sample()) == Some(0x39B7)),
        Timed::new("findings", len, || work::findings(sample()) == Some(0)),
        Timed::new("encode", len, || work::encode(black_box(&values), &mut written) == Some(len)),
        Timed::new("encode (exactly)", len, || {
            work::encode(black_box(&exact), &mut exactly) == Some(len + 9)
        }),
        Timed::new("parse (sticker)", STICKER.len(), || {
            work::parse(black_box(STICKER)) == Some(0x66DC)
        }),
        Timed::new("amend", STICKER.len(), || {
            work::amend_parsed(black_box(&sticker), black_box(amount), &mut rewritten)
                == Some(STICKER.len() + 9)
        }),
        Timed::new("amend from text", STICKER.len(), || {
            work::amend(black_box(STICKER), black_box(amount), &mut amended)
                == Some(STICKER.len() + 9)
        }),
    ];
    let mut many = vec![
        Timed::new("1,024 bound: sliced", corpus_bytes, || {
            corpus.iter().all(|text| bounds::parse_sliced(text.as_bytes()).is_some())
        }),
        Timed::new("1,024 bound: carry-less", corpus_bytes, || {
            corpus.iter().all(|text| bounds::parse_carryless(text.as_bytes()).is_some())
        }),
        Timed::new("1,024 parse", corpus_bytes, || {
            corpus.iter().all(|text| work::parse(text).is_some())
        }),
        Timed::new("1,024 qris-parse", corpus_bytes, || {
            corpus.iter().all(|text| work::qris_parse(text).is_some())
        }),
        Timed::new("1,024 findings", corpus_bytes, || {
            corpus.iter().all(|text| work::findings(text) == Some(0))
        }),
    ];
    many.extend([
        Timed::new("mixed parse", mixed_bytes, || {
            mixed.iter().all(|text| work::parse(text).is_some())
        }),
        Timed::new("mixed qris-parse", mixed_bytes, || {
            mixed.iter().filter(|text| work::qris_parse(text).is_some()).count() == accepted
        }),
        Timed::new("mixed findings", mixed_bytes, || {
            mixed.iter().filter_map(|text| work::findings(text)).sum::<usize>() == found
        }),
    ]);
    #[cfg(feature = "peers")]
    {
        use qris_benches::peers;
        for peer in &peers::ALL {
            all.push(Timed::new(peer.name, len, move || (peer.parse)(sample())));
            many.push(Timed::new(peer.name, corpus_bytes, || {
                corpus.iter().all(|text| (peer.parse)(text))
            }));
        }
    }

    for _ in 0..windows {
        all.iter_mut().for_each(|timed| timed.window(rounds));
    }
    for _ in 0..windows.div_ceil(20) {
        many.iter_mut().for_each(|timed| timed.window(1));
    }

    println!("{:28} {:>10} {:>10} {:>10}", "", "10 % [ns]", "median", "MB/s");
    for timed in all.iter().chain(&many) {
        let (low, median) = (timed.percentile(10), timed.percentile(50));
        let rate = timed.bytes as f64 / low * 1e3;
        println!("{:28} {low:10.1} {median:10.1} {rate:10.0}", timed.name);
    }

    let quiet = |name: &str| {
        let timed = all.iter().chain(&many).find(|timed| timed.name == name);
        timed.map_or(f64::NAN, |timed| timed.percentile(10))
    };
    println!("\n{:50} {:>6}  target", "ratio of the tenth percentiles", "");
    for (work, beside, most) in [
        ("parse", "bound: walk + slice-by-16", 1.0),
        ("parse", "bound: walk + carry-less", 2.0),
        ("qris-parse", "parse", 1.5),
        ("findings", "parse", 1.5),
        ("encode", "parse", 1.2),
        ("amend", "parse (sticker)", 1.2),
        ("amend from text", "parse (sticker)", 2.2),
        ("1,024 parse", "1,024 bound: sliced", 1.0),
        ("1,024 parse", "1,024 bound: carry-less", 2.0),
        ("1,024 qris-parse", "1,024 parse", 1.5),
        ("1,024 findings", "1,024 parse", 1.5),
        ("mixed qris-parse", "mixed parse", 1.6),
        ("mixed findings", "mixed parse", 2.5),
    ] {
        let ratio = quiet(work) / quiet(beside);
        println!("{:50} {ratio:6.2}  {most:.1}", format!("{work} / {beside}"));
    }
}
