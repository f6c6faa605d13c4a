//! The rules: each limit, each check of a value and each check across objects is here once.
//!
//! Reading, scanning and writing pass values to this module and have no rules of their own. To
//! change a rule, change its constant in [`limits`] or its function; the message uses the same
//! constant.

pub mod limits;

mod account;
mod additional;
mod amount;
mod cross_check;
mod facts;
pub(crate) mod listener;
mod merchant;
mod surroundings;
mod text;
mod transfer;
mod validator;
mod value;

pub(crate) use surroundings::Surroundings;
pub use transfer::Purpose;
pub(crate) use validator::Validator;
