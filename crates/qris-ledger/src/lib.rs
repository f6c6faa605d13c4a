//! Books QRIS invoices in a database that outlives the process, and settles each exactly once.
//!
//! ```
//! use qris_api::{
//!     Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
//! };
//! use qris_ledger::{Ledger, NewOrder, Request, Settlement, State};
//!
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("qris.db");
//! let mut ledger = Ledger::open(&file)?;
//! let number = TransactionNumber::parse("INV-1")?;
//! let amount = Rupiah::new(25_578);
//! let now = WibTime::parse("2020-08-07 11:13:40").ok_or("no date")?;
//!
//! // The intent is on disk before the provider is asked.
//! let order = NewOrder::new(number.clone(), amount);
//! let Request::New(intent) = ledger.request(&order, now)? else { return Err("known".into()) };
//!
//! // What Client::create_invoice returns.
//! let invoice = Invoice::new(
//!     number.clone(),
//!     amount,
//!     "0002…6304ABCD",
//!     WibTime::parse("2020-08-07 11:13:42").ok_or("no date")?,
//!     InvoiceId::new(413_255_111),
//!     "ID1020021181745",
//! );
//! ledger.record_created(&intent, &invoice, &Schedule::default(), now)?;
//!
//! let mut details = PaymentDetails::default();
//! details.method = Some("BCA".into());
//! let paid = Payment::Paid(details);
//! assert_eq!(ledger.settle(invoice.qris_invoiceid, &paid, now)?, Settlement::Now);
//! assert_eq!(ledger.settle(invoice.qris_invoiceid, &paid, now)?, Settlement::Earlier);
//! let order = ledger.find(&number)?.ok_or("not booked")?;
//! assert_eq!(order.state, State::Paid);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # States
//!
//! ```text
//! requested -> pending -> paid
//!           |          |-> expired   -> paid, when the payment comes late
//!           |          `-> cancelled -> paid, when the payer had the code already
//!           |-> rejected -> requested, when it is asked for again
//!           `-> unknown  -> pending, when it is found after all
//!                       |-> paid, when its invoice is found and a check says so
//!                       `-> rejected, when a person says that there is none
//! ```
//!
//! `expired` begins when the QR is no longer shown (`shown_until`, 30 minutes). It may be payable for
//! longer (`expires_at`, 60 minutes), so the invoice is watched on as before. `unknown` is also an
//! invoice that the provider made and that must not be shown: its QR, its id or its merchant is
//! another one's; see [`Ledger::record_created`].
//!
//! A webhook whose invoice is not booked is kept: [`Ledger::keep_webhook`]. If its note has the
//! number and the amount of a sale whose outcome is unknown, or if a person names an invoice for
//! one, that invoice is a [`Candidate`]: once a check says that it is paid,
//! [`Ledger::resolve_paid`] books it. Such an invoice has no QR, for the reply with it was lost.
//!
//! The provider has no call that withdraws a code, so a cancelled invoice can still be paid; that
//! money is booked too. Every step is one statement that names the states it may start from, in a
//! transaction that also appends to `qris_event`: however many processes try, one of them does it.
//!
//! # The tables
//!
//! `qris_invoice` keeps the names that the provider's class text asks for: `qris_content`,
//! `qris_request_date`, `qris_invoiceid` and `qris_nmid`. `qris_event` has every state that was
//! reached, with a `detail` in words where there is something to say, and refuses to be changed.
//! `rrn`, `note` and `api_version` are what a webhook and the API say of a payment. `qris_account`
//! has one row: the account that the invoices are of, as a digest without secrets, and its NMID; see
//! [`Ledger::bind_account`]. Text of payers is stored without control characters. In SQLite all times are text in RFC 3339 with the offset of
//! WIB, to the second: `2020-08-07T11:13:42+07:00`. Written so, the order of the text is the order
//! of time, and its first ten characters are the day in WIB. In PostgreSQL they are `timestamptz`.
//!
//! # When the provider is asked
//!
//! `next_check_at` says when, and `qris_turn` how often the key may be asked in a minute: both are
//! in the database, so all processes that use it keep to one budget together.
//! [`Ledger::claim_checks`] gives each invoice to one of them. One database is for one API key.
//!
//! An invoice that may be paid is without a next check only after a final answer
//! (`final_answer_at`): one that the provider gave at or after the end of validity and grace.
//! Without an answer the checks go on, further and further apart, up to an hour. Presses of the
//! button and webhooks (`early`) go before the schedule. Times of checks are those of
//! [`qris_api::Client::now`]: the provider's clock, so that the host's may be wrong.
//!
//! # Rows that make no sense
//!
//! The tables refuse what no version of this program writes. A row that is wrong all the same, because
//! the disk is damaged or somebody went round what guards it, is left out of lists, checks, reports and
//! exports, and stops no other row: [`Ledger::take_set_aside`] says which, without what stands there.
//! [`Ledger::find`] answers for such a row with [`Error::Foreign`].
//!
//! # Which database
//!
//! [`Ledger::open`] takes a SQLite file; [`Ledger::connect`] takes a URL and, with the feature
//! `postgres`, PostgreSQL too.
#![forbid(unsafe_code)]

mod check;
mod created;
mod csv;
mod database;
mod error;
mod export;
mod file_id;
mod ledger;
mod lists;
mod merchant;
mod next_check;
mod order;
mod payment;
#[cfg(feature = "postgres")]
mod postgres;
mod report;
mod request;
mod resolve;
mod rows;
mod set_aside;
mod sql;
mod sqlite;
mod state;
pub mod terminal;
mod thinning;
#[cfg(feature = "postgres")]
mod tls;
mod unbooked;

pub use check::{Budget, Claim, OrderClaim};
pub use error::Error;
pub use file_id::FileId;
pub use ledger::Ledger;
pub use lists::OrderFilter;
pub use merchant::{Actor, MerchantId, MerchantName};
pub use next_check::CheckOutcome;
pub use order::{Event, Intent, NewOrder, Order, OrderInvoice};
pub use payment::{Hinted, Settlement};
pub use report::{Grouping, ReportLine, Total, payments_csv};
pub use request::Request;
pub use resolve::Candidate;
pub use set_aside::SetAside;
pub use state::{Channel, InvoiceState, NotAWord, State};
pub use unbooked::UnbookedWebhook;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
