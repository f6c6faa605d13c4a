//! Reads what the provider answers, in every shape it is known to use.

use serde_json::{Map, Value};

use crate::error::Reason;
use crate::invoice::InvoiceId;
use crate::payment::{Payment, PaymentDetails};
use crate::wib::WibTime;

/// A body that is no reply of the Open API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// What a create answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    Invoice { content: String, request_date: WibTime, id: InvoiceId, nmid: String },
    Refused(Reason),
}

/// What a check answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Payment(Payment),
    Refused(Reason),
}

/// Reads the answer to CREATE INVOICE.
pub(crate) fn created(body: &[u8]) -> Result<Created, Unreadable> {
    match Envelope::read(body)? {
        Envelope::Success(data) => Ok(Created::Invoice {
            content: text(&data, "qris_content").ok_or(Unreadable)?,
            request_date: text(&data, "qris_request_date")
                .and_then(|date| WibTime::parse(&date))
                .ok_or(Unreadable)?,
            id: number(&data, "qris_invoiceid").ok_or(Unreadable)?,
            nmid: text(&data, "qris_nmid").ok_or(Unreadable)?,
        }),
        Envelope::Failed(words) => Ok(Created::Refused(Reason::parse(&words))),
    }
}

/// Reads the answer to CHECK INVOICE. `failed` with `unpaid` is not a failure.
pub(crate) fn checked(body: &[u8]) -> Result<Checked, Unreadable> {
    match Envelope::read(body)? {
        Envelope::Success(data) => {
            let word = text(&data, "qris_status").ok_or(Unreadable)?;
            if word.eq_ignore_ascii_case("paid") {
                Ok(Checked::Payment(Payment::Paid(PaymentDetails {
                    customer_name: text(&data, "qris_payment_customername"),
                    method: text(&data, "qris_payment_methodby"),
                    paid_at: text(&data, "qris_paid_date").and_then(|date| WibTime::parse(&date)),
                    ..PaymentDetails::default()
                })))
            } else if word.eq_ignore_ascii_case("unpaid") {
                Ok(Checked::Payment(Payment::Unpaid))
            } else {
                Err(Unreadable)
            }
        }
        Envelope::Failed(words) if words.eq_ignore_ascii_case("unpaid") => {
            Ok(Checked::Payment(Payment::Unpaid))
        }
        // "failed" and "paid" contradict each other: nothing is to be concluded about money.
        Envelope::Failed(words) if words.eq_ignore_ascii_case("paid") => Err(Unreadable),
        Envelope::Failed(words) => Ok(Checked::Refused(Reason::parse(&words))),
    }
}

/// What every answer is wrapped in.
enum Envelope {
    Success(Map<String, Value>),
    /// With the words that say why.
    Failed(String),
}

impl Envelope {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let Ok(Value::Object(mut reply)) = serde_json::from_slice(body) else {
            return Err(Unreadable);
        };
        let status = text(&reply, "status").ok_or(Unreadable)?;
        let data = reply.remove("data");
        if status.eq_ignore_ascii_case("success") {
            return match data {
                Some(Value::Object(data)) => Ok(Self::Success(data)),
                _ => Err(Unreadable),
            };
        }
        // The status itself may carry the reason: "failed, Invoice ID is empty".
        let failed = status.get(..6).ok_or(Unreadable)?;
        if !failed.eq_ignore_ascii_case("failed") {
            return Err(Unreadable);
        }
        let after = status.get(6..).unwrap_or_default();
        let after = after.trim_start_matches([',', ':', ' ']).to_owned();
        let said = match data {
            Some(Value::String(words)) => Some(words.trim().to_owned()),
            Some(Value::Object(data)) => text(&data, "qris_status"),
            _ => None,
        };
        Ok(Self::Failed(said.unwrap_or(after)))
    }
}

/// A text that is not empty, without the white space around it.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A number above nothing, written as one or as text.
pub(crate) fn number(object: &Map<String, Value>, name: &str) -> Option<InvoiceId> {
    let number = match object.get(name)? {
        Value::String(digits) if digits.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.trim().parse().ok()?
        }
        Value::Number(number) => number.as_u64()?,
        _ => return None,
    };
    (number > 0).then_some(InvoiceId::new(number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words that replies are made of, and others.
    fn word() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("success".to_owned()),
            Just("failed".to_owned()),
            Just("failed, Invoice ID is empty".to_owned()),
            Just("paid".to_owned()),
            Just("unpaid".to_owned()),
            Just("invalid amount".to_owned()),
            Just("2020-08-07 11:13:42".to_owned()),
            Just("413255111".to_owned()),
            ".{0,12}",
        ]
    }

    fn leaf() -> impl Strategy<Value = Value> {
        prop_oneof![
            3 => word().prop_map(Value::from),
            1 => any::<i64>().prop_map(Value::from),
            1 => any::<f64>().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::Null),
            1 => Just(Value::Array(Vec::new())),
        ]
    }

    /// Something like a reply: right names with any values, or other names.
    fn reply() -> impl Strategy<Value = Value> {
        let name = prop_oneof![
            Just("qris_status".to_owned()),
            Just("qris_content".to_owned()),
            Just("qris_request_date".to_owned()),
            Just("qris_invoiceid".to_owned()),
            Just("qris_nmid".to_owned()),
            Just("qris_paid_date".to_owned()),
            "[a-z_]{0,8}",
        ];
        let object = prop::collection::vec((name, leaf()), 0..8)
            .prop_map(|members| Value::Object(members.into_iter().collect()));
        let data = prop_oneof![3 => object, 1 => leaf()];
        (leaf(), data)
            .prop_map(|(status, data)| serde_json::json!({"status": status, "data": data}))
    }

    proptest! {
        #[test]
        fn only_success_with_paid_is_a_payment(reply in reply()) {
            let body = reply.to_string();
            let checked = checked(body.as_bytes());
            let is = |value: &Value, word: &str| {
                value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
            };
            let says_so = is(&reply["status"], "success") && is(&reply["data"]["qris_status"], "paid");
            let paid = matches!(checked, Ok(Checked::Payment(Payment::Paid(_))));
            prop_assert_eq!(paid, says_so, "{}", body);
        }

        #[test]
        fn an_invoice_has_a_number_above_nothing_and_no_empty_text(reply in reply()) {
            if let Ok(Created::Invoice { content, id, nmid, .. }) = created(reply.to_string().as_bytes()) {
                prop_assert!(id.get() > 0 && !content.is_empty() && !nmid.is_empty());
            }
        }

        #[test]
        fn a_reply_that_is_cut_short_is_unreadable(reply in reply(), cut in 0.0..1.0) {
            let body = reply.to_string().into_bytes();
            let (cut, _) = body.split_at((body.len() as f64 * cut) as usize);
            prop_assert_eq!(created(cut), Err(Unreadable));
            prop_assert_eq!(checked(cut), Err(Unreadable));
        }
    }
}
