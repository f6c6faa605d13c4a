//! Reads arguments from Python. Error messages do not show a value, because it may be a key or a
//! name.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use qris_codec::ErrorKind;

use crate::errors;
use crate::import::Import;

/// A text. Lone surrogates are a `ValueError`; Python's own error would have the text.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        value.extract().map(Self).map_err(|error: PyErr| {
            if error.is_instance_of::<PyUnicodeEncodeError>(value.py()) {
                errors::invalid_argument(
                    "expected text that UTF-8 can encode, found lone surrogates",
                )
            } else {
                error
            }
        })
    }
}

/// A text for a payload, at a path if it is known. Lone surrogates are an `EncodeError`.
pub(crate) fn value<'a>(path: Option<&str>, text: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    text.to_str().map_err(|_| errors::unencodable(text.py(), ErrorKind::Utf8, path))
}

/// A value of a class of this package.
pub(crate) fn instance<'a, 'py>(
    class: &Import,
    value: &'a Bound<'py, PyAny>,
) -> PyResult<&'a Bound<'py, PyAny>> {
    if value.is_instance(class.get(value.py())?)? {
        return Ok(value);
    }
    Err(unexpected(class.name(), value))
}

/// A `str`, which may have lone surrogates.
pub(crate) fn string<'a, 'py>(
    name: &str,
    value: &'a Bound<'py, PyAny>,
) -> PyResult<&'a Bound<'py, PyString>> {
    value.cast().map_err(|_| unexpected(&format!("str as {name}"), value))
}

/// A whole number of this range.
pub(crate) fn number<'py, T>(
    name: &str,
    range: RangeInclusive<T>,
    value: &Bound<'py, PyAny>,
) -> PyResult<T>
where
    T: Display + PartialOrd + for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    match value.extract::<T>() {
        Ok(number) if range.contains(&number) => Ok(number),
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => {
            Err(unexpected(&format!("int as {name}"), value))
        }
        Err(error) if !error.is_instance_of::<PyOverflowError>(value.py()) => Err(error),
        _ => Err(errors::invalid_argument(format!(
            "expected {name} from {} to {}, found a number outside",
            range.start(),
            range.end()
        ))),
    }
}

/// A number of seconds.
pub(crate) fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds = match value.extract::<f64>() {
        Ok(seconds) => seconds,
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => f64::INFINITY,
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => {
            return Err(unexpected(&format!("seconds as {name}"), value));
        }
        Err(error) => return Err(error),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        errors::invalid_argument(format!("expected {name} of 0 s or more, found {seconds} s"))
    })
}

/// A duration longer than 0.
pub(crate) fn duration(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let duration = seconds(name, value)?;
    if duration.is_zero() {
        let message = format!("expected {name} of more than 0 s, found 0 s");
        return Err(errors::invalid_argument(message));
    }
    Ok(duration)
}

/// The `TypeError` for a value of another type.
pub(crate) fn unexpected(expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    match value.get_type().name() {
        Ok(found) => PyTypeError::new_err(format!("expected {expected}, found {found}")),
        Err(error) => error,
    }
}
