//! The settings of a printer.

use std::fmt;
use std::str::FromStr;

use qris_image::Paper;

use super::address::PrinterConnection;
use super::connection;
use super::error::PrinterError;
use crate::receipt::ReceiptLanguage;

/// The name of a printer: 1 to 32 of `a` to `z`, `0` to `9`, `-` and `_`.
///
/// ```
/// use qris_till::PrinterName;
///
/// assert_eq!(PrinterName::parse("kasir-1")?.as_str(), "kasir-1");
/// assert!(PrinterName::parse("Kasir 1").is_err());
/// # Ok::<(), qris_till::InvalidPrinterName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrinterName(String);

impl PrinterName {
    /// Parses a name.
    ///
    /// # Errors
    ///
    /// [`InvalidPrinterName`] for any other text.
    pub fn parse(text: &str) -> Result<Self, InvalidPrinterName> {
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        };
        match (1..=32).contains(&text.len()) && text.bytes().all(is_plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidPrinterName),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PrinterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that is not a printer name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a printer's name: 1 to 32 of a to z, 0 to 9, - and _, found another text")]
pub struct InvalidPrinterName;

/// When a printer opens the cash drawer connected to it.
///
/// ```
/// use qris_till::Drawer;
///
/// assert_eq!("receipt".parse(), Ok(Drawer::Receipt));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawer {
    /// `never`.
    #[default]
    Never,
    /// `receipt`: with each receipt, but not with a slip.
    Receipt,
}

impl FromStr for Drawer {
    type Err = UnknownDrawer;

    fn from_str(word: &str) -> Result<Self, UnknownDrawer> {
        match word {
            "never" => Ok(Self::Never),
            "receipt" => Ok(Self::Receipt),
            _ => Err(UnknownDrawer),
        }
    }
}

/// A word that is not a [`Drawer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected never or receipt, found another word")]
pub struct UnknownDrawer;

/// A printer of the shop. Everything except name and connection has a default.
///
/// ```
/// use qris_till::{Drawer, Paper, PrinterConnection, PrinterName, PrinterSettings};
///
/// let connection = PrinterConnection::address("192.168.1.50:9100")?;
/// let mut printer = PrinterSettings::new(PrinterName::parse("kasir")?, connection);
/// assert!(printer.paper == Paper::Mm58 && printer.cut && !printer.auto);
/// printer.drawer = Drawer::Receipt;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrinterSettings {
    /// Its name.
    pub name: PrinterName,
    /// Its connection.
    pub connection: PrinterConnection,
    /// The paper width. Default: 58 mm.
    pub paper: Paper,
    /// Whether it cuts the paper. Default: yes. A printer without a cutter ignores the command.
    pub cut: bool,
    /// When it opens the drawer. Default: never.
    pub drawer: Drawer,
    /// Whether it prints a receipt automatically for each payment. Default: no.
    pub auto: bool,
    /// Whether it is asked before each receipt if it has paper. Default: yes. If it does not
    /// answer, it prints anyway. A device file is not asked.
    pub status: bool,
    /// The language of what it prints.
    pub language: ReceiptLanguage,
}

impl PrinterSettings {
    /// A printer with defaults.
    pub const fn new(name: PrinterName, connection: PrinterConnection) -> Self {
        Self {
            name,
            connection,
            paper: Paper::Mm58,
            cut: true,
            drawer: Drawer::Never,
            auto: false,
            status: true,
            language: ReceiptLanguage::Indonesian,
        }
    }

    /// Checks whether it can be reached. Nothing is sent or printed.
    ///
    /// # Errors
    ///
    /// [`PrinterError::Away`], [`PrinterError::NoDevice`].
    pub async fn reach(&self) -> Result<(), PrinterError> {
        connection::reach(&self.connection).await
    }
}
