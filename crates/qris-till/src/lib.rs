//! The service of a shop: it charges orders, watches payments, settles each once, and shows it live.
//!
//! ```no_run
//! use qris_api::{ApiKey, Client, MerchantId};
//! use qris_till::Settings;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(ApiKey::parse("139139220920202")?, MerchantId::parse("195255685725")?);
//! let settings = Settings::main(client, "sqlite://qris.db");
//! qris_till::log_to_stderr();
//! // Until Ctrl-C or SIGTERM.
//! qris_till::serve(settings, |address| println!("open http://{address}")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Routes
//!
//! | where | what |
//! |---|---|
//! | `/pay/{secret}` | the page of one order for its payer: see [payment pages](crate#payment-pages) |
//! | `/`, `/display`, `/kiosk`, `/report`, `/settlement`, `/bills`, `/shift` | pages for the cashier, the customer, customers without a cashier, the owner and the biller |
//! | `POST /api/orders` | charges: `{"number","amount"}`; optional are `channel`, `tip`, `description`, `reference`, `metadata`, `due_at`, `shown_seconds`, `notify_url`, `return_url`, `code`; the same request again returns the same order |
//! | `GET /api/orders` | a page of orders, newest first: `{"orders","next_cursor"}`, by `state`, `channel`, `from`, `to`, `search`, `limit`, `cursor`; with `unacknowledged=true` the paid orders that nobody has acknowledged, oldest first, by `channel`, `limit`, `cursor` |
//! | `GET /api/orders/{number}` | one order with all of its codes; with `while=STATE&wait=SECONDS` (at most 60) the answer comes when the state changes or the time is up |
//! | `GET /api/orders/{number}/qr.svg`, `qr.png`, `qr.escpos` | the picture of the shown code |
//! | `GET /api/orders/{number}/story` | the history of the order, step by step, with who did it |
//! | `GET /api/orders/{number}/receipt.html`, `receipt.txt`, `receipt.escpos` | the receipt of a paid order, or the slip with the code of an order that can be paid: see [receipts](crate#receipts) |
//! | `POST /api/orders/{number}/print` | prints either at a printer of the shop: `{"printer","what"}` with `receipt` or `qr`; 202 as soon as it is in the queue |
//! | `GET /api/printers` | the printers and their states |
//! | `GET /api/receipts/{code}` | the paid order whose receipt has this code |
//! | `GET /api/orders/{number}/events` | server-sent events: the order now, and each change |
//! | `POST /api/orders/{number}/check`, `renew`, `cancel`, `resolve` | the cashier's buttons: see [renewing](crate#renewing) |
//! | `POST /api/orders/{number}/acknowledge` | records that a paid order is fulfilled |
//! | `GET /api/events?since=CURSOR` | all events, as a list or, with `Accept: text/event-stream`, a stream |
//! | `GET`, `POST /api/endpoints`, `GET`, `DELETE …/{id}`, `POST …/{id}/enable`, `disable`, `rotate` | the receivers of events: see [events](crate#events-for-other-programs) |
//! | `GET /api/deliveries`, `…/{id}`, `POST …/{id}/redeliver` | sent events and their results |
//! | `GET /api/attention` | what needs a person: unknown outcomes, orders without an answer after their end, webhooks of invoices that are not recorded, invalid rows |
//! | `GET /api/webhooks/unbooked` | webhooks of invoices that are not recorded |
//! | `GET`, `POST /api/plans`, `GET`, `PATCH …/{id}`, `POST …/{id}/pause`, `resume`, `end` | recurring bills: each plan makes an order every week, month or year |
//! | `GET /api/bills` | unpaid bills, or bills paid this month; with totals |
//! | `GET`, `POST /api/shifts`, `GET …/{id}`, `POST …/{id}/close` | shifts: opened with a name, added up at any time (X), closed for good (Z): see [shifts](crate#shifts) |
//! | `GET /api/shifts/{id}/report.html`, `report.txt` | the report to print, for paper of `width` 58 or 80 mm |
//! | `GET /api/report` | totals by day, channel or merchant, payments, overpaid orders; as JSON or CSV |
//! | `GET`, `POST /api/settlements` | `GET`: the differences between settled and recorded payments, as JSON or CSV; `POST`: imports a table of the portal, which is the body: see [settlements](crate#settlements) |
//! | `POST /api/settlements/{key}/book` | records an order from a settlement line without one, once |
//! | `GET /api/stream?number=…&counter=…` | one stream for several orders and counters, as the pages use it |
//! | `GET`, `PUT /api/counters/{till}` | the order that the customer display of a counter shows: `{"number"}`, kept in memory |
//! | `GET`, `POST`, `DELETE /api/session` | who is signed in, signing in and out: see [people](crate#people) |
//! | `POST /api/tickets` | a ticket that opens one stream of events: see [other sites](crate#pages-of-other-sites) |
//! | `POST /webhook/{token}` | the provider's webhook; it only triggers a check |
//! | `GET /healthz`, `/readyz`, `/metrics`, `/openapi.json` | for monitoring and client generators: see [health](crate#health) |
//!
//! An error answer is `{"error": "stable-word", "message": "…"}`. An unknown query parameter and a body
//! that is not JSON are refused with 400 `bad-request`. A value of the wrong type or outside the bounds of
//! `/openapi.json` is refused with 422 `invalid`: `amount: expected whole rupiah as a number of
//! digits only, such as 25578, found 25578.5`. A message never repeats what may be a person's name.
//!
//! # People
//!
//! A request is authenticated by the cookie of a session or by a bearer token. A session begins with a
//! user's name and PIN, on the sign-in page or with `POST /api/session {"name","pin"}`. It can also begin
//! with a token, `{"token"}`: the till's own token ([`Settings::token`]), which is the owner's, or the token
//! of a display. The cookie has a random secret, `HttpOnly` and `SameSite=Strict`. Over TLS, which the proxy
//! reports in `X-Forwarded-Proto`, its name is `__Host-qris_till`. The database has only hashes: argon2id of
//! a [`Pin`], SHA-256 of a [`Secret`].
//!
//! A session ends with `DELETE /api/session`, with the next sign-in of the same browser, after
//! [`Settings::idle_timeout`] without a request, with a new PIN, and when its user is revoked. The session of
//! a display ends with its token. `qris user` and `qris token` write to the database; a running till sees a
//! change within two seconds, and open streams of events end within five.
//!
//! After five wrong PINs a name has to wait for 30 s. The wait doubles with each further wrong PIN, up to 15
//! minutes. The database counts them, so a restart changes nothing. An unknown name gets the same answer
//! after the same time. An address may send 20 wrong PINs, and one more every 3 s.
//!
//! A till on loopback without a token needs no sign-in until there is a user. Each event says who did it: the
//! user's name, `token NAME`, `owner token`, or `cashier` without sign-in.
//!
//! # Pages of other sites
//!
//! A page of another site may use the API only if the site is in [`Settings::allow_origins`]. It sends the
//! token in the header `Authorization`; cookies are only for the till's own pages. An `EventSource` cannot
//! send a header, so the page requests a ticket with `POST /api/tickets` and opens
//! `/api/orders/{number}/events?ticket=…`, or another stream of events. A ticket opens one stream, within
//! a minute, and nothing else.
//!
//! # Renewing
//!
//! A code is shown for half an hour; its order may live longer. `POST …/renew` requests a new code when the
//! last one is no longer shown. Every older code is checked first, unless it was checked in the last minute,
//! because the payer may have paid it just now. Two codes of one order are never shown at the same time.
//!
//! | answer | means |
//! |---|---|
//! | 201 | there is a new code |
//! | 200 | an older code was paid: the order is paid, and there is no new code |
//! | 409 `too-early` | its code is still shown, or another one is being requested |
//! | 409 `outcome-unknown` | it is not known whether one of its codes was made: resolve that first |
//! | 503 `not-checked`, 429 `too-soon` | an older code could not be checked, or not yet: no new code; try again after `Retry-After` |
//! | 502 `outcome-unknown` | the provider did not answer: the order is `unknown` |
//!
//! If two codes of an order are paid anyway, the order is paid once, and `overpaid` is the amount paid in
//! excess.
//!
//! # Events for other programs
//!
//! The ledger records each event in the transaction of the change; its documentation lists the types. Each
//! event is delivered to the endpoints that subscribe to its type, signed as defined by Standard Webhooks
//! ([`SigningSecret`]): at least once, and in order within one order. The first try is immediate, the next
//! ones follow after 5 s, 1 min, 5 min, 30 min and 2 h, then every 6 h for three days. An answer of 200 to
//! 299 accepts an event, 410 disables the endpoint. At most four tries are active per endpoint, one if the
//! last try failed, and 64 in total. If several tills share a database, one of them makes each try. A try
//! whose till was killed is repeated 20 s later. A delivery is deleted 30 days after it was accepted or given
//! up. Events are not deleted, so `/api/events?since=CURSOR` lists all of them.
//!
//! A try takes at most 10 s, follows no redirect, uses no proxy, and reads 16 KiB of the answer. Allowed are
//! public addresses over https, addresses of this machine, and addresses in [`Settings::private_networks`].
//! The connection goes to the address that was checked. A certificate must name the host and be from an
//! authority that the system trusts or that is in [`Settings::ca_file`]. The metric `qris_deliveries_total`
//! counts tries by `outcome`: `taken`, `failed`, `given-up`.
//!
//! The database has the secrets of endpoints in plain text, because they are needed for signing. A SQLite
//! file is readable only by its owner.
//!
//! # Payment pages
//!
//! Each order has a page for its payer, at the `pay_url` of its JSON: shop, amount, code, a picture of the
//! code to save, and the result. The page needs only the secret in its link. Reading the page sends nothing
//! to the provider, because messengers read links too. The script of an opened page requests the first code
//! of an `open` order. A button requests a new code after the last one, once a minute and at most 20 times
//! per order. The page updates itself: a quarter of the connections may wait at a time, other pages ask every
//! ten seconds. It works without scripts.
//!
//! [`Settings::pay_listen`] serves only these pages, and [`Settings::public_url`] is the beginning of their
//! links: only that address has to be open to the internet. The key for the links is in a file beside a
//! SQLite database, `….pay-key`; the database has only a hash. Keep a copy of the file: without it existing
//! links keep working, but cannot be shown again. With PostgreSQL, name the file in
//! [`Settings::pay_key_file`]; without it `pay_url` is `null`.
//!
//! # Receipts
//!
//! A paid order has a receipt, and an order whose code is shown has a slip with that code. Each is a page,
//! a text of 32 or 48 columns, or commands for a printer. A receipt has a
//! [code](qris_ledger::ReceiptCode) that only the till can make. `GET /api/receipts/{code}` finds its order,
//! and `GET /api/orders?search=CODE` lists that order first. [`Settings::printers`] are the shop's printers.
//! Each has a queue of 50 jobs and its own task, so it does not delay a charge. Connecting may take 3 s, and
//! a printer may accept no data for 5 s. A job of which nothing was sent is tried again for a minute; a job
//! that was partly sent is not.
//!
//! # Shifts
//!
//! A merchant has one open shift at a time. A payment belongs to the shift in which it was recorded, even if
//! its code is older; the report marks a late payment and its reason. `GET /api/shifts/{id}` adds up an open
//! shift at any time (X). `POST …/close` freezes the totals under the shift's number (Z); they never change
//! again. If it is not known whether a code was made, or a check had no answer, closing is refused with 409
//! `unanswered-checks` and the numbers of those orders. With `{"accept_unanswered": true}` the shift is
//! closed, and the report lists them. A payment while no shift is open is listed in the next report, but not
//! included in its sum.
//!
//! # Settlements
//!
//! The provider's API has no call for settlements. The owner saves the table from the portal and imports it
//! on the page `/settlement`, or with `POST /api/settlements`: CSV, TSV or XLSX of at most 8 MiB. Each line is
//! stored once, without its payer. A file with a fault is refused as a whole, with line and column.
//! `preview=yes` returns the first five lines and the recognised columns, and stores nothing.
//! `column_amount=NAME` and so on give the name of a column in the file.
//!
//! If a line says that an order is paid and it is not paid here, the order is checked again at once, within
//! the budget of the key. It becomes paid only if the provider confirms it. A line whose invoice id no order
//! has, such as a payment of a static code, can be recorded with `POST /api/settlements/{key}/book` as an
//! order `SETTLED-…`, once. If the line may belong to an order in the ledger, the answer is 409
//! `likely-orders` with those orders, unless the request has `{"accept_likely": true}`.
//!
//! # Several merchants
//!
//! A till serves all merchants of its [`Settings`]. Each has its own numbers, key, budget and account.
//! `?merchant=NAME` chooses one, also in the addresses of pages (`/?merchant=kios-2`). Without it a request
//! is for `main`, or for the only merchant; if there is neither, it is refused with 404 `unknown-merchant`.
//! The token in a webhook's address identifies the merchant, so no two merchants may have the same token.
//!
//! # How payments are kept safe
//!
//! The intent is recorded before the request to the provider, so a killed process leaves a row that says
//! what is not known. The schedule of checks is in the database too, so any number of tills and processes
//! share one key's budget, and no invoice is lost when one of them stops. Settling is one compare-and-set in
//! the ledger: schedule, button, webhook and a second process together settle once.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | a request's head, from its first byte | 10 s; a new connection may be silent for the same time |
//! | a request's body | 10 s, else 408; 16 KiB, or 8 MiB for a table of settlements, else 413 |
//! | a connection between two requests | 60 s |
//! | connections | 1,024, or fewer if the process may open few files: 448 with 1,024 files |
//! | connections from one address | a quarter of that; an IPv6 network of 64 bits is one address |
//! | wrong tokens and PINs from one address | 20, and one more every 3 s; others get 429 with `Retry-After` |
//!
//! On Unix [`serve`] raises the process's limit of open files to 4,096, if the system allows it. Half of the
//! files, at most 128, are reserved for the database and for calls to the provider; half of the rest is
//! reserved too, because a charge calls the provider. If all connections are taken, the connection that is
//! idle for the longest time is closed for a new one. A request that is being answered and a stream of events
//! are never closed for that.
//!
//! A wrong token or PIN, also a wrong webhook token, is answered after 1 s, then 2, then 4. The right token
//! is always accepted, also from the same address. Requests from loopback, where a reverse proxy forwards the
//! requests of many clients, may take all connections, and their wrong tokens are counted together: headers
//! such as `X-Forwarded-For` are not read. Limit each client in the proxy.
//!
//! # Metrics
//!
//! Metrics count charges, checks, payments and webhooks. `qris_connections` and `qris_watchers` are open
//! connections and streams. `qris_connections_closed_total` counts closed connections by `reason`:
//! `too-slow`, `crowded-out`, `refused` (its address has reached its limit). `qris_waiting` is the number of
//! requests that wait for a change of state. `qris_queries_total` counts database statements; a waiting
//! request runs none. `qris_logins_refused_total` counts wrong tokens and PINs by `outcome`: `wrong` was
//! answered late, `too-many` got 429.
//!
//! `qris_rows_set_aside` is the number of invalid database rows that are skipped in lists, checks and
//! reports. The log has the number and the column of each.
//!
//! # Health
//!
//! Both need no token and answer `{"status":"ok"}`, or 503.
//!
//! | where | ok while |
//! |---|---|
//! | `/readyz` | charges are possible: a test write reached the disk, in the file that was opened; the watcher made a round in the last minute, by a monotonic clock; the provider has not refused the key; the till is not stopping |
//! | `/healthz` | the same, and the database has no invalid row; orders that need a person do not count: `GET /api/attention` lists them |
//!
//! Route requests by `/readyz`, and alert a person by `/healthz`: a restart corrects no row and no key. Both
//! become ok again when the cause is gone. A refused key counts until the provider accepts it, or for 16
//! minutes.
//!
//! # When the database file is replaced
//!
//! Stop the till before you restore a backup. If the file is moved, deleted or replaced while the till runs,
//! the till records and charges nothing, because its open connections use the old file and new ones would use
//! the new file. `/readyz` and `/healthz` answer 503, charges answer 503 `books-unavailable`. When the old file
//! is back in its place, the till continues; to use the new file, restart it.
//!
//! # What it does not do
//!
//! TLS: use a reverse proxy. Without a [`Token`] and without users it listens only on this machine.
#![doc = "\n"]
#![doc = include_str!("permissions.md")]
#![forbid(unsafe_code)]

