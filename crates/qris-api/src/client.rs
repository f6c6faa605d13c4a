//! The two calls of the Open API.

mod builder;
mod check;
mod probe;
mod transport;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use reqwest::Url;

pub use self::builder::ClientBuilder;
use self::transport::Call;
use crate::budget::{self, CheckBudget, Permit};
use crate::clock::Clock;
use crate::content;
use crate::credentials::{ApiKey, MerchantId};
use crate::error::{Cause, Error, Reason};
use crate::fingerprint::Fingerprint;
use crate::invalid::Invalid;
use crate::invoice::{Invoice, Tip, TransactionNumber};
use crate::issued::Issued;
use crate::payment::Payment;
use crate::reply::{self, Checked, Created};
use crate::rupiah::Rupiah;
use crate::schedule::{Schedule, Trigger};
use crate::server_time::{self, ServerTime};
use crate::wait::{Days, EarlyCheck, Wait};
use crate::wib::WibTime;

/// Where the Open API lives unless the builder says otherwise.
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
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    create_url: Url,
    check_url: Url,
    key: ApiKey,
    merchant: MerchantId,
    lowest: Rupiah,
    highest: Rupiah,
    total_timeout: Duration,
    schedule: Schedule,
    budget: CheckBudget,
    budget_key: budget::Key,
    clock: Clock,
    server_time: ServerTime,
    fingerprint: Fingerprint,
    issued: Issued,
}

impl fmt::Debug for Client {
    /// Says nothing of the credentials and the URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// Starts from the credentials; everything else has a default.
    pub fn builder(key: ApiKey, merchant: MerchantId) -> ClientBuilder {
        ClientBuilder::new(key, merchant)
    }

    /// Asks for an invoice and cross-checks the QR that comes (CREATE INVOICE).
    ///
    /// The provider makes another payable invoice each time it is asked, even under the same
    /// number. So the request is sent again only where no connection was made.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an amount outside the bounds, before anything is sent;
    /// [`Error::Rejected`]; [`Error::Unreachable`] where nothing was sent;
    /// [`Error::OutcomeUnknown`] where it may have been, an answer that cannot be read included;
    /// [`Error::ContentMismatch`] where an invoice was made whose QR is not the one that was asked
    /// for.
    #[tracing::instrument(skip_all, fields(%number, %amount))]
    pub async fn create_invoice(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        let Inner { lowest, highest, .. } = *self.0;
        if amount.get() == 0 || amount < lowest || amount > highest {
            let found = amount;
            return Err(Invalid::Amount { lowest, highest, found }.into());
        }
        let query = [
            ("do", "create-invoice"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("cliTrxNumber", number.as_str()),
            ("cliTrxAmount", &amount.to_string()),
            ("useTip", tip.word()),
        ];
        match self.call(Call::Create, &query, reply::created).await {
            Ok(Created::Invoice { content, request_date, id, nmid }) => {
                let invoice = Invoice::new(number.clone(), amount, content, request_date, id, nmid)
                    .created_now(&self.0.clock);
                let checked = content::cross_check(&invoice, tip);
                if let Err(field) = checked.and_then(|()| self.0.issued.record(&invoice)) {
                    tracing::warn!(invoice = %id, %field, "the QR is not the one that was asked for");
                    return Err(Error::ContentMismatch { field, invoice: Some(id) });
                }
                if !invoice.reference_matches() {
                    tracing::warn!(invoice = %id, "the QR does not carry the invoice's number");
                }
                Ok(invoice)
            }
            Ok(Created::Refused(reason)) => Err(self.rejected(reason)),
            Err(cause @ Cause::Connect { .. }) => Err(Error::Unreachable { cause }),
            Err(cause) => Err(Error::OutcomeUnknown { cause }),
        }
    }

    /// Asks whether an invoice is paid (CHECK INVOICE).
    ///
    /// It waits until the invoice may be checked again: the first [`Schedule::tries`] checks of an
    /// invoice are [`Schedule::try_gap`] apart, later ones [`Schedule::check_gap`], whichever
    /// process makes them. Then it waits for its turn in the key's [`CheckBudget`]. Drop the
    /// future to give the turn up.
    ///
    /// The provider files a payment under its day, which may be the day of the request or a later
    /// one. So after midnight WIB each day is asked about in turn, even where the answer for
    /// another is a failure. It is paid if the answer for any day is paid, and unpaid if all of them are.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`], [`Error::Unreachable`] and [`Error::MalformedReply`] if a day had no
    /// other answer; [`Error::Paused`], without asking, while the provider wants no checks. None
    /// of them says that the invoice is unpaid.
    pub async fn check_invoice(&self, invoice: &Invoice) -> Result<Payment, Error> {
        self.check_invoice_for(invoice, Trigger::Schedule).await
    }

    /// [`check_invoice`](Self::check_invoice) for a reason: the cashier's button has
    /// [`Schedule::tries`] checks of its own, [`Schedule::try_gap`] after any other check, and the
    /// first webhook of an invoice has one at once.
    ///
    /// # Errors
    ///
    /// Those of [`check_invoice`](Self::check_invoice).
    #[tracing::instrument(skip_all, fields(invoice = %invoice.qris_invoiceid))]
    pub async fn check_invoice_for(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
    ) -> Result<Payment, Error> {
        let permit = self.permit(invoice, trigger).await?;
        self.check_once(invoice, trigger, Days::All, permit).await
    }

    /// Waits until an invoice is paid, or can no longer be: by default for the 60 minutes of its
    /// validity and 10 more, in which a payment may still land.
    ///
    /// It ends with [`Payment::Paid`] as soon as a check says so, and with [`Payment::Unpaid`]
    /// only when the provider said so at or after the end of validity and grace. While it does not
    /// answer, or asks to wait (`Retry-After`), waiting goes on, with up to an hour between
    /// checks. Drop the future, or break from [`Wait::on_check`], to end it earlier; the latter
    /// gives back what the last check said.
    ///
    /// Time is monotonic and counts from the create, so the host's clock does not matter. An
    /// invoice that was made by an earlier process is waited for as well: what was missed is made
    /// up with one check, and its age goes by the provider's clock, as its replies give it. If they
    /// do not, the end is counted from the beginning of the waiting.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] for a reason that [is known](crate::Reason::is_known). No other failed
    /// check ends the waiting.
    #[tracing::instrument(skip_all, fields(invoice = %invoice.qris_invoiceid))]
    pub async fn wait_for_payment(
        &self,
        invoice: &Invoice,
        wait: Wait<'_>,
    ) -> Result<Payment, Error> {
        wait::wait_for_payment(self, invoice, wait).await
    }

    /// A button that has one invoice checked before its time; see [`EarlyCheck`].
    pub fn early_check(&self) -> EarlyCheck {
        EarlyCheck::new(self.0.clock.clone(), self.0.schedule)
    }

    /// When invoices are checked while they are waited for.
    pub fn schedule(&self) -> Schedule {
        self.0.schedule
    }

    /// Which account the client speaks for, without its secrets.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.0.fingerprint
    }

