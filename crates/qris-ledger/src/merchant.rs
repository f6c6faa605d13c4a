//! The merchant of an order, and the actor of a step.

use std::fmt;
use std::str::FromStr;

use crate::ParseWordError;
use crate::text::kept;

/// A merchant of a ledger, as [`Ledger::merchant`](crate::Ledger::merchant) returns it for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MerchantRowId(pub(crate) i64);

impl MerchantRowId {
    /// The merchant called `main`, which each ledger has.
    pub const MAIN: Self = Self(1);
}

/// The name of a merchant in settings and reports: 1 to 32 characters of `a` to `z`, `0` to `9`, `-` and `_`.
///
/// ```
/// use qris_ledger::MerchantName;
///
/// let name: MerchantName = "kios-2".parse()?;
/// assert_eq!(name.to_string(), "kios-2");
/// assert!("Kios 2".parse::<MerchantName>().is_err());
/// assert_eq!(MerchantName::default().as_str(), "main");
/// # Ok::<(), qris_ledger::ParseWordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MerchantName(String);

impl MerchantName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for MerchantName {
    /// `main`, the default merchant.
    fn default() -> Self {
        Self("main".to_owned())
    }
}

impl FromStr for MerchantName {
    type Err = ParseWordError;

    fn from_str(text: &str) -> Result<Self, ParseWordError> {
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        };
        match (1..=32).contains(&text.len()) && text.bytes().all(is_plain) {
            true => Ok(Self(text.to_owned())),
            false => {
                Err(ParseWordError::new("a merchant's name: 1 to 32 of a to z, 0 to 9, - and _"))
            }
        }
    }
}

impl fmt::Display for MerchantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The actor of a step, as events name it: a person's name, or a part of the program such as `schedule` or
/// `webhook`.
///
/// ```
/// use qris_ledger::Actor;
///
/// assert_eq!(Actor::new("kasir siti\n").as_str(), "kasir siti");
/// assert_eq!(Actor::default().as_str(), "program");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// The maximum number of characters; the rest is cut.
    const MAX_CHARS: usize = 64;

    /// An actor with this name. Control characters are removed, and only the first 64 characters are kept.
    pub fn new(name: &str) -> Self {
        kept(name, Self::MAX_CHARS).map_or_else(Self::default, Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Actor {
    /// `program`.
    fn default() -> Self {
        Self("program".to_owned())
    }
}
