//! A payload and the settings of its picture.

use std::str::FromStr;

use qris_codec::Payload;

use crate::font;
use crate::label::{Label, Set};
use crate::painting;
use crate::raster;
use crate::symbol::Symbol;
use crate::{DrawError, Level};

/// A QR to be drawn: a payload and the settings of its picture.
///
/// The symbol is the smallest one that has room for the payload at its error correction level. Around
/// it is a quiet zone of 4 modules (ISO/IEC 18004 9.1). Merchant name, NMID and amount are under it,
/// unless the drawing is [`plain`](Self::plain).
///
/// A payload in ASCII is split into the segments that need the fewest bits. A payload with other
/// characters is written as EMVCo MPM 4.12 requires: all of it in byte mode, after the ECI of UTF-8
/// (000026).
///
/// ```
/// use qris_image::{Drawing, Level, Paper, Size};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let drawing = Drawing::parse(text)?.level(Level::Quartile);
///
/// let screen = drawing.terminal()?;
/// assert!(screen.contains("NMID: ID1020038431489"));
/// let page = drawing.svg()?;
/// assert!(page.starts_with("<svg"));
/// let receipt = drawing.escpos(Paper::Mm58)?;
/// assert_eq!(receipt[..4], *b"\x1dv0\0");
/// let picture = drawing.size(Size::Width(600)).png()?;
/// assert_eq!(picture[..4], *b"\x89PNG");
/// # Ok::<(), qris_image::DrawError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    text: &'a str,
    label: Label,
    level: Level,
    quiet_zone: u8,
    size: Option<Size>,
}

/// The size of a picture in pixels. A module is a whole number of pixels, so its edges are sharp.
///
/// ```
/// use qris_image::{Drawing, Size};
///
/// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
/// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
/// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let page = Drawing::parse(text)?.size(Size::Width(300)).svg()?;
/// assert!(page.contains("width=\"300\""));
/// # Ok::<(), qris_image::DrawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Size {
    /// This many pixels for each side of a module.
    Module(u16),
    /// The width of the whole picture in pixels. The pixels that are left beside the modules are white.
    Width(u16),
}

/// The paper of a receipt printer with 203 dots per inch.
///
/// ```
/// use qris_image::Paper;
///
/// assert_eq!(Paper::Mm58.dots(), 384);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 58 mm wide, with a printed width of 48 mm.
    Mm58,
    /// 80 mm wide, with a printed width of 72 mm.
    Mm80,
}

impl Paper {
    /// The printed width in dots.
    pub const fn dots(self) -> u16 {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }
}

/// The format of a picture. It can be parsed from a word, such as an option or a file extension.
///
/// ```
/// use qris_image::{Drawing, Format, Paper};
///
/// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
/// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
/// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let drawing = Drawing::parse(text)?;
/// assert_eq!("png".parse(), Ok(Format::Png));
/// assert_eq!(drawing.draw(Format::Png)?, drawing.png()?);
/// assert_eq!("escpos".parse(), Ok(Format::Escpos(Paper::Mm58)));
/// # Ok::<(), qris_image::DrawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `svg`: an SVG document in UTF-8.
    Svg,
    /// `png`: a PNG file.
    Png,
    /// `terminal`: half blocks and colour codes in UTF-8.
    Terminal,
    /// `escpos` for 58 mm paper, `escpos80` for 80 mm: raster commands.
    Escpos(Paper),
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        match word {
            "svg" => Ok(Self::Svg),
            "png" => Ok(Self::Png),
            "terminal" => Ok(Self::Terminal),
            "escpos" => Ok(Self::Escpos(Paper::Mm58)),
            "escpos80" => Ok(Self::Escpos(Paper::Mm80)),
            _ => Err(UnknownFormat),
        }
    }
}

/// The error for a word that is not a [`Format`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected svg, png, terminal, escpos or escpos80, found another word")]
pub struct UnknownFormat;

/// The default width of a module in pixels.
const MODULE: u16 = 8;

