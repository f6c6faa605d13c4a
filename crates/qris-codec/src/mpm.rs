//! The EMV layer: a merchant-presented payload with checked framing and checksum.

use crate::amount::Amount;
use crate::charset::Charset;
use crate::crc::{checksum, hex, hex_digits};
use crate::error::{Error, ErrorKind, Found, FoundBytes};
pub use crate::fields::{AdditionalData, Entry, Initiation, Language, Objects, Tip};
use crate::object_bytes::{self, Width};
use crate::rules::limits;
use crate::tag::{Path, Tag};
use crate::tlv::{Object, Reader, Unit};

/// A payload whose root is objects to its end, begins with 00, ends with a right 63 and has no
/// duplicate.
///
/// Borrowed from the text; nothing is copied. The values of the objects are not checked here.
///
/// ```
/// use qris_codec::{Path, Payload};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let payload = Payload::parse(text)?;
/// assert_eq!(payload.merchant_name(), Some("TOKO CONTOH"));
/// assert_eq!(payload.get(Path::NMID), Some("ID1020038431489"));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload<'a> {
    /// The given text, including surrounding white space.
    text: &'a str,
    /// Where the payload begins in it.
    start: u16,
    /// The payload itself.
    body: &'a str,
    /// How to read the objects: [`Unit::Bytes`] for ASCII too, because it is faster.
    unit: Unit,
    /// Its characters.
    charset: Charset,
    checksum: u16,
}

/// The result of [`Payload::parse`] without the borrow. With the same text it returns the payload
/// again, without parsing again.
///
/// ```
/// use qris_codec::Payload;
///
/// let kept = String::from(
///     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///      51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///      CONTOH6007JAKARTA61051011062070703A01630466DC",
/// );
/// let parsed = Payload::parse(&kept)?.parsed();
/// let payload = parsed.payload(&kept);
/// assert_eq!(payload, Some(Payload::parse(&kept)?));
/// assert_eq!(parsed.payload(&kept[1..]), None);
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    len: usize,
    unit: Unit,
    charset: Charset,
    checksum: u16,
}

impl Parsed {
    /// The payload in this text, which must be the parsed text. `None` if its length or its checksum
    /// differs; other differences are not detected.
    pub fn payload<'a>(&self, text: &'a str) -> Option<Payload<'a>> {
        let Self { len, unit, charset, checksum } = *self;
        let is_same = text.len() == len
            && text.as_bytes().last_chunk::<4>().is_some_and(|end| hex(end) == Some(checksum));
        is_same.then_some(Payload { text, start: 0, body: text, unit, charset, checksum })
    }
}

impl<'a> Payload<'a> {
    /// The maximum length of a text in bytes. Payloads are much shorter: a root has at most 100
    /// objects of 103 characters.
    pub const MAX_LEN: usize = u16::MAX as usize;

