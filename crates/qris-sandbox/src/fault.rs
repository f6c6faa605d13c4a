//! What can be made to go wrong, by name.

use serde::{Deserialize, Serialize};

/// A way in which the API misbehaves, or a payment does.
///
/// ```
/// use qris_sandbox::{Fault, Lasting, On, Sandbox};
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = Sandbox::start().await?;
/// sandbox.inject(Fault::Html, On::Check, Lasting::Once);
/// sandbox.inject(Fault::Slow { seconds: 2.0 }, On::Any, Lasting::Standing);
/// sandbox.clear_faults();
/// # Ok::<(), qris_sandbox::StartError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fault {
    /// `slow`: the answer comes after this many (real) seconds; 20 unless told otherwise.
    Slow {
        /// How many.
        seconds: f64,
    },
    /// `refuse`: a refusal in these words; `system maintenance` unless told otherwise.
    Refuse {
        /// The words.
        words: String,
    },
    /// `drop-before-accepting`: the connection is closed before anything is done.
    DropBeforeAccepting,
    /// `drop-after-accepting`: it is done, and then the connection is closed without an answer.
    DropAfterAccepting,
    /// `cut-connection`: the connection is closed in the middle of the answer.
    CutConnection,
    /// `html`: a page for people instead of the answer.
    Html,
    /// `php-notice`: a notice of PHP in front of the answer.
    PhpNotice,
    /// `byte-order-mark`: a byte-order mark in front of the answer.
    ByteOrderMark,
    /// `empty`: an answer without a body.
    Empty,
    /// `cut-json`: the first half of the answer, as if it were the whole.
    CutJson,
    /// `huge`: an answer of more than a mebibyte.
    Huge,
    /// `redirect`: the answer lies elsewhere, where nobody may take the key.
    Redirect,
    /// `wrong-amount`: the QR asks for one rupiah more.
    WrongAmount,
    /// `wrong-currency`: the QR asks for dollars.
    WrongCurrency,
    /// `wrong-nmid`: the QR is that of another merchant.
    WrongNmid,
    /// `wrong-tip`: the QR asks for a tip where none is wanted, and the other way round.
    WrongTip,
    /// `bad-checksum`: the QR's checksum is wrong.
    BadChecksum,
    /// `other-reference`: the QR carries the number of another invoice in 62.05.
    OtherReference,
    /// `numeric-id`: the invoice's number comes as a JSON number instead of text.
    NumericId,
    /// `late-payment`: the provider learns of a payment this many seconds after it was made, by
    /// the sandbox's clock; 90 unless told otherwise.
    LatePayment {
        /// How many.
        seconds: f64,
    },
    /// `duplicate-webhook`: the webhook is sent twice, whatever it answers.
    DuplicateWebhook,
    /// `out-of-order-webhook`: `pending` is sent after `success`.
    OutOfOrderWebhook,
}

/// Which of the two calls a fault is for. Faults of a QR happen on a create and those of
/// a payment when it is made, whatever is said here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
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
pub enum Lasting {
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

impl Fault {
    /// Every fault, with its usual parameters.
    pub fn all() -> Vec<Self> {
        vec![
            Self::Slow { seconds: 20.0 },
            Self::Refuse { words: "system maintenance".to_owned() },
            Self::DropBeforeAccepting,
            Self::DropAfterAccepting,
            Self::CutConnection,
            Self::Html,
            Self::PhpNotice,
            Self::ByteOrderMark,
            Self::Empty,
            Self::CutJson,
            Self::Huge,
            Self::Redirect,
            Self::WrongAmount,
            Self::WrongCurrency,
            Self::WrongNmid,
            Self::WrongTip,
            Self::BadChecksum,
            Self::OtherReference,
            Self::NumericId,
            Self::LatePayment { seconds: 90.0 },
            Self::DuplicateWebhook,
            Self::OutOfOrderWebhook,
        ]
    }

    /// The name by which the control calls know the fault.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Slow { .. } => "slow",
            Self::Refuse { .. } => "refuse",
            Self::DropBeforeAccepting => "drop-before-accepting",
            Self::DropAfterAccepting => "drop-after-accepting",
            Self::CutConnection => "cut-connection",
            Self::Html => "html",
            Self::PhpNotice => "php-notice",
            Self::ByteOrderMark => "byte-order-mark",
            Self::Empty => "empty",
            Self::CutJson => "cut-json",
            Self::Huge => "huge",
            Self::Redirect => "redirect",
            Self::WrongAmount => "wrong-amount",
            Self::WrongCurrency => "wrong-currency",
            Self::WrongNmid => "wrong-nmid",
            Self::WrongTip => "wrong-tip",
            Self::BadChecksum => "bad-checksum",
            Self::OtherReference => "other-reference",
            Self::NumericId => "numeric-id",
            Self::LatePayment { .. } => "late-payment",
            Self::DuplicateWebhook => "duplicate-webhook",
            Self::OutOfOrderWebhook => "out-of-order-webhook",
        }
    }

    fn happens_on(&self, occasion: Occasion, on: On) -> bool {
        match self {
            Self::WrongAmount
            | Self::WrongCurrency
            | Self::WrongNmid
            | Self::WrongTip
            | Self::BadChecksum
            | Self::OtherReference
            | Self::NumericId => occasion == Occasion::Create,
            Self::LatePayment { .. } | Self::DuplicateWebhook | Self::OutOfOrderWebhook => {
                occasion == Occasion::Payment
            }
            _ => match occasion {
                Occasion::Create => on != On::Check,
                Occasion::Check => on != On::Create,
                Occasion::Payment => false,
            },
        }
    }
}

/// The body of a request for a fault: `{"fault":"slow","on":"check","times":"once","seconds":3}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultRequest {
    fault: String,
    #[serde(default)]
    on: On,
    #[serde(default)]
    times: Lasting,
    seconds: Option<f64>,
    words: Option<String>,
}

impl FaultRequest {
    /// The fault of this name with these parameters, or `None` if a part of it makes no sense.
    pub(crate) fn order(self) -> Option<Order> {
        let mut fault = Fault::all().into_iter().find(|fault| fault.name() == self.fault)?;
        match (&mut fault, self.seconds, self.words) {
            (Fault::Slow { seconds } | Fault::LatePayment { seconds }, wanted, None) => {
                *seconds = wanted.unwrap_or(*seconds);
                std::time::Duration::try_from_secs_f64(*seconds).ok()?;
            }
            (Fault::Refuse { words }, None, Some(wanted)) => *words = wanted,
            (_, None, None) => {}
            _ => return None,
        }
        Some(Order { fault, on: self.on, times: self.times })
    }
}

/// A fault that is to happen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Order {
    #[serde(flatten)]
    pub(crate) fault: Fault,
    pub(crate) on: On,
    pub(crate) times: Lasting,
}

/// The faults that are to happen, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Orders(Vec<Order>);

impl Orders {
    pub(crate) fn add(&mut self, order: Order) {
        self.0.push(order);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> &[Order] {
        &self.0
    }

    /// All faults that happen now; those that happen once are gone then.
    pub(crate) fn take(&mut self, occasion: Occasion) -> Vec<Fault> {
        let mut happening = Vec::new();
        self.0.retain(|order| {
            let now = order.fault.happens_on(occasion, order.on);
            if now {
                happening.push(order.fault.clone());
            }
            !now || order.times == Lasting::Standing
        });
        happening
    }
}
