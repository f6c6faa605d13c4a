//! Actions on an order: check, renew, cancel, acknowledge.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use qris_api::ManualCheck;
use qris_ledger::{Error as LedgerError, State};
use qris_orders::{Cancelled, Error, Order, Orders, Renewed};
use serde_json::json;

use crate::access::Access;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::{OrderView, order_response};
use crate::orders::{find, transaction_number};
use crate::payer_names::PayerNames;
use crate::state::AppState;

/// How long to wait before the next try after a check without an answer.
const AFTER_NO_ANSWER: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/orders/{number}/check", post(check))
        .route("/api/orders/{number}/renew", post(renew))
        .route("/api/orders/{number}/cancel", post(cancel))
        .route("/api/orders/{number}/acknowledge", post(acknowledge))
}

async fn check(
    Merchant { orders, payers, .. }: Merchant,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let (press, order) = match orders.check(&transaction_number(&number)?).await {
        Err(Error::Ledger(LedgerError::State { found: State::Open, .. })) => {
            let words = "no code was asked for yet";
            return Err(HttpError::new(StatusCode::CONFLICT, "wrong-state", words));
        }
        checked => checked?,
    };
    let view = json!(OrderView::new(&order, payers, orders.now()));
    let (wait, code, message) = match press {
        ManualCheck::Accepted { left } => {
            return Ok(Json(json!({"left": left, "order": view})).into_response());
        }
        ManualCheck::TooSoon { wait } => (
            Some(wait.as_secs().max(1)),
            "too-soon",
            "the last check was a moment ago: expected a longer pause between two checks",
        ),
        _ => (None, "none-left", "no manual checks are left; scheduled checks continue"),
    };
    let body = json!({"error": code, "message": message, "wait_seconds": wait, "order": view});
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(response)
}

/// Requests a new code when the last code is no longer shown and every older code was checked.
async fn renew(
    Merchant { orders, payers, .. }: Merchant,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let number = transaction_number(&number)?;
    match orders.renew(&number).await {
        Ok(Renewed::Created(order)) => {
            Ok((StatusCode::CREATED, order_response(&orders, payers, &order)).into_response())
        }
        Ok(Renewed::Paid(order)) => Ok(order_response(&orders, payers, &order)),
        Err(Error::Ledger(LedgerError::State { found, .. })) => Err(not_renewed(found)),
        Err(Error::StillRequested { wait }) => Err(not_renewed(State::Requested).retry_after(wait)),
        Err(error @ Error::Unanswered(_)) => {
            Err(HttpError::from(error).retry_after(AFTER_NO_ANSWER))
        }
        Err(error) => Err(error.into()),
    }
}

fn not_renewed(found: State) -> HttpError {
    let (code, message) = match found {
        State::Pending => (
            "too-early",
            "expected an order whose code is no longer shown, found one that is shown",
        ),
        State::Requested => ("too-early", "a code of this order is being requested now"),
        State::Unknown => (
            "outcome-unknown",
            "it is not known whether the provider made a code of this order: resolve the order first",
        ),
        state => {
            let words = LedgerError::State { expected: State::RENEWABLE, found: state }.to_string();
            return HttpError::new(StatusCode::CONFLICT, "wrong-state", words);
        }
    };
    HttpError::new(StatusCode::CONFLICT, code, message)
}

/// Cancels an order after a check, because the payer may have paid just now.
async fn cancel(
    Extension(access): Extension<Access>,
    Merchant { orders, payers, .. }: Merchant,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let found = find(&orders, &number).await?;
    if access.is_cashier() && found.created_at.date() != orders.now().date() {
        let words = "expected an order of today, or the role supervisor or owner";
        return Err(HttpError::new(StatusCode::FORBIDDEN, "forbidden", words));
    }
    match orders.cancel(&found.number).await? {
        Cancelled::Now { order, unchecked, .. } => {
            let view = OrderView::new(&order, payers, orders.now());
            Ok(Json(json!(view.unchecked(unchecked))).into_response())
        }
        Cancelled::Paid(order) => Ok(not_cancelled(&orders, payers, &order)),
    }
}

fn not_cancelled(orders: &Orders, payers: PayerNames, order: &Order) -> Response {
    let message = "this order is paid: it can no longer be cancelled";
    let view = json!(OrderView::new(order, payers, orders.now()));
    let body = json!({"error": "wrong-state", "message": message, "order": view});
    (StatusCode::CONFLICT, Json(body)).into_response()
}

/// Records that a paid order is fulfilled, for example shipped.
async fn acknowledge(
    Merchant { orders, payers, .. }: Merchant,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    orders.acknowledge(&transaction_number(&number)?).await?;
    Ok(order_response(&orders, payers, &find(&orders, &number).await?))
}
