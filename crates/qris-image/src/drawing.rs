//! One payload and how it is to be drawn.

use qris_codec::Payload;

use crate::label::Label;
use crate::symbol::Symbol;
use crate::{Error, Level};

/// A QR to be drawn: a payload and the settings of its picture.
///
/// The symbol is the smallest that the payload allows at the level, with a quiet zone of 4 modules
/// round it (ISO/IEC 18004 9.1) and, unless [`plain`](Self::plain), the merchant name, NMID and
/// amount underneath.
///
/// ```
/// use qris_image::{Drawing, Level};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let screen = Drawing::parse(text)?.level(Level::Low).terminal()?;
/// assert!(screen.contains("TOKO CONTOH"));
/// assert!(screen.contains("NMID: ID1020038431489"));
/// # Ok::<(), qris_image::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    text: &'a str,
    label: Label,
    level: Level,
    quiet_zone: u8,
}

impl<'a> Drawing<'a> {
    /// Draws a text that [`Payload::parse`] accepts, without what surrounds it.
    ///
    /// # Errors
    ///
    /// [`Error::NotAPayload`] for any other text.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let payload = Payload::parse(text).map_err(Error::NotAPayload)?;
        Ok(Self::of(&payload))
    }

    /// Draws a payload that has been read before.
    pub fn of(payload: &Payload<'a>) -> Self {
        Self {
            text: payload.as_str(),
            label: Label::of(payload),
            level: Level::default(),
            quiet_zone: 4,
        }
    }

    /// Asks for at least this error correction level; [`Level::Medium`] unless asked.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Leaves this many light modules round the symbol. Below 4 some readers fail.
    #[must_use]
    pub fn quiet_zone(self, modules: u8) -> Self {
        Self { quiet_zone: modules, ..self }
    }

    /// Leaves out the words underneath.
    #[must_use]
    pub fn plain(self) -> Self {
        Self { label: Label::default(), ..self }
    }

    /// Draws for a terminal: half blocks in black on white whatever the terminal's own colours.
    ///
    /// Each line ends with a reset and a line feed. The words underneath are in the terminal's
    /// own colours. A cell holds two modules, one above the other: a symbol of 61 modules takes
    /// 69 columns and 35 lines.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] when no QR symbol holds the payload at the level.
    pub fn terminal(&self) -> Result<String, Error> {
        let symbol = Symbol::of(self.text, self.level)?;
        Ok(crate::terminal::draw(&symbol, self.quiet_zone, &self.label))
    }
}
