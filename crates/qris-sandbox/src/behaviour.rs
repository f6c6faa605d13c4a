//! What the provider's documentation leaves open, and how the sandbox decides it.

/// An enum whose variants have a word each, for flags and reports.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// A word that none of the variants has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {}, found another word", expected.join(", "))]
pub struct UnknownWord {
    expected: &'static [&'static str],
}

words! {
    /// The kind of JSON value in which `qris_invoiceid` comes.
    IdKind {
        /// A text.
        #[default]
        Text = "text",
        /// A number.
        Number = "number",
    }
}

words! {
    /// What a create with a number that was used before gives.
    RepeatedNumber {
        /// A second invoice, which can be paid like the first.
        #[default]
        SecondInvoice = "second-invoice",
        /// The first invoice again where the amount is the same, otherwise a second one.
        SameInvoice = "same-invoice",
        /// A refusal.
        Refused = "refused",
    }
}

words! {
    /// What a create without `useTip` gives.
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
    /// The shape in which refusals come. The provider's documentation shows both.
    RefusalShape {
        /// `invalid amount` as text and the others as an object, as the provider's documentation
        /// shows them.
        #[default]
        Documented = "documented",
        /// `{"status":"failed","data":"…"}`
        Text = "text",
        /// `{"status":"failed","data":{"qris_status":"…"}}`
        Object = "object",
    }
}

words! {
    /// Which day a check must name (`trxdate`) to be told of a payment.
    CheckDate {
        /// The day of the payment, as the provider's documents say.
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
    /// What a time after the date in `trxdate` does.
    TimeInDate {
        /// Nothing: only the date counts.
        #[default]
        Ignored = "ignored",
        /// The invoice is `unpaid`, as with another day.
        Unpaid = "unpaid",
        /// The check is refused.
        Refused = "refused",
    }
}

words! {
    /// What another amount in `trxvalue` does.
    CheckAmount {
        /// The invoice is `unpaid`.
        #[default]
        Compared = "compared",
        /// Nothing.
        Ignored = "ignored",
    }
}

words! {
    /// What another word than `checkStatus` in the `do` of a check does.
    CheckAction {
        /// Nothing: production clients send a UUID or `create-invoice`.
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

/// What the provider's documentation leaves open. The defaults are what integrations have seen most.
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
    /// The kind of JSON value in which `qris_invoiceid` comes.
    pub ids: IdKind,
    /// The most characters of a transaction number; [`MAX_NUMBER_CHARS`](Self::MAX_NUMBER_CHARS),
    /// which is the most that can be set.
    pub longest_number: usize,
    /// What a create with a number that was used before gives.
    pub repeated_number: RepeatedNumber,
    /// What a create without `useTip` gives.
    pub absent_tip: AbsentTip,
    /// The shape in which refusals come.
    pub refusals: RefusalShape,
    /// The HTTP status of refusals; 200. `unpaid` is no refusal, and always has 200.
    pub refusal_status: u16,
    /// The `Content-Type` of replies; `application/json`.
    pub content_type: String,
    /// Which day a check must name.
    pub check_date: CheckDate,
    /// What a time after that day does.
    pub time_in_date: TimeInDate,
    /// What another amount in a check does.
    pub check_amount: CheckAmount,
    /// What another `do` in a check does.
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
    /// The most characters of a transaction number that the sandbox can take.
    pub const MAX_NUMBER_CHARS: usize = 64;

    /// The same, but what the provider's documentation does not show is refused.
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
