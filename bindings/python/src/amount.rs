//! Amounts between Python and Rust: `Decimal` out, `int` or `Decimal` in, never a float.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};
use qris_api::{Rupiah, limits};
use qris_codec::{Amount, ErrorKind};

use crate::argument::unexpected;
use crate::errors;
use crate::import::Import;

static DECIMAL: Import = Import::new("decimal", "Decimal");

/// The object with another range than amounts.
pub(crate) const FEE_PERCENT: &str = "57";

/// More powers of ten, in either direction, than an amount of thirteen characters can have (EMVCo
/// MPM, objects 54 and 56).
const TOO_MANY_POWERS: i64 = 100;

/// The amount as a `Decimal` with the same digits as the payload.
pub(crate) fn to_decimal(py: Python<'_>, amount: Amount) -> PyResult<Bound<'_, PyAny>> {
    DECIMAL.get(py)?.call1((amount.to_string(),))
}

/// Reads an amount for this tag of a payload.
pub(crate) fn from_python(tag: &str, value: &Bound<'_, PyAny>) -> PyResult<Amount> {
    let refused = |kind| errors::unencodable(value.py(), kind, Some(tag));
    let text =
        digits(value)?.ok_or_else(|| refused(ErrorKind::AmountTooLong { found: u8::MAX }))?;
    let amount: Amount = text.parse().map_err(|error: qris_codec::Error| refused(error.kind()))?;
    if amount.digits() == 0 && tag != FEE_PERCENT {
        return Err(refused(ErrorKind::AmountZero));
    }
    Ok(amount)
}

/// Reads whole rupiah for the Open API.
pub(crate) fn rupiah(value: &Bound<'_, PyAny>) -> PyResult<Rupiah> {
    let amount = digits(value)?.and_then(|text| text.parse::<Amount>().ok());
    let whole = amount.and_then(|amount| amount.whole_rupiah());
    whole.map(Rupiah::new).ok_or_else(|| {
        let (lowest, highest) = (limits::MIN_INVOICE_RUPIAH, limits::MAX_INVOICE_RUPIAH);
        let range = format!("whole rupiah from Rp{lowest} to Rp{highest}");
        errors::invalid_value("amount", format!("expected {range}, found another number"))
    })
}

/// A number in plain digits, `Decimal("1E+3")` as `1000`, or `None` if there are far too many.
fn digits(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        return Ok(value.extract::<i64>().ok().map(|number| number.to_string()));
    }
    if !value.is_instance(DECIMAL.get(py)?)? {
        return Err(unexpected("an int or a Decimal", value));
    }
    let powers: i64 = value.call_method0(intern!(py, "adjusted"))?.extract()?;
    if !(-TOO_MANY_POWERS..=TOO_MANY_POWERS).contains(&powers) {
        return Ok(None);
    }
    let text = value.call_method1(intern!(py, "__format__"), (intern!(py, "f"),))?;
    Ok(Some(text.cast::<PyString>()?.to_str()?.to_owned()))
}
