//! Calls of a till and of a sandbox over HTTP, for `qris listen` and `qris trigger`.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, RequestBuilder, Url};
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde_json::Value;

use crate::messages::message;
use crate::output::root_cause;
use crate::settings::SettingsError;

/// How long a till may take to answer: a charge waits for the provider.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The till, and the merchant.
#[derive(Args)]
pub(crate) struct TillAddress {
    #[arg(
        long,
        value_name = "URL",
        env = "QRIS_TILL_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    till: String,

    #[arg(long, value_name = "NAME", env = "QRIS_MERCHANT", hide_env_values = true)]
    merchant: Option<String>,
}

/// A till or a sandbox.
pub(crate) struct Service {
    client: reqwest::Client,
    base: Url,
    token: Option<String>,
    merchant: Option<String>,
}

/// The answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer that is not a refusal.
    pub(crate) fn accepted(self) -> io::Result<Value> {
        match self.status {
            200..=299 => Ok(self.body),
            status => {
                let said = self.body["message"].as_str().unwrap_or("-");
                Err(io::Error::other(message!("service-refused", status = status, message = said)))
            }
        }
    }
}

impl TillAddress {
    pub(crate) fn service(&self) -> io::Result<Service> {
        let base = Url::parse(&self.till)
            .ok()
            .filter(|url| url.has_host())
            .ok_or_else(|| SettingsError(message!("service-till")))?;
        let token = std::env::var("QRIS_TILL_TOKEN").ok().filter(|token| !token.is_empty());
        if token.is_some() && base.scheme() != "https" && !is_this_machine(&base) {
            return Err(SettingsError(message!("service-till-https")).into());
        }
        let client = client(base.scheme() == "https")?;
        Ok(Service { client, base, token, merchant: self.merchant.clone() })
    }
}

impl Service {
    /// The sandbox with this address of the API.
    pub(crate) fn sandbox(base_url: &str) -> io::Result<Self> {
        let base = Url::parse(base_url)
            .ok()
            .filter(is_this_machine)
            .ok_or_else(|| SettingsError(message!("service-no-sandbox")))?;
        Ok(Self { client: client(false)?, base, token: None, merchant: None })
    }

    /// A request for a path with these segments; each segment is percent-encoded.
    pub(crate) fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path("");
        url.set_query(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(path);
        }
        if let Some(merchant) = &self.merchant {
            url.query_pairs_mut().append_pair("merchant", merchant);
        }
        let request = self.client.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &[&str]) -> io::Result<Answer> {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &[&str], body: &Value) -> io::Result<Answer> {
        let request = self.request(Method::POST, path);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        answer(request.header("content-type", "application/json").body(body)).await
    }
}

async fn answer(request: RequestBuilder) -> io::Result<Answer> {
    let answer = request.timeout(TIMEOUT).send().await.map_err(failed)?;
    let status = answer.status().as_u16();
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let text = answer.text().await.map_err(failed)?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Answer { status, retry_after, body })
}

/// An error without the URL, because the URL may have a secret.
pub(crate) fn failed(error: reqwest::Error) -> io::Error {
    io::Error::other(root_cause(&error.without_url()))
}

/// Whether a URL leads to this machine, over plain HTTP.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "http"
        && (host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

/// A client that follows no redirects and uses no proxy to this machine.
pub(crate) fn client(over_tls: bool) -> io::Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let tls = if over_tls {
        tls.with_platform_verifier().map_err(io::Error::other)?
    } else {
        tls.with_root_certificates(rustls::RootCertStore::empty())
    };
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.with_no_client_auth())
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10));
    let client = if over_tls { client } else { client.no_proxy() };
    client.build().map_err(failed)
}
