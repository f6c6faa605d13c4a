//! `POST /api/tickets`: a ticket for a stream of events.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, post};
use axum::{Extension, Json};
use qris_api::WibTime;
use serde_json::json;

use crate::access::Access;
use crate::http_error::HttpError;
use crate::state::AppState;
use crate::tickets::LIFETIME;

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    post(create)
}

async fn create(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
) -> Result<Response, HttpError> {
    let Some(ticket) = app.tickets.issue(access, Instant::now()) else {
        let words = "expected random numbers from the system, found none: try again";
        return Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "no-random-numbers", words));
    };
    let expires_at = WibTime::now().later_by(LIFETIME).to_string();
    let view = json!({"ticket": ticket, "expires_at": expires_at});
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
