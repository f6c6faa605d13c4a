//! Creates and checks QRIS invoices over the InterActive Open API, and never guesses about money.
//!
//! ```
//! use qris_api::{ApiKey, Client, MerchantId, Payment, Rupiah, Tip, TransactionNumber, Wait};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! // The sandbox replaces the provider here; without `base_url` the client calls the real one.
//! let sandbox = qris_sandbox::Sandbox::start().await?;
//! let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
//!     .base_url(sandbox.base_url())
//! #   .budget(qris_api::CheckBudget::in_memory(60))
//!     .build()?;
//!
//! // Store the number before the call: a create must not be sent twice.
//! let number = TransactionNumber::parse("INV-1")?;
//! let invoice = client.create_invoice(&number, Rupiah::new(25_578), Tip::None).await?;
//! println!("draw {}", invoice.qris_content);
//! println!("show {} under it until {}", invoice.qris_nmid,
//!     invoice.shown_until(client.schedule().shown));
//!
//! # sandbox.pay(invoice.qris_invoiceid.get())?;
//! # let early = client.early_check();
//! # early.press();
//! # let wait = Wait::new().early_check(&early);
//! # /*
//! let wait = Wait::new();
//! # */
//! match client.wait_for_payment(&invoice, wait).await? {
//!     Payment::Paid(details) => println!("paid with {:?}", details.method),
//!     Payment::Unpaid => println!("not paid in time"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to use for which task
//!
//! | task | use |
//! |---|---|
//! | create an invoice, check it, wait for its payment | [`Client`], or [`blocking::Client`] |
//! | handle a failure | [`Error`]: each variant says what to do |
//! | set when to check, and for how long | [`Schedule`] |
//! | stay within the provider's limits for a key, in all processes | [`CheckBudget`], [`ClientBuilder::state_dir`] |
//! | check early: a button, a webhook | [`EarlyCheck`] |
//! | read a webhook of the provider | [`webhook::WebhookEvent`] |
//! | know the limits before a call: amounts, lengths, times | [`limits`] |
//! | find out how the provider answers for an account | [`probe`] |
//! | test an hour of waiting in milliseconds | `clock::ManualClock`, with the feature `test-util` |
//!
//! # What it takes care of
//!
//! - The API creates another payable invoice with each call. So a create is sent again only if no
//!   connection was made. Every other unclear outcome is [`Error::OutcomeUnknown`].
//! - Each QR is checked against the request before it is returned: dynamic (01 = 12), amount,
//!   currency, no tip or fee that was not requested, checksum, and the national rules. Its NMID
//!   must be the key's ([`ClientBuilder::nmid`], or the first one received). The QR, its invoice
//!   number and its reference must not belong to another invoice of this client.
//! - A byte-order mark, a PHP notice, or text around an answer is ignored: the one complete JSON
//!   object in the body that has a `status` is the answer. If two such objects differ, or a member
//!   appears twice with different values, the answer is unreadable, and [`Defect`] says why.
//! - Values that matter for money are read strictly. A payer's name with damaged characters is read
//!   as far as possible, cleaned and cut ([`PaymentDetails`]).
//! - `failed` with `unpaid` is an answer; an HTML page or a time-out is not. Only an answer of the
//!   provider becomes a [`Payment`]. `success` counts with every HTTP status. `failed` counts only
//!   with a status below 500. With 401, 403, 407, 408 and 429, which proxies send too, it counts
//!   only with the API's known words.
//! - The key is part of the URL. So no error or log line has a URL, key or body, redirects are not
//!   followed, and plain HTTP is allowed to this machine only.
//! - Dates are WIB ([`WibTime`]) in every time zone. Waiting uses monotonic time and the provider's
//!   clock, so a wrong or changed host clock ends nothing early.
//! - The provider blocks keys that ask too often. The gaps between checks of an invoice and the
//!   budget of the key apply to every call, to all processes of a user, and after restarts. A
//!   `Retry-After` is followed, and a refused key is tried again only every 15 minutes
//!   ([`Error::Paused`]). Creates are never delayed: a sale must go on.
//!
//! # What it does not do
//!
//! It stores no invoices: it remembers the last 1,000 and the NMID until the process ends. A ledger
//! stores them permanently. After a restart, make the [`Invoice`] again with [`Invoice::new`] from
//! your database and wait for it again. The budget is shared on one machine only. If several
//! machines use one key, give each a part of the budget ([`CheckBudget::per_minute`]). The API has
//! no list, report, cancel or refund, so the client has none.
#![forbid(unsafe_code)]

mod age;
pub mod blocking;
mod budget;
mod client;
pub mod clock;

mod credentials;
mod cross_check;
mod defect;
mod error;
mod fingerprint;
mod invalid;
mod invoice;
mod issued;
mod json;
pub mod limits;
mod payment;
pub mod probe;
mod reply;
mod rupiah;
mod schedule;
mod server_time;
mod wait;
pub mod webhook;
mod wib;

pub use budget::CheckBudget;
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use credentials::{ApiKey, MerchantId};
pub use cross_check::Field;
pub use defect::Defect;
pub use error::{Cause, Error, PauseCause, Reason};
pub use fingerprint::Fingerprint;
pub use invalid::Invalid;
pub use invoice::{Invoice, InvoiceId, Tip, TransactionNumber};
pub use payment::{Payment, PaymentDetails};
pub use rupiah::Rupiah;
pub use schedule::{Schedule, Trigger};
pub use wait::{Check, EarlyCheck, ManualCheck, Wait};
pub use wib::{ParseWibTimeError, WibTime};

/// The crate of the date and time types in signatures.
pub use jiff;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
