//! The provider's webhook.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::webhook::WebhookEvent;
use qris_orders::{Actor, MerchantName};

use crate::connections::Connection;
use crate::failed_logins::too_many_logins;
use crate::http_error::refuse;
use crate::state::AppState;

/// Accepts a webhook. Its content is not trusted; it only makes the code due for a check.
pub(crate) async fn take(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Response {
    let Some(merchant) = merchant_of(&app, &token) else {
        app.metrics.webhooks_refused.add(1);
        return match app.failed_logins.slow_down(connection.address, &app.metrics).await {
            Ok(()) => StatusCode::NOT_FOUND.into_response(),
            Err(failures) => too_many_logins(failures.retry_after()),
        };
    };
    let Ok(hint) = WebhookEvent::parse(&body) else {
        app.metrics.webhooks_refused.add(1);
        let words = "expected the JSON of a webhook with qris_invoiceid, found another body";
        return refuse(StatusCode::BAD_REQUEST, "bad-request", words);
    };
    let hinted = async {
        let orders = app.orders.for_merchant(merchant.clone())?;
        orders.by(Actor::new("webhook")).receive_webhook(hint).await
    };
    // The provider repeats a webhook that is not answered with 200.
    let status = match hinted.await {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(%error, "a webhook was not recorded");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    status.into_response()
}

/// The merchant of this webhook token. All tokens are compared, so that timing reveals nothing.
fn merchant_of<'a>(app: &'a AppState, token: &str) -> Option<&'a MerchantName> {
    app.webhook_tokens.iter().fold(None, |found, (merchant, right)| match right.is(token) {
        true => Some(merchant),
        false => found,
    })
}
