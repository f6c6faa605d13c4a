//! Tells the merchant's webhook of payments.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use serde::Serialize;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Shared;
use crate::clock::api_text;
use crate::fault::Fault;
use crate::invoice::{Invoice, Received};

/// How long a webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pauses before a webhook that did not answer 200 is called again.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// The address of a merchant's webhook: plain http, for it is on the developer's own machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    authority: String,
    path: String,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return None;
        }
        let port = authority.port_u16().unwrap_or(80);
        Some(Self {
            authority: format!("{}:{port}", authority.host()),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// Posts a body and gives back the HTTP status of the answer.
    async fn post(&self, body: &str) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        let Self { authority, path } = self;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        // "HTTP/1.1 200": the status is all that matters.
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        let status = std::str::from_utf8(&head).ok().and_then(|head| head.get(9..));
        status.and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData.into())
    }
}

/// One sending of a webhook and what it was answered with.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sending {
    invoice: u64,
    qris_status: &'static str,
    /// The HTTP status, or nothing if there was no answer.
    answered: Option<u16>,
}

/// Tells of a payment, once the provider knows of it, until the webhook answers 200.
pub(crate) async fn tell(
    shared: Arc<Shared>,
    address: Address,
    invoice: Invoice,
    payment: Received,
    faults: Vec<Fault>,
) {
    while shared.state().clock.now() < payment.lands_at {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let words: &[&'static str] = if faults.contains(&Fault::OutOfOrderWebhook) {
        &["success", "pending"]
    } else if faults.contains(&Fault::DuplicateWebhook) {
        &["success", "success"]
    } else {
        &["success"]
    };
    for word in words {
        let body = body(&invoice, &payment, word);
        let mut pauses = PAUSES.into_iter();
        loop {
            let post = tokio::time::timeout(PATIENCE, address.post(&body)).await;
            let answered = post.ok().and_then(Result::ok);
            let sending = Sending { invoice: invoice.id, qris_status: word, answered };
            shared.state().sendings.push(sending);
            match pauses.next().filter(|_| answered != Some(200)) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break,
            }
        }
    }
}

/// What is posted: no amount and no signature.
fn body(invoice: &Invoice, payment: &Received, word: &str) -> String {
    json!({
        "rrn": format!("{:012}", invoice.id % 1_000_000_000_000),
        "note": format!("1 {} {}", invoice.number, invoice.amount),
        "invoice": invoice.id.to_string(),
        "qris_status": word,
        "qris_paid_date": api_text(payment.at),
        "qris_payment_methodby": payment.payer.method,
        "qris_payment_customername": payment.payer.customer_name,
    })
    .to_string()
}
