//! The HTTP API, for the pages and for other programs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};

use crate::access::Access;
use crate::metrics::Gauges;
use crate::state::AppState;
use crate::{
    actions, attention, auth, body, charge, counter_routes, deliveries, endpoints, events, health,
    http_error, orders, origin, outbox, pages, pay, picture, plans, printers, query, receipt,
    report, request_body, resolve, security_headers, settlements, shifts, show, sign_in, story,
    ticket_routes, webhook,
};

pub(crate) fn router(app: Arc<AppState>) -> Router {
    let router = routes()
        .layer(middleware::from_fn(body::check))
        .layer(middleware::from_fn(query::check))
        .layer(middleware::from_fn(request_body::read))
        .layer(middleware::from_fn(http_error::json_error_body))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), auth::authorize))
        .layer(middleware::from_fn(security_headers::add_security_headers));
    let router = match app.allow_origins.is_empty() {
        true => router,
        false => router.layer(origin::cors(app.allow_origins.clone())),
    };
    // The payment pages need no token. This router is merged last and answers unknown paths.
    pay::router(Arc::clone(&app)).merge(router.with_state(app))
}

/// `openapi.json` describes each route of the API; a test compares them.
fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/orders", orders::list_route().merge(charge::route()))
        .route("/api/orders/{number}", show::route())
        .route("/api/orders/{number}/resolve", post(resolve::handle))
        .route("/api/orders/{number}/story", story::route())
        .route("/api/events", outbox::route())
        .route("/api/report", report::route())
        .route("/api/tickets", ticket_routes::route())
        .route("/webhook/{token}", post(webhook::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document))
        .merge(actions::routes())
        .merge(attention::routes())
        .merge(counter_routes::routes())
        .merge(deliveries::routes())
        .merge(endpoints::routes())
        .merge(events::routes())
        .merge(pages::routes())
        .merge(picture::routes())
        .merge(plans::routes())
        .merge(printers::routes::routes())
        .merge(receipt::routes::routes())
        .merge(sign_in::routes())
        .merge(settlements::routes())
        .merge(shifts::routes())
}

async fn metrics(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
) -> Response {
    // The counts are for all merchants.
    if access.merchant().is_some() {
        return auth::forbidden_answer();
    }
    let gauges = Gauges {
        watchers: app.live.watchers(),
        waiting: app.live.waiting(),
        connections: app.connections.count(),
        set_aside: app.orders.invalid_row_count(),
        queries: app.orders.query_count(),
    };
    let text = app.metrics.text(app.orders.counters(), &gauges);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], query::DOCUMENT).into_response()
}

#[cfg(test)]
#[path = "api/document_tests.rs"]
mod document_tests;
