//! The one place in which Rust's errors become Python's, which are classes in `qris/_errors.py`.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use qris_api::Reason;
use qris_codec::{ErrorKind, Finding};
use qris_image::{DrawError, ReadError};
use qris_sandbox::PayError;

use crate::import::Import;

macro_rules! classes {
    ($($constant:ident = $name:literal;)*) => {
        $(static $constant: Import = Import::new("qris._errors", $name);)*
    };
}

classes! {
    DECODE_ERROR = "DecodeError";
    ENCODE_ERROR = "EncodeError";
    REJECTED = "Rejected";
    OUTCOME_UNKNOWN = "OutcomeUnknown";
    UNREACHABLE = "Unreachable";
    MALFORMED_REPLY = "MalformedReply";
    CONTENT_MISMATCH = "ContentMismatch";
    SANDBOX_ERROR = "SandboxError";
}

/// The exception of a class, made from its message and its facts.
fn raise<'py>(
    py: Python<'py>,
    class: &Import,
    message: String,
    facts: PyResult<Bound<'py, PyDict>>,
) -> PyErr {
    let made = class.get(py).and_then(|class| class.call((message,), Some(&facts?)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

fn facts<'py>(py: Python<'py>, code: &str) -> PyResult<Bound<'py, PyDict>> {
    [("code", code)].into_py_dict(py)
}

/// A text that is refused, with the object if it is known.
pub(crate) fn decode_error(py: Python<'_>, finding: &Finding) -> PyErr {
    raise(py, &DECODE_ERROR, finding.error().to_string(), place(py, finding))
}

/// Values that make no payload.
pub(crate) fn encode_error(py: Python<'_>, error: qris_codec::Error) -> PyErr {
    let facts = || {
        let facts = place(py, &Finding::from(error))?;
        if let ErrorKind::ValueTooLong { tag } | ErrorKind::NotAmendable { tag } = error.kind() {
            facts.set_item("tag", tag.to_string())?;
        }
        Ok(facts)
    };
    raise(py, &ENCODE_ERROR, error.to_string(), facts())
}

/// A value that makes no payload whatever stands beside it.
pub(crate) fn unencodable(py: Python<'_>, kind: ErrorKind) -> PyErr {
    raise(py, &ENCODE_ERROR, kind.to_string(), facts(py, kind.code()))
}

fn place<'py>(py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyDict>> {
    let facts = facts(py, finding.code())?;
    facts.set_item("tag", finding.path().map(|path| path.to_string()))?;
    facts.set_item("offset", finding.offset())?;
    Ok(facts)
}

/// A picture that cannot be drawn.
pub(crate) fn draw_error(py: Python<'_>, error: DrawError) -> PyErr {
    let code = match error {
        DrawError::NotAPayload(cause) => return decode_error(py, &Finding::from(cause)),
        DrawError::TooLong { .. } => "symbol-too-small",
        DrawError::TooNarrow { .. } => "picture-too-narrow",
        DrawError::TooLarge { .. } => "picture-too-large",
        _ => "picture",
    };
    raise(py, &ENCODE_ERROR, error.to_string(), facts(py, code))
}

/// A picture that cannot be read.
pub(crate) fn read_error(py: Python<'_>, error: &ReadError) -> PyErr {
    let code = match error {
        ReadError::Format => "picture-format",
        ReadError::TooLarge { .. } => "picture-too-large",
        ReadError::Damaged { .. } => "picture-damaged",
        _ => "picture",
    };
    raise(py, &DECODE_ERROR, error.to_string(), facts(py, code))
}

/// A webhook's body that is none.
pub(crate) fn webhook_error(py: Python<'_>, error: qris_api::webhook::Malformed) -> PyErr {
    raise(py, &DECODE_ERROR, error.to_string(), facts(py, "webhook-malformed"))
}

/// A call that did not come to an answer.
pub(crate) fn api_error(py: Python<'_>, error: &qris_api::Error) -> PyErr {
    use qris_api::Error as E;
    let message = error.to_string();
    match error {
        E::Invalid(_) => PyValueError::new_err(message),
        E::Rejected { reason } => {
            let facts = || {
                let facts = facts(py, reason.code())?;
                let words = match reason {
                    Reason::Other(words) => Some(words),
                    _ => None,
                };
                facts.set_item("words", words)?;
                Ok(facts)
            };
            raise(py, &REJECTED, message, facts())
        }
        E::OutcomeUnknown { cause } => {
            raise(py, &OUTCOME_UNKNOWN, message, facts(py, cause.code()))
        }
        E::Unreachable { cause } => raise(py, &UNREACHABLE, message, facts(py, cause.code())),
        E::MalformedReply { status, length } => {
            let facts = || {
                let facts = facts(py, "malformed-reply")?;
                facts.set_item("status", status)?;
                facts.set_item("length", length)?;
                Ok(facts)
            };
            raise(py, &MALFORMED_REPLY, message, facts())
        }
        E::ContentMismatch { field } => {
            raise(py, &CONTENT_MISMATCH, message, facts(py, field.code()))
        }
        _ => PyValueError::new_err(message),
    }
}

/// A payment that the sandbox's payer cannot make.
pub(crate) fn pay_error(py: Python<'_>, error: PayError) -> PyErr {
    let code = match error {
        PayError::NotFound => "not-found",
        PayError::Expired => "expired",
        PayError::AlreadyPaid => "already-paid",
        _ => "other",
    };
    raise(py, &SANDBOX_ERROR, error.to_string(), facts(py, code))
}
