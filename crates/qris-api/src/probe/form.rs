//! The form of a body: the kinds of its members and the text around the JSON, without any value.

use std::fmt;

use crate::defect::Defect;
use crate::json::{self, Object, Value};

/// The maximum number of listed members.
const MAX_MEMBERS: usize = 64;

/// The maximum length of a shown member name in characters.
const MAX_NAME_CHARS: usize = 40;

/// The form of a body. It has no value of the body.
///
/// ```
/// use qris_api::probe::{BodyForm, Kind, Surrounding};
///
/// let form = BodyForm::from_webhook(br#"{"invoice":"413255111","qris_status":"success"} "#);
/// assert_eq!(form.kind_of("invoice"), Some(Kind::Text));
/// assert_eq!((form.before, form.after), (Surrounding::Nothing, Surrounding::WhiteSpace));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyForm {
    /// The number of its bytes.
    pub length: usize,
    /// Whether there is a byte-order mark (`EF BB BF`) before the JSON.
    pub byte_order_mark: bool,
    /// The text before the JSON; the whole body if there is no JSON.
    pub before: Surrounding,
    /// The text after the JSON.
    pub after: Surrounding,
    /// The members of the JSON object and of the objects inside it; at most 64.
    pub members: Vec<Member>,
    /// Why the JSON object of an answer was not found.
    pub defect: Option<Defect>,
}

/// A member of a JSON object: its name and its kind.
///
/// See [`BodyForm`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Its name, with `data.` in front of a member of `data`. A name that is not an identifier of at
    /// most 40 characters is `[other]`.
    pub path: String,
    /// The kind of its value.
    pub kind: Kind,
}

/// A kind of JSON value.
///
/// See [`BodyForm`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A text.
    Text,
    /// An empty text, or only white space.
    EmptyText,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// The text before or after the JSON of a body.
///
/// See [`BodyForm`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Surrounding {
    /// Nothing.
    Nothing,
    /// White space.
    WhiteSpace,
    /// A notice, a warning or an error of PHP.
    PhpMessage,
    /// Other HTML.
    Html,
    /// Other text.
    Text,
}

impl BodyForm {
    /// The form of an answer of the API, whose object has a `status`.
    pub(crate) fn from_reply(body: &[u8]) -> Self {
        Self::read(body, "status")
    }

    /// The form of a webhook, whose object has a `qris_status`.
    pub fn from_webhook(body: &[u8]) -> Self {
        Self::read(body, "qris_status")
    }

    /// The kind of the member at this path, such as `data.qris_invoiceid`.
    pub fn kind_of(&self, path: &str) -> Option<Kind> {
        self.members.iter().find(|member| member.path == path).map(|member| member.kind)
    }

    fn read(body: &[u8], marker: &'static str) -> Self {
        let text = String::from_utf8_lossy(body);
        let mut members = Vec::new();
        let (before, after, defect) = match json::find_marked(&text, marker) {
            Ok((object, place)) => {
                list(&object, "", &mut members);
                let before = text.get(..place.start).unwrap_or_default();
                (before, text.get(place.end..).unwrap_or_default(), None)
            }
            Err(defect) => (&*text, "", Some(defect)),
        };
        Self {
            length: body.len(),
            byte_order_mark: before.contains('\u{feff}'),
            before: Surrounding::from_text(before),
            after: Surrounding::from_text(after),
            members,
            defect,
        }
    }
}

/// Lists the members of an object and of its inner objects.
fn list(object: &Object, parent: &str, members: &mut Vec<Member>) {
    for (name, value) in object.members() {
        if members.len() == MAX_MEMBERS {
            return;
        }
        let path = format!("{parent}{}", shown(name));
        if let Value::Object(inner) = value {
            let parent = format!("{path}.");
            members.push(Member { path, kind: Kind::Object });
            list(inner, &parent, members);
        } else {
            members.push(Member { path, kind: Kind::new(value) });
        }
    }
}

/// The name, if it is an identifier: anything else could be a value in a wrong place.
fn shown(name: &str) -> &str {
    let is_identifier = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= MAX_NAME_CHARS
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_identifier { name } else { "[other]" }
}

impl Kind {
    fn new(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::Text(text) if text.trim().is_empty() => Self::EmptyText,
            Value::Text(_) => Self::Text,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::EmptyText => "empty text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
            Self::Array => "array",
            Self::Object => "object",
        })
    }
}

impl Surrounding {
    fn from_text(text: &str) -> Self {
        let text = text.replace('\u{feff}', "");
        let is_php = ["Notice", "Warning", "Deprecated", "Fatal error", "Parse error"]
            .into_iter()
            .any(|word| text.contains(word))
            && text.contains(" on line ");
        if text.is_empty() {
            Self::Nothing
        } else if text.trim().is_empty() {
            Self::WhiteSpace
        } else if is_php {
            Self::PhpMessage
        } else if text.contains('<') {
            Self::Html
        } else {
            Self::Text
        }
    }
}

impl fmt::Display for Surrounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::WhiteSpace => "white space",
            Self::PhpMessage => "a PHP message",
            Self::Html => "HTML",
            Self::Text => "other text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(form: &BodyForm) -> Vec<String> {
        form.members.iter().map(|member| format!("{} {}", member.path, member.kind)).collect()
    }

    #[test]
    fn a_form_lists_the_kinds_of_members_and_no_value() {
        let body =
            br#"{"status":"success","139139220920202":1,"data":{"qris_invoiceid":41325511100,
            "qris_payment_customername":"SITI","at":null,"list":["SITI"],"on":true,"note":" "}}"#;
        let form = BodyForm::from_reply(body);
        let expected = [
            "[other] number",
            "data object",
            "data.at null",
            "data.list array",
            "data.note empty text",
            "data.on boolean",
            "data.qris_invoiceid number",
            "data.qris_payment_customername text",
            "status text",
        ];
        assert_eq!(paths(&form), expected);
        assert_eq!(form.length, body.len());
        let shown = format!("{form:?}");
        assert!(!shown.contains("SITI") && !shown.contains("139139220920202"), "{shown}");
    }

    #[test]
    fn the_text_around_the_json_has_a_kind() {
        let of = |before: &str, after: &str| {
            let form = BodyForm::from_reply(format!("{before}{{\"status\":1}}{after}").as_bytes());
            (form.byte_order_mark, form.before, form.after)
        };
        use Surrounding::{Html, Nothing, PhpMessage, Text, WhiteSpace};
        assert_eq!(of("", ""), (false, Nothing, Nothing));
        assert_eq!(of("\u{feff}", "\r\n"), (true, Nothing, WhiteSpace));
        let notice = "<br />\n<b>Notice</b>:  Undefined index in <b>x</b> on line <b>42</b>";
        assert_eq!(of(notice, "<!-- x -->"), (false, PhpMessage, Html));
        assert_eq!(of("ok", ""), (false, Text, Nothing));
    }

    #[test]
    fn a_body_without_an_answer_has_the_reason_and_its_kind() {
        let form = BodyForm::from_reply(b"<h1>503</h1>");
        assert_eq!(form.defect, Some(Defect::Absent { marker: "status" }));
        assert_eq!((form.before, form.members.len()), (Surrounding::Html, 0));
    }
}
