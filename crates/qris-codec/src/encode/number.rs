//! Values of new objects: text, amounts and percentages.

use crate::amount::Amount;
use crate::mpm::Tip;
use crate::rules::limits;
use crate::tag::Tag;

/// The value of a new object.
#[derive(Clone, Copy, Debug)]
pub(super) enum NewValue<'a> {
    Text(&'a str),
    Number(Number),
}

/// A number as the value of a new object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    value: Amount,
    /// The minimum number of digits before the point.
    whole: u8,
}

impl Number {
    pub(super) const fn amount(value: Amount) -> Self {
        Self { value, whole: 1 }
    }

    /// As `NN.NN` if it has at most two decimals.
    fn percent(percent: Amount) -> Self {
        match percent.at_scale(2) {
            Some(value) => Self { value, whole: 2 },
            None => Self::amount(percent),
        }
    }

    pub(super) fn digits(self) -> Digits {
        let mut text = [b'0'; 21];
        let mut slots = text.iter_mut().rev();
        let (mut rest, scale) = (self.value.digits(), self.value.scale());
        for slot in slots.by_ref().take(scale.into()) {
            (rest, *slot) = last_digit(rest);
        }
        if scale > 0 {
            slots.next().into_iter().for_each(|slot| *slot = b'.');
        }
        let mut missing = self.whole;
        while rest > 0 || missing > 0 {
            let Some(slot) = slots.next() else { break };
            (rest, *slot) = last_digit(rest);
            missing = missing.saturating_sub(1);
        }
        let start = slots.len();
        Digits { text, start }
    }
}

/// A number without its last digit, and that digit.
fn last_digit(number: u64) -> (u64, u8) {
    let tens = number / 10;
    (tens, b'0' | number.wrapping_sub(tens.wrapping_mul(10)) as u8)
}

/// A number as text.
pub(super) struct Digits {
    /// A number of 64 bits has at most twenty digits and a point.
    text: [u8; 21],
    start: usize,
}

impl Digits {
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.get(self.start..).unwrap_or_default()
    }
}

/// 55, 56 and 57 for a tip.
pub(super) fn tip_values<'a>(tip: Option<Tip>) -> [(Tag, Option<NewValue<'a>>); 3] {
    let (indicator, fixed, percent) = match tip {
        None => (None, None, None),
        Some(Tip::Prompt) => (Some(limits::TIP_PROMPT), None, None),
        Some(Tip::Fixed(fee)) => {
            (Some(limits::TIP_FIXED), Some(NewValue::Number(Number::amount(fee))), None)
        }
        Some(Tip::Percent(fee)) => {
            (Some(limits::TIP_PERCENT), None, Some(NewValue::Number(Number::percent(fee))))
        }
    };
    [
        (Tag::TIP, indicator.map(NewValue::Text)),
        (Tag::FEE_FIXED, fixed),
        (Tag::FEE_PERCENT, percent),
    ]
}
