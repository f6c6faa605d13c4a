//! Replies with their members in the documented order, and ways to damage them.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use serde::{Serialize, Serializer};

use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::invoice::Received;

/// More than any client should read.
const HUGE_BYTES: usize = 2 * 1024 * 1024;

const PAGE: &str = "<!doctype html><title>503</title><h1>Sedang dalam perbaikan</h1>";

const NOTICE: &str = "<br />\n<b>Notice</b>:  Undefined index: tip in \
                      <b>/var/www/html/restapi/qris/show_qris.php</b> on line <b>42</b><br />\n";

/// Messages of a newer PHP about old code.
const NOTICES: &str = "\r\n<br />\n<b>Deprecated</b>:  Using ${var} in strings is deprecated, use \
                       {$var} instead in <b>/var/www/html/restapi/qris/config.php</b> on line \
                       <b>7</b><br />\n<br />\n<b>Warning</b>:  Undefined array key \"tip\" in \
                       <b>/var/www/html/restapi/qris/show_qris.php</b> on line <b>42</b><br />\n\
                       \r\n\t ";

const BEHIND: &str = "\n<br />\n<b>Warning</b>:  Undefined variable $log in <b>Unknown</b> on line \
                      <b>0</b><br />\n<!-- {cache: miss, 0.41 s} -->\n";

/// The content type of every JSON answer, unless another is configured.
const JSON: &str = "application/json";

/// A placeholder for [`BAD_BYTES`] in text that is still valid JSON.
const PLACEHOLDER: &str = "\u{f8ff}";

/// Bytes that are invalid in JSON: not UTF-8, raw control characters, half of a surrogate pair, and a
/// truncated character.
const BAD_BYTES: &[u8] = b" JOS\xe9\tDA\nSILVA\0\\ud800\xc3";

/// The word for an unpaid invoice. It comes with `failed` but is not a refusal.
pub(crate) const UNPAID: &str = "unpaid";

/// A reply of the API.
#[derive(Debug, Serialize)]
pub(crate) struct Reply {
    pub(crate) status: &'static str,
    pub(crate) data: Data,
    /// Whether the payer's name is followed by bytes that are invalid in JSON.
    #[serde(skip)]
    pub(crate) bad_bytes: bool,
}

impl Reply {
    pub(crate) const fn failed(status: &'static str, data: Data) -> Self {
        Self { status, data, bad_bytes: false }
    }

    fn is_refusal(&self) -> bool {
        match &self.data {
            Data::Invoice { .. } | Data::Paid { .. } => false,
            Data::Status { qris_status } => qris_status != UNPAID,
            Data::Words(_) | Data::Nothing(_) => true,
        }
    }
}

/// The data of a reply. Members are sent in this order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Data {
    Invoice {
        qris_content: String,
        qris_request_date: String,
        qris_invoiceid: InvoiceId,
        qris_nmid: &'static str,
    },
    Paid {
        qris_status: &'static str,
        qris_payment_customername: String,
        qris_payment_methodby: String,
        qris_paid_date: String,
    },
    Status {
        qris_status: String,
    },
    Words(String),
    /// `[]`
    Nothing([(); 0]),
}

/// The number of an invoice, as text or as a JSON number.
#[derive(Debug)]
pub(crate) enum InvoiceId {
    Text(u64),
    Number(u64),
}

impl Serialize for InvoiceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(id) => serializer.collect_str(id),
            Self::Number(id) => serializer.serialize_u64(*id),
        }
    }
}

/// The payer's name for [`to_json`], which adds the bad bytes if the fault wants them.
pub(crate) fn customer_name(payment: &Received) -> String {
    let mut name = payment.payer.customer_name.clone();
    if payment.bad_bytes {
        name.push_str(PLACEHOLDER);
    }
    name
}

