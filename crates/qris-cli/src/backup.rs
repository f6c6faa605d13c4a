//! `qris backup`: copies the database while it is in use.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use qris_ledger::PayKey;

use crate::messages::message;
use crate::output::{chain, print};
use crate::settings::{Settings, SettingsError};

#[derive(Args)]
pub(crate) struct Backup {
    #[arg(value_name = "FILE")]
    to: PathBuf,

    #[command(flatten)]
    settings: Settings,
}

impl Backup {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let key_copy = key_beside(&self.to);
        for path in [&self.to, &key_copy] {
            if path.exists() {
                let found = message!("backup-file-exists", file = path.display());
                return Err(SettingsError(found).into());
            }
        }
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let missing = message!("backup-no-folder", folder = folder.display());
            return Err(SettingsError(missing).into());
        }
        let ledger = self.settings.existing_ledger()?;
        let failed = |path: &Path, error: &dyn Error| {
            SettingsError(message!(
                "backup-not-written",
                file = path.display(),
                error = chain(error)
            ))
        };
        ledger.backup(&self.to).map_err(|error| failed(&self.to, &error))?;
        let (books, copy) = (self.settings.database_place()?, self.to.display());
        print(&(message!("backup-copied", from = books, to = copy) + "\n"))?;
        // The key is made with the first order that has a link, and does not change.
        if let Some(key) = self.key()? {
            PayKey::copy(&key, &key_copy).map_err(|error| failed(&key_copy, &error))?;
            let (from, to) = (key.display(), key_copy.display());
            print(&(message!("backup-copied", from = from, to = to) + "\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The file with the key of payment links, if there is one.
    fn key(&self) -> Result<Option<PathBuf>, SettingsError> {
        let database = self.settings.database_url()?;
        Ok(match self.settings.pay_key_file()? {
            Some(named) => Some(named),
            None => PayKey::path_beside(&database).filter(|path| path.exists()),
        })
    }
}

/// The path of the key beside a copy. A till that uses the copy looks for it there.
fn key_beside(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(".pay-key");
    PathBuf::from(name)
}
