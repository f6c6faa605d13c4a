//! Server-sent events: one order for a program, or everything that the pages of a browser watch.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::header::HeaderName;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::stream::{self, Stream, StreamExt as _};
use qris_api::TransactionNumber;
use qris_orders::{Order, Orders};
use serde_json::json;
use tokio::sync::watch;

use crate::access::Access;
use crate::audience::{ensure_visible, view_for};
use crate::counters::CounterName;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::find;
use crate::state::{AppState, stopped};

/// The maximum number of orders and counters of one stream.
const MAX_WATCHED: usize = 64;

/// How often a silent stream sends a sign of life.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/orders/{number}/events", get(order))
        .route("/api/stream", get(several))
}

type Events = Pin<Box<dyn Stream<Item = Event> + Send>>;

async fn order(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let found = find(&orders, &number).await?;
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(respond(watch_order(&app, access, orders, found), keep_alive))
}

/// Everything that the pages of one browser and merchant watch: `number=A&number=B&counter=K1`.
async fn several(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    Merchant { name: merchant, orders, .. }: Merchant,
    Query(mut asked): Query<Vec<(String, String)>>,
) -> Result<Response, HttpError> {
    asked.retain(|(name, _)| name == "number" || name == "counter");
    if asked.is_empty() || asked.len() > MAX_WATCHED {
        let words = format!("expected 1 to {MAX_WATCHED} parameters number and counter");
        return Err(HttpError::invalid(words));
    }
    let mut watched: Vec<Events> = Vec::new();
    let mut numbers = Vec::new();
    for (name, value) in asked {
        if name == "number" {
            numbers.push(value);
            continue;
        }
        let display = app.live.counters.watch(CounterName::parse(&merchant, &value)?)?;
        watched.push(changes(&app, display, move |display| {
            Event::default().event("counter").data(display.json(&value).to_string())
        }));
    }
    let is_visible = |text: &str| ensure_visible(&app, &access, &merchant, text).is_ok();
    let numbers: Vec<_> = numbers.into_iter().map(|text| (is_visible(&text), text)).collect();
    let found = orders.read(move |ledger| {
        let parse = |(visible, text)| match TransactionNumber::parse(&text) {
            Ok(number) if visible => ledger.find(&number).map(|order| order.ok_or(text)),
            _ => Ok(Err(text)),
        };
        numbers.into_iter().map(parse).collect::<Result<Vec<_>, qris_ledger::Error>>()
    });
    // An unknown number must not end the stream of the others.
    watched.extend(found.await?.into_iter().map(|found| match found {
        Ok(order) => watch_order(&app, access.clone(), orders.clone(), order),
        Err(number) => {
            let event = Event::default().event("not-found");
            let event = event.data(json!({"number": number}).to_string());
            Box::pin(stream::once(async move { event }).chain(until_stop(&app)))
        }
    }));
    // An event, because scripts do not see comments, and could not detect a dead connection.
    let ping = Event::default().event("ping").data("{}");
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE).event(ping);
    Ok(respond(stream::select_all(watched), keep_alive))
}

fn respond(events: impl Stream<Item = Event> + Send + 'static, keep_alive: KeepAlive) -> Response {
    let events = events.map(Ok::<_, Infallible>);
    // Proxies must not buffer events.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    (unbuffered, Sse::new(events).keep_alive(keep_alive)).into_response()
}

fn watch_order(app: &AppState, access: Access, orders: Orders, order: Order) -> Events {
    app.live.show(order.clone(), orders.now());
    changes(app, app.live.watch(order), move |order| {
        let view = view_for(&access, order, orders.now());
        Event::default().event("order").data(view.to_string())
    })
}

/// The current value, then each change, until the till stops.
fn changes<T: Send + Sync + 'static>(
    app: &AppState,
    mut watched: watch::Receiver<T>,
    event: impl Fn(&T) -> Event + Send + 'static,
) -> Events {
    watched.mark_changed();
    let stopping = app.stopping.subscribe();
    let events = stream::unfold(
        (watched, stopping, event),
        |(mut watched, mut stopping, event)| async move {
            tokio::select! {
                changed = watched.changed() => changed.ok()?,
                () = stopped(&mut stopping) => return None,
            }
            let next = event(&watched.borrow_and_update());
            Some((next, (watched, stopping, event)))
        },
    );
    Box::pin(events)
}

/// No event; the stream ends when the till stops.
fn until_stop(app: &AppState) -> impl Stream<Item = Event> + Send + 'static {
    let mut stopping = app.stopping.subscribe();
    stream::once(async move { stopped(&mut stopping).await })
        .filter_map(|()| std::future::ready(None))
}
