//! `qris validate`: a verdict for each line of a file of any size.

use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use clap::Args;
use memchr::{memchr, memchr_iter, memrchr};
use qris_codec::findings::{self, Findings};
use qris_codec::{Error, ErrorKind, Finding, Hint, Payload, Rules, Verdict, hints};
use serde::Serialize;

use crate::messages::message;
use crate::output::input;
use crate::rules::RuleSet;
use crate::view::{FindingView, HintView};

#[derive(Args)]
pub(crate) struct Validate {
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,

    #[arg(long, value_enum, default_value_t = RuleSet::Qris)]
    rules: RuleSet,

    #[arg(long)]
    json: bool,

    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// How many bytes are read and checked at a time.
const BLOCK: usize = 256 * 1024;

/// Whole lines, and the number of the first line.
struct Block {
    bytes: Vec<u8>,
    first_line: u64,
}

/// The results of a block.
#[derive(Default)]
struct Inspection {
    text: String,
    totals: Totals,
    hints: Hints,
}

/// Hints about lines that are not payloads: each kind once, with its first line and the number of
/// lines.
#[derive(Default)]
struct Hints(Vec<(Hint, u64, u64)>);

impl Hints {
    fn add(&mut self, hint: Hint, line: u64, lines: u64) {
        match self.0.iter_mut().find(|(known, ..)| known.code() == hint.code()) {
            Some((.., count)) => *count += lines,
            None => self.0.push((hint, line, lines)),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Totals {
    /// The counts by verdict, in the order of verdicts.
    counts: [u64; 4],
    bytes: u64,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
        self.bytes += other.bytes;
    }
}

#[derive(Serialize)]
struct Line {
    line: u64,
    verdict: &'static str,
    findings: Vec<FindingView>,
}

impl Validate {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut input = input(&self.file)?;
        let processors = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = self.threads.map_or_else(processors, usize::from);
        let (rules, json) = (self.rules.into(), self.json);
        let started = Instant::now();
        let (totals, hints) = thread::scope(|scope| {
            // The workers get the blocks in turn and return them in turn: the output is in
            // order, and only a few blocks are in memory.
            let mut work: Vec<SyncSender<Block>> = Vec::new();
            let mut done: Vec<Receiver<Inspection>> = Vec::new();
            for _ in 0..threads {
                let (work_in, blocks) = sync_channel::<Block>(1);
                let (results, result_out) = sync_channel::<Inspection>(1);
                work.push(work_in);
                done.push(result_out);
                scope.spawn(move || {
                    for block in blocks {
                        if results.send(inspect(&block, rules, json)).is_err() {
                            break;
                        }
                    }
                });
            }
            let reader = scope.spawn(move || distribute(&mut input, &work));
            let totals = collect(&done);
            drop(done);
            let read = reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader failed")));
            totals.and_then(|totals| read.map(|()| totals))
        })?;
        report(&totals, started.elapsed().as_secs_f64());
        hints.report();
        let [.., invalid, malformed] = totals.counts;
        Ok(ExitCode::from(u8::from(invalid + malformed > 0)))
    }
}

/// Reads blocks of whole lines and gives them to the workers in turn.
fn distribute(input: &mut impl Read, work: &[SyncSender<Block>]) -> io::Result<()> {
    let mut turn = work.iter().cycle();
    let mut first_line = 1;
    let mut rest = Vec::new();
    loop {
        let (bytes, more) = whole_lines(input, &mut rest)?;
        if !bytes.is_empty() {
            let lines = memchr_iter(b'\n', &bytes).count() as u64;
            let block = Block { bytes, first_line };
            first_line += lines;
            // Fails when the output is closed.
            if turn.next().is_none_or(|worker| worker.send(block).is_err()) {
                return Ok(());
            }
        }
        if !more {
            return Ok(());
        }
    }
}

/// The next lines of the input, and whether there may be more. The text after the last line feed
/// stays in `rest`.
fn whole_lines(input: &mut impl Read, rest: &mut Vec<u8>) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = std::mem::take(rest);
    let room = BLOCK.saturating_sub(bytes.len());
    bytes.reserve_exact(room);
    if input.by_ref().take(room as u64).read_to_end(&mut bytes)? == 0 {
        return Ok((bytes, false));
    }
    match memrchr(b'\n', &bytes) {
        Some(end) => *rest = bytes.split_off(end + 1),
        None if bytes.len() < BLOCK => *rest = std::mem::take(&mut bytes),
        None => {
            // A line longer than any payload: keep enough to detect that.
            bytes.truncate(Payload::MAX_LEN + 1);
            bytes.push(b'\n');
            *rest = after_the_line(input)?;
        }
    }
    Ok((bytes, true))
}

/// Skips to the end of the line, and returns what was read after it.
fn after_the_line(input: &mut impl Read) -> io::Result<Vec<u8>> {
    loop {
        let mut bytes = Vec::new();
        if input.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(bytes);
        }
        if let Some(end) = memchr(b'\n', &bytes) {
            return Ok(bytes.split_off(end + 1));
        }
    }
}

