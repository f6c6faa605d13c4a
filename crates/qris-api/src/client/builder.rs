//! Settings of a client.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::inner::{Client, DEFAULT_BASE_URL, Inner};
use super::transport::root_cause;
use crate::budget::{self, CheckBudget};
use crate::clock::Clock;
use crate::credentials::{ApiKey, MerchantId};
use crate::error::Error;
use crate::fingerprint::{self, Fingerprint};
use crate::invalid::Invalid;
use crate::issued::Issued;
use crate::limits;
use crate::rupiah::Rupiah;
use crate::schedule::Schedule;
use crate::server_time::ServerTime;

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
    pub(super) fn new(key: ApiKey, merchant: MerchantId) -> Self {
        Self {
            key,
            merchant,
            base_url: DEFAULT_BASE_URL.to_owned(),
            lowest: Rupiah::new(limits::MIN_INVOICE_RUPIAH),
            highest: Rupiah::new(limits::MAX_INVOICE_RUPIAH),
            connect_timeout: limits::CONNECT_TIMEOUT,
            total_timeout: limits::CALL_TIMEOUT,
            schedule: Schedule::default(),
            budget: CheckBudget::default(),
            state_dir: None,
            clock: Clock::system(),
            nmid: None,
        }
    }

    /// Sets another address of the API, up to and including the folder of its two pages.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The smallest and the largest amount of an invoice;
    /// [`MIN_INVOICE_RUPIAH`](limits::MIN_INVOICE_RUPIAH) to
    /// [`MAX_INVOICE_RUPIAH`](limits::MAX_INVOICE_RUPIAH) by default.
    pub fn amounts(mut self, bounds: std::ops::RangeInclusive<Rupiah>) -> Self {
        (self.lowest, self.highest) = bounds.into_inner();
        self
    }

    /// How long connecting may take; [`CONNECT_TIMEOUT`](limits::CONNECT_TIMEOUT) by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a whole call may take; [`CALL_TIMEOUT`](limits::CALL_TIMEOUT) by default.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total_timeout = limit;
        self
    }

    /// When and for how long invoices are checked during a wait.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// The budget of the key's checks; [`CHECKS_PER_MINUTE`](limits::CHECKS_PER_MINUTE) by default,
    /// shared by all processes that use the same [state folder](Self::state_dir).
    pub fn budget(mut self, budget: CheckBudget) -> Self {
        self.budget = budget;
        self
    }

    /// The folder of the file with the key's [`CheckBudget`], shared by processes and kept after
    /// restarts.
    ///
    /// By default it is the environment variable `QRIS_STATE_DIR`; else `qris` in `XDG_STATE_HOME`,
    /// in `~/.local/state`, or on Windows in `LOCALAPPDATA`; else a folder for the user in the
    /// system's temporary folder. The file is small. Its name is a digest of the API's host and the
    /// key, and only its owner can read it. A later client removes it if it was not used for 7
    /// days.
    pub fn state_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.state_dir = Some(folder.into());
        self
    }

    /// The clock of the client; the system's clock by default. Time-outs always use real time.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The NMID that every QR of this key must have. By default, or if this is empty, it is the
    /// NMID of the first invoice that the client creates; a ledger keeps it after restarts.
    pub fn nmid(mut self, nmid: impl Into<String>) -> Self {
        self.nmid = Some(nmid.into()).filter(|nmid| !nmid.is_empty());
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Invalid::BaseUrl`] if the address is wrong or would send the key unencrypted, and
    /// [`Invalid::CertificateStore`] if the system's certificates cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let base = base_url(&self.base_url).map_err(|found| Invalid::BaseUrl { found })?;
        let page = |name| base.join(name).map_err(|_| Invalid::BaseUrl { found: "no URL" });
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls_config(base.scheme())?)
            // The key is part of the URL: it must not be sent to the target of a redirect.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // With a kept connection that the server just closed, the outcome of a create would be
            // unclear.
            .pool_max_idle_per_host(0)
            .connect_timeout(self.connect_timeout)
            .timeout(self.total_timeout);
        if base.scheme() == "http" {
            // Loopback only; a proxy would see the whole URL.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Invalid::CertificateStore {
            detail: root_cause(&error.without_url()),
        })?;
        let fingerprint = Fingerprint::new(&base, &self.merchant);
        let budget_key = budget::Key {
            digest: fingerprint::key_digest(&base, &self.key),
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

/// The base URL, if the key may be sent to it: https, or http to this machine. Otherwise what is
/// wrong with it.
fn base_url(text: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text).map_err(|_| "no URL")?;
    // An IPv6 address is in brackets.
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
        // Loopback without TLS must work on a machine without certificates. This trusts nobody.
        config.with_root_certificates(rustls::RootCertStore::empty())
    };
    Ok(config.with_no_client_auth())
}
