//! Converts Rust errors to the Python exceptions in `qris/_errors.py`.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use qris_api::{InvoiceId, Reason};
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
    API_ERROR = "ApiError";
    INVALID_VALUE = "InvalidValue";
    REJECTED = "Rejected";
    PAUSED = "Paused";
    OUTCOME_UNKNOWN = "OutcomeUnknown";
    UNREACHABLE = "Unreachable";
    MALFORMED_REPLY = "MalformedReply";
    CONTENT_MISMATCH = "ContentMismatch";
    SANDBOX_ERROR = "SandboxError";
    CONFLICT = "Conflict";
    NOT_FOUND = "NotFound";
    WRONG_STATE = "WrongState";
    TOO_SOON = "TooSoon";
    NOT_CHECKED = "NotChecked";
    LEDGER_UNAVAILABLE = "LedgerUnavailable";
}

/// An exception, or another one that was raised while it was being created, such as Ctrl-C.
pub(crate) type Made<'py> = PyResult<Bound<'py, PyAny>>;

/// Creates an exception of a class from its message and its facts.
fn make<'py>(
    py: Python<'py>,
    class: &Import,
    message: String,
    facts: PyResult<Bound<'py, PyDict>>,
) -> Made<'py> {
    class.get(py)?.call((message,), Some(&facts?))
}

/// An exception to raise.
pub(crate) fn raise(made: Made<'_>) -> PyErr {
    made.map_or_else(|error| error, PyErr::from_value)
}

fn facts<'py>(py: Python<'py>, code: &str) -> PyResult<Bound<'py, PyDict>> {
    [("code", code)].into_py_dict(py)
}

/// The exception for a refused text, with the object if it is known.
pub(crate) fn decode_error(py: Python<'_>, finding: &Finding) -> PyErr {
    raise(make_decode_error(py, finding))
}

/// The same, to keep and not to raise.
pub(crate) fn make_decode_error<'py>(py: Python<'py>, finding: &Finding) -> Made<'py> {
    make(py, &DECODE_ERROR, finding.error().to_string(), place(py, finding))
}

/// The exception for a payload that cannot be made, with the object if it is known.
pub(crate) fn encode_error(py: Python<'_>, finding: &Finding) -> PyErr {
    raise(make(py, &ENCODE_ERROR, finding.error().to_string(), place(py, finding)))
}

/// The exception for a single value, with the path if it is known.
pub(crate) fn unencodable(py: Python<'_>, kind: ErrorKind, path: Option<&str>) -> PyErr {
    let facts = || {
        let facts = facts(py, kind.code())?;
        facts.set_item("tag", path)?;
        Ok(facts)
    };
    raise(make(py, &ENCODE_ERROR, kind.to_string(), facts()))
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
        DrawError::NotAPayload(cause) | DrawError::NotQris(cause) => {
            return decode_error(py, &Finding::from(cause));
        }
        DrawError::NotStatic => "picture-not-static",
        DrawError::TooLong { .. } => "symbol-too-small",
        DrawError::TooNarrow { .. } => "picture-too-narrow",
        DrawError::TooLarge { .. } => "picture-too-large",
        _ => "picture",
    };
    raise(make(py, &ENCODE_ERROR, error.to_string(), facts(py, code)))
}

/// A picture that cannot be read.
pub(crate) fn read_error(py: Python<'_>, error: &ReadError) -> PyErr {
    let code = match error {
        ReadError::Format { .. } => "picture-format",
        ReadError::TooLarge { .. } => "picture-too-large",
        ReadError::Damaged { .. } => "picture-damaged",
        _ => "picture",
    };
    raise(make(py, &DECODE_ERROR, error.to_string(), facts(py, code)))
}

/// The exception for a body that is not a webhook.
pub(crate) fn webhook_error(py: Python<'_>, error: qris_api::webhook::Malformed) -> PyErr {
    raise(make(py, &DECODE_ERROR, error.to_string(), facts(py, "webhook-malformed")))
}

/// The exception for an argument that is refused and has no word of its own. The message names the
/// argument.
pub(crate) fn invalid_argument(message: impl Into<String>) -> PyErr {
    invalid_value("argument", message)
}

/// The exception for a value that is refused, with the word for it.
pub(crate) fn invalid_value(code: &str, message: impl Into<String>) -> PyErr {
    Python::attach(|py| raise(make(py, &INVALID_VALUE, message.into(), facts(py, code))))
}

/// The exception for a failed call of the Open API.
pub(crate) fn api_error(py: Python<'_>, error: &qris_api::Error) -> PyErr {
    raise(make_api_error(py, error))
}

