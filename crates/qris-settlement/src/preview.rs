//! Shows the beginning of a file before it is imported.

use std::ops::ControlFlow;

use serde::Serialize;

use crate::cell::Cell;
use crate::columns::{Column, Columns};
use crate::head::{Head, NEEDED};
use crate::read_error::ReadError;
use crate::table::Table;

/// The number of lines shown.
const LINES: usize = 5;

/// The maximum number of characters shown of a cell.
const MAX_CHARS: usize = 100;

/// A column of the file and its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PreviewColumn {
    /// Its name in the file.
    pub name: String,
    /// Its kind; `None` if the column is not read.
    pub column: Option<Column>,
}

/// The beginning of a file. It has payers' names: show it only to the owner, and do not log it.
///
/// ```
/// use qris_settlement::{Column, Columns, preview};
///
/// let preview = preview(b"Jam;nominal\n27/11/2026 10:15;25.578\n", &Columns::default())?;
/// assert_eq!(preview.columns[0].name, "Jam");
/// assert_eq!(preview.columns[1].column, Some(Column::Amount));
/// assert_eq!(preview.missing, [Column::PaidAt]);
/// assert_eq!(preview.lines, [["27/11/2026 10:15", "25.578"]]);
/// # Ok::<(), qris_settlement::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Preview {
    /// The name of the workbook's sheet.
    pub sheet: Option<String>,
    /// The line with the column names, from 1; 0 for an empty file.
    pub head_line: u64,
    /// The columns, in the order of the file.
    pub columns: Vec<PreviewColumn>,
    /// The first five lines after the column names, as cells of at most 100 characters.
    pub lines: Vec<Vec<String>>,
    /// Required columns that the file lacks.
    pub missing: Vec<Column>,
    /// Kinds that several columns have.
    pub repeated: Vec<Column>,
}

/// Reads the first lines of a file without parsing payments.
///
/// If no line has the names of all required columns, the line with the most of them is shown as the line of
/// names.
///
/// # Errors
///
/// [`ReadError`] if [`read()`](crate::read()) does not support the format, or the first lines are malformed.
pub fn preview(bytes: &[u8], columns: &Columns) -> Result<Preview, ReadError> {
    let mut table = Table::open(bytes)?;
    let head = Head::find(&mut table, columns)?;
    let mut lines = Vec::new();
    table.rows(head.sheet, &mut |row| {
        if row.number > head.line {
            lines.push(row.cells.iter().map(shown).collect());
        }
        let is_enough = lines.len() == LINES;
        Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let named: Vec<_> = head
        .names
        .into_iter()
        .map(|name| PreviewColumn { column: columns.find(&name), name: cut(&name) })
        .collect();
    let count = |column| named.iter().filter(|named| named.column == Some(column)).count();
    let missing = NEEDED.into_iter().filter(|&column| count(column) == 0).collect();
    let mut repeated: Vec<_> =
        named.iter().filter_map(|named| named.column).filter(|&it| count(it) > 1).collect();
    repeated.sort_unstable();
    repeated.dedup();
    Ok(Preview {
        sheet: table.sheet_name(head.sheet).map(str::to_owned),
        head_line: head.line,
        columns: named,
        lines,
        missing,
        repeated,
    })
}

fn shown(cell: &Cell) -> String {
    cut(&cell.text())
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
}
