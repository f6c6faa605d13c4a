//! Copies of payloads that can be shown to others.

use crate::crc::{checksum, hex_digits};
use crate::error::{Error, ErrorKind};
use crate::findings::{Purpose, luhn_sum};
use crate::mpm::Payload;
use crate::tlv::Object;

impl<'a> Payload<'a> {
    /// Writes a copy that is safe to show to others: same length, same shape, same verdict.
    ///
    /// Names, account numbers, merchant IDs, the NMID and whatever else was filled in freely
    /// become stand-ins of the same length, `X` for letters and `0` for digits, with the right
    /// check digits. City, postal code, amounts, identifiers of schemes and the institution's
    /// number stay, and so does what surrounds the payload.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`] when the buffer is shorter than the text that was parsed;
    /// [`ErrorKind::NotAnonymizable`] when no copy would read the same way, which takes lengths in
    /// bytes round characters that are not ASCII.
    ///
    /// ```
    /// use qris_codec::Payload;
    ///
    /// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
    ///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
    ///             CONTOH6007JAKARTA61051011062070703A01630466DC";
    /// let mut buffer = [0; 512];
    /// let copy = Payload::parse(text)?.anonymize_into(&mut buffer)?;
    /// let copy = Payload::parse(copy)?;
    /// assert_eq!(copy.merchant_name(), Some("XXXX XXXXXX"));
    /// assert_eq!(copy.nmid(), Some("ID0000000000000"));
    /// assert_eq!(copy.merchant_city(), Some("JAKARTA"));
    /// # Ok::<(), qris_codec::Error>(())
    /// ```
    pub fn anonymize_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let source = self.given();
        let needed = u16::try_from(source.len()).unwrap_or(u16::MAX);
        let Some(copy) = buffer.get_mut(..source.len()) else {
            return Err(Error::new(ErrorKind::BufferTooSmall { needed }, 0));
        };
        // A checksum in lower case shows as such only if it has a letter: another stand-in may
        // give it one.
        for letter in [b'X', b'Y', b'Z'] {
            self.anonymize_with(letter, copy);
            let text = core::str::from_utf8(copy)
                .map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()))?;
            // Lengths that count bytes may come out in characters where the text has changed.
            let same = text.is_ascii()
                || Payload::parse(text).is_ok_and(|masked| masked.unit() == self.unit());
            if same && has_lower(text, self.end()) == has_lower(self.given(), self.end()) {
                return core::str::from_utf8(copy)
                    .map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()));
            }
        }
        // What was refused must not be found and shown.
        copy.fill(0);
        Err(Error::new(ErrorKind::NotAnonymizable, 0))
    }

    /// Makes the copy with this letter as the stand-in for letters.
    fn anonymize_with(&self, letter: u8, copy: &mut [u8]) {
        copy.copy_from_slice(self.given().as_bytes());
        for object in self.objects() {
            self.mask_object(letter, &object, copy);
        }
        let (start, end) = (self.around().0.len(), self.end());
        let crc_at = end.saturating_sub(4);
        let mut digits = hex_digits(checksum(copy.get(start..crc_at).unwrap_or_default()));
        if has_lower(self.given(), end) {
            digits.make_ascii_lowercase();
        }
        put(copy, crc_at, &digits);
    }

    fn mask_object(&self, letter: u8, object: &Object<'a>, copy: &mut [u8]) {
        let number = object.tag().number();
        match number {
            2..=25 | 59 | 65..=79 => mask(letter, object, copy),
            26..=51 | 62 | 64 | 80..=99 => match self.inside(object) {
                Some(objects) => {
                    for inner in objects {
                        self.mask_inner(letter, number, &inner, copy);
                    }
                }
                None => scramble(letter, object, copy),
            },
            _ => {}
        }
    }

    fn mask_inner(&self, letter: u8, template: u8, object: &Object<'a>, copy: &mut [u8]) {
        match (template, object.tag().number()) {
            (26..=51, 1) => mask_pan(letter, object, copy),
            (51, 2) => mask_nmid(letter, object, copy),
            // Identifiers of schemes, criteria, languages, requests and channels name nobody.
            (26..=51 | 64 | 80..=99, 0) | (26..=51, 3) | (62, 9 | 11) => {}
            (62, 8) if Purpose::of(object.value()).is_some() => {}
            (62, 1..=8) if object.value() == "***" => {}
            (62, 50..=99) => match self.inside(object) {
                Some(objects) => {
                    let named = objects.filter(|inner| inner.tag().number() != 0);
                    named.for_each(|inner| mask(letter, &inner, copy));
                }
                None => scramble(letter, object, copy),
            },
            _ => mask(letter, object, copy),
        }
    }
}

