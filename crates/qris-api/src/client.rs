//! The two calls of the Open API.

mod check;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use reqwest::Url;
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::budget::{self, CheckBudget, Permit};
use crate::clock::Clock;
use crate::content;
use crate::credentials::{ApiKey, MerchantId};
use crate::defect::Defect;
use crate::error::{Cause, Error, Invalid, Reason};
use crate::fingerprint::{self, Fingerprint};
use crate::invoice::{Invoice, Rupiah, Tip, TransactionNumber};
use crate::issued::Issued;
use crate::payment::Payment;
use crate::reply::{self, Checked, Created};
use crate::schedule::{Schedule, Trigger};
use crate::server_time::{self, ServerTime};
use crate::wait::{self, Days, Nudge, Wait};
use crate::wib::WibTime;

/// Where the Open API lives unless the builder says otherwise.
pub const DEFAULT_BASE_URL: &str = "https://qris.interactive.co.id/restapi/qris/";

/// The provider answers in 6 to 30 s; less patience misreads a slow success as a failure.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(35);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Replies are well under a kilobyte; beyond this something else is talking.
const MAX_BODY_BYTES: usize = 1024 * 1024;

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

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use qris_api::{ApiKey, Client, MerchantId, Rupiah};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url("http://127.0.0.1:7000/restapi/qris/")
///     .amounts(Rupiah::new(1_000)..=Rupiah::new(2_000_000))
///     .total_timeout(Duration::from_secs(60))
///     .build()?;
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    key: ApiKey,
    merchant: MerchantId,
    base_url: String,
    lowest: Rupiah,
    highest: Rupiah,
    connect_timeout: Duration,
    total_timeout: Duration,
    schedule: Schedule,
    budget: CheckBudget,
    state_dir: Option<PathBuf>,
    clock: Clock,
    nmid: Option<String>,
}

impl ClientBuilder {
    /// Another address of the API, up to and including the folder that holds its two pages.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The least and the most that may be asked for; Rp100 to Rp10,000,000 by default.
    ///
    /// Rp100 is the least that most wallets pay (OVO: Rp1,000), and Bank Indonesia's ceiling for
    /// one transaction is Rp10,000,000 (PADG 24/1/PADG/2022).
    pub fn amounts(mut self, bounds: std::ops::RangeInclusive<Rupiah>) -> Self {
        (self.lowest, self.highest) = bounds.into_inner();
        self
    }

