//! Reads what the provider answers, in every shape it is known to use.

use serde_json::{Map, Value};

use crate::error::Reason;
use crate::invoice::InvoiceId;
use crate::payment::Payment;
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
                Ok(Checked::Payment(Payment::Paid {
                    customer_name: text(&data, "qris_payment_customername"),
                    method: text(&data, "qris_payment_methodby"),
                    paid_at: text(&data, "qris_paid_date").and_then(|date| WibTime::parse(&date)),
                }))
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
