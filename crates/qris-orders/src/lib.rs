//! Charges, checks, settles, cancels and resolves orders, over a provider, a ledger and a clock.
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
    Actor, Channel, MerchantName, NewOrder, Order, PayKey, PayLinks, State, WebAddress,
};
pub use service::{Merchant, OrderService};
pub use settings::{MerchantSettings, OrdersSettings, abandon_time, answer_time, claim_time};

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
