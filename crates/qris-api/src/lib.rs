//! Creates and checks QRIS invoices over the InterActive Open API, and never lies about money.
#![forbid(unsafe_code)]

mod client;
mod content;
mod credentials;
mod error;
mod invoice;
mod payment;
mod reply;
mod wib;

pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use content::Field;
pub use credentials::{ApiKey, MerchantId};
pub use error::{Cause, Error, Invalid, Reason};
pub use invoice::{Invoice, InvoiceId, Rupiah, Tip, TransactionNumber};
pub use payment::Payment;
pub use wib::WibTime;
