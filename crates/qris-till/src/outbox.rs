//! `GET /api/events`: all events, as a list or a stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use futures_util::stream;
use qris_ledger::OutboxEvent;
use qris_orders::Orders;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::auth::accepts_stream;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::limit;
use crate::state::{AppState, stopped};

/// How many events a stream reads at a time.
const PAGE: u32 = 100;

/// How often a stream looks for events of other processes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often a silent stream sends a sign of life.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    get(handle)
}

#[derive(Deserialize)]
struct EventsQuery {
    /// A cursor, or `latest`. Default: from the first event on.
    since: Option<String>,
    limit: Option<u32>,
}

async fn handle(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    headers: HeaderMap,
    query: Result<Query<EventsQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let limit = limit(query.limit);
    let is_stream = accepts_stream(&headers);
    // A browser that reconnects sends its last cursor.
    let last_id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let since = match last_id.filter(|_| is_stream).or(query.since.as_deref()) {
        None => 0,
        Some("latest") => orders.read(|ledger| ledger.outbox_cursor()).await?,
        Some(cursor) => cursor.parse().map_err(|_| {
            HttpError::invalid("expected since as a cursor or latest, found another text")
        })?,
    };
    let last = orders.read(|ledger| ledger.outbox_cursor()).await?;
    if since > last {
        let words = format!(
            "expected since as a cursor of at most {last}, which the last event has, found a later one: \
             if the database was restored from a backup, read all events again from since=0"
        );
        return Err(HttpError::new(StatusCode::CONFLICT, "cursor-ahead", words));
    }
    if is_stream {
        return Ok(follow(app, orders, since));
    }
    let events = orders.read(move |ledger| ledger.outbox(since, limit)).await?;
    let next = events.last().map_or(since, |last| last.cursor);
    let views: Vec<Value> = events.iter().map(view).collect();
    Ok(Json(json!({ "events": views, "next_cursor": next })).into_response())
}

/// The event in the form that is sent, with its id and cursor.
fn view(event: &OutboxEvent) -> Value {
    let sent: Value = serde_json::from_str(&event.payload).unwrap_or(Value::Null);
    json!({
        "cursor": event.cursor,
        "id": event.id,
        "type": event.event_type,
        "timestamp": sent["timestamp"],
        "data": sent["data"],
    })
}

/// A stream and its position.
struct Follower {
    app: Arc<AppState>,
    orders: Orders,
    stopping: watch::Receiver<bool>,
    since: u64,
    read: VecDeque<OutboxEvent>,
}

/// Each event after a cursor, then each new event, until the till stops.
fn follow(app: Arc<AppState>, orders: Orders, since: u64) -> Response {
    let stopping = app.stopping.subscribe();
    let follower = Follower { app, orders, stopping, since, read: VecDeque::new() };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        let data = view(&event).to_string();
        let sent = Event::default()
            .id(event.cursor.to_string())
            .event(event.event_type.as_str())
            .data(data);
        Some((Ok::<_, Infallible>(sent), follower))
    });
    // Proxies must not buffer events.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    (unbuffered, Sse::new(events).keep_alive(keep_alive)).into_response()
}

impl Follower {
    async fn next(&mut self) -> Option<OutboxEvent> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(event) = self.read.pop_front() {
                self.since = event.cursor;
                return Some(event);
            }
            let (app, since) = (Arc::clone(&self.app), self.since);
            // Before the ledger is read, so that nothing is missed in between.
            let told = app.outgoing.told.notified();
            match self.orders.read(move |ledger| ledger.outbox(since, PAGE)).await {
                Ok(events) => self.read.extend(events),
                Err(error) => tracing::warn!(%error, "a stream of events waits for the ledger"),
            }
            if self.read.is_empty() {
                tokio::select! {
                    () = told => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stopped(&mut self.stopping) => return None,
                }
            }
        }
    }
}
