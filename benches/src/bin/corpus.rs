//! Prints payloads, one a line, for `qris validate`: `corpus 1000000`. After the first 1,024 they
//! come again.
#![forbid(unsafe_code)]

use std::io::{self, BufWriter, Write as _};

use qris_benches::payloads::corpus;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).ok_or("say how many")?.parse()?;
    let mut out = BufWriter::new(io::stdout().lock());
    for text in corpus()?.iter().cycle().take(count) {
        writeln!(out, "{text}")?;
    }
    Ok(out.flush()?)
}
