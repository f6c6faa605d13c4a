//! Whether money has come.

use std::fmt;

use crate::wib::WibTime;

/// What the provider says of an invoice. There is no third state: an expired invoice stays
/// unpaid.
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
    /// The invoice is not paid, or not yet.
    Unpaid,
}

impl Payment {
    /// Whether the invoice is paid.
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Paid(_))
    }

    /// What is known of the payment, if there is one.
    pub const fn details(&self) -> Option<&PaymentDetails> {
        match self {
            Self::Paid(details) => Some(details),
            Self::Unpaid => None,
        }
    }
}

/// What is known of a payment. Every field may be missing from a reply.
///
/// `Debug` leaves the payer's name out.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentDetails {
    /// The payer's name, as the payer's bank knows it (`qris_payment_customername`).
    pub customer_name: Option<String>,
    /// The payer's bank or wallet: `BCA`, `Sakuku`… (`qris_payment_methodby`).
    pub method: Option<String>,
    /// When it was paid (`qris_paid_date`).
    pub paid_at: Option<WibTime>,
    /// The national retrieval reference number (`rrn`), which only a webhook carries. Settlement
    /// lists and disputes go by it.
    pub rrn: Option<String>,
    /// The words of a webhook (`note`): in the one live sample the transaction number and the
    /// amount.
    pub note: Option<String>,
    /// The version that the API says it has (`qris_api_version_code`).
    pub api_version: Option<String>,
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
