//! The till over HTTP, for pages and for other programs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};

use crate::metrics::Gauges;
use crate::state::AppState;
use crate::{
    actions, attention, charge, counter_routes, deliveries, endpoints, events, guard, health,
    http_error, orders, outbox, pages, picture, report, request_body, resolve, show, webhook,
};

pub(crate) fn router(app: Arc<AppState>) -> Router {
    Router::new()
        .route("/api/orders", orders::list_route().merge(charge::route()))
        .route("/api/orders/{number}", show::route())
        .route("/api/orders/{number}/resolve", post(resolve::handle))
        .route("/api/events", outbox::route())
        .route("/api/report", report::route())
        .route("/webhook/{token}", post(webhook::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document))
        .route("/login", get(|| async { pages::login() }).post(guard::login))
        .merge(actions::routes())
        .merge(attention::routes())
        .merge(counter_routes::routes())
        .merge(deliveries::routes())
        .merge(endpoints::routes())
        .merge(events::routes())
        .merge(pages::routes())
        .merge(picture::routes())
        .layer(middleware::from_fn(request_body::read))
        .layer(middleware::from_fn(http_error::json_error_body))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .layer(middleware::from_fn(guard::harden))
        .with_state(app)
}

async fn metrics(State(app): State<Arc<AppState>>) -> Response {
    let gauges = Gauges {
        watchers: app.live.watchers(),
        waiting: app.live.waiting(),
        connections: app.connections.count(),
        set_aside: app.orders.set_aside_count(),
        queries: app.orders.query_count(),
    };
    let text = app.metrics.text(app.orders.counters(), &gauges);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_openapi_document_names_every_route_of_the_face() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("openapi.json")).expect("the document is JSON");
        let paths = document["paths"].as_object().expect("it has paths");
        let named: Vec<&str> = paths.keys().map(String::as_str).collect();
        assert_eq!(
            named,
            [
                "/api/attention",
                "/api/counters/{till}",
                "/api/deliveries",
                "/api/deliveries/{id}",
                "/api/deliveries/{id}/redeliver",
                "/api/endpoints",
                "/api/endpoints/{id}",
                "/api/endpoints/{id}/disable",
                "/api/endpoints/{id}/enable",
                "/api/endpoints/{id}/rotate",
                "/api/events",
                "/api/orders",
                "/api/orders/{number}",
                "/api/orders/{number}/acknowledge",
                "/api/orders/{number}/cancel",
                "/api/orders/{number}/check",
                "/api/orders/{number}/events",
                "/api/orders/{number}/qr.escpos",
                "/api/orders/{number}/qr.png",
                "/api/orders/{number}/qr.svg",
                "/api/orders/{number}/renew",
                "/api/orders/{number}/resolve",
                "/api/report",
                "/api/stream",
                "/api/webhooks/unbooked",
                "/healthz",
                "/metrics",
                "/openapi.json",
                "/readyz",
                "/webhook/{token}",
            ],
        );
    }
}
