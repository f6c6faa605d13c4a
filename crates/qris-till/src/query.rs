//! Validates the query of a request against `openapi.json`. Unknown parameters and values outside
//! the bounds are refused.
//!
//! Otherwise a misspelled name would return a wrong list, and a clamped number would look like the
//! answer to a different request.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Query, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::http_error::HttpError;

/// The description of the interface.
pub(crate) const DOCUMENT: &str = include_str!("openapi.json");

/// The query parameters of each operation, by path and method.
pub(crate) static OPERATIONS: LazyLock<HashMap<(String, String), Vec<Parameter>>> =
    LazyLock::new(|| operations(&serde_json::from_str(DOCUMENT).unwrap_or_default()));

/// A parameter from the document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// Whether it may be repeated.
    is_list: bool,
    pub(crate) values: Values,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Values {
    Integer { min: i64, max: i64 },
    Words(Vec<String>),
    Flag,
    Text { max_chars: usize },
}

fn operations(document: &Value) -> HashMap<(String, String), Vec<Parameter>> {
    let mut operations = HashMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters = parameters.map(|parameter| resolve(document, parameter));
            let query = parameters.filter(|it| it["in"] == "query");
            let query = query.map(|parameter| Parameter::read(document, parameter));
            operations.insert((path.clone(), method.to_uppercase()), query.collect());
        }
    }
    operations
}

/// Resolves a reference to another part of the document.
pub(crate) fn resolve<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    let target = part["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| document.pointer(target)).unwrap_or(part)
}

impl Parameter {
    fn read(document: &Value, parameter: &Value) -> Self {
        let schema = resolve(document, &parameter["schema"]);
        let is_list = schema["type"] == "array";
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            is_list,
            values: Values::read(resolve(
                document,
                if is_list { &schema["items"] } else { schema },
            )),
        }
    }

    fn ensure(&self, value: &str) -> Result<(), HttpError> {
        let name = &self.name;
        let expected = match &self.values {
            Values::Integer { min, max } => match value.parse::<i64>() {
                Ok(number) if (*min..=*max).contains(&number) => return Ok(()),
                _ if *max == i64::MAX => format!("expected {name} as a number of at least {min}"),
                _ => format!("expected {name} as a number of {min} to {max}"),
            },
            Values::Words(words) if words.iter().any(|word| word == value) => return Ok(()),
            Values::Words(words) => format!("expected {name} as {}", words.join(" or ")),
            Values::Flag if matches!(value, "true" | "false") => return Ok(()),
            Values::Flag => format!("expected {name} as true or false"),
            Values::Text { max_chars } if value.chars().count() <= *max_chars => return Ok(()),
            Values::Text { max_chars } => {
                format!("expected {name} of at most {max_chars} characters")
            }
        };
        Err(HttpError::invalid(format!("{expected}, found another value")))
    }
}

impl Values {
    fn read(schema: &Value) -> Self {
        if let Some(words) = schema["enum"].as_array() {
            let word = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            return Self::Words(words.iter().map(word).collect());
        }
        match schema["type"].as_str() {
            Some("integer") => Self::Integer {
                min: schema["minimum"].as_i64().unwrap_or(i64::MIN),
                max: schema["maximum"].as_i64().unwrap_or(i64::MAX),
            },
            Some("boolean") => Self::Flag,
            _ => {
                let max = schema["maxLength"].as_u64().and_then(|max| usize::try_from(max).ok());
                Self::Text { max_chars: max.unwrap_or(usize::MAX) }
            }
        }
    }
}

/// Refuses an API request whose query does not match the document.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    match ensure_documented(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn ensure_documented(request: &Request) -> Result<(), HttpError> {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Ok(()) };
    if !path.as_str().starts_with("/api/") {
        return Ok(());
    }
    let method = match *request.method() {
        Method::HEAD => Method::GET.as_str(),
        ref method => method.as_str(),
    };
    // The router refuses unknown methods.
    let operation = (path.as_str().to_owned(), method.to_owned());
    let Some(parameters) = OPERATIONS.get(&operation) else { return Ok(()) };
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(request.uri())?;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (name, value) in &pairs {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == *name) else {
            return Err(unexpected(parameters, name));
        };
        if !seen.insert(name) && !parameter.is_list {
            let words = format!("expected {name} once in the query, found it twice");
            return Err(HttpError::new(StatusCode::BAD_REQUEST, "bad-request", words));
        }
        found.push((parameter, value));
    }
    found.into_iter().try_for_each(|(parameter, value)| parameter.ensure(value))
}

fn unexpected(parameters: &[Parameter], found: &str) -> HttpError {
    let found = if is_word(found) { found } else { "another name" };
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let words = match names.as_slice() {
        [] => format!("expected no query parameters, found {found}"),
        [only] => format!("expected no query parameter but {only}, found {found}"),
        _ => format!("expected only the query parameters {}, found {found}", names.join(", ")),
    };
    HttpError::new(StatusCode::BAD_REQUEST, "bad-request", words)
}

/// The maximum number of characters of a found value or member name that are repeated.
pub(crate) const MAX_SHOWN_CHARS: usize = 24;

/// Whether a text is a short word that a program writes, not text from a person.
pub(crate) fn is_word(text: &str) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    !text.is_empty() && text.len() <= MAX_SHOWN_CHARS && text.bytes().all(is_part)
}
