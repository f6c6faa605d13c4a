//! Consumer-presented codes, which a payer's wallet shows and a till scans (EMVCo CPM 1.x and QRIS
//! CPM).
//!
//! Their format is different from the rest of this crate: Base64 of binary objects (BER-TLV). This
//! module only reads them.
//!
//! ```
//! use qris_codec::cpm;
//!
//! // The second sample of EMVCo's specification: two applications of one card.
//! let text = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI\
//!             0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzc\
//!             EbVjvEw==";
//! let mut buffer = [0; 512];
//! let payload = cpm::Payload::parse(cpm::decode_into(text, &mut buffer)?)?;
//! let aid = [0xA0, 0x00, 0x00, 0x00, 0x55, 0x55, 0x55];
//! let application = payload.application(&aid)?.ok_or("not accepted here")?;
//! assert_eq!(application.label(), Some("Product1"));
//! assert_eq!(application.pan().as_str(), "1234567890123458");
//! assert_eq!(application.text(cpm::CARDHOLDER_NAME), Some("CARDHOLDER/EMV"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use nom::bytes::complete::take;
use nom::{IResult, Parser};

use crate::error::{Error, ErrorKind, FoundBytes};

/// The application identifier of QRIS (the domestic scheme), for [`Payload::application`].
pub const QRIS_AID: [u8; 7] = [0xA0, 0x00, 0x00, 0x06, 0x02, 0x20, 0x20];

/// 4F, the ADF name.
pub const ADF_NAME: u32 = 0x4F;
/// 50, the application's label.
pub const LABEL: u32 = 0x50;
/// 57, track 2 equivalent data.
pub const TRACK_2: u32 = 0x57;
/// 5A, the PAN.
pub const PAN: u32 = 0x5A;
/// 5F20, the cardholder's name.
pub const CARDHOLDER_NAME: u32 = 0x5F20;
/// 5F2D, the preferred languages, two letters each.
pub const LANGUAGES: u32 = 0x5F2D;
/// 5F50, the issuer's address: `tel:` or `mailto:` or a URL.
pub const ISSUER_URL: u32 = 0x5F50;
/// 63, inside 61: the application-specific transparent template.
pub const APPLICATION_TRANSPARENT: u32 = 0x63;
/// 64, inside 62: the common transparent template.
pub const COMMON_TRANSPARENT: u32 = 0x64;
/// 9F25, the last four digits of the PAN.
pub const LAST_FOUR: u32 = 0x9F25;
/// 9F74, inside 63: QRIS' issuer data.
pub const ISSUER_DATA: u32 = 0x9F74;

const FORMAT: u32 = 0x85;
const APPLICATION: u32 = 0x61;
const COMMON: u32 = 0x62;

/// Decodes the Base64 text of a consumer-presented code into the caller's buffer; three quarters of
/// the text's length are enough. White space around the text is ignored.
///
/// # Errors
///
/// [`ErrorKind::CpmBase64`] at the first byte that is not Base64 (RFC 4648, section 4), and
/// [`ErrorKind::BufferTooSmall`].
///
/// See the [module](self) for an example.
pub fn decode_into<'b>(text: &str, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
    let body = text.trim_end();
    let trimmed = body.trim_start();
    let start = body.len().saturating_sub(trimmed.len());
    let mut len = 0_usize;
    let mut padded = false;
    let chunks = trimmed.as_bytes().chunks(4);
    for (at, chunk) in (start..).step_by(4).zip(chunks) {
        let bad = |within: usize| Error::new(ErrorKind::CpmBase64, at.saturating_add(within));
        let &[a, b, c, d] = chunk else { return Err(bad(0)) };
        if padded {
            return Err(bad(0));
        }
        let six = |byte: u8, within: usize| sextet(byte).ok_or(bad(within));
        let mut group = (six(a, 0)? << 18) | (six(b, 1)? << 12);
        let mut bytes = 1_usize;
        if c != b'=' {
            group |= six(c, 2)? << 6;
            bytes = 2;
        }
        match (c, d) {
            (b'=', b'=') | (_, b'=') => padded = true,
            (b'=', _) => return Err(bad(2)),
            _ => {
                group |= six(d, 3)?;
                bytes = 3;
            }
        }
        let [_, decoded @ ..] = group.to_be_bytes();
        let end = len.saturating_add(bytes);
        let needed = u16::try_from(trimmed.len().div_ceil(4).saturating_mul(3)).unwrap_or(u16::MAX);
        let found = u16::try_from(buffer.len()).unwrap_or(u16::MAX);
        let refused = Error::new(ErrorKind::BufferTooSmall { needed, found }, at);
        let room = buffer.get_mut(len..end).ok_or(refused)?;
        for (slot, byte) in room.iter_mut().zip(decoded) {
            *slot = byte;
        }
        len = end;
    }
    Ok(buffer.get(..len).unwrap_or_default())
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte.wrapping_sub(b'A'),
        b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// One binary object.
