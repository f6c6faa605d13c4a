//! Takes QRIS payments for orders: requests codes, watches them, and records each payment once.
//!
//! ```
//! use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber};
//! use qris_orders::{NewOrder, Orders, OrdersSettings, State};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = qris_sandbox::Sandbox::start().await?;
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
//! # /*
//! let url = "sqlite://shop.db";
//! # */
//! // The sandbox replaces the provider here; without `base_url` the client calls the real one.
//! let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
//!     .base_url(sandbox.base_url());
//! let orders = Orders::start(OrdersSettings::main(client, url)).await?;
//!
//! // At the checkout: record the order and request its code.
//! let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
//! let order = orders.charge(&order).await?.into_known()?;
//! println!("draw {:?}", order.invoice.map(|invoice| invoice.qris_content));
//! # sandbox.pay(order.invoices[0].qris_invoiceid.ok_or("no id")?.get())?;
//!
//! // The customer pays. The watcher finds the payment; a check finds it at once.
//! orders.check_and_wait(&order.number).await?;
//! for order in orders.unacknowledged(100).await? {
//!     assert_eq!(order.state, State::Paid);
//!     println!("ship {}", order.number);
//!     orders.acknowledge(&order.number).await?;
//! }
//! # assert!(orders.unacknowledged(100).await?.is_empty());
//! orders.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! | to | use |
//! |---|---|
//! | charge and watch orders in a tokio program | [`Orders`], [`OrdersSettings`] |
//! | handle a failure | [`Error`], [`state_after`] |
//! | ship paid orders | [`Orders::unacknowledged`], [`Orders::acknowledge`], [`Changes`] |
//! | learn of second and late payments, also after a crash | [`Orders::events`] with a cursor |
//! | end an unknown outcome | [`Orders::resolve_paid`], [`Orders::resolve_not_made`] |
//! | take the provider's webhooks | [`Orders::receive_webhook`] |
//! | read lists and reports | [`Orders::read`] with the methods of [`qris_ledger::Ledger`] |
//! | serve several merchants | [`MerchantSettings`], [`Orders::for_merchant`] |
//! | monitor | [`Orders::is_ready`], [`Counters`], [`Health`] |
//! | use another provider, database layer or clock | [`OrderService`] with [`Provider`], [`SharedLedger`], [`Clock`] |
//!
//! The feature `postgres`, on by default, adds PostgreSQL to SQLite. The crate draws no pictures: use `qris-image`.
//! It does not refund, because the provider has no call for that. It logs with [`tracing`]: without a subscriber no
//! line is printed.
//!
//! The crate's `README.md` explains what a web shop needs: shipping once, webhooks, and unknown outcomes.
#![forbid(unsafe_code)]

mod bills;
mod cancel;
mod changes;
mod charge;
mod check;
mod context;
mod counters;
mod created;
mod error;
mod events;
mod health;
mod interfaces;
mod older_codes;
mod order;
mod orders;
mod pool;
mod renew;
mod resolve;
mod service;
mod settings;
mod settled;
mod watch;
mod webhook;

pub use changes::{Change, Changes};
pub use check::{Checked, WaitEvent, Waited};
pub use context::Context;
pub use counters::{Count, Counters};
pub use error::{Error, state_after};
pub use health::Health;
pub use interfaces::{Clock, Provider, SharedLedger, SystemClock};
pub use order::{Cancelled, Charged, Renewed, Resolved, WebhookOutcome};
pub use orders::Orders;
pub use pool::{LedgerPool, Suspended};
pub use qris_ledger::{
    Actor, Channel, Error as LedgerError, EventType, InvoiceState, Ledger, MerchantName, NewOrder,
    Order, OrderFilter, OrderInvoice, OutboxEvent, PayKey, PayLinks, State, WebAddress,
};
pub use service::{Merchant, OrderService};
pub use settings::{MerchantSettings, OrdersSettings, abandon_time, answer_time, claim_time};

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
