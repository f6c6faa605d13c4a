//! Validates the body of a request against `openapi.json`. A refusal uses the words of the API: the
//! member, what was expected, and what was found.
//!
//! A found value is repeated only if the member is a number, a boolean, or one of a few words.
//! Other text may have the name of a person.

use std::fmt;
use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::http_error::HttpError;
use crate::query::{DOCUMENT, MAX_SHOWN_CHARS, is_word, resolve};

static PARSED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(DOCUMENT).unwrap_or_default());

/// Refuses an API request whose body does not match the document. The body is already read.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let Some((schema, is_required)) = schema_of(&request) else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        let words = "expected a complete body";
        return HttpError::new(StatusCode::BAD_REQUEST, "bad-request", words).into_response();
    };
    let checked = match body.is_empty() && !is_required {
        true => Ok(()),
        false => ensure_json(&parts.headers).and_then(|()| ensure_documented(schema, &body)),
    };
    match checked {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// The document's schema of a request body, and whether the body is required.
fn schema_of(request: &Request) -> Option<(&'static Value, bool)> {
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    if !path.starts_with("/api/") {
        return None;
    }
    let operation = &PARSED["paths"][path][request.method().as_str().to_lowercase()];
    let body = operation.get("requestBody")?;
    let schema = body.pointer("/content/application~1json/schema")?;
    Some((resolve(&PARSED, schema), body["required"] == true))
}

fn ensure_json(headers: &HeaderMap) -> Result<(), HttpError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let found = match kind.map(|kind| kind.split(';').next().unwrap_or_default().trim()) {
        Some(kind) if kind.eq_ignore_ascii_case("application/json") => return Ok(()),
        Some(_) => "another type",
        None => "none",
    };
    let words = format!("expected the header Content-Type: application/json, found {found}");
    Err(HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad-request", words))
}

fn ensure_documented(schema: &Value, body: &[u8]) -> Result<(), HttpError> {
    let not_json = |words: String| HttpError::new(StatusCode::BAD_REQUEST, "bad-request", words);
    if body.is_empty() {
        return Err(not_json("expected a JSON object, found no body".to_owned()));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        not_json(match error.is_eof() {
            true => "expected JSON, found an incomplete text".to_owned(),
            false => format!("expected JSON, found a syntax error in line {line}, column {column}"),
        })
    })?;
    let Some(_) = value.as_object() else {
        let words = format!("expected a JSON object, found {}", kind_of(&value));
        return Err(HttpError::invalid(words));
    };
    // Of a repeated member only one value would be read.
    let Members(members) = serde_json::from_slice(body)
        .map_err(|_| not_json("expected a JSON object, found other JSON".to_owned()))?;
    ensure_members(schema, &members).map_err(HttpError::invalid)
}

/// The members of an object in their order, with repeats.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        text.deserialize_map(All)
    }
}

