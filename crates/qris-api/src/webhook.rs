//! Reads what the provider posts to a merchant's webhook. No client is needed.
//!
//! The body is not signed and names no amount, so it is a hint and nothing more: check the
//! invoice before anything is handed over. Guard the address with an unguessable part, answer
//! with 200, and expect the same hint twice and late.

use std::fmt;

use crate::defect::Defect;
use crate::invoice::InvoiceId;
use crate::json;
use crate::payment::PaymentDetails;
use crate::reply::{self, Member};
use crate::wib::WibTime;

/// The longest body that is read, in bytes; live ones have some 250.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a webhook's body says. `Debug` leaves the payer's name out.
///
/// The invoice's number and the status are read to the letter; texts about the payment are cleaned
/// and cut as [`PaymentDetails`] says.
///
/// ```
/// use qris_api::InvoiceId;
/// use qris_api::webhook::{WebhookEvent, Status};
///
/// let hint = WebhookEvent::parse(
///     br#"{"rrn":"000380970875","note":"1 PAY-1 10200","invoice":"413255111",
///          "qris_status":"success","qris_paid_date":"2024-02-27 11:15:00",
///          "qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}"#,
/// )?;
/// assert_eq!(hint.invoice, InvoiceId::new(413_255_111));
/// assert_eq!(hint.status, Status::Paid);
/// assert_eq!(hint.method.as_deref(), Some("BCA"));
/// assert_eq!(hint.details().rrn.as_deref(), Some("000380970875"));
/// # Ok::<(), qris_api::webhook::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The invoice that there may be news of.
    pub invoice: InvoiceId,
    /// What is said of it.
    pub status: Status,
    /// The retrieval reference number of the payment.
    pub rrn: Option<String>,
    /// Free words.
    pub note: Option<String>,
    /// When it is said to have been paid.
    pub paid_at: Option<WibTime>,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// The payer's name.
    pub customer_name: Option<String>,
}

/// What a webhook says of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// `success`, or `paid`.
    Paid,
    /// `pending`.
    Pending,
    /// Another word, as it came.
    Other(String),
}

/// A body that is no hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{defect} (webhook of {})", crate::error::bytes(*length))]
pub struct Malformed {
    length: usize,
    defect: Defect,
}

impl Malformed {
    /// How many bytes the body has.
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
    /// [`Malformed`] when it is longer than [`MAX_BODY_BYTES`], holds no JSON object with a
    /// `qris_status` or several that differ, or lacks an invoice number.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::read(body).map_err(|defect| Malformed { length: body.len(), defect })
    }

    fn read(body: &[u8]) -> Result<Self, Defect> {
        if body.len() > MAX_BODY_BYTES {
            return Err(Defect::TooLong { limit: MAX_BODY_BYTES });
        }
        let hint = json::marked_object(body, STATUS.path)?;
        let word = reply::text(&hint, STATUS)?;
        let status = match word.to_ascii_lowercase().as_str() {
            "success" | "paid" => Status::Paid,
            "pending" => Status::Pending,
            _ => Status::Other(word.to_owned()),
        };
        let of = |name, max_chars| reply::payer_text(&hint, name, max_chars);
        Ok(Self {
            invoice: reply::number(&hint, INVOICE)?,
            status,
            rrn: of("rrn", PaymentDetails::MAX_RRN_CHARS),
            note: of("note", PaymentDetails::MAX_NOTE_CHARS),
            paid_at: reply::date(&hint, "qris_paid_date"),
            method: of("qris_payment_methodby", PaymentDetails::MAX_METHOD_CHARS),
            customer_name: of("qris_payment_customername", PaymentDetails::MAX_NAME_CHARS),
        })
    }

    /// What it says of the payment, to be kept once a check has confirmed that there is one.
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
