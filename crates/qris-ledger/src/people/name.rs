//! Names of people and tokens.

use std::fmt;
use std::str::FromStr;

use crate::ParseWordError;
use crate::rows::kept;

/// The name of a person or a token: 1 to 32 characters. Upper and lower case are equal.
///
/// The words that events use for parts of the program cannot be names.
///
/// ```
/// use qris_ledger::PersonName;
///
/// let name: PersonName = " Siti ".parse()?;
/// assert_eq!(name.as_str(), "Siti");
/// assert_eq!(name, "SITI".parse()?);
/// assert!("".parse::<PersonName>().is_err());
/// assert!("webhook".parse::<PersonName>().is_err());
/// # Ok::<(), qris_ledger::ParseWordError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PersonName(String);

impl PersonName {
    /// The maximum number of characters of a name.
    pub const MAX_CHARS: usize = 32;

    /// The actors in events that are not people.
    const TAKEN: [&str; 9] = [
        "cashier",
        "owner token",
        "payer",
        "plan",
        "program",
        "qris command",
        "qris demo",
        "schedule",
        "webhook",
    ];

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text for all spellings of the name.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for PersonName {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for PersonName {}

impl FromStr for PersonName {
    type Err = ParseWordError;

    fn from_str(text: &str) -> Result<Self, ParseWordError> {
        let refused = ParseWordError::new(
            "a name of 1 to 32 letters, digits and other visible characters, and none of the words that \
             events have for parts of the program, such as cashier, payer or webhook",
        );
        let text = text.trim();
        // `kept` must not change or cut the text.
        let name = kept(text, Self::MAX_CHARS).filter(|kept| kept == text).ok_or(refused)?;
        if name.contains(is_invisible) {
            return Err(refused);
        }
        let key = name.to_lowercase();
        // In events, a token is called `token NAME`.
        if Self::TAKEN.contains(&key.as_str()) || key.starts_with("token ") {
            return Err(refused);
        }
        Ok(Self(name))
    }
}

/// Whether a character is invisible or changes the text direction, so that one name can look like another.
const fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    )
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_character_that_cannot_be_seen() {
        for text in ["Siti\u{200b}", "\u{202e}itiS", "Si\u{ad}ti", "Siti\u{feff}x", "Si\u{e0041}ti"]
        {
            assert!(text.parse::<PersonName>().is_err(), "{}", text.escape_unicode());
        }
        assert!("Siti Nurhaliza, S.E.".parse::<PersonName>().is_ok());
    }
}
