//! The provider's hint that there may be news of an invoice.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::webhook::Hint;
use qris_orders::Actor;

use crate::connections::Connection;
use crate::failed_logins::slow_down;
use crate::guard::too_many_logins;
use crate::till::AppState;

/// Takes a hint. It is not believed: it makes the invoice due to be checked.
pub(crate) async fn take(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Response {
    if !app.webhook_token.as_ref().is_some_and(|right| right.is(&token)) {
        app.metrics.webhooks_refused.add(1);
        return match slow_down(&app, connection.address).await {
            Ok(()) => StatusCode::NOT_FOUND.into_response(),
            Err(failures) => too_many_logins(failures),
        };
    }
    let Ok(hint) = Hint::parse(&body) else {
        app.metrics.webhooks_refused.add(1);
        return StatusCode::BAD_REQUEST.into_response();
    };
    // Anything but 200 has it sent again and again.
    let status = match app.orders.by(Actor::new("webhook")).hint(hint).await {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(%error, "a webhook was not booked");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    status.into_response()
}
