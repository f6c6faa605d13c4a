//! Finds the line with the column names.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::cell::Cell;
use crate::columns::{Column, Columns};
use crate::read_error::{Fault, ReadError};
use crate::row::Row;
use crate::table::Table;

/// The line with the column names, or the most similar one.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) sheet: usize,
    pub(crate) line: u64,
    pub(crate) names: Vec<String>,
    /// The position of each column, or why the file cannot be read.
    pub(crate) places: Result<BTreeMap<Column, usize>, ReadError>,
}

impl Head {
    /// The first line with all required columns, or the first of the lines with the most columns.
    pub(crate) fn find(table: &mut Table<'_>, columns: &Columns) -> Result<Self, ReadError> {
        let absent = ReadError::in_column(1, Column::PaidAt, Fault::NoColumn);
        let mut best = Self { sheet: 0, line: 0, names: Vec::new(), places: Err(absent) };
        let mut most = None;
        for sheet in 0..table.sheets() {
            let mut left = table.head_lines();
            table.rows(sheet, &mut |row| {
                let head = Self::new(sheet, &row, columns);
                let known = head.names.iter().filter(|name| columns.find(name).is_some()).count();
                let is_whole = head.places.is_ok();
                if is_whole || most.is_none_or(|most| known > most) {
                    most = Some(known);
                    best = head;
                }
                left -= 1;
                Ok(if is_whole || left == 0 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            if best.places.is_ok() {
                break;
            }
        }
        Ok(best)
    }

    fn new(sheet: usize, row: &Row, columns: &Columns) -> Self {
        let names: Vec<_> = row.cells.iter().map(|cell| Cell::text(cell).into_owned()).collect();
        let places = places(&names, columns)
            .map_err(|(column, fault)| ReadError::in_column(row.number, column, fault));
        Self { sheet, line: row.number, names, places }
    }
}

/// The required columns.
pub(crate) const NEEDED: [Column; 2] = [Column::PaidAt, Column::Amount];

/// The position of each column.
fn places(names: &[String], columns: &Columns) -> Result<BTreeMap<Column, usize>, (Column, Fault)> {
    let mut places = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let Some(column) = columns.find(name) else { continue };
        if places.insert(column, at).is_some() {
            return Err((column, Fault::TwoColumns));
        }
    }
    match NEEDED.into_iter().find(|column| !places.contains_key(column)) {
        None => Ok(places),
        Some(column) => Err((column, Fault::NoColumn)),
    }
}
