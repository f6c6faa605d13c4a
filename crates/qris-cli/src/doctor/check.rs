//! A check of `qris doctor`, and its result.

use serde::Serialize;

/// How many entries of a kind are printed.
pub(super) const NAMED: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Ok,
    Warning,
    Problem,
}

/// A check: its name, its result, and advice.
#[derive(Serialize)]
pub(super) struct Check {
    pub(super) check: &'static str,
    /// The merchant, if the check is about one merchant.
    pub(super) merchant: Option<String>,
    pub(super) result: Outcome,
    pub(super) message: String,
    pub(super) advice: Option<String>,
}

impl Check {
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, merchant: None, result: Outcome::Ok, message: message.into(), advice: None }
    }

    pub(super) fn warning(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            check,
            merchant: None,
            result: Outcome::Warning,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }

    pub(super) fn problem(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            check,
            merchant: None,
            result: Outcome::Problem,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }
}
