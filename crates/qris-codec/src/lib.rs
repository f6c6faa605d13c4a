//! Reads, checks and writes EMV and QRIS payment payloads, exactly and without allocating.
//!
//! ```
//! use qris_codec::{Amount, Payload, Qris, Rules};
//!
//! // A static code, such as a sticker: any amount, any number of payments.
//! let sticker = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UM\
//!                I51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO\
//!                \u{20}CONTOH6007JAKARTA61051011062070703A01630466DC";
//! let sticker = Payload::parse(sticker)?;
//! assert_eq!(sticker.findings(Rules::Qris).count(), 0);
//!
//! // A dynamic copy for one payment.
//! let mut buffer = [0; 512];
//! let text = sticker
//!     .to_dynamic(Amount::rupiah(25_578))
//!     .reference_label("INV-1")
//!     .encode_into(&mut buffer)?;
//!
//! // A wallet reads it.
//! let code = Qris::parse(text)?;
//! assert_eq!(code.merchant_name(), "TOKO CONTOH");
//! assert_eq!(code.amount(), Some(Amount::rupiah(25_578)));
//! assert_eq!(code.nmid(), Some("ID1020038431489"));
//! # Ok::<(), qris_codec::Error>(())
//! ```
//!
//! # Three levels of parsing
//!
//! Each level checks more than the one before. The returned type is the proof.
//!
//! | function | checks |
//! |---|---|
//! | [`tlv::Reader`] | objects: two digits, two digits, that many characters |
//! | [`Payload::parse`] | the root is objects to its end: 00 first, 63 last, no duplicate, a right checksum |
//! | [`Qris::parse`] | a payload without an error under the national rules |
//!
//! An [`Error`] has a kind and a byte. [`Payload::findings`] reports all deviations, also those
//! that do not stop parsing; the module [`findings`] lists them.
//!
//! # Modules
//!
//! | module | for |
//! |---|---|
//! | [`tlv`] | objects one by one |
//! | [`mpm`] | merchant-presented payloads as EMVCo describes them |
//! | [`qris`] | accounts, NMID and the rest of the national layer |
//! | [`findings`] | all deviations from the rules, by code, severity, object and byte |
//! | [`encode`] | writing and changing payloads |
//! | [`anonymize_into`] | masked copies that are safe to show |
//! | [`hints`](fn@hints) | what a text that is not a good payload looks like |
//! | [`Language`] | messages in English, or in Indonesian (feature `indonesian`) |
//! | [`rules`] | the limits of the rules, as constants |
//! | [`tables`] | institutions by number, acquirers by identifier (feature `tables`, on by default) |
//! | `cpm` | consumer-presented codes, reading only (feature `cpm`) |
//!
//! # Features
//!
//! `tables`, on by default: the lists of institutions and identifiers. `cpm`: reading
//! consumer-presented codes. `indonesian`: messages in Indonesian as well as in English. With all
//! features, the crate needs neither `std` nor an allocator.
//!
//! # What it does not do
//!
//! It draws no pictures and asks no server: the merchant of a valid payload may not exist. Amounts
//! are numbers with a scale, without a currency. Text in object 64 is not normalized to NFC;
//! writing refuses combining marks there.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice
)]

#[cfg(test)]
extern crate std;

mod amount;
mod anonymize;
mod charset;
mod copy;
#[cfg(feature = "cpm")]
pub mod cpm;
mod crc;
mod digits;
pub mod encode;
mod error;
mod fields;
mod finding;
pub mod findings;
mod hints;
mod language;
pub mod mpm;
mod object_bytes;
mod path_text;
pub mod qris;
pub mod rules;
mod scan;
#[cfg(feature = "tables")]
pub mod tables;
mod tag;
pub mod tlv;
mod walk;

pub use amount::Amount;
pub use anonymize::{Anonymized, anonymize_into};
pub use crc::checksum;
pub use error::{
    Character, Code, Error, ErrorKind, Field, Found, FoundAmount, FoundBytes, Rule, Rules, Section,
    Severity,
};
pub use finding::Finding;
pub use findings::{Findings, Verdict};
pub use hints::{Hint, hints};
pub use language::{Language, Localized};
pub use mpm::{Entry, Initiation, Payload, Tip};
pub use qris::Qris;
pub use rules::Purpose;
#[doc(hidden)]
pub use scan::scan_in_order;
pub use tag::{Path, Tag};
pub use walk::Walk;

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
