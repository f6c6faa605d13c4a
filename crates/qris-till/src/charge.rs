//! `POST /api/orders`: requests a code, or records an order without one.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, post};
use jiff::Timestamp;
use qris_api::{Rupiah, Tip};
use qris_ledger::EndpointState;
use qris_orders::{Charged, NewOrder, Orders, WebAddress};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::order_response;
use crate::orders::number_in_body;
use crate::reference;
use crate::state::AppState;

/// The maximum length of a description in characters, as in `openapi.json`.
#[cfg(test)]
pub(crate) const MAX_DESCRIPTION_CHARS: usize = 500;

/// The maximum of `shown_seconds`. The provider's validity is far shorter.
#[cfg(test)]
pub(crate) const MAX_SHOWN_SECONDS: u64 = 24 * 60 * 60;

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    post(handle)
}

/// The order to charge. The body was already validated against the bounds in `openapi.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargeRequest {
    number: String,
    amount: u64,
    channel: Option<String>,
    #[serde(default)]
    tip: bool,
    description: Option<String>,
    /// The caller's reference for this order; the header `Idempotency-Key` means the same.
    reference: Option<String>,
    metadata: Option<Map<String, Value>>,
    due_at: Option<String>,
    shown_seconds: Option<u64>,
    /// The URL for events of this order; the settings must allow it.
    notify_url: Option<String>,
    /// The link back to the shop on the payment page.
    return_url: Option<String>,
    /// `false` records the order without a code.
    #[serde(default = "yes")]
    code: bool,
}

const fn yes() -> bool {
    true
}

impl ChargeRequest {
    fn order(self, app: &AppState, headers: &HeaderMap) -> Result<NewOrder, HttpError> {
        let number = number_in_body(&self.number)?;
        let mut order = NewOrder::new(number, Rupiah::new(self.amount));
        if let Some(channel) = self.channel {
            order.channel = channel.parse().map_err(HttpError::invalid)?;
        }
        order.tip = if self.tip { Tip::Ask } else { Tip::None };
        order.description = self.description;
        order.reference = reference::read(headers, self.reference)?;
        order.metadata = self.metadata.map(|metadata| Value::Object(metadata).to_string());
        let due_at = self.due_at.map(|text| text.parse::<Timestamp>()).transpose();
        order.due_at = due_at
            .map_err(|_| {
                HttpError::invalid(
                    "due_at: expected a time such as 2026-11-30T17:00:00+07:00, found another text",
                )
            })?
            .map(Into::into);
        order.shown_for = self.shown_seconds.map(Duration::from_secs);
        if let Some(url) = &self.notify_url {
            app.outgoing.rules.notify_url(url)?;
        }
        order.notify_url = self.notify_url;
        let return_url = self.return_url.map(|url| WebAddress::parse(&url)).transpose();
        order.return_url =
            return_url.map_err(|error| HttpError::invalid(format!("return_url: {error}")))?;
        Ok(order)
    }
}

/// Events to `notify_url` are signed with the secret of the `per_order` endpoint.
async fn ensure_notified(orders: &Orders) -> Result<(), HttpError> {
    let endpoints = orders.read(|ledger| ledger.endpoints()).await?;
    let is_there = |endpoint: &qris_ledger::Endpoint| {
        endpoint.url.is_none() && endpoint.state == EndpointState::Enabled
    };
    match endpoints.iter().any(is_there) {
        true => Ok(()),
        false => Err(HttpError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no-endpoint",
            "expected an endpoint with per_order before the first notify_url, found none that is on",
        )),
    }
}

async fn handle(
    State(app): State<Arc<AppState>>,
    Merchant { orders, payers, .. }: Merchant,
    headers: HeaderMap,
    body: Result<Json<ChargeRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(request) = body?;
    let code = request.code;
    let order = request.order(&app, &headers)?;
    if order.notify_url.is_some() {
        ensure_notified(&orders).await?;
    }
    let charged = if code { orders.charge(&order).await? } else { orders.open(&order).await? };
    let (status, order) = match charged {
        Charged::Created(order) => (StatusCode::CREATED, order),
        Charged::Known(order) if !code => (StatusCode::OK, order),
        known => (StatusCode::OK, known.into_known()?),
    };
    Ok((status, order_response(&orders, payers, &order)).into_response())
}
