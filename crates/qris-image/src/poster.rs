//! A sign with a static code, for the counter.

use qris_codec::{Entry, Initiation, Payload, Qris};

use crate::helvetica::has_letter;
use crate::label::{Line, amount};
use crate::page::{Page, Words, lay_out};
use crate::symbol::Symbol;
use crate::{DrawError, Level};

/// A sign with a static QRIS, to print for the counter.
///
/// From top to bottom: free places for the logos of QRIS and GPN, the merchant's name, the NMID, the
/// terminal (62.07, such as `A01`), the code with its quiet zone of 4 modules, the amount if the code
/// has one, "SATU QRIS UNTUK SEMUA", the web page that lists the apps that can pay, who printed the
/// sign, the version of the print, and the merchant's criteria. Everything is drawn with vectors, so
/// it is sharp at each resolution.
///
/// The logos belong to Bank Indonesia and are not drawn. A thin dashed line marks their places, which
/// have the ids `logo-qris` and `logo-gpn` in SVG.
///
/// ```
/// use qris_image::{Poster, PosterSize};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let poster = Poster::parse(text, PosterSize::A5)?.print_version("1.0-2026.11.28");
///
/// let page = poster.svg()?;
/// assert!(page.contains("width=\"148mm\"") && page.contains("NMID: ID1020038431489"));
/// let document = poster.pdf()?;
/// assert!(document.starts_with(b"%PDF-"));
/// # Ok::<(), qris_image::DrawError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Poster<'a> {
    text: &'a str,
    size: PosterSize,
    level: Level,
    name: Option<Line>,
    nmid: Option<Line>,
    terminal: Option<Line>,
    amount: Option<Line>,
    criteria: Option<Line>,
    printed_by: Option<Line>,
    version: Option<Line>,
}

/// The paper of a [`Poster`], upright.
///
/// ```
/// use qris_image::PosterSize;
///
/// assert_eq!(PosterSize::A6.millimetres(), (105, 148));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PosterSize {
    /// 148 by 210 mm: a sign on the counter.
    A5,
    /// 105 by 148 mm: a card next to the till.
    A6,
}

impl PosterSize {
    /// The width and the height.
    pub const fn millimetres(self) -> (u16, u16) {
        match self {
            Self::A5 => (148, 210),
            Self::A6 => (105, 148),
        }
    }
}

/// A kind of file for a [`Poster`].
///
/// ```
/// use qris_image::{Poster, PosterFormat, PosterSize};
///
/// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
/// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
/// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let poster = Poster::parse(text, PosterSize::A6)?;
/// assert_eq!(poster.draw(PosterFormat::Pdf)?, poster.pdf()?);
/// # Ok::<(), qris_image::DrawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PosterFormat {
    /// An SVG document in UTF-8, measured in millimetres.
    Svg,
    /// A PDF of one page.
    Pdf,
}

/// The default version of a print.
const VERSION: &str = "1.0";

impl<'a> Poster<'a> {
    /// Makes a poster of a static QRIS.
    ///
    /// # Errors
    ///
    /// [`DrawError::NotAPayload`] for a text that [`Payload::parse`] refuses; the errors of
    /// [`from_payload`](Self::from_payload).
    pub fn parse(text: &'a str, size: PosterSize) -> Result<Self, DrawError> {
        let payload = Payload::parse(text).map_err(DrawError::NotAPayload)?;
        Self::from_payload(&payload, size)
    }

    /// Makes a poster of a parsed payload.
    ///
    /// # Errors
    ///
    /// [`DrawError::NotStatic`] if it is for one payment only (01 is 12); [`DrawError::NotQris`] if
    /// [`Qris`] refuses it, because it has an error under the national rules.
    pub fn from_payload(payload: &Payload<'a>, size: PosterSize) -> Result<Self, DrawError> {
        if payload.initiation() == Some(Initiation::Dynamic) {
            return Err(DrawError::NotStatic);
        }
        Qris::try_from(*payload).map_err(DrawError::NotQris)?;
        let line = |text: Option<&str>| text.and_then(Line::new);
        let terminal = match payload.additional().terminal_label() {
            Some(Entry::Text(label)) => Some(label),
            Some(Entry::Ask) | None => None,
        };
        Ok(Self {
            text: payload.as_str(),
            size,
            level: Level::default(),
            name: Line::merchant_name(payload),
            nmid: line(payload.nmid())
                .and_then(|nmid| Line::new(&format!("NMID: {}", nmid.text()))),
            terminal: line(terminal),
            amount: line(amount(payload).as_deref()),
            criteria: line(payload.criteria()),
            printed_by: line(payload.accounts().find_map(|account| account.nns())),
            version: line(Some(VERSION)),
        })
    }

