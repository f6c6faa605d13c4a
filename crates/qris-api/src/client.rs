//! The two calls of the Open API.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use reqwest::Url;
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::content;
use crate::credentials::{ApiKey, MerchantId};
use crate::error::{Cause, Error, Invalid, Reason};
use crate::invoice::{Invoice, Rupiah, Tip, TransactionNumber};
use crate::payment::Payment;
use crate::reply::{self, Checked, Created};

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

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Invalid::BaseUrl`] when the address would carry the key in the clear, and
    /// [`Invalid::CertificateStore`] when the system's certificates cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let base = base_url(&self.base_url).ok_or(Invalid::BaseUrl)?;
        let page = |name| base.join(name).map_err(|_| Invalid::BaseUrl);
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls_config()?)
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
        let http = http.build().map_err(|error| Invalid::CertificateStore {
            detail: deepest(&error.without_url()),
        })?;
        Ok(Client(Arc::new(Inner {
            http,
            create_url: page("show_qris.php")?,
            check_url: page("checkpaid_qris.php")?,
            key: self.key,
            merchant: self.merchant,
            lowest: self.lowest,
            highest: self.highest,
            total_timeout: self.total_timeout,
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
        }
    }

    /// Asks for an invoice and cross-checks the QR that comes (CREATE INVOICE).
    ///
    /// The provider makes another payable invoice each time it is asked, even under the same
    /// number. So a request that may have arrived is never sent again.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an amount outside the bounds, before anything is sent;
    /// [`Error::Rejected`]; [`Error::Unreachable`] where nothing was sent;
    /// [`Error::OutcomeUnknown`] where it may have been; [`Error::ContentMismatch`] where an
    /// invoice was made whose QR is not the one that was asked for.
    pub async fn create_invoice(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        let Inner {
            lowest, highest, ..
        } = *self.0;
        if amount.get() == 0 || amount < lowest || amount > highest {
            let found = amount;
            return Err(Invalid::Amount {
                lowest,
                highest,
                found,
            }
            .into());
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
        let answer = self.ask(&self.0.create_url, &query).await;
        let reply = answer.and_then(|body| body.read(reply::created));
        match reply {
            Ok(Created::Invoice {
                content,
                request_date,
                id,
                nmid,
            }) => {
                if let Some(field) = content::mismatch(&content, amount, tip, &nmid) {
                    return Err(Error::ContentMismatch { field });
                }
                Ok(Invoice::new(
                    number.clone(),
                    amount,
                    content,
                    request_date,
                    id,
                    nmid,
                ))
            }
            Ok(Created::Refused(reason)) => Err(self.rejected(reason)),
            Err(cause @ Cause::Connect { .. }) => Err(Error::Unreachable { cause }),
            Err(cause) => Err(Error::OutcomeUnknown { cause }),
        }
    }

    /// Asks whether an invoice is paid (CHECK INVOICE).
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`], [`Error::Unreachable`] and [`Error::MalformedReply`]. None of them
    /// says that the invoice is unpaid.
    pub async fn check_invoice(&self, invoice: &Invoice) -> Result<Payment, Error> {
        self.check_on(invoice, invoice.qris_request_date.date())
            .await
    }

    async fn check_on(&self, invoice: &Invoice, date: Date) -> Result<Payment, Error> {
        let query = [
            ("do", "checkStatus"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("invid", &invoice.qris_invoiceid.to_string()),
            ("trxvalue", &invoice.amount.to_string()),
            ("trxdate", &date.to_string()),
        ];
        let answer = self.ask(&self.0.check_url, &query).await;
        match answer.and_then(|body| body.read(reply::checked)) {
            Ok(Checked::Payment(payment)) => Ok(payment),
            Ok(Checked::Refused(reason)) => Err(self.rejected(reason)),
            Err(Cause::MalformedReply { status, length }) => {
                Err(Error::MalformedReply { status, length })
            }
            Err(cause) => Err(Error::Unreachable { cause }),
        }
    }

    /// Sends one request and reads its body, whatever the HTTP status is: failures come with 200.
    async fn ask(&self, url: &Url, query: &[(&str, &str)]) -> Result<Body, Cause> {
        let cause = |error: reqwest::Error| {
            let error = error.without_url();
            let detail = deepest(&error);
            if error.is_connect() {
                Cause::Connect { detail }
            } else if error.is_timeout() {
                Cause::TimedOut {
                    limit: self.0.total_timeout,
                }
            } else {
                Cause::Interrupted { detail }
            }
        };
        let request = self.0.http.get(url.clone()).query(query);
        let mut response = request.send().await.map_err(cause)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(cause)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_BODY_BYTES {
                return Err(Cause::MalformedReply {
                    status,
                    length: bytes.len(),
                });
            }
        }
        Ok(Body { status, bytes })
    }

    /// The refusal, with the credentials taken out should the provider have repeated them.
    fn rejected(&self, reason: Reason) -> Error {
        let reason = match reason {
            Reason::Other(words) => Reason::Other(
                words
                    .replace(self.0.key.expose(), "[redacted]")
                    .replace(self.0.merchant.expose(), "[redacted]"),
            ),
            known => known,
        };
        Error::Rejected { reason }
    }
}

/// A whole answer.
struct Body {
    status: u16,
    bytes: Vec<u8>,
}

impl Body {
    fn read<T>(self, read: fn(&[u8]) -> Result<T, reply::Unreadable>) -> Result<T, Cause> {
        read(&self.bytes).map_err(|reply::Unreadable| Cause::MalformedReply {
            status: self.status,
            length: self.bytes.len(),
        })
    }
}

/// The base URL, if the key may travel to it: https, or http to this machine.
fn base_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    // An IPv6 address stands in brackets.
    let host = url.host_str()?.trim_matches(['[', ']']);
    let loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    let safe = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !(safe && plain) {
        return None;
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Some(url)
}

/// TLS 1.2 and up with ring, verified by the system's own certificate store.
fn tls_config() -> Result<rustls::ClientConfig, Invalid> {
    let unusable = |error: rustls::Error| Invalid::CertificateStore {
        detail: error.to_string(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())
        .map_err(unusable)?
        .with_no_client_auth();
    Ok(config)
}

/// The words of the innermost cause, which say most and know no URL.
fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
