//! The EMV layer: one merchant-presented payload whose framing and checksum are right.

use crate::amount::Amount;
use crate::crc::{checksum, hex};
use crate::error::{Error, ErrorKind};
use crate::tag::{Path, Tag};
use crate::tlv::{Object, Reader, Unit};

/// A payload whose root is framed to its end, begins with 00, ends with a right 63 and has no
/// object twice.
///
/// Borrowed from the text; nothing is copied. What the objects *say* is not judged here.
///
/// ```
/// use qris_codec::Payload;
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let payload = Payload::parse(text)?;
/// assert_eq!(payload.merchant_name(), Some("TOKO CONTOH"));
/// assert_eq!(payload.get("51.02".parse()?), Some("ID1020038431489"));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload<'a> {
    /// The text as it was given, white space and all.
    text: &'a str,
    /// Where the payload begins in it.
    start: u16,
    /// The payload itself.
    body: &'a str,
    /// How the objects are read: [`Unit::Bytes`] for ASCII too, where it is the faster way.
    walk: Unit,
    checksum: u16,
}

impl<'a> Payload<'a> {
    /// The longest text that is looked at, in bytes. No payload comes near it: the root has room
    /// for 100 objects of 103 characters.
    pub const MAX_LEN: usize = u16::MAX as usize;

