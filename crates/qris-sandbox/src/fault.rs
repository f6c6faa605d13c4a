//! The faults of the sandbox, by name.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A way in which the API, or a payment, misbehaves.
///
/// `POST /sandbox/faults` uses the name before each description. A parameter is in parentheses.
///
/// ```
/// use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = Sandbox::start().await?;
/// sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Once);
/// sandbox.inject(Fault::Slow { seconds: 2.0 }, FaultCall::Any, FaultRepeat::Standing);
/// sandbox.clear_faults();
/// # Ok::<(), qris_sandbox::StartError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fault {
    /// `slow` (seconds): the answer takes this many real seconds. Default 20.
    Slow {
        /// The seconds.
        seconds: f64,
    },
    /// `refuse` (words): a refusal with these words. Default `system maintenance`.
    Refuse {
        /// The words.
        words: String,
    },
    /// `refused-connection` (seconds): for this many real seconds from now, every new connection is refused.
    /// Default 5.
    ///
    /// The sandbox closes its listening socket before [`inject`](crate::Sandbox::inject) returns, and keeps
    /// the port reserved. After the time it listens on the same port again;
    /// [`clear_faults`](crate::Sandbox::clear_faults) makes it listen at once. A call that is already
    /// connected is answered, including the call that requested the fault, and its connection is closed as
    /// usual. The sandbox cannot see what a refused client wanted to send, so this fault ignores [`FaultCall`]
    /// and [`FaultRepeat`].
    RefusedConnection {
        /// The seconds.
        seconds: f64,
    },
    /// `drop-before-accepting`: the connection is closed before anything is processed.
    DropBeforeAccepting,
    /// `drop-after-accepting`: the call is processed, and then the connection is closed without an answer.
    DropAfterAccepting,
    /// `cut-connection`: the connection is closed in the middle of the answer.
    CutConnection,
    /// `too-many-requests` (seconds): nothing is processed. The answer is a page with HTTP status 429 and a
    /// `Retry-After` of this many seconds, rounded up. Default 60.
    TooManyRequests {
        /// The seconds.
        seconds: f64,
    },
    /// `service-unavailable` (seconds): nothing is processed. The answer is a page with HTTP status 503 and a
    /// `Retry-After` of this many seconds, rounded up. Default 60.
    ServiceUnavailable {
        /// The seconds.
        seconds: f64,
    },
    /// `html`: an HTML page for people instead of the answer.
    Html,
    /// `php-notice`: one PHP notice, as HTML, before the answer.
    PhpNotice,
    /// `notice-before`: several PHP messages with braces and quotes, as HTML, and blank lines, before the
    /// answer.
    NoticeBefore,
    /// `byte-order-mark`: a byte-order mark (`EF BB BF`) before the answer.
    ByteOrderMark,
    /// `text-behind`: a PHP message and an HTML comment with braces after the answer.
    TextBehind,
    /// `empty`: an answer without a body.
    Empty,
    /// `cut-json`: the first half of the answer, sent as a complete answer.
    CutJson,
    /// `huge`: an answer of more than 2 MiB.
    Huge,
    /// `redirect`: a redirect to another address. A client must not send the key there.
    Redirect,
    /// `failed-5xx`: the call is processed, and the answer is a refusal (`system error`) with HTTP status
    /// 500.
    #[serde(rename = "failed-5xx")]
    Failed5xx,
    /// `failed-with-invoice`: the invoice is created and complete in `data`, but `status` is `failed`.
    FailedWithInvoice,
    /// `wrong-amount`: the QR asks for one rupiah more.
    WrongAmount,
    /// `wrong-currency`: the QR asks for US dollars.
    WrongCurrency,
    /// `wrong-nmid`: the QR has the NMID of another merchant, and the reply the right one.
    WrongNmid,
    /// `other-merchant`: the QR and `qris_nmid` are both those of another merchant.
    OtherMerchant,
    /// `wrong-tip`: the QR asks for a tip if none is wanted, and asks for none if one is wanted.
    WrongTip,
    /// `fixed-fee`: the QR has a fixed fee (56) without its indicator (55).
    FixedFee,
    /// `percentage-fee`: the QR has a fee in percent (57) without its indicator (55).
    PercentageFee,
    /// `static-with-amount`: the QR is static (01 is `11`) but has the amount, so it can be paid repeatedly.
    StaticWithAmount,
    /// `bad-checksum`: the QR's checksum is wrong.
    BadChecksum,
    /// `other-reference`: the QR has the number of another invoice in 62.05.
    OtherReference,
    /// `other-sales-qr`: the new invoice number comes with the unchanged QR of an earlier invoice: the newest
    /// one with the same amount, or the newest of all. If there is no earlier invoice, the QR is right except
    /// for 62.05, which is the new number minus one.
    OtherSalesQr,
    /// `numeric-id`: the invoice's number is a JSON number instead of text.
    NumericId,
    /// `late-payment` (seconds): the provider learns of a payment this many seconds late, by the sandbox's
    /// clock. Default 90.
    LatePayment {
        /// The seconds.
        seconds: f64,
    },
    /// `bad-bytes-in-names`: in the next payment, the payer's name is followed by raw bytes that are invalid
    /// in JSON. They are in each check that says `paid`, and in the webhook: ` JOS\xe9`, a raw tab, `DA`, a
    /// raw newline, `SILVA`, a zero byte, the escape of a lone surrogate (`\ud800`) and the first byte of a
    /// UTF-8 character (`\xc3`).
    BadBytesInNames,
    /// `duplicate-webhook`: the webhook is sent twice, even if the first is answered with 200.
    DuplicateWebhook,
    /// `out-of-order-webhook`: `pending` is sent after `success`.
    OutOfOrderWebhook,
    /// `webhook-without-note`: the webhook has no `note` and no `rrn`. Every other webhook has
    /// both.
    WebhookWithoutNote,
    /// `webhook-of-unbooked`: before the webhook of the payment, a second webhook is sent. It differs only in
    /// the invoice number, which belongs to no invoice.
    WebhookOfUnbooked,
}