impl<'a> Drawing<'a> {
    /// The longest side of a PNG or a receipt, in pixels.
    pub const MAX_SIDE: usize = raster::MAX_SIDE;

    /// Draws a text that [`Payload::parse`] accepts, without the white space around it.
    ///
    /// # Errors
    ///
    /// [`DrawError::NotAPayload`] for any other text.
    pub fn parse(text: &'a str) -> Result<Self, DrawError> {
        let payload = Payload::parse(text).map_err(DrawError::NotAPayload)?;
        Ok(Self::of(&payload))
    }

    /// Draws a parsed payload.
    pub fn of(payload: &Payload<'a>) -> Self {
        Self { label: Label::of(payload), ..Self::forced(payload.as_str()) }
    }

    /// Draws any text, even with a wrong checksum, and without words under it.
    ///
    /// For tests of readers and for other kinds of codes. A payer must never be shown a payment
    /// code that was not [parsed](Self::parse).
    pub fn forced(text: &'a str) -> Self {
        Self { text, label: Label::default(), level: Level::default(), quiet_zone: 4, size: None }
    }

    /// Sets the minimum error correction level. Default: [`Level::Medium`].
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Sets the width of the quiet zone in modules. Default: 4. Some readers fail with fewer.
    #[must_use]
    pub fn quiet_zone(self, modules: u8) -> Self {
        Self { quiet_zone: modules, ..self }
    }

    /// Sets the size. Default: 8 pixels for a module in SVG and PNG; the width of the paper in ESC/POS.
    #[must_use]
    pub fn size(self, size: Size) -> Self {
        Self { size: Some(size), ..self }
    }

    /// Adds a line under the symbol, for example the time until which the code can be paid.
    ///
    /// ```
    /// # use qris_image::Drawing;
    /// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    /// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    /// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let drawing = Drawing::parse(text)?.line("Berlaku sampai pukul 11.44 WIB");
    /// assert!(drawing.terminal()?.contains("Berlaku sampai pukul 11.44 WIB"));
    /// # Ok::<(), qris_image::DrawError>(())
    /// ```
    #[must_use]
    pub fn line(mut self, text: &str) -> Self {
        self.label.add(text);
        self
    }

    /// Leaves out the words under the symbol.
    #[must_use]
    pub fn plain(self) -> Self {
        Self { label: Label::default(), ..self }
    }

