//! Printers of the shop. Each has its own queue and task, so a printer that is away, slow or out of
//! paper delays only its own queue.

mod address;
mod automatic;
mod connection;
mod error;
mod job;
mod printer;
mod queue;
pub(crate) mod routes;
mod settings;
mod status;

pub use self::address::{InvalidPrinterAddress, PrinterConnection};
pub(crate) use self::automatic::print_payments;
pub use self::error::PrinterError;
pub(crate) use self::printer::Printers;
pub(crate) use self::queue::run;
pub use self::settings::{Drawer, InvalidPrinterName, PrinterName, PrinterSettings, UnknownDrawer};
