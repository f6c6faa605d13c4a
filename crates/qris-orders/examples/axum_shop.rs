//! A web shop that takes QRIS payments at checkout, and ships each order once.
//!
//! ```sh
//! # Or the real API: leave QRIS_BASE_URL out.
//! qris sandbox --webhook http://127.0.0.1:8000/webhook/7d1e0b55c2a94be2 &
//! export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456
//! export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/
//! cargo run -p qris-orders --example axum_shop
//! curl -d number=INV-1 -d amount=25578 http://127.0.0.1:8000/checkout
//! curl http://127.0.0.1:8000/pay/INV-1    # the picture of its code, for <img src="/pay/INV-1">
//! curl http://127.0.0.1:8000/orders/INV-1 # ask for `state` until it is `paid`
//! curl -d number=INV-1 http://127.0.0.1:8000/renew # a new code, after 30 minutes
//! curl http://127.0.0.1:8000/today        # the orders of today, newest first
//! ```
//!
//! | variable | default |
//! |---|---|
//! | `SHOP_LISTEN` | `127.0.0.1:8000` |
//! | `SHOP_DATABASE` | `sqlite://shop.db`, a file in the current folder; several copies of the shop can share it |
//! | `SHOP_PARCELS` | `parcels`, a folder; it is in place of the shop's own table of parcels |
//!
//! The library's logs go to `tracing`. To see them, add `tracing-subscriber` to your program.
use std::env::{self, VarError};
use std::error::Error as StdError;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{self, PathBuf};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber, webhook};
use qris_image::Drawing;
use qris_orders::{
    Channel, Charged, Error, LedgerError, NewOrder, Order, OrderFilter, Orders, OrdersSettings,
    Renewed, State as OrderState,
};
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let key = ApiKey::parse(env::var("QRIS_API_KEY")?)?;
    let mut client = Client::builder(key, MerchantId::parse(env::var("QRIS_MERCHANT_ID")?)?);
    let base_url = variable("QRIS_BASE_URL", "")?;
    if !base_url.is_empty() {
        client = client.base_url(base_url);
    }
    let database = variable("SHOP_DATABASE", "sqlite://shop.db")?;
    let parcels = PathBuf::from(variable("SHOP_PARCELS", "parcels")?);
    fs::create_dir_all(&parcels)?;
    let listener = TcpListener::bind(variable("SHOP_LISTEN", "127.0.0.1:8000")?).await?;
    let orders = Orders::start(OrdersSettings::main(client, database)).await?;
    let shipping = tokio::spawn(ship_orders(orders.clone(), parcels));
    let app = Router::new()
        // Before you publish these, let each customer reach only their own orders, and nobody else `/today`.
        .route("/checkout", post(checkout))
        .route("/pay/{number}", get(picture))
        .route("/renew", post(renew))
        .route("/orders/{number}", get(show))
        .route("/today", get(today))
        // Keep the path secret: the provider's webhooks are not signed.
        .route("/webhook/7d1e0b55c2a94be2", post(webhook))
        .with_state(orders.clone());
    let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    axum::serve(listener, app).with_graceful_shutdown(interrupted).await?;
    shipping.abort();
    // The charges in progress finish first.
    orders.stop().await;
    Ok(())
}

fn variable(name: &str, default: &str) -> Result<String, VarError> {
    match env::var(name) {
        Err(VarError::NotPresent) => Ok(default.to_owned()),
        found => found,
    }
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

/// Records an order and requests its code. The same number and amount again return the same order, in any state.
async fn checkout(State(orders): State<Orders>, Form(cart): Form<Checkout>) -> Answer {
    let mut order = NewOrder::new(number(&cart.number)?, Rupiah::new(cart.amount));
    order.channel = Channel::Ecommerce;
    let (Charged::Created(order) | Charged::Known(order)) =
        orders.charge(&order).await.map_err(failure)?;
    match order.state_at(orders.now()) {
        OrderState::Pending | OrderState::Paid => Ok(Json(order)),
        state => Err(no_code(state)),
    }
}

/// The code as a picture. It only reads, so a page may load it as often as it likes.
async fn picture(
    State(orders): State<Orders>,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    let order = orders.find(&number(&text)?).await.map_err(failure)?;
    match order.state_at(orders.now()) {
        OrderState::Pending => {
            let content = order.invoice.map(|code| code.qris_content).unwrap_or_default();
            let svg = Drawing::parse(&content).and_then(|drawing| drawing.svg());
            let svg = svg.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
            let headers =
                [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
            Ok((headers, svg).into_response())
        }
        state => Err(no_code(state)),
    }
}

/// What a shop's page does in a state without a code to show.
fn no_code(state: OrderState) -> Failure {
    let words = match state {
        OrderState::Paid => "it is paid",
        OrderState::Pending => "its code is shown: load /pay",
        OrderState::Expired => "its code is no longer shown: offer a button that posts to /renew",
        OrderState::Open | OrderState::Rejected => {
            "it has no code: offer a button that posts to /checkout"
        }
        OrderState::Requested => "its code is being requested: ask again in a few seconds",
        OrderState::Cancelled => "it was cancelled: use a new number",
        OrderState::Unknown => {
            "it is not known whether it has a code: do not charge it again; a person has to look, \
             see `qris order resolve`"
        }
    };
    (StatusCode::CONFLICT, words.to_owned())
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

async fn today(State(orders): State<Orders>) -> Result<Json<Vec<Order>>, Failure> {
    let mut filter = OrderFilter::default();
    filter.from = Some(orders.now().date());
    let listed = orders.read(move |ledger| ledger.orders(&filter, 1_000)).await;
    Ok(Json(listed.map_err(|error| failure(error.into()))?))
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
async fn ship_orders(orders: Orders, parcels: PathBuf) {
    let mut changes = orders.changes();
    loop {
        match orders.unacknowledged(100).await {
            Ok(paid) => {
                for order in paid {
                    // One order that fails must not stop the others. It is in the list again next time.
                    if let Err(error) = ship(&orders, &parcels, &order).await {
                        eprintln!("{} is not shipped yet: {error}", order.number);
                    }
                }
            }
            Err(error) => eprintln!("could not read the paid orders: {error}"),
        }
        let change = tokio::time::timeout(Duration::from_secs(60), changes.next());
        if let Ok(None) = change.await {
            return;
        }
    }
}

/// Every copy of the shop sees a paid order until one has acknowledged it. So the parcel is recorded first, once
/// for a number: two copies make one parcel. If the shop is killed between the two steps, it finds the parcel at
/// its next start and only acknowledges the order. (A second payment of an order makes no parcel: to refund it,
/// look for `order.overpaid` in `Orders::events`.)
async fn ship(
    orders: &Orders,
    parcels: &path::Path,
    order: &Order,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    // It had expired or was cancelled, so its goods may be sold: a person decides whether to ship or to refund.
    let kind = if order.is_paid_late() { "look" } else { "ship" };
    let parcel = parcels.join(file_name(order.number.as_str())).with_extension(kind);
    // In a real shop: `INSERT INTO parcel (number) VALUES ($1) ON CONFLICT DO NOTHING`.
    match File::create_new(parcel) {
        Ok(_) => println!("{kind} {}", order.number),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    orders.acknowledge(&order.number).await?;
    Ok(())
}

/// A number can have characters that a file's name cannot have.
fn file_name(number: &str) -> String {
    number.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn number(text: &str) -> Result<TransactionNumber, Failure> {
    TransactionNumber::parse(text)
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

fn failure(error: Error) -> Failure {
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
