//! The use case of orders, once: charge, check, settle, cancel, resolve, over a provider, a ledger
//! and a clock.
#![forbid(unsafe_code)]

mod context;
mod seams;

pub use context::{Actor, Context, MerchantName};
pub use seams::{Clock, Provider, SharedLedger, SystemClock};
