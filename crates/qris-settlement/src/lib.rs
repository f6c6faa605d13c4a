//! Compares what a QRIS provider settled with the recorded payments.
//!
//! ```
//! use qris_api::{InvoiceId, Rupiah};
//! use qris_settlement::{Columns, Payment, compare, read};
//!
//! let file = "tgl\tnominal\tidtrans\trrn\n27/11/2026 10:15:30\tRp25.578\tT-1\t633100000001\n";
//! let lines: Vec<_> = read(file.as_bytes(), &Columns::default())?.lines().cloned().collect();
//! let (id, paid_at) = (InvoiceId::new(413_255_111), "2026-11-27T10:15:29+07:00".parse()?);
//! let mut booked = Payment::new("INV-1", id, paid_at, Rupiah::new(25_578));
//! booked.rrn = Some("633100000001".into());
//! let booked = [booked];
//! let comparison = compare(&booked, &lines);
//! assert_eq!(comparison.matched[0].payment.number, "INV-1");
//! assert!(comparison.only_booked.is_empty() && comparison.only_settled.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | for | see |
//! |---|---|
//! | reading a file | [`read()`], [`Columns`], [`ReadError`] |
//! | a look at a file before it is read | [`preview()`], [`Preview`] |
//! | storing its lines in a ledger | [`import`] |
//! | comparing them with the ledger's payments | [`report()`], [`ReportPeriod`], [`Report`] |
//! | debits and credits for an accounting program | [`journal()`], [`Journal`], [`Accounts`] |
//! | lines of several files, each once | [`SettlementLine`], [`Lines`] |
//! | matching with payments of another source | [`compare()`], [`Payment`], [`Comparison`] |
//! | costs by settlement day | [`day_totals`], [`Terms`], [`MdrTable`], [`TransferFees`] |
//! | when a payment should be settled | [`Holidays`] |
//!
//! All times are in WIB, all amounts in whole rupiah. Only [`import`], [`report()`] and [`journal()`] use a
//! database. Nothing opens a connection or reads a clock.
#![forbid(unsafe_code)]

mod cell;
mod columns;
mod compare;
mod head;
mod html;
mod import;
mod journal;
mod json;
mod lines;
mod mdr;
mod payment_line;
mod preview;
mod read;
mod read_error;
mod report;
mod row;
mod table;
mod terms;
mod text;
mod totals;
mod transfer;
mod workbook;
mod working_day;

pub use columns::{Column, Columns, UnknownColumn};
pub use compare::{Comparison, Pair, Payment, Unmatched, compare};
pub use import::{ImportError, Imported, OtherPayment, import};
pub use journal::{
    Account, Accounts, Entry, InvalidAccount, Journal, JournalError, JournalFormat,
    JournalGrouping, Posting, UnknownJournalFormat, journal,
};
pub use lines::{Added, Contradiction, Lines};
pub use mdr::{Criteria, MdrRate, MdrTable, UnknownCriteria};
pub use preview::{Preview, PreviewColumn, preview};
pub use qris_ledger::SettlementLine;
pub use read::{File, read};
pub use read_error::{Fault, ReadError};
pub use report::{Report, ReportPeriod, ReportRow, report};
pub use terms::Terms;
pub use totals::{DayTotal, day_totals};
pub use transfer::TransferFees;
pub use working_day::{Holidays, HolidaysError};

/// The crate of the date types in signatures.
pub use jiff;

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
