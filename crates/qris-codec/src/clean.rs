//! The quick look: most payloads are written in the order in which the standards list the objects
//! and have nothing wrong with them, and that shows in a fraction of the time that judging takes.
//!
//! What is not plainly clean is left to [`findings`](crate::findings), which alone knows what is
//! wrong. Wherever debug assertions are on, every clean look is held against the full walk there.

use crate::findings::{INFO, Text, WARNING, all_digits, is_criteria, is_digits, luhn};
#[cfg(feature = "tables")]
use crate::tables;
use crate::tlv::{HEADER, numbers};

/// Whether a payload, from 00 to its last digit, is plainly one in which neither set of rules finds
/// anything as severe as `LEAST`. `false` says nothing, and neither does it say that the checksum
/// is right.
pub(crate) fn is_clean<const LEAST: u8>(body: &[u8], text: Text) -> bool {
    text == Text::Plain && body.len() <= LONGEST && Look::<LEAST>(body).payload().is_some()
}

/// How long a payload should be at most (EMVCo MPM 3.2), in characters.
pub(crate) const LONGEST: usize = 512;

/// The objects that are still to be looked at, of a payload or of a template.
struct Look<'a, const LEAST: u8>(&'a [u8]);

impl<'a, const LEAST: u8> Look<'a, LEAST> {
    /// Whether what is worth a warning counts too.
    const STRICT: bool = LEAST <= WARNING;

    /// A national payload for a payment, its objects in ascending order.
    fn payload(mut self) -> Option<()> {
        let is_static = match self.bytes()? {
            b"000201010211" => true,
            b"000201010212" => false,
            _ => return None,
        };
        let mut before = 0;
        while let Some((tag @ 26..=45, _)) = numbers(self.0) {
            // 40 may be a transfer, for which other rules hold.
            holds(tag > before && tag != 40)?;
            before = tag;
            self.template(tag)?.account()?;
        }
        match self.template(51) {
            Some(national) => national.repository()?,
            None => holds(before != 0 && !(Self::STRICT && is_static))?,
        }
        holds(is_digits::<4>(self.after(b"5204")?))?;
        holds(self.bytes()? == b"5303360")?;
        match self.value(54) {
            Some(amount) => holds(is_amount(amount) && !(Self::STRICT && is_static))?,
            None => holds(is_static || !Self::STRICT)?,
        }
        match self.value(55) {
            None | Some(b"01") => {}
            Some(b"02") => holds(is_amount(self.value(56)?))?,
            Some(_) => return None,
        }
        holds(self.bytes()? == b"5802ID")?;
        let (name, city) = (self.value(59)?, self.value(60)?);
        if Self::STRICT {
            holds(is_name(name, 25) && is_name(city, 15))?;
            holds(is_digits::<5>(self.after(b"6105")?))?;
        } else {
            self.value(61);
        }
        if let Some(additional) = self.template(62) {
            additional.ascending(|tag, value| {
                !Self::STRICT || (matches!(tag, 1..=8) && value.len() <= 25)
            })?;
        }
        let checksum = self.after::<4>(b"6304")?;
        holds(!checksum.iter().any(u8::is_ascii_lowercase))?;
        self.end()
    }

    /// 26 to 45: QRIS table 4.3.
    fn account(mut self) -> Option<()> {
        if !Self::STRICT {
            return self
                .ascending(|tag, value| tag != 1 || (value.len() <= 19 && all_digits(value)));
        }
        let (guid, pan) = (self.value(0)?, self.value(1)?);
        holds(guid.len() <= 32 && matches!(pan.len(), 18 | 19))?;
        holds(pan.starts_with(b"9360") && all_digits(pan))?;
        if LEAST == INFO {
            holds(pan.len() == 18 || luhn(pan))?;
            #[cfg(feature = "tables")]
            holds(tables::is_known(guid) && tables::has_institution(pan))?;
        }
        if let Some(merchant_id) = self.value(2) {
            holds(merchant_id.len() <= 15)?;
        }
        self.criteria()?;
        self.end()
    }

    /// 51: QRIS table 4.5.
    fn repository(mut self) -> Option<()> {
        if !Self::STRICT {
            return self.ascending(|_, _| true);
        }
        let guid = self.value(0)?;
        holds(guid.len() <= 32)?;
        let nmid: &[u8; 13] = match self.after::<15>(b"0215")? {
            [b'I', b'D', digits @ ..] => digits,
            _ => return None,
        };
        holds(all_digits(nmid))?;
        if LEAST == INFO {
            holds(guid == b"ID.CO.QRIS.WWW" && luhn(nmid))?;
        }
        if !self.0.is_empty() {
            self.criteria()?;
        }
        self.end()
    }

    /// Objects in ascending order, none empty, of which each is accepted.
    fn ascending(mut self, accept: impl Fn(u8, &[u8]) -> bool) -> Option<()> {
        let mut next = 0;
        while let Some((tag, _)) = numbers(self.0) {
            holds(tag >= next && accept(tag, self.value(tag)?))?;
            next = tag.wrapping_add(1);
        }
        self.end()
    }

    fn criteria(&mut self) -> Option<()> {
        holds(is_criteria(self.after::<3>(b"0303")?))
    }

    /// The next bytes, whatever they are.
    #[inline(always)]
    fn bytes<const COUNT: usize>(&mut self) -> Option<&'a [u8; COUNT]> {
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
    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, length @ 1..) = numbers(self.0)? else { return None };
        holds(found == tag)?;
        let (value, rest) = self.0.get(HEADER..)?.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some(value)
    }

    #[inline(always)]
    fn template(&mut self, tag: u8) -> Option<Self> {
        self.value(tag).map(Self)
    }

    fn end(&self) -> Option<()> {
        holds(self.0.is_empty())
    }
}

/// A condition as something that `?` ends the look with.
#[inline(always)]
fn holds(condition: bool) -> Option<()> {
    condition.then_some(())
}

/// Whole rupiah up to the ceiling of Rp10,000,000, or the same with two decimals.
fn is_amount(value: &[u8]) -> bool {
    let rupiah = match value {
        [rupiah @ .., b'.', b'0'..=b'9', b'0'..=b'9'] => rupiah,
        rupiah => rupiah,
    };
    // Below ten million, of which seven digits cannot be in excess.
    matches!(rupiah, [b'1'..=b'9', rest @ ..] if rest.len() <= 6 && all_digits(rest))
}

/// A name that is not too long, without white space round it.
fn is_name(value: &[u8], most: usize) -> bool {
    value.len() <= most && value.first() != Some(&b' ') && value.last() != Some(&b' ')
}
