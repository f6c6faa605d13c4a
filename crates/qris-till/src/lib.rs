//! The service a shop runs: it charges, watches, settles each payment once, and shows it live.
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
//! # What it serves
//!
//! | where | what |
//! |---|---|
//! | `/pay/{secret}` | the page of one order for its payer: see [payers' pages](crate#payers-pages) |
//! | `/`, `/display`, `/kiosk`, `/report`, `/settlement`, `/bills`, `/shift` | pages for the cashier, the customer, customers without a cashier, the owner and the biller |
//! | `POST /api/orders` | charges: `{"number","amount"}` and what may be absent: `channel`, `tip`, `description`, `reference`, `metadata`, `due_at`, `shown_seconds`, `notify_url`, `return_url`, `code`; the same again gives the same order |
//! | `GET /api/orders` | a page of orders, newest first: `{"orders","next_cursor"}`, by `state`, `channel`, `from`, `to`, `search`, `limit`, `cursor`; or the paid ones that nobody has acknowledged, with `unacknowledged=true` |
//! | `GET /api/orders/{number}` | one order, with all of its codes; with `while=STATE&wait=SECONDS` (at most 60) the answer comes as soon as the state is another one, or when the time is up |
//! | `GET /api/orders/{number}/qr.svg`, `qr.png`, `qr.escpos` | the picture of the code that is shown |
//! | `GET /api/orders/{number}/story` | what happened to it, step by step, and who did it |
//! | `GET /api/orders/{number}/receipt.html`, `receipt.txt`, `receipt.escpos` | the receipt of a paid order, or the slip with the code of one that can be paid: see [receipts](crate#receipts) |
//! | `POST /api/orders/{number}/print` | prints either at a printer of the shop: `{"printer","what"}` with `receipt` or `qr`; 202 as soon as it waits in the queue |
//! | `GET /api/printers` | the printers, and how they are |
//! | `GET /api/receipts/{code}` | the paid order whose receipt has this code |
//! | `GET /api/orders/{number}/events` | server-sent events: the order now, and each change |
//! | `POST /api/orders/{number}/check`, `renew`, `cancel`, `resolve` | the cashier's buttons: see [renewing](crate#renewing) |
//! | `POST /api/orders/{number}/acknowledge` | a program has shipped what was paid |
//! | `GET /api/events?since=CURSOR` | everything that is told, as a list or, with `Accept: text/event-stream`, a stream |
//! | `GET`, `POST /api/endpoints`, `GET`, `DELETE …/{id}`, `POST …/{id}/enable`, `disable`, `rotate` | where events are delivered to: see [events](crate#events-for-other-programs) |
//! | `GET /api/deliveries`, `…/{id}`, `POST …/{id}/redeliver` | what was sent where, and what came of it |
//! | `GET /api/attention` | what needs a person: unknown outcomes, orders without an answer after their end, webhooks of invoices that are not booked, rows that make no sense |
//! | `GET /api/webhooks/unbooked` | what webhooks said of invoices that are not booked |
//! | `GET`, `POST /api/plans`, `GET`, `PATCH …/{id}`, `POST …/{id}/pause`, `resume`, `end` | recurring bills: each plan makes an order a week, month or year |
//! | `GET /api/bills` | who owes what since when, or what was paid this month; with totals |
//! | `GET`, `POST /api/shifts`, `GET …/{id}`, `POST …/{id}/close` | shifts: opened with a name, added up at any time (X), closed for good (Z): see [shifts](crate#shifts) |
//! | `GET /api/shifts/{id}/report.html`, `report.txt` | the report to be printed, for paper of `width` 58 or 80 mm |
//! | `GET /api/report` | totals by day, channel or merchant, payments, overpaid orders; as JSON or CSV |
//! | `GET`, `POST /api/settlements` | the day's end: where what the provider settled differs from what is booked, as JSON or CSV; a table of the portal as the body: see [settlements](crate#settlements) |
//! | `POST /api/settlements/{key}/book` | books an order from a line that is not booked, once |
//! | `GET /api/stream?number=…&counter=…` | one stream for several orders and counters, as the pages use it |
//! | `GET`, `PUT /api/counters/{till}` | what the customer display of a counter shows: `{"number"}`, kept in memory |
//! | `GET`, `POST`, `DELETE /api/session` | who is signed in, signing in and out: see [people](crate#people) |
//! | `POST /api/tickets` | a ticket that opens one stream of events: see [other sites](crate#pages-of-other-sites) |
//! | `POST /webhook/{token}` | the provider's hint that there may be news |
//! | `GET /healthz`, `/readyz`, `/metrics`, `/openapi.json` | for programs that look after it: see [health](crate#health) |
//!
//! A refusal is `{"error": "stable-word", "message": "…"}`. A query that `/openapi.json` does not name and a
//! body that is not JSON are refused with 400 `bad-request`, and what is not of the type or within the
//! bounds that it says with 422 `invalid`: `amount: expected whole rupiah as a number such as 25578, found
//! 25578.5`. A message never repeats what may be a person's name.
//!
//! # People
//!
//! Somebody is let in with the cookie of a session or with a bearer token. A session begins with a user's
//! name and PIN, on the sign-in page or with `POST /api/session {"name","pin"}`; or with a token,
//! `{"token"}`: the till's own ([`Settings::token`]), which is the owner's, or that of a display. The cookie
//! has a random secret, `HttpOnly` and `SameSite=Strict`; over TLS, which `X-Forwarded-Proto` says, its name
//! is `__Host-qris_till`. The database has hashes alone: argon2id of a [`Pin`], SHA-256 of a [`Secret`].
//!
//! A session ends with `DELETE /api/session`, with the next sign-in of the same browser, after
//! [`Settings::idle_timeout`] without a request, with another PIN, and when its user is revoked; that of a
//! display ends with its token. `qris user` and `qris token` write to the database; a running till knows of
//! it within two seconds, and a stream of events ends within five.
//!
//! Five wrong PINs for a name make it wait for 30 s, and each one more for twice as long, up to 15
//! minutes; the database counts, so a restart changes nothing. A name that nobody has gets the same
//! answer after the same time. An address has 20 wrong PINs, and one more each 3 s.
//!
//! A till on loopback without a token asks nobody until there is a user. Each event says who did it: the
//! user's name, `token NAME`, `owner token`, or `cashier` where nobody is asked.
//!
//! # Pages of other sites
//!
//! A page of another site may use the API only if [`Settings::allow_origins`] has the site. It sends the
//! token in the header `Authorization`; cookies are for the till's own pages. An `EventSource` cannot
//! send a header: the page asks for a ticket with `POST /api/tickets` and opens
//! `/api/orders/{number}/events?ticket=…`, or another stream of events. A ticket opens one stream, within
//! a minute, and nothing else.
//!
//! # Renewing
//!
//! A code is shown for half an hour; its order may live longer. `POST …/renew` asks for another code
//! once the last is no longer shown. Every older code is checked first, unless it was within the last
//! minute: the payer may have paid it just now. Two codes of one order are never shown at the same
//! time.
//!
//! | answer | means |
//! |---|---|
//! | 201 | there is a new code |
//! | 200 | an older code was paid: the order is paid, and there is no new code |
//! | 409 `too-early` | its code is still shown, or another is being asked for |
//! | 409 `outcome-unknown` | it is not known whether one of its codes was made: resolve that first |
//! | 503 `not-checked`, 429 `too-soon` | an older code could not be checked, or not yet: no new code; try again after `Retry-After` |
//! | 502 `outcome-unknown` | the provider did not answer: the order is `unknown` |
//!
//! If two codes of an order are paid all the same, the order is paid once, and `overpaid` says how
//! much came beyond its amount.
//!
//! # Events for other programs
//!
//! The ledger books what other programs are told, in the transaction of what it tells; see its page for
//! the types. Each event is delivered to the endpoints that want it, signed as Standard Webhooks says
//! ([`SigningSecret`]): at least once, and in order within one order. Tries are made at once, after 5 s,
//! 1 min, 5 min, 30 min and 2 h, and then every 6 h for three days. 200 to 299 takes an event, 410 ends the
//! endpoint. Each endpoint has four tries under way at most, and one where the last failed; 64 are under
//! way at all. Of several tills on one database, one makes each try; a try whose till was killed is made
//! again 20 s later. A delivery is deleted 30 days after it was taken or given up; events are not, so
//! `/api/events?since=CURSOR` lists all of them.
//!
//! A try takes 10 s at most, follows no redirect, uses no proxy, and reads 16 KiB of the answer. Addresses
//! are public ones over https, those of this machine, and those of [`Settings::private_networks`]: the
//! address that is connected to is the one that was judged. A certificate has to be of an authority that
//! the system trusts or that is in [`Settings::ca_file`], and has to name the host. Metrics
//! count tries: `qris_deliveries_total`, by `outcome`: `taken`, `failed`, `given-up`.
//!
//! The database has the secrets of endpoints as they are, because they must sign. A SQLite file can be read
//! by its owner alone.
//!
//! # Payers' pages
//!
//! Each order has a page for its payer, at the `pay_url` of its JSON: shop, amount, the code, its picture to
//! save, and what came of it. The secret in the link is all that it asks for. Reading the page asks the
//! provider for nothing, because messengers read links too: the script of an opened page asks for the
//! first code of an `open` order, and a button for another one where the last is over, once a minute
//! and 20 times an order at most. It follows by itself, a quarter of the connections at a time; the others
//! ask every ten seconds. It works without scripts.
//!
//! [`Settings::pay_listen`] serves these pages alone, and [`Settings::public_url`] is what their links begin
//! with: only that address has to be open to the internet. A link is made with a key that is in a file
//! beside a SQLite database, `….pay-key`, and not in the database, which has a hash. Keep a copy of the file:
//! without it the links go on working, but cannot be shown again. With PostgreSQL name it in
//! [`Settings::pay_key_file`]; until then `pay_url` is `null`.
//!
//! # Receipts
//!
//! A paid order has a receipt, and an order whose code is shown has a slip with that code; each is a page,
//! a text of 32 or 48 columns, or commands for a printer. A receipt carries a
//! [code](qris_ledger::ReceiptCode) that only the till can make; `GET /api/receipts/{code}` finds the
//! order that it belongs to, and `GET /api/orders?search=CODE` has that order first. [`Settings::printers`]
//! are the shop's printers. Each has a queue of 50 jobs and a task of its own: none holds up a charge.
//! A connection may take 3 s, and a printer may take no data for 5 s. A job of which nothing was sent is
//! tried again for a minute; one that was begun is not.
//! # Shifts
//!
//! A merchant has one open shift at a time. A payment is in the shift in which it was booked, whenever its
//! code was made; what comes late is named so, with the reason. `GET /api/shifts/{id}` adds an open shift
//! up as often as it is asked (X). `POST …/close` freezes the totals under the shift's number (Z): nothing
//! changes them any more. While it is not known whether a code was made, or a check had no answer, closing
//! is refused with 409 `unanswered-checks` and the numbers of those orders, unless the request has
//! `{"accept_unanswered": true}`; then the report names them. What is paid while no shift is open is named
//! in the next report, and is no part of its sum.
//!
//! # Settlements
//!
//! The provider has no call for settlements: the owner saves the table of its portal and puts it in on the
//! page `/settlement`, or with `POST /api/settlements`: CSV, TSV or XLSX of at most 8 MiB. Each line is kept
//! once, without its payer; a file with a fault is refused whole, with line and column. `preview=yes` shows
//! the first five lines and what each column is taken for, and keeps nothing; `column_amount=NAME` and so on
//! say how a file names a column.
//!
//! An order that a line says is paid and that is not paid here is checked again at once, within the budget
//! of the key, and paid if the provider confirms it: a line alone makes nothing paid. A line of which no
//! order has the invoice id, such as a payment of a static code, is booked with
//! `POST /api/settlements/{key}/book` as an order `SETTLED-…`, once. Where the line may be of an order in the
//! ledger, the answer is 409 `likely-orders` with those orders, until the request has
//! `{"accept_likely": true}`.
//!
//! # Several merchants
//!
//! A till serves all merchants of its [`Settings`]. Each has its own numbers, key, budget and account.
//! `?merchant=NAME` chooses one, in the pages' addresses too (`/?merchant=kios-2`); without it a
//! request is about `main`, or about the only one, and is refused with 404 `unknown-merchant` where
//! there is neither. The token in a webhook's address says whose webhook it is, so no two merchants
//! may have the same.
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
//! | a request's body | 10 s, else 408; 16 KiB, or 8 MiB for a table of settlements, else 413 |
//! | a connection between two requests | 60 s |
//! | connections | 1,024, and fewer where the process may open few files: 448 with 1,024 files |
//! | connections from one address | a quarter of that; an IPv6 network of 64 bits is one address |
//! | wrong tokens and PINs from one address | 20, and one more each 3 s; others get 429 with `Retry-After` |
//!
//! [`serve`] raises the limit of open files of the process to 4,096 on Unix, where the system
//! allows it. Half of the files, at most 128, are kept for the database and for calls to the
//! provider, and of the rest half again, because a charge calls the provider. If all connections
//! are taken, the one that has been without a request for the longest time is closed for a new
//! one; a request that is being answered and a stream of events are never cut off.
//!
//! A wrong token or PIN, the webhook's token too, is answered after 1 s, then 2, then 4. The right token is
//! always let in, from the same address too. Requests from loopback, where a reverse proxy passes
//! on those of many, may take all connections, and their wrong tokens count together: headers such
//! as `X-Forwarded-For` are not read. Limit each client in the proxy.
//!
//! # Metrics
//!
//! Besides charges, checks, payments and webhooks: `qris_connections` and `qris_watchers` are open
//! connections and streams; `qris_connections_closed_total` counts those cut off, by `reason`:
//! `too-slow`, `crowded-out`, `refused` (its address has as many as it may have);
//! `qris_waiting` is how many requests wait for another state, and `qris_queries_total` counts the
//! statements run on the database: a request that waits runs none meanwhile.
//! `qris_logins_refused_total` counts wrong tokens and PINs, by `outcome`: `wrong` was answered late,
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
//! TLS: put a reverse proxy before it. Without a [`Token`] and without users it listens on this machine
//! only.
#![doc = "\n"]
#![doc = include_str!("permissions.md")]
#![forbid(unsafe_code)]

mod access;
mod actions;
mod api;
mod attention;
mod audience;
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
mod guard;
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