/// The call that a fault applies to. Faults of a QR always apply to a create, and faults of a payment to the
/// payment, for any value of this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultCall {
    /// The next call of either kind.
    #[default]
    Any,
    /// CREATE INVOICE.
    Create,
    /// CHECK INVOICE.
    Check,
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultRepeat {
    /// The next time only.
    #[default]
    Once,
    /// Every time, until the faults are cleared.
    Standing,
}

/// Where a fault can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    Create,
    Check,
    Payment,
}

/// Why a name with its parameters is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// No fault has this name. The message lists all names with their parameters.
    #[error("expected one of {}, found {found:?}", Fault::list())]
    UnknownName {
        /// The first 40 characters of the name.
        found: String,
    },
    /// The fault does not have this parameter.
    #[error("expected {fault} with {}, found another parameter", takes.unwrap_or("no parameter"))]
    OtherParameter {
        /// The fault's name.
        fault: &'static str,
        /// Its only parameter, if any: `seconds` or `words`.
        takes: Option<&'static str>,
    },
    /// The number of seconds is not valid.
    #[error("expected seconds as a number that is not negative, found another")]
    Seconds,
}

impl Fault {
    /// Every fault, with its default parameters.
    pub fn all() -> Vec<Self> {
        vec![
            Self::Slow { seconds: 20.0 },
            Self::Refuse { words: "system maintenance".to_owned() },
            Self::RefusedConnection { seconds: 5.0 },
            Self::DropBeforeAccepting,
            Self::DropAfterAccepting,
            Self::CutConnection,
            Self::TooManyRequests { seconds: 60.0 },
            Self::ServiceUnavailable { seconds: 60.0 },
            Self::Html,
            Self::PhpNotice,
            Self::NoticeBefore,
            Self::ByteOrderMark,
            Self::TextBehind,
            Self::Empty,
            Self::CutJson,
            Self::Huge,
            Self::Redirect,
            Self::Failed5xx,
            Self::FailedWithInvoice,
            Self::WrongAmount,
            Self::WrongCurrency,
            Self::WrongNmid,
            Self::OtherMerchant,
            Self::WrongTip,
            Self::FixedFee,
            Self::PercentageFee,
            Self::StaticWithAmount,
            Self::BadChecksum,
            Self::OtherReference,
            Self::OtherSalesQr,
            Self::NumericId,
            Self::LatePayment { seconds: 90.0 },
            Self::BadBytesInNames,
            Self::DuplicateWebhook,
            Self::OutOfOrderWebhook,
            Self::WebhookWithoutNote,
            Self::WebhookOfUnbooked,
        ]
    }

