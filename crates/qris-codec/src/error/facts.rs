//! The facts in a message: what was found, without private values.

use core::fmt;

use crate::language::{Language, Localized, say};

/// What was found instead of the expected value: a code, a length or a kind of character, and never
/// a name or a number of a person.
///
/// ```
/// use qris_codec::Found;
///
/// assert_eq!(Found::code("02", 2).to_string(), "\"02\"");
/// assert_eq!(Found::code("TOKO CONTOH", 2).to_string(), "11 characters");
/// assert_eq!(Found::shape("50O0", 4, |c| c.is_ascii_digit()).to_string(), "an upper-case letter");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A code of one to four letters and digits.
    Code(Code),
    /// This many characters.
    Chars(u8),
    /// A character of this kind.
    Character(Character),
    /// A number outside the allowed range.
    OutOfRange,
}

impl Found {
    /// The value of a code field: the code itself if it has the right length and at most four
    /// letters and digits; otherwise its length.
    #[inline(never)]
    pub fn code(text: &str, chars: usize) -> Self {
        if text.len() == chars {
            if let Some(code) = Code::new(text) {
                return Self::Code(code);
            }
        }
        Self::chars(text)
    }

    /// The first difference from this many `right` characters: the length, or the first wrong
    /// character.
    #[inline(never)]
    pub fn shape(text: &str, chars: usize, right: impl Fn(char) -> bool) -> Self {
        match text.chars().find(|&c| !right(c)) {
            Some(wrong) if text.chars().count() == chars => Self::Character(Character::new(wrong)),
            _ => Self::chars(text),
        }
    }

    /// The number of characters of a text, or `Nothing`.
    #[inline(never)]
    pub fn chars(text: &str) -> Self {
        match text.chars().count() {
            0 => Self::Nothing,
            count => Self::Chars(u8::try_from(count).unwrap_or(u8::MAX)),
        }
    }

    /// The kind of the first character that is not `right`, or `Nothing`.
    #[inline(never)]
    pub fn first(text: &str, right: impl Fn(char) -> bool) -> Self {
        text.chars()
            .find(|&c| !right(c))
            .map_or_else(|| Self::chars(text), |wrong| Self::Character(Character::new(wrong)))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Localized::new(*self, Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Found> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language;
        match self.of {
            Found::Nothing => say!(f, language, "none", "tidak ada isinya"),
            Found::Code(code) => write!(f, "\"{}\"", code.as_str()),
            Found::Chars(1) => say!(f, language, "1 character", "1 karakter"),
            Found::Chars(count) => say!(f, language, "{count} characters", "{count} karakter"),
            Found::Character(character) => Localized::new(character, language).fmt(f),
            Found::OutOfRange => {
                say!(f, language, "a number outside that range", "angka di luar rentang itu")
            }
        }
    }
}

/// A number of bytes above a limit.
///
/// ```
/// use qris_codec::FoundBytes;
///
/// assert_eq!(FoundBytes::new(70_000).to_string(), "70000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundBytes(Short);

impl FoundBytes {
    /// This many.
    pub fn new(bytes: usize) -> Self {
        Self(Short::new(u64::try_from(bytes).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for FoundBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Localized::new(*self, Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<FoundBytes> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.0.more_than(f, self.language)?;
        self.of.0.number().fmt(f)
    }
}

/// An amount above a limit, to the hundredth.
///
/// ```
/// use qris_codec::FoundAmount;
///
/// assert_eq!(FoundAmount::new(10_000_001, 0).to_string(), "10000001");
/// assert_eq!(FoundAmount::new(1_000_000_001, 2).to_string(), "10000000.01");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundAmount(Short);

impl FoundAmount {
    /// The amount of these digits, with the last `scale` of them after the decimal point. Parts of
    /// a hundredth are rounded up, so that an amount above a limit never looks equal to it.
    pub fn new(digits: u64, scale: u8) -> Self {
        let power = |exponent: u8| 10_u64.saturating_pow(u32::from(exponent));
        Self(Short::new(match scale.checked_sub(2) {
            Some(more) => digits.div_ceil(power(more)),
            None => digits.saturating_mul(power(2_u8.saturating_sub(scale))),
        }))
    }
}

impl fmt::Display for FoundAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Localized::new(*self, Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<FoundAmount> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.0.more_than(f, self.language)?;
        let hundredths = self.of.0.number();
        hundredths.checked_div(100).unwrap_or_default().fmt(f)?;
        match hundredths.checked_rem(100) {
            None | Some(0) => Ok(()),
            Some(rest) => write!(f, ".{rest:02}"),
        }
    }
}

/// A number in five bytes, so that an error stays small. Larger numbers become the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Short([u8; 5]);

impl Short {
    fn new(number: u64) -> Self {
        match number.to_be_bytes() {
            [0, 0, 0, short @ ..] => Self(short),
            _ => Self([u8::MAX; 5]),
        }
    }

    fn number(self) -> u64 {
        self.0.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    /// Whether the number may have been larger.
    fn is_full(self) -> bool {
        self.0 == [u8::MAX; 5]
    }

    /// Writes "more than " if the number may have been larger.
    fn more_than(self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        if self.is_full() { say!(f, language, "more than ", "lebih dari ") } else { Ok(()) }
    }
}

/// One to four ASCII letters and digits.
///
/// See [`Found`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Padded with zeros.
    bytes: [u8; 4],
}

impl Code {
    fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; 4];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let legal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        legal.then_some(Self { bytes })
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        let len = self.bytes.iter().take_while(|&&byte| byte != 0).count();
        let text = self.bytes.get(..len).map(core::str::from_utf8);
        text.and_then(Result::ok).unwrap_or_default()
    }
}

/// A kind of character.
///
/// See [`Found`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Character {
    /// `0` to `9`.
    Digit,
    /// `a` to `z`.
    LowerCase,
    /// `A` to `Z`.
    UpperCase,
    /// A space.
    Space,
    /// Any other printable ASCII.
    Punctuation,
    /// An ASCII control character, such as a line end.
    Control,
    /// Outside ASCII.
    NotAscii,
}

