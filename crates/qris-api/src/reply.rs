//! Reads the provider's answers, in every known form.
//!
//! Values that matter for money are read strictly: `status`, `qris_status`, `qris_content`,
//! `qris_request_date`, `qris_invoiceid` and `qris_nmid`. Texts that describe a payment are read as
//! far as possible: a damaged payer's name must not hide a payment.

use crate::defect::Defect;
use crate::error::Reason;
use crate::invoice::InvoiceId;
use crate::json::{self, Object, Value};
use crate::payment::{self, Payment, PaymentDetails};
use crate::wib::WibTime;

/// The answer to a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    Invoice { content: String, request_date: WibTime, id: InvoiceId, nmid: String },
    Refused(Reason),
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Payment(Payment),
    Refused(Reason),
}

/// A member that is read strictly.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    /// With `data.` in front of a member of `data`.
    pub(crate) path: &'static str,
    pub(crate) expected: &'static str,
}

const STATUS: Member = Member { path: "status", expected: "success or failed" };
const DATA: Member = Member { path: "data", expected: "an object" };
const WORD: Member = Member { path: "data.qris_status", expected: "paid or unpaid" };
const REASON: Member = Member { path: "data", expected: "the reason of a refusal" };
const REASON_WORD: Member = Member { path: "data.qris_status", expected: "a text" };
const CONTENT: Member = Member { path: "data.qris_content", expected: "a text" };
const DATE: Member =
    Member { path: "data.qris_request_date", expected: "a date as YYYY-MM-DD HH:MM:SS" };
const INVOICE_ID: Member =
    Member { path: "data.qris_invoiceid", expected: "a positive integer of 64 bits" };
const NMID: Member = Member { path: "data.qris_nmid", expected: "a text" };

/// Reads the answer to CREATE INVOICE.
pub(crate) fn created(status: u16, body: &[u8]) -> Result<Created, Defect> {
    match Envelope::read(body)? {
        Envelope::Success { data, .. } => Ok(Created::Invoice {
            content: text(&data, CONTENT)?.to_owned(),
            request_date: WibTime::parse(text(&data, DATE)?)
                .ok_or_else(|| DATE.wrong(data.get("qris_request_date")))?,
            id: number(&data, INVOICE_ID)?,
            nmid: text(&data, NMID)?.to_owned(),
        }),
        Envelope::Failed { has_invoice: true, .. } => {
            Err(Defect::Contradiction { found: "a failure with an invoice" })
        }
        // An invoice may have been created.
        Envelope::Failed { words, data, .. } if words.is_empty() => {
            Err(REASON.wrong(data.as_ref()))
        }
        Envelope::Failed { words, .. } => refusal(status, &words).map(Created::Refused),
    }
}

/// Reads the answer to CHECK INVOICE. `failed` with `unpaid` is not a failure.
pub(crate) fn checked(status: u16, body: &[u8]) -> Result<Checked, Defect> {
    match Envelope::read(body)? {
        Envelope::Success { data, reply } => {
            let word = text(&data, WORD)?;
            if word.eq_ignore_ascii_case("paid") {
                Ok(Checked::Payment(Payment::Paid(details(&data, &reply))))
            } else if word.eq_ignore_ascii_case("unpaid") {
                Ok(Checked::Payment(Payment::Unpaid))
            } else {
                Err(WORD.wrong(data.get("qris_status")))
            }
        }
        // A contradiction decides nothing about money.
        Envelope::Failed { words, .. } if words.eq_ignore_ascii_case("paid") => {
            Err(Defect::Contradiction { found: "a failure with paid" })
        }
        Envelope::Failed { words, .. } if words.eq_ignore_ascii_case("unpaid") => {
            if status < 500 {
                Ok(Checked::Payment(Payment::Unpaid))
            } else {
                Err(Defect::RefusalStatus)
            }
        }
        Envelope::Failed { words, .. } => refusal(status, &words).map(Checked::Refused),
    }
}

/// A refusal, if the HTTP status can be the API's. The API refuses with 200, or with an error below
/// 500. Proxies refuse with their own words.
fn refusal(status: u16, words: &str) -> Result<Reason, Defect> {
    let reason = match Reason::parse(words) {
        Reason::Other(words) => Reason::Other(payment::without_controls(&words)),
        known => known,
    };
    let by_another = matches!(status, 401 | 403 | 407 | 408 | 429) && !reason.is_known();
    if status >= 500 || by_another { Err(Defect::RefusalStatus) } else { Ok(reason) }
}

