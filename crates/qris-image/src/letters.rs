//! A text in the letters that a font has.

/// The text in letters that the font has. `None` if it lacks a letter and has no equivalent of it.
///
/// A missing letter is never replaced by a question mark: that would be another name.
pub(crate) fn in_font(text: &str, has: impl Fn(char) -> bool) -> Option<String> {
    let mut set = String::with_capacity(text.len());
    for c in text.chars() {
        if has(c) {
            set.push(c);
            continue;
        }
        let plain = plain(c).filter(|plain| plain.chars().all(&has))?;
        set.push_str(plain);
    }
    Some(set)
}

/// The plain punctuation for the typographic one of phones and word processors.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2022}' => "·",
        '\u{2026}' => "...",
        space if space.is_whitespace() => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curled_punctuation_becomes_plain_and_a_letter_that_is_lacking_ends_it() {
        let in_ascii = |text| in_font(text, |c| c.is_ascii());
        assert_eq!(in_ascii("D’Café"), None);
        assert_eq!(in_ascii("D’Cafe – “24”…"), Some("D'Cafe - \"24\"...".to_owned()));
        assert_eq!(in_ascii("最佳"), None);
        assert_eq!(in_ascii("TOKO\u{3000}SATU"), Some("TOKO SATU".to_owned()));
        // The plain form must be there too.
        assert_eq!(in_ascii("A • B"), None);
    }
}
