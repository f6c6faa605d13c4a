//! Receipts of what was paid, and slips with the code of what is to be paid: as text, as a page, and as
//! commands for a printer.

mod ascii;
mod content;
mod escpos;
mod html;
mod layout;
pub(crate) mod routes;
mod text;
mod words;

pub(crate) use self::content::{Document, Kind};
pub(crate) use self::escpos::{Finish, commands};
pub(crate) use self::layout::millimetres;
pub use self::words::{ReceiptLanguage, UnknownLanguage};
