//! Where a merchant's API key is, and reading it from a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::access::PrivateFile;
use super::{DEFAULT_FILE, SettingsError};
use crate::output::visible;

/// Where the API key of a merchant is.
pub(super) enum KeySource {
    /// The environment or the settings file had it.
    Text(String),
    /// A file whose only content it is. `is_named` is whether the user named the settings file
    /// that names this file.
    File { path: PathBuf, is_named: bool },
}

impl KeySource {
    /// The key, as it stands there.
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
    let expected = |what| SettingsError(format!("{}: expected {what}", path.display()));
    let file = PrivateFile::read(path, "an API key file")?
        .ok_or_else(|| expected("an API key file, found no such file"))?;
    if file.others_can_read {
        warn_of_readers(path);
    }
    match file.text.trim() {
        "" => Err(expected("an API key, found an empty file")),
        key => Ok(key.to_owned()),
    }
}

/// A settings file that was only found in the current folder must not have a key of the user's
/// sent elsewhere. So its key files are those in the same folder, which a link cannot change.
fn ensure_beside_settings(path: &Path) -> Result<(), SettingsError> {
    let folder = fs::canonicalize(".");
    let folder = folder.map_err(|error| SettingsError(format!("the current folder: {error}")))?;
    match fs::canonicalize(path) {
        Ok(file) if file.parent() == Some(&folder) => Ok(()),
        Err(error) => Err(SettingsError(format!("{}: {error}", path.display()))),
        Ok(_) => Err(SettingsError(format!(
            "expected api_key_file in the folder of {DEFAULT_FILE}, found a file of another \
             folder: if you trust {DEFAULT_FILE}, name it with --settings {DEFAULT_FILE}; if not, \
             move it away"
        ))),
    }
}

/// Warns once that other users can read a file with a key.
pub(super) fn warn_of_readers(path: &Path) {
    static WARNED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let is_new = WARNED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_path_buf());
    if is_new {
        let path = path.display().to_string();
        anstream::eprintln!(
            "warning: {0} holds an API key and other users can read it: run chmod 600 {0}",
            visible(&path)
        );
    }
}
