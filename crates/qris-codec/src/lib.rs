//! Reads EMV and QRIS payment payloads, exactly and without allocating.
//!
//! ```
//! use qris_codec::{Amount, Payload};
//!
//! let payload = Payload::parse(
//!     "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662\
//!      70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.\
//!      005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163\
//!      0439B7",
//! )?;
//! assert_eq!(payload.merchant_name(), Some("InterActive Corp"));
//! assert_eq!(payload.amount(), Some(Ok(Amount::rupiah(25_578))));
//! assert_eq!(payload.get("62.05".parse()?), Some("413255111"));
//! # Ok::<(), qris_codec::Error>(())
//! ```
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
pub mod cpm;
mod crc;
pub mod encode;
mod error;
pub mod findings;
pub mod mpm;
pub mod qris;
#[cfg(feature = "tables")]
pub mod tables;
mod tag;
pub mod tlv;

pub use amount::Amount;
pub use crc::checksum;
pub use error::{Error, ErrorKind, Field, Rule, Rules, Severity};
pub use findings::{Finding, Findings, Purpose, Verdict};
pub use mpm::{Entry, Initiation, Payload, Tip};
pub use qris::Qris;
pub use tag::{Path, Tag};
