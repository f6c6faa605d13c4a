//! Whether money has come.

use std::fmt;

use crate::wib::WibTime;

/// What the provider says of an invoice. There is no third state: an expired invoice stays
/// unpaid.
///
/// `Debug` leaves the payer's name out.
///
/// ```
/// use qris_api::Payment;
///
/// let payment = Payment::Paid {
///     customer_name: Some("SITI".into()),
///     method: Some("BCA".into()),
///     paid_at: None,
/// };
/// assert!(payment.is_paid());
/// assert!(!format!("{payment:?}").contains("SITI"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Payment {
    /// The invoice is paid. All three facts are missing from some replies.
    Paid {
        /// The payer's name, as the payer's bank knows it.
        customer_name: Option<String>,
        /// The payer's bank or wallet: `BCA`, `Sakuku`…
        method: Option<String>,
        /// When it was paid.
        paid_at: Option<WibTime>,
    },
    /// The invoice is not paid, or not yet.
    Unpaid,
}

impl Payment {
    /// Whether the invoice is paid.
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Paid { .. })
    }
}

impl fmt::Debug for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paid { customer_name, method, paid_at } => f
                .debug_struct("Paid")
                .field("customer_name", &customer_name.as_ref().map(|_| "[redacted]"))
                .field("method", method)
                .field("paid_at", paid_at)
                .finish(),
            Self::Unpaid => f.write_str("Unpaid"),
        }
    }
}
