//! The account of a client, without its secrets.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use ring::digest::{SHA256, digest};

use crate::credentials::{ApiKey, MerchantId};

/// The account of a client: the API's host, and a digest of host and merchant ID.
///
/// A ledger stores it, so that invoices of one account are never checked with another account. All
/// addresses of this machine count as one host, because a sandbox may change its port.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url("http://127.0.0.1:7000/restapi/qris/")
///     .build()?;
/// assert_eq!(client.fingerprint().host(), "localhost");
/// assert_eq!(client.fingerprint().digest().len(), 32);
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    host: String,
    digest: String,
}

impl Fingerprint {
    pub(crate) fn new(base: &Url, merchant: &MerchantId) -> Self {
        let host = host(base);
        let digest = digest_of(&format!("{host}\n{}", merchant.expose()));
        Self { host, digest }
    }

    /// Makes a fingerprint from its stored parts.
    pub fn from_parts(host: impl Into<String>, digest: impl Into<String>) -> Self {
        Self { host: host.into(), digest: digest.into() }
    }

    /// The host of the API, `localhost` for every address of this machine.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// 32 hexadecimal digits, different for each host and merchant ID.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.host, self.digest)
    }
}

/// The host, `localhost` for every address of this machine.
fn host(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback { "localhost" } else { host }.to_ascii_lowercase()
}

/// 32 hexadecimal digits, different for each server and key.
pub(crate) fn key_digest(base: &Url, key: &ApiKey) -> String {
    let server = host(base);
    let port = base.port_or_known_default().unwrap_or_default();
    digest_of(&format!("{server}:{port}\n{}", key.expose()))
}

fn digest_of(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    hex(digest.as_ref().get(..16).unwrap_or_default())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
