//! The journal for an accounting program: what was sold by QRIS, and what came to the bank account.

mod accounts;
mod entry;
mod gather;
mod write;

pub use accounts::{Accounts, InvalidAccount};
pub use entry::{Account, Entry, Journal, Posting};
pub use gather::{JournalError, JournalGrouping, journal};
pub use write::{JournalFormat, UnknownJournalFormat};