/// The same, to keep and not to raise.
pub(crate) fn make_api_error<'py>(py: Python<'py>, error: &qris_api::Error) -> Made<'py> {
    use qris_api::Error as E;
    let class = match error {
        E::Invalid(_) => &INVALID_VALUE,
        E::Rejected { .. } => &REJECTED,
        E::OutcomeUnknown { .. } => &OUTCOME_UNKNOWN,
        E::Unreachable { .. } => &UNREACHABLE,
        E::MalformedReply { .. } => &MALFORMED_REPLY,
        E::ContentMismatch { .. } => &CONTENT_MISMATCH,
        E::Paused { .. } => &PAUSED,
        _ => &API_ERROR,
    };
    let facts = || {
        let facts = facts(py, error.code())?;
        match error {
            E::Rejected { reason: Reason::Other(words) } => facts.set_item("words", words)?,
            E::Paused { wait, .. } => facts.set_item("retry_after", wait.as_secs_f64())?,
            E::ContentMismatch { invoice, .. } => {
                facts.set_item("qris_invoiceid", invoice.map(InvoiceId::get))?;
            }
            E::MalformedReply { status, length, .. } => {
                facts.set_item("status", status)?;
                facts.set_item("length", length)?;
            }
            _ => {}
        }
        Ok(facts)
    };
    make(py, class, error.to_string(), facts())
}

/// The exception for a payment that the sandbox refuses.
pub(crate) fn pay_error(py: Python<'_>, error: PayError) -> PyErr {
    let code = match error {
        PayError::NotFound => "not-found",
        PayError::Expired => "expired",
        PayError::AlreadyPaid => "already-paid",
        _ => "other",
    };
    raise(make(py, &SANDBOX_ERROR, error.to_string(), facts(py, code)))
}

/// The exception for a failed step of an order.
pub(crate) fn orders_error(py: Python<'_>, error: &qris_orders::Error) -> PyErr {
    use qris_orders::Error as E;
    let class = match error {
        E::Provider(error) => return api_error(py, error),
        E::Ledger(error) => return ledger_error(py, error),
        E::Unanswered(cause) => return not_checked(py, Some(cause)),
        E::TooSoon { wait } => return too_soon(py, *wait),
        E::StillRequested { wait } => {
            return pause(py, &OUTCOME_UNKNOWN, error.code(), error.to_string(), Some(*wait));
        }
        E::OutcomeUnknown => &OUTCOME_UNKNOWN,
        E::Refused => &REJECTED,
        _ => &INVALID_VALUE,
    };
    raise(make(py, class, error.to_string(), facts(py, error.code())))
}

fn ledger_error(py: Python<'_>, error: &qris_ledger::Error) -> PyErr {
    use qris_ledger::Error as E;
    let class = match error {
        E::Conflict { .. } | E::OtherReference | E::UsedEarlier { .. } => &CONFLICT,
        E::Absent => &NOT_FOUND,
        E::State { .. } => &WRONG_STATE,
        E::Unchecked => &NOT_CHECKED,
        E::TooLarge { .. } | E::TooLong { .. } | E::Url | E::NoPostgres | E::NoFolder => {
            &INVALID_VALUE
        }
        error if error.is_mismatch() => &CONTENT_MISMATCH,
        _ => &LEDGER_UNAVAILABLE,
    };
    let facts = || {
        let facts = facts(py, error.detail_code())?;
        if let E::State { found, .. } = error {
            facts.set_item("state", found.as_str())?;
        }
        Ok(facts)
    };
    raise(make(py, class, error.to_string(), facts()))
}

/// The exception for an order that may have been paid just now, with the time until the end of the
/// pause, if checks are paused.
pub(crate) fn not_checked(py: Python<'_>, cause: Option<&qris_api::Error>) -> PyErr {
    let message = match cause {
        Some(cause) => format!("expected an answer from the provider, found none: {cause}"),
        None => "expected an answer from the provider, found none".to_owned(),
    };
    let wait = match cause {
        Some(qris_api::Error::Paused { wait, .. }) => Some(*wait),
        _ => None,
    };
    pause(py, &NOT_CHECKED, "not-checked", message, wait)
}

/// The exception for a check that is too early.
pub(crate) fn too_soon(py: Python<'_>, wait: Duration) -> PyErr {
    let message = "expected a longer pause since the last check".to_owned();
    pause(py, &TOO_SOON, "too-soon", message, Some(wait))
}

/// The exception if no press is left for a code, with the time until the next scheduled check, if
/// there is one.
pub(crate) fn none_left(py: Python<'_>, wait: Option<Duration>) -> PyErr {
    let message =
        "expected a press to be left, found none: only scheduled checks follow".to_owned();
    pause(py, &TOO_SOON, "none-left", message, wait)
}

fn pause(
    py: Python<'_>,
    class: &Import,
    code: &str,
    message: String,
    wait: Option<Duration>,
) -> PyErr {
    let facts = || {
        let facts = facts(py, code)?;
        facts.set_item("retry_after", wait.map(|wait| wait.as_secs_f64()))?;
        Ok(facts)
    };
    raise(make(py, class, message, facts()))
}
