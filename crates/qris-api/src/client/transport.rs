//! Sends a request of the Open API and reads the body of the answer.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;

use super::inner::{Client, Inner};
use crate::defect::Defect;
use crate::error::Cause;
use crate::server_time;

/// Replies are well under a kilobyte. A larger body is not from the API.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The two calls of the Open API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Create,
    Check,
}

/// How long to wait before connecting again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];

/// A whole answer.
pub(super) struct Body {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    /// The server's clock when it answered.
    pub(super) date: Option<Timestamp>,
    /// This machine's clock when the headers of the answer arrived.
    pub(super) received_at: Timestamp,
    /// From the request to the end of the answer.
    pub(super) took: Duration,
    pub(super) bytes: Vec<u8>,
}

impl Client {
    /// Makes a call and reads the answer.
    pub(super) async fn call<T>(
        &self,
        call: Call,
        query: &[(&str, &str)],
        read: fn(u16, &[u8]) -> Result<T, Defect>,
    ) -> Result<T, Cause> {
        let Body { status, bytes, .. } = self.fetch(call, query).await?;
        let length = bytes.len();
        read(status, &bytes).map_err(|defect| Cause::MalformedReply { status, length, defect })
    }

    /// Makes a call, and repeats it if no connection was made.
    ///
    /// A create that may have arrived is not sent again, because it may have created a payable
    /// invoice. A check is not sent again either, because the provider may have counted it.
    pub(super) async fn fetch(&self, call: Call, query: &[(&str, &str)]) -> Result<Body, Cause> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let cause = match self.ask(call, query).await {
                Ok(body) => {
                    let (status, length) = (body.status, body.bytes.len());
                    tracing::debug!(?call, status, length, "the Open API answered");
                    return Ok(body);
                }
                Err(cause) => cause,
            };
            tracing::debug!(?call, %cause, "the Open API did not answer");
            match pauses.next().filter(|_| matches!(cause, Cause::Connect { .. })) {
                Some(pause) => self.0.clock.sleep(pause).await,
                None => return Err(cause),
            }
        }
    }

    /// Sends one request and reads the body with any HTTP status: failures come with 200.
    async fn ask(&self, call: Call, query: &[(&str, &str)]) -> Result<Body, Cause> {
        let cause = |error| self.cause(error);
        let url = match call {
            Call::Create => &self.0.create_url,
            Call::Check => &self.0.check_url,
        };
        let Inner { http, clock, .. } = &*self.0;
        let started = clock.elapsed();
        let mut response = http.get(url.clone()).query(query).send().await.map_err(cause)?;
        let received_at = clock.now();
        self.read_head(&response).await;
        let status = response.status().as_u16();
        let headers = response.headers();
        let content_type = headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok());
        let (content_type, date) = (content_type.map(str::to_owned), server_time::date(headers));
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(cause)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_BODY_BYTES {
                let defect = Defect::TooLong { limit: MAX_BODY_BYTES };
                return Err(Cause::MalformedReply { status, length: bytes.len(), defect });
            }
        }
        let took = clock.elapsed().saturating_sub(started);
        Ok(Body { status, content_type, date, received_at, took, bytes })
    }

    /// Reads the server's time, and whether to pause the key's checks.
    async fn read_head(&self, response: &reqwest::Response) {
        let Inner { budget, clock, budget_key, server_time, .. } = &*self.0;
        server_time.read(clock, response.headers());
        let wait = server_time::retry_after(response.status(), response.headers(), clock);
        if let Some(wait) = wait {
            budget.retry_after(clock, budget_key, wait).await;
        }
    }

    /// Why there is no answer, without the URL, which has the key.
    pub(super) fn cause(&self, error: reqwest::Error) -> Cause {
        let error = error.without_url();
        let detail = root_cause(&error);
        if error.is_connect() {
            Cause::Connect { detail }
        } else if error.is_timeout() {
            Cause::TimedOut { limit: self.0.total_timeout }
        } else {
            Cause::Interrupted { detail }
        }
    }
}

/// Why there was no connection or no whole answer: in plain words if known, or else in the words of the
/// innermost cause, which has no URL.
pub(super) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    loop {
        let system = cause.downcast_ref::<io::Error>();
        if let Some(words) = system.map(io::Error::kind).and_then(plain_words) {
            return words.to_owned();
        }
        // The source of an `io::Error` that wraps an error is the source of the wrapped error.
        let inner = system.and_then(io::Error::get_ref).map(|inner| inner as _);
        let Some(source) = inner.or_else(|| cause.source()) else { break };
        cause = source;
    }
    let words = cause.to_string();
    if words.starts_with("failed to lookup address information") {
        return "the name of the server was not found".to_owned();
    }
    // Remove the number of the system's error, which does not help a person.
    words.split_once(" (os error ").map_or(words.clone(), |(words, _)| words.to_owned())
}

/// A system error in plain words.
fn plain_words(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
        NetworkDown, NetworkUnreachable, TimedOut, UnexpectedEof,
    };
    match kind {
        ConnectionRefused => Some("the server refused the connection"),
        ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof => {
            Some("the connection was cut off")
        }
        NetworkDown | NetworkUnreachable | HostUnreachable => {
            Some("there is no network that leads to the server")
        }
        TimedOut => Some("the server did not answer in time"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::root_cause;

    #[test]
    fn a_system_error_is_in_plain_words_without_its_number() {
        // Linux: refused, reset, no route, timed out, too many open files.
        for (number, words) in [
            (111, "the server refused the connection"),
            (104, "the connection was cut off"),
            (113, "there is no network that leads to the server"),
            (110, "the server did not answer in time"),
            (24, "Too many open files"),
        ] {
            let inner = io::Error::from_raw_os_error(number);
            assert_eq!(root_cause(&inner), words);
            assert_eq!(root_cause(&io::Error::other(inner)), words, "within another");
        }
    }
}
