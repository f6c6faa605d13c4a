//! A line of a file as cells.

use std::ops::ControlFlow;

use crate::cell::Cell;
use crate::read_error::ReadError;

/// A line that is not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    /// The line of the file or sheet, from 1.
    pub(crate) number: u64,
    pub(crate) cells: Vec<Cell>,
}

/// Receives a line and returns whether more are wanted.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(Row) -> Result<ControlFlow<()>, ReadError>;
