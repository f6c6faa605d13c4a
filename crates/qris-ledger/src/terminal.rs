//! Makes external text safe on a terminal and in a log: payers choose their names, and the provider its
//! messages.

use std::fmt::Write as _;

/// Whether a character controls a terminal or is invisible: control characters, text direction marks, and
/// characters without a width.
///
/// ```
/// use qris_ledger::terminal::is_unprintable;
///
/// assert!(['\u{1b}', '\n', '\u{9b}', '\u{202e}', '\u{200b}'].into_iter().all(is_unprintable));
/// assert!("SITI é 🎉".chars().all(|c| !is_unprintable(c)));
/// ```
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Escapes the unprintable characters of valid JSON, except line breaks. Parsers read the same value.
///
/// ```
/// use qris_ledger::terminal::escape_json;
///
/// assert_eq!(escape_json("\"A\u{9b}2J\"\n"), "\"A\\u009b2J\"\n");
/// ```
pub fn escape_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        // A line break is between values: inside a JSON string it is already escaped.
        if is_unprintable(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}
