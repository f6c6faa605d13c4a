//! Errors in the arguments, from the catalogue instead of the library's English.

use std::error::Error as _;
use std::net::AddrParseError;
use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use qris_api::Invalid;
use qris_ledger::ParseWordError;

use crate::help::label;
use crate::messages::{language, message};
use crate::output::{USAGE, print_error, visible};

/// Prints what clap has to say and ends the program: help and version as they are, errors from the
/// catalogue.
pub(crate) fn exit(error: &clap::Error) -> ! {
    match text(error) {
        None => error.exit(),
        Some(text) => {
            print_error(&text);
            if let Some(usage) = context(error, ContextKind::Usage) {
                let usage = usage.trim_start_matches("Usage:").trim_start();
                anstream::eprintln!("\n{} {}", label(language(), "usage"), visible_lines(usage));
            }
            anstream::eprintln!("\n{}", message!("usage-help"));
            std::process::exit(USAGE.into())
        }
    }
}

fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// The error in the user's language; `None` if clap's own text is to be shown.
fn text(error: &clap::Error) -> Option<String> {
    let argument = context(error, ContextKind::InvalidArg).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidValue => {
            let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
            let values = context(error, ContextKind::ValidValue).unwrap_or_default();
            match (value.is_empty(), values.is_empty()) {
                (true, true) => message!("usage-no-value", argument = argument),
                (true, false) => {
                    message!("usage-no-word", argument = argument, values = values)
                }
                (false, true) => message!("usage-bad-value", argument = argument, value = value),
                (false, false) => message!(
                    "usage-other-word",
                    argument = argument,
                    values = values,
                    value = value
                ),
            }
        }
        ErrorKind::ValueValidation => {
            message!("usage-wrong-value", argument = argument, why = reason(error, &argument))
        }
        ErrorKind::MissingRequiredArgument => message!("usage-missing", arguments = argument),
        ErrorKind::UnknownArgument => suggested(
            message!("usage-unknown-argument", argument = argument),
            context(error, ContextKind::SuggestedArg),
        ),
        ErrorKind::InvalidSubcommand => suggested(
            message!(
                "usage-unknown-command",
                command = context(error, ContextKind::InvalidSubcommand).unwrap_or_default()
            ),
            context(error, ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::ArgumentConflict => {
            match context(error, ContextKind::PriorArg).filter(|other| *other != argument) {
                Some(other) => message!("usage-conflict", argument = argument, other = other),
                None => message!("usage-twice", argument = argument),
            }
        }
        _ => return None,
    })
}

fn suggested(text: String, suggestion: Option<String>) -> String {
    match suggestion {
        Some(suggestion) => message!("usage-suggestion", error = text, suggestion = suggestion),
        None => text,
    }
}

/// Why a value is wrong. The value itself is not repeated.
fn reason(error: &clap::Error, argument: &str) -> String {
    let Some(cause) = error.source() else { return message!("usage-bad-format") };
    if cause.is::<Invalid>() && argument == "<NUMBER>" {
        return message!("order-bad-number", most = qris_api::limits::MAX_NUMBER_CHARS);
    }
    if cause.is::<ParseWordError>() && argument == "<NAME>" {
        return message!("person-bad-name");
    }
    if cause.is::<jiff::Error>() {
        return message!("usage-day");
    }
    if cause.is::<AddrParseError>() {
        return message!("usage-address");
    }
    let text = cause.to_string();
    match text.split_once(" is not in ").and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) => message!("usage-range", least = least, most = most),
        None if cause.is::<ParseIntError>() || text.contains("invalid digit") => {
            message!("usage-number")
        }
        None => text,
    }
}

/// A fact of the error, as text.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}
