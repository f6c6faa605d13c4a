//! Books orders and the QRIS invoices that pay them in a database that outlives the process, and
//! settles each order exactly once.
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
//! # Orders and invoices
//!
//! An [`Order`] is what is to be paid: a number and an amount of a merchant. It has any number of the
//! provider's invoices, one QR code each ([`OrderInvoice`]). One code at a time is shown, the newest.
//!
//! ```text
//! order
//!
//! open -> requested -> pending -> expired -> requested, when another code is asked for (renew)
//!                  |-> rejected -> requested, when it is asked for again
//!                  `-> unknown  -> pending, when the reply comes after all
//!                              |-> paid, when the invoice is found and a check says so
//!                              `-> rejected or expired, when a person says that there is none
//! open, pending, expired -> cancelled
//! any state with an invoice -> paid, at its first payment, however late it comes
//!
//! invoice
//!
//! requested -> pending -> expired        pending, expired -> paid
//!          |-> rejected
//!          `-> unknown -> pending, paid, or resolved (a person says that there is none)
//! ```
//!
//! `expired` begins when the code is no longer shown (`shown_until`, 30 minutes). It may be payable for
//! longer (`expires_at`, 60 minutes), so it is watched as before, for a grace period and until the
//! provider has answered. The provider has no call that withdraws a code, so an order that was
//! cancelled can still be paid; that money is booked too.
//!
//! - [`Ledger::request`] books the intent to ask for the first code, [`Ledger::renew`] the one for
//!   another, once every older code was answered "not paid" within the last minute
//!   ([`Ledger::claim_order`]). Both give an [`Intent`]: the reply is booked on its own row, even if it
//!   comes after another code was asked for; then it is never shown.
//! - The first payment settles the order: [`Settlement::Now`], for one caller among all threads and
//!   processes. The payment of another code is [`Settlement::Overpaid`]; [`Order::overpaid`], the event
//!   and the report say how much too much came.
//! - A program that ships what was paid asks for [`Ledger::unacknowledged`] orders, and says
//!   [`Ledger::acknowledge`] once it has shipped: a crash between the two loses nothing.
//! - `unknown` is also an invoice that the provider made and that must not be shown: its QR, its id or
//!   its merchant is another one's; see [`Ledger::record_created`].
//! - A webhook whose invoice is not booked is kept: [`Ledger::keep_webhook`]. If its note has the number
//!   and the amount of an order whose outcome is unknown, or if a person names an invoice for one, that
//!   invoice is a [`Candidate`]: once a check says that it is paid, [`Ledger::resolve_paid`] books it.
//!   Such an invoice has no QR, because the reply with it was lost.
//! - [`Ledger::attention`] lists what a person should look at.
//!
//! Every step is one transaction that names the states it may start from and appends to `qris_event`:
//! however many processes try, one of them takes it.
//!
//! # Merchants
//!
//! A ledger holds any number of merchants, each with numbers, invoice ids, an account, an NMID and a
//! budget of its own. [`Ledger::merchant`] gives a name its id, and [`Ledger::act_for`] says whose
//! orders the calls that follow are about, and who does it: each event has that [`Actor`]. Without it
//! the merchant is `main`. Keys are never in the database: [`Ledger::bind_account`] keeps a digest
//! without secrets, and refuses another account.
//!
//! # The tables
//!
//! | table | has |
//! |---|---|
//! | `qris_merchant` | names, accounts, and what is known of each merchant's webhooks |
//! | `qris_order` | what is to be paid, and how far it has come |
//! | `qris_invoice` | one row for each of the provider's invoices, its payment and its checks |
//! | `qris_event` | every step, with who did it; it refuses to be changed |
//! | `qris_total` | the report: invoices and payments by merchant, day, channel and shift |
//! | `qris_counted` | a view: what each invoice adds to `qris_total` |
//! | `qris_total_correction` | how often `qris_total` was corrected |
//! | `qris_turn` | the budget of each key: one row for each check in a minute |
//! | `qris_unbooked` | webhooks of invoices that are not booked |
//! | `qris_shift` | shifts, with the totals of the closed ones; see [shifts](crate#shifts) |
//! | `qris_settlement_line` | what the provider settled, from the tables that the owner imported |
//! | `qris_plan` | recurring bills: each plan makes an order a period |
//! | `qris_outbox` | what other programs are told: see [events](crate#events-for-other-programs) |
//! | `qris_endpoint` | where events are delivered to, with the secrets that sign them |
//! | `qris_delivery` | each event that is delivered somewhere, and what came of it |
//! | `qris_user`, `qris_sign_in_try`, `qris_session`, `qris_token` | who is let in: see [people](crate#people) |
//!
//! `qris_invoice` has the names that the provider's documents ask for: `qris_content`,
//! `qris_request_date`, `qris_invoiceid` and `qris_nmid`. Text of payers is stored without control
//! characters. In SQLite all times are text in RFC 3339 with the offset of WIB, to the second:
//! `2020-08-07T11:13:42+07:00`. Written so, the order of the text is the order of time, and its first
//! ten characters are the day in WIB. In PostgreSQL they are `timestamptz`.
//!
//! A database of format 1 to 4 is brought up to date when it is opened. An invoice of format 1, 2 or 3 that
//! nobody asked about any more is checked once more then, one every six seconds.
//!
//! # When the provider is asked
//!
//! `next_check_at` says when, and `qris_turn` how often a key may be asked in a minute: both are in the
//! database, so all processes that use it keep to one budget. [`Ledger::claim_checks`] gives each
//! invoice to one of them.
//!
//! An invoice that may be paid is without a next check only after a final answer
//! (`final_answer_at`): one that the provider gave at or after the end of validity and grace.
//! Without an answer the checks go on, further and further apart, up to an hour. Presses of the
//! button and webhooks (`early`) go before the schedule. Times of checks are those of
//! [`qris_api::Client::now`]: the provider's clock, so that the host's may be wrong.
//!
//! After five payments in a row that a webhook announced, within a day, the schedule makes two checks
//! of an invoice instead of 33; one payment that no webhook announced brings the others back. Once a
//! day [`Ledger::sweep`] has everything that is unpaid checked once more.
//!
//! # Events for other programs
//!
//! A step that changes an order also writes what other programs are told of it, in the same
//! transaction: an [`OutboxEvent`], with the order's JSON as it is at the end of the step. So nothing
//! is told that was not booked, and nothing is booked that is not told.
//!
//! | type | told when |
//! |---|---|
//! | `order.created` | an order is booked, or a number that the provider refused is asked for again |
//! | `order.paid` | the first payment of an order is booked |
//! | `order.paid_late` | the same, but the order had been told to be expired or cancelled |
//! | `order.overpaid` | another code of a paid order is paid too |
//! | `order.expired` | no code of it is shown any more, and another may be asked for |
//! | `order.overdue` | its due date has passed |
//! | `order.cancelled` | the shop no longer wants the payment |
//! | `order.unknown` | it is not known whether the provider made one of its codes |
//! | `order.resolved` | that is known again |
//!
//! [`Ledger::outbox`] lists them by a cursor, which counts a merchant's events without a gap and in the
//! order in which they were committed: a program that follows it misses none.
//!
//! [`Ledger::add_endpoint`] has events delivered: each one becomes a [`Delivery`] of each endpoint that
//! wants its type. [`Ledger::due_deliveries`] gives the ones that are due to one process at a time, and
//! of one order the next only after the last has ended. [`Ledger::delete_old_deliveries`] deletes what
//! ended more than 30 days ago; events are never deleted, so a cursor stays good for ever.
//!
//! An endpoint's secret signs what is sent, so the database has it as it is: the file of a SQLite
//! database can be read by its owner alone ([`Ledger::is_private`]), and copies of it must be kept as
//! well. Neither the export nor any `Debug` output has it.
//!
//! # Recurring bills
//!
//! A [`Plan`] makes an order of the channel `bill` each week, month or year: `SITI-2026-12` for the prefix
//! `SITI`. [`Ledger::make_plan_orders`] makes the ones whose dates have come, also those that were missed
//! while no program ran, each once; [`Ledger::plans_with_taken_numbers`] says of which plan one could not be
//! made, because another order has its number. [`Ledger::tell_overdue`] tells what was not paid when it was due: that
//! is an event and no state, and the order can be paid as before. [`Ledger::unpaid_bills`] says who owes
//! what since when. [`Ledger::import_orders`] takes a whole file of bills or none of it.
//!
//! # Shifts
//!
//! [`Ledger::open_shift`] opens a shift of the merchant; one at a time is open. A payment is in the shift
//! that is open when it is booked: the step that books it says so on its row. [`Ledger::close_shift`]
//! adds the shift up and freezes its totals, numbered 1, 2, 3 and so on for each merchant; the tables
//! refuse to change or delete it. A payment that is booked at that moment is in that shift or comes after
//! it, on any database and from any process. [`Ledger::shift_report`] gives the totals of an open shift as
//! often as one likes.
//!
//! A payment is late if its order had expired or was cancelled, or if its code was made before the shift
//! was opened. What is booked while no shift is open is named in the next report, beside that shift's own
//! payments; before the first shift nothing is. A shift is not closed while it is unknown whether a code
//! was made, or while the last check of a code had no answer, unless somebody accepts that.
//!
//! # Kept totals
//!
//! A report adds up no orders: the step that books an invoice or a payment also adds it to the total of its
//! merchant, day, channel and shift, in the same transaction. [`Ledger::compare_totals`] compares these totals
//! with what the orders add up to, and [`Ledger::recompute_totals`] corrects them after somebody has changed
//! the database by hand.
//! # Settlements
//!
//! [`Ledger::import_settlement`] keeps the lines of the provider's table of settlements, each once. What
//! the provider has and the ledger lacks, such as a payment of a static code, becomes an order with
//! [`Ledger::book_settled`], once for each line. A line never makes an order paid that waits for its
//! payment: an import has the provider asked again, see [`Ledger::unpaid_settled`].
//!
//! # Links for payers
//!
//! A ledger that has [`PayLinks`] gives each order the link of a page for its payer,
//! [`Order::pay_url`]. The secret in it follows from a key that is not in the database; the database
//! has its SHA-256, by which [`Ledger::find_by_pay_secret`] finds the order. Neither the export nor the
//! outbox has the link: it is put into an event when that is read. [`Ledger::add_pay_links`] gives links
//! to the orders of a ledger that had none. A backup needs the file of the key too: [`PayKey::copy`].
//!
//! # People
//!
//! [`Ledger::add_user`] adds a person with a [`Role`], [`Ledger::add_token`] a program or a display. The
//! ledger hashes nothing: it has the hash of each PIN, and the SHA-256 of each token and of the secret of
//! each session. [`Ledger::try_sign_in`] counts each try before the PIN is looked at, so that many at once
//! are no way round the pause; a restart does not forget it. [`Ledger::revoke_user`],
//! [`Ledger::set_pin_hash`] and [`Ledger::revoke_token`] end what was opened with them.
//!
//! # Payers' names
//!
//! The provider says who paid, and [`Ledger::forget_payers`] takes the name out again: of all that was
//! paid before a day, order by order, with a row of `qris_event` for each order. Amounts, times, methods
//! and RRNs stay, so no total changes. It works in small steps, may be stopped at any time, and goes on
//! where it is begun anew. A payer's name stands in these columns and in no others:
//!
//! | column | what is done |
//! |---|---|
//! | `qris_invoice.customer_name` | becomes NULL where the invoice was paid before that day; also where it was not paid, was asked for before that day, and is not checked any more |
//! | `qris_outbox.payload` | `data.customer_name` becomes `null` in all events of an order that was paid before that day |
//! | `qris_order.metadata`, `qris_outbox.payload` | of a bill that was paid before that day, the member `customer` is left out, where plans and imports put the customer's name |
//! | `qris_unbooked.customer_name` | becomes NULL where the webhook came, and said that it was paid, before that day; not while the invoice is still checked |
//! | `qris_plan.customer_name` | becomes NULL where the plan was added before that day and has ended |
//!
//! An event that still waits to be delivered to an endpoint that is on keeps its name until it was taken
//! or given up: the next run takes it. An event that is sent again afterwards, or read again by its
//! cursor, has no name. The texts that a program or a person wrote stay as they are: numbers,
//! descriptions, references, other metadata, and the reasons in `qris_event.detail`. A webhook that the
//! provider sends again for an old payment brings the name back, until the next run.
//!
//! What was overwritten may still stand in other places: [`Ledger::erase_traces`] says in which, and
//! rewrites a SQLite file without them. Backups and exports that were made before have the names.
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

