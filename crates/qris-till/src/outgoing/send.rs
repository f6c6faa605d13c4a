//! Sends one event once.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use qris_api::WibTime;
use qris_ledger::DueDelivery;
use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use super::address::{AddressRules, NoAllowedAddress, Resolver, SystemNames, literal};
use super::signature::SigningSecret;

/// How long a try may take, including name resolution and the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How many bytes of an answer are read, so that the connection can be reused. A longer answer is
/// cut off.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

const AGENT: &str = concat!("qris-till/", env!("CARGO_PKG_VERSION"));

/// The result of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryResult {
    /// The status of the answer.
    Answered(u16),
    /// There was no answer; the reason in one word.
    Failed(&'static str),
}

/// Sends over HTTP: only to checked addresses, without redirects or proxies.
pub(crate) struct Sender {
    rules: Arc<AddressRules>,
    /// Additional trusted authorities.
    authorities: Vec<CertificateDer<'static>>,
    names: Arc<dyn Resolve>,
    http: reqwest::Client,
    /// Created when first needed, because reading the system's certificates takes a while.
    https: OnceLock<Result<reqwest::Client, CertificateError>>,
}

/// The certificates of the system cannot be used.
#[derive(Clone, Copy, Debug)]
struct CertificateError;

impl Sender {
    pub(crate) fn new(
        rules: Arc<AddressRules>,
        authorities: Vec<CertificateDer<'static>>,
    ) -> Option<Self> {
        Self::with_names(rules, authorities, Arc::new(SystemNames))
    }

    fn with_names(
        rules: Arc<AddressRules>,
        authorities: Vec<CertificateDer<'static>>,
        names: Arc<dyn Resolve>,
    ) -> Option<Self> {
        let resolver =
            Resolver { names: Arc::clone(&names), rules: Arc::clone(&rules), is_plain: true };
        // No TLS is used; no authority is trusted.
        let http = client(resolver, |tls| Ok(tls.with_root_certificates(RootCertStore::empty())));
        Some(Self { http: http.ok()?, https: OnceLock::new(), authorities, names, rules })
    }

    /// The client with TLS.
    fn https(&self) -> Result<reqwest::Client, CertificateError> {
        let (names, rules) = (Arc::clone(&self.names), Arc::clone(&self.rules));
        let resolver = Resolver { names, rules, is_plain: false };
        client(resolver, |tls| {
            let provider = Arc::clone(tls.crypto_provider());
            let verifier = Verifier::new_with_extra_roots(self.authorities.clone(), provider)
                .map_err(|_| CertificateError)?;
            Ok(tls.dangerous().with_custom_certificate_verifier(Arc::new(verifier)))
        })
    }

    /// Sends a delivery, signed with the current time.
    pub(crate) async fn send(&self, delivery: &DueDelivery, now: WibTime) -> DeliveryResult {
        let Ok(url) = self.rules.endpoint(&delivery.url) else {
            return DeliveryResult::Failed("address-not-allowed");
        };
        let is_plain = url.scheme() == "http";
        if literal(&url).is_some_and(|address| !self.rules.allows(address, is_plain)) {
            return DeliveryResult::Failed("address-not-allowed");
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
        let Some(signatures) = signatures else { return DeliveryResult::Failed("no-secret") };
        let client = match is_plain {
            true => &self.http,
            false => match self.https.get_or_init(|| self.https()) {
                Ok(client) => client,
                Err(CertificateError) => return DeliveryResult::Failed("no-certificates"),
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
                DeliveryResult::Answered(status)
            }
            Err(error) => DeliveryResult::Failed(word(&error)),
        }
    }
}

/// Reads the answer to its end, if it is short.
async fn read(mut answer: reqwest::Response) {
    let mut left = MAX_ANSWER_BYTES;
    while let Ok(Some(piece)) = answer.chunk().await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// Why there was no answer. The error itself is not shown, because its URL may have a secret.
fn word(error: &reqwest::Error) -> &'static str {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<NoAllowedAddress>() {
            return "address-not-allowed";
        }
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return "certificate-not-trusted";
        }
        // `source()` of an I/O error skips the inner error, so the inner error is read directly.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "unreachable"
    } else {
        "broken-off"
    }
}

type WantsVerifier = rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier>;
type Verified = rustls::ConfigBuilder<rustls::ClientConfig, rustls::client::WantsClientCert>;

fn client(
    resolver: Resolver,
    verified: impl FnOnce(WantsVerifier) -> Result<Verified, CertificateError>,
) -> Result<reqwest::Client, CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| CertificateError)?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(verified(tls)?.with_no_client_auth())
        .dns_resolver(resolver)
        // A proxy would resolve the name again, and could connect elsewhere.
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

#[cfg(test)]
#[path = "send_tests.rs"]
mod tests;