    /// Reads the root of a payload and verifies its checksum.
    ///
    /// White space and a byte-order mark around it are ignored. Lengths count characters (EMVCo MPM
    /// 4.4.1.1). If the objects then do not reach the end with 63 last, lengths count bytes.
    ///
    /// # Errors
    ///
    /// The first of: [`ErrorKind::TooLong`], [`ErrorKind::Empty`]; the framing errors of
    /// [`Reader::next_object`]; [`ErrorKind::FormatNotFirst`]; [`ErrorKind::ChecksumMissing`],
    /// [`ErrorKind::ChecksumNotLast`], [`ErrorKind::ChecksumLength`]; [`ErrorKind::Duplicate`];
    /// [`ErrorKind::ChecksumDigits`], [`ErrorKind::ChecksumMismatch`].
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let (start, body) = surrounded(text)?;
        let charset = Charset::from_bytes(body.as_bytes());
        let read = |unit| Self::read(text, start, body, charset, unit);
        if charset == Charset::Plain || body.is_ascii() {
            return read(Unit::Bytes);
        }
        read(Unit::Characters).or_else(|error| match error.kind() {
            ErrorKind::Header { .. }
            | ErrorKind::Digits { .. }
            | ErrorKind::Truncated { .. }
            | ErrorKind::ChecksumMissing
            | ErrorKind::ChecksumNotLast { .. } => read(Unit::Bytes).map_err(|_| error),
            // With characters, the objects reach the end with 63 last.
            _ => Err(error),
        })
    }

    /// Text of plain characters that ends with its checksum. It is a payload if its root is right.
    #[inline]
    pub(crate) fn sealed(text: &'a str) -> Option<Self> {
        let (covered, digits) = text.as_bytes().split_last_chunk::<4>()?;
        if text.len() > limits::MAX_PAYLOAD_CHARS
            || Charset::from_bytes(text.as_bytes()) != Charset::Plain
        {
            return None;
        }
        let checksum = checksum(covered);
        (*digits == hex_digits(checksum)).then_some(Self::plain(text, checksum))
    }

    /// Plain text with a right root and checksum.
    #[inline(always)]
    pub(crate) const fn plain(text: &'a str, checksum: u16) -> Self {
        let (unit, charset) = (Unit::Bytes, Charset::Plain);
        Self { text, start: 0, body: text, unit, charset, checksum }
    }

    /// [`parse`](Self::parse) for bytes that may not be UTF-8.
    ///
    /// # Errors
    ///
    /// The same as of [`parse`](Self::parse), and [`ErrorKind::Utf8`] at the first wrong byte.
    pub fn parse_bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.len() > Self::MAX_LEN {
            return Err(too_long(bytes.len()));
        }
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()))?;
        Self::parse(text)
    }

    /// The given text, including everything around the payload.
    pub(crate) const fn given(&self) -> &'a str {
        self.text
    }

    #[inline(always)]
    fn read(
        text: &'a str,
        start: usize,
        body: &'a str,
        charset: Charset,
        unit: Unit,
    ) -> Result<Self, Error> {
        let covered = body.len().saturating_sub(4);
        let expected = checksum(body.as_bytes().get(..covered).unwrap_or_default());
        let root = || Reader::at(body, start, unit);
        let mut reader = root();
        // In ascending order no tag can appear twice. Nearly all payloads are ascending, and this
        // needs half the work of a set of tags.
        let (mut next, mut ascending) = (0, true);
        let mut len = 0;
        while let Some(object) = reader.step() {
            let number = object.tag().number();
            ascending &= number >= next;
            next = number.wrapping_add(1);
            len = object.value().len();
        }
        // If one of these fails, a second walk finds the reason.
        let closed = reader.is_at_end() && next == BEHIND_CHECKSUM && len == 4;
        let begun = body.starts_with("00");
        if !(closed && begun && (ascending || duplicate(root()).is_none())) {
            return Err(root_error(root()));
        }
        let crc = body.as_bytes().get(covered..).unwrap_or_default();
        if crc != hex_digits(expected) {
            let kind = match hex(crc) {
                // The checksum is in lower case.
                Some(found) if found == expected => None,
                Some(found) => Some(ErrorKind::ChecksumMismatch { found, expected }),
                None => {
                    let crc = body.get(covered..).unwrap_or_default();
                    let found = Found::first(crc, |c| c.is_ascii_hexdigit());
                    Some(ErrorKind::ChecksumDigits { found })
                }
            };
            if let Some(kind) = kind {
                return Err(Error::new(kind, start.saturating_add(covered)));
            }
        }
        let start = u16::try_from(start).unwrap_or(u16::MAX);
        Ok(Self { text, start, body, unit, charset, checksum: expected })
    }

    /// The payload without anything around it.
    pub const fn as_str(&self) -> &'a str {
        self.body
    }

    /// The checksum, which is checked.
    pub const fn checksum(&self) -> u16 {
        self.checksum
    }

    /// The result of parsing [`as_str`](Self::as_str), for a program that keeps the text but cannot
    /// keep the borrow.
    pub const fn parsed(&self) -> Parsed {
        let Self { unit, charset, checksum, .. } = *self;
        Parsed { len: self.body.len(), unit, charset, checksum }
    }

    /// What the length fields of the payload count. For ASCII both are the same, and it is
    /// [`Unit::Bytes`].
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Its characters.
    pub(crate) const fn charset(&self) -> Charset {
        self.charset
    }

    /// The given text before and after the payload.
    pub(crate) fn around(&self) -> (&'a str, &'a str) {
        let before = self.text.get(..usize::from(self.start)).unwrap_or_default();
        (before, self.text.get(self.end()..).unwrap_or_default())
    }

    /// The byte of the given text at which the payload ends.
    pub(crate) fn end(&self) -> usize {
        usize::from(self.start).saturating_add(self.body.len())
    }

    /// The byte of the given text at which the payload begins.
    pub(crate) const fn start(&self) -> usize {
        self.start as usize
    }

    /// The objects of the root, as bytes.
    pub(crate) const fn root(&self) -> object_bytes::Objects<'a> {
        let width = Width::new(self.charset, self.unit);
        object_bytes::Objects::new(self.body.as_bytes(), self.start as usize, width)
    }

    pub(crate) fn reader(&self) -> Reader<'a> {
        Reader::at(self.body, usize::from(self.start), self.unit)
    }

    /// The objects of the root, in order.
    pub fn objects(&self) -> Objects<'a> {
        Objects { reader: Reader::at(self.body, usize::from(self.start), self.unit) }
    }

    /// The objects inside a template, if its value is objects to its end.
    pub fn inside(&self, object: &Object<'a>) -> Option<Objects<'a>> {
        let reader = Reader::inside(object, self.unit);
        let mut all = reader.clone();
        while all.step().is_some() {}
        all.is_at_end().then_some(Objects { reader })
    }

    /// The value at a tag path, or `None` if there is no such object.
    ///
    /// Objects 02 to 25 are account numbers and never templates.
    ///
    /// ```
    /// use qris_codec::{Path, Payload, Tag};
    ///
    /// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    ///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    ///             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let payload = Payload::parse(text)?;
    /// assert_eq!(payload.get(Path::NMID), Some("ID1020038431489"));
    /// assert_eq!(payload.get(Tag::MERCHANT_NAME), Some("TOKO CONTOH"));
    /// assert_eq!(payload.get("62.07".parse::<Path>()?), Some("A01"));
    /// # Ok::<(), qris_codec::Error>(())
    /// ```
    pub fn get(&self, path: impl Into<Path>) -> Option<&'a str> {
        let mut tags = path.into().tags();
        let root = tags.next()?;
        let mut object = self.objects().find(|object| object.tag() == root)?;
        for tag in tags {
            if !Path::new(root).is_template() {
                return None;
            }
            object = self.inside(&object)?.find(|object| object.tag() == tag)?;
        }
        Some(object.value())
    }

    fn value(&self, tag: Tag) -> Option<&'a str> {
        self.objects().find(|object| object.tag() == tag).map(|object| object.value())
    }

    /// 01: whether the code is for one payment or for many. `None` if it is missing or unknown.
    pub fn initiation(&self) -> Option<Initiation> {
        match self.value(Tag::INITIATION)? {
            limits::STATIC => Some(Initiation::Static),
            limits::DYNAMIC => Some(Initiation::Dynamic),
            _ => None,
        }
    }

    /// 52, the merchant category code of four digits.
    pub fn merchant_category_code(&self) -> Option<&'a str> {
        self.value(Tag::CATEGORY_CODE)
    }

    /// 53, the currency as ISO 4217 digits; `360` is the rupiah.
    pub fn currency(&self) -> Option<&'a str> {
        self.value(Tag::CURRENCY)
    }

    /// 54, the amount, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AmountSyntax`] or [`ErrorKind::AmountTooLong`] if the value is not an amount.
    pub fn amount(&self) -> Option<Result<Amount, Error>> {
        let object = self.objects().find(|object| object.tag() == Tag::AMOUNT)?;
        Some(exact(&object))
    }

    /// 55 to 57: the tip or fee, if the payload has one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TipUnknown`], [`ErrorKind::FeeFixedMissing`] or
    /// [`ErrorKind::FeePercentMissing`] if the three objects contradict each other, and
    /// [`ErrorKind::AmountSyntax`] or [`ErrorKind::AmountTooLong`] if the fee is not an amount.
    pub fn tip(&self) -> Option<Result<Tip, Error>> {
        let indicator = self.objects().find(|object| object.tag() == Tag::TIP)?;
        let number = |tag: Tag, absent: ErrorKind| {
            let object = self.objects().find(|object| object.tag() == tag);
            let object =
                object.ok_or(Error::at(absent, Some(tag.into()), indicator.value_offset()))?;
            exact(&object)
        };
        Some(match indicator.value() {
            limits::TIP_PROMPT => Ok(Tip::Prompt),
            limits::TIP_FIXED => number(Tag::FEE_FIXED, ErrorKind::FeeFixedMissing).map(Tip::Fixed),
            limits::TIP_PERCENT => {
                number(Tag::FEE_PERCENT, ErrorKind::FeePercentMissing).map(Tip::Percent)
            }
            _ => {
                let found = Found::code(indicator.value(), limits::TIP_PROMPT.len());
                Err(Error::at(
                    ErrorKind::TipUnknown { found },
                    Some(Tag::TIP.into()),
                    indicator.value_offset(),
                ))
            }
        })
    }

    /// 58, the country as two letters.
    pub fn country_code(&self) -> Option<&'a str> {
        self.value(Tag::COUNTRY)
    }

    /// 59, the merchant's name.
    pub fn merchant_name(&self) -> Option<&'a str> {
        self.value(Tag::MERCHANT_NAME)
    }

    /// 60, the merchant's city.
    pub fn merchant_city(&self) -> Option<&'a str> {
        self.value(Tag::MERCHANT_CITY)
    }

    /// 61, the merchant's postal code.
    pub fn postal_code(&self) -> Option<&'a str> {
        self.value(Tag::POSTAL_CODE)
    }

    /// 62, additional data about the payment.
    pub fn additional(&self) -> AdditionalData<'a> {
        let template = self.objects().find(|object| object.tag() == Tag::ADDITIONAL_DATA);
        AdditionalData { objects: template.and_then(|template| self.inside(&template)) }
    }

    /// 64, the merchant's name and city in another language, if it has both mandatory parts.
    pub fn language(&self) -> Option<Language<'a>> {
        let template = self.objects().find(|object| object.tag() == Tag::LANGUAGE)?;
        let objects = self.inside(&template)?;
        let value = |number: u8| objects.clone().value_of(number);
        Some(Language { code: value(0)?, merchant_name: value(1)?, merchant_city: value(2) })
    }
}