fn ensure_members(schema: &Value, members: &[(String, Value)]) -> Result<(), String> {
    let known = schema["properties"].as_object();
    let known = |name: &str| known.and_then(|known| known.get(name));
    for (at, (name, value)) in members.iter().enumerate() {
        let Some(member) = known(name) else {
            return Err(unknown(schema, name));
        };
        if members[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(format!("{name}: expected it once, found it twice"));
        }
        ensure(name, resolve(&PARSED, member), value)?;
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in required {
        if !members.iter().any(|(member, _)| member == name) {
            let expected = known(name).map(|member| expected(name, resolve(&PARSED, member)));
            let expected = expected.unwrap_or_default();
            return Err(format!("{name}: expected {expected}, found nothing"));
        }
    }
    Ok(())
}

/// A member that is not in the document.
fn unknown(schema: &Value, name: &str) -> String {
    let known = schema["properties"].as_object().into_iter().flatten();
    let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
    let known = joined(&known, "and");
    let found = if is_word(name) { name } else { "another name" };
    format!("expected only the members {known}, found {found}")
}

fn ensure(name: &str, schema: &Value, value: &Value) -> Result<(), String> {
    let is = |kind: &str| kinds(schema).contains(&kind);
    let refused = |expected: String, found: String| {
        Err(format!("{name}: expected {expected}, found {found}"))
    };
    let wrong = || refused(expected(name, schema), found(schema, value));
    match value {
        Value::Null if is("null") => Ok(()),
        Value::Bool(_) if is("boolean") => Ok(()),
        Value::Object(_) if is("object") => Ok(()),
        Value::Array(values) if is("array") => {
            let each = resolve(&PARSED, &schema["items"]);
            values.iter().try_for_each(|value| ensure(name, each, value))
        }
        // A number with a decimal point is not an integer, not even 25578.0.
        Value::Number(number) if is("integer") && !number.is_f64() => {
            let bound = |name: &str| schema[name].as_i64().map(i128::from);
            let least = bound("minimum").unwrap_or(i64::MIN.into());
            let most = bound("maximum").unwrap_or(i64::MAX.into());
            match number.as_i128() {
                Some(number) if (least..=most).contains(&number) => Ok(()),
                _ => refused(range(name, schema), found(schema, value)),
            }
        }
        Value::String(text) if is("string") => {
            if let Some(words) = schema["enum"].as_array() {
                return if words.contains(value) { Ok(()) } else { wrong() };
            }
            let chars = text.chars().count();
            let bound =
                |name: &str| schema[name].as_u64().and_then(|bound| usize::try_from(bound).ok());
            let (least, most) = (bound("minLength").unwrap_or(0), bound("maxLength"));
            match most {
                Some(most) if chars > most => {
                    refused(format!("at most {most} characters"), chars.to_string())
                }
                _ if chars < least => {
                    refused(format!("at least {least} characters"), chars.to_string())
                }
                _ => Ok(()),
            }
        }
        _ => wrong(),
    }
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    }
}

fn is_amount(name: &str) -> bool {
    name == "amount" || name.ends_with("_amount")
}

/// A description of a member's expected value.
fn expected(name: &str, schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return joined(&words, "or");
    }
    let kinds = kinds(schema);
    let one = match (kinds.first().copied(), schema["format"].as_str()) {
        (Some("integer"), _) if is_amount(name) => {
            "whole rupiah as a number of digits only, such as 25578"
        }
        (Some("integer"), _) => "a whole number",
        (Some("boolean"), _) => "true or false",
        (Some("array"), _) => {
            let each = expected(name, resolve(&PARSED, &schema["items"]));
            return format!("a list, each item of which is {each}");
        }
        (Some("object"), _) => "a JSON object",
        (_, Some("date")) => "a day such as \"2026-11-30\"",
        (_, Some("date-time")) => "a time such as \"2026-11-30T17:00:00+07:00\"",
        (_, Some("uri")) => "a URL as text",
        _ => "text",
    };
    if kinds.contains(&"null") { format!("{one}, or null") } else { one.to_owned() }
}

/// A description of a member's allowed range.
fn range(name: &str, schema: &Value) -> String {
    let unit = if is_amount(name) { " rupiah" } else { "" };
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!("{least} to {most}{unit}"),
        (Some(least), None) => format!("at least {least}{unit}"),
        (None, Some(most)) => format!("at most {most}{unit}"),
        (None, None) => "a smaller number".to_owned(),
    }
}

/// A description of the found value, without anything that may be about a person.
fn found(schema: &Value, value: &Value) -> String {
    let is_shown = schema["enum"].is_array()
        || kinds(schema).iter().any(|kind| matches!(*kind, "integer" | "boolean"));
    let is_numeric = |text: &str| {
        !text.is_empty()
            && text.len() <= MAX_SHOWN_CHARS
            && text.bytes().all(|byte| byte.is_ascii_digit() || b".,+-".contains(&byte))
    };
    match value {
        Value::Bool(_) if is_shown => value.to_string(),
        Value::Number(number) if is_shown && number.to_string().len() <= MAX_SHOWN_CHARS => {
            number.to_string()
        }
        Value::String(text) if schema["enum"].is_array() && is_word(text) => format!("\"{text}\""),
        Value::String(text) if is_shown && is_numeric(text) => format!("\"{text}\""),
        Value::String(_) if schema["enum"].is_array() => "another text".to_owned(),
        value => kind_of(value).to_owned(),
    }
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// `a, b and c`.
fn joined(words: &[&str], last: &str) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
