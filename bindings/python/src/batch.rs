//! Many texts at once: collected while attached to Python, processed by threads while detached.

use std::num::NonZero;
use std::thread;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use qris_codec::{Finding, Payload};

use crate::argument::{number, unexpected};
use crate::errors;

/// The minimum number of texts for a thread: starting a thread takes as long as about fifty texts.
const LEAST_FOR_A_THREAD: usize = 500;

/// The texts of an iterable.
pub(crate) fn texts<'py>(iterable: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyString>>> {
    if iterable.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("expected an iterable of str, found one str"));
    }
    let mut texts = Vec::with_capacity(iterable.len().unwrap_or(0));
    for (index, item) in iterable.try_iter()?.enumerate() {
        let text = item?
            .cast_into::<PyString>()
            .map_err(|error| unexpected(&format!("str at index {index}"), &error.into_inner()))?;
        texts.push(text);
    }
    Ok(texts)
}

/// The text, or the error of a text that UTF-8 cannot encode (lone surrogates).
#[inline]
pub(crate) fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Result<&'a str, Finding>> {
    match text.to_str() {
        Ok(text) => Ok(Ok(text)),
        Err(_) => surrogate(text).map(Err),
    }
}

#[cold]
fn surrogate(text: &Bound<'_, PyString>) -> PyResult<Finding> {
    let bytes: Vec<u8> = text.call_method1("encode", ("utf-8", "surrogatepass"))?.extract()?;
    match Payload::parse_bytes(&bytes) {
        Err(error) => Ok(Finding::from(error)),
        Ok(_) => Err(errors::invalid_argument("expected text, found bytes that are not UTF-8")),
    }
}

/// The number of threads, if it is given: one or more.
pub(crate) fn threads(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<NonZero<usize>>> {
    let Some(value) = value else { return Ok(None) };
    number("threads", 1..=usize::from(u16::MAX), value).map(NonZero::new)
}

/// Processes every text on this many threads, or as many as there are cores, with the interpreter
/// released.
pub(crate) fn work<'a, T: Send>(
    py: Python<'_>,
    texts: &'a [Bound<'_, PyString>],
    threads: Option<NonZero<usize>>,
    work: impl Fn(Result<&'a str, Finding>) -> T + Sync,
) -> PyResult<Vec<T>> {
    let texts: Vec<Result<&'a str, Finding>> = texts.iter().map(utf8).collect::<PyResult<_>>()?;
    let most = texts.len().div_ceil(LEAST_FOR_A_THREAD).max(1);
    let size = texts.len().div_ceil(count(threads).min(most)).max(1);
    py.detach(|| {
        let each = |part: &[Result<&'a str, Finding>]| -> Vec<T> {
            part.iter().map(|text| work(*text)).collect()
        };
        let (first, others) = texts.split_at(size.min(texts.len()));
        thread::scope(|scope| {
            let others: Vec<_> =
                others.chunks(size).map(|part| scope.spawn(|| each(part))).collect();
            let mut done = each(first);
            for part in others {
                let part = part.join();
                done.extend(part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            Ok(done)
        })
    })
}

/// This many threads, or as many as there are cores.
pub(crate) fn count(threads: Option<NonZero<usize>>) -> usize {
    threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get)
}
