//! `decode_cpm`: a `ConsumerCode` from a consumer-presented code, or a `DecodeError`.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use qris_codec::Finding;
use qris_codec::cpm::{self, Application, Object, Objects, Payload};

use crate::batch;
use crate::errors;
use crate::import::Import;

static APPLICATION: Import = Import::new("qris._cpm", "Application");
static CODE: Import = Import::new("qris._cpm", "ConsumerCode");
static OBJECT: Import = Import::new("qris._cpm", "BinaryObject");

#[pyfunction]
pub(crate) fn decode_cpm<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let given = batch::utf8(text)?.map_err(|finding| errors::decode_error(py, &finding))?;
    let refused = |error| errors::decode_error(py, &Finding::from(error));
    let mut buffer = vec![0; given.len()];
    let payload = cpm::decode_into(given, &mut buffer).and_then(Payload::parse).map_err(refused)?;
    let mut applications = Vec::new();
    for name in payload.adf_names() {
        if let Some(application) = payload.application(name).map_err(refused)? {
            applications.push(to_python(py, &application)?);
        }
    }
    let objects = nested(py, payload.objects())?;
    CODE.get(py)?.call1((PyTuple::new(py, applications)?, objects))
}

fn to_python<'py>(py: Python<'py>, it: &Application<'_>) -> PyResult<Bound<'py, PyAny>> {
    APPLICATION.get(py)?.call1((
        PyBytes::new(py, it.adf_name()),
        it.label(),
        it.pan().as_str(),
        it.text(cpm::CARDHOLDER_NAME),
        it.text(cpm::LANGUAGES),
        it.text(cpm::ISSUER_URL),
    ))
}

fn nested<'py>(py: Python<'py>, objects: Objects<'_>) -> PyResult<Bound<'py, PyTuple>> {
    let class = OBJECT.get(py)?;
    let object = |object: Object<'_>| {
        let inner = match object.objects() {
            Some(objects) => nested(py, objects)?,
            None => PyTuple::empty(py),
        };
        let value = PyBytes::new(py, object.value);
        class.call1((format!("{:02X}", object.tag), object.offset, value, inner))
    };
    PyTuple::new(py, objects.map(object).collect::<PyResult<Vec<_>>>()?)
}
