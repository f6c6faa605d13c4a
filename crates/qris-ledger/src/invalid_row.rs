//! Invalid rows: each is set aside and stops nothing else.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use qris_api::TransactionNumber;

/// An invalid row: another program or a person wrote it, or the disk is damaged.
///
/// Lists, checks, reports and exports skip it. This says where the row is, but not what it contains.
///
/// ```
/// use qris_ledger::Ledger;
///
/// # let folder = tempfile::tempdir()?;
/// let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// ledger.list(20)?;
/// for row in ledger.take_invalid_rows() {
///     eprintln!("{row}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct InvalidRow {
    /// The number of the row's order; `None` if the number is unreadable, or if the row is a line of a
    /// report.
    pub number: Option<TransactionNumber>,
    /// The first column that cannot be read.
    pub column: &'static str,
}

impl std::fmt::Display for InvalidRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, column } = self;
        match number {
            Some(number) => write!(f, "the {column} in the row of {number} makes no sense"),
            None => write!(f, "the {column} in a row makes no sense"),
        }
    }
}

/// The rows that were set aside since the last query.
#[derive(Debug, Default)]
pub(crate) struct Rows(Mutex<BTreeSet<InvalidRow>>);

impl Rows {
    pub(crate) fn add(&self, row: InvalidRow) {
        self.lock().insert(row);
    }

    /// Takes all of them and clears the list.
    pub(crate) fn take(&self) -> Vec<InvalidRow> {
        std::mem::take(&mut *self.lock()).into_iter().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<InvalidRow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
