//! `/api/deliveries`: sent events, their endpoints, and their results.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use qris_ledger::{Delivery, DeliveryFilter, DeliveryId, DeliveryState, EndpointId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::{limit, transaction_number};
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/deliveries", get(list))
        .route("/api/deliveries/{id}", get(show))
        .route("/api/deliveries/{id}/redeliver", post(redeliver))
}

fn view(delivery: &Delivery) -> Value {
    let is_pending = delivery.state == DeliveryState::Pending;
    json!({
        "id": delivery.id.get(),
        "endpoint": delivery.endpoint.get(),
        "url": delivery.url,
        "event_id": delivery.event_id,
        "cursor": delivery.cursor,
        "type": delivery.event_type,
        "number": delivery.number.as_str(),
        "state": delivery.state,
        "tries": delivery.tries,
        "next_try_at": is_pending.then(|| delivery.next_try_at.to_string()),
        "tried_at": delivery.tried_at.map(|at| at.to_string()),
        "delivered_at": delivery.delivered_at.map(|at| at.to_string()),
        "status": delivery.status,
        "failure": delivery.failure,
    })
}

/// The same with the sent body.
fn view_with_event(delivery: &Delivery) -> Value {
    let mut view = view(delivery);
    view["event"] = serde_json::from_str(&delivery.payload).unwrap_or(Value::Null);
    view
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    endpoint: Option<i64>,
    number: Option<String>,
    cursor: Option<i64>,
    limit: Option<u32>,
}

async fn list(
    Merchant { orders, .. }: Merchant,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let mut filter = DeliveryFilter::default();
    let state = query.state.as_deref().map(str::parse).transpose();
    filter.state = state.map_err(HttpError::invalid)?;
    filter.endpoint = query.endpoint.map(EndpointId::new);
    filter.number = query.number.as_deref().map(transaction_number).transpose()?;
    filter.before = query.cursor.map(DeliveryId::new);
    let limit = limit(query.limit);
    // One more than requested shows whether there is another page.
    let more = limit.saturating_add(1);
    let mut found = orders.read(move |ledger| ledger.deliveries(&filter, more)).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| last.id.get());
    let views: Vec<Value> = found.iter().map(view).collect();
    Ok(Json(json!({ "deliveries": views, "next_cursor": next })).into_response())
}

fn no_such_delivery(error: qris_ledger::Error) -> HttpError {
    HttpError::absent("a delivery")(error)
}

/// The id in a path. Text that is not a number matches no id.
fn delivery_id(text: &str) -> Result<DeliveryId, HttpError> {
    let id = text.parse().map(DeliveryId::new);
    id.map_err(|_| no_such_delivery(qris_ledger::Error::Absent))
}

async fn show(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = delivery_id(&id)?;
    let delivery =
        orders.read(move |ledger| ledger.delivery(id)).await.map_err(no_such_delivery)?;
    Ok(Json(view_with_event(&delivery)).into_response())
}

async fn redeliver(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let (id, now) = (delivery_id(&id)?, orders.now());
    let delivery =
        orders.write(move |ledger| ledger.redeliver(id, now)).await.map_err(no_such_delivery)?;
    app.outgoing.delivery_due();
    Ok(Json(view_with_event(&delivery)).into_response())
}
