//! Stores the lines of a file in the ledger.

use qris_api::WibTime;
use qris_ledger::{Difference, Ledger, SettlementLine};
use serde::Serialize;

use crate::columns::Column;
use crate::read::File;

/// The result of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Imported {
    /// The number of new lines.
    pub new: u64,
    /// The number of existing lines that got new values, such as their settlement day.
    pub completed: u64,
    /// The number of existing lines without changes.
    pub known: u64,
    /// The number of lines whose status says that nothing was paid. They are skipped.
    pub unpaid: u64,
}

/// A line of the file that is another payment than the imported line with the same transaction id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}, column {column}: expected what an earlier file has for this transaction, found \
     another value"
)]
#[non_exhaustive]
pub struct OtherPayment {
    /// The line of the file, from 1.
    pub line: u64,
    /// The field that differs: amount, paid_at, invoice or rrn.
    pub column: Column,
}

/// Why an import was refused. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Lines contradict an earlier import.
    #[error("expected lines that are new or as they were imported before, found {} others", .0.len())]
    OtherPayments(Vec<OtherPayment>),
    /// The database cannot store the lines.
    #[error(transparent)]
    Ledger(qris_ledger::Error),
}

/// Stores the lines of a file for the ledger's selected merchant: all of them or none, each line once, even
/// if the file is imported again.
///
/// ```
/// use qris_api::WibTime;
/// use qris_ledger::Ledger;
/// use qris_settlement::{Columns, import, read};
///
/// # let folder = tempfile::tempdir()?;
/// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let file = read(b"tgl,nominal,idtrans\n27/11/2026 10:15:30,25.578,T-1\n", &Columns::default())?;
/// assert_eq!(import(&mut ledger, &file, WibTime::now())?.new, 1);
/// assert_eq!(import(&mut ledger, &file, WibTime::now())?.known, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`ImportError::OtherPayments`] with each line that has another amount, minute, invoice id or RRN than the
/// line with the same key in the ledger; [`ImportError::Ledger`].
pub fn import(ledger: &mut Ledger, file: &File, now: WibTime) -> Result<Imported, ImportError> {
    let lines: Vec<SettlementLine> = file.lines().cloned().collect();
    let done = ledger.import_settlement(&lines, now).map_err(|error| match error {
        qris_ledger::Error::SettlementDiffers(differences) => {
            let mut others: Vec<_> =
                differences.iter().map(|it| other_payment(file, &lines, *it)).collect();
            others.sort_by_key(|other| other.line);
            ImportError::OtherPayments(others)
        }
        error => ImportError::Ledger(error),
    })?;
    let (new, completed, known) = (done.new, done.completed, done.known);
    Ok(Imported { new, completed, known, unpaid: file.unpaid })
}

fn other_payment(file: &File, lines: &[SettlementLine], difference: Difference) -> OtherPayment {
    let key = lines.get(difference.index).map(|line| line.key.as_str());
    let line = key.and_then(|key| file.line_number(key)).unwrap_or_default();
    let column = match difference.column {
        "amount" => Column::Amount,
        "paid_at" => Column::PaidAt,
        "qris_invoiceid" => Column::Invoice,
        _ => Column::Rrn,
    };
    OtherPayment { line, column }
}
