//! What the real API does not have: the payer, and a look inside.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::Shared;
use crate::invoice::{PayError, Payer};

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/invoices", get(invoices))
        .route("/sandbox/invoices/{id}/pay", post(pay))
}

async fn invoices(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    let now = state.clock.now();
    let shown: Vec<_> = state
        .invoices
        .newest_first()
        .map(|invoice| invoice.shown(now))
        .collect();
    Json(shown).into_response()
}

/// The body of a payment; all of it may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    customer_name: Option<String>,
    method: Option<String>,
}

async fn pay(State(shared): State<Arc<Shared>>, Path(id): Path<u64>, body: Bytes) -> Response {
    let request = if body.is_empty() {
        PayRequest::default()
    } else {
        match serde_json::from_slice(&body) {
            Ok(request) => request,
            Err(error) => return refuse(StatusCode::BAD_REQUEST, "bad-request", &error),
        }
    };
    let usual = Payer::default();
    let payer = Payer::new(
        request.customer_name.unwrap_or(usual.customer_name),
        request.method.unwrap_or(usual.method),
    );
    match shared.pay(id, payer) {
        Ok(()) => {
            let state = shared.state();
            let invoice = state.invoices.find(id);
            Json(invoice.map(|invoice| invoice.shown(state.clock.now()))).into_response()
        }
        Err(error @ PayError::NotFound) => refuse(StatusCode::NOT_FOUND, "not-found", &error),
        Err(error @ PayError::Expired) => refuse(StatusCode::CONFLICT, "expired", &error),
        Err(error @ PayError::AlreadyPaid) => refuse(StatusCode::CONFLICT, "already-paid", &error),
    }
}

/// A refusal: a word for programs and a sentence for people.
fn refuse(status: StatusCode, code: &str, error: &dyn std::error::Error) -> Response {
    let body = json!({"error": code, "message": error.to_string()});
    (status, Json(body)).into_response()
}
