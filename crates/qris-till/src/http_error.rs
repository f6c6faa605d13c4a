//! Error answers: a code for programs, a sentence for people.

use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use qris_image::DrawError;
use qris_ledger::Error as LedgerError;
use serde_json::json;

/// An error answer.
pub(crate) fn refuse(status: StatusCode, code: &str, message: impl ToString) -> Response {
    (status, Json(json!({"error": code, "message": message.to_string()}))).into_response()
}

/// An error answer, boxed because a response is large.
pub(crate) struct HttpError(Box<Response>);

impl HttpError {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl ToString) -> Self {
        Self(Box::new(refuse(status, code, message)))
    }

    /// An error answer whose body has more than code and message.
    pub(crate) fn with(status: StatusCode, body: serde_json::Value) -> Self {
        Self(Box::new((status, Json(body)).into_response()))
    }

    /// A value that the API does not accept: 422 `invalid`.
    pub(crate) fn invalid(message: impl ToString) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }

    /// There is nothing with the id of the path: 404 `not-found`. Other errors stay as they are.
    pub(crate) fn absent(what: &str) -> impl Fn(LedgerError) -> Self {
        move |error| match error {
            LedgerError::Absent => {
                let words = format!("expected the id of {what}, found another id");
                Self::new(StatusCode::NOT_FOUND, "not-found", words)
            }
            error => error.into(),
        }
    }

    /// A check is not allowed yet: 429 `too-soon`.
    pub(crate) fn too_soon(wait: Duration, message: impl ToString) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-soon", message).retry_after(wait)
    }

    /// Adds the time to wait.
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.0.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        self
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// Body and query are already validated. The framework's messages about them are in terms of Rust,
/// and may repeat what was sent.
impl From<JsonRejection> for HttpError {
    fn from(error: JsonRejection) -> Self {
        let words = "expected a body as in /openapi.json, found another";
        Self::new(error.status(), "bad-request", words)
    }
}

impl From<QueryRejection> for HttpError {
    fn from(error: QueryRejection) -> Self {
        let words = "expected a query as in /openapi.json, found another";
        Self::new(error.status(), "bad-request", words)
    }
}

impl From<LedgerError> for HttpError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::EndpointTaken { id } = &error {
            let words = error.to_string();
            let body = json!({"error": error.code(), "message": words, "endpoint": id.get()});
            return Self::with(StatusCode::CONFLICT, body);
        }
        let code = error.code();
        let status = match &error {
            LedgerError::Conflict { .. }
            | LedgerError::OtherReference
            | LedgerError::UsedEarlier { .. }
            | LedgerError::State { .. }
            | LedgerError::EndpointOff
            | LedgerError::PrefixTaken
            | LedgerError::PlanEnded
            | LedgerError::LineBooked { .. }
            | LedgerError::NumberTaken
            | LedgerError::ShiftOpen { .. }
            | LedgerError::ShiftClosed => StatusCode::CONFLICT,
            LedgerError::Absent => StatusCode::NOT_FOUND,
            LedgerError::InvalidPlan { .. }
            | LedgerError::TooLarge { .. }
            | LedgerError::TooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            error if error.is_mismatch() => StatusCode::BAD_GATEWAY,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        if code == "books-unavailable" {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "the ledger failed");
        }
        Self::new(status, code, error)
    }
}

impl From<qris_api::Error> for HttpError {
    fn from(error: qris_api::Error) -> Self {
        use qris_api::{Error, Reason};
        let (status, code) = match &error {
            Error::Invalid(_) | Error::Rejected { reason: Reason::InvalidAmount } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            }
            Error::Rejected { reason: Reason::InvalidApiKey | Reason::InvalidMerchantId } => {
                (StatusCode::BAD_GATEWAY, "wrong-credentials")
            }
            Error::Rejected { .. } => (StatusCode::BAD_GATEWAY, "rejected"),
            Error::Unreachable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "provider-unreachable"),
            Error::ContentMismatch { .. } => (StatusCode::BAD_GATEWAY, "content-mismatch"),
            _ => (StatusCode::BAD_GATEWAY, "outcome-unknown"),
        };
        Self::new(status, code, error)
    }
}

impl From<qris_orders::Error> for HttpError {
    fn from(error: qris_orders::Error) -> Self {
        use qris_orders::Error;
        let status = match error {
            Error::Provider(error) => return error.into(),
            Error::Ledger(error) => return error.into(),
            Error::TooSoon { wait } => return Self::too_soon(wait, error),
            Error::StillRequested { wait } => {
                let code = Error::OutcomeUnknown.code();
                return Self::new(StatusCode::BAD_GATEWAY, code, error).retry_after(wait);
            }
            Error::Unanswered(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::OutcomeUnknown | Error::Refused => StatusCode::BAD_GATEWAY,
            _ => StatusCode::NOT_FOUND,
        };
        Self::new(status, error.code(), error)
    }
}

impl From<DrawError> for HttpError {
    fn from(error: DrawError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-drawable", error)
    }
}

const WRONG_METHOD: &str = "expected a method from /openapi.json, found another";

/// The error for a method that a path does not have.
pub(crate) fn wrong_method(allowed: &str) -> Response {
    let mut refused = refuse(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", WRONG_METHOD);
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        refused.headers_mut().insert(ALLOW, allowed);
    }
    refused
}

/// Gives the framework's error answers the till's JSON body. The framework answers with plain text
/// or nothing.
pub(crate) async fn json_error_body(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let code = match status {
        StatusCode::BAD_REQUEST => "bad-request",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        _ => return response,
    };
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return response;
    }
    let words = match status {
        StatusCode::NOT_FOUND => "expected one of the paths in /openapi.json, found another",
        StatusCode::METHOD_NOT_ALLOWED => WRONG_METHOD,
        _ => "expected a percent-encoded path in UTF-8, found another",
    };
    let mut refused = refuse(status, code, words);
    if let Some(allowed) = response.headers_mut().remove(ALLOW) {
        refused.headers_mut().insert(ALLOW, allowed);
    }
    refused
}
