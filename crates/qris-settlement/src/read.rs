//! Reads the provider's settlement table.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use qris_ledger::SettlementLine;

use crate::columns::{Column, Columns};
use crate::head::Head;
use crate::lines::{Added, Lines};
use crate::payment_line::Cells;
use crate::read_error::{Fault, ReadError};
use crate::row::Row;
use crate::table::Table;

/// The maximum number of lines of a file.
const MAX_LINES: u64 = 200_000;

/// The content of a file: each line once. See [`read()`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    lines: Lines,
    /// The line in which each key first appears.
    places: BTreeMap<String, u64>,
    /// The number of repeated lines.
    pub repeated: u64,
    /// The number of lines whose status says that nothing was paid. They are skipped.
    pub unpaid: u64,
}

impl File {
    /// The lines, in the order of their keys.
    pub fn lines(&self) -> impl Iterator<Item = &SettlementLine> {
        self.lines.iter()
    }

    /// The line of the file in which this key first appears.
    pub fn line_number(&self, key: &str) -> Option<u64> {
        self.places.get(key).copied()
    }
}

/// Reads a table with a line of column names: text separated by commas, semicolons or tabs, in UTF-8 or in
/// UTF-16 with its byte order mark; an XLSX workbook; or the table of a web page, which portals name `.xls`.
///
/// The format is detected from the bytes. In a workbook it reads the first of twenty visible sheets that has
/// the required columns in one of its first twenty lines. Empty lines are ignored. Lines whose status says
/// "not paid" are skipped and counted.
///
/// # Errors
///
/// [`ReadError`] with the first error. Nothing of the file is used then.
pub fn read(bytes: &[u8], columns: &Columns) -> Result<File, ReadError> {
    let mut table = Table::open(bytes)?;
    let head = Head::find(&mut table, columns)?;
    let places = head.places?;
    let mut file = File::default();
    let mut count = 0;
    table.rows(head.sheet, &mut |row| {
        if row.number > head.line {
            count += 1;
            if count > MAX_LINES {
                return Err(ReadError::at(row.number, Fault::TooLong));
            }
            file.add(&places, &row)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(file)
}

impl File {
    fn add(&mut self, places: &BTreeMap<Column, usize>, row: &Row) -> Result<(), ReadError> {
        let wrong = |(column, fault)| ReadError::in_column(row.number, column, fault);
        let cells = Cells { places, row: &row.cells };
        let Some(line) = cells.line().map_err(wrong)? else {
            self.unpaid += 1;
            return Ok(());
        };
        let key = line.key.clone();
        let added = self.lines.add(line);
        match added.map_err(|error| wrong((Column::Transaction, error.into())))? {
            Added::New => {
                self.places.insert(key, row.number);
            }
            Added::More | Added::Nothing => self.repeated += 1,
        }
        Ok(())
    }
}
