//! The service a shop runs: it charges, watches, settles each payment once, and shows it live.
//!
//! ```no_run
//! use qris_api::{ApiKey, Client, MerchantId};
//! use qris_till::Settings;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(ApiKey::parse("139139220920202")?, MerchantId::parse("195255685725")?);
//! let settings = Settings::new(client, "sqlite://qris.db");
//! qris_till::log_to_stderr();
//! // Until Ctrl-C or SIGTERM.
//! qris_till::serve(settings, |address| println!("open http://{address}")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it serves
//!
//! | where | what |
//! |---|---|
//! | `/`, `/display`, `/report` | pages for the cashier, the customer and the owner |
//! | `POST /api/invoices` | charges: `{"number","amount","channel","tip"}`; the same again gives the same invoice |
//! | `GET /api/invoices`, `/api/invoices/{number}` | the last invoices, or one |
//! | `GET /api/invoices/{number}/qr.svg`, `qr.png` | its picture |
//! | `GET /api/invoices/{number}/events` | server-sent events: its state now, and each change |
//! | `POST /api/invoices/{number}/check`, `cancel` | the cashier's buttons |
//! | `GET /api/report` | totals as JSON or CSV |
//! | `POST /webhook/{token}` | the provider's hint that there may be news |
//! | `GET /healthz`, `/metrics`, `/openapi.json` | for programs that look after it |
//!
//! # How it keeps its promises
//!
//! The intent is booked before the provider is asked, so whatever kills the process leaves a row
//! that says what is not known. Who is asked when stands in the books too, so any number of tills
//! and processes share one key's budget, and none of them loses an invoice by dying. Settling is
//! one compare-and-set in the ledger: schedule, button, webhook and a second process together
//! settle once.
//!
//! # What it does not do
//!
//! TLS: put a reverse proxy before it. Without a [`Token`] it listens on this machine only.
#![forbid(unsafe_code)]

mod api;
mod books;
mod connections;
mod error;
mod failed_logins;
mod guard;
mod live;
mod log;
mod metrics;
mod open_files;
mod pages;
mod request_body;
mod server;
mod settings;
mod shop;
mod shown;
mod till;
mod token;
mod watcher;
mod webhook;

pub use error::Error;
pub use log::log_to_stderr;
pub use settings::Settings;
pub use till::{Till, serve};
pub use token::{Token, WeakToken};
