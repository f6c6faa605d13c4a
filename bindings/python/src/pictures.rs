//! Payloads to pictures and back.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use qris_codec::Payload;
use qris_image::{DrawError, Drawing, Level, Paper, Size};

use crate::argument::{Text, number};
use crate::batch;
use crate::errors;

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub(crate) fn draw<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyString>,
    format: Text<'_>,
    plain: bool,
    level: Text<'_>,
    quiet_zone: &Bound<'py, PyAny>,
    module: Option<&Bound<'py, PyAny>>,
    width: Option<&Bound<'py, PyAny>>,
    paper: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let refused = |error| errors::draw_error(py, error);
    let text = batch::utf8(text)?.map_err(|finding| errors::decode_error(py, &finding))?;
    let mut drawing = Drawing::parse(text)
        .map_err(refused)?
        .level(self::level(level.0)?)
        .quiet_zone(number("quiet_zone", 0..=u8::MAX, quiet_zone)?);
    if plain {
        drawing = drawing.plain();
    }
    drawing = match (module, width) {
        (None, None) => drawing,
        (Some(pixels), None) => drawing.size(Size::Module(number("module", 0..=u16::MAX, pixels)?)),
        (None, Some(pixels)) => drawing.size(Size::Width(number("width", 0..=u16::MAX, pixels)?)),
        (Some(_), Some(_)) => {
            let message = "expected one of module and width, found both";
            return Err(PyValueError::new_err(message));
        }
    };
    let paper = match number("paper", 0..=u16::MAX, paper)? {
        58 => Paper::Mm58,
        80 => Paper::Mm80,
        _ => return Err(PyValueError::new_err("expected paper of 58 or 80 mm, found another")),
    };
    let draw: &(dyn Fn() -> Result<Vec<u8>, DrawError> + Sync) = match format.0 {
        "svg" => &|| drawing.svg().map(String::into_bytes),
        "png" => &|| drawing.png(),
        "terminal" => &|| drawing.terminal().map(String::into_bytes),
        "escpos" => &|| drawing.escpos(paper),
        _ => {
            let message = "expected \"svg\", \"png\", \"terminal\" or \"escpos\" as format, found \
                           another word";
            return Err(PyValueError::new_err(message));
        }
    };
    let picture = py.detach(draw).map_err(refused)?;
    Ok(PyBytes::new(py, &picture))
}

fn level(name: &str) -> PyResult<Level> {
    match name {
        "L" => Ok(Level::Low),
        "M" => Ok(Level::Medium),
        "Q" => Ok(Level::Quartile),
        "H" => Ok(Level::High),
        _ => {
            Err(PyValueError::new_err("expected level \"L\", \"M\", \"Q\" or \"H\", found another"))
        }
    }
}

/// A payload as it is shown in a notebook.
pub(crate) fn svg(py: Python<'_>, payload: &Payload<'_>) -> PyResult<String> {
    Drawing::of(payload).svg().map_err(|error| errors::draw_error(py, error))
}

#[pyfunction]
pub(crate) fn read_image(py: Python<'_>, picture: &[u8]) -> PyResult<Vec<String>> {
    let found = py.detach(|| qris_image::read(picture));
    let found = found.map_err(|error| errors::read_error(py, &error))?;
    Ok(found.iter().map(|symbol| symbol.text().to_owned()).collect())
}