/// Writes the results in the order of the blocks.
fn collect(done: &[Receiver<Inspection>]) -> io::Result<(Totals, Hints)> {
    let (mut totals, mut hints) = (Totals::default(), Hints::default());
    let mut out = io::stdout().lock();
    for worker in done.iter().cycle() {
        let Ok(inspected) = worker.recv() else { break };
        totals.add(&inspected.totals);
        inspected.hints.0.iter().for_each(|&(hint, line, lines)| hints.add(hint, line, lines));
        match out.write_all(inspected.text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            written => written?,
        }
    }
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok((totals, hints)),
    }
}

fn inspect(block: &Block, rules: Rules, json: bool) -> Inspection {
    let mut inspected = Inspection::default();
    inspected.totals.bytes = block.bytes.len() as u64;
    let bytes = block.bytes.strip_suffix(b"\n").unwrap_or(&block.bytes);
    // One UTF-8 check of a whole block is faster than one check per line.
    let text = std::str::from_utf8(bytes).ok();
    let mut start = 0;
    let ends = memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len()));
    for (number, end) in (block.first_line..).zip(ends) {
        // In a file from Windows the carriage return is part of the line end.
        let line = match bytes[start..end] {
            [.., b'\r'] => start..end - 1,
            _ => start..end,
        };
        start = end + 1;
        let text = text.and_then(|text| text.get(line.clone()));
        let found = match text {
            Some(text) => findings::inspect(text, rules),
            None => Payload::parse_bytes(&bytes[line]).map(|payload| payload.findings(rules)),
        };
        let is_puzzling = inspected.line(number, found, json);
        if let Some(text) = text.filter(|_| is_puzzling) {
            hints(text, Rules::Emv).for_each(|hint| inspected.hints.add(hint, number, 1));
        }
    }
    inspected
}

impl Hints {
    fn report(&self) {
        for (hint, line, lines) in &self.0 {
            let message = HintView::new(hint).message;
            match lines {
                1 => anstream::eprintln!(
                    "{}",
                    message!("validate-hint", line = line, hint = message)
                ),
                _ => anstream::eprintln!(
                    "{}",
                    message!("validate-hints", line = line, hint = message, lines = lines)
                ),
            }
        }
    }
}

impl Inspection {
    /// Adds a line, and returns whether its whole text may show what it is. That takes longer than the
    /// check itself.
    fn line(&mut self, number: u64, found: Result<Findings<'_>, Error>, json: bool) -> bool {
        let is_puzzle = |finding: &Finding| {
            matches!(
                finding.kind(),
                ErrorKind::AmountSyntax { .. } | ErrorKind::AmountDecimals { .. }
            )
        };
        let mut is_puzzling = false;
        let verdict = match found {
            Ok(found) if json => {
                let found: Vec<Finding> = findings::worst_first(&found).collect();
                is_puzzling = found.iter().any(is_puzzle);
                let worst = found.first().map(|finding| finding.severity());
                self.json(number, Verdict::from_worst(worst), &found)
            }
            Ok(found) => {
                let found = found.inspect(|finding| is_puzzling |= is_puzzle(finding));
                // Finds the first of the worst findings in one pass.
                let worst = found.reduce(|worst, finding| {
                    if worst.severity() < finding.severity() { finding } else { worst }
                });
                let verdict = Verdict::from_worst(worst.map(|finding| finding.severity()));
                self.plain(number, verdict, worst)
            }
            Err(error) => {
                is_puzzling = true;
                let refused = Finding::from(error);
                if json {
                    self.json(number, Verdict::Malformed, &[refused])
                } else {
                    self.plain(number, Verdict::Malformed, Some(refused))
                }
            }
        };
        self.totals.counts[verdict as usize] += 1;
        is_puzzling
    }

    /// Writes a line as JSON, with all findings.
    fn json(&mut self, line: u64, verdict: Verdict, findings: &[Finding]) -> Verdict {
        let findings = findings.iter().map(FindingView::new).collect();
        let line = Line { line, verdict: verdict.as_str(), findings };
        if let Ok(json) = serde_json::to_string(&line) {
            self.text.push_str(&json);
            self.text.push('\n');
        }
        verdict
    }

    /// Writes a line as text, with the code of the worst finding.
    fn plain(&mut self, line: u64, verdict: Verdict, worst: Option<Finding>) -> Verdict {
        let code = worst.map_or("-", |finding| finding.code());
        let mut digits = itoa::Buffer::new();
        for part in [digits.format(line), "\t", verdict.as_str(), "\t", code, "\n"] {
            self.text.push_str(part);
        }
        verdict
    }
}

fn report(totals: &Totals, seconds: f64) {
    let [valid, warn, invalid, malformed] = totals.counts;
    let all = valid + warn + invalid + malformed;
    let rate = all as f64 / seconds.max(1e-9);
    let megabytes = totals.bytes as f64 / seconds.max(1e-9) / 1e6;
    anstream::eprintln!(
        "{}",
        message!(
            "validate-totals",
            all = all,
            valid = valid,
            warn = warn,
            invalid = invalid,
            malformed = malformed,
            seconds = format_args!("{seconds:.2}"),
            rate = format_args!("{rate:.0}"),
            megabytes = format_args!("{megabytes:.0}"),
        )
    );
}
