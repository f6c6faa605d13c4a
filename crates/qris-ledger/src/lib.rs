//! Records orders and their QRIS invoices in a database, and settles each order exactly once.
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
//! assert_eq!(ledger.settle(invoice.qris_invoiceid, &paid, now)?, Settlement::Settled);
//! assert_eq!(ledger.settle(invoice.qris_invoiceid, &paid, now)?, Settlement::AlreadySettled);
//! let order = ledger.find(&number)?.ok_or("not booked")?;
//! assert_eq!(order.state, State::Paid);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Orders and invoices
//!
//! An [`Order`] is what a customer has to pay: a number and an amount of a merchant. It has any number of the
//! provider's invoices, one QR code each ([`OrderInvoice`]). Only the newest code is shown.
//!
//! ```text
//! order
//!
//! open -> requested -> pending -> expired -> requested, when another code is requested (renew)
//!                  |-> rejected -> requested, when it is requested again
//!                  `-> unknown  -> pending, when the reply comes late
//!                              |-> paid, when the invoice is found and a check says paid
//!                              `-> rejected or expired, when a person says that there is none
//! open, pending, expired -> cancelled
//! any state with an invoice -> paid, at its first payment, even a late one
//!
//! invoice
//!
//! requested -> pending -> expired        pending, expired -> paid
//!          |-> rejected
//!          `-> unknown -> pending, paid, or resolved (a person says that there is none)
//! ```
//!
//! An order becomes `expired` when its code is no longer shown (`shown_until`, 30 minutes). The code may be
//! payable for longer (`expires_at`, 60 minutes), so checks continue through a grace period and until the
//! provider has answered. The provider has no call that withdraws a code, so a cancelled order can still be
//! paid; that payment is recorded too.
//!
//! - [`Ledger::request`] records the intent to request the first code. [`Ledger::renew`] records the intent
//!   for another code, after every older code was answered "not paid" within the last minute
//!   ([`Ledger::claim_order`]). Both return an [`Intent`]: the reply is recorded on its own row. If it comes
//!   after another code was requested, it is never shown.
//! - The first payment settles the order: [`Settlement::Settled`], for one caller among all threads and
//!   processes. The payment of another code is [`Settlement::Overpaid`]; [`Order::overpaid`], the event and
//!   the report have the excess amount.
//! - A program that ships goods reads the [`Ledger::unacknowledged`] orders and calls [`Ledger::acknowledge`]
//!   after shipping. A crash between the two loses nothing.
//! - An invoice is also `unknown` if the provider made it but it must not be shown: its QR, id or merchant
//!   belongs to another; see [`Ledger::record_created`].
//! - A webhook whose invoice is not recorded is kept: [`Ledger::keep_webhook`]. If its note has the number
//!   and amount of an order with an unknown outcome, or if a person names an invoice for such an order, that
//!   invoice is a [`Candidate`]. When a check says that it is paid, [`Ledger::resolve_paid`] records it. Such
//!   an invoice has no QR, because the reply with the QR was lost.
//! - [`Ledger::attention`] lists the orders that need a person.
//!
//! Every step is one transaction. It names the states from which it may start and appends to `qris_event`. If
//! several processes try the same step, exactly one succeeds.
//!
//! # Merchants
//!
//! A ledger holds any number of merchants. Each has its own numbers, invoice ids, account, NMID and budget.
//! [`Ledger::merchant`] returns the id for a name. [`Ledger::act_for`] selects the merchant and the [`Actor`]
//! of the following calls; each event names the actor. The default merchant is `main`. Keys are never in the
//! database: [`Ledger::bind_account`] stores a digest without secrets, and refuses another account.
//!
//! # The tables
//!
//! | table | has |
//! |---|---|
//! | `qris_merchant` | names, accounts, and what is known about each merchant's webhooks |
//! | `qris_order` | the orders and their states |
//! | `qris_invoice` | one row for each provider invoice, with its payment and checks |
//! | `qris_event` | every step and its actor; append-only |
//! | `qris_total` | the report: invoices and payments by merchant, day, channel and shift |
//! | `qris_counted` | a view: what each invoice adds to `qris_total` |
//! | `qris_total_correction` | how often `qris_total` was corrected |
//! | `qris_turn` | the budget of each key: one row for each slot of a minute |
//! | `qris_unbooked` | webhooks of invoices that are not recorded |
//! | `qris_shift` | shifts, with the totals of the closed ones; see [shifts](crate#shifts) |
//! | `qris_settlement_line` | what the provider settled, from the tables that the owner imported |
//! | `qris_plan` | recurring bills: each plan makes an order a period |
//! | `qris_outbox` | events for other programs: see [events](crate#events-for-other-programs) |
//! | `qris_endpoint` | where events are delivered, with the secrets that sign them |
//! | `qris_delivery` | each delivery of an event to an endpoint, and its result |
//! | `qris_user`, `qris_sign_in_try`, `qris_session`, `qris_token` | who may sign in: see [people](crate#people) |
//!
//! `qris_invoice` has the column names of the provider's documents: `qris_content`, `qris_request_date`,
//! `qris_invoiceid` and `qris_nmid`. Text from payers is stored without control characters. In SQLite all
//! times are text in RFC 3339 with the offset of WIB, in whole seconds: `2020-08-07T11:13:42+07:00`. In this
//! form text order is time order, and the first ten characters are the day in WIB. In PostgreSQL times are
//! `timestamptz`.
//!
//! Opening a database of format 1 to 4 migrates it. An invoice of format 1, 2 or 3 that is no longer checked
//! is then checked once more, one every six seconds.
//!
//! # When invoices are checked
//!
//! `next_check_at` is the time of the next check. `qris_turn` limits how often a key may call in a minute.
//! Both are in the database, so all processes that use it share one budget. [`Ledger::claim_checks`] gives
//! each invoice to one process.
//!
//! An invoice that may be paid has a next check until it has a final answer (`final_answer_at`): one that the
//! provider gave at or after the end of validity and grace. Without an answer the checks continue with
//! growing gaps of up to an hour. Manual checks and webhooks (`early`) go before the schedule. Check times
//! come from [`qris_api::Client::now`], which is the provider's clock, so the host's clock may be wrong.
//!
//! After five consecutive payments that a webhook announced, the last within an hour, the schedule makes two
//! checks of an invoice instead of 33: after five minutes, and at the end. One payment without a webhook, or an
//! hour without a payment, brings the other checks back. Once a day,
//! [`Ledger::sweep`] schedules one more check of everything unpaid.
//!
//! # Events for other programs
//!
//! A step that changes an order also writes an event for other programs, in the same transaction: an
//! [`OutboxEvent`] with the order's JSON at the end of the step. So the events and the orders always agree.
//!
//! | type | when |
//! |---|---|
//! | `order.created` | an order is recorded, or a refused number is requested again |
//! | `order.paid` | the first payment of an order is recorded |
//! | `order.paid_late` | the same, after an `order.expired` or `order.cancelled` event |
//! | `order.overpaid` | another code of a paid order is paid too |
//! | `order.expired` | no code of the order is shown any more; another may be requested |
//! | `order.overdue` | its due date has passed |
//! | `order.cancelled` | the shop no longer wants the payment |
//! | `order.unknown` | it is not known whether the provider made one of the order's codes |
//! | `order.resolved` | it is known again |
//!
//! [`Ledger::outbox`] lists them by a cursor. The cursor counts a merchant's events without a gap, in the
//! order of commits, so a program that follows it misses none.
//!
//! [`Ledger::add_endpoint`] starts the delivery of events: each event becomes a [`Delivery`] for each
//! endpoint that wants its type. [`Ledger::due_deliveries`] gives the due ones to one process at a time. The
//! next event of an order is due only after the one before has ended. [`Ledger::delete_old_deliveries`]
//! deletes deliveries that ended more than 30 days ago. Events are never deleted, so a cursor stays valid
//! forever.
//!
//! An endpoint's secret signs what is sent, so the database stores it unencrypted. Only the owner can read
//! the file of a SQLite database ([`Ledger::is_private`]); protect copies of it in the same way. The export
//! and the `Debug` output never contain it.
//!
//! # Recurring bills
//!
//! A [`Plan`] makes an order of the channel `bill` each week, month or year: `SITI-2026-12` for the prefix
//! `SITI`. [`Ledger::make_plan_orders`] makes the orders that are due, including the ones that were missed
//! while no program ran, each once. [`Ledger::plans_with_taken_numbers`] lists the plans with an order that
//! could not be made, because another order has its number. [`Ledger::write_overdue_events`] writes an event for each
//! order that was not paid by its due date. The order's state does not change, and it can still be paid.
//! [`Ledger::unpaid_bills`] lists the bills that are owed. [`Ledger::import_orders`] records a whole file of
//! bills or none of it.
//!
//! # Shifts
//!
//! [`Ledger::open_shift`] opens a shift of the merchant. Only one can be open. A payment belongs to the shift
//! that is open when the payment is recorded; the step that records it writes the shift on its row.
//! [`Ledger::close_shift`] adds the shift up and freezes its totals, numbered 1, 2, 3 and so on for each
//! merchant. The tables refuse to change or delete a closed shift. A payment that is recorded during the
//! close is in that shift or after it, on any database and from any process. [`Ledger::shift_report`] returns
//! the totals of an open shift at any time.
//!
//! A payment is late if its order had expired or was cancelled, or if its code was made before the shift was
//! opened. Payments that are recorded while no shift is open are listed in the next report, beside that
//! shift's own payments; payments before the first shift are not. A shift cannot be closed while it is
//! unknown whether a code was made, or while the last check of a code had no answer, unless the caller
//! accepts that.
//!
//! # Stored totals
//!
//! A report adds up no orders. The step that records an invoice or a payment also adds it to the total of its
//! merchant, day, channel and shift, in the same transaction. [`Ledger::compare_totals`] compares these
//! totals with the sums over the orders. [`Ledger::recompute_totals`] corrects them after a manual change of
//! the database.
//! # Settlements
//!
//! [`Ledger::import_settlement`] stores the lines of the provider's settlement table, each once. A line that
//! has no payment in the ledger, such as a payment of a static code, becomes an order with
//! [`Ledger::book_settled`], once for each line. A line alone never marks a waiting order as paid: the import
//! schedules a check of that order, see [`Ledger::unpaid_settled`].
//!
//! # Links for payers
//!
//! A ledger with [`PayLinks`] gives each order the link of a page for its payer, [`Order::pay_url`]. The
//! secret in the link is derived from a key that is not in the database. The database has the secret's
//! SHA-256, and [`Ledger::find_by_pay_secret`] finds the order by it. The export and the outbox table do not
//! have the link; it is added to an event when the event is read. [`Ledger::add_pay_links`] gives links to
//! existing orders without one. A backup needs the key file too: [`PayKey::copy`].
//!
//! # People
//!
//! [`Ledger::add_user`] adds a person with a [`Role`], [`Ledger::add_token`] a program or a display. The
//! caller does the hashing: the ledger stores the hash of each PIN, and the SHA-256 of each token and of each
//! session's secret. [`Ledger::try_sign_in`] counts each attempt before the PIN is checked, so parallel
//! attempts cannot avoid the pause; a restart does not reset it. [`Ledger::revoke_user`],
//! [`Ledger::set_pin_hash`] and [`Ledger::revoke_token`] end the sessions that were opened with them.
//!
//! # Payers' names
//!
//! The provider reports who paid. [`Ledger::forget_payers`] removes the names from everything that was paid
//! before a day, order by order, and adds a row to `qris_event` for each order. Amounts, times, methods and
//! RRNs stay, so no total changes. It works in small steps and can be stopped at any time; a new run
//! continues where it stopped. A payer's name is in these columns and in no others:
//!
//! | column | what happens |
//! |---|---|
//! | `qris_invoice.customer_name` | becomes NULL if the invoice was paid before that day, or if it is unpaid, was requested before that day and is no longer checked |
//! | `qris_outbox.payload` | `data.customer_name` becomes `null` in all events of an order that was paid before that day |
//! | `qris_order.metadata`, `qris_outbox.payload` | in a bill that was paid before that day, the member `customer` is removed; plans and imports store the customer's name there |
//! | `qris_unbooked.customer_name` | becomes NULL if a webhook of a payment came before that day and the invoice is no longer checked |
//! | `qris_plan.customer_name` | becomes NULL if the plan was added before that day and has ended |
//!
//! An event that is still to be delivered to an enabled endpoint keeps its name until the delivery has ended;
//! the next run removes it. An event that is sent or read again later has no name. Text that a program or a
//! person wrote stays as it is: numbers, descriptions, references, other metadata, and the reasons in
//! `qris_event.detail`. If the provider repeats a webhook of an old payment, the name is back until the next
//! run.
//!
//! Removed names may still be stored elsewhere. [`Ledger::erase_traces`] says where, and rewrites a SQLite
//! file without them. Backups and exports from before still have the names.
//!
//! # Invalid rows
//!
//! The tables refuse values that no version of this program writes. A row may still be invalid, because the
//! disk is damaged or someone bypassed the constraints. Lists, checks, reports and exports skip such a row
//! and continue with the others. [`Ledger::take_invalid_rows`] says which rows were skipped, without their
//! content. [`Ledger::find`] returns [`Error::Corrupt`] for such a row.
//!
//! # Which database
//!
//! [`Ledger::open`] takes a SQLite file; [`Ledger::connect`] takes a URL and, with the feature
//! `postgres`, PostgreSQL too.
#![forbid(unsafe_code)]

