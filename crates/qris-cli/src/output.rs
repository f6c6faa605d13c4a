//! Input from an argument or standard input, and output. A closed pipe is not an error.

use std::borrow::Cow;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use qris_ledger::terminal::{escape_json, is_unprintable};
use serde::Serialize;

use crate::messages::message;

/// Exit code 2, as for wrong usage: the command could not start its work.
pub(crate) const USAGE: u8 = 2;

/// The bytes of an argument, or of standard input if the argument is `-`.
///
/// From standard input it reads as much as the codec accepts, and one byte more to detect text that is
/// too long. The line end is not part of the payload.
pub(crate) fn payload_bytes(argument: OsString) -> io::Result<Vec<u8>> {
    if argument != "-" {
        return Ok(argument.into_encoded_bytes());
    }
    let most = qris_codec::Payload::MAX_LEN as u64 + 1 + 2;
    let mut bytes = Vec::new();
    io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    Ok(without_line_end(bytes))
}

fn without_line_end(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = [b"\r\n".as_slice(), b"\n"].into_iter().find(|end| bytes.ends_with(end));
    bytes.truncate(bytes.len() - end.map_or(0, <[u8]>::len));
    bytes
}

/// The most that `-` reads of several payloads, one a line.
const MAX_LINES: u64 = 1 << 20;

/// The payloads of an argument, or of standard input where the argument is `-`: one a line. Where
/// a single line is not blank, what stands around it belongs to its payload.
pub(crate) fn payload_lines(argument: OsString) -> io::Result<Vec<Vec<u8>>> {
    if argument != "-" {
        return Ok(vec![argument.into_encoded_bytes()]);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_LINES + 1).read_to_end(&mut bytes)?;
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let lines: Vec<Vec<u8>> =
        lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec()).collect();
    if lines.len() < 2 {
        return Ok(vec![without_line_end(bytes)]);
    }
    if bytes.len() as u64 > MAX_LINES {
        return Err(io::Error::other(message!("decode-too-many", megabytes = MAX_LINES >> 20)));
    }
    Ok(lines)
}

/// A file, or standard input if the argument is `-`.
pub(crate) fn input(file: &OsStr) -> io::Result<Box<dyn Read + Send>> {
    if file == "-" {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(file) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => {
            let words = format!("{}: {}", Path::new(file).display(), plain_words(&error));
            Err(io::Error::new(error.kind(), words))
        }
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut words = without_number(&error.to_string());
    let mut cause = error.source();
    while let Some(source) = cause {
        let found = plain_words(source);
        // Some errors already include their cause.
        if !words.ends_with(&found) {
            let _ = write!(words, ": {found}");
        }
        cause = source.source();
    }
    words
}

/// The message of the innermost cause of an error.
pub(crate) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    plain_words(cause)
}

/// A plain text for errors for which the system has a number.
fn plain_words(error: &(dyn Error + 'static)) -> String {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionRefused, ConnectionReset, IsADirectory, NotFound,
        PermissionDenied, TimedOut,
    };
    let error_of_system = error.downcast_ref::<io::Error>();
    // Other errors of these kinds have words of their own.
    let of_file = error_of_system.filter(|error| error.raw_os_error().is_some());
    match of_file.map(io::Error::kind) {
        Some(NotFound) => return message!("file-not-found"),
        Some(PermissionDenied) => return message!("file-permission-denied"),
        Some(IsADirectory) => return message!("file-is-folder"),
        _ => {}
    }
    match error_of_system.map(io::Error::kind) {
        Some(ConnectionRefused) => message!("connection-refused"),
        Some(ConnectionReset | ConnectionAborted) => message!("connection-cut-off"),
        Some(TimedOut) => message!("connection-timed-out"),
        _ => without_number(&error.to_string()),
    }
}

/// Removes the system's error number, which does not help a person.
fn without_number(words: &str) -> String {
    match words.split_once(" (os error ") {
        Some((before, after)) => {
            let rest = after.split_once(')').map_or("", |(_, rest)| rest);
            format!("{before}{rest}")
        }
        None => words.to_owned(),
    }
}

/// Writes to standard output byte for byte: a payload without one of its characters is a different one.
pub(crate) fn print(text: &str) -> io::Result<()> {
    print_bytes(text.as_bytes())
}

/// Writes a file to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    all(&mut io::stdout().lock(), bytes)
}

/// Writes text with colours to standard output; without colours if it is not a terminal.
pub(crate) fn print_styled(text: &str) -> io::Result<()> {
    all(&mut anstream::stdout().lock(), text.as_bytes())
}

/// A closed pipe (`qris decode … | head -1`) is not an error: the reader has enough.
fn all(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Writes an error to standard error, safe for a terminal.
pub(crate) fn print_error(words: &str) {
    anstream::eprintln!("{}", message!("error", words = visible(words)));
}

/// Writes what a user should know to standard error, fit for a terminal. It is no error.
pub(crate) fn note(words: &str) {
    anstream::eprintln!("{}", visible(words));
}

/// Writes a value to standard output as JSON of one line.
pub(crate) fn print_json_line(value: &impl Serialize) -> io::Result<()> {
    print(&(escape_json(&serde_json::to_string(value)?) + "\n"))
}

/// Writes a value to standard output as JSON.
pub(crate) fn print_json(value: &impl Serialize) -> io::Result<()> {
    print(&json_text(value)?)
}

/// A value as JSON without characters that act on a terminal. Programs read the same value.
fn json_text(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(escape_json(&serde_json::to_string_pretty(value)?) + "\n")
}

/// A value that is safe for a terminal: control and invisible characters are escaped, because anybody can
/// write a payload or a payer's name.
pub(crate) fn visible(value: &str) -> Cow<'_, str> {
    if !value.contains(is_unprintable) {
        return Cow::Borrowed(value);
    }
    let mut shown = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        if is_unprintable(c) {
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// One of each kind: C0, C1, invisible, bidirectional, beyond the first plane.
    const HOSTILE: &str =
        "A\u{1b}[2J\u{7f}\u{9b}1m\u{ad}\u{61c}\u{200b}\u{202e}\u{2066}\u{feff}\u{e0041}\r\n\tZ é";

    #[test]
    fn json_for_a_terminal_has_no_unprintable_character_and_the_same_value() {
        let value = serde_json::json!({ HOSTILE: [HOSTILE, 1] });
        let text = json_text(&value).expect("JSON");
        let found = text.chars().find(|&c| is_unprintable(c) && c != '\n');
        assert_eq!(found, None, "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }

    #[test]
    fn a_value_for_a_terminal_has_each_unprintable_character_written_out() {
        assert_eq!(
            visible(HOSTILE),
            "A\\u{1b}[2J\\u{7f}\\u{9b}1m\\u{ad}\\u{61c}\\u{200b}\\u{202e}\\u{2066}\\u{feff}\\u{e0041}\
             \\u{d}\\u{a}\\u{9}Z é",
        );
    }
}
