//! Behaviour that the provider's documentation does not specify, and the sandbox's choices.

/// Defines an enum with a word for each variant, for flags and reports.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// The words of all variants.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word of the variant.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { expected: Self::WORDS }),
                }
            }
        }
    };
}

/// The word of none of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {}, found another word", expected.join(", "))]
pub struct UnknownWord {
    expected: &'static [&'static str],
}

words! {
    /// The JSON type of `qris_invoiceid`.
    IdKind {
        /// A text.
        #[default]
        Text = "text",
        /// A number.
        Number = "number",
    }
}

words! {
    /// The result of a create with a number that was used before.
    RepeatedNumber {
        /// A second invoice, which can be paid like the first.
        #[default]
        SecondInvoice = "second-invoice",
        /// The first invoice again if the amount is the same, otherwise a second one.
        SameInvoice = "same-invoice",
        /// A refusal.
        Refused = "refused",
    }
}

words! {
    /// The result of a create without `useTip`.
    AbsentTip {
        /// A QR that asks for a tip, as in the provider's sample.
        #[default]
        Tip = "tip",
        /// A QR without a tip.
        NoTip = "no-tip",
        /// A refusal.
        Refused = "refused",
    }
}

words! {
    /// The format of refusals. The provider's documentation shows both.
    RefusalShape {
        /// `invalid amount` as text and the others as an object, as in the provider's documentation.
        #[default]
        Documented = "documented",
        /// `{"status":"failed","data":"…"}`
        Text = "text",
        /// `{"status":"failed","data":{"qris_status":"…"}}`
        Object = "object",
    }
}

words! {
    /// The day that a check must have in `trxdate` to find a payment.
    CheckDate {
        /// The day of the payment, as in the provider's documents.
        #[default]
        Payment = "payment",
        /// The day of the request, which most integrations send.
        Request = "request",
        /// Either of them.
        Either = "either",
        /// Any day, or no date at all.
        Ignored = "ignored",
    }
}

words! {
    /// The effect of a time after the date in `trxdate`.
    TimeInDate {
        /// None: only the date counts.
        #[default]
        Ignored = "ignored",
        /// The invoice is `unpaid`, as with another day.
        Unpaid = "unpaid",
        /// The check is refused.
        Refused = "refused",
    }
}

words! {
    /// The effect of another amount in `trxvalue`.
    CheckAmount {
        /// The invoice is `unpaid`.
        #[default]
        Compared = "compared",
        /// None.
        Ignored = "ignored",
    }
}

words! {
    /// The effect of a `do` other than `checkStatus` in a check.
    CheckAction {
        /// None: production clients send a UUID or `create-invoice`.
        #[default]
        Ignored = "ignored",
        /// The check is refused.
        Refused = "refused",
    }
}

words! {
    /// The `note` of a webhook.
    Note {
        /// `1`, the transaction number and the amount, as in the one live sample.
        #[default]
        NumberAndAmount = "number-and-amount",
        /// The transaction number.
        Number = "number",
        /// There is none.
        Absent = "absent",
    }
}

words! {
    /// The `rrn` of a webhook.
    Rrn {
        /// There is one, of twelve digits.
        #[default]
        Present = "present",
        /// There is none.
        Absent = "absent",
    }
}

/// Behaviour that the provider's documentation does not specify. The defaults are what integrations have seen
/// most often.
///
/// ```
/// use qris_sandbox::{AbsentTip, Behaviour, IdKind, Sandbox};
///
/// let mut behaviour = Behaviour::default();
/// behaviour.ids = IdKind::Number;
/// behaviour.absent_tip = "no-tip".parse()?;
/// assert_eq!(behaviour.absent_tip, AbsentTip::NoTip);
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let sandbox = Sandbox::builder().behaviour(behaviour).start().await?;
/// # sandbox.stop().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Behaviour {
    /// The JSON type of `qris_invoiceid`.
    pub ids: IdKind,
    /// The maximum length of a transaction number in characters. Default and upper limit:
    /// [`MAX_NUMBER_CHARS`](Self::MAX_NUMBER_CHARS).
    pub longest_number: usize,
    /// The result of a create with a number that was used before.
    pub repeated_number: RepeatedNumber,
    /// The result of a create without `useTip`.
    pub absent_tip: AbsentTip,
    /// The format of refusals.
    pub refusals: RefusalShape,
    /// The HTTP status of refusals. Default 200. `unpaid` is not a refusal and always has 200.
    pub refusal_status: u16,
    /// The `Content-Type` of replies. Default `application/json`.
    pub content_type: String,
    /// The day that a check must name.
    pub check_date: CheckDate,
    /// The effect of a time after that day.
    pub time_in_date: TimeInDate,
    /// The effect of another amount in a check.
    pub check_amount: CheckAmount,
    /// The effect of another `do` in a check.
    pub check_action: CheckAction,
    /// The `note` of a webhook.
    pub note: Note,
    /// The `rrn` of a webhook.
    pub rrn: Rrn,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            ids: IdKind::default(),
            longest_number: Self::MAX_NUMBER_CHARS,
            repeated_number: RepeatedNumber::default(),
            absent_tip: AbsentTip::default(),
            refusals: RefusalShape::default(),
            refusal_status: 200,
            content_type: "application/json".to_owned(),
            check_date: CheckDate::default(),
            time_in_date: TimeInDate::default(),
            check_amount: CheckAmount::default(),
            check_action: CheckAction::default(),
            note: Note::default(),
            rrn: Rrn::default(),
        }
    }
}

impl Behaviour {
    /// The longest transaction number that the sandbox can use, in characters.
    pub const MAX_NUMBER_CHARS: usize = 64;

    /// The same, but it refuses what the provider's documentation does not show.
    pub(crate) const fn made_strict(&mut self) {
        self.absent_tip = AbsentTip::Refused;
        self.time_in_date = TimeInDate::Refused;
        self.check_action = CheckAction::Refused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_its_variant_and_another_word_is_answered_with_all_of_them() {
        assert_eq!("same-invoice".parse(), Ok(RepeatedNumber::SameInvoice));
        assert_eq!(RepeatedNumber::SameInvoice.word(), "same-invoice");
        let error = "same".parse::<RepeatedNumber>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected one of second-invoice, same-invoice, refused, found another word"
        );
    }
}
