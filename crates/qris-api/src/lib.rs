//! Creates and checks QRIS invoices over the InterActive Open API, and never lies about money.
#![forbid(unsafe_code)]

pub mod blocking;
mod budget;
mod client;
pub mod clock;
mod content;
mod credentials;
mod error;
mod invoice;
mod payment;
mod reply;
mod schedule;
mod wait;
pub mod webhook;
mod wib;

pub use budget::CheckBudget;
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use content::Field;
pub use credentials::{ApiKey, MerchantId};
pub use error::{Cause, Error, Invalid, Reason};
pub use invoice::{Invoice, InvoiceId, Rupiah, Tip, TransactionNumber};
pub use payment::Payment;
pub use schedule::Schedule;
pub use wait::{Check, Nudge, Press, Trigger, Wait};
pub use wib::WibTime;