///
/// See the [module](self) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    /// The tag: `0x5F20` for 5F 20.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// The byte of the code at which the tag begins.
    pub offset: usize,
    value_offset: usize,
}

impl<'a> Object<'a> {
    /// The objects inside a template (bit 6 of the tag's first byte, ISO/IEC 8825-1) whose value is
    /// objects to its end.
    pub fn objects(&self) -> Option<Objects<'a>> {
        let first = self.tag.to_be_bytes().into_iter().find(|&byte| byte != 0)?;
        if first & 0x20 == 0 || framed(self.value, self.value_offset).is_err() {
            return None;
        }
        Some(Objects { rest: self.value, offset: self.value_offset })
    }
}

/// The objects of a code or a template whose framing is checked to the end.
///
/// See the [module](self) for an example.
#[derive(Clone, Debug)]
pub struct Objects<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    fn next(&mut self) -> Option<Object<'a>> {
        next_object(&mut self.rest, &mut self.offset).ok().flatten()
    }
}

/// A consumer-presented code with checked framing and a right beginning.
///
/// See the [module](self) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload<'a> {
    bytes: &'a [u8],
}

impl<'a> Payload<'a> {
    /// The maximum length of a code in bytes: more than fits into the largest QR symbol.
    pub const MAX_LEN: usize = 4096;

