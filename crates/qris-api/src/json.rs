//! Finds the one JSON object that is meant among what a PHP server writes around it.
//!
//! It takes what a strict parser refuses: text before and behind the object, bytes in strings that
//! are not UTF-8, raw control characters, and escapes that are no character. A string in which
//! anything of that kind stood is marked, so that no decision about money is made from it.

use std::collections::BTreeMap;

use crate::defect::Defect;

/// How deeply objects and arrays may be nested; replies have two levels.
const MAX_DEPTH: usize = 32;

/// A JSON value. Numbers and arrays stay as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Text),
    Array(&'a [u8]),
    Object(Object<'a>),
}

impl Value<'_> {
    /// The kind of value, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(text) if !text.exact => "a text with damaged characters",
            Self::Text(text) if text.text.trim().is_empty() => "an empty text",
            Self::Text(_) => "another text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// A string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Whether it was a JSON string to the letter. Otherwise each byte that was wrong has become
    /// U+FFFD, or is a control character.
    pub(crate) exact: bool,
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Object<'a> {
    members: BTreeMap<String, Value<'a>>,
    /// A name that stands twice with different values, here or further in.
    duplicate: Option<&'static str>,
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members.get(name)
    }

    fn insert(&mut self, name: String, value: Value<'a>) {
        if let Value::Object(Object { duplicate: Some(inner), .. }) = &value {
            self.duplicate = Some(inner);
        }
        match self.members.get(&name) {
            Some(first) if *first != value => self.duplicate = Some(known(&name)),
            Some(_) => {}
            None => {
                self.members.insert(name, value);
            }
        }
    }
}

/// The names that a message may show.
const NAMES: [&str; 14] = [
    "status",
    "data",
    "qris_status",
    "qris_content",
    "qris_request_date",
    "qris_invoiceid",
    "qris_nmid",
    "qris_payment_customername",
    "qris_payment_methodby",
    "qris_paid_date",
    "qris_api_version_code",
    "invoice",
    "rrn",
    "note",
];

fn known(name: &str) -> &'static str {
    NAMES.into_iter().find(|known| *known == name).unwrap_or("a member")
}

/// The one complete object of the body that has the member `marker`.
///
/// Objects within objects do not count. Where an object breaks off in the midst of its members,
/// nothing within it counts either, so the rest of a reply that was cut is never a reply.
///
/// It takes time in proportion to the length of the body: a string that begins directly behind a
/// brace can be part of one attempt only, and everything else is passed over once it was read.
pub(crate) fn marked_object<'a>(
    body: &'a [u8],
    marker: &'static str,
) -> Result<Object<'a>, Defect> {
    let mut found: Option<Object<'a>> = None;
    let mut from = 0;
    while let Some(skipped) = body.get(from..).and_then(|rest| rest.iter().position(is_brace)) {
        let start = from + skipped;
        let mut parser = Parser { body, at: start, depth: 0, marker, named: false, marked: false };
        from = match parser.object() {
            Ok(object) => {
                if object.get(marker).is_some() {
                    match &found {
                        Some(first) if *first != object => return Err(Defect::Several { marker }),
                        Some(_) => {}
                        None => found = Some(object),
                    }
                }
                parser.at
            }
            // The rest of the body belongs to it, or it is a damaged answer.
            Err(stop) if (parser.named && stop == Stop::End) || parser.marked => {
                return Err(Defect::Broken { offset: parser.at });
            }
            Err(_) if parser.named => parser.at.max(start + 1),
            // A brace within words.
            Err(_) => start + 1,
        };
    }
    let object = found.ok_or(Defect::Absent { marker })?;
    match object.duplicate {
        Some(name) => Err(Defect::Duplicate { name }),
        None => Ok(object),
    }
}

fn is_brace(byte: &u8) -> bool {
    *byte == b'{'
}

/// Why an attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// The body ends within the object.
    End,
    /// It is not JSON.
    NotJson,
}

