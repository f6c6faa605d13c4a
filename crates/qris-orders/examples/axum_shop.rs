//! A web shop that takes QRIS payments at checkout, and ships each order once.
//!
//! ```sh
//! qris sandbox &   # or the real API: leave QRIS_BASE_URL out
//! export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
//! export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
//! cargo run -p qris-orders --example axum_shop
//! curl -d number=INV-1 -d amount=25578 http://127.0.0.1:8000/checkout
//! curl http://127.0.0.1:8000/orders/INV-1
//! ```
use std::env::{self, VarError};
use std::error::Error as StdError;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber, webhook};
use qris_orders::{Channel, Charged, Error, NewOrder, Order, Orders, OrdersSettings};
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
        .route("/checkout", post(checkout))
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

type Answer = Result<Json<Order>, (StatusCode, String)>;

/// Requests a code, to be drawn from `qris_content`.
async fn checkout(State(orders): State<Orders>, Form(cart): Form<Checkout>) -> Answer {
    let mut order = NewOrder::new(number(&cart.number)?, Rupiah::new(cart.amount));
    order.channel = Channel::Ecommerce;
    match orders.charge(&order).await.map_err(refusal)? {
        Charged::Created(order) | Charged::Known(order) => Ok(Json(order)),
    }
}

async fn show(State(orders): State<Orders>, Path(text): Path<String>) -> Answer {
    Ok(Json(orders.find(&number(&text)?).await.map_err(refusal)?))
}

/// A webhook is no proof of payment: it only makes a check of the order due.
async fn webhook(State(orders): State<Orders>, body: String) -> StatusCode {
    let Ok(hint) = webhook::WebhookEvent::parse(body.as_bytes()) else {
        return StatusCode::BAD_REQUEST;
    };
    match orders.receive_webhook(hint).await {
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

fn number(text: &str) -> Result<TransactionNumber, (StatusCode, String)> {
    TransactionNumber::parse(text)
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

fn refusal(error: Error) -> (StatusCode, String) {
    let status = match &error {
        Error::Ledger(qris_ledger::Error::Absent) => StatusCode::NOT_FOUND,
        Error::Ledger(qris_ledger::Error::Conflict { .. } | qris_ledger::Error::OtherReference) => {
            StatusCode::CONFLICT
        }
        Error::Ledger(qris_ledger::Error::UsedEarlier { .. }) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, error.to_string())
}
