//! The parts of a client: its settings, its clock and its budget.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use crate::budget::{self, CheckBudget};
use crate::clock::Clock;
use crate::credentials::{ApiKey, MerchantId};
use crate::error::{Error, Reason};
use crate::fingerprint::Fingerprint;
use crate::issued::Issued;
use crate::rupiah::Rupiah;
use crate::schedule::Schedule;
use crate::server_time::ServerTime;
use crate::wib::WibTime;

/// The default address of the Open API.
pub const DEFAULT_BASE_URL: &str = "https://qris.interactive.co.id/restapi/qris/";

/// Calls the Open API. Cheap to clone; clones share everything.
///
/// ```no_run
/// use qris_api::{ApiKey, Client, MerchantId, Rupiah, Tip, TransactionNumber};
///
/// # async fn example() -> Result<(), qris_api::Error> {
/// let client = Client::builder(ApiKey::parse("139139220920202")?, MerchantId::parse("195255685725")?)
///     .build()?;
/// let number = TransactionNumber::parse("INV-1")?;
/// let invoice = client.create_invoice(&number, Rupiah::new(25_578), Tip::None).await?;
/// println!("draw {} and show {} under it", invoice.qris_content, invoice.qris_nmid);
/// let payment = client.check_invoice(&invoice).await?;
/// assert!(!payment.is_paid());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) create_url: Url,
    pub(super) check_url: Url,
    pub(super) key: ApiKey,
    pub(super) merchant: MerchantId,
    pub(super) lowest: Rupiah,
    pub(super) highest: Rupiah,
    pub(super) total_timeout: Duration,
    pub(super) schedule: Schedule,
    pub(super) budget: CheckBudget,
    pub(super) budget_key: budget::Key,
    pub(super) clock: Clock,
    pub(super) server_time: ServerTime,
    pub(super) fingerprint: Fingerprint,
    pub(super) issued: Issued,
}

impl fmt::Debug for Client {
    /// Without the credentials and the URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// When invoices are checked during a wait.
    pub fn schedule(&self) -> Schedule {
        self.0.schedule
    }

    /// The account of the client, without its secrets.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.0.fingerprint
    }

    /// The provider's time: the `Date` of its last reply plus the monotonic time since. Before the
    /// first reply with a date it is the host's time.
    ///
    /// `qris_request_date` comes from the provider's clock, so compute the age of an invoice with
    /// this time. After the first reply, setting the host's clock does not change it.
    pub fn now(&self) -> WibTime {
        let Inner { clock, server_time, .. } = &*self.0;
        server_time.now(clock).unwrap_or_else(|| clock.now()).into()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn server_clock(&self) -> &ServerTime {
        &self.0.server_time
    }

    /// The refusal. If the provider repeated the credentials in it, they are removed.
    pub(super) fn rejected(&self, reason: Reason) -> Error {
        Error::Rejected { reason: self.redacted_reason(reason) }
    }

    /// The reason without the credentials.
    pub(super) fn redacted_reason(&self, reason: Reason) -> Reason {
        match reason {
            Reason::Other(words) => Reason::Other(self.redacted(words)),
            known => known,
        }
    }

    /// A text of the provider without the credentials.
    pub(super) fn redacted(&self, mut words: String) -> String {
        for secret in [self.0.key.expose(), self.0.merchant.expose()] {
            let mut url = self.0.check_url.clone();
            url.query_pairs_mut().append_key_only(secret);
            let encoded = url.query().unwrap_or(secret);
            words = words.replace(secret, "[redacted]").replace(encoded, "[redacted]");
        }
        words
    }
}
