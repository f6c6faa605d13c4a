//! Amounts in whole rupiah.

use std::fmt;

/// An amount in whole rupiah.
///
/// ```
/// use qris_api::Rupiah;
///
/// assert_eq!(Rupiah::new(25_578).get(), 25_578);
/// assert_eq!(Rupiah::new(25_578).to_string(), "25578");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rupiah(u64);

impl Rupiah {
    /// An amount of this many rupiah.
    pub const fn new(rupiah: u64) -> Self {
        Self(rupiah)
    }

    /// The number of rupiah.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for Rupiah {
    fn from(rupiah: u64) -> Self {
        Self(rupiah)
    }
}

impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
