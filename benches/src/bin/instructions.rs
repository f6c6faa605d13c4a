//! Counts the instructions of each task under valgrind, and fails if one needs over 3 % more than
//! in `instructions.tsv`.
//!
//! `cargo run --release -p qris-benches --bin instructions` compares, `-- --update` writes the table.
#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use qris_benches::mixed::{MIXED, mixed};
use qris_benches::payloads::{SAMPLE, STICKER, WARNED, exact_values, sample_values};
use qris_benches::work;
use qris_codec::{Amount, Payload};

/// The tasks by name. Each runs in its own process.
const WORK: [(&str, fn()); 12] = [
    ("parse", || assert_eq!(counted(|| work::parse(black_box(SAMPLE))), Some(0x39B7))),
    ("qris-parse", || assert_eq!(counted(|| work::qris_parse(black_box(SAMPLE))), Some(0x39B7))),
    ("findings", || assert_eq!(counted(|| work::findings(black_box(SAMPLE))), Some(0))),
    ("qris-parse (warned)", || {
        assert_eq!(counted(|| work::qris_parse(black_box(WARNED))), Some(0x40DE));
    }),
    ("findings (warned)", || {
        assert_eq!(counted(|| work::findings(black_box(WARNED))), Some(1));
    }),
    ("encode", || {
        let (values, mut buffer) = (sample_values(), [0; 512]);
        let length = counted(|| work::encode(black_box(&values), &mut buffer));
        assert_eq!(buffer.get(..length.unwrap_or(0)), Some(SAMPLE.as_bytes()));
    }),
    ("encode (exactly)", || {
        let (values, mut buffer) = (exact_values(), [0; 512]);
        let length = counted(|| work::encode(black_box(&values), &mut buffer));
        assert_eq!(length, Some(SAMPLE.len() + 9));
    }),
    ("amend", || {
        let (amount, mut buffer) = (Amount::rupiah(25_578), [0; 512]);
        let payload = Payload::parse(STICKER).expect("the sticker is a payload");
        let length =
            counted(|| work::amend_parsed(black_box(&payload), black_box(amount), &mut buffer));
        assert_eq!(length, Some(STICKER.len() + 9));
    }),
    ("amend (warned)", || {
        let (amount, mut buffer) = (Amount::rupiah(25_578), [0; 512]);
        let payload = Payload::parse(WARNED).expect("the warned sticker is a payload");
        let length =
            counted(|| work::amend_parsed(black_box(&payload), black_box(amount), &mut buffer));
        assert_eq!(length, Some(WARNED.len() + 9));
    }),
    ("parse (mixed)", || {
        let texts = mixed().expect("the builder takes its values");
        let parsed = counted(|| texts.iter().filter(|text| work::parse(text).is_some()).count());
        assert_eq!(parsed, MIXED);
    }),
    ("qris-parse (mixed)", || {
        let texts = mixed().expect("the builder takes its values");
        let (expected, _) = work::outcome(&texts);
        let accepted =
            counted(|| texts.iter().filter(|text| work::qris_parse(text).is_some()).count());
        assert_eq!(accepted, expected);
    }),
    ("findings (mixed)", || {
        let texts = mixed().expect("the builder takes its values");
        let (_, expected) = work::outcome(&texts);
        let found = counted(|| texts.iter().filter_map(|text| work::findings(text)).sum::<usize>());
        assert_eq!(found, expected);
    }),
];

/// Ratios of instruction counts, each with its target.
const RATIOS: [(&str, &str, f64); 2] =
    [("qris-parse (mixed)", "parse (mixed)", 1.6), ("findings (mixed)", "parse (mixed)", 2.5)];

/// The function in which callgrind counts. It is found by name, so it must not be inlined.
#[inline(never)]
fn counted<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

/// The number of instructions of one task.
fn count(name: &str) -> Result<u64, String> {
    let exe = env::current_exe().map_err(|error| format!("no path of my own: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=*instructions*counted*"])
        .arg(exe)
        .args(["--run", name])
        .output()
        .map_err(|error| format!("valgrind does not start ({error}): is it installed?"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{name} did not run: {text}"));
    }
    text.lines()
        .find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok())
        .filter(|&count| count > 0)
        .ok_or_else(|| format!("valgrind counted nothing for {name}: {text}"))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--run") {
        let work = WORK.iter().find(|(name, _)| arguments.get(at + 1).is_some_and(|a| a == name));
        return work.map_or(ExitCode::FAILURE, |(_, work)| {
            work();
            ExitCode::SUCCESS
        });
    }
    match compare(arguments.iter().any(|argument| argument == "--update")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn compare(update: bool) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.tsv");
    let table = fs::read_to_string(&path).unwrap_or_default();
    let kept = |name: &str| -> Option<u64> {
        let rows = table.lines().filter_map(|line| line.split_once('\t'));
        rows.filter(|(work, _)| *work == name).find_map(|(_, count)| count.parse().ok())
    };
    let mut written = String::from("work\tinstructions\n");
    let mut grown = Vec::new();
    let mut counts = Vec::new();
    for (name, _) in WORK {
        let now = count(name)?;
        let before = kept(name);
        let change = before.map_or("new".to_owned(), |before| {
            format!("{:+.1} %", (now as f64 / before as f64 - 1.0) * 100.0)
        });
        println!("{name:20} {now:8} instructions, {change}");
        // In integers, so that the limit is exactly 3 %.
        if before.is_none_or(|before| now * 100 > before * 103) {
            grown.push(name);
        }
        writeln!(written, "{name}\t{now}").map_err(|error| error.to_string())?;
        counts.push((name, now as f64));
    }
    let counted =
        |work: &str| counts.iter().find(|(name, _)| *name == work).map_or(f64::NAN, |it| it.1);
    for (work, beside, most) in RATIOS {
        let ratio = counted(work) / counted(beside);
        println!("{:38} {ratio:6.2}, aim {most:.1}", format!("{work} / {beside}"));
    }
    if update {
        return fs::write(&path, written).map_err(|error| format!("{}: {error}", path.display()));
    }
    if grown.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than 3 % above instructions.tsv, or not in it: {}. \
         If that is meant: cargo run --release -p qris-benches --bin instructions -- --update",
        grown.join(", ")
    ))
}
