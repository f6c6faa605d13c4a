//! Calls that describe how the provider answers, to find out what its documentation does not say.
//!
//! Shops do not need them: the usual calls of [`Client`](crate::Client) return what matters for
//! money. These calls describe an answer (status, content type, kinds of JSON members, text around
//! the JSON) and never return its content: no body, key, merchant ID or payer's name. Transport,
//! time limits, redaction and polling limits are the same as for the usual calls.
//!
//! ```
//! use qris_api::probe::{CheckRequest, Checked, CreateRequest, Created};
//! use qris_api::{ApiKey, Client, MerchantId, Payment, Rupiah, TransactionNumber, Trigger};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! # let sandbox = qris_sandbox::Sandbox::start().await?;
//! let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
//!     .base_url(sandbox.base_url())
//! #   .budget(qris_api::CheckBudget::in_memory(60))
//!     .build()?;
//! // What does the API answer without `useTip`?
//! let number = TransactionNumber::parse("DO-NOT-PAY-1")?;
//! let request = CreateRequest { use_tip: None, ..CreateRequest::new(number, Rupiah::new(1_000)) };
//! let reply = client.probe_create(&request).await?;
//! assert_eq!((reply.status, reply.content_type.as_deref()), (200, Some("application/json")));
//! let Ok(Created::Invoice { invoice, mismatch: None }) = reply.answer else { panic!("no invoice") };
//!
//! // Does a check read the amount?
//! let request = CheckRequest { value: Rupiah::new(1_001), ..CheckRequest::new(&invoice) };
//! let reply = client.probe_check(&request, Trigger::Schedule).await?;
//! assert_eq!(reply.answer, Ok(Checked::Payment(Payment::Unpaid)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod form;

use std::time::Duration;

pub use self::form::{BodyForm, Kind, Member, Surrounding};
use crate::cross_check::Field;
use crate::defect::Defect;
use crate::error::Reason;
use crate::invoice::{Invoice, InvoiceId, Tip, TransactionNumber};
use crate::payment::Payment;
use crate::rupiah::Rupiah;
use crate::wib::WibTime;

/// A CREATE INVOICE that is sent unchanged. See the [module](self) for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateRequest {
    /// The value of `do`.
    pub action: String,
    /// `cliTrxNumber`.
    pub number: TransactionNumber,
    /// `cliTrxAmount`. Zero and amounts below the client's smallest amount are sent too.
    pub amount: Rupiah,
    /// `useTip`; `None` leaves the parameter out.
    pub use_tip: Option<Tip>,
}

impl CreateRequest {
    /// The request that [`Client::create_invoice`](crate::Client::create_invoice) sends, without a
    /// tip.
    pub fn new(number: TransactionNumber, amount: Rupiah) -> Self {
        Self { action: "create-invoice".to_owned(), number, amount, use_tip: Some(Tip::None) }
    }
}

/// A CHECK INVOICE that is sent unchanged. See the [module](self) for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRequest {
    /// The value of `do`.
    pub action: String,
    /// `invid`; `None` sends it empty.
    pub invoice: Option<InvoiceId>,
    /// `trxvalue`.
    pub value: Rupiah,
    /// `trxdate`.
    pub date: String,
}

impl CheckRequest {
    /// The request that [`Client::check_invoice`](crate::Client::check_invoice) sends first: amount
    /// and day of the invoice.
    pub fn new(invoice: &Invoice) -> Self {
        Self {
            action: "checkStatus".to_owned(),
            invoice: Some(invoice.qris_invoiceid),
            value: invoice.amount,
            date: invoice.qris_request_date.date().to_string(),
        }
    }
}

/// A description of an answer. See the [module](self) for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`, cut at 100 characters.
    pub content_type: Option<String>,
    /// The server's time, from the `Date` of the answer.
    pub server_time: Option<WibTime>,
    /// This machine's time when the headers of the answer arrived.
    pub received_at: WibTime,
    /// From the request to the end of the answer.
    pub took: Duration,
    /// The form of the body.
    pub form: BodyForm,
    /// The answer, or why it cannot be read.
    pub answer: Result<T, Defect>,
}

/// The answer to a create.
///
/// See the [module](self) for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Created {
    /// An invoice was created.
    Invoice {
        /// The invoice.
        invoice: Invoice,
        /// The part of its QR that is not as requested. Such a QR must never be shown. If `useTip`
        /// was left out, a QR may be with or without a tip.
        mismatch: Option<Field>,
    },
    /// The provider refused.
    Refused(Reason),
}

/// The answer to a check.
///
/// See the [module](self) for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checked {
    /// Whether the invoice is paid.
    Payment(Payment),
    /// The provider refused.
    Refused(Reason),
}
