//! Writing new payloads, and changed copies of payloads.
//!
//! [`Builder`] makes a new payload, [`Amendment`] changes objects of an existing one. Both write to
//! the caller's buffer. If the result has an error in [`findings`](crate::findings), or a warning
//! that was not there before, they refuse with that [`Finding`](crate::Finding).

mod amend;
mod builder;
mod number;
mod writer;

pub use amend::Amendment;
pub use builder::{Builder, NewAccount, NewAdditional};
