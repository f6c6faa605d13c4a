//! The quick look: most payloads are written in the order in which the standards list the objects
//! and have nothing wrong with them, and that shows in a fraction of the time that judging takes.
//!
//! What is not plainly clean is left to [`findings`](crate::findings), which alone knows what is
//! wrong. Wherever debug assertions are on, every clean look is held against the full walk there.

use crate::findings::{INFO, Text, WARNING, all_digits, is_criteria, luhn};
use crate::rules::limits;
#[cfg(feature = "tables")]
use crate::tables;
use crate::tag::TWO_DIGITS;
use crate::tlv::{HEADER, numbers};

/// Whether a payload, from 00 to its last digit, is plainly one in which neither set of rules finds
/// anything as severe as `LEAST`. `false` says nothing, and neither does it say that the checksum
/// is right.
pub(crate) fn is_clean<const LEAST: u8>(body: &[u8], text: Text) -> bool {
    text == Text::Plain
        && body.len() <= limits::MAX_PAYLOAD_CHARS
        && Look::<LEAST>(body).payload().is_some()
}

/// The objects that are still to be looked at, of a payload or of a template.
#[derive(Clone)]
pub(crate) struct Look<'a, const LEAST: u8>(pub(crate) &'a [u8]);

impl<'a, const LEAST: u8> Look<'a, LEAST> {
    /// Whether what is worth a warning counts too.
    const STRICT: bool = LEAST <= WARNING;

    /// A national payload for a payment, its objects in ascending order.
    fn payload(mut self) -> Option<()> {
        let is_static = is_static(self.bytes()?)?;
        let is_national = self.merchant()?;
        holds(is_national || !(Self::STRICT && is_static))?;
        match self.value(54) {
            Some(amount) => holds(is_amount(amount) && !(Self::STRICT && is_static))?,
            None => holds(is_static || !Self::STRICT)?,
        }
        match self.value(55) {
            None | Some(b"01") => {}
            Some(b"02") => holds(is_amount(self.value(56)?))?,
            Some(_) => return None,
        }
        self.place()?;
        self.additional()?;
        self.checksum()
    }

    /// 26 to 53; whether there is an account at the national repository.
    #[inline(always)]
    pub(crate) fn merchant(&mut self) -> Option<bool> {
        let mut before = 0;
        while let Some((tag @ 26..=45, length)) = numbers(self.0) {
            // 40 may be a transfer, for which other rules hold.
            holds(tag > before && tag != 40)?;
            before = tag;
            Self(self.of_length(length)?).account()?;
        }
        let national = self.template(51);
        match national {
            Some(Self(national)) => Self(national).repository()?,
            None => holds(before != 0)?,
        }
        holds(all_digits(self.after::<4>(b"5204")?))?;
        holds(self.bytes()? == b"5303360")?;
        Some(national.is_some())
    }

    /// 58 to 61.
    #[inline(always)]
    pub(crate) fn place(&mut self) -> Option<()> {
        holds(self.bytes()? == b"5802ID")?;
        let (name, city) = (self.value(59)?, self.value(60)?);
        if Self::STRICT {
            holds(is_name(name) && is_city(city))?;
            holds(all_digits(self.after::<5>(b"6105")?))?;
        } else {
            self.value(61);
        }
        Some(())
    }

    /// 62, if it is there.
    #[inline(always)]
    pub(crate) fn additional(&mut self) -> Option<()> {
        match self.template(62) {
            Some(additional) => {
                additional.ascending(|tag, value| !Self::STRICT || is_entry(tag, value))
            }
            None => Some(()),
        }
    }

    /// 63, which ends the payload.
    #[inline(always)]
    fn checksum(mut self) -> Option<()> {
        let checksum = self.after::<4>(b"6304")?;
        holds(!checksum.iter().any(u8::is_ascii_lowercase))?;
        self.end()
    }

    /// 26 to 45: QRIS table 4.3.
    #[inline(always)]
    fn account(self) -> Option<()> {
        match self.clone().full_account() {
            None if !Self::STRICT => {
                self.ascending(|tag, value| tag != 1 || (value.len() <= 19 && all_digits(value)))
            }
            said => said,
        }
    }

    /// An account with all that belongs in it, which most are.
    #[inline(always)]
    fn full_account(mut self) -> Option<()> {
        let guid = self.value(0)?;
        // Compared whole: patterns are compared byte by byte.
        let header = self.bytes()?;
        let pan: &[u8] = if header == b"0118" {
            self.bytes::<18>()?
        } else {
            holds(header == b"0119")?;
            self.bytes::<19>()?
        };
        holds(is_guid(guid) && is_pan(pan))?;
        if LEAST == INFO {
            holds(pan.len() == 18 || luhn(pan))?;
            #[cfg(feature = "tables")]
            holds(tables::is_known(guid) && tables::has_institution(pan))?;
        }
        if let Some(merchant_id) = self.value(2) {
            holds(is_merchant_id(merchant_id))?;
        }
        self.criteria()?;
        self.end()
    }

    /// 51: QRIS table 4.5.
    #[inline(always)]
    fn repository(self) -> Option<()> {
        match self.clone().full_repository() {
            None if !Self::STRICT => self.ascending(|_, _| true),
            said => said,
        }
    }

    /// The same for 51.
    #[inline(always)]
    fn full_repository(mut self) -> Option<()> {
        let guid = self.value(0)?;
        let nmid = self.after(b"0215")?;
        holds(is_guid(guid) && is_nmid(nmid))?;
        if LEAST == INFO {
            holds(guid == b"ID.CO.QRIS.WWW" && luhn(nmid.get(2..)?))?;
        }
        if !self.0.is_empty() {
            self.criteria()?;
        }
        self.end()
    }

