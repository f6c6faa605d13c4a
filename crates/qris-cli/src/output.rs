//! Input from an argument or standard input, and output that ends quietly on a closed pipe.

use std::borrow::Cow;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// The bytes of an argument, or of standard input where the argument is `-`.
///
/// Of standard input no more is read than the codec looks at, and one byte more to show that
/// it was too long. The line's end that every command writes there is no part of the payload.
pub(crate) fn payload_bytes(argument: OsString) -> io::Result<Vec<u8>> {
    if argument != "-" {
        return Ok(argument.into_encoded_bytes());
    }
    let most = qris_codec::Payload::MAX_LEN as u64 + 1 + 2;
    let mut bytes = Vec::new();
    io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    let end = [b"\r\n".as_slice(), b"\n"].into_iter().find(|end| bytes.ends_with(end));
    bytes.truncate(bytes.len() - end.map_or(0, <[u8]>::len));
    Ok(bytes)
}

/// A file, or standard input where the argument is `-`.
pub(crate) fn input(file: &OsStr) -> io::Result<Box<dyn Read + Send>> {
    if file == "-" {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(file) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => {
            let words = format!("{}: {error}", Path::new(file).display());
            Err(io::Error::new(error.kind(), words))
        }
    }
}

/// An error with what led to it.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        // Some say already what they come from.
        if !words.ends_with(&source.to_string()) {
            let _ = write!(words, ": {source}");
        }
        cause = source.source();
    }
    words
}

/// Writes to standard output, byte for byte: a payload that lost a character would be another.
pub(crate) fn print(text: &str) -> io::Result<()> {
    all(&mut io::stdout().lock(), text)
}

/// Writes text with colours to standard output, without them where it is not a terminal.
pub(crate) fn print_styled(text: &str) -> io::Result<()> {
    all(&mut anstream::stdout().lock(), text)
}

/// A closed pipe (`qris decode … | head -1`) is no error: nobody reads on.
fn all(out: &mut impl Write, text: &str) -> io::Result<()> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// A value fit for a terminal: characters that move the cursor or turn the reading direction
/// are written out, since a payload may come from anybody.
pub(crate) fn visible(value: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if !value.contains(hidden) {
        return Cow::Borrowed(value);
    }
    let mut shown = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        if hidden(c) {
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}
