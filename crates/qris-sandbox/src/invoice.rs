//! The sandbox's invoices.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::clock::rfc3339;

/// Whether a QR asks the payer for a tip (`useTip`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tip {
    Ask,
    None,
}

impl Tip {
    pub(crate) const fn opposite(self) -> Self {
        match self {
            Self::Ask => Self::None,
            Self::None => Self::Ask,
        }
    }
}

/// An invoice as the provider would store it.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) id: u64,
    pub(crate) number: String,
    pub(crate) amount: u64,
    pub(crate) tip: Tip,
    pub(crate) content: String,
    pub(crate) nmid: &'static str,
    pub(crate) requested_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) payment: Option<Received>,
}

/// A payment as the provider would store it.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) payer: Payer,
    pub(crate) at: Timestamp,
    /// The time from which the provider knows of it.
    pub(crate) lands_at: Timestamp,
    /// Whether the payer's name is followed by bytes that are invalid in JSON.
    pub(crate) bad_bytes: bool,
}

/// The payer and the payment method. The merchant sees both.
///
/// ```
/// use qris_sandbox::Payer;
///
/// let payer = Payer::new("SITI AMINAH", "BCA");
/// assert_eq!(payer.customer_name, "SITI AMINAH");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payer {
    /// The name at the payer's bank.
    pub customer_name: String,
    /// The bank or wallet: `BCA`, `BNI`, `Sakuku` and so on.
    pub method: String,
}

impl Payer {
    /// A payer of this name at this bank or wallet.
    pub fn new(customer_name: impl Into<String>, method: impl Into<String>) -> Self {
        Self { customer_name: customer_name.into(), method: method.into() }
    }
}

impl Default for Payer {
    /// `PEMBAYAR SANDBOX` with `Sakuku`.
    fn default() -> Self {
        Self::new("PEMBAYAR SANDBOX", "Sakuku")
    }
}

/// Why the payer's app refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayError {
    /// The sandbox has no such invoice.
    #[error("expected the id of an invoice of this sandbox, found another id")]
    NotFound,
    /// The invoice has expired.
    #[error("expected an invoice that is still valid, found an expired one")]
    Expired,
    /// The invoice is already paid.
    #[error("expected an unpaid invoice, found a paid one")]
    AlreadyPaid,
}

/// All invoices, by number.
#[derive(Debug)]
pub(crate) struct Invoices {
    all: BTreeMap<u64, Invoice>,
    next_id: u64,
}

impl Invoices {
    /// Numbers of eleven digits, like the live ones, which do not fit into 32 bits. They increase with the
    /// time in hundredths of a second, so that a new sandbox does not repeat numbers of the last.
    pub(crate) fn new(started: Timestamp) -> Self {
        let centiseconds = started.as_millisecond() / 10 % 90_000_000_000;
        Self { all: BTreeMap::new(), next_id: 10_000_000_000 + centiseconds.unsigned_abs() }
    }

    /// A new number.
    pub(crate) fn reserve_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(crate) fn add(&mut self, invoice: Invoice) {
        self.all.insert(invoice.id, invoice);
    }

    pub(crate) fn find(&self, id: u64) -> Option<&Invoice> {
        self.all.get(&id)
    }

    /// The first invoice with this number.
    pub(crate) fn first_of_number(&self, number: &str) -> Option<&Invoice> {
        self.all.values().find(|invoice| invoice.number == number)
    }

    /// Newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Invoice> {
        self.all.values().rev()
    }

    /// The newest invoice with this amount, or else the newest of all.
    pub(crate) fn newest_of_amount(&self, amount: u64) -> Option<&Invoice> {
        let same = self.newest_first().find(|invoice| invoice.amount == amount);
        same.or_else(|| self.newest_first().next())
    }

    /// The invoice, if it can be paid.
    pub(crate) fn open(&mut self, id: u64, now: Timestamp) -> Result<&mut Invoice, PayError> {
        let invoice = self.all.get_mut(&id).ok_or(PayError::NotFound)?;
        if invoice.payment.is_some() {
            Err(PayError::AlreadyPaid)
        } else if now >= invoice.expires_at {
            Err(PayError::Expired)
        } else {
            Ok(invoice)
        }
    }
}

/// An invoice in the control calls.
#[derive(Debug, Serialize)]
pub(crate) struct Shown<'a> {
    qris_invoiceid: u64,
    number: &'a str,
    amount: u64,
    tip: bool,
    state: &'static str,
    qris_content: &'a str,
    qris_nmid: &'a str,
    requested_at: String,
    expires_at: String,
    paid_at: Option<String>,
    customer_name: Option<&'a str>,
    method: Option<&'a str>,
}

impl Invoice {
    pub(crate) fn shown(&self, now: Timestamp) -> Shown<'_> {
        let payment = self.payment.as_ref();
        Shown {
            qris_invoiceid: self.id,
            number: &self.number,
            amount: self.amount,
            tip: self.tip == Tip::Ask,
            state: match payment {
                Some(payment) if now < payment.lands_at => "landing",
                Some(_) => "paid",
                None if now >= self.expires_at => "expired",
                None => "pending",
            },
            qris_content: &self.content,
            qris_nmid: self.nmid,
            requested_at: rfc3339(self.requested_at),
            expires_at: rfc3339(self.expires_at),
            paid_at: payment.map(|payment| rfc3339(payment.at)),
            customer_name: payment.map(|payment| payment.payer.customer_name.as_str()),
            method: payment.map(|payment| payment.payer.method.as_str()),
        }
    }
}