    /// Reads the root of a payload and verifies its checksum.
    ///
    /// White space and a byte-order mark around it are passed over. Lengths are taken as
    /// characters (EMVCo MPM 4.4.1.1); where that does not come out, as bytes.
    ///
    /// # Errors
    ///
    /// The first of: [`ErrorKind::TooLong`], [`ErrorKind::Empty`]; the framing errors of
    /// [`Reader::next_object`]; [`ErrorKind::FormatNotFirst`]; [`ErrorKind::ChecksumMissing`],
    /// [`ErrorKind::ChecksumNotLast`], [`ErrorKind::ChecksumLength`]; [`ErrorKind::Duplicate`];
    /// [`ErrorKind::ChecksumDigits`], [`ErrorKind::ChecksumMismatch`].
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        if text.len() > Self::MAX_LEN {
            return Err(Error::new(ErrorKind::TooLong, Self::MAX_LEN));
        }
        let (start, body) = trim(text);
        if body.is_empty() {
            return Err(Error::new(ErrorKind::Empty, 0));
        }
        if body.is_ascii() {
            return Self::walk(text, start, body, Unit::Bytes);
        }
        Self::walk(text, start, body, Unit::Characters)
            .or_else(|error| Self::walk(text, start, body, Unit::Bytes).map_err(|_| error))
    }

    /// [`parse`](Self::parse) for text that has not been checked to be UTF-8.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), and [`ErrorKind::Utf8`] at the first byte that is wrong.
    pub fn parse_bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()))?;
        Self::parse(text)
    }

    fn walk(text: &'a str, start: usize, body: &'a str, walk: Unit) -> Result<Self, Error> {
        let mut reader = Reader::at(body, start, walk);
        let mut seen = 0_u128;
        let mut first: Option<Tag> = None;
        let mut duplicate: Option<Object<'a>> = None;
        let mut crc: Option<Object<'a>> = None;
        let mut behind_crc: Option<Object<'a>> = None;
        while let Some(object) = reader.next_object()? {
            first = first.or(Some(object.tag()));
            if crc.is_some() && behind_crc.is_none() {
                behind_crc = Some(object);
            }
            if object.tag() == Tag::CHECKSUM && crc.is_none() {
                crc = Some(object);
            }
            let bit = 1_u128 << object.tag().number();
            if seen & bit != 0 && duplicate.is_none() {
                duplicate = Some(object);
            }
            seen |= bit;
        }
        if let Some(found) = first.filter(|&tag| tag != Tag::FORMAT) {
            return Err(Error::new(ErrorKind::FormatNotFirst { found }, start));
        }
        let Some(crc) = crc else {
            return Err(Error::new(ErrorKind::ChecksumMissing, reader.offset()));
        };
        if let Some(object) = behind_crc {
            let kind = ErrorKind::ChecksumNotLast {
                found: object.tag(),
            };
            return Err(Error::new(kind, object.offset()));
        }
        if crc.value().len() != 4 {
            let found = u8::try_from(crc.value().chars().count()).unwrap_or(u8::MAX);
            return Err(Error::new(
                ErrorKind::ChecksumLength { found },
                crc.value_offset(),
            ));
        }
        if let Some(object) = duplicate {
            return Err(Error::new(
                ErrorKind::Duplicate(object.tag()),
                object.offset(),
            ));
        }
        let Some(found) = hex(crc.value().as_bytes()) else {
            return Err(Error::new(ErrorKind::ChecksumDigits, crc.value_offset()));
        };
        let covered = body.len().saturating_sub(4);
        let expected = checksum(body.as_bytes().get(..covered).unwrap_or_default());
        if found != expected {
            let kind = ErrorKind::ChecksumMismatch { found, expected };
            return Err(Error::new(kind, crc.value_offset()));
        }
        let start = u16::try_from(start).unwrap_or(u16::MAX);
        Ok(Self {
            text,
            start,
            body,
            walk,
            checksum: found,
        })
    }

    /// The payload without what surrounded it.
    pub const fn as_str(&self) -> &'a str {
        self.body
    }

    /// The checksum, which is right.
    pub const fn checksum(&self) -> u16 {
        self.checksum
    }

    /// The objects of the root, in order.
    pub fn objects(&self) -> Objects<'a> {
        Objects {
            reader: Reader::at(self.body, usize::from(self.start), self.walk),
        }
    }

    /// The objects of a template's value, if it is framed to its end.
    pub fn inside(&self, object: &Object<'a>) -> Option<Objects<'a>> {
        let reader = Reader::at(object.value(), object.value_offset(), self.walk);
        let mut all = reader.clone();
        while all.next_object().ok()?.is_some() {}
        Some(Objects { reader })
    }

    /// The value at a tag path, or `None` when there is no such object.
    ///
    /// Objects 02 to 25 are account numbers, not templates, whatever they look like.
    pub fn get(&self, path: Path) -> Option<&'a str> {
        let mut tags = path.tags();
        let root = tags.next()?;
        let mut object = self.objects().find(|object| object.tag() == root)?;
        for tag in tags {
            if !is_template(root) {
                return None;
            }
            object = self.inside(&object)?.find(|object| object.tag() == tag)?;
        }
        Some(object.value())
    }

    fn value(&self, tag: Tag) -> Option<&'a str> {
        self.objects()
            .find(|object| object.tag() == tag)
            .map(|object| object.value())
    }

    /// 01: whether the code is made for one payment or for many. `None` when it does not say.
    pub fn initiation(&self) -> Option<Initiation> {
        match self.value(Tag::INITIATION)? {
            "11" => Some(Initiation::Static),
            "12" => Some(Initiation::Dynamic),
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
    /// [`ErrorKind::AmountSyntax`] when what stands there is no amount.
    pub fn amount(&self) -> Option<Result<Amount, Error>> {
        let object = self.objects().find(|object| object.tag() == Tag::AMOUNT)?;
        let at = object.value_offset();
        let amount = object.value().parse::<Amount>();
        Some(amount.map_err(|error| Error::new(error.kind(), at.saturating_add(error.offset()))))
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
}

/// The objects of a root or a template that is known to be framed to its end.
#[derive(Clone, Debug)]
pub struct Objects<'a> {
    reader: Reader<'a>,
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    #[inline]
    fn next(&mut self) -> Option<Object<'a>> {
        self.reader.next_object().ok().flatten()
    }
}

/// Whether a code stays the same for many payments or is made for one (tag 01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiation {
    /// `11`: one code for many payments, such as a sticker.
    Static,
    /// `12`: a new code for each payment.
    Dynamic,
}

/// Whether a root object is a template (EMVCo MPM 4.6.1 and QRIS 4.6).
pub(crate) const fn is_template(tag: Tag) -> bool {
    matches!(tag.number(), 26..=51 | 62 | 64 | 80..=99)
}

/// The payload inside `text`, and the byte at which it begins.
fn trim(text: &str) -> (usize, &str) {
    let around = |c: char| c.is_whitespace() || c == '\u{feff}';
    let body = text.trim_start_matches(around);
    (
        text.len().saturating_sub(body.len()),
        body.trim_end_matches(around),
    )
}
