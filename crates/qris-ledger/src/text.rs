//! Text from outside, before it is stored.

/// Text from outside as it is stored: no control characters, trimmed, at most this many
/// characters; `None` where nothing is left.
///
/// PostgreSQL refuses NUL in a text, and SQLite would cut it there in other programs.
pub(crate) fn kept(text: &str, max_chars: usize) -> Option<String> {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let clean: String = spaced.filter(|c| !c.is_control()).collect();
    let short: String = clean.trim().chars().take(max_chars).collect();
    Some(short).filter(|text| !text.is_empty())
}
