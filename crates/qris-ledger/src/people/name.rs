//! What people and tokens are called.

use std::fmt;
use std::str::FromStr;

use crate::NotAWord;
use crate::rows::kept;

/// What a person or a token is called: 1 to 32 characters. Capital and small letters are the same.
///
/// The words that events have for parts of the program are nobody's name.
///
/// ```
/// use qris_ledger::PersonName;
///
/// let name: PersonName = " Siti ".parse()?;
/// assert_eq!(name.as_str(), "Siti");
/// assert_eq!(name, "SITI".parse()?);
/// assert!("".parse::<PersonName>().is_err());
/// assert!("webhook".parse::<PersonName>().is_err());
/// # Ok::<(), qris_ledger::NotAWord>(())
/// ```
#[derive(Clone, Debug)]
pub struct PersonName(String);

impl PersonName {
    /// The most characters of a name.
    pub const MAX_CHARS: usize = 32;

    /// What events say of those who are no person.
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
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let refused = NotAWord::new("a name of 1 to 32 characters that no part of the program has");
        let text = text.trim();
        // What `kept` changes or cuts is not what was written.
        let name = kept(text, Self::MAX_CHARS).filter(|kept| kept == text).ok_or(refused)?;
        let key = name.to_lowercase();
        // A token is called `token NAME` in events.
        if Self::TAKEN.contains(&key.as_str()) || key.starts_with("token ") {
            return Err(refused);
        }
        Ok(Self(name))
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
