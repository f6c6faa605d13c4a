//! Cleans external text before it is stored.

/// External text as it is stored: no control characters, trimmed, at most this many characters; `None` if
/// nothing is left.
///
/// PostgreSQL refuses NUL in a text, and other programs would cut a SQLite text there.
pub(crate) fn kept(text: &str, max_chars: usize) -> Option<String> {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let clean: String = spaced.filter(|c| !c.is_control()).collect();
    let short: String = clean.trim().chars().take(max_chars).collect();
    Some(short).filter(|text| !text.is_empty())
}
