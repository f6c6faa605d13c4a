//! Defaults of settings.

use std::fs;

use etcetera::BaseStrategy as _;

use super::error::SettingsError;
use crate::messages::message;

/// The default name of the settings file.
pub(super) const DEFAULT_FILE: &str = "qris.toml";

/// An empty setting counts as not set.
pub(super) fn non_empty(setting: Option<String>) -> Option<String> {
    setting.filter(|text| !text.is_empty())
}

/// A file of this name in the platform's data directory.
pub(super) fn default_database(name: &str) -> Result<String, SettingsError> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| SettingsError(message!("settings-no-home")))?;
    let folder = strategy.data_dir().join("qris");
    fs::create_dir_all(&folder)
        .map_err(|error| SettingsError(format!("{}: {error}", folder.display())))?;
    Ok(format!("sqlite://{}", folder.join(name).display()))
}
