//! Sends one event once.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use qris_api::WibTime;
use qris_ledger::DueDelivery;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::address::{AddressRules, NoAllowedAddress, Resolver, literal};
use super::signature::SigningSecret;

/// How long a try may take, the looking up of the name and the answer included.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read, so that the connection can be used again. What is longer is cut off.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

const AGENT: &str = concat!("qris-till/", env!("CARGO_PKG_VERSION"));

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The status of the answer.
    Answered(u16),
    /// There was none: why, in one word.
    Failed(&'static str),
}

/// Sends over HTTP: to judged addresses, without redirects or proxies.
#[derive(Debug)]
pub(crate) struct Sender {
    rules: Arc<AddressRules>,
    http: reqwest::Client,
    /// Made when it is first needed: the certificates of the system take a while to read.
    https: OnceLock<Result<reqwest::Client, CertificateError>>,
}

/// The certificates of the system cannot be used.
#[derive(Clone, Copy, Debug)]
struct CertificateError;

impl Sender {
    pub(crate) fn new(rules: Arc<AddressRules>) -> Option<Self> {
        Some(Self { http: client(&rules, true).ok()?, https: OnceLock::new(), rules })
    }

    /// Sends a delivery, signed as of now.
    pub(crate) async fn send(&self, delivery: &DueDelivery, now: WibTime) -> Sent {
        let Ok(url) = self.rules.endpoint(&delivery.url) else {
            return Sent::Failed("address-not-allowed");
        };
        let is_plain = url.scheme() == "http";
        if literal(&url).is_some_and(|address| !self.rules.allows(address, is_plain)) {
            return Sent::Failed("address-not-allowed");
        }
        let timestamp = now.timestamp().as_second();
        let secrets = [Some(&delivery.secrets.current), delivery.secrets.previous.as_ref()];
        let signatures: Option<Vec<String>> = secrets
            .into_iter()
            .flatten()
            .map(|secret| {
                let secret = SigningSecret::parse(secret)?;
                Some(secret.sign(&delivery.event_id, timestamp, &delivery.payload))
            })
            .collect();
        let Some(signatures) = signatures else { return Sent::Failed("no-secret") };
        let https = || self.https.get_or_init(|| client(&self.rules, false)).as_ref();
        let client = match is_plain {
            true => &self.http,
            false => match https() {
                Ok(client) => client,
                Err(CertificateError) => return Sent::Failed("no-certificates"),
            },
        };
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .header("webhook-id", &delivery.event_id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures.join(" "))
            .body(delivery.payload.clone());
        match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                read(answer).await;
                Sent::Answered(status)
            }
            Err(error) => Sent::Failed(word(&error)),
        }
    }
}

/// Reads the answer to its end, if that is near.
async fn read(mut answer: reqwest::Response) {
    let mut left = MAX_ANSWER_BYTES;
    while let Ok(Some(piece)) = answer.chunk().await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// Why there was no answer. The error itself has the URL, which may have a secret.
fn word(error: &reqwest::Error) -> &'static str {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<NoAllowedAddress>()
            || inner.is_some_and(|inner| inner.is::<NoAllowedAddress>())
        {
            return "address-not-allowed";
        }
        cause = error.source();
    }
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "unreachable"
    } else {
        "broken-off"
    }
}

fn client(rules: &Arc<AddressRules>, is_plain: bool) -> Result<reqwest::Client, CertificateError> {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .map_err(|_| CertificateError)?;
    let tls = if is_plain {
        // No TLS is spoken; trusts nobody.
        tls.with_root_certificates(rustls::RootCertStore::empty())
    } else {
        tls.with_platform_verifier().map_err(|_| CertificateError)?
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.with_no_client_auth())
        .dns_resolver(Resolver { rules: Arc::clone(rules), is_plain })
        // A proxy would look the name up again, and connect elsewhere.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(2)
        .pool_idle_timeout(Duration::from_secs(30))
        .connect_timeout(TIMEOUT / 2)
        .timeout(TIMEOUT)
        .build()
        .map_err(|_| CertificateError)
}
