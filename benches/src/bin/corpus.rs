//! Prints payloads, one a line, for `qris validate`: `corpus 1000000`, all without findings, or
//! `corpus 1000000 mixed`. They repeat after about a thousand.
#![forbid(unsafe_code)]

use std::io::{self, BufWriter, Write as _};

use qris_benches::mixed::mixed;
use qris_benches::payloads::corpus;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).ok_or("say how many")?.parse()?;
    let texts = match std::env::args().nth(2).as_deref() {
        None => corpus()?,
        Some("mixed") => mixed()?,
        Some(_) => return Err("expected mixed or nothing".into()),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for text in texts.iter().cycle().take(count) {
        writeln!(out, "{text}")?;
    }
    Ok(out.flush()?)
}
