//! Control calls that the real API does not have: a payer, a clock, faults, and the sandbox's state.
//!
//! All bodies are JSON. A refusal has a code for programs and a sentence for people:
//! `{"error":"already-paid","message":"…"}`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::calls::Calls;
use crate::clock::{Clock, rfc3339};
use crate::fault::{Fault, FaultError};
use crate::invoice::{PayError, Payer};
use crate::order::FaultRequest;
use crate::payload::MERCHANT;
use crate::shared::Shared;
use crate::webhook::Address;

/// The expected bodies, for error messages.
const PAYER: &str = r#"{"customer_name":"SITI","method":"BCA"}"#;
const FAULT: &str = r#"{"fault":"slow","on":"any|create|check","times":"once|standing","seconds":20} (words for refuse)"#;
const CLOCK: &str =
    r#"{"now":"2026-11-22T23:59:00+07:00","advance_seconds":60,"running":true|false}"#;
const WEBHOOK: &str = r#"{"url":"http://127.0.0.1:8080/hook"}"#;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox", get(about))
        .route("/sandbox/invoices", get(invoices))
        .route("/sandbox/invoices/{id}/pay", post(pay))
        .route("/sandbox/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/sandbox/clock", get(clock).post(set_clock))
        .route("/sandbox/calls", get(calls).delete(forget_calls))
        .route("/sandbox/webhook", get(webhook).post(set_webhook))
}

async fn about(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({
        "merchant": {"name": MERCHANT.name, "nmid": MERCHANT.nmid},
        "now": rfc3339(shared.state().clock.now()),
    }))
}

async fn invoices(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    let now = state.clock.now();
    let newest_first = state.invoices.newest_first();
    let shown: Vec<_> = newest_first.map(|invoice| invoice.shown(now)).collect();
    Json(shown).into_response()
}

/// The body of a payment. All members are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    customer_name: Option<String>,
    method: Option<String>,
}

async fn pay(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> Response {
    let request = if body.is_empty() {
        PayRequest::default()
    } else {
        match read::<PayRequest>(&body, PAYER) {
            Ok(request) => request,
            Err(refusal) => return *refusal,
        }
    };
    let usual = Payer::default();
    let payer = Payer::new(
        request.customer_name.unwrap_or(usual.customer_name),
        request.method.unwrap_or(usual.method),
    );
    let paid = id.parse().map_err(|_| PayError::NotFound).and_then(|id| {
        shared.pay(id, payer)?;
        Ok(id)
    });
    match paid {
        Ok(id) => {
            let state = shared.state();
            let now = state.clock.now();
            Json(state.invoices.find(id).map(|invoice| invoice.shown(now))).into_response()
        }
        Err(error) => {
            let (status, code) = match error {
                PayError::NotFound => (StatusCode::NOT_FOUND, "not-found"),
                PayError::Expired => (StatusCode::CONFLICT, "expired"),
                PayError::AlreadyPaid => (StatusCode::CONFLICT, "already-paid"),
            };
            refuse(status, code, error)
        }
    }
}

async fn faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let known: Vec<_> = Fault::all().iter().map(Fault::name).collect();
    Json(json!({"known": known, "to_happen": shared.state().faults.all()}))
}

async fn add_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let request = match read::<FaultRequest>(&body, FAULT) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    match request.order() {
        Ok(order) => {
            shared.inject(order.clone());
            Json(order).into_response()
        }
        Err(error) => {
            let code = match error {
                FaultError::UnknownName { .. } => "unknown-fault",
                FaultError::OtherParameter { .. } | FaultError::Seconds => "bad-parameter",
            };
            refuse(StatusCode::BAD_REQUEST, code, error)
        }
    }
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.clear_faults();
    StatusCode::NO_CONTENT
}

/// The body of a clock change. The clock is stopped before it is set, and set before it is started.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    /// RFC 3339, with an offset.
    now: Option<String>,
    advance_seconds: Option<f64>,
    running: Option<bool>,
}

async fn clock(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shown_clock(shared.state().clock))
}

async fn set_clock(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let request = match read::<ClockRequest>(&body, CLOCK) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let now = request.now.map(|now| now.parse::<Timestamp>()).transpose();
    let advance = request.advance_seconds.map(SignedDuration::try_from_secs_f64).transpose();
    let (Ok(now), Ok(advance)) = (now, advance) else {
        let expected = "expected now as RFC 3339 with an offset, such as \
                        2026-11-22T23:59:00+07:00, and advance_seconds as a number, found another \
                        value";
        return refuse(StatusCode::BAD_REQUEST, "bad-time", expected);
    };
    let mut state = shared.state();
    let clock = &mut state.clock;
    if request.running == Some(false) {
        clock.stop();
    }
    if let Some(now) = now {
        clock.set(now);
    }
    if let Some(advance) = advance {
        clock.advance(advance);
    }
    if request.running == Some(true) {
        clock.run();
    }
    Json(shown_clock(*clock)).into_response()
}

fn shown_clock(clock: Clock) -> Value {
    json!({"now": rfc3339(clock.now()), "running": clock.is_running()})
}

async fn calls(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let state = shared.state();
    let shown = |calls: &Calls| {
        json!({
            "creates": calls.creates(),
            "checks": calls.checks(),
            "busiest_minute": calls.busiest_minute(),
        })
    };
    // Wrong keys are not shown: someone's real key may be among them.
    Json(json!({shared.api_key.as_str(): shown(&state.calls), "": shown(&state.wrong_key_calls)}))
}

async fn forget_calls(State(shared): State<Arc<Shared>>) -> StatusCode {
    let mut state = shared.state();
    state.calls = Calls::default();
    state.wrong_key_calls = Calls::default();
    StatusCode::NO_CONTENT
}

/// The body of a webhook change. `null` turns the webhook off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookRequest {
    url: Option<String>,
}

async fn webhook(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"sendings": shared.state().sendings}))
}

async fn set_webhook(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let request = match read::<WebhookRequest>(&body, WEBHOOK) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    match request.url.as_deref().map(Address::parse).transpose() {
        Ok(address) => {
            shared.state().webhook = address;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, "bad-url", error),
    }
}

/// Reads a JSON body, or returns what was expected and where it is wrong. The refusal repeats nothing from
/// the body, which may name a payer. It is boxed because it is large.
fn read<T: DeserializeOwned>(body: &[u8], expected: &str) -> Result<T, Box<Response>> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!(
            "expected JSON such as {expected}, found something else at line {line}, column {column}"
        );
        Box::new(refuse(StatusCode::BAD_REQUEST, "bad-request", message))
    })
}

fn refuse(status: StatusCode, code: &str, message: impl ToString) -> Response {
    (status, Json(json!({"error": code, "message": message.to_string()}))).into_response()
}