    /// Objects in ascending order, none empty, of which each is accepted.
    #[inline(always)]
    pub(crate) fn ascending(mut self, mut accept: impl FnMut(u8, &'a [u8]) -> bool) -> Option<()> {
        let mut next = 0;
        while let Some((tag, length)) = numbers(self.0) {
            let value = self.of_length(length)?;
            holds(tag >= next && accept(tag, value))?;
            next = tag.wrapping_add(1);
        }
        self.end()
    }

    #[inline(always)]
    fn criteria(&mut self) -> Option<()> {
        let criteria = self.after::<3>(b"0303")?;
        holds(!Self::STRICT || is_criteria(criteria))
    }

    /// What has been passed between here and `there`.
    #[inline(always)]
    pub(crate) fn up_to(&self, there: &Self) -> Option<&'a [u8]> {
        self.0.get(..self.0.len().wrapping_sub(there.0.len()))
    }

    /// The next bytes, whatever they are.
    #[inline(always)]
    pub(crate) fn bytes<const COUNT: usize>(&mut self) -> Option<&'a [u8; COUNT]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(bytes)
    }

    /// The value of an object with this tag and length.
    #[inline(always)]
    fn after<const COUNT: usize>(&mut self, header: &[u8; HEADER]) -> Option<&'a [u8; COUNT]> {
        holds(self.bytes()? == header)?;
        self.bytes()
    }

    /// The value of the next object, if it has this tag and is not empty; otherwise nothing has
    /// been passed.
    #[inline(always)]
    pub(crate) fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let length = length_behind(tag, self.0.first_chunk()?)?;
        self.of_length(length)
    }

    /// The value of the next object, which has this length, if it is not empty.
    #[inline(always)]
    fn of_length(&mut self, length: u8) -> Option<&'a [u8]> {
        let (value, rest) = self.0.get(HEADER..)?.split_at_checked(usize::from(length))?;
        holds(length != 0)?;
        self.0 = rest;
        Some(value)
    }

    #[inline(always)]
    pub(crate) fn template(&mut self, tag: u8) -> Option<Self> {
        self.value(tag).map(Self)
    }

    fn end(&self) -> Option<()> {
        holds(self.0.is_empty())
    }
}

/// The length in a header, if it has this tag.
#[inline(always)]
fn length_behind(tag: u8, header: &[u8; HEADER]) -> Option<u8> {
    let [tens, ones] = TWO_DIGITS.get(usize::from(tag))?;
    // Nothing is left of the tag if it is this one, and of a digit its number.
    let left = u32::from_le_bytes(*header) ^ u32::from_le_bytes([*tens, *ones, b'0', b'0']);
    let wrong = (left | left.wrapping_add(0x0606_0000)) & 0xF0F0_FFFF;
    holds(wrong == 0)?;
    let [_, _, tens, ones] = left.to_le_bytes();
    Some(tens.wrapping_mul(10).wrapping_add(ones))
}

/// A condition as something that `?` ends the look with.
#[inline(always)]
pub(crate) fn holds(condition: bool) -> Option<()> {
    condition.then_some(())
}

/// 00 and 01, and whether 01 is static.
#[inline]
pub(crate) fn is_static(beginning: &[u8; 12]) -> Option<bool> {
    let is_static = beginning == b"000201010211";
    holds(is_static || beginning == b"000201010212")?;
    Some(is_static)
}

pub(crate) fn is_guid(value: &[u8]) -> bool {
    value.len() <= limits::MAX_GUID_CHARS
}

/// The national PAN of an institution in Indonesia.
#[inline]
pub(crate) fn is_pan(value: &[u8]) -> bool {
    matches!(value.len(), 18 | 19) && value.strip_prefix(b"9360").is_some_and(all_digits)
}

pub(crate) fn is_merchant_id(value: &[u8]) -> bool {
    value.len() <= limits::MAX_MERCHANT_ID_CHARS
}

#[inline]
pub(crate) fn is_nmid(value: &[u8; 15]) -> bool {
    value.strip_prefix(b"ID").is_some_and(all_digits)
}

/// Whole rupiah up to the ceiling of Rp10,000,000, or the same with two decimals.
pub(crate) fn is_amount(value: &[u8]) -> bool {
    let rupiah = match value {
        [rupiah @ .., b'.', b'0'..=b'9', b'0'..=b'9'] => rupiah,
        rupiah => rupiah,
    };
    // Below ten million, of which seven digits cannot be in excess.
    matches!(rupiah, [b'1'..=b'9', rest @ ..] if rest.len() <= 6 && all_digits(rest))
}

pub(crate) fn is_name(value: &[u8]) -> bool {
    value.len() <= limits::MAX_NAME_CHARS && is_trimmed(value)
}

pub(crate) fn is_city(value: &[u8]) -> bool {
    value.len() <= limits::MAX_CITY_CHARS && is_trimmed(value)
}

/// Without white space round it.
fn is_trimmed(value: &[u8]) -> bool {
    value.first() != Some(&b' ') && value.last() != Some(&b' ')
}

/// An object of the additional data.
pub(crate) fn is_entry(tag: u8, value: &[u8]) -> bool {
    matches!(tag, 1..=8) && value.len() <= limits::MAX_ADDITIONAL_CHARS
}
