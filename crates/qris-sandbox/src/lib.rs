//! A sandbox for the InterActive QRIS Open API, which has none of its own, over real HTTP.
//!
//! ```
//! use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let sandbox = Sandbox::start().await?;
//! // Give this URL to the program under test, with the key `sandbox-key` and the mID `123456`.
//! assert!(sandbox.base_url().ends_with("/restapi/qris/"));
//!
//! // The next create is accepted, and then the connection drops.
//! sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
//! // An hour passes.
//! sandbox.advance(std::time::Duration::from_secs(3600));
//! // No key has called too often.
//! assert!(sandbox.calls().busiest_minute() <= 60);
//! sandbox.stop().await;
//! # Ok::<(), qris_sandbox::StartError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it serves
//!
//! The two calls of the API are `/restapi/qris/show_qris.php` and `/restapi/qris/checkpaid_qris.php`.
//! Replies, refusals and spellings are as in the provider's documentation, with the members of each reply in
//! the same order.
//!
//! It accepts what production clients send:
//!
//! - GET with a query, or POST with a query or a form (`application/x-www-form-urlencoded`);
//! - a `cliTrxNumber` of 1 to 64 printable ASCII characters without a space at either end, such as
//!   `INV/2026/00001`, `#1001` or `Order 00012-003-0004`;
//! - a create without `useTip`: then the QR asks for a tip (tag 55 is `01`);
//! - a check with any `do`, and with a time after the date in `trxdate`; only the date counts.
//!
//! [`SandboxBuilder::strict`] refuses what the documentation does not show. The sandbox makes its own choices
//! where the documentation says nothing: amounts up to Bank Indonesia's limit for one payment
//! ([`MAX_TRANSACTION_RUPIAH`](qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH)); `unpaid` for an unknown
//! invoice, a wrong amount and a wrong day; the day is the day of the payment. Most choices can be changed
//! with [`Behaviour`]: the type of ids, the result for a repeated number, what a check compares, what a
//! webhook contains. Each answer closes its connection.
//!
//! A webhook is a POST of `rrn`, `note` (`1`, the transaction number and the amount), `invoice`,
//! `qris_status`, `qris_paid_date`, `qris_payment_methodby` and `qris_payment_customername`.
//!
//! All other calls belong to the sandbox only. Bodies are JSON. A refusal is
//! `{"error":"already-paid","message":"…"}` with a matching HTTP status.
//!
//! | call | does |
//! |---|---|
//! | `GET /` | the payer's phone, as a page |
//! | `GET /sandbox` | merchant and time |
//! | `GET /sandbox/invoices` | all invoices, newest first; `state` is `pending`, `landing`, `paid` or `expired` |
//! | `POST /sandbox/invoices/{id}/pay` | pays one; `{"customer_name","method"}` may be left out |
//! | `GET`, `POST`, `DELETE /sandbox/faults` | the faults that will happen: `{"fault":"slow","on":"any"\|"create"\|"check","times":"once"\|"standing","seconds":20}`; [`Fault`] and the answer to an unknown name list the names, and which of them take `seconds` or `words` |
//! | `GET`, `POST /sandbox/clock` |
//! `{"now":"2026-11-22T23:59:00+07:00","advance_seconds":60,"running":false}`; each member is optional |
//! | `GET`, `DELETE /sandbox/calls` | the number of calls of each key; all wrong keys are counted under an empty name |
//! | `GET /sandbox/webhook` | the webhooks sent so far, with the status of each answer |
//! | `POST /sandbox/webhook` | sets the webhook's URL: `{"url":"http://127.0.0.1:8080/hook"}`, or `null` for none |
//!
//! Nothing is stored after it ends, and there is no access control: it is for a developer's own machine.
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
pub use crate::fault::{Fault, FaultCall, FaultError, FaultRepeat};
pub use crate::invoice::{PayError, Payer};
pub use crate::sandbox::Sandbox;
pub use crate::webhook::WebhookUrlError;
/// The crate of the time types in signatures.
pub use jiff;

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
