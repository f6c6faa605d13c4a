//! Conversions between Rust times and `datetime`, in Western Indonesian Time.

use jiff::Timestamp;
use pyo3::prelude::*;

use crate::errors;
use crate::import::Import;

static FROM_MICROSECONDS: Import = Import::new("qris._moment", "from_microseconds");
static TO_MICROSECONDS: Import = Import::new("qris._moment", "to_microseconds");

/// An aware `datetime` at +07:00.
pub(crate) fn to_python(
    py: Python<'_>,
    moment: impl Into<Timestamp>,
) -> PyResult<Bound<'_, PyAny>> {
    FROM_MICROSECONDS.get(py)?.call1((moment.into().as_microsecond(),))
}

/// The timestamp of an aware `datetime`.
pub(crate) fn from_python(moment: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let microseconds: i64 = TO_MICROSECONDS.get(moment.py())?.call1((moment,))?.extract()?;
    Timestamp::from_microsecond(microseconds).map_err(|_| {
        errors::invalid_argument(
            "expected a time in the years -9999 to 9999, found a later or earlier one",
        )
    })
}