    /// The fault with a name. Omitted parameters get their defaults.
    ///
    /// # Errors
    ///
    /// [`FaultError`] if no fault has this name, or if it does not have one of the parameters.
    ///
    /// ```
    /// use qris_sandbox::Fault;
    ///
    /// assert_eq!(Fault::named("slow", Some(2.5), None), Ok(Fault::Slow { seconds: 2.5 }));
    /// let error = Fault::named("html", None, Some("hello")).unwrap_err();
    /// assert_eq!(error.to_string(), "expected html with no parameter, found another parameter");
    /// ```
    pub fn named(
        name: &str,
        seconds: Option<f64>,
        words: Option<&str>,
    ) -> Result<Self, FaultError> {
        let mut fault = Self::all()
            .into_iter()
            .find(|fault| fault.name() == name)
            .ok_or_else(|| FaultError::UnknownName { found: name.chars().take(40).collect() })?;
        let other = FaultError::OtherParameter { fault: fault.name(), takes: fault.parameter() };
        match (fault.seconds_mut(), seconds) {
            (Some(usual), Some(wanted)) => {
                Duration::try_from_secs_f64(wanted).map_err(|_| FaultError::Seconds)?;
                *usual = wanted;
            }
            (None, Some(_)) => return Err(other),
            (_, None) => {}
        }
        match (&mut fault, words) {
            (Self::Refuse { words }, Some(wanted)) => wanted.clone_into(words),
            (_, Some(_)) => return Err(other),
            (_, None) => {}
        }
        Ok(fault)
    }

