//! `qris settle import`: keeps the lines of the provider's table in the database.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::Args;
use qris_api::WibTime;
use qris_settlement::{Column, ImportError, Imported, import, read};

use super::open;
use crate::output::{complain, input, print, print_json};
use crate::settings::Settings;

/// A larger file is read by nobody by mistake.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How many wrong lines are named.
const MAX_FAULTS: usize = 20;

/// The exit code of a file that is refused.
const REFUSED: u8 = 1;

/// Keeps the lines of a table that was saved from the provider's portal, each once
///
/// The file is XLSX, or CSV or TSV in UTF-8 or UTF-16, with a line of column names. A file with a fault is
/// refused whole, with line and column. The same file again adds nothing. Names of payers and notes are
/// not kept.
#[derive(Args)]
#[command(after_help = "Examples:\n  qris settle import november.xlsx\n  \
                  qris settle import table.tsv --column amount='Uang masuk' --column paid_at=Jam")]
pub(super) struct Import {
    /// The file, or `-` for standard input
    // `file` is the name of the settings file.
    #[arg(id = "table", value_name = "FILE")]
    file: OsString,

    /// How the file names a column, beside settlement.columns of the settings file: paid_at, amount, total, tip, status, payer, method, rrn, note, transaction,
    /// invoice or settled_on
    #[arg(long = "column", value_name = "COLUMN=NAME", value_parser = column)]
    columns: Vec<(Column, String)>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

fn column(text: &str) -> Result<(Column, String), String> {
    let expected = || "expected COLUMN=NAME, such as amount=Jumlah".to_owned();
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
            Err(error) => return Ok(refused(&name, &[error.to_string()])),
        };
        let imported = match import(&mut ledger, &file, WibTime::now()) {
            Err(ImportError::OtherPayments(others)) => {
                let faults: Vec<_> = others.iter().map(ToString::to_string).collect();
                return Ok(refused(&name, &faults));
            }
            imported => imported.map_err(io::Error::other)?,
        };
        match self.json {
            true => print_json(&imported)?,
            false => print(&words(&imported))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn bytes(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = input(&self.file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        if bytes.len() as u64 > MAX_BYTES {
            let message = format!("{name}: expected at most {MAX_BYTES} bytes, found more");
            return Err(io::Error::other(message));
        }
        Ok(bytes)
    }
}

fn words(imported: &Imported) -> String {
    let Imported { new, completed, known, unpaid, .. } = imported;
    format!(
        "{new} lines are new, {completed} were there and say more now, {known} were there; \
         {unpaid} are not paid and left out\n"
    )
}

/// Says each wrong line on standard error, up to a limit.
fn refused(name: &str, faults: &[String]) -> ExitCode {
    for fault in faults.iter().take(MAX_FAULTS) {
        complain(&format!("{name}: {fault}"));
    }
    let more = match faults.len().saturating_sub(MAX_FAULTS) {
        0 => String::new(),
        more => format!("{more} more lines are wrong; "),
    };
    complain(&format!("{name}: {more}nothing was imported"));
    ExitCode::from(REFUSED)
}