    /// Draws for a terminal: half blocks in black on white, with any colours of the terminal.
    ///
    /// Each line ends with a colour reset and a line feed. The words under the symbol have the
    /// terminal's own colours. A character cell shows two modules, one above the other, so a symbol
    /// of 61 modules needs 69 columns and 35 lines.
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`].
    pub fn terminal(&self) -> Result<String, DrawError> {
        let symbol = Symbol::of(self.text, self.level)?;
        Ok(crate::terminal::draw(&symbol, self.quiet_zone, &self.label))
    }

    /// Draws an SVG document, black on white. The words are text in the viewer's sans-serif font.
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`]; [`DrawError::TooNarrow`] if the requested width has less than one pixel
    /// for each module.
    pub fn svg(&self) -> Result<String, DrawError> {
        let symbol = Symbol::of(self.text, self.level)?;
        let modules = self.modules(&symbol);
        let width = match self.size.unwrap_or(Size::Module(MODULE)) {
            Size::Module(pixels) => modules * usize::from(pixels.max(1)),
            Size::Width(pixels) => at_least(modules, usize::from(pixels))?,
        };
        Ok(crate::svg::draw(&symbol, self.quiet_zone, &self.label, width))
    }

    /// Draws a PNG with one bit per pixel.
    ///
    /// The words are in a bitmap font that has the letters of Western Europe (ISO 8859-1). If a name
    /// has other letters, its version in another language (object 64) is drawn. Lines that the font
    /// cannot show are [left out](Self::omitted).
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`]; [`DrawError::TooNarrow`] if the requested width has less than one pixel
    /// for each module; [`DrawError::TooLarge`].
    pub fn png(&self) -> Result<Vec<u8>, DrawError> {
        let symbol = Symbol::of(self.text, self.level)?;
        let modules = self.modules(&symbol);
        let (module, width) = match self.size.unwrap_or(Size::Module(MODULE)) {
            Size::Module(pixels) => {
                let module = usize::from(pixels.max(1));
                (module, modules * module)
            }
            Size::Width(pixels) => fit(modules, usize::from(pixels))?,
        };
        let lines = self.bitmap_lines().lines;
        let raster = painting::draw(&symbol, self.quiet_zone, &lines, module, width)?;
        Ok(crate::png::write(&raster))
    }

    /// Draws for a receipt printer: ESC/POS raster commands (`GS v 0`), as wide as the paper.
    ///
    /// Send them at the start of a line, anywhere in a receipt. They do not reset the printer, feed
    /// the paper or cut it. The words are drawn as in a [PNG](Self::png).
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`]; [`DrawError::TooNarrow`] if the symbol is wider than the paper;
    /// [`DrawError::TooLarge`].
    pub fn escpos(&self, paper: Paper) -> Result<Vec<u8>, DrawError> {
        let symbol = Symbol::of(self.text, self.level)?;
        let modules = self.modules(&symbol);
        let width = usize::from(paper.dots());
        let module = match self.size {
            None => fit(modules, width)?.0,
            Some(Size::Width(dots)) => fit(modules, at_least(usize::from(dots), width)?)?.0,
            Some(Size::Module(dots)) => {
                at_least(modules * usize::from(dots.max(1)), width)?;
                usize::from(dots.max(1))
            }
        };
        let lines = self.bitmap_lines().lines;
        let raster = painting::draw(&symbol, self.quiet_zone, &lines, module, width)?;
        Ok(crate::escpos::write(&raster))
    }

    /// Draws in a format chosen at run time.
    ///
    /// # Errors
    ///
    /// The errors of the method for this format.
    pub fn draw(&self, format: Format) -> Result<Vec<u8>, DrawError> {
        match format {
            Format::Svg => self.svg().map(String::into_bytes),
            Format::Png => self.png(),
            Format::Terminal => self.terminal().map(String::into_bytes),
            Format::Escpos(paper) => self.escpos(paper),
        }
    }

    /// The lines under the symbol that a format leaves out, because its font lacks some of their
    /// letters.
    ///
    /// SVG and the terminal leave out nothing. PNG and ESC/POS have the letters of Western Europe
    /// (ISO 8859-1) only. A name with other letters is left out if object 64 has no version of it that
    /// can be drawn.
    ///
    /// ```
    /// use qris_image::{Drawing, Format};
    ///
    /// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    /// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    /// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let drawing = Drawing::parse(text)?.line("麺屋 さくら").line("Meja 7");
    /// assert_eq!(drawing.omitted(Format::Png), ["麺屋 さくら"]);
    /// assert!(drawing.omitted(Format::Svg).is_empty());
    /// # Ok::<(), qris_image::DrawError>(())
    /// ```
    pub fn omitted(&self, format: Format) -> Vec<&str> {
        match format {
            Format::Svg | Format::Terminal => Vec::new(),
            Format::Png | Format::Escpos(_) => self.bitmap_lines().omitted,
        }
    }

    /// The lines in the bitmap font of PNG and ESC/POS.
    fn bitmap_lines(&self) -> Set<'_> {
        self.label.set_in(font::has_letter)
    }

    /// The width of the symbol with its quiet zone, in modules.
    fn modules(&self, symbol: &Symbol) -> usize {
        symbol.width() + 2 * usize::from(self.quiet_zone)
    }
}

/// The largest module, in whole pixels, with which so many modules fit; and the width.
fn fit(modules: usize, width: usize) -> Result<(usize, usize), DrawError> {
    at_least(modules, width)?;
    Ok((width / modules, width))
}

/// The available width, if it is enough.
fn at_least(needed: usize, found: usize) -> Result<usize, DrawError> {
    if found < needed {
        return Err(DrawError::TooNarrow { needed, found });
    }
    Ok(found)
}
