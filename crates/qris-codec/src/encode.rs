//! Writing: payloads from values, and payloads from other payloads.
//!
//! [`Builder`] makes a new payload, [`Amendment`] changes objects of one that is there. Both write
//! to a buffer of the caller's and hand out nothing in which [`findings`](crate::findings) would
//! find an error, or a warning that was not there before: they refuse with that
//! [`Finding`](crate::Finding).

mod amend;
mod builder;
mod number;
mod writer;

pub use amend::Amendment;
pub use builder::{Builder, NewAccount, NewAdditional};