/// The text of a reply or a webhook. It is valid JSON, except with bad bytes.
pub(crate) fn to_json(value: &impl Serialize, bad_bytes: bool) -> Vec<u8> {
    // No map here has keys that are not text, which is the only cause of an error.
    let text = serde_json::to_string(value).unwrap_or_default();
    match text.rsplit_once(PLACEHOLDER).filter(|_| bad_bytes) {
        Some((before, after)) => [before.as_bytes(), BAD_BYTES, after.as_bytes()].concat(),
        None => text.into_bytes(),
    }
}

/// The answer to a call that is not processed.
pub(crate) fn instead(faults: &[Fault]) -> Option<Response> {
    faults.iter().find_map(|fault| {
        let (status, seconds) = match fault {
            Fault::DropBeforeAccepting => return Some(dropped()),
            Fault::TooManyRequests { seconds } => (StatusCode::TOO_MANY_REQUESTS, seconds),
            Fault::ServiceUnavailable { seconds } => (StatusCode::SERVICE_UNAVAILABLE, seconds),
            _ => return None,
        };
        let retry_after = format!("{:.0}", seconds.ceil());
        Some((status, [(RETRY_AFTER, retry_after)], Html(PAGE)).into_response())
    })
}

/// The right answer, damaged by the first fault that damages answers.
pub(crate) fn spoilt(right: &Reply, behaviour: &Behaviour, faults: &[Fault]) -> Response {
    let body = to_json(right, right.bad_bytes);
    let spoilt = faults.iter().find_map(|fault| spoil(&body, fault));
    let mut response = spoilt.unwrap_or_else(|| json(body));
    // Pages for people and broken connections are not changed.
    if response.headers().get(CONTENT_TYPE).is_some_and(|found| found == JSON) {
        if let Ok(content_type) = HeaderValue::from_str(&behaviour.content_type) {
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        let refusal = StatusCode::from_u16(behaviour.refusal_status).ok();
        let is_refusal = right.is_refusal() && response.status() == StatusCode::OK;
        if let Some(status) = refusal.filter(|_| is_refusal) {
            *response.status_mut() = status;
        }
    }
    response
}

fn spoil(right: &[u8], fault: &Fault) -> Option<Response> {
    Some(match fault {
        Fault::DropAfterAccepting => dropped(),
        Fault::CutConnection => cut(right),
        Fault::Html => Html(PAGE).into_response(),
        Fault::PhpNotice => json([NOTICE.as_bytes(), right].concat()),
        Fault::NoticeBefore => json([NOTICES.as_bytes(), right].concat()),
        Fault::ByteOrderMark => json(["\u{feff}".as_bytes(), right].concat()),
        Fault::TextBehind => json([right, BEHIND.as_bytes()].concat()),
        Fault::Empty => json(String::new()),
        Fault::CutJson => json(first_half(right)),
        Fault::Huge => json([right, " ".repeat(HUGE_BYTES).as_bytes()].concat()),
        Fault::Redirect => {
            (StatusCode::FOUND, [(LOCATION, "/sandbox/elsewhere")], Html(PAGE)).into_response()
        }
        Fault::Failed5xx => {
            let data = Data::Status { qris_status: "system error".to_owned() };
            let reply = to_json(&Reply::failed("failed", data), false);
            (StatusCode::INTERNAL_SERVER_ERROR, json(reply)).into_response()
        }
        _ => return None,
    })
}

fn json(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, JSON)], body.into()).into_response()
}

/// No answer: a body that fails at once closes the connection before the head is sent.
fn dropped() -> Response {
    let nothing: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionAborted.into());
    Body::from_stream(stream::iter([nothing])).into_response()
}

/// Half an answer, and then the connection is closed.
fn cut(right: &[u8]) -> Response {
    let half = first_half(right);
    let body = stream::unfold(Some(half), |half| async {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            Some(_) => {
                // Gives the half time to be sent, because a failing body also discards unsent data.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
            None => None,
        }
    });
    ([(CONTENT_LENGTH, right.len())], Body::from_stream(body)).into_response()
}

/// The first half, which may end inside a character.
fn first_half(text: &[u8]) -> Bytes {
    let (half, _) = text.split_at(text.len() / 2);
    Bytes::copy_from_slice(half)
}
