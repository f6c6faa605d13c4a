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
//! | `GET /api/stream?number=…&counter=…` | one stream for several invoices and counters, as the pages use it |
//! | `GET`, `PUT /api/counters/{till}` | what the customer display of a counter shows: `{"number"}`, kept in memory |
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
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | a request's head, from its first byte | 10 s; a new connection may say nothing for as long |
//! | a request's body | 10 s, else 408; 16 KiB, else 413 |
//! | a connection between two requests | 60 s |
//! | connections | 1,024, and fewer where the process may open few files: 448 with 1,024 files |
//! | connections from one address | a quarter of that; an IPv6 network of 64 bits is one address |
//! | wrong tokens from one address | 20, and one more each 3 s; others get 429 with `Retry-After` |
//!
//! [`serve`] raises the limit of open files of the process to 4,096 on Unix, where the system
//! allows it. Half of the files, at most 128, are kept for the database and for calls to the
//! provider, and of the rest half again, because a charge calls the provider. If all connections
//! are taken, the one that has been without a request for the longest time is closed for a new
//! one; a request that is being answered and a stream of events are never cut off.
//!
//! A wrong token, the webhook's too, is answered after 1 s, then 2, then 4. The right token is
//! always let in, from the same address too. Requests from loopback, where a reverse proxy passes
//! on those of many, may take all connections, and their wrong tokens count together: headers such
//! as `X-Forwarded-For` are not read. Limit each client in the proxy.
//!
//! # Metrics
//!
//! Besides charges, checks, payments and webhooks: `qris_connections` and `qris_watchers` are open
//! connections and streams; `qris_connections_closed_total` counts those cut off, by `reason`:
//! `too-slow`, `crowded-out`, `refused` (its address has as many as it may have);
//! `qris_logins_refused_total` counts wrong tokens, by `outcome`: `wrong` was answered late,
//! `too-many` got 429.
//!
//! # What it does not do
//!
//! TLS: put a reverse proxy before it. Without a [`Token`] it listens on this machine only.
#![forbid(unsafe_code)]

mod api;
mod books;
mod cancel;
mod candidates;
mod connections;
mod counters;
mod error;
mod events;
mod failed_logins;
mod guard;
mod live;
mod log;
mod metrics;
mod open_files;
mod pages;
mod reference;
mod request_body;
mod resolve;
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
