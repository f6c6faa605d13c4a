//! Why something was not printed.

/// Why something was not printed: a message for the cashier, and a word for programs.
///
/// ```
/// use qris_till::PrinterError;
///
/// assert_eq!(PrinterError::OutOfPaper.as_str(), "out-of-paper");
/// assert_eq!(PrinterError::OutOfPaper.to_string(), "the printer is out of paper");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrinterError {
    /// `away`: no connection could be made.
    #[error("no connection to the printer: it is off, disconnected, or has another address")]
    Away,
    /// `no-device`: the device file does not exist or cannot be opened for writing.
    #[error(
        "the printer's device file cannot be opened: the printer is unplugged, or this user has no permission"
    )]
    NoDevice,
    /// `no-answer`: it answered status requests before, and does not answer now.
    #[error("the printer does not answer: it is busy, or must be switched off and on")]
    NoAnswer,
    /// `too-slow`: it accepted no data for some seconds.
    #[error("the printer accepted no data for 5 s: it is busy, or must be switched off and on")]
    TooSlow,
    /// `cut-off`: the connection ended before everything was sent.
    #[error("the connection to the printer broke")]
    CutOff,
    /// `out-of-paper`: the printer reports it.
    #[error("the printer is out of paper")]
    OutOfPaper,
    /// `cover-open`: the printer reports it.
    #[error("the printer's cover is open")]
    CoverOpen,
    /// `faulty`: the printer reports it.
    #[error("the printer reports an error")]
    Faulty,
}

impl PrinterError {
    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::NoDevice => "no-device",
            Self::NoAnswer => "no-answer",
            Self::TooSlow => "too-slow",
            Self::CutOff => "cut-off",
            Self::OutOfPaper => "out-of-paper",
            Self::CoverOpen => "cover-open",
            Self::Faulty => "faulty",
        }
    }
}
