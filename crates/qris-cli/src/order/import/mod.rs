//! `qris order import`: orders without a code, one from each line of a CSV file.

mod file;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use qris_ledger::{Difference, Error as LedgerError};
use qris_orders::NewOrder;

use self::file::{Fault, OrderFile};
use super::common::Common;
use super::error::CommandError;
use super::session::{Needs, Session};
use crate::messages::message;
use crate::output::{print_error, print_json};

/// The size limit of the file in bytes. A larger file is probably another file.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How many wrong lines are reported.
const MAX_FAULTS: usize = 20;

/// The file to import, and the file for the links.
#[derive(Args)]
pub(super) struct ImportFile {
    // `file` is the name of the settings file.
    #[arg(id = "orders", value_name = "FILE")]
    file: OsString,

    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ImportFile {
    /// Imports the file. If a line is wrong, nothing is recorded.
    pub(super) fn run(self, common: &Common) -> Result<(), CommandError> {
        let name = self.file.to_string_lossy().into_owned();
        let bytes = read(&self.file, &name)?;
        let file = file::parse(&bytes).map_err(|faults| refused(&name, &faults))?;
        let session = Session::open(common, Needs::NewBooksAlone)?;
        let new: Vec<NewOrder> = file.lines.iter().map(|line| line.order.clone()).collect();
        let now = session.now();
        let imported = match session.write(move |ledger| ledger.import_orders(&new, now)) {
            Err(LedgerError::Differs(differences)) => {
                let faults: Vec<_> = differences.iter().map(|one| different(&file, *one)).collect();
                return Err(refused(&name, &faults));
            }
            imported => imported?,
        };
        let orders = &imported.orders;
        let known = orders.len() - imported.new;
        anstream::eprintln!("{}", message!("import-done", new = imported.new, known = known));
        if orders.iter().all(|order| order.pay_url.is_none()) {
            anstream::eprintln!("{}", message!("import-no-links"));
        }
        let links = orders.iter().map(|order| order.pay_url.as_ref().map(|url| url.as_str()));
        let written = file.with_links(links).map_err(io::Error::other)?;
        match &self.out {
            Some(out) => write_private(out, &written).map_err(|error| {
                CommandError::refused(message!(
                    "import-not-written",
                    file = out.display(),
                    error = error
                ))
            })?,
            None if !common.json => io::stdout().write_all(&written)?,
            None => {}
        }
        if common.json {
            print_json(orders)?;
        }
        Ok(())
    }
}

fn read(file: &OsString, name: &str) -> Result<Vec<u8>, CommandError> {
    let usage = |message: String| CommandError { code: crate::output::USAGE, message };
    let mut bytes = Vec::new();
    let input = crate::output::input(file).map_err(|error| usage(error.to_string()))?;
    let read = input.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| usage(format!("{name}: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = message!("import-too-long", file = name, limit = MAX_BYTES);
        return Err(CommandError::refused(message));
    }
    Ok(bytes)
}

/// Reports wrong lines on standard error, up to a limit.
fn refused(name: &str, faults: &[Fault]) -> CommandError {
    for fault in faults.iter().take(MAX_FAULTS) {
        print_error(&format!("{name}: {fault}"));
    }
    CommandError::refused(match faults.len().saturating_sub(MAX_FAULTS) {
        0 => message!("import-refused", file = name),
        more => message!("import-refused-more", file = name, more = more),
    })
}

fn different(file: &OrderFile, Difference { index, column, .. }: Difference) -> Fault {
    Fault {
        line: file.lines.get(index).map_or(0, |line| line.number),
        column: Some(file.column_of(column)),
        message: message!("import-other-value"),
    }
}

/// Writes a file that only its owner can read, because everybody with a link can see the order. An
/// existing file is replaced only after all is written.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    fs::remove_file(&part).ok();
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&part, path)).inspect_err(|_| {
        fs::remove_file(&part).ok();
    })
}
