//! The errors of a file.

use crate::columns::Column;
use crate::lines::Contradiction;

/// The place and kind of an error in a file. It quotes nothing from the file, which has payers' names.
///
/// ```
/// use qris_settlement::{Column, Columns, Fault, read};
///
/// let error = read(b"tgl,nominal\n27/11/2026 10:15,SITI\n", &Columns::default()).unwrap_err();
/// assert_eq!((error.line, error.column), (2, Some(Column::Amount)));
/// assert_eq!(
///     error.to_string(),
///     "line 2, column amount: expected whole rupiah such as 25.578, found another text",
/// );
/// assert_eq!(error.fault, Fault::Amount);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {fault}", of(.column))]
#[non_exhaustive]
pub struct ReadError {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column, if the error is in one.
    pub column: Option<Column>,
    /// The kind of error.
    pub fault: Fault,
}

fn of(column: &Option<Column>) -> String {
    column.map(|column| format!(", column {column}")).unwrap_or_default()
}

/// The kinds of errors in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The format is not supported.
    #[error("expected CSV, TSV or XLSX, found {0}: open it in a spreadsheet and save it as XLSX")]
    Format(&'static str),
    /// The text has another encoding.
    #[error(
        "expected text in UTF-8, or in UTF-16 with a byte order mark, found other bytes: save it as \
         CSV UTF-8 or as XLSX"
    )]
    Encoding,
    /// An XLSX file is too large when unpacked.
    #[error(
        "expected at most 64 MiB in the XLSX file when it is unpacked, found more: save fewer days, or \
         save it as CSV"
    )]
    TooLarge,
    /// A sheet has too many columns.
    #[error("expected at most 256 columns, found more")]
    TooWide,
    /// A line has another number of cells than the first.
    #[error("expected {expected} cells, found {found}")]
    Cells {
        /// The number of cells in the first line.
        expected: u64,
        /// The number of cells in this line.
        found: u64,
    },
    /// A required column is missing.
    #[error("expected this column, found none of its names: say how the file names it")]
    NoColumn,
    /// Two columns have names of the same kind.
    #[error("expected one column of this kind, found two: say which of them it is")]
    TwoColumns,
    /// There are too many lines.
    #[error("expected at most 200000 lines, found more")]
    TooLong,
    /// The amount is not valid.
    #[error("expected whole rupiah such as 25.578, found another text")]
    Amount,
    /// The time is not valid.
    #[error("expected a time such as 27/11/2026 10:15:30, found another text")]
    Time,
    /// The day is not valid.
    #[error("expected a day such as 27/11/2026, found another text")]
    Day,
    /// The status is unknown.
    #[error("expected a status such as Sukses or Gagal, found another word")]
    Status,
    /// The invoice id is not valid.
    #[error("expected an invoice id of digits alone, found another text")]
    Invoice,
    /// A number that a spreadsheet rounded, or an invalid id.
    #[error(
        "expected an id of at most 64 letters, digits and -_./:#, found another text: did a \
         spreadsheet round it?"
    )]
    Id,
    /// It contradicts an earlier line.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

impl ReadError {
    pub(crate) const fn at(line: u64, fault: Fault) -> Self {
        Self { line, column: None, fault }
    }

    pub(crate) const fn in_column(line: u64, column: Column, fault: Fault) -> Self {
        Self { line, column: Some(column), fault }
    }
}