mod accounts;
mod budget;
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
mod set_aside;
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
pub use forget::{Forgetting, Forgotten, Traces};
pub use import::Imported;
pub use ledger::Ledger;
pub use lists::OrderFilter;
pub use merchant::{Actor, MerchantId, MerchantName};
pub use next_check::CheckOutcome;
pub use order::{Event, Intent, NewOrder, Order, OrderInvoice};
pub use outbox::{
    Delivery, DeliveryFilter, DeliveryId, DeliveryState, DueDelivery, Endpoint, EndpointId,
    EndpointSecrets, EndpointState, EventType, NewEndpoint, OutboxEvent, TryOutcome,
};
pub use overdue::{BillTotal, BillTotals};
pub use pay_links::{PayKey, PayLinks, PayUrl};
pub use payment::{Hinted, Settlement};
pub use people::{
    AccessToken, AccessTokenId, NewSession, PersonName, Role, Session, SessionHolder, SessionId,
    SignInTry, TokenRole, User, UserId,
};
pub use plan::{NewPlan, Period, Plan, PlanChange, PlanId, PlanState};
pub use receipt_code::ReceiptCode;
pub use report::{Grouping, ReportLine, Total, payments_csv};
pub use request::Request;
pub use resolve::Candidate;
pub use set_aside::SetAside;
pub use settled_booking::{Doubt, SettledBooking};
pub use settled_checks::UnpaidSettled;
pub use settlement::{SettlementImport, SettlementLine};
pub use shift::{
    ClosedShift, LateReason, MethodTotal, OrderLine, OrderLines, PaymentLine, PaymentLines,
    PaymentTotal, Shift, ShiftId, ShiftReport, Unanswered,
};
pub use state::{Channel, InvoiceState, NotAWord, State};
pub use story::{StoryEvent, StoryStep};
pub use unbooked::UnbookedWebhook;
pub use web_address::{InvalidWebAddress, WebAddress};

/// The crate of the dates in signatures.
pub use jiff;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
