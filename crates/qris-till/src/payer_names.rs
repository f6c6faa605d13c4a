//! Names of payers, masked by permission.

use std::borrow::Cow;

use qris_api::Payment;
use qris_ledger::{Channel, Order, UnbookedWebhook};
use serde_json::Value;

/// How names are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayerNames {
    Whole,
    Masked,
}

impl PayerNames {
    /// The order with masked names: the payers' names, and the customer's name in the metadata of a
    /// bill.
    pub(crate) fn in_order(self, order: Cow<'_, Order>) -> Cow<'_, Order> {
        if self == Self::Whole {
            return order;
        }
        let name = order.payment.details().and_then(|details| details.customer_name.as_deref());
        let name = name.map(masked);
        let metadata = order.metadata.as_deref().filter(|_| order.channel == Channel::Bill);
        let metadata = metadata.and_then(with_masked_customer);
        let is_named = order.invoices.iter().any(|invoice| invoice.customer_name.is_some());
        if name.is_none() && metadata.is_none() && !is_named {
            return order;
        }
        let mut order = order.into_owned();
        for invoice in &mut order.invoices {
            invoice.customer_name = invoice.customer_name.as_deref().map(masked);
        }
        if let Payment::Paid(details) = &mut order.payment {
            details.customer_name = name;
        }
        order.metadata = metadata.or(order.metadata);
        Cow::Owned(order)
    }

    /// The webhook with a masked name.
    pub(crate) fn in_webhook(self, mut webhook: UnbookedWebhook) -> UnbookedWebhook {
        if self == Self::Masked {
            let name = webhook.details.customer_name.as_deref();
            webhook.details.customer_name = name.map(masked);
        }
        webhook
    }
}

/// A masked name: enough to recognise a known name, too little to learn it: `BU** S******`.
///
/// It shows two characters of the first word and one of each other word, but never more than half
/// of a word. All other characters are `*`.
fn masked(name: &str) -> String {
    let words = name.split_whitespace().enumerate().map(|(at, word)| {
        let chars = word.chars().count();
        let shown = (chars / 2).min(if at == 0 { 2 } else { 1 });
        word.chars().take(shown).chain(std::iter::repeat_n('*', chars - shown)).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The metadata of a bill with the customer masked; `None` if it has no customer.
fn with_masked_customer(metadata: &str) -> Option<String> {
    let mut metadata: Value = serde_json::from_str(metadata).ok()?;
    let customer = metadata.get_mut("customer")?;
    *customer = masked(customer.as_str()?).into();
    Some(metadata.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_the_beginnings_are_shown_and_never_more_than_half_of_a_word() {
        for (name, shown) in [
            ("BUDI SANTOSO", "BU** S******"),
            ("SITI", "SI**"),
            ("ANI", "A**"),
            ("JO", "J*"),
            ("A", "*"),
            ("I MADE W", "* M*** *"),
            ("  Siti \u{a0} Zulaikha ", "Si** Z*******"),
            ("Élodie Ñuñez", "Él**** Ñ****"),
            ("李小龍", "李**"),
            ("🙂🙂🙂🙂", "🙂🙂**"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(masked(name), shown, "{name:?}");
        }
    }

    #[test]
    fn a_masked_name_is_not_masked_further() {
        for name in ["BUDI SANTOSO", "JO", "A B C", "Élodie", "e\u{301}lodie", "MUHAMMAD-ALI bin X"]
        {
            let once = masked(name);
            assert_eq!(masked(&once), once, "{name:?}");
            assert_eq!(once.chars().count(), name.chars().count(), "{name:?}");
        }
    }

    #[test]
    fn of_metadata_only_a_customer_that_is_text_is_masked() {
        let masked = with_masked_customer(r#"{"customer":"BUDI SANTOSO","plan":7}"#);
        assert_eq!(masked.as_deref(), Some(r#"{"customer":"BU** S******","plan":7}"#));
        for other in [r#"{"customer":7}"#, r#"{"plan":7}"#, "[1]", ""] {
            assert_eq!(with_masked_customer(other), None, "{other}");
        }
    }
}
