//! What a person does about a sale whose outcome is unknown.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use qris_api::InvoiceId;
use qris_ledger::Order;
use qris_orders::{Error, Resolved};
use serde::Deserialize;
use serde_json::json;

use crate::api::{LISTED, ListQuery, MOST_LISTED, Refused, refuse, transaction_number};
use crate::shown::Shown;
use crate::till::AppState;

/// What a person found out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    invoiceid: Option<u64>,
    #[serde(default)]
    not_made: bool,
    reason: Option<String>,
}

/// `POST /api/invoices/{number}/resolve`.
pub(crate) async fn handle(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
    body: Result<Json<ResolveRequest>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(request) =
        body.map_err(|error| Refused::new(error.status(), "bad-request", error.body_text()))?;
    let number = transaction_number(&number)?;
    let reason = request.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let order = match (request.invoiceid, request.not_made, reason) {
        (Some(id), false, None) => {
            let resolved = app.orders.resolve_paid(&number, InvoiceId::new(id)).await;
            match resolved.map_err(refused)? {
                Resolved::Paid(order) => order,
                Resolved::Unpaid(order) => {
                    return Ok((StatusCode::ACCEPTED, shown(&app, &order)).into_response());
                }
                Resolved::TooSoon { wait } => return Ok(too_soon(wait)),
            }
        }
        (None, true, Some(reason)) => app.orders.resolve_not_made(&number, reason).await?,
        _ => {
            return Err(Refused::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "expected either invoiceid, or not_made: true with a reason",
            ));
        }
    };
    Ok(shown(&app, &order))
}

/// `GET /api/webhooks/unbooked`.
pub(crate) async fn unbooked(
    State(app): State<Arc<AppState>>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Refused> {
    let limit = query.limit.unwrap_or(LISTED).min(MOST_LISTED);
    let webhooks = app.orders.read(move |ledger| ledger.unbooked_webhooks(limit)).await?;
    Ok(Json(json!(webhooks)).into_response())
}

fn shown(app: &AppState, order: &Order) -> Response {
    Json(json!(Shown::of(order, app.orders.now()))).into_response()
}

/// An invoice of another sale is the caller's mistake here, not the provider's.
fn refused(error: Error) -> Refused {
    match error {
        Error::Ledger(qris_ledger::Error::InvoiceIdTaken) => Refused::new(
            StatusCode::CONFLICT,
            "invoiceid-taken",
            "expected an invoiceid that is not booked, found the one of another number",
        ),
        error => error.into(),
    }
}

fn too_soon(wait: Duration) -> Response {
    let words = "the provider may not be asked just now; try again in a while";
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "too-soon", words);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    response
}
