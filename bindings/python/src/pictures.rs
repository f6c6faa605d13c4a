//! Payloads to pictures and back.

use std::ffi::CString;

use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use qris_codec::Payload;
use qris_image::{Drawing, Format, Level, Paper, Poster, PosterFormat, PosterSize, Size};

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
            return Err(errors::invalid_argument(message));
        }
    };
    let paper = match number("paper", 0..=u16::MAX, paper)? {
        58 => Paper::Mm58,
        80 => Paper::Mm80,
        _ => return Err(errors::invalid_argument("expected paper of 58 or 80 mm, found another")),
    };
    let format = match format.0 {
        "svg" => Format::Svg,
        "png" => Format::Png,
        "terminal" => Format::Terminal,
        "escpos" => Format::Escpos(paper),
        "pdf" => {
            let message = "expected poster with format \"pdf\", found none: only posters are PDF";
            return Err(errors::invalid_argument(message));
        }
        _ => {
            let message = "expected \"svg\", \"png\", \"terminal\", \"escpos\" or \"pdf\" as format, \
                           found another word";
            return Err(errors::invalid_argument(message));
        }
    };
    let picture = py.detach(|| drawing.draw(format)).map_err(refused)?;
    warn_of_omitted(py, drawing.omitted(format).len())?;
    Ok(PyBytes::new(py, &picture))
}

#[pyfunction]
pub(crate) fn draw_poster<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyString>,
    format: Text<'_>,
    size: Text<'_>,
    level: Text<'_>,
    printed_by: Option<Text<'_>>,
    print_version: Option<Text<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let refused = |error| errors::draw_error(py, error);
    let text = batch::utf8(text)?.map_err(|finding| errors::decode_error(py, &finding))?;
    let size = match size.0 {
        "a5" => PosterSize::A5,
        "a6" => PosterSize::A6,
        _ => {
            let message = "expected \"a5\" or \"a6\" as poster, found another word";
            return Err(errors::invalid_argument(message));
        }
    };
    let format = match format.0 {
        "svg" => PosterFormat::Svg,
        "pdf" => PosterFormat::Pdf,
        _ => {
            let message = "expected \"svg\" or \"pdf\" as format of a poster, found another word";
            return Err(errors::invalid_argument(message));
        }
    };
    let mut poster = Poster::parse(text, size).map_err(refused)?.level(self::level(level.0)?);
    if let Some(name) = printed_by {
        poster = poster.printed_by(name.0);
    }
    if let Some(version) = print_version {
        poster = poster.print_version(version.0);
    }
    let picture = py.detach(|| poster.draw(format)).map_err(refused)?;
    warn_of_omitted(py, poster.omitted(format).len())?;
    Ok(PyBytes::new(py, &picture))
}

/// Warns the caller of `draw` of lines that are not in the picture. The message does not quote them:
/// warnings end up in logs.
fn warn_of_omitted(py: Python<'_>, lines: usize) -> PyResult<()> {
    if lines == 0 {
        return Ok(());
    }
    let message = CString::new(format!(
        "left out {lines} of the lines of the picture: its font lacks some of their letters; format \
         \"svg\" has them all"
    ))?;
    let warning = py.get_type::<PyUserWarning>();
    // One level up from `qris.draw`, which calls this.
    PyErr::warn(py, &warning, &message, 2)
}

fn level(name: &str) -> PyResult<Level> {
    match name {
        "L" => Ok(Level::Low),
        "M" => Ok(Level::Medium),
        "Q" => Ok(Level::Quartile),
        "H" => Ok(Level::High),
        _ => Err(errors::invalid_argument(
            "expected level \"L\", \"M\", \"Q\" or \"H\", found another",
        )),
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
