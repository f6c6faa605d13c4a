//! What is wrong with a file.

use crate::columns::Column;
use crate::lines::Contradiction;

/// Where a file is wrong, and how. It quotes nothing of the file, which has names of payers.
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
    /// The column, where it is one.
    pub column: Option<Column>,
    /// What is wrong.
    pub fault: Fault,
}

fn of(column: &Option<Column>) -> String {
    column.map(|column| format!(", column {column}")).unwrap_or_default()
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It is of another kind than the ones that are read.
    #[error("expected CSV, TSV or XLSX, found {0}: open it in a spreadsheet and save it as XLSX")]
    Format(&'static str),
    /// The text is in another encoding.
    #[error(
        "expected text in UTF-8, or in UTF-16 with a byte order mark, found other bytes: save it as \
         CSV UTF-8 or as XLSX"
    )]
    Encoding,
    /// An XLSX file unpacks to more than what is read.
    #[error(
        "expected at most 64 MiB in the XLSX file when it is unpacked, found more: save fewer days, or \
         save it as CSV"
    )]
    TooLarge,
    /// A sheet has too many columns.
    #[error("expected at most 256 columns, found more")]
    TooWide,
    /// A line has more or fewer cells than the first.
    #[error("expected {expected} cells, found {found}")]
    Cells {
        /// How many the first line has.
        expected: u64,
        /// How many this line has.
        found: u64,
    },
    /// A column that every file has is not there.
    #[error("expected this column, found none of its names: say how the file names it")]
    NoColumn,
    /// Two columns have names of the same thing.
    #[error("expected one column of this kind, found two: say which of them it is")]
    TwoColumns,
    /// There are too many lines.
    #[error("expected at most 200000 lines, found more")]
    TooLong,
    /// No amount.
    #[error("expected whole rupiah such as 25.578, found another text")]
    Amount,
    /// No time.
    #[error("expected a time such as 27/11/2026 10:15:30, found another text")]
    Time,
    /// No day.
    #[error("expected a day such as 27/11/2026, found another text")]
    Day,
    /// A status that is not known.
    #[error("expected a status such as Sukses or Gagal, found another word")]
    Status,
    /// No invoice id.
    #[error("expected an invoice id of digits alone, found another text")]
    Invoice,
    /// A number that a spreadsheet rounded, or something that is no id.
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