    /// The best-known time: the provider's, as the `Date` of its last reply gave it, going on by
    /// monotonic time; the host's before the first reply with a date.
    ///
    /// `qris_request_date` is of the provider's clock, so the age of an invoice counts by this time.
    /// Setting the host's clock does not change it once there was a reply.
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

    async fn check_on(
        &self,
        invoice: &Invoice,
        date: Date,
        permit: Permit,
    ) -> Result<Payment, Error> {
        let Inner { budget, clock, budget_key, .. } = &*self.0;
        let query = [
            ("do", "checkStatus"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("invid", &invoice.qris_invoiceid.to_string()),
            ("trxvalue", &invoice.amount.to_string()),
            ("trxdate", &date.to_string()),
        ];
        match self.call(Call::Check, &query, reply::checked).await {
            Ok(Checked::Payment(payment)) => {
                if permit == Permit::Probe {
                    budget.accepted(budget_key).await;
                }
                Ok(payment)
            }
            Ok(Checked::Refused(reason)) => {
                if matches!(reason, Reason::InvalidApiKey | Reason::InvalidMerchantId) {
                    budget.refused(clock, budget_key, &reason).await;
                }
                Err(self.rejected(reason))
            }
            Err(Cause::MalformedReply { status, length, defect }) => {
                Err(Error::MalformedReply { status, length, defect })
            }
            Err(cause) => Err(Error::Unreachable { cause }),
        }
    }

    /// Asks whether the provider's server can be reached, and what time it is there, which
    /// [`now`](Self::now) then goes by.
    ///
    /// That is no call of the API: the server's first page is asked for, and neither key nor
    /// merchant number travels, so it costs nothing of the key's budget and says nothing about
    /// whether the key is right. `None` where the answer has no readable date.
    ///
    /// ```
    /// use qris_api::{ApiKey, Client, MerchantId, WibTime};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = qris_sandbox::Sandbox::start().await?;
    /// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
    ///     .base_url(sandbox.base_url())
    ///     .build()?;
    /// let there = client.server_time().await?.ok_or("the server does not say")?;
    /// assert!(there.timestamp().duration_until(WibTime::now().timestamp()).as_secs() < 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`].
    pub async fn server_time(&self) -> Result<Option<WibTime>, Error> {
        let mut url = self.0.check_url.clone();
        url.set_path("/");
        let unreachable = |error| Error::Unreachable { cause: self.cause(error) };
        let response = self.0.http.head(url).send().await.map_err(unreachable)?;
        self.0.server_time.read(&self.0.clock, response.headers());
        Ok(server_time::date(response.headers()).map(WibTime::from))
    }

    /// The refusal, with the credentials taken out should the provider have repeated them.
    fn rejected(&self, reason: Reason) -> Error {
        Error::Rejected { reason: self.redacted_reason(reason) }
    }

    /// The reason without the credentials.
    fn redacted_reason(&self, reason: Reason) -> Reason {
        match reason {
            Reason::Other(words) => Reason::Other(self.redacted(words)),
            known => known,
        }
    }

    /// A text of the provider without the credentials.
    fn redacted(&self, mut words: String) -> String {
        for secret in [self.0.key.expose(), self.0.merchant.expose()] {
            let mut url = self.0.check_url.clone();
            url.query_pairs_mut().append_key_only(secret);
            let encoded = url.query().unwrap_or(secret);
            words = words.replace(secret, "[redacted]").replace(encoded, "[redacted]");
        }
        words
    }
}
