//! Creates and checks QRIS invoices over the InterActive Open API, and never lies about money.
//!
//! ```
//! use qris_api::{ApiKey, Client, MerchantId, Payment, Rupiah, Tip, TransactionNumber, Wait};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! // The sandbox stands in for the provider; leave `base_url` out to talk to the real one.
//! let sandbox = qris_sandbox::Sandbox::start().await?;
//! let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
//!     .base_url(sandbox.base_url())
//! #   .budget(qris_api::CheckBudget::in_memory(60))
//!     .build()?;
//!
//! // Write down that it is asked for, then ask: it cannot be asked for twice.
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
//! # Which part for which job
//!
//! | job | part |
//! |---|---|
//! | ask for an invoice, check it, wait for its payment | [`Client`], or [`blocking::Client`] |
//! | know what to do about a failure | [`Error`], whose variants are things to do |
//! | say when to check, and for how long | [`Schedule`] |
//! | stay within what the provider allows a key, in all processes | [`CheckBudget`], [`ClientBuilder::state_dir`] |
//! | check before the time has come: a button, a webhook | [`EarlyCheck`] |
//! | read what the provider posts to a webhook | [`webhook::WebhookEvent`] |
//! | know the limits before a call: amounts, lengths, times | [`limits`] |
//! | find out how the provider answers one account | [`probe`] |
//! | test an hour in a moment | `clock::ManualClock`, with the feature `test-util` |
//!
//! # What it takes care of
//!
//! - The API creates another payable invoice each time it is asked, so a create is sent again
//!   only where no connection was made. Everything less clear is [`Error::OutcomeUnknown`].
//! - Each QR is checked against the request before anybody sees it: dynamic (01 = 12), amount,
//!   currency, no tip or fee that was not asked for, checksum, and the national rules. Its NMID is
//!   the one of the key ([`ClientBuilder::nmid`], or the first one that came), and neither the QR,
//!   nor its invoice number, nor its reference belongs to another invoice of this client.
//! - A byte-order mark, a PHP notice, or text around an answer does not matter: the one complete
//!   JSON object in the body that has a `status` is the answer. Two that differ, or a member that
//!   stands twice with different values, make it unreadable, and [`Defect`] says why.
//! - What matters for money is read to the letter. A payer's name with damaged characters is read
//!   as well as it can be, cleaned and cut ([`PaymentDetails`]).
//! - `failed` with `unpaid` is an answer; a page of HTML is not, and neither is silence. Only an
//!   answer of the provider becomes a [`Payment`]. `success` counts under every HTTP status. What
//!   says `failed` counts only below 500, and words that the API is not known to use do not count
//!   under 401, 403, 407, 408 or 429, which servers in between send too.
//! - The key stands in the URL. So no URL, key or body is in any error or log line, redirects are
//!   not followed, and plain HTTP goes to this machine only.
//! - Dates are WIB ([`WibTime`]) in every time zone. Waiting goes by monotonic time
//!   and the provider's clock, so a host's clock that is wrong, or is set, ends nothing early.
//! - The provider blocks keys that ask too often. The gaps between the checks of an invoice and
//!   the budget of the key hold for every call, for all processes of a user and over restarts. A
//!   `Retry-After` is obeyed, and a refused key is tried again every 15 minutes only
//!   ([`Error::Paused`]). Creates are never held back: a sale must go on.
//!
//! # What it does not do
//!
//! It keeps no invoices: what it remembers of the last 1,000 and of the NMID ends with the process,
//! and a ledger keeps it longer. After a restart, make the [`Invoice`] again from the books with
//! [`Invoice::new`] and wait for it once more. Its budget is shared on one machine only; several
//! machines that use the same key each need a part of it ([`CheckBudget::per_minute`]). The API
//! knows no list, report, cancel or refund, so neither does the client.
#![forbid(unsafe_code)]

mod age;
pub mod blocking;
mod budget;
mod client;
pub mod clock;
mod content;
mod credentials;
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
pub use content::Field;
pub use credentials::{ApiKey, MerchantId};
pub use defect::Defect;
pub use error::{Cause, Error, PauseCause, Reason};
pub use fingerprint::Fingerprint;
pub use invalid::Invalid;
pub use invoice::{Invoice, InvoiceId, Tip, TransactionNumber};
pub use payment::{Payment, PaymentDetails};
pub use rupiah::Rupiah;
pub use schedule::{Schedule, Trigger};
pub use wait::{Check, EarlyCheck, Press, Wait};
pub use wib::{ParseWibTimeError, WibTime};

/// The crate of the dates and moments in signatures.
pub use jiff;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