    /// Reads the objects of a decoded code.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CpmTooLong`]; [`ErrorKind::CpmObject`] if a tag, a length or a value is cut
    /// short or malformed; [`ErrorKind::CpmFormat`] if the code does not begin with 85 = `CPV01`;
    /// [`ErrorKind::CpmApplicationMissing`] if there is no template 61.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.len() > Self::MAX_LEN {
            let found = FoundBytes::new(bytes.len());
            return Err(Error::new(ErrorKind::CpmTooLong { found }, Self::MAX_LEN));
        }
        let mut first = true;
        let mut applications = false;
        let (mut rest, mut offset) = (bytes, 0);
        while let Some(object) = next_object(&mut rest, &mut offset)? {
            if first && (object.tag, object.value) != (FORMAT, b"CPV01") {
                return Err(Error::new(ErrorKind::CpmFormat, 0));
            }
            first = false;
            if matches!(object.tag, APPLICATION | COMMON) {
                framed(object.value, object.value_offset)?;
                applications |= object.tag == APPLICATION;
            }
        }
        match (first, applications) {
            (true, _) => Err(Error::new(ErrorKind::CpmFormat, 0)),
            (_, false) => Err(Error::new(ErrorKind::CpmApplicationMissing, bytes.len())),
            (false, true) => Ok(Self { bytes }),
        }
    }

    /// All objects of the root, in order, including unknown ones.
    pub fn objects(&self) -> Objects<'a> {
        Objects { rest: self.bytes, offset: 0 }
    }

    /// The ADF names of the code, in its order. Templates 61 without a name of 5 to 16 bytes are
    /// ignored, as EMVCo requires.
    pub fn adf_names(&self) -> impl Iterator<Item = &'a [u8]> {
        self.templates().filter_map(|template| adf_name(&template))
    }

    /// The first application that an AID matches: the AID is equal to the ADF name or a prefix of
    /// it. `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CpmDuplicate`] if an object appears twice in the application's data, 61 and the
    /// common 62 together; [`ErrorKind::CpmAccountMissing`] if it has neither 57 nor 5A;
    /// [`ErrorKind::CpmPanShape`] if these have no PAN; [`ErrorKind::CpmPanMismatch`] if the two
    /// PANs differ.
    pub fn application(&self, aid: &[u8]) -> Result<Option<Application<'a>>, Error> {
        let matching =
            |template: &Object<'a>| adf_name(template).is_some_and(|name| name.starts_with(aid));
        let Some(template) = self.templates().find(matching) else { return Ok(None) };
        let common = self.objects().find(|object| object.tag == COMMON);
        let all = || {
            let inside =
                |object: Object<'a>| Objects { rest: object.value, offset: object.value_offset };
            inside(template).chain(common.into_iter().flat_map(inside))
        };
        for (at, object) in all().enumerate() {
            if all().take(at).any(|before| before.tag == object.tag) {
                return Err(Error::new(ErrorKind::CpmDuplicate, object.offset));
            }
        }
        let digits = |tag: u32| {
            let found = all().find(|object| object.tag == tag);
            found.map(|object| {
                let found = u8::try_from(object.value.len()).unwrap_or(u8::MAX);
                let refused = Error::new(ErrorKind::CpmPanShape { found }, object.offset);
                Pan::read(object.value).ok_or(refused)
            })
        };
        let pan = match (digits(PAN).transpose()?, digits(TRACK_2).transpose()?) {
            (Some(pan), Some(track)) if pan.as_str() != track.as_str() => {
                return Err(Error::new(ErrorKind::CpmPanMismatch, template.offset));
            }
            (Some(pan), _) | (None, Some(pan)) => pan,
            (None, None) => {
                return Err(Error::new(ErrorKind::CpmAccountMissing, template.offset));
            }
        };
        Ok(Some(Application { template: template.value, common: common.map(|o| o.value), pan }))
    }

    fn templates(&self) -> impl Iterator<Item = Object<'a>> {
        self.objects().filter(|object| object.tag == APPLICATION)
    }
}

/// The data of a code for one application, including the common data.
///
/// `Debug` does not show the values, because they identify the payer.
///
/// See the [module](self) for an example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Application<'a> {
    template: &'a [u8],
    common: Option<&'a [u8]>,
    pan: Pan,
}

impl<'a> Application<'a> {
    /// An object's value, from the application's own template or the common one.
    ///
    /// It also finds objects inside the transparent templates 63 and 64.
    pub fn get(&self, tag: u32) -> Option<&'a [u8]> {
        let inside = |bytes: &'a [u8]| Objects { rest: bytes, offset: 0 };
        let own = || inside(self.template).chain(self.common.into_iter().flat_map(inside));
        let deeper = own()
            .filter(|object| matches!(object.tag, APPLICATION_TRANSPARENT | COMMON_TRANSPARENT))
            .flat_map(|object| inside(object.value));
        own().chain(deeper).find(|object| object.tag == tag).map(|object| object.value)
    }

    /// An object's value as text.
    pub fn text(&self, tag: u32) -> Option<&'a str> {
        core::str::from_utf8(self.get(tag)?).ok()
    }

    /// 4F, the ADF name.
    pub fn adf_name(&self) -> &'a [u8] {
        self.get(ADF_NAME).unwrap_or_default()
    }

    /// 50, the application's label: `QRISCPM` in Indonesia.
    pub fn label(&self) -> Option<&'a str> {
        self.text(LABEL)
    }

    /// The payer's PAN, from 5A or from the beginning of 57.
    pub const fn pan(&self) -> &Pan {
        &self.pan
    }
}

