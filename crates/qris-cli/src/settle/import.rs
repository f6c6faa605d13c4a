//! `qris settle import`: stores the lines of the provider's table in the database.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::Args;
use qris_api::WibTime;
use qris_settlement::{Column, Fault, ImportError, Imported, import, read};

use super::database::open;
use crate::messages::message;
use crate::output::{input, print, print_error, print_json};
use crate::settings::Settings;

/// The size limit of a table in bytes. A larger file is probably another file.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How many wrong lines are reported.
const MAX_FAULTS: usize = 20;

/// The exit code for a refused file.
const REFUSED: u8 = 1;

#[derive(Args)]
pub(super) struct Import {
    // `file` is the name of the settings file.
    #[arg(id = "table", value_name = "FILE")]
    file: OsString,

    #[arg(long = "column", value_name = "COLUMN=NAME", value_parser = column)]
    columns: Vec<(Column, String)>,

    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

fn column(text: &str) -> Result<(Column, String), String> {
    let expected = || message!("settle-column");
    let (column, name) = text.split_once('=').ok_or_else(expected)?;
    let column = column.parse().map_err(|error| format!("{error}"))?;
    if name.chars().any(char::is_alphanumeric) {
        Ok((column, name.to_owned()))
    } else {
        Err(expected())
    }
}

impl Import {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let name = self.file.to_string_lossy().into_owned();
        let bytes = self.bytes(&name)?;
        let (mut ledger, settlement) = open(&self.settings)?;
        let columns = self
            .columns
            .iter()
            .fold(settlement.columns, |columns, (column, name)| columns.with(*column, name));
        let file = match read(&bytes, &columns) {
            Ok(file) => file,
            Err(error) => {
                let line = at(error.line, error.column, &fault(error.fault));
                return Ok(refused(&name, &[line]));
            }
        };
        let imported = match import(&mut ledger, &file, WibTime::now()) {
            Err(ImportError::OtherPayments(others)) => {
                let faults: Vec<_> = others
                    .iter()
                    .map(|one| at(one.line, Some(one.column), &message!("settle-other-payment")))
                    .collect();
                return Ok(refused(&name, &faults));
            }
            imported => imported.map_err(io::Error::other)?,
        };
        match self.json {
            true => print_json(&imported)?,
            false => print(&summary(&imported))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn bytes(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = input(&self.file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        if bytes.len() as u64 > MAX_BYTES {
            let message = message!("settle-too-large", file = name, limit = MAX_BYTES);
            return Err(io::Error::other(message));
        }
        Ok(bytes)
    }
}

fn summary(imported: &Imported) -> String {
    let Imported { new, completed, known, unpaid, .. } = imported;
    message!("settle-imported", new = new, completed = completed, known = known, unpaid = unpaid)
        + "\n"
}

/// A fault with its place.
fn at(line: u64, column: Option<Column>, fault: &str) -> String {
    match column {
        Some(column) => message!("import-cell", line = line, column = column, fault = fault),
        None => message!("import-line", line = line, fault = fault),
    }
}

/// What is wrong in a file, in the user's language.
fn fault(fault: Fault) -> String {
    match fault {
        Fault::Format(found) => message!("settle-format", found = found),
        Fault::Cells { expected, found } => {
            message!("import-cells", expected = expected, found = found)
        }
        Fault::Encoding => message!("settle-encoding"),
        Fault::TooLarge => message!("settle-too-much"),
        Fault::TooWide => message!("settle-too-wide"),
        Fault::NoColumn => message!("settle-no-column"),
        Fault::TwoColumns => message!("settle-two-columns"),
        Fault::TooLong => message!("settle-too-long"),
        Fault::Amount => message!("settle-bad-amount"),
        Fault::Time => message!("settle-bad-time"),
        Fault::Day => message!("settle-bad-day"),
        Fault::Status => message!("settle-bad-status"),
        Fault::Invoice => message!("settle-bad-invoice"),
        Fault::Id => message!("settle-bad-id"),
        Fault::Contradiction(_) => message!("settle-contradiction"),
        other => other.to_string(),
    }
}

/// Reports wrong lines on standard error, up to [`MAX_FAULTS`].
fn refused(name: &str, faults: &[String]) -> ExitCode {
    for fault in faults.iter().take(MAX_FAULTS) {
        print_error(&format!("{name}: {fault}"));
    }
    print_error(&match faults.len().saturating_sub(MAX_FAULTS) {
        0 => message!("settle-refused", file = name),
        more => message!("settle-refused-more", file = name, more = more),
    });
    ExitCode::from(REFUSED)
}
