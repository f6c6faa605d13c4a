//! `GET /api/orders/{number}`: one order, at once or after its state changes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use qris_orders::{Order, Orders};
use serde::Deserialize;
use tokio::time::Instant;

use crate::access::Access;
use crate::audience::{ensure_visible, view_for};
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::find;
use crate::state::{AppState, stopped};

/// The maximum time that a request may wait, in seconds. Proxies end longer requests.
pub(crate) const MAX_WAIT_SECONDS: u64 = 60;

/// How long a request waits if it has `while` without `wait`, in seconds.
const DEFAULT_WAIT_SECONDS: u64 = 25;

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    get(show)
}

#[derive(Deserialize)]
struct WaitQuery {
    /// The state while which the request waits.
    #[serde(rename = "while")]
    state: Option<String>,
    /// The maximum number of seconds.
    wait: Option<u64>,
}

impl WaitQuery {
    /// The state and the time to wait; `None` answers at once.
    fn wait(&self) -> Result<Option<(qris_ledger::State, Duration)>, HttpError> {
        match (&self.state, self.wait) {
            (None, None) => Ok(None),
            (None, Some(_)) => {
                Err(HttpError::invalid("expected while together with wait, found none"))
            }
            (Some(state), wait) => {
                let state = state.parse().map_err(HttpError::invalid)?;
                let seconds = wait.unwrap_or(DEFAULT_WAIT_SECONDS).min(MAX_WAIT_SECONDS);
                Ok(Some((state, Duration::from_secs(seconds))))
            }
        }
    }
}

async fn show(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    Merchant { name, orders, .. }: Merchant,
    Path(number): Path<String>,
    query: Result<Query<WaitQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let wait = query.wait()?;
    ensure_visible(&app, &access, &name, &number)?;
    let order = find(&orders, &number).await?;
    let order = match wait {
        Some((state, wait)) if order.state_at(orders.now()) == state && !wait.is_zero() => {
            wait_while(&app, &orders, order, state, wait).await?
        }
        _ => order,
    };
    Ok(Json(view_for(&access, &order, orders.now())).into_response())
}

/// Returns the order after its state changes, when the time is up, or when the till stops.
async fn wait_while(
    app: &AppState,
    orders: &Orders,
    order: Order,
    state: qris_ledger::State,
    wait: Duration,
) -> Result<Order, HttpError> {
    let until = Instant::now() + wait;
    let number = order.number.clone();
    let mut changes = app.live.wait(order);
    // It may have changed between reading it and waiting for its changes.
    app.live.show(orders.find(&number).await?, orders.now());
    let mut stopping = app.stopping.subscribe();
    tokio::select! {
        changed = changes.wait_for(|order| order.state != state) => {
            // The sender lives while a request waits.
            if let Ok(order) = changed {
                return Ok(order.clone());
            }
        }
        () = tokio::time::sleep_until(until) => {}
        () = stopped(&mut stopping) => {}
    }
    drop(changes);
    Ok(orders.find(&number).await?)
}
