//! Draws QRIS payloads as QR pictures.
#![forbid(unsafe_code)]

mod drawing;
mod error;
mod escpos;
mod font;
mod label;
mod png;
mod raster;
#[cfg(feature = "read")]
mod read;
mod svg;
mod symbol;
mod terminal;

pub use drawing::{Drawing, Paper, Size};
pub use error::DrawError;
#[cfg(feature = "read")]
pub use read::{Corner, Found, MAX_PIXELS, ReadError, read};
pub use symbol::Level;