mod accounts;
mod budget;
mod catch_up;
mod changes;
mod check;
mod claim;
mod compare_totals;
mod counted;
mod created;
mod csv;
mod database;
mod error;
mod export;
mod file_id;
mod forget;
#[cfg(test)]
mod growth;
mod import;
mod invalid_row;
mod ledger;
mod lists;
mod merchant;
mod missing_links;
mod next_check;
mod order;
mod outbox;
mod overdue;
mod pay_links;
mod pay_step;
mod payment;
mod people;
mod plan;
#[cfg(feature = "postgres")]
mod postgres;
mod receipt_code;
mod report;
mod request;
mod resolve;
mod rows;
mod settled_booking;
mod settled_checks;
mod settlement;
mod shift;
mod sql;
mod sqlite;
mod state;
mod statements;
mod story;
pub mod terminal;
mod text;
mod thinning;
#[cfg(feature = "postgres")]
mod tls;
mod totals;
mod unbooked;
mod web_address;

pub use budget::Budget;
pub use changes::OrderChange;
pub use claim::{Claim, OrderClaim};
pub use compare_totals::TotalDifference;
pub use counted::DayTotal;
pub use csv::text_cell;
pub use error::{Difference, Error};
pub use file_id::FileId;
pub use forget::{EraseScope, Forgetting, Forgotten, Traces};
pub use import::Imported;
pub use invalid_row::InvalidRow;
pub use ledger::Ledger;
pub use lists::OrderFilter;
pub use merchant::{Actor, MerchantName, MerchantRowId};
pub use next_check::CheckOutcome;
pub use order::{Event, Intent, NewOrder, Order, OrderInvoice};
pub use outbox::{
    Delivery, DeliveryFilter, DeliveryId, DeliveryState, DueDelivery, Endpoint, EndpointId,
    EndpointSecrets, EndpointState, EventType, NewEndpoint, OutboxEvent, TryOutcome,
};
pub use overdue::{BillTotal, BillTotals};
pub use pay_links::{PayKey, PayLinks, PayUrl};
pub use payment::{Settlement, WebhookEffect};
pub use people::{
    AccessToken, AccessTokenId, NewSession, PersonName, Role, Session, SessionHolder, SessionId,
    SignInTry, TokenRole, User, UserId,
};
pub use plan::{NewPlan, Period, Plan, PlanChange, PlanId, PlanState};
pub use receipt_code::ReceiptCode;
pub use report::{Grouping, ReportLine, Total, payments_csv};
pub use request::Request;
pub use resolve::Candidate;
pub use settled_booking::{OnPossibleMatch, SettledBooking};
pub use settled_checks::UnpaidSettled;
pub use settlement::{SettlementImport, SettlementLine};
pub use shift::{
    ClosedShift, LateReason, MethodTotal, OrderLine, OrderLines, PaymentLine, PaymentLines,
    PaymentTotal, Shift, ShiftId, ShiftReport, Unanswered,
};
pub use state::{Channel, InvoiceState, ParseWordError, State};
pub use story::{StoryEvent, StoryStep};
pub use unbooked::UnbookedWebhook;
pub use web_address::{InvalidWebAddress, WebAddress};

/// The crate of the date types in signatures.
pub use jiff;

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