/// The exact number in an object.
fn exact(object: &Object<'_>) -> Result<Amount, Error> {
    object.value().parse::<Amount>().map_err(|error| {
        let offset = object.value_offset().saturating_add(error.offset());
        Error::at(error.kind(), Some(object.tag().into()), offset)
    })
}

/// The error of a root: it is not objects to its end, 00 is not first, 63 is not last with four
/// characters, or an object appears twice. The first of these counts.
#[cold]
fn root_error(root: Reader<'_>) -> Error {
    let mut end = root.clone();
    while end.step().is_some() {}
    if !end.is_at_end() {
        return end.fault();
    }
    let objects = || Objects { reader: root.clone() };
    let start = root.offset();
    if let Some(found) = objects().next().map(|first| first.tag()).filter(|&t| t != Tag::FORMAT) {
        return Error::new(ErrorKind::FormatNotFirst { found }, start);
    }
    let mut from_crc = objects().skip_while(|object| object.tag() != Tag::CHECKSUM);
    let Some(crc) = from_crc.next() else {
        return Error::new(ErrorKind::ChecksumMissing, end.offset());
    };
    if let Some(behind) = from_crc.next() {
        return Error::new(ErrorKind::ChecksumNotLast { found: behind.tag() }, behind.offset());
    }
    if crc.value().len() != 4 {
        let found = u8::try_from(crc.value().len()).unwrap_or(u8::MAX);
        return Error::new(ErrorKind::ChecksumLength { found }, crc.value_offset());
    }
    // Otherwise an object appears twice.
    duplicate(root.clone()).map_or(Error::new(ErrorKind::ChecksumMissing, start), |object| {
        Error::new(ErrorKind::Duplicate { tag: object.tag() }, object.offset())
    })
}

