//! Reads what the provider posts to a merchant's webhook. No client is needed.
//!
//! The body is not signed and names no amount, so it is a hint and nothing more: check the
//! invoice before anything is handed over. Guard the address with an unguessable part, answer
//! with 200, and expect the same hint twice and late.

use std::fmt;

use serde_json::Value;

use crate::invoice::InvoiceId;
use crate::reply;
use crate::wib::WibTime;

/// The longest body that is read, in bytes; live ones have some 250.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a webhook's body says. `Debug` leaves the payer's name out.
///
/// ```
/// use qris_api::InvoiceId;
/// use qris_api::webhook::{Hint, Status};
///
/// let hint = Hint::parse(
///     br#"{"rrn":"000380970875","note":"1 PAY-1 10200","invoice":"413255111",
///          "qris_status":"success","qris_paid_date":"2024-02-27 11:15:00",
///          "qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}"#,
/// )?;
/// assert_eq!(hint.invoice, InvoiceId::new(413_255_111));
/// assert_eq!(hint.status, Status::Paid);
/// assert_eq!(hint.method.as_deref(), Some("BCA"));
/// # Ok::<(), qris_api::webhook::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
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
#[error(
    "expected the JSON of a webhook with invoice and qris_status in at most {MAX_BODY_BYTES} bytes, \
     found {length} other bytes"
)]
pub struct Malformed {
    length: usize,
}

impl Malformed {
    /// How many bytes the body has.
    pub const fn length(&self) -> usize {
        self.length
    }
}

impl Hint {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it is longer than [`MAX_BODY_BYTES`], no JSON object, or lacks an
    /// invoice number or a status.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::read(body).ok_or(Malformed { length: body.len() })
    }

    fn read(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_BODY_BYTES {
            return None;
        }
        let Value::Object(hint) = serde_json::from_slice(body).ok()? else {
            return None;
        };
        let word = reply::text(&hint, "qris_status")?;
        let status = match word.to_ascii_lowercase().as_str() {
            "success" | "paid" => Status::Paid,
            "pending" => Status::Pending,
            _ => Status::Other(word),
        };
        Some(Self {
            invoice: reply::number(&hint, "invoice")?,
            status,
            rrn: reply::text(&hint, "rrn"),
            note: reply::text(&hint, "note"),
            paid_at: reply::text(&hint, "qris_paid_date").and_then(|date| WibTime::parse(&date)),
            method: reply::text(&hint, "qris_payment_methodby"),
            customer_name: reply::text(&hint, "qris_payment_customername"),
        })
    }
}

impl fmt::Debug for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hint")
            .field("invoice", &self.invoice)
            .field("status", &self.status)
            .field("rrn", &self.rrn)
            .field("paid_at", &self.paid_at)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
