//! The sheets of an XLSX file.

use std::io::{self, Cursor, Read as _};
use std::ops::ControlFlow;

use calamine::{Data, DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use crate::cell::Cell;
use crate::read_error::{Fault, ReadError};
use crate::row::{Row, Visit};

/// The maximum size of all unpacked parts of a file in bytes: a small file can unpack to any size.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// The number of days between the two epochs of workbooks.
const DAYS_TO_1904: f64 = 1_462.0;

/// The maximum number of sheets that are read: all of them may be the same large part.
const MAX_SHEETS: usize = 20;

/// The maximum number of columns of a sheet.
const MAX_COLUMNS: u32 = 256;

const BROKEN: Fault = Fault::Format("an XLSX file that is damaged, or another kind of zip file");

pub(crate) struct Workbook<'a> {
    xlsx: Xlsx<Cursor<&'a [u8]>>,
    /// The names of the visible sheets.
    names: Vec<String>,
}

impl<'a> Workbook<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        ensure_bounded(bytes).map_err(|fault| ReadError::at(1, fault))?;
        let xlsx = Xlsx::new(Cursor::new(bytes)).map_err(|_| ReadError::at(1, BROKEN))?;
        let sheets = xlsx.sheets_metadata().iter();
        let shown = sheets.filter(|sheet| {
            sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
        });
        let names = shown.take(MAX_SHEETS).map(|sheet| sheet.name.clone()).collect();
        Ok(Self { xlsx, names })
    }

    pub(crate) fn sheets(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn sheet_name(&self, sheet: usize) -> Option<&str> {
        self.names.get(sheet).map(String::as_str)
    }

    pub(crate) fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), ReadError> {
        let Some(name) = self.names.get(sheet) else { return Ok(()) };
        let epoch = if self.xlsx.has_1904_epoch() { DAYS_TO_1904 } else { 0.0 };
        let mut row = Row::default();
        let broken = |row: &Row| ReadError::at(row.number.max(1), BROKEN);
        let mut reader = match self.xlsx.worksheet_cells_reader(name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(_) => return Err(broken(&row)),
        };
        loop {
            let next = reader.next_cell().map_err(|_| broken(&row))?;
            let Some(next) = next else { break };
            let Some(cell) = cell(next.get_value(), epoch) else { continue };
            let (line, column) = next.get_position();
            let number = u64::from(line) + 1;
            if number < row.number {
                return Err(broken(&row));
            }
            if column >= MAX_COLUMNS {
                return Err(ReadError::at(number, Fault::TooWide));
            }
            if number > row.number {
                let whole = std::mem::replace(&mut row, Row { number, cells: Vec::new() });
                if !whole.cells.is_empty() && visit(whole)?.is_break() {
                    return Ok(());
                }
            }
            // The value is below the maximum number of columns.
            let at = usize::try_from(column).unwrap_or_default();
            if row.cells.len() <= at {
                row.cells.resize(at + 1, Cell::Text(String::new()));
            }
            if let Some(place) = row.cells.get_mut(at) {
                *place = cell;
            }
        }
        if !row.cells.is_empty() {
            let _: ControlFlow<()> = visit(row)?;
        }
        Ok(())
    }
}

/// A non-empty cell.
fn cell(value: &DataRef<'_>, epoch: f64) -> Option<Cell> {
    let cell = match value {
        DataRef::Empty => return None,
        // Exact up to 2^53; larger numbers are refused.
        DataRef::Int(number) => Cell::Number { value: *number as f64, epoch },
        DataRef::Float(number) => Cell::Number { value: *number, epoch },
        DataRef::DateTime(moment) if moment.is_datetime() => Cell::Day(moment.as_f64() + epoch),
        DataRef::Bool(is_true) => Cell::Text(is_true.to_string()),
        DataRef::String(text) => Cell::Text(text.trim().to_owned()),
        DataRef::SharedString(text) => Cell::Text(text.trim().to_owned()),
        other => Cell::Text(Data::from(other.clone()).to_string()),
    };
    (cell != Cell::Text(String::new())).then_some(cell)
}

/// Reads all parts once without keeping them, to check their size.
fn ensure_bounded(bytes: &[u8]) -> Result<(), Fault> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let mut left = MAX_UNPACKED;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|_| BROKEN)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| BROKEN)?;
        left = left.checked_sub(size).ok_or(Fault::TooLarge)?;
    }
    Ok(())
}
