//! `/api/counters/{till}`: what the customer display of a counter shows.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use crate::counters::CounterName;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::number_in_body;
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new().route("/api/counters/{till}", get(show).put(set))
}

async fn show(
    State(app): State<Arc<AppState>>,
    Merchant { name, .. }: Merchant,
    Path(till): Path<String>,
) -> Result<Json<Value>, HttpError> {
    let display = app.live.counters.show(CounterName::parse(&name, &till)?);
    Ok(Json(display.json(&till)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetRequest {
    /// `null` blanks the display; leaving it out is a mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    number: Option<String>,
}

async fn set(
    State(app): State<Arc<AppState>>,
    Merchant { name, .. }: Merchant,
    Path(till): Path<String>,
    body: Result<Json<SetRequest>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let Json(SetRequest { number }) = body?;
    let counter = CounterName::parse(&name, &till)?;
    let number = number.as_deref().map(number_in_body).transpose()?;
    Ok(Json(app.live.counters.set(counter, number)?.json(&till)))
}
