//! Error correction levels: how much of a symbol may be damaged.

use std::fmt;

use qrcode::types::EcLevel;

/// The minimum error correction level: how much of a symbol may be damaged so that it can still be
/// read.
///
/// A symbol gets a higher level if that does not make it larger.
///
/// ```
/// use qris_image::Level;
///
/// assert_eq!(Level::default(), Level::Medium);
/// assert_eq!(Level::Quartile.to_string(), "Q");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// L: 7 % of the code words can be restored.
    Low,
    /// M: 15 %.
    #[default]
    Medium,
    /// Q: 25 %.
    Quartile,
    /// H: 30 %.
    High,
}

impl Level {
    /// All levels, from the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::Quartile, Self::High];

    pub(crate) const fn in_qrcode(self) -> EcLevel {
        match self {
            Self::Low => EcLevel::L,
            Self::Medium => EcLevel::M,
            Self::Quartile => EcLevel::Q,
            Self::High => EcLevel::H,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "L",
            Self::Medium => "M",
            Self::Quartile => "Q",
            Self::High => "H",
        })
    }
}
