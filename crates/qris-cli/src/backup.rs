//! `qris backup`: a copy of the books, while they are in use.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::output::{chain, print};
use crate::settings::{Settings, SettingsError};

/// Copies the books to a file, whole and as they are at one moment, even while a till runs
///
/// Copying the database file itself loses what stands in the file beside it (`-wal`). Books in
/// PostgreSQL are copied by pg_dump.
#[derive(Args)]
#[command(after_help = "Example:\n  qris backup qris-$(date +%F).db\n\n\
                        To go back to a copy: end the till, remove what stands beside the database\n\
                        (-wal, -shm), put the copy in its place, start the till again.")]
pub(crate) struct Backup {
    /// The copy; there must be nothing of that name yet
    #[arg(value_name = "FILE")]
    to: PathBuf,

    #[command(flatten)]
    settings: Settings,
}

impl Backup {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let to = self.to.display();
        if self.to.exists() {
            return Err(SettingsError(format!("expected no file {to} yet, found one")).into());
        }
        let ledger = self.settings.existing_ledger()?;
        ledger
            .backup(&self.to)
            .map_err(|error| SettingsError(format!("{to} was not written: {}", chain(&error))))?;
        print(&format!("{} is copied to {to}\n", self.settings.books()?))?;
        Ok(ExitCode::SUCCESS)
    }
}
