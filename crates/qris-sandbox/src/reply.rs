//! Answers, right and spoilt.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;

use crate::fault::Fault;

/// More than any client should read.
const HUGE_BYTES: usize = 2 * 1024 * 1024;

const PAGE: &str = "<!doctype html><title>503</title><h1>Sedang dalam perbaikan</h1>";

/// The right answer, spoilt by the first of the faults that spoils answers.
pub(crate) fn spoilt(right: String, faults: &[Fault]) -> Response {
    faults.iter().find_map(|fault| spoil(&right, fault)).unwrap_or_else(|| json(right))
}

fn spoil(right: &str, fault: &Fault) -> Option<Response> {
    Some(match fault {
        Fault::DropAfterAccepting => dropped(),
        Fault::CutConnection => cut(right),
        Fault::Html => Html(PAGE).into_response(),
        Fault::PhpNotice => {
            let notice = "<br />\n<b>Notice</b>:  Undefined index: tip in \
                          <b>/var/www/html/restapi/qris/show_qris.php</b> on line <b>42</b><br />\n";
            json(format!("{notice}{right}"))
        }
        Fault::ByteOrderMark => json(format!("\u{feff}{right}")),
        Fault::Empty => json(String::new()),
        Fault::CutJson => json(first_half(right)),
        Fault::Huge => json(format!("{right}{}", " ".repeat(HUGE_BYTES))),
        Fault::Redirect => {
            (StatusCode::FOUND, [(LOCATION, "/sandbox/elsewhere")], Html(PAGE)).into_response()
        }
        _ => return None,
    })
}

fn json(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// No answer: a body that fails at once has the connection closed before the head is sent.
pub(crate) fn dropped() -> Response {
    let nothing: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionAborted.into());
    Body::from_stream(stream::iter([nothing])).into_response()
}

/// Half an answer, and then the connection is closed.
fn cut(right: &str) -> Response {
    let half = first_half(right);
    let body = stream::unfold(Some(half), |half| async {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            Some(_) => {
                // Gives the half time to be sent; a body that fails takes with it what was not.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
            None => None,
        }
    });
    ([(CONTENT_LENGTH, right.len())], Body::from_stream(body)).into_response()
}

/// The first half, which may end inside a character.
fn first_half(text: &str) -> Bytes {
    let (half, _) = text.as_bytes().split_at(text.len() / 2);
    Bytes::copy_from_slice(half)
}