    /// Sets the minimum error correction level. Default: [`Level::Medium`].
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Sets who printed the sign, after "Dicetak oleh". Default: the acquirer's number, which is the
    /// first eight digits of the merchant PAN. An empty text leaves the line out.
    #[must_use]
    pub fn printed_by(self, name: &str) -> Self {
        Self { printed_by: Line::new(name), ..self }
    }

    /// Sets the version of the sign, after "Versi cetak". Default: `1.0`. An empty text leaves the
    /// line out.
    #[must_use]
    pub fn print_version(self, version: &str) -> Self {
        Self { version: Line::new(version), ..self }
    }

    /// Draws an SVG document as large as the paper, black on white.
    ///
    /// The words are text in Helvetica, or in the font that the viewer uses instead.
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`].
    pub fn svg(&self) -> Result<String, DrawError> {
        let (symbol, page) = self.laid_out(|line| Some(line.text().to_owned()))?;
        Ok(crate::poster_svg::draw(&symbol, &page, &self.title()))
    }

    /// Draws a PDF of one page, black on white.
    ///
    /// The words are text in Helvetica, which every viewer has, so it is not embedded. It has the
    /// letters of Windows-1252. If a name has other letters, its version in another language (object
    /// 64) is drawn, or it is [left out](Self::omitted).
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`].
    pub fn pdf(&self) -> Result<Vec<u8>, DrawError> {
        let (symbol, page) = self.laid_out(|line| line.in_font(has_letter))?;
        Ok(crate::pdf::draw(&symbol, &page, &self.title()))
    }

    /// Draws in a format chosen at run time.
    ///
    /// # Errors
    ///
    /// [`DrawError::TooLong`].
    pub fn draw(&self, format: PosterFormat) -> Result<Vec<u8>, DrawError> {
        match format {
            PosterFormat::Svg => self.svg().map(String::into_bytes),
            PosterFormat::Pdf => self.pdf(),
        }
    }

    /// The words that a format leaves out, because its font lacks some of their letters.
    ///
    /// SVG leaves out nothing.
    ///
    /// ```
    /// use qris_image::{Poster, PosterFormat, PosterSize};
    ///
    /// # let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    /// #             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    /// #             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let poster = Poster::parse(text, PosterSize::A5)?.printed_by("麺屋 さくら");
    /// assert_eq!(poster.omitted(PosterFormat::Pdf), ["麺屋 さくら"]);
    /// # Ok::<(), qris_image::DrawError>(())
    /// ```
    pub fn omitted(&self, format: PosterFormat) -> Vec<&str> {
        match format {
            PosterFormat::Svg => Vec::new(),
            PosterFormat::Pdf => {
                let lacks = |line: &&Line| line.in_font(has_letter).is_none();
                self.lines().into_iter().flatten().filter(lacks).map(Line::text).collect()
            }
        }
    }

    fn lines(&self) -> [Option<&Line>; 7] {
        [
            &self.name,
            &self.nmid,
            &self.terminal,
            &self.amount,
            &self.printed_by,
            &self.version,
            &self.criteria,
        ]
        .map(Option::as_ref)
    }

    fn laid_out(&self, set: impl Fn(&Line) -> Option<String>) -> Result<(Symbol, Page), DrawError> {
        let symbol = Symbol::of(self.text, self.level)?;
        let [name, nmid, terminal, amount, printed_by, version, criteria] =
            self.lines().map(|line| line.and_then(&set));
        let words = Words { name, nmid, terminal, amount, printed_by, version, criteria };
        let (width, height) = self.size.millimetres();
        let page = lay_out((f32::from(width), f32::from(height)), symbol.width(), &words);
        Ok((symbol, page))
    }

    /// What a viewer shows in its title bar.
    fn title(&self) -> String {
        self.name.as_ref().map_or("QRIS".to_owned(), |name| format!("QRIS {}", name.text()))
    }
}
