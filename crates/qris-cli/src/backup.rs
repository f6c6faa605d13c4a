//! `qris backup`: a copy of the books, while they are in use.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use qris_ledger::PayKey;

use crate::output::{chain, print};
use crate::settings::{Settings, SettingsError};

/// Copies the books to a file, whole and as they are at one moment, even while a till runs
///
/// Copying the database file itself loses what stands in the file beside it (`-wal`). The key of pay
/// links is copied to a file beside the copy, `.pay-key`: without it their links work, but no program
/// can show them again. Books in PostgreSQL are copied by pg_dump, and their key by cp.
#[derive(Args)]
#[command(after_help = "Example:\n  qris backup qris-$(date +%F).db\n\n\
                        To go back to a copy: end the till, remove what stands beside the database\n\
                        (-wal, -shm), put the copy in its place and the copy of the key in the place\n\
                        of the key (.pay-key, or pay_key_file), start the till again.")]
pub(crate) struct Backup {
    /// The copy; there must be nothing of that name yet
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
                let words = format!("expected no file {} yet, found one", path.display());
                return Err(SettingsError(words).into());
            }
        }
        let ledger = self.settings.existing_ledger()?;
        let failed = |path: &Path, error: &dyn Error| {
            SettingsError(format!("{} was not written: {}", path.display(), chain(error)))
        };
        ledger.backup(&self.to).map_err(|error| failed(&self.to, &error))?;
        print(&format!("{} is copied to {}\n", self.settings.books()?, self.to.display()))?;
        // It is made with the first order that has a link, and stays the same.
        if let Some(key) = self.key()? {
            PayKey::copy(&key, &key_copy).map_err(|error| failed(&key_copy, &error))?;
            print(&format!("{} is copied to {}\n", key.display(), key_copy.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The file with the key of pay links, if there is one.
    fn key(&self) -> Result<Option<PathBuf>, SettingsError> {
        let database = self.settings.database_url()?;
        Ok(match self.settings.pay_key_file()? {
            Some(named) => Some(named),
            None => PayKey::path_beside(&database).filter(|path| path.exists()),
        })
    }
}

/// The place of the key beside a copy: where a till looks for it that uses the copy.
fn key_beside(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(".pay-key");
    PathBuf::from(name)
}
