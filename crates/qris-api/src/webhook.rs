//! Reads webhooks of the provider. No client is needed.
//!
//! The body has no signature and no amount, so it is only a hint: check the invoice before you hand
//! out the goods. Use a secret part in the URL, and answer with 200. The same webhook may come
//! twice or late.

use std::fmt;

use crate::defect::Defect;
use crate::invoice::InvoiceId;
use crate::json;
use crate::payment::PaymentDetails;
use crate::reply::{self, Member};
use crate::wib::WibTime;

/// The maximum length of a body in bytes; real ones have about 250.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The content of a webhook. `Debug` does not show the payer's name.
///
/// The invoice's number and the status are read strictly. Texts about the payment are cleaned and
/// cut as described in [`PaymentDetails`].
///
/// ```
/// use qris_api::InvoiceId;
/// use qris_api::webhook::{WebhookEvent, Status};
///
/// let event = WebhookEvent::parse(
///     br#"{"rrn":"000380970875","note":"1 PAY-1 10200","invoice":"413255111",
///          "qris_status":"success","qris_paid_date":"2024-02-27 11:15:00",
///          "qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}"#,
/// )?;
/// assert_eq!(event.invoice, InvoiceId::new(413_255_111));
/// assert_eq!(event.status, Status::Paid);
/// assert_eq!(event.method.as_deref(), Some("BCA"));
/// assert_eq!(event.details().rrn.as_deref(), Some("000380970875"));
/// # Ok::<(), qris_api::webhook::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The status of the invoice.
    pub status: Status,
    /// The retrieval reference number of the payment.
    pub rrn: Option<String>,
    /// A note of the provider.
    pub note: Option<String>,
    /// When it was paid, as the webhook says.
    pub paid_at: Option<WibTime>,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// The payer's name.
    pub customer_name: Option<String>,
}

/// The status of an invoice in a webhook.
///
/// See [`WebhookEvent`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// `success`, or `paid`.
    Paid,
    /// `pending`.
    Pending,
    /// Any other word, unchanged.
    Other(String),
}

/// A body that is not a webhook.
///
/// ```
/// use qris_api::webhook::WebhookEvent;
///
/// let refused = WebhookEvent::parse(b"{}").unwrap_err();
/// assert_eq!(refused.length(), 2);
/// assert_eq!(
///     refused.to_string(),
///     "expected one JSON object with the member qris_status, found none (webhook of 2 bytes)",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{defect} (webhook of {})", crate::error::bytes(*length))]
pub struct Malformed {
    length: usize,
    defect: Defect,
}

impl Malformed {
    /// The number of bytes of the body.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// Why it cannot be read.
    pub const fn defect(&self) -> Defect {
        self.defect
    }
}

const INVOICE: Member = Member { path: "invoice", expected: "a positive integer of 64 bits" };
const STATUS: Member = Member { path: "qris_status", expected: "a text" };

impl WebhookEvent {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the body is longer than [`MAX_BODY_BYTES`], has no JSON object with a
    /// `qris_status` or different ones, or has no invoice number.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::read(body).map_err(|defect| Malformed { length: body.len(), defect })
    }

    fn read(body: &[u8]) -> Result<Self, Defect> {
        if body.len() > MAX_BODY_BYTES {
            return Err(Defect::TooLong { limit: MAX_BODY_BYTES });
        }
        let object = json::marked_object(body, STATUS.path)?;
        let word = reply::text(&object, STATUS)?;
        let status = match word.to_ascii_lowercase().as_str() {
            "success" | "paid" => Status::Paid,
            "pending" => Status::Pending,
            _ => Status::Other(word.to_owned()),
        };
        let of = |name, max_chars| reply::payer_text(&object, name, max_chars);
        Ok(Self {
            invoice: reply::number(&object, INVOICE)?,
            status,
            rrn: of("rrn", PaymentDetails::MAX_RRN_CHARS),
            note: of("note", PaymentDetails::MAX_NOTE_CHARS),
            paid_at: reply::date(&object, "qris_paid_date"),
            method: of("qris_payment_methodby", PaymentDetails::MAX_METHOD_CHARS),
            customer_name: of("qris_payment_customername", PaymentDetails::MAX_NAME_CHARS),
        })
    }

    /// The payment details, to store after a check confirms the payment.
    pub fn details(&self) -> PaymentDetails {
        PaymentDetails {
            customer_name: self.customer_name.clone(),
            method: self.method.clone(),
            paid_at: self.paid_at,
            rrn: self.rrn.clone(),
            note: self.note.clone(),
            api_version: None,
        }
    }
}

impl fmt::Debug for WebhookEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEvent")
            .field("invoice", &self.invoice)
            .field("status", &self.status)
            .field("rrn", &self.rrn)
            .field("paid_at", &self.paid_at)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
