//! Why a command of `qris order` did not succeed.

use std::error::Error as StdError;
use std::io;

use qris_api::Error as ApiError;

use crate::messages::message;
use crate::output::chain;
use crate::settings::SettingsError;

/// Exit codes.
const REFUSED: u8 = 1;
const UNKNOWN: u8 = 3;

/// Why a command did not succeed: its message and exit code.
#[derive(Clone, Debug)]
pub(super) struct CommandError {
    pub(super) code: u8,
    pub(super) message: String,
}

impl CommandError {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { code: REFUSED, message: message.into() }
    }

    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self { code: UNKNOWN, message: message.into() }
    }

    pub(super) fn refused_by(error: impl StdError) -> Self {
        Self::refused(chain(&error))
    }

    /// Converts an error of a request for a code.
    pub(super) fn not_created(error: &ApiError) -> Self {
        match error {
            ApiError::OutcomeUnknown { .. } => Self::unknown(error.to_string()),
            _ => Self::refused(error.to_string()),
        }
    }

    /// Converts an error of a check. Only a refusal is final: the next check would be refused too.
    pub(super) fn not_checked(error: &ApiError) -> Self {
        match error {
            ApiError::Rejected { .. } => Self::refused(error.to_string()),
            _ => Self::unknown(message!("order-not-known-whether-paid", error = error)),
        }
    }

    /// A failed check tells nothing about the payment.
    pub(super) fn unanswered(self) -> Self {
        Self::unknown(message!("order-not-known-whether-paid", error = self.message))
    }
}

impl From<qris_ledger::Error> for CommandError {
    fn from(error: qris_ledger::Error) -> Self {
        match error {
            qris_ledger::Error::Absent => Self::refused(message!("order-not-in-books")),
            qris_ledger::Error::OtherAccount { .. } => SettingsError(error.to_string()).into(),
            error => Self::refused_by(error),
        }
    }
}

impl From<qris_orders::Error> for CommandError {
    fn from(error: qris_orders::Error) -> Self {
        match error {
            qris_orders::Error::Ledger(error) => error.into(),
            qris_orders::Error::Provider(error) => Self::not_created(&error),
            qris_orders::Error::StillRequested { wait } => Self::unknown(message!(
                "order-asked-by-another-process",
                seconds = wait.as_secs().max(1)
            )),
            unanswered @ qris_orders::Error::Unanswered(_) => Self::unknown(unanswered.to_string()),
            error => Self::refused_by(error),
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::refused_by(error)
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        Self { code: crate::output::USAGE, message: error.to_string() }
    }
}
