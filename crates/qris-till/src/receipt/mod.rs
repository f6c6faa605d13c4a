//! Receipts of payments, and slips with a code to pay: as text, as a page, and as printer commands.

mod ascii;
mod document;
mod escpos;
mod html;
mod layout;
pub(crate) mod routes;
mod text;
mod words;

pub(crate) use self::document::{Document, Kind};
pub(crate) use self::escpos::{Finish, commands};
pub(crate) use self::layout::millimetres;
pub use self::words::{ReceiptLanguage, UnknownLanguage};
