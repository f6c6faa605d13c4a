//! `/api/endpoints`: the receivers of events.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use qris_ledger::{Endpoint, EndpointId, EndpointState, EventType, NewEndpoint};
use qris_orders::Orders;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::SigningSecret;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::outgoing::UrlError;
use crate::state::AppState;

/// How long the old secret also signs after a rotation, by default.
const KEEP_OLD_SECONDS: u64 = 24 * 60 * 60;

/// The maximum number of endpoints of a merchant. Each may get every event.
const MAX_ENDPOINTS: usize = 20;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/endpoints", get(list).post(create))
        .route("/api/endpoints/{id}", get(show).delete(delete))
        .route("/api/endpoints/{id}/enable", post(enable))
        .route("/api/endpoints/{id}/disable", post(disable))
        .route("/api/endpoints/{id}/rotate", post(rotate))
}

impl From<UrlError> for HttpError {
    fn from(error: UrlError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "url-not-allowed", error)
    }
}

/// The endpoint's JSON, without its secret.
fn view(endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id.get(),
        "url": endpoint.url,
        "per_order": endpoint.url.is_none(),
        "events": endpoint.events,
        "state": endpoint.state,
        "created_at": endpoint.created_at.to_string(),
        "old_secret_until": endpoint.old_secret_until.map(|until| until.to_string()),
    })
}

/// The same with its secret, which is shown only in this answer.
fn view_with_secret(endpoint: &Endpoint, secret: &SigningSecret) -> Value {
    let mut view = view(endpoint);
    view["secret"] = secret.reveal().into();
    view
}

fn new_secret() -> Result<SigningSecret, HttpError> {
    SigningSecret::generate().ok_or_else(|| {
        let words = "expected random numbers from the system, found none: try again";
        HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "no-random-numbers", words)
    })
}

fn no_such_endpoint(error: qris_ledger::Error) -> HttpError {
    HttpError::absent("an endpoint")(error)
}

/// The id in a path. Text that is not a number matches no id.
fn endpoint_id(text: &str) -> Result<EndpointId, HttpError> {
    let id = text.parse().map(EndpointId::new);
    id.map_err(|_| no_such_endpoint(qris_ledger::Error::Absent))
}

async fn list(Merchant { orders, .. }: Merchant) -> Result<Response, HttpError> {
    let endpoints = orders.read(|ledger| ledger.endpoints()).await?;
    let views: Vec<Value> = endpoints.iter().map(view).collect();
    Ok(Json(json!({ "endpoints": views })).into_response())
}

async fn show(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = endpoint_id(&id)?;
    let endpoint =
        orders.read(move |ledger| ledger.endpoint(id)).await.map_err(no_such_endpoint)?;
    Ok(Json(view(&endpoint)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateRequest {
    url: Option<String>,
    /// `true` for the endpoint that sends to the `notify_url` of each order.
    #[serde(default)]
    per_order: bool,
    /// The types of events to send; empty means all.
    #[serde(default)]
    events: Vec<String>,
}

async fn create(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    body: Result<Json<CreateRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(request) = body?;
    let mut new = match (request.url, request.per_order) {
        (Some(url), false) => {
            app.outgoing.rules.endpoint(&url)?;
            NewEndpoint::to(url)
        }
        (None, true) => NewEndpoint::per_order(),
        _ => {
            return Err(HttpError::invalid(
                "url: expected either a URL or per_order as true, found both or neither",
            ));
        }
    };
    for word in request.events {
        let event: EventType = word.parse().map_err(HttpError::invalid)?;
        if !new.events.contains(&event) {
            new.events.push(event);
        }
    }
    let (secret, now) = (new_secret()?, orders.now());
    let stored = secret.clone();
    let added = orders.write(move |ledger| {
        if ledger.endpoints()?.len() >= MAX_ENDPOINTS {
            return Ok(None);
        }
        ledger.add_endpoint(&new, stored.reveal(), now).map(Some)
    });
    let Some(endpoint) = added.await? else {
        let words = format!("expected at most {MAX_ENDPOINTS} endpoints of a merchant, found more");
        return Err(HttpError::new(StatusCode::CONFLICT, "too-many", words));
    };
    let view = view_with_secret(&endpoint, &secret);
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

async fn delete(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let (id, now) = (endpoint_id(&id)?, orders.now());
    orders.write(move |ledger| ledger.delete_endpoint(id, now)).await.map_err(no_such_endpoint)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn enable(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let enabled = set_state(&orders, &id, EndpointState::Enabled).await;
    app.outgoing.delivery_due();
    enabled
}

async fn disable(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    set_state(&orders, &id, EndpointState::Disabled).await
}

async fn set_state(orders: &Orders, id: &str, state: EndpointState) -> Result<Response, HttpError> {
    let (id, now) = (endpoint_id(id)?, orders.now());
    let endpoint = orders
        .write(move |ledger| ledger.set_endpoint_state(id, state, now))
        .await
        .map_err(no_such_endpoint)?;
    Ok(Json(view(&endpoint)).into_response())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RotateRequest {
    keep_old_seconds: Option<u64>,
}

async fn rotate(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, HttpError> {
    let id = endpoint_id(&id)?;
    // A body, if present, is already validated.
    let request: RotateRequest = serde_json::from_slice(&body).unwrap_or_default();
    let seconds = request.keep_old_seconds.unwrap_or(KEEP_OLD_SECONDS);
    let (secret, now) = (new_secret()?, orders.now());
    let stored = secret.clone();
    let keep_old = Duration::from_secs(seconds);
    let rotated =
        orders.write(move |ledger| ledger.rotate_secret(id, stored.reveal(), keep_old, now));
    Ok(Json(view_with_secret(&rotated.await.map_err(no_such_endpoint)?, &secret)).into_response())
}
