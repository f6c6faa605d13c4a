//! Draws QRIS payloads as QR pictures.
//!
//! ```
//! use qris_image::Drawing;
//!
//! let drawing = Drawing::parse(
//!     "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662\
//!      70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.\
//!      005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163\
//!      0439B7",
//! )?;
//! print!("{}", drawing.terminal()?);
//! # Ok::<(), qris_image::Error>(())
//! ```
#![forbid(unsafe_code)]

mod drawing;
mod error;
mod label;
mod symbol;
mod terminal;

pub use drawing::Drawing;
pub use error::Error;
pub use symbol::Level;
