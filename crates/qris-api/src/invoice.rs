//! Invoices and transaction numbers.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use qris_codec::{Path, Payload};

use crate::clock::Clock;
use crate::invalid::Invalid;
use crate::limits;
use crate::rupiah::Rupiah;
use crate::wib::WibTime;

/// The caller's own number of a transaction (`cliTrxNumber`).
///
/// 1 to [`MAX_CHARS`](Self::MAX_CHARS) characters of printable ASCII with no space at either end. The
/// provider documents no limit; order systems print `INV/2026/00001`, `#1001` or `Order
/// 00012-003-0004`.
///
/// ```
/// use qris_api::{Invalid, TransactionNumber};
///
/// let number = TransactionNumber::parse("INV/2026/00001")?;
/// assert_eq!(number.as_str(), "INV/2026/00001");
/// assert_eq!(
///     TransactionNumber::parse("INV\t1"),
///     Err(Invalid::TransactionNumber { chars: 5, wrong_at: Some(3) }),
/// );
/// # Ok::<(), Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransactionNumber(String);

impl TransactionNumber {
    /// The maximum length of a number in characters.
    pub const MAX_CHARS: usize = limits::MAX_NUMBER_CHARS;

    /// Reads 1 to [`MAX_CHARS`](Self::MAX_CHARS) characters of printable ASCII without a space at either end.
    ///
    /// # Errors
    ///
    /// [`Invalid::TransactionNumber`] for anything else.
    pub fn parse(text: impl AsRef<str>) -> Result<Self, Invalid> {
        let text = text.as_ref();
        let chars = text.chars().count();
        let last = text.len().saturating_sub(1);
        let wrong_at = text.bytes().enumerate().position(|(at, byte)| {
            let at_an_end = at == 0 || at == last;
            !(byte.is_ascii_graphic() || (byte == b' ' && !at_an_end))
        });
        if wrong_at.is_some() || !(1..=Self::MAX_CHARS).contains(&chars) {
            return Err(Invalid::TransactionNumber { chars, wrong_at });
        }
        Ok(Self(text.to_owned()))
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TransactionNumber {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl fmt::Display for TransactionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The provider's number of an invoice (`qris_invoiceid`). It may have 11 digits, more than 32 bits
/// can hold.
///
/// ```
/// use qris_api::InvoiceId;
///
/// assert_eq!(InvoiceId::new(41_325_511_100).to_string(), "41325511100");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InvoiceId(u64);

impl InvoiceId {
    /// The ID with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for InvoiceId {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for InvoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Whether the payer's app asks for a tip (`useTip`, tag 55).
///
/// See [`Client`](crate::Client) for an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tip {
    /// The app asks the payer for a tip.
    Ask,
    /// No tip: the payer pays the amount.
    #[default]
    None,
}

impl Tip {
    /// The word for `useTip`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ask => "yes",
            Self::None => "no",
        }
    }
}

/// An invoice of the provider, with the QR to show.
///
/// The fields have the names that the Open API's documentation (class "Integrasi API") requires in
/// a merchant's database. An invoice from [`Client::create_invoice`](crate::Client::create_invoice)
/// is cross-checked; one from [`new`](Self::new) is not.
///
/// ```
/// use std::time::Duration;
/// use qris_api::{Invoice, InvoiceId, Rupiah, TransactionNumber, WibTime};
///
/// let invoice = Invoice::new(
///     TransactionNumber::parse("INV-1")?,
///     Rupiah::new(25_578),
///     "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599662\
///      70303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.\
///      005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163\
///      0439B7",
///     WibTime::parse("2020-08-07 11:13:42").ok_or("no date")?,
///     InvoiceId::new(413_255_111),
///     "ID1020021181745",
/// );
/// let expiry = invoice.expires_at(Duration::from_secs(60 * 60));
/// assert_eq!(expiry.to_string(), "2020-08-07T12:13:42+07:00");
/// assert!(invoice.reference_matches());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invoice {
    /// The caller's own number of the transaction.
    pub number: TransactionNumber,
    /// The amount to pay, without a tip.
    pub amount: Rupiah,
    /// The payload to draw as a QR.
    pub qris_content: String,
    /// When the provider created the invoice. Its validity counts from here.
    pub qris_request_date: WibTime,
    /// The provider's number of the invoice.
    pub qris_invoiceid: InvoiceId,
    /// The merchant's national number. Show it under the QR.
    pub qris_nmid: String,
    /// When this process created it, in monotonic time.
    created: Created,
}

/// The time of the create. It is not part of an invoice's value, so all are equal.
#[derive(Clone, Debug, Default)]
struct Created(Option<(Clock, Duration)>);

impl PartialEq for Created {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Created {}

impl Invoice {
    /// Restores an invoice, for example from a database. Nothing is checked.
    pub fn new(
        number: TransactionNumber,
        amount: Rupiah,
        qris_content: impl Into<String>,
        qris_request_date: WibTime,
        qris_invoiceid: InvoiceId,
        qris_nmid: impl Into<String>,
    ) -> Self {
        Self {
            number,
            amount,
            qris_content: qris_content.into(),
            qris_request_date,
            qris_invoiceid,
            qris_nmid: qris_nmid.into(),
            created: Created::default(),
        }
    }

    /// The same invoice, created now.
    pub(crate) fn created_now(mut self, clock: &Clock) -> Self {
        self.created = Created(Some((clock.clone(), clock.elapsed())));
        self
    }

    /// The time since this process created it, or `None` if another one did.
    pub(crate) fn age_since_create(&self) -> Option<Duration> {
        let (clock, at) = self.created.0.as_ref()?;
        Some(clock.elapsed().saturating_sub(*at))
    }

    /// When to stop showing the QR to a payer: this long after the provider created it. Some
    /// accounts accept payments for 30 minutes only.
    pub fn shown_until(&self, shown: Duration) -> WibTime {
        self.qris_request_date.later_by(shown)
    }

    /// When the QR can no longer be paid: this long after the provider created it. It may end
    /// earlier, so show the QR only until [`shown_until`](Self::shown_until).
    ///
    /// The reply does not have this time. The provider's documents say 60 minutes, its newer pages
    /// 30.
    pub fn expires_at(&self, validity: Duration) -> WibTime {
        self.qris_request_date.later_by(validity)
    }

    /// Whether the QR has the invoice's own number as its reference label (62.05).
    ///
    /// This is usual but not a rule. An invoice without it is still returned, with a warning in the
    /// log; the payer's receipt may then show another number.
    pub fn reference_matches(&self) -> bool {
        self.reference() == Some(self.qris_invoiceid)
    }

    /// The invoice number in the QR's reference label (62.05); `None` if the label is missing or not
    /// a number. A client refuses the number of another invoice that it returned, and a ledger the
    /// number of another invoice that it stores.
    pub fn reference(&self) -> Option<InvoiceId> {
        let payload = Payload::parse(&self.qris_content).ok()?;
        payload.get(Path::REFERENCE_LABEL)?.parse().ok().map(InvoiceId::new)
    }
}
