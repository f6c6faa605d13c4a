//! Stands in for the InterActive QRIS Open API, which has no sandbox of its own, over real HTTP.
//!
//! ```
//! use qris_sandbox::{Fault, Lasting, On, Sandbox};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let sandbox = Sandbox::start().await?;
//! // Give this to what is to be tested, with the key `sandbox-key` and the mID `123456`.
//! assert!(sandbox.base_url().ends_with("/restapi/qris/"));
//!
//! // The next create is accepted, and then the connection drops.
//! sandbox.inject(Fault::DropAfterAccepting, On::Create, Lasting::Once);
//! // An hour passes.
//! sandbox.advance(std::time::Duration::from_secs(3600));
//! // Nobody has asked too often.
//! assert!(sandbox.calls().busiest_minute() <= 60);
//! sandbox.stop().await;
//! # Ok::<(), qris_sandbox::StartError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it serves
//!
//! The two calls of the API are `/restapi/qris/show_qris.php` and
//! `/restapi/qris/checkpaid_qris.php`, with the replies, refusals and spellings of the provider's
//! documentation, and the members of each reply in the same order.
//!
//! It takes what production clients send:
//!
//! - GET with a query, or POST with a query or with a form (`application/x-www-form-urlencoded`);
//! - as `cliTrxNumber` 1 to 64 printable ASCII characters without a space at either end, such as
//!   `INV/2026/00001`, `#1001` or `Order 00012-003-0004`;
//! - a create without `useTip`: then the QR asks for a tip (tag 55 is `01`);
//! - a check with any `do`, and with a time after the date in `trxdate`, of which only the date
//!   counts.
//!
//! [`SandboxBuilder::strict`] refuses what the documentation does not show. Where that is silent
//! the sandbox decides: amounts go up to what Bank Indonesia allows for one payment
//! ([`MAX_TRANSACTION_RUPIAH`](qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH)); an unknown invoice, a wrong amount and a wrong day are `unpaid`; the day is the day of the payment. Much of
//! that can be decided otherwise ([`Behaviour`]): how the ids come, what a number that is used twice
//! gives, what a check compares, what a webhook says. Each answer ends its connection.
//!
//! A webhook is a POST of `rrn`, `note` (`1`, the transaction number and the amount), `invoice`,
//! `qris_status`, `qris_paid_date`, `qris_payment_methodby` and `qris_payment_customername`.
//!
//! Everything else belongs to the sandbox alone. Bodies are JSON; a refusal is
//! `{"error":"already-paid","message":"…"}` with a fitting HTTP status.
//!
//! | call | does |
//! |---|---|
//! | `GET /` | the payer's phone, as a page |
//! | `GET /sandbox` | merchant and time |
//! | `GET /sandbox/invoices` | all invoices, newest first; `state` is `pending`, `landing`, `paid` or `expired` |
//! | `POST /sandbox/invoices/{id}/pay` | pays one; `{"customer_name","method"}` may be left out |
//! | `GET`, `POST`, `DELETE /sandbox/faults` | what is to go wrong: `{"fault":"slow","on":"any"\|"create"\|"check","times":"once"\|"standing","seconds":20}`; the names, and which of them take `seconds` or `words`, are listed at [`Fault`] and in the answer to an unknown name |
//! | `GET`, `POST /sandbox/clock` | `{"now":"2026-11-22T23:59:00+07:00","advance_seconds":60,"running":false}`, each of which may be left out |
//! | `GET`, `DELETE /sandbox/calls` | how often each key has called; all keys but the right one are counted under an empty name |
//! | `GET`, `POST /sandbox/webhook` | what was posted where; `{"url":"http://127.0.0.1:8080/hook"}`, or `null` for nowhere |
//!
//! Nothing is kept when it ends, and nobody is kept out: it is for a developer's own machine.
#![forbid(unsafe_code)]

mod api;
mod behaviour;
mod builder;
mod calls;
mod clock;
mod control;
mod fault;
mod invoice;
mod listener;
mod order;
mod page;
mod payload;
mod payment;
mod reply;
mod sandbox;
mod shared;
mod webhook;

pub use crate::behaviour::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, IdKind, Note, RefusalShape,
    RepeatedNumber, Rrn, TimeInDate, UnknownWord,
};
pub use crate::builder::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, SandboxBuilder, StartError};
pub use crate::calls::Calls;
pub use crate::fault::{Fault, FaultError, Lasting, On};
pub use crate::invoice::{PayError, Payer};
pub use crate::sandbox::Sandbox;
pub use crate::webhook::WebhookUrlError;
/// The crate of the moments in signatures.
pub use jiff;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