    /// The name of the fault in the control calls.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Slow { .. } => "slow",
            Self::Refuse { .. } => "refuse",
            Self::RefusedConnection { .. } => "refused-connection",
            Self::DropBeforeAccepting => "drop-before-accepting",
            Self::DropAfterAccepting => "drop-after-accepting",
            Self::CutConnection => "cut-connection",
            Self::TooManyRequests { .. } => "too-many-requests",
            Self::ServiceUnavailable { .. } => "service-unavailable",
            Self::Html => "html",
            Self::PhpNotice => "php-notice",
            Self::NoticeBefore => "notice-before",
            Self::ByteOrderMark => "byte-order-mark",
            Self::TextBehind => "text-behind",
            Self::Empty => "empty",
            Self::CutJson => "cut-json",
            Self::Huge => "huge",
            Self::Redirect => "redirect",
            Self::Failed5xx => "failed-5xx",
            Self::FailedWithInvoice => "failed-with-invoice",
            Self::WrongAmount => "wrong-amount",
            Self::WrongCurrency => "wrong-currency",
            Self::WrongNmid => "wrong-nmid",
            Self::OtherMerchant => "other-merchant",
            Self::WrongTip => "wrong-tip",
            Self::FixedFee => "fixed-fee",
            Self::PercentageFee => "percentage-fee",
            Self::StaticWithAmount => "static-with-amount",
            Self::BadChecksum => "bad-checksum",
            Self::OtherReference => "other-reference",
            Self::OtherSalesQr => "other-sales-qr",
            Self::NumericId => "numeric-id",
            Self::LatePayment { .. } => "late-payment",
            Self::BadBytesInNames => "bad-bytes-in-names",
            Self::DuplicateWebhook => "duplicate-webhook",
            Self::OutOfOrderWebhook => "out-of-order-webhook",
            Self::WebhookWithoutNote => "webhook-without-note",
            Self::WebhookOfUnbooked => "webhook-of-unbooked",
        }
    }

    /// The only parameter of the fault: `seconds`, `words` or none.
    pub const fn parameter(&self) -> Option<&'static str> {
        match self {
            Self::Slow { .. }
            | Self::RefusedConnection { .. }
            | Self::TooManyRequests { .. }
            | Self::ServiceUnavailable { .. }
            | Self::LatePayment { .. } => Some("seconds"),
            Self::Refuse { .. } => Some("words"),
            _ => None,
        }
    }

    /// Whether the fault can happen on the requested call.
    ///
    /// [`inject`](crate::Sandbox::inject) does not check this: there, a fault with only one occasion happens
    /// on that occasion.
    ///
    /// ```
    /// use qris_sandbox::{Fault, FaultCall};
    ///
    /// assert!(Fault::Html.can_happen(FaultCall::Check));
    /// assert!(!Fault::WrongAmount.can_happen(FaultCall::Check));
    /// assert!(!Fault::DuplicateWebhook.can_happen(FaultCall::Create));
    /// ```
    pub const fn can_happen(&self, on: FaultCall) -> bool {
        match self {
            Self::RefusedConnection { .. } => matches!(on, FaultCall::Any),
            _ => match self.only_occasion() {
                Some(Occasion::Create) => !matches!(on, FaultCall::Check),
                Some(Occasion::Check) => !matches!(on, FaultCall::Create),
                Some(Occasion::Payment) => matches!(on, FaultCall::Any),
                None => true,
            },
        }
    }

    /// Whether the fault, requested for these calls, happens now.
    pub(crate) fn happens_on(&self, occasion: Occasion, on: FaultCall) -> bool {
        match (self.only_occasion(), occasion) {
            (Some(only), _) => occasion == only,
            (None, Occasion::Create) => on != FaultCall::Check,
            (None, Occasion::Check) => on != FaultCall::Create,
            (None, Occasion::Payment) => false,
        }
    }

    /// The only occasion on which the fault can happen.
    const fn only_occasion(&self) -> Option<Occasion> {
        match self {
            Self::FailedWithInvoice
            | Self::WrongAmount
            | Self::WrongCurrency
            | Self::WrongNmid
            | Self::OtherMerchant
            | Self::WrongTip
            | Self::FixedFee
            | Self::PercentageFee
            | Self::StaticWithAmount
            | Self::BadChecksum
            | Self::OtherReference
            | Self::OtherSalesQr
            | Self::NumericId => Some(Occasion::Create),
            Self::LatePayment { .. }
            | Self::BadBytesInNames
            | Self::DuplicateWebhook
            | Self::OutOfOrderWebhook
            | Self::WebhookWithoutNote
            | Self::WebhookOfUnbooked => Some(Occasion::Payment),
            _ => None,
        }
    }

    fn seconds_mut(&mut self) -> Option<&mut f64> {
        match self {
            Self::Slow { seconds }
            | Self::RefusedConnection { seconds }
            | Self::TooManyRequests { seconds }
            | Self::ServiceUnavailable { seconds }
            | Self::LatePayment { seconds } => Some(seconds),
            _ => None,
        }
    }

    /// All names with their parameters: `slow (seconds), refuse (words), …`.
    fn list() -> String {
        let one = |fault: &Self| match fault.parameter() {
            Some(parameter) => format!("{} ({parameter})", fault.name()),
            None => fault.name().to_owned(),
        };
        Self::all().iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_one_name_in_rust_and_in_json() {
        for fault in Fault::all() {
            let json = serde_json::to_value(&fault).unwrap();
            assert_eq!(json["fault"], fault.name());
            assert_eq!(Fault::named(fault.name(), None, None), Ok(fault));
        }
    }

    #[test]
    fn a_fault_takes_its_own_parameter_and_no_other() {
        for fault in Fault::all() {
            let seconds = Fault::named(fault.name(), Some(1.0), None);
            let words = Fault::named(fault.name(), None, Some("x"));
            let taken = (seconds.is_ok(), words.is_ok());
            let expected = match fault.parameter() {
                Some("seconds") => (true, false),
                Some(_) => (false, true),
                None => (false, false),
            };
            assert_eq!(taken, expected, "{}", fault.name());
        }
        assert_eq!(Fault::named("slow", Some(-1.0), None), Err(FaultError::Seconds));
        assert_eq!(Fault::named("slow", Some(f64::NAN), None), Err(FaultError::Seconds));
    }

    #[test]
    fn the_message_about_an_unknown_name_lists_every_name_with_its_parameter() {
        let message = Fault::named("slwo", None, None).unwrap_err().to_string();
        assert!(message.starts_with("expected one of slow (seconds), refuse (words), "));
        assert!(message.ends_with(", webhook-of-unbooked, found \"slwo\""), "{message}");
        for fault in Fault::all() {
            assert!(message.contains(fault.name()), "{} in {message}", fault.name());
        }
    }
}
