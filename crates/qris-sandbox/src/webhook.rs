//! The merchant's webhook and its answers.

use axum::http::Uri;
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The sandbox cannot post to the webhook's URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a webhook URL that begins with http:// and names a host, found another text")]
pub struct WebhookUrlError;

/// The address of a merchant's webhook: plain http, because it is on the developer's own machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    authority: String,
    path: String,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, WebhookUrlError> {
        let uri: Uri = url.parse().map_err(|_| WebhookUrlError)?;
        let authority = uri.authority().ok_or(WebhookUrlError)?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(WebhookUrlError);
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            authority: format!("{}:{port}", authority.host()),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// Posts a body and returns the HTTP status of the answer.
    pub(crate) async fn post(&self, body: &[u8]) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        let Self { authority, path } = self;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[request.as_bytes(), body].concat()).await?;
        // "HTTP/1.1 200": only the status matters.
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        let status = std::str::from_utf8(&head).ok().and_then(|head| head.get(9..));
        status.and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData.into())
    }
}

/// One call of a webhook and its answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sending {
    pub(crate) invoice: u64,
    pub(crate) qris_status: &'static str,
    /// The HTTP status, or `None` without an answer.
    pub(crate) answered: Option<u16>,
}
