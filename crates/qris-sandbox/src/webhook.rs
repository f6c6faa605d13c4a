//! Tells the merchant's webhook of payments.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Shared;
use crate::behaviour::{Behaviour, Note, Rrn};
use crate::builder::WebhookUrlError;
use crate::clock::api_text;
use crate::fault::Fault;
use crate::invoice::{Invoice, Received};
use crate::reply::{customer_name, to_json};

/// How long a webhook may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

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

    /// Posts a body and gives back the HTTP status of the answer.
    async fn post(&self, body: &[u8]) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        let Self { authority, path } = self;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[request.as_bytes(), body].concat()).await?;
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

/// What is posted: no amount and no signature. Members are sent in this order.
#[derive(Debug, Serialize)]
struct Event<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rrn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    invoice: String,
    qris_status: &'static str,
    qris_paid_date: String,
    qris_payment_methodby: &'a str,
    qris_payment_customername: String,
}

/// A payment that the webhook is to be told of.
pub(crate) struct Announcement {
    pub(crate) address: Address,
    pub(crate) invoice: Invoice,
    pub(crate) payment: Received,
    pub(crate) faults: Vec<Fault>,
    /// A number that no invoice has and none will get, for a webhook of its own.
    pub(crate) unbooked: Option<u64>,
}

impl Announcement {
    /// Tells of the payment, once the provider knows of it, until the webhook answers 200.
    pub(crate) async fn tell(self, shared: Arc<Shared>) {
        while shared.state().clock.now() < self.payment.lands_at {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if let Some(id) = self.unbooked {
            self.send(&shared, id, "success").await;
        }
        self.send(&shared, self.invoice.id, "success").await;
        if self.faults.contains(&Fault::OutOfOrderWebhook) {
            self.send(&shared, self.invoice.id, "pending").await;
        } else if self.faults.contains(&Fault::DuplicateWebhook) {
            self.send(&shared, self.invoice.id, "success").await;
        }
    }

    /// Posts one event until it is answered with 200, or the last pause is over.
    async fn send(&self, shared: &Shared, id: u64, word: &'static str) {
        let body = self.body(&shared.behaviour, id, word);
        let mut pauses = PAUSES.into_iter();
        loop {
            let post = tokio::time::timeout(TIMEOUT, self.address.post(&body)).await;
            let answered = post.ok().and_then(Result::ok);
            shared.state().sendings.push(Sending { invoice: id, qris_status: word, answered });
            match pauses.next().filter(|_| answered != Some(200)) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break,
            }
        }
    }

    fn body(&self, behaviour: &Behaviour, id: u64, word: &'static str) -> Vec<u8> {
        let Self { invoice, payment, .. } = self;
        let has_both = !self.faults.contains(&Fault::WebhookWithoutNote);
        let has_rrn = has_both && behaviour.rrn == Rrn::Present;
        let note = match behaviour.note {
            Note::NumberAndAmount => Some(format!("1 {} {}", invoice.number, invoice.amount)),
            Note::Number => Some(invoice.number.clone()),
            Note::Absent => None,
        };
        let event = Event {
            rrn: has_rrn.then(|| format!("{:012}", id % 1_000_000_000_000)),
            note: note.filter(|_| has_both),
            invoice: id.to_string(),
            qris_status: word,
            qris_paid_date: api_text(payment.at),
            qris_payment_methodby: &payment.payer.method,
            qris_payment_customername: customer_name(payment),
        };
        to_json(&event, payment.bad_bytes)
    }
}