/// Whether the checksum that ends at this byte is written with lower-case letters.
fn has_lower(text: &str, end: usize) -> bool {
    let crc = text.as_bytes().get(end.saturating_sub(4)..end).unwrap_or_default();
    crc.iter().any(u8::is_ascii_lowercase)
}

/// Overwrites a value character by character with others of the same kind and width.
fn mask(letter: u8, object: &Object<'_>, copy: &mut [u8]) {
    overwrite(object, copy, |c| match c {
        'a'..='z' => char::from(letter.to_ascii_lowercase()),
        'A'..='Z' => char::from(letter),
        '0'..='9' => '0',
        c => match c.len_utf8() {
            1 => c,
            2 => '\u{e9}',
            3 => '\u{5e97}',
            _ => '\u{1f3ea}',
        },
    });
}

/// Overwrites a value that is no objects with one that cannot be taken for objects either.
fn scramble(letter: u8, object: &Object<'_>, copy: &mut [u8]) {
    overwrite(object, copy, |c| match c.len_utf8() {
        1 if c == ' ' => ' ',
        1 => char::from(letter),
        2 => '\u{e9}',
        3 => '\u{5e97}',
        _ => '\u{1f3ea}',
    });
}

fn overwrite(object: &Object<'_>, copy: &mut [u8], stand_in: impl Fn(char) -> char) {
    for (at, c) in object.value().char_indices() {
        let at = object.value_offset().saturating_add(at);
        let end = at.saturating_add(c.len_utf8());
        if let Some(slot) = copy.get_mut(at..end) {
            stand_in(c).encode_utf8(slot);
        }
    }
}

/// Keeps the institution's number and makes the rest zeros, the check digit right.
fn mask_pan(letter: u8, object: &Object<'_>, copy: &mut [u8]) {
    mask(letter, object, copy);
    let value = object.value();
    let Some(nns) = value
        .get(..8)
        .filter(|nns| nns.starts_with("9360") && value.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return;
    };
    put(copy, object.value_offset(), nns.as_bytes());
    if value.len() == 19 {
        check_digit(object, copy, 0);
    }
}

/// Makes an NMID of zeros, whose check digit is zero as well.
fn mask_nmid(letter: u8, object: &Object<'_>, copy: &mut [u8]) {
    mask(letter, object, copy);
    let digits = object.value().strip_prefix("ID").unwrap_or_default();
    if digits.len() == 13 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        put(copy, object.value_offset(), b"ID");
    }
}

/// Sets the last digit of a value so that the digits from `from` on pass the Luhn check.
fn check_digit(object: &Object<'_>, copy: &mut [u8], from: usize) {
    let start = object.value_offset().saturating_add(from);
    let end = object.value_offset().saturating_add(object.value().len());
    if let Some(digits) = copy.get_mut(start..end) {
        let off = luhn_sum(digits).checked_rem(10).unwrap_or(0);
        if let (Some(last), 1..=9) = (digits.last_mut(), off) {
            *last = u8::try_from(10_u32.saturating_sub(off)).unwrap_or(0).wrapping_add(b'0');
        }
    }
}

fn put(copy: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(slot) = copy.get_mut(at..at.saturating_add(bytes.len())) {
        slot.copy_from_slice(bytes);
    }
}