impl Character {
    const fn new(c: char) -> Self {
        match c {
            '0'..='9' => Self::Digit,
            'a'..='z' => Self::LowerCase,
            'A'..='Z' => Self::UpperCase,
            ' ' => Self::Space,
            '!'..='~' => Self::Punctuation,
            '\0'..='\x7f' => Self::Control,
            _ => Self::NotAscii,
        }
    }
}

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Localized::new(*self, Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Character> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language;
        match self.of {
            Character::Digit => say!(f, language, "a digit", "digit"),
            Character::LowerCase => say!(f, language, "a lower-case letter", "huruf kecil"),
            Character::UpperCase => say!(f, language, "an upper-case letter", "huruf kapital"),
            Character::Space => say!(f, language, "a space", "spasi"),
            Character::Punctuation => say!(f, language, "a punctuation character", "tanda baca"),
            Character::Control => say!(f, language, "a control character", "karakter kontrol"),
            Character::NotAscii => {
                say!(f, language, "a character outside ASCII", "karakter di luar ASCII")
            }
        }
    }
}

/// A part of an object's header.
///
/// ```
/// use qris_codec::{ErrorKind, Field, Payload};
///
/// let error = Payload::parse("0002015X00").unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Digits { field: Field::Tag, .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The first two digits.
    Tag,
    /// The second two digits.
    Length,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Localized::new(*self, Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Field> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Field::Tag => f.write_str("tag"),
            Field::Length => say!(f, self.language, "length", "panjang"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString as _;

    use super::*;

    #[test]
    fn a_number_that_is_too_large_for_an_error_is_shown_as_more_than_the_maximum() {
        assert_eq!(FoundBytes::new(1 << 39).to_string(), "549755813888");
        assert_eq!(FoundBytes::new(1 << 40).to_string(), "more than 1099511627775");
        assert_eq!(FoundAmount::new(9_999_999_999_999, 0).to_string(), "more than 10995116277.75");
        assert_eq!(FoundAmount::new(u64::MAX, 0).to_string(), "more than 10995116277.75");
    }

    #[test]
    fn an_amount_shows_its_hundredths_and_rounds_the_rest_up() {
        assert_eq!(FoundAmount::new(100_000_001, 1).to_string(), "10000000.10");
        assert_eq!(FoundAmount::new(10_000_000_001, 3).to_string(), "10000000.01");
        assert_eq!(FoundAmount::new(10_000_000_010, 3).to_string(), "10000000.01");
        assert_eq!(FoundAmount::new(1_000_000_100, 2).to_string(), "10000001");
    }
}
