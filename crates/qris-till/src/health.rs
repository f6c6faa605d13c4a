//! Health and readiness, for monitoring.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::AppState;

pub(crate) async fn healthz(State(app): State<Arc<AppState>>) -> Response {
    answer(!*app.stopping.borrow() && app.orders.is_well().await, "unwell")
}

pub(crate) async fn readyz(State(app): State<Arc<AppState>>) -> Response {
    answer(!*app.stopping.borrow() && app.orders.is_ready().await, "not-ready")
}

/// Only ok or not, because it needs no token.
fn answer(ok: bool, otherwise: &str) -> Response {
    match ok {
        true => Json(json!({"status": "ok"})).into_response(),
        false => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": otherwise}))).into_response()
        }
    }
}
