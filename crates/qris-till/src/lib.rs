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
//! | `GET /healthz`, `/readyz`, `/metrics`, `/openapi.json` | for programs that look after it: see [health](crate#health) |
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
//! `qris_rows_set_aside` is how many rows of the database are left out because they make no sense:
//! lists, checks and reports go on without them. The log says the number and the column of each.
//!
//! # Health
//!
//! Both need no token and say `{"status":"ok"}`, or answer with 503.
//!
//! | where | ok while |
//! |---|---|
//! | `/readyz` | charges can be taken: what was booked as a trial is on disk, in the file that was opened; the watcher made a round in the last minute, by a clock that nobody sets; the provider has not refused the key; the till is not stopping |
//! | `/healthz` | the same, and no row of the database makes no sense: nothing needs a person |
//!
//! Send requests by `/readyz`, and tell a person by `/healthz`: a restart corrects no row and no
//! key. Both are ok again by themselves when the cause is gone. A refused key counts until the
//! provider takes it, or for 16 minutes.
//!
//! # When the database file is replaced
//!
//! Stop the till before a backup is restored. If the file is moved, deleted or replaced while the
//! till runs, it books nothing and charges nothing, because the connections that it has open lead to
//! the old file and new ones would lead to the new one: `/readyz` and `/healthz` answer with 503,
//! charges with 503 `books-unavailable`. With the old file in its place it goes on by itself; to use
//! the new one, start it again.
//!
//! # What it does not do
//!
//! TLS: put a reverse proxy before it. Without a [`Token`] it listens on this machine only.
#![forbid(unsafe_code)]

mod actions;
mod api;
mod attention;
mod charge;
mod connections;
mod counters;
mod error;
mod events;
mod failed_logins;
mod guard;
mod health;
mod http_error;
mod live;
mod log;
mod merchant;
mod metrics;
mod open_files;
mod order_view;
mod orders;
mod pages;
mod picture;
mod reference;
mod report;
mod request_body;
mod resolve;
mod server;
mod settings;
mod till;
mod token;
mod webhook;

pub use error::Error;
pub use log::log_to_stderr;
pub use qris_orders::{MerchantName, MerchantSettings};
pub use settings::Settings;
pub use till::{Till, serve};
pub use token::{Token, WeakToken};
