//! A web shop that takes QRIS payments at checkout, and ships each order once.
//!
//! ```sh
//! qris sandbox &   # or the real API: leave QRIS_BASE_URL out
//! export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
//! export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
//! cargo run -p qris-orders --example axum_shop
//! curl -d number=INV-1 -d amount=25578 http://127.0.0.1:8000/checkout
//! curl http://127.0.0.1:8000/pay/INV-1    # the picture of its code, for <img src="/pay/INV-1">
//! curl http://127.0.0.1:8000/orders/INV-1 # ask for `state` until it is `paid`
//! curl -d number=INV-1 http://127.0.0.1:8000/renew # a new code, after 30 minutes
//! ```
//!
//! The orders are in the file `shop.db` in the current folder.
use std::env::{self, VarError};
use std::error::Error as StdError;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber, webhook};
use qris_image::Drawing;
use qris_orders::{Channel, Charged, Error, NewOrder, Order, Orders, OrdersSettings, Renewed};
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let key = ApiKey::parse(env::var("QRIS_API_KEY")?)?;
    let mut client = Client::builder(key, MerchantId::parse(env::var("QRIS_MERCHANT_ID")?)?);
    match env::var("QRIS_BASE_URL") {
        Ok(url) => client = client.base_url(url),
        Err(VarError::NotPresent) => {}
        Err(error) => return Err(error.into()),
    }
    let orders = Orders::start(OrdersSettings::main(client, "sqlite://shop.db")).await?;
    let shipping = tokio::spawn(ship_orders(orders.clone()));
    let app = Router::new()
        // Before you publish these four, let each customer reach only their own orders.
        .route("/checkout", post(checkout))
        .route("/pay/{number}", get(picture))
        .route("/renew", post(renew))
        .route("/orders/{number}", get(show))
        // Keep the path secret: the provider's webhooks are not signed.
        .route("/webhook/7d1e0b55c2a94be2", post(webhook))
        .with_state(orders.clone());
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    axum::serve(listener, app).with_graceful_shutdown(interrupted).await?;
    shipping.abort();
    // The charges in progress finish first.
    orders.stop().await;
    Ok(())
}

#[derive(Deserialize)]
struct Checkout {
    number: String,
    amount: u64,
}

#[derive(Deserialize)]
struct Renewal {
    number: String,
}

type Failure = (StatusCode, String);
type Answer = Result<Json<Order>, Failure>;

/// Records an order and requests its code. The same number and amount again return the same order.
async fn checkout(State(orders): State<Orders>, Form(cart): Form<Checkout>) -> Answer {
    let mut order = NewOrder::new(number(&cart.number)?, Rupiah::new(cart.amount));
    order.channel = Channel::Ecommerce;
    match orders.charge(&order).await.map_err(failure)? {
        Charged::Created(order) | Charged::Known(order) => Ok(Json(order)),
    }
}

/// The code as a picture. It only reads, so a page may load it as often as it likes.
async fn picture(
    State(orders): State<Orders>,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    use qris_orders::State as S;
    let order = orders.find(&number(&text)?).await.map_err(failure)?;
    let words = match order.state_at(orders.now()) {
        S::Pending => {
            let content = order.invoice.map(|code| code.qris_content).unwrap_or_default();
            let svg = Drawing::parse(&content).and_then(|drawing| drawing.svg());
            let svg = svg.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
            let headers =
                [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
            return Ok((headers, svg).into_response());
        }
        S::Paid => "it is paid",
        S::Expired => "its code is no longer shown: offer a button that posts to /renew",
        S::Open | S::Rejected => "it has no code: offer a button that posts to /checkout",
        S::Requested => "its code is being requested: ask again in a few seconds",
        S::Cancelled => "it was cancelled",
        S::Unknown => "it is not known whether it has a code: a person has to look, see `resolve`",
    };
    Err((StatusCode::CONFLICT, words.to_owned()))
}

/// Requests a new code for an order whose code is no longer shown, after a check of the older codes.
async fn renew(State(orders): State<Orders>, Form(renewal): Form<Renewal>) -> Answer {
    match orders.renew(&number(&renewal.number)?).await.map_err(failure)? {
        // A customer may have paid the older code in the last moment: look at `state`.
        Renewed::Created(order) | Renewed::Paid(order) => Ok(Json(order)),
    }
}

async fn show(State(orders): State<Orders>, Path(text): Path<String>) -> Answer {
    Ok(Json(orders.find(&number(&text)?).await.map_err(failure)?))
}

/// A webhook is no proof of payment: it only makes a check of the order due.
async fn webhook(State(orders): State<Orders>, body: String) -> StatusCode {
    let Ok(event) = webhook::WebhookEvent::parse(body.as_bytes()) else {
        return StatusCode::BAD_REQUEST;
    };
    match orders.receive_webhook(event).await {
        Ok(_) => StatusCode::OK,
        // The provider will send it again.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Ships paid orders that are not shipped yet: at the start, after each change, and once a minute, because
/// another program may settle an order too.
async fn ship_orders(orders: Orders) {
    let mut changes = orders.changes();
    loop {
        if let Err(error) = ship_paid(&orders).await {
            eprintln!("not shipped yet: {error}");
        }
        let change = tokio::time::timeout(Duration::from_secs(60), changes.next());
        if let Ok(None) = change.await {
            return;
        }
    }
}

async fn ship_paid(orders: &Orders) -> Result<(), Error> {
    for order in orders.unacknowledged(100).await? {
        // Hand the order to the warehouse by its number, and let the warehouse accept each number once: the
        // shop may be killed between this line and the next.
        println!("ship {}", order.number);
        orders.acknowledge(&order.number).await?;
    }
    Ok(())
}

fn number(text: &str) -> Result<TransactionNumber, Failure> {
    TransactionNumber::parse(text)
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

fn failure(error: Error) -> Failure {
    use qris_ledger::Error as LedgerError;
    let status = match &error {
        Error::Ledger(LedgerError::Absent) => StatusCode::NOT_FOUND,
        Error::Ledger(
            LedgerError::Conflict { .. }
            | LedgerError::OtherReference
            | LedgerError::State { .. }
            | LedgerError::UsedEarlier { .. },
        ) => StatusCode::CONFLICT,
        Error::Provider(qris_api::Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unanswered(_) | Error::TooSoon { .. } | Error::StillRequested { .. } => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, error.to_string())
}
