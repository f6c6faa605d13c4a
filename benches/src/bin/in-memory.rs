//! Measures how fast one thread checks the lines of a file in memory, to compare `qris validate`
//! with. `in-memory FILE`.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::time::Instant;

use qris_benches::work;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(std::env::args().nth(1).ok_or("name a file")?)?;
    let start = Instant::now();
    let mut clean = 0_u64;
    let mut lines = 0_u64;
    for line in text.lines() {
        lines += 1;
        clean += u64::from(work::findings(black_box(line)) == Some(0));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{lines} payloads, {clean} clean: {:.0} payloads/s, {:.0} MB/s",
        lines as f64 / seconds,
        text.len() as f64 / seconds / 1e6
    );
    Ok(())
}