impl fmt::Debug for Application<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application").field("label", &self.label()).finish_non_exhaustive()
    }
}

/// A primary account number of up to 20 digits. `Debug` does not show it.
///
/// See the [module](self) for an example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pan {
    digits: [u8; 20],
    len: u8,
}

impl Pan {
    /// Reads digits of half a byte each, padded with F; in track 2 the digit `D` ends them.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut pan = Self { digits: [b'0'; 20], len: 0 };
        let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        for nibble in nibbles.take_while(|&nibble| nibble < 0xD) {
            let slot = pan.digits.get_mut(usize::from(pan.len))?;
            *slot = (nibble < 10).then(|| nibble.wrapping_add(b'0'))?;
            pan.len = pan.len.saturating_add(1);
        }
        (pan.len > 0).then_some(pan)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(digits).unwrap_or_default()
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({} digits)", self.len)
    }
}

fn adf_name<'a>(template: &Object<'a>) -> Option<&'a [u8]> {
    let mut objects = Objects { rest: template.value, offset: 0 };
    let name = objects.find(|object| object.tag == ADF_NAME)?.value;
    (5..=16).contains(&name.len()).then_some(name)
}

/// Whether a template is objects to its end.
fn framed(mut bytes: &[u8], mut offset: usize) -> Result<(), Error> {
    while next_object(&mut bytes, &mut offset)?.is_some() {}
    Ok(())
}

fn next_object<'a>(rest: &mut &'a [u8], offset: &mut usize) -> Result<Option<Object<'a>>, Error> {
    if rest.is_empty() {
        return Ok(None);
    }
    let (after, (tag, value)) =
        object(rest).map_err(|_| Error::new(ErrorKind::CpmObject, *offset))?;
    let end = offset.saturating_add(rest.len().saturating_sub(after.len()));
    let value_offset = end.saturating_sub(value.len());
    let object = Object { tag, value, offset: *offset, value_offset };
    *offset = end;
    *rest = after;
    Ok(Some(object))
}

/// Tag of one or more bytes, length of one byte or in the long form `81 xx`, `82 xx xx`, value.
fn object(input: &[u8]) -> IResult<&[u8], (u32, &[u8])> {
    let (rest, tag) = tag(input)?;
    let (rest, length) = length(rest)?;
    let (rest, value) = take(length).parse(rest)?;
    Ok((rest, (tag, value)))
}

fn byte(input: &[u8]) -> IResult<&[u8], u8> {
    let (rest, one) = take(1_usize).parse(input)?;
    Ok((rest, one.first().copied().unwrap_or_default()))
}

fn tag(input: &[u8]) -> IResult<&[u8], u32> {
    let (mut rest, first) = byte(input)?;
    let mut tag = u32::from(first);
    if first & 0x1F == 0x1F {
        // At most three more: no EMVCo tag has more than one.
        for _ in 0..3 {
            let (after, next) = byte(rest)?;
            rest = after;
            tag = (tag << 8) | u32::from(next);
            if next & 0x80 == 0 {
                return Ok((rest, tag));
            }
        }
        return Err(malformed(input));
    }
    Ok((rest, tag))
}

fn length(input: &[u8]) -> IResult<&[u8], usize> {
    let (rest, first) = byte(input)?;
    match first {
        0..=0x7F => Ok((rest, usize::from(first))),
        0x81 => byte(rest).map(|(rest, length)| (rest, usize::from(length))),
        0x82 => {
            let (rest, high) = byte(rest)?;
            let (rest, low) = byte(rest)?;
            Ok((rest, usize::from(u16::from_be_bytes([high, low]))))
        }
        _ => Err(malformed(input)),
    }
}

fn malformed(input: &[u8]) -> nom::Err<nom::error::Error<&[u8]>> {
    nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify))
}
