//! `qris settle import`: keeps the lines of the provider's table in the database.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::Args;
use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{Difference, Error, SettlementLine};
use qris_settlement::{Column, Columns, File, Line, read};
use serde::Serialize;

use super::ledger;
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
/// The file is CSV or TSV in UTF-8 with a line of column names. A file with a fault is refused whole,
/// with line and column. The same file again adds nothing. Names of payers and notes are not kept.
#[derive(Args)]
#[command(after_help = "Examples:\n  qris settle import november.csv\n  \
                  qris settle import table.tsv --column amount='Uang masuk' --column paid_at=Jam")]
pub(super) struct Import {
    /// The file, or `-` for standard input
    // `file` is the name of the settings file.
    #[arg(id = "table", value_name = "FILE")]
    file: OsString,

    /// How the file names a column: paid_at, amount, tip, status, payer, method, rrn, note, transaction,
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

/// What an import did, as JSON.
#[derive(Serialize)]
struct Imported {
    new: u64,
    completed: u64,
    known: u64,
    unpaid: u64,
}

impl Import {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let name = self.file.to_string_lossy().into_owned();
        let bytes = self.bytes(&name)?;
        let columns = self
            .columns
            .iter()
            .fold(Columns::default(), |columns, (column, name)| columns.with(*column, name));
        let file = match read(&bytes, &columns) {
            Ok(file) => file,
            Err(error) => return Ok(refused(&name, &[error.to_string()])),
        };
        let mut ledger = ledger(&self.settings)?;
        let lines: Vec<SettlementLine> =
            file.lines().map(kept).collect::<Option<_>>().ok_or_else(|| {
                io::Error::other(format!("{name}: expected times of the years 1 to 9999"))
            })?;
        let done = match ledger.import_settlement(&lines, WibTime::now()) {
            Err(Error::SettlementDiffers(differences)) => {
                let faults: Vec<_> =
                    differences.iter().map(|one| different(&file, &lines, *one)).collect();
                return Ok(refused(&name, &faults));
            }
            done => done.map_err(io::Error::other)?,
        };
        let imported = Imported {
            new: done.new,
            completed: done.completed,
            known: done.known,
            unpaid: file.unpaid,
        };
        match self.json {
            true => print_json(&imported)?,
            false => print(&imported.words())?,
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

impl Imported {
    fn words(&self) -> String {
        let Self { new, completed, known, unpaid } = self;
        format!(
            "{new} lines are new, {completed} were there and say more now, {known} were there; \
             {unpaid} are not paid and left out\n"
        )
    }
}

/// The line as the database keeps it.
fn kept(line: &Line) -> Option<SettlementLine> {
    let paid_at = WibTime::parse(&line.paid_at.strftime("%Y-%m-%d %H:%M:%S").to_string())?;
    let mut kept = SettlementLine::new(&line.key, paid_at, Rupiah::new(line.amount));
    kept.tip = Rupiah::new(line.tip);
    kept.transaction.clone_from(&line.transaction);
    kept.invoice = line.invoice.map(InvoiceId::new);
    kept.rrn.clone_from(&line.rrn);
    kept.method.clone_from(&line.method);
    kept.settled_on = line.settled_on;
    Some(kept)
}

/// Where the file contradicts what was imported before.
fn different(file: &File, lines: &[SettlementLine], difference: Difference) -> String {
    let key = lines.get(difference.index).map(|line| line.key.as_str());
    let at = key.and_then(|key| file.line_number(key)).unwrap_or_default();
    let column = match difference.column {
        "qris_invoiceid" => "invoice",
        column => column,
    };
    format!(
        "line {at}, column {column}: expected what an earlier file has for this transaction, found \
         another value"
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
