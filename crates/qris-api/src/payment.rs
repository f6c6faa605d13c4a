//! The payment of an invoice.

use std::fmt;

use crate::wib::WibTime;

/// The provider's answer to a check. There is no third state: an expired invoice stays unpaid.
///
/// ```
/// use qris_api::{Payment, PaymentDetails};
///
/// let mut details = PaymentDetails::default();
/// details.customer_name = Some("SITI".into());
/// details.method = Some("BCA".into());
/// let payment = Payment::Paid(details);
/// assert!(payment.is_paid());
/// assert!(!format!("{payment:?}").contains("SITI"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payment {
    /// The invoice is paid.
    Paid(PaymentDetails),
    /// The invoice is not paid yet.
    Unpaid,
}

impl Payment {
    /// Whether the invoice is paid.
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Paid(_))
    }

    /// The details of the payment, if the invoice is paid.
    pub const fn details(&self) -> Option<&PaymentDetails> {
        match self {
            Self::Paid(details) => Some(details),
            Self::Unpaid => None,
        }
    }
}

/// The details of a payment. Every field may be missing in a reply.
///
/// Texts come from payers and their banks, so they are made safe to store and to show: a byte that
/// is not UTF-8 becomes U+FFFD, and a line break or tab becomes a space. Other control characters
/// and characters that change the text direction are removed. Each text is cut at its limit.
///
/// `Debug` does not show the payer's name.
///
/// See [`Payment`] for an example.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentDetails {
    /// The payer's name, as the payer's bank knows it (`qris_payment_customername`).
    pub customer_name: Option<String>,
    /// The payer's bank or wallet: `BCA`, `Sakuku`… (`qris_payment_methodby`).
    pub method: Option<String>,
    /// When it was paid (`qris_paid_date`).
    pub paid_at: Option<WibTime>,
    /// The national retrieval reference number (`rrn`). Webhooks have it; no known reply to a check
    /// does. Settlement lists and disputes use it.
    pub rrn: Option<String>,
    /// The note of a webhook (`note`): in the one known sample the transaction number and the
    /// amount.
    pub note: Option<String>,
    /// The API's version (`qris_api_version_code`).
    pub api_version: Option<String>,
}

impl PaymentDetails {
    /// The maximum length of `customer_name` in characters.
    pub const MAX_NAME_CHARS: usize = 100;
    /// The maximum length of `method` in characters.
    pub const MAX_METHOD_CHARS: usize = 40;
    /// The maximum length of `rrn` in characters; usually it has 12.
    pub const MAX_RRN_CHARS: usize = 40;
    /// The maximum length of `note` in characters.
    pub const MAX_NOTE_CHARS: usize = 200;
    /// The maximum length of `api_version` in characters.
    pub const MAX_VERSION_CHARS: usize = 40;
}

impl fmt::Debug for PaymentDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentDetails")
            .field("customer_name", &self.customer_name.as_ref().map(|_| "[redacted]"))
            .field("method", &self.method)
            .field("paid_at", &self.paid_at)
            .field("rrn", &self.rrn)
            .field("api_version", &self.api_version)
            .finish_non_exhaustive()
    }
}

/// The text without unsafe characters, cut at this many characters; `None` if nothing is left.
pub(crate) fn cleaned(text: &str, max_chars: usize) -> Option<String> {
    let text = without_controls(text);
    let short: String = text.trim().chars().take(max_chars).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

/// The text with a space for each line break, tab and DEL, and without other control characters.
/// DEL marks a byte that JSON does not allow in a string.
pub(crate) fn without_controls(text: &str) -> String {
    let kept = |letter| match letter {
        '\t'..='\r' | '\u{7f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Marks that change the text direction, and a byte-order mark.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        letter if letter.is_control() => None,
        letter => Some(letter),
    };
    text.chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_direction_marks_are_removed() {
        let dirty = "\u{feff} SITI\tNUR\u{1b}[2J\u{0}\u{7f}\u{9b}\u{202e}HALIZA\u{2069}\n ";
        assert_eq!(cleaned(dirty, 100).as_deref(), Some("SITI NUR[2J HALIZA"));
        assert_eq!(cleaned("\u{200f}\u{0}\r\n", 100), None);
    }

    #[test]
    fn a_text_is_cut_at_its_limit_in_characters() {
        assert_eq!(cleaned("\u{e9}\u{e9}\u{e9}", 2).as_deref(), Some("\u{e9}\u{e9}"));
        assert_eq!(cleaned("SITI NUR", 5).as_deref(), Some("SITI"), "with no space at the end");
    }
}
