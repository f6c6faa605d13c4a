//! The error of a setting.

use std::fmt;
use std::io;

/// A setting that is missing or wrong. Never shows a value: it may be a secret.
#[derive(Debug)]
pub(crate) struct SettingsError(pub(crate) String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<SettingsError> for io::Error {
    fn from(error: SettingsError) -> Self {
        Self::other(error.0)
    }
}
