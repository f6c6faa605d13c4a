//! Money between Python and Rust: `Decimal` out, `int` or `Decimal` in, never a float.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};
use qris_api::Rupiah;
use qris_codec::{Amount, ErrorKind};

use crate::errors;
use crate::import::Import;

static DECIMAL: Import = Import::new("decimal", "Decimal");

/// The longest amount that a payload can hold (EMVCo MPM, objects 54 and 56).
const MAX_CHARS: usize = 13;

/// The amount as a `Decimal` with the digits that the payload has.
pub(crate) fn to_decimal(py: Python<'_>, amount: Amount) -> PyResult<Bound<'_, PyAny>> {
    DECIMAL.get(py)?.call1((amount.to_string(),))
}

/// Reads an amount for a payload.
pub(crate) fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Amount> {
    let py = value.py();
    let text = digits(value)?;
    if let Some(found) = text.chars().count().checked_sub(1).filter(|&last| last >= MAX_CHARS) {
        let found = u8::try_from(found.saturating_add(1)).unwrap_or(u8::MAX);
        return Err(errors::unencodable(py, ErrorKind::AmountTooLong { found }));
    }
    text.parse().map_err(|error: qris_codec::Error| errors::unencodable(py, error.kind()))
}

/// Reads whole rupiah for the Open API.
pub(crate) fn rupiah(value: &Bound<'_, PyAny>) -> PyResult<Rupiah> {
    let amount = digits(value)?.parse::<Amount>().ok();
    let whole = amount.and_then(|amount| amount.whole_rupiah());
    whole.map(Rupiah::new).ok_or_else(|| {
        PyValueError::new_err("expected whole rupiah of at most 13 digits, found another number")
    })
}

/// A number written out in digits: `Decimal("1E+3")` as `1000`.
fn digits(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = value.py();
    let is_int = value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>();
    let text = if is_int {
        value.str()?
    } else if value.is_instance(DECIMAL.get(py)?)? {
        let text = value.call_method1(intern!(py, "__format__"), (intern!(py, "f"),))?;
        text.cast_into::<PyString>()?
    } else {
        let found = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("expected an int or a Decimal, found {found}")));
    };
    Ok(text.to_str()?.to_owned())
}
