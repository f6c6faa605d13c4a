//! The flags of all settings, and the settings file that they name.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::defaults::DEFAULT_FILE;
use super::error::SettingsError;
use super::file::SettingsFile;
use crate::messages::message;

/// The account, the place of its database, and the time limits.
///
/// The API key is not a flag, because every user of a machine can see its command lines. It comes from
/// `QRIS_API_KEY`, or from `api_key` or `api_key_file` in the settings file.
#[derive(Args, Clone)]
pub(crate) struct Settings {
    #[arg(long, value_name = "NAME", env = "QRIS_MERCHANT", hide_env_values = true)]
    pub(super) merchant: Option<String>,

    #[arg(long, value_name = "ID", env = "QRIS_MERCHANT_ID", hide_env_values = true)]
    pub(super) merchant_id: Option<String>,

    #[arg(long, value_name = "URL", env = "QRIS_BASE_URL", hide_env_values = true)]
    pub(super) base_url: Option<String>,

    // Without clap's `env`: the settings must know whether a value is from a flag, which others can see.
    #[arg(long = "database", value_name = "URL")]
    pub(super) database_flag: Option<String>,

    #[arg(long, value_name = "NMID", env = "QRIS_NMID", hide_env_values = true)]
    pub(super) nmid: Option<String>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_SHOWN_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub(super) shown_minutes: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_VALIDITY_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub(super) validity_minutes: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_TIMEOUT_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..=600)
    )]
    pub(super) timeout_seconds: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_CHECKS_PER_MINUTE",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub(super) checks_per_minute: Option<u32>,

    #[arg(long, value_name = "FOLDER", env = "QRIS_STATE_DIR", hide_env_values = true)]
    pub(super) state_dir: Option<String>,

    #[arg(long, value_name = "URL", env = "QRIS_PUBLIC_URL")]
    pub(super) public_url: Option<String>,

    #[arg(long, value_name = "FILE", env = "QRIS_PAY_KEY_FILE", hide_env_values = true)]
    pub(super) pay_key_file: Option<String>,

    #[arg(long = "settings", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    // The settings file, after it is read.
    #[arg(skip)]
    pub(super) read: OnceLock<SettingsFile>,
}

impl Settings {
    /// A path from the settings file, relative to its folder.
    pub(super) fn beside_file(&self, name: String) -> PathBuf {
        match self.path().parent() {
            Some(folder) => folder.join(name),
            None => name.into(),
        }
    }

    /// The path of the settings file.
    pub(crate) fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE))
    }

    /// The settings file, which is read once.
    pub(super) fn file(&self) -> Result<&SettingsFile, SettingsError> {
        if let Some(file) = self.read.get() {
            return Ok(file);
        }
        let path = self.path();
        let file = match SettingsFile::read(path)? {
            Some(file) => file,
            // Only the default file may be missing.
            None if self.file.is_none() => SettingsFile::default(),
            None => {
                return Err(SettingsError(message!(
                    "settings-no-settings-file",
                    file = path.display()
                )));
            }
        };
        Ok(self.read.get_or_init(|| file))
    }
}
