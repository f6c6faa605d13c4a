//! Draws QRIS payloads as QR pictures, and reads them back from photos.
//!
//! ```
//! use qris_image::{Drawing, Level, Paper, Size};
//!
//! let drawing = Drawing::parse(
//!     "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662\
//!      70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.\
//!      005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163\
//!      0439B7",
//! )?;
//! print!("{}", drawing.terminal()?);
//! let page: String = drawing.clone().size(Size::Width(300)).svg()?;
//! let file: Vec<u8> = drawing.clone().level(Level::Quartile).png()?;
//! let receipt: Vec<u8> = drawing.escpos(Paper::Mm58)?;
//!
//! let found = qris_image::read(&file)?;
//! assert_eq!(found[0].payload()?.get(qris_codec::Path::NMID), Some("ID1020021181745"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It draws only payloads that [`Payload::parse`](qris_codec::Payload::parse) accepts.
//! [`Drawing::forced`] draws any text.
//!
//! | to | use |
//! |---|---|
//! | draw | [`Drawing`], its settings, and a method for each [`Format`] |
//! | print a sign | [`Poster`], as SVG or PDF, on a page of a [`PosterSize`] |
//! | read PNG, JPEG, WebP and BMP | [`read`], which returns [`Found`] symbols |
//!
//! The feature `read`, on by default, is needed for reading. Without it the crate only draws, and has
//! few dependencies. Out of scope: logos in the middle, other colours than black on white, other
//! kinds of codes, and moving pictures.
#![forbid(unsafe_code)]

mod drawing;
mod error;
mod escpos;
mod font;
#[cfg(feature = "read")]
mod found;
mod helvetica;
mod label;
mod letters;
mod level;
mod page;
mod painting;
mod pdf;
#[cfg(feature = "read")]
mod pixels;
mod png;
mod poster;
mod poster_svg;
mod raster;
#[cfg(feature = "read")]
mod read;
#[cfg(feature = "read")]
mod search;
mod svg;
mod symbol;
#[cfg(feature = "read")]
mod symbols;
mod terminal;
#[cfg(feature = "read")]
mod threshold;

pub use drawing::{Drawing, Format, Paper, Size, UnknownFormat};
pub use error::DrawError;
#[cfg(feature = "read")]
pub use found::{Corner, Found};
pub use level::Level;
#[cfg(feature = "read")]
pub use pixels::{MAX_MEMORY, MAX_PIXELS, ReadError};
pub use poster::{Poster, PosterFormat, PosterSize};
#[cfg(feature = "read")]
pub use read::{read, read_with_limit};

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