/// An attempt to read one object.
struct Parser<'a> {
    body: &'a [u8],
    at: usize,
    depth: usize,
    marker: &'static str,
    /// Whether the outermost object has a member.
    named: bool,
    /// Whether the outermost object has the member that marks an answer.
    marked: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a [u8] {
        self.body.get(self.at..).unwrap_or_default()
    }

    /// The next byte, which there must be.
    fn peek(&self) -> Result<u8, Stop> {
        self.rest().first().copied().ok_or(Stop::End)
    }

    fn skip_space(&mut self) {
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().iter().take_while(is_space).count();
    }

    /// Passes over white space and this byte.
    fn expect(&mut self, wanted: u8) -> Result<(), Stop> {
        if self.takes(wanted)? { Ok(()) } else { Err(Stop::NotJson) }
    }

    /// Passes over white space, and over the next byte if it is this one.
    fn takes(&mut self, wanted: u8) -> Result<bool, Stop> {
        self.skip_space();
        let is_next = self.peek()? == wanted;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    fn value(&mut self) -> Result<Value<'a>, Stop> {
        self.skip_space();
        Ok(match self.peek()? {
            b'"' => Value::Text(self.text()?),
            b'{' => Value::Object(self.object()?),
            b'[' => Value::Array(self.array()?),
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Null)?,
            _ => Value::Number(self.number()?),
        })
    }

    fn object(&mut self) -> Result<Object<'a>, Stop> {
        self.enter(b'{')?;
        let mut object = Object::default();
        if !self.takes(b'}')? {
            loop {
                self.skip_space();
                let name = self.text()?;
                self.expect(b':')?;
                if self.depth == 1 {
                    self.named = true;
                    self.marked |= name.text == self.marker;
                }
                let value = self.value()?;
                object.insert(name.text, value);
                if !self.takes(b',')? {
                    break;
                }
            }
            self.expect(b'}')?;
        }
        self.depth -= 1;
        Ok(object)
    }

    fn array(&mut self) -> Result<&'a [u8], Stop> {
        let start = self.at;
        self.enter(b'[')?;
        if !self.takes(b']')? {
            loop {
                self.value()?;
                if !self.takes(b',')? {
                    break;
                }
            }
            self.expect(b']')?;
        }
        self.depth -= 1;
        Ok(self.body.get(start..self.at).unwrap_or_default())
    }

    fn enter(&mut self, bracket: u8) -> Result<(), Stop> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Stop::NotJson) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Stop> {
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else if word.as_bytes().starts_with(rest) {
            Err(Stop::End)
        } else {
            Err(Stop::NotJson)
        }
    }

    fn number(&mut self) -> Result<&'a str, Stop> {
        let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let length = rest.iter().take_while(is_part).count();
        if length == rest.len() {
            return Err(Stop::End);
        }
        let number = rest.get(..length).and_then(|digits| std::str::from_utf8(digits).ok());
        let number = number.filter(|number| is_number(number)).ok_or(Stop::NotJson)?;
        self.at += length;
        Ok(number)
    }

    fn text(&mut self) -> Result<Text, Stop> {
        if self.peek()? != b'"' {
            return Err(Stop::NotJson);
        }
        self.at += 1;
        let mut bytes = Vec::new();
        let mut exact = true;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => match self.escape() {
                    Some(letter) => {
                        bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    None => {
                        bytes.extend_from_slice("\u{fffd}".as_bytes());
                        exact = false;
                    }
                },
                _ => {
                    exact &= byte >= b' ';
                    bytes.push(byte);
                }
            }
        }
        Ok(match String::from_utf8(bytes) {
            Ok(text) => Text { text, exact },
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Text { text, exact: false }
            }
        })
    }

    /// The character of an escape, behind its backslash; `None` if there is none. Nothing is passed
    /// over then but what cannot be the end of the string.
    fn escape(&mut self) -> Option<char> {
        let letter = match self.rest().first()? {
            b'u' => {
                self.at += 1;
                return self.code_point();
            }
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => return None,
        };
        self.at += 1;
        Some(letter)
    }

    /// The character of `\u` escapes, behind the first `u`: one, or two that are a surrogate pair.
    fn code_point(&mut self) -> Option<char> {
        let high = self.hex()?;
        if let Some(letter) = char::from_u32(high) {
            return Some(letter);
        }
        let back = self.at;
        if high < 0xDC00 && self.rest().starts_with(b"\\u") {
            self.at += 2;
            if let Some(low @ 0xDC00..=0xDFFF) = self.hex() {
                return char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
            }
        }
        self.at = back;
        None
    }

    /// Four hexadecimal digits.
    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        self.at += 4;
        Some(number)
    }
}

/// Whether this is a number as JSON writes one.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
