//! The place of a merchant's API key, and reading it from a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::access::PrivateFile;
use super::defaults::DEFAULT_FILE;
use super::error::SettingsError;
use crate::messages::message;
use crate::output::visible;

/// The place of a merchant's API key.
pub(super) enum KeySource {
    /// The key itself, from the environment or the settings file.
    Text(String),
    /// A file that has only the key. `is_named`: whether the user named the settings file that names
    /// this file.
    File { path: PathBuf, is_named: bool },
}

impl KeySource {
    /// The key, unchanged.
    pub(super) fn read(&self) -> Result<String, SettingsError> {
        match self {
            Self::Text(key) => Ok(key.clone()),
            Self::File { path, is_named } => read_file(path, *is_named),
        }
    }
}

fn read_file(path: &Path, is_named: bool) -> Result<String, SettingsError> {
    if !is_named {
        ensure_beside_settings(path)?;
    }
    let name = path.display();
    let file = PrivateFile::read(path, &message!("settings-a-key-file"))?
        .ok_or_else(|| SettingsError(message!("settings-no-key-file", file = name)))?;
    if file.others_can_read {
        warn_of_readers(path);
    }
    match file.text.trim() {
        "" => Err(SettingsError(message!("settings-empty-key-file", file = name))),
        key => Ok(key.to_owned()),
    }
}

/// A settings file that was found in the current folder, but not named, must not send a key of the user to
/// another server. So its key files must be in the same folder, also after symbolic links are followed.
fn ensure_beside_settings(path: &Path) -> Result<(), SettingsError> {
    let folder = fs::canonicalize(".");
    let folder = folder
        .map_err(|error| SettingsError(message!("settings-current-folder", error = error)))?;
    match fs::canonicalize(path) {
        Ok(file) if file.parent() == Some(&folder) => Ok(()),
        Err(error) => Err(SettingsError(format!("{}: {error}", path.display()))),
        Ok(_) => Err(SettingsError(message!("settings-key-file-elsewhere", file = DEFAULT_FILE))),
    }
}

/// Warns once that other users can read a file with a key.
pub(super) fn warn_of_readers(path: &Path) {
    static WARNED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let is_new = WARNED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_path_buf());
    if is_new {
        let path = path.display().to_string();
        anstream::eprintln!("{}", message!("settings-key-readable", file = visible(&path)));
    }
}