/// The first object whose tag appears twice.
fn duplicate<'a>(root: Reader<'a>) -> Option<Object<'a>> {
    let mut met = 0_u128;
    Objects { reader: root }.find(|object| {
        let before = met;
        met |= 1 << object.tag().number();
        met == before
    })
}

/// One more than the tag of the last object.
const BEHIND_CHECKSUM: u8 = Tag::CHECKSUM.number().wrapping_add(1);

#[cold]
fn too_long(bytes: usize) -> Error {
    Error::new(ErrorKind::TooLong { found: FoundBytes::new(bytes) }, Payload::MAX_LEN)
}

/// The payload inside `text`, if it is not empty, and the byte at which it begins.
fn surrounded(text: &str) -> Result<(usize, &str), Error> {
    if text.len() > Payload::MAX_LEN {
        return Err(too_long(text.len()));
    }
    let (start, body) = trim(text);
    if body.is_empty() { Err(Error::new(ErrorKind::Empty, 0)) } else { Ok((start, body)) }
}

/// The payload inside `text`, and the byte at which it begins.
pub(crate) fn trim(text: &str) -> (usize, &str) {
    // Nearly every text is only the payload.
    if let [first, .., last] = text.as_bytes() {
        if first.is_ascii_graphic() && last.is_ascii_graphic() {
            return (0, text);
        }
    }
    let around = |c: char| c.is_whitespace() || c == '\u{feff}';
    let body = text.trim_start_matches(around);
    (text.len().saturating_sub(body.len()), body.trim_end_matches(around))
}