    /// How long connecting may take; 10 s by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a call may take in all; 35 s by default, for the provider takes up to 30.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total_timeout = limit;
        self
    }

    /// When invoices are checked while they are waited for, and for how long.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// The budget of the key's checks; 60 a minute by default, shared by all processes that use
    /// the same [state folder](Self::state_dir).
    pub fn budget(mut self, budget: CheckBudget) -> Self {
        self.budget = budget;
        self
    }

    /// The folder for the file that keeps the key's [`CheckBudget`] over processes and restarts.
    ///
    /// By default it is the folder that the environment variable `QRIS_STATE_DIR` names; else
    /// `qris` in `XDG_STATE_HOME`, in `~/.local/state`, or on Windows in `LOCALAPPDATA`; else a
    /// folder for the user in the system's temporary one. The file is small, is named by a digest
    /// of the API's host and the key, can be read by its owner only, and is removed by a later
    /// client when it was not used for 7 days.
    pub fn state_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.state_dir = Some(folder.into());
        self
    }

    /// The clock to go by; the system's by default. Time-outs are always real.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The NMID that every QR of this key must carry. By default, and where this is empty, it is
    /// that of the first invoice which the client makes; a ledger keeps it across restarts.
    pub fn nmid(mut self, nmid: impl Into<String>) -> Self {
        self.nmid = Some(nmid.into()).filter(|nmid| !nmid.is_empty());
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Invalid::BaseUrl`] when the address would carry the key in the clear, and
    /// [`Invalid::CertificateStore`] when the system's certificates cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let base = base_url(&self.base_url).map_err(|found| Invalid::BaseUrl { found })?;
        let page = |name| base.join(name).map_err(|_| Invalid::BaseUrl { found: "no URL" });
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls_config(base.scheme())?)
            // The key stands in the URL: it must not travel on to wherever a reply points.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A kept connection that the server has just closed would make a create ambiguous.
            .pool_max_idle_per_host(0)
            .connect_timeout(self.connect_timeout)
            .timeout(self.total_timeout);
        if base.scheme() == "http" {
            // Loopback only; a proxy would be handed the whole URL.
            http = http.no_proxy();
        }
        let http = http
            .build()
            .map_err(|error| Invalid::CertificateStore { detail: deepest(&error.without_url()) })?;
        let fingerprint = Fingerprint::new(&base, &self.merchant);
        let budget_key = budget::Key {
            digest: fingerprint::of_key(&base, &self.key),
            account: fingerprint.digest().to_owned(),
            state_dir: self.state_dir.unwrap_or_else(budget::default_state_dir),
        };
        Ok(Client(Arc::new(Inner {
            http,
            create_url: page("show_qris.php")?,
            check_url: page("checkpaid_qris.php")?,
            budget_key,
            server_time: ServerTime::default(),
            fingerprint,
            key: self.key,
            merchant: self.merchant,
            lowest: self.lowest,
            highest: self.highest,
            total_timeout: self.total_timeout,
            schedule: self.schedule,
            budget: self.budget,
            clock: self.clock,
            issued: Issued::new(self.nmid),
        })))
    }
}

impl Client {
    /// Starts from the credentials; everything else has a default.
    pub fn builder(key: ApiKey, merchant: MerchantId) -> ClientBuilder {
        ClientBuilder {
            key,
            merchant,
            base_url: DEFAULT_BASE_URL.to_owned(),
            lowest: Rupiah::new(100),
            highest: Rupiah::new(10_000_000),
            connect_timeout: CONNECT_TIMEOUT,
            total_timeout: TOTAL_TIMEOUT,
            schedule: Schedule::default(),
            budget: CheckBudget::default(),
            state_dir: None,
            clock: Clock::system(),
            nmid: None,
        }
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
        let tip_word = match tip {
            Tip::Ask => "yes",
            Tip::None => "no",
        };
        let query = [
            ("do", "create-invoice"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("cliTrxNumber", number.as_str()),
            ("cliTrxAmount", &amount.to_string()),
            ("useTip", tip_word),
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
    /// one. So after midnight WIB each day is asked about in turn, whatever the answer for the
    /// others was. It is paid if the answer for any day is paid, and unpaid if all of them are.
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

    /// A button that has one invoice checked before its time; see [`Nudge`].
    pub fn nudge(&self) -> Nudge {
        Nudge::new(self.0.clock.clone(), self.0.schedule)
    }

    /// When invoices are checked while they are waited for.
    pub fn schedule(&self) -> Schedule {
        self.0.schedule
    }

    /// Which account the client speaks for, without its secrets.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.0.fingerprint
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn server_time(&self) -> &ServerTime {
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

    /// Asks whether the provider's server can be reached, and what time it is there.
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
    /// let there = client.reach().await?.ok_or("the server does not say")?;
    /// assert!(there.timestamp().duration_until(WibTime::now().timestamp()).as_secs() < 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`].
    pub async fn reach(&self) -> Result<Option<WibTime>, Error> {
        let mut url = self.0.check_url.clone();
        url.set_path("/");
        let unreachable = |error| Error::Unreachable { cause: self.cause(error) };
        let response = self.0.http.head(url).send().await.map_err(unreachable)?;
        Ok(server_time::date(response.headers()).map(WibTime::from))
    }

    /// Makes a call, and again where no connection was made, and reads the answer.
    ///
    /// A create that may have arrived is not sent again, for it may have made a payable invoice;
    /// nor is a check, for the provider may have counted it.
    async fn call<T>(
        &self,
        call: Call,
        query: &[(&str, &str)],
        read: fn(u16, &[u8]) -> Result<T, Defect>,
    ) -> Result<T, Cause> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let cause = match self.ask(call, query).await {
                Ok(body) => {
                    let (status, length) = (body.status, body.bytes.len());
                    tracing::debug!(?call, status, length, "the Open API answered");
                    return read(status, &body.bytes).map_err(|defect| Cause::MalformedReply {
                        status,
                        length,
                        defect,
                    });
                }
                Err(cause) => cause,
            };
            tracing::debug!(?call, %cause, "the Open API did not answer");
            match pauses.next().filter(|_| matches!(cause, Cause::Connect { .. })) {
                Some(pause) => self.0.clock.sleep(pause).await,
                None => return Err(cause),
            }
        }
    }

    /// Sends one request and reads its body, whatever the HTTP status is: failures come with 200.
    async fn ask(&self, call: Call, query: &[(&str, &str)]) -> Result<Body, Cause> {
        let cause = |error| self.cause(error);
        let url = match call {
            Call::Create => &self.0.create_url,
            Call::Check => &self.0.check_url,
        };
        let request = self.0.http.get(url.clone()).query(query);
        let mut response = request.send().await.map_err(cause)?;
        self.read_head(&response).await;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(cause)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_BODY_BYTES {
                let defect = Defect::TooLong { limit: MAX_BODY_BYTES };
                return Err(Cause::MalformedReply { status, length: bytes.len(), defect });
            }
        }
        Ok(Body { status, bytes })
    }

    /// Learns what time it is there, and whether the key's checks are to pause.
    async fn read_head(&self, response: &reqwest::Response) {
        let Inner { budget, clock, budget_key, server_time, .. } = &*self.0;
        server_time.read(clock, response.headers());
        let wait = server_time::retry_after(response.status(), response.headers(), clock);
        if let Some(wait) = wait {
            budget.retry_after(clock, budget_key, wait).await;
        }
    }

    /// Why there is no answer, without the URL, which holds the key.
    fn cause(&self, error: reqwest::Error) -> Cause {
        let error = error.without_url();
        let detail = deepest(&error);
        if error.is_connect() {
            Cause::Connect { detail }
        } else if error.is_timeout() {
            Cause::TimedOut { limit: self.0.total_timeout }
        } else {
            Cause::Interrupted { detail }
        }
    }

    /// The refusal, with the credentials taken out should the provider have repeated them.
    fn rejected(&self, reason: Reason) -> Error {
        let Reason::Other(mut words) = reason else {
            return Error::Rejected { reason };
        };
        for secret in [self.0.key.expose(), self.0.merchant.expose()] {
            let mut url = self.0.check_url.clone();
            url.query_pairs_mut().append_key_only(secret);
            let encoded = url.query().unwrap_or(secret);
            words = words.replace(secret, "[redacted]").replace(encoded, "[redacted]");
        }
        let reason = Reason::Other(words);
        Error::Rejected { reason }
    }
}

/// The two calls of the Open API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Create,
    Check,
}

/// How long to wait before connecting again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];

/// A whole answer.
struct Body {
    status: u16,
    bytes: Vec<u8>,
}

/// The base URL, if the key may travel to it: https, or http to this machine. Otherwise what is
/// wrong with it.
fn base_url(text: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text).map_err(|_| "no URL")?;
    // An IPv6 address stands in brackets.
    let host = url.host_str().ok_or("no host")?.trim_matches(['[', ']']);
    let loopback = host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err("http to another machine"),
        _ => return Err("another scheme"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a user or password");
    }
    if url.query().is_some() {
        return Err("a query");
    }
    if url.fragment().is_some() {
        return Err("a fragment");
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// TLS 1.2 and up with ring, verified by the system's own certificate store.
fn tls_config(scheme: &str) -> Result<rustls::ClientConfig, Invalid> {
    let unusable = |error: rustls::Error| Invalid::CertificateStore { detail: error.to_string() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let config = if scheme == "https" {
        config.with_platform_verifier().map_err(unusable)?
    } else {
        // Loopback without TLS must work on a machine without certificates; trusts nobody.
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    Ok(config.with_no_client_auth())
}

/// The words of the innermost cause, which say most and know no URL.
fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
