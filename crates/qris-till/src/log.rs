//! The log, as JSON lines.

use std::io::{self, Write};

use qris_ledger::terminal::escape_json;

/// Writes the log to standard error, one JSON object per line. Call it once, before everything
/// else.
///
/// The log has numbers of transactions and invoices, states, causes, and the addresses that sent
/// wrong tokens. It never has a payer's name, a key, a token or a URL. Characters that act on a
/// terminal are escaped as in JSON. If the program already has a subscriber, that one stays.
pub fn log_to_stderr() {
    let logs = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(|| Escaping(io::stderr()));
    // An error means that there is already a subscriber.
    logs.try_init().ok();
}

/// Forwards lines of JSON, and escapes characters that JSON allows but a terminal acts on.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let shown = escape_json(&String::from_utf8_lossy(line));
        self.0.write_all(shown.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use qris_ledger::terminal::is_unprintable;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_of_the_log_has_no_unprintable_character_and_the_same_words() {
        let lines = Lines::default();
        let words = "A\u{1b}[2J\u{9b}1m\u{202e}\u{e0041}\nZ";
        let writer = lines.clone();
        let logs =
            tracing_subscriber::fmt().json().with_writer(move || Escaping(writer.clone())).finish();
        tracing::subscriber::with_default(logs, || tracing::warn!(words, "{words}"));
        let bytes = lines.0.lock().expect("no panic").clone();
        let text = String::from_utf8(bytes).expect("UTF-8");
        let line = text.strip_suffix('\n').expect("a line");
        assert_eq!(line.chars().find(|&c| is_unprintable(c)), None, "{line:?}");
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["fields"]["words"], words);
        assert_eq!(line["fields"]["message"], words);
    }
}