/// Whether a failure has an invoice or a part of one, in its data or next to it.
fn has_invoice(reply: &Object) -> bool {
    let is_there = |value: &Value| match value {
        Value::Null => false,
        Value::Text(text) => !text.trim().is_empty(),
        _ => true,
    };
    let data = match reply.get("data") {
        Some(Value::Object(data)) => Some(data),
        _ => None,
    };
    let names = ["qris_content", "qris_invoiceid"];
    let mut objects = [Some(reply), data].into_iter().flatten();
    objects.any(|object| names.into_iter().any(|name| object.get(name).is_some_and(is_there)))
}

fn details(data: &Object, reply: &Object) -> PaymentDetails {
    let of = |name, max_chars| payer_text(data, name, max_chars);
    let version = "qris_api_version_code";
    PaymentDetails {
        customer_name: of("qris_payment_customername", PaymentDetails::MAX_NAME_CHARS),
        method: of("qris_payment_methodby", PaymentDetails::MAX_METHOD_CHARS),
        paid_at: date(data, "qris_paid_date"),
        rrn: of("rrn", PaymentDetails::MAX_RRN_CHARS),
        note: of("note", PaymentDetails::MAX_NOTE_CHARS),
        api_version: payer_text(reply, version, PaymentDetails::MAX_VERSION_CHARS)
            .or_else(|| of(version, PaymentDetails::MAX_VERSION_CHARS)),
    }
}

/// The common form of all answers.
enum Envelope {
    Success {
        data: Object,
        reply: Object,
    },
    Failed {
        /// The reason in words; empty if there is none.
        words: String,
        data: Option<Value>,
        has_invoice: bool,
    },
}

impl Envelope {
    fn read(body: &[u8]) -> Result<Self, Defect> {
        let reply = json::marked_object(body, "status")?;
        let data = reply.get("data").cloned();
        let status = text(&reply, STATUS)?;
        if status.eq_ignore_ascii_case("success") {
            return match data {
                Some(Value::Object(data)) => Ok(Self::Success { data, reply }),
                other => Err(DATA.wrong(other.as_ref())),
            };
        }
        // The status itself may carry the reason: "failed, Invoice ID is empty".
        let (failed, after) =
            status.split_at_checked(6).ok_or_else(|| STATUS.wrong(reply.get("status")))?;
        if !failed.eq_ignore_ascii_case("failed") {
            return Err(STATUS.wrong(reply.get("status")));
        }
        let after = after.trim_start_matches([',', ':', ' ']);
        let reason = match &data {
            Some(Value::Text(words)) if !json::is_exact(words) => {
                return Err(REASON.wrong(data.as_ref()));
            }
            Some(Value::Text(words)) => words.trim(),
            Some(Value::Object(data)) => match data.get("qris_status") {
                Some(word @ Value::Text(_)) if word.kind() != "an empty text" => {
                    text(data, REASON_WORD)?
                }
                _ => "",
            },
            _ => "",
        };
        let words = if reason.is_empty() { after } else { reason };
        Ok(Self::Failed { words: words.to_owned(), data, has_invoice: has_invoice(&reply) })
    }
}

impl Member {
    /// The name inside its object.
    fn name(self) -> &'static str {
        self.path.strip_prefix("data.").unwrap_or(self.path)
    }

    /// The defect of this member.
    pub(crate) fn wrong(self, found: Option<&Value>) -> Defect {
        let found = found.map_or("nothing", Value::kind);
        Defect::Member { name: self.path, expected: self.expected, found }
    }
}

/// A text that is neither empty nor damaged, without surrounding white space.
pub(crate) fn text(object: &Object, member: Member) -> Result<&str, Defect> {
    match object.get(member.name()) {
        Some(Value::Text(text)) if json::is_exact(text) && !text.trim().is_empty() => {
            Ok(text.trim())
        }
        other => Err(member.wrong(other)),
    }
}

/// A number above 0, as a JSON number or text.
pub(crate) fn number(object: &Object, member: Member) -> Result<InvoiceId, Defect> {
    let found = object.get(member.name());
    let number = match found {
        Some(Value::Text(text)) => {
            let digits = text.trim();
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain)
        }
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    number.filter(|number| *number > 0).map(InvoiceId::new).ok_or_else(|| member.wrong(found))
}

/// A text or number that describes a payment, cleaned and cut.
pub(crate) fn payer_text(object: &Object, name: &str, max_chars: usize) -> Option<String> {
    match object.get(name)? {
        Value::Text(text) => payment::cleaned(text, max_chars),
        Value::Number(number) => payment::cleaned(&number.to_string(), max_chars),
        _ => None,
    }
}

/// A time that describes a payment.
pub(crate) fn date(object: &Object, name: &str) -> Option<WibTime> {
    match object.get(name)? {
        Value::Text(text) => WibTime::parse(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
