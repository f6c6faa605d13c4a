//! Holds what a QRIS provider settled against what was booked.
//!
//! ```
//! use qris_settlement::{Columns, Payment, compare, read};
//!
//! let file = "tgl\tnominal\tidtrans\trrn\n27/11/2026 10:15:30\tRp25.578\tT-1\t633100000001\n";
//! let lines: Vec<_> = read(file.as_bytes(), &Columns::default())?.lines().cloned().collect();
//! let mut booked = Payment::new("INV-1", 413_255_111, "2026-11-27T10:15:29".parse()?, 25_578);
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
//! | lines of several files, each once | [`Line`], [`Lines`] |
//! | matching with booked payments | [`compare()`], [`Payment`], [`Comparison`] |
//! | what it costs, by settlement day | [`day_totals`], [`MdrTable`], [`Criteria`] |
//! | when a payment should have come | [`Holidays`] |
//!
//! All times are in WIB, all amounts in whole rupiah. The crate opens no database and no connection, and
//! reads no clock.
#![forbid(unsafe_code)]

mod cell;
mod columns;
mod compare;
mod line;
mod mdr;
mod read;
mod totals;
mod working_day;

pub use columns::{Column, Columns, UnknownColumn};
pub use compare::{Comparison, Pair, Payment, Unmatched, compare};
pub use line::{Added, Contradiction, Line, Lines};
pub use mdr::{Criteria, MdrRate, MdrTable, UnknownCriteria};
pub use read::{Fault, File, ReadError, read};
pub use totals::{DayTotal, day_totals};
pub use working_day::Holidays;

/// The crate of the dates in signatures.
pub use jiff;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
