//! `POST /api/invoices/{number}/cancel`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_ledger::{Error, State as Stage};
use qris_orders::Cancelled;
use serde_json::json;

use crate::api::{Refused, transaction_number};
use crate::shown::Shown;
use crate::till::AppState;

/// Cancels an order, after a check: the payer may have paid just now.
pub(crate) async fn handle(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
) -> Result<Response, Refused> {
    let number = transaction_number(&number)?;
    match app.orders.cancel(&number).await? {
        Cancelled::Now { order, .. } => {
            Ok(Json(json!(Shown::of(&order, app.orders.now()))).into_response())
        }
        Cancelled::Paid(order) => {
            let error = Error::State { expected: Stage::Pending, found: order.state };
            let invoice = json!(Shown::of(&order, app.orders.now()));
            let message = error.to_string();
            let body = json!({"error": "wrong-state", "message": message, "invoice": invoice});
            Ok((StatusCode::CONFLICT, Json(body)).into_response())
        }
    }
}
