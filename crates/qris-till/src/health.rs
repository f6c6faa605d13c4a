//! Whether all is well, and whether charges can be taken: for programs that look after the till.

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

/// Ok or not, and no more: no token is asked for.
fn answer(ok: bool, otherwise: &str) -> Response {
    match ok {
        true => Json(json!({"status": "ok"})).into_response(),
        false => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": otherwise}))).into_response()
        }
    }
}
