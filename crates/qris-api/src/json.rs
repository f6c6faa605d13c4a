//! Finds the JSON object of an answer in a body with other text around it.
//!
//! It accepts what a strict parser refuses: text before and after the object, and in strings bytes
//! that are not UTF-8, raw control characters, and wrong escapes. Each of them becomes a character
//! that marks the string as damaged, so that no decision about money uses it. serde_json reads the
//! JSON itself.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::defect::Defect;

/// The number of texts that begin like an object to try in one body. Replies with notices have a
/// few.
const MAX_ATTEMPTS: usize = 64;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Array(Vec<Self>),
    Object(Object),
}

impl Value {
    /// The kind of the value, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(text) if !is_exact(text) => "a text with damaged characters",
            Self::Text(text) if text.trim().is_empty() => "an empty text",
            Self::Text(_) => "another text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Whether a text is undamaged and has no control character.
pub(crate) fn is_exact(text: &str) -> bool {
    !text.trim().contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control())
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object {
    members: BTreeMap<String, Value>,
    /// A name that appears twice with different values, here or in an inner object.
    duplicate: Option<&'static str>,
}

impl Object {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Its members, sorted by name.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn insert(&mut self, name: String, value: Value) {
        if let Value::Object(Self { duplicate: Some(inner), .. }) = &value {
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
/// Objects inside objects do not count. If an object is cut short, nothing inside it counts either,
/// so a part of a cut reply is never a reply.
pub(crate) fn marked_object(body: &[u8], marker: &'static str) -> Result<Object, Defect> {
    find_marked(&String::from_utf8_lossy(body), marker).map(|(object, _)| object)
}

/// [`marked_object`] in a text, and its position.
pub(crate) fn find_marked(
    body: &str,
    marker: &'static str,
) -> Result<(Object, Range<usize>), Defect> {
    let mut found: Option<(Object, Range<usize>)> = None;
    let mut from = 0;
    let mut attempts = 0;
    while let Some(start) = next_object(body, from) {
        attempts += 1;
        if attempts > MAX_ATTEMPTS {
            return Err(Defect::Absent { marker });
        }
        let attempt = Attempt::new(body.get(start..).unwrap_or_default(), marker);
        match attempt.object {
            Ok(object) => {
                let end = start + attempt.length;
                if object.get(marker).is_some() {
                    match &found {
                        Some((first, _)) if *first != object => {
                            return Err(Defect::Several { marker });
                        }
                        Some(_) => {}
                        None => found = Some((object, start..end)),
                    }
                }
                from = end;
            }
            // It is a damaged answer, or the rest of the body belongs to it.
            Err(error) if (attempt.has_member && error.is_eof()) || attempt.has_marker => {
                return Err(Defect::Broken { offset: start + attempt.length });
            }
            Err(_) if attempt.has_member => from = start + attempt.length.max(1),
            // A brace inside text.
            Err(_) => from = start + 1,
        }
    }
    let (object, place) = found.ok_or(Defect::Absent { marker })?;
    match object.duplicate {
        Some(name) => Err(Defect::Duplicate { name }),
        None => Ok((object, place)),
    }
}

/// The position of the next brace that is followed by a name.
fn next_object(body: &str, from: usize) -> Option<usize> {
    let rest = body.get(from..)?;
    let begins = |at: &usize| {
        let inside = rest.get(at + 1..).unwrap_or_default().trim_start_matches(JSON_SPACE);
        inside.starts_with('"')
    };
    let mut braces = rest.match_indices('{').map(|(at, _)| at);
    braces.find(begins).map(|at| from + at)
}

const JSON_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The result of reading an object at the start of a text.
struct Attempt {
    object: Result<Object, serde_json::Error>,
    /// The number of bytes that were read.
    length: usize,
    /// Whether the object itself has a member.
    has_member: bool,
    /// Whether it has the member that marks an answer.
    has_marker: bool,
}

impl Attempt {
    fn new(text: &str, marker: &str) -> Self {
        let text = repaired(text);
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let (has_member, has_marker) = (Cell::new(false), Cell::new(false));
        let seen = Seen { marker, has_member: &has_member, has_marker: &has_marker };
        let object = seen.deserialize(&mut deserializer);
        let length = deserializer.into_iter::<Value>().byte_offset();
        Self { object, length, has_member: has_member.get(), has_marker: has_marker.get() }
    }
}

/// Replaces by DEL what JSON does not allow in a string: raw control characters, and the backslash
/// of a wrong escape. The escape of a lone surrogate becomes the escape of U+FFFD. No byte changes
/// its position.
fn repaired(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut in_string = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let mut length = 1;
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => match escape(bytes.get(at..).unwrap_or_default()) {
                Escape::Right { bytes } => length = bytes,
                Escape::HalfCharacter => {
                    length = 6;
                    bytes.splice(at..at + length, *b"\\ufffd");
                }
                Escape::Unknown => bytes[at] = DEL,
            },
            0..b' ' if in_string => bytes[at] = DEL,
            _ => {}
        }
        at += length;
    }
    // ASCII was replaced by ASCII, so it is still UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

const DEL: u8 = 0x7F;

/// The kinds of text after a backslash.
enum Escape {
    /// A JSON escape of this many bytes.
    Right { bytes: usize },
    /// A lone surrogate, of six bytes.
    HalfCharacter,
    /// Something else.
    Unknown,
}

fn escape(text: &[u8]) -> Escape {
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let digits = std::str::from_utf8(escape).ok().filter(|digits| !digits.contains('+'))?;
        u32::from_str_radix(digits, 16).ok()
    };
    match text.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Escape::Right { bytes: 2 },
        Some(b'u') => match (unit(0), unit(6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => Escape::Right { bytes: 12 },
            (Some(0xD800..=0xDFFF), _) => Escape::HalfCharacter,
            (Some(_), _) => Escape::Right { bytes: 6 },
            (None, _) => Escape::Unknown,
        },
        _ => Escape::Unknown,
    }
}

/// Reads the outermost object, and records its members as they come.
struct Seen<'a> {
    marker: &'a str,
    has_member: &'a Cell<bool>,
    has_marker: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Seen<'_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Seen<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some(name) = map.next_key::<String>()? {
            let is_marker = name == self.marker;
            let value = map.next_value_seed(SeenValue { seen: &self, is_marker })?;
            object.insert(name, value);
        }
        Ok(object)
    }
}

/// A value of the outermost object. serde asks for it after the colon.
struct SeenValue<'a> {
    seen: &'a Seen<'a>,
    is_marker: bool,
}

impl<'de> DeserializeSeed<'de> for SeenValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.seen.has_member.set(true);
        if self.is_marker {
            self.seen.has_marker.set(true);
        }
        Value::deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Object::default();
        while let Some((name, value)) = map.next_entry()? {
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