mod access;
mod actions;
mod api;
mod attention;
mod audience;
mod auth;
mod body;
mod charge;
mod connections;
mod cookie;
mod counter_routes;
mod counters;
mod deliver;
mod deliveries;
mod endpoints;
mod error;
mod events;
mod failed_logins;
mod follow;
mod health;
mod http_error;
mod language;
mod live;
mod log;
mod manifest;
mod merchant;
mod metrics;
mod old_orders;
mod open_files;
mod order_view;
mod orders;
mod origin;
mod outbox;
mod outgoing;
mod pages;
mod pay;
mod payer_names;
mod people;
mod permissions;
mod picture;
mod pin;
mod plans;
mod printers;
mod query;
mod receipt;
mod reference;
mod report;
mod request_body;
mod resolve;
mod secret;
mod security_headers;
mod server;
mod settings;
mod settlements;
mod shifts;
mod show;
mod sign_in;
mod state;
mod story;
mod text;
mod ticket_routes;
mod tickets;
mod till;
mod token;
mod webhook;

pub use error::Error;
pub use log::log_to_stderr;
pub use origin::{InvalidOrigin, Origin};
pub use outgoing::{Network, NotANetwork, SigningSecret};
pub use pin::{NotHashed, Pin, WeakPin};
pub use printers::{
    Drawer, InvalidPrinterAddress, InvalidPrinterName, PrinterConnection, PrinterError,
    PrinterName, PrinterSettings, UnknownDrawer,
};
pub use qris_image::Paper;
pub use qris_orders::{MerchantName, MerchantSettings, WebAddress};
pub use qris_settlement::{Columns as SettlementColumns, Terms as SettlementTerms};
pub use receipt::{ReceiptLanguage, UnknownLanguage};
pub use secret::Secret;
pub use settings::Settings;
pub use till::{Till, serve};
pub use token::{Token, WeakToken};
