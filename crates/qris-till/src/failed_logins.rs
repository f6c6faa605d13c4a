//! Wrong tokens and PINs, by address.
//!
//! A token is compared first, and the right one is always accepted. Otherwise one device with an
//! old token would lock out all others behind the same router or reverse proxy. The length of a
//! [`Token`](crate::Token) makes guessing hopeless: 16 random characters cannot be found at 10,000
//! guesses a second. This module limits load and log lines: a wrong token is answered late, and
//! each address may have only a few such answers waiting. Further ones are refused at once.
//!
//! A PIN is short and can be guessed. An address with too many wrong PINs may not try another, even
//! the right one. The ledger also counts the tries for each name.
//!
//! Behind a reverse proxy all requests have its address and share one bucket. Headers such as
//! `X-Forwarded-For` are not read, because a client can write anything into them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::Response;

use crate::connections::client_of;
use crate::http_error::refuse;
use crate::metrics::Metrics;

/// The delay for the first wrong tokens of an address. It doubles after every five more.
const FAILED_LOGIN_DELAY: Duration = Duration::from_secs(1);

/// The maximum delay for a wrong token.
const MAX_DELAY: Duration = Duration::from_secs(4);

/// How many wrong tokens of one address are answered before further ones are refused.
const MAX_ANSWERED: u32 = 20;

/// The time after which one of these is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3);

/// How often the log reports wrong tokens of an address.
const LOG_EVERY: Duration = Duration::from_secs(60);

/// How many addresses are remembered. Further ones share one bucket.
const MAX_ADDRESSES: usize = 4096;

/// The addresses with recent wrong tokens.
#[derive(Debug, Default)]
pub(crate) struct FailedLogins(Mutex<HashMap<IpAddr, Entry>>);

#[derive(Debug)]
struct Entry {
    /// When all wrong tokens of the address are forgotten.
    forgotten_at: Instant,
    logged_at: Instant,
    /// How many arrived since the last log line.
    unlogged: u64,
}

/// How to answer a wrong token.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    answer: Answer,
    /// How many to report in the log, if a line is due.
    log: Option<u64>,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    After(Duration),
    TooMany,
}

impl FailedLogins {
    /// Counts and logs a wrong token, and waits for the delay of its answer.
    pub(crate) async fn slow_down(
        &self,
        address: IpAddr,
        metrics: &Metrics,
    ) -> Result<(), TooManyFailures> {
        let Verdict { answer, log } = self.record(address, Instant::now());
        if let Some(count) = log {
            tracing::warn!(%address, count, "wrong tokens or PINs were sent");
        }
        match answer {
            Answer::After(delay) => {
                metrics.logins_wrong.add(1);
                tokio::time::sleep(delay).await;
                Ok(())
            }
            Answer::TooMany => {
                metrics.logins_too_many.add(1);
                Err(TooManyFailures)
            }
        }
    }

    /// Whether an address has too many wrong ones and has to wait.
    pub(crate) fn is_full(&self, address: IpAddr) -> Option<TooManyFailures> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = client_of(address).unwrap_or(Ipv4Addr::LOCALHOST.into());
        let entry = entries.get(&key).or_else(|| match entries.len() >= MAX_ADDRESSES {
            true => entries.get(&IpAddr::from(Ipv4Addr::UNSPECIFIED)),
            false => None,
        });
        let full = entry.filter(|entry| remembered(entry, Instant::now()) >= MAX_ANSWERED);
        full.map(|_| TooManyFailures)
    }

    fn record(&self, address: IpAddr, now: Instant) -> Verdict {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = client_of(address).unwrap_or(Ipv4Addr::LOCALHOST.into());
        if entries.len() >= MAX_ADDRESSES && !entries.contains_key(&key) {
            entries.retain(|_, entry| {
                entry.forgotten_at > now
                    || now.saturating_duration_since(entry.logged_at) < LOG_EVERY
            });
            if entries.len() >= MAX_ADDRESSES {
                key = Ipv4Addr::UNSPECIFIED.into();
            }
        }
        let mut is_first = false;
        let entry = entries.entry(key).or_insert_with(|| {
            is_first = true;
            Entry { forgotten_at: now, logged_at: now, unlogged: 0 }
        });
        let remembered = remembered(entry, now);
        let answer = if remembered >= MAX_ANSWERED {
            Answer::TooMany
        } else {
            entry.forgotten_at = entry.forgotten_at.max(now) + FORGOTTEN_AFTER;
            Answer::After((FAILED_LOGIN_DELAY * 2_u32.pow(remembered / 5)).min(MAX_DELAY))
        };
        entry.unlogged += 1;
        let is_time = is_first || now.saturating_duration_since(entry.logged_at) >= LOG_EVERY;
        let log = is_time.then(|| {
            entry.logged_at = now;
            std::mem::take(&mut entry.unlogged)
        });
        Verdict { answer, log }
    }
}

/// How many wrong ones of an address are remembered.
fn remembered(entry: &Entry, now: Instant) -> u32 {
    let since = entry.forgotten_at.saturating_duration_since(now);
    let remembered = since.as_millis().div_ceil(FORGOTTEN_AFTER.as_millis());
    u32::try_from(remembered).unwrap_or(u32::MAX)
}

/// An address sent too many wrong tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooManyFailures;

impl TooManyFailures {
    /// When the next one is answered.
    pub(crate) const fn retry_after(self) -> Duration {
        FORGOTTEN_AFTER
    }
}

/// An address sent too many wrong tokens, or a name had too many wrong PINs.
pub(crate) fn too_many_logins(wait: Duration) -> Response {
    let words = "expected a pause after many wrong tokens or PINs";
    ask_later(refuse(StatusCode::TOO_MANY_REQUESTS, "too-many-logins", words), wait)
}

/// The same with a body of its own.
pub(crate) fn ask_later(mut response: Response, wait: Duration) -> Response {
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u32) -> IpAddr {
        Ipv4Addr::from(0xC000_0200 + last).into()
    }

    #[test]
    fn the_pause_grows_and_then_the_address_is_refused_until_one_is_forgotten() {
        let (failed, start) = (FailedLogins::default(), Instant::now());
        let mut seconds = Vec::new();
        for _ in 0..20 {
            match failed.record(address(1), start).answer {
                Answer::After(delay) => seconds.push(delay.as_secs()),
                Answer::TooMany => panic!("refused after {}", seconds.len()),
            }
        }
        assert_eq!(seconds, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
        assert_eq!(failed.record(address(1), start).answer, Answer::TooMany);
        assert_eq!(
            failed.record(address(2), start).answer,
            Answer::After(FAILED_LOGIN_DELAY),
            "another address is not held to it"
        );
        let later = start + FORGOTTEN_AFTER;
        assert_eq!(failed.record(address(1), later).answer, Answer::After(MAX_DELAY));
        assert_eq!(failed.record(address(1), later).answer, Answer::TooMany);
        let forgotten = later + FORGOTTEN_AFTER * MAX_ANSWERED;
        assert_eq!(failed.record(address(1), forgotten).answer, Answer::After(FAILED_LOGIN_DELAY));
    }

    #[test]
    fn the_log_has_the_first_wrong_token_and_then_a_count_a_minute() {
        let (failed, start) = (FailedLogins::default(), Instant::now());
        let log = |seconds| failed.record(address(1), start + Duration::from_secs(seconds)).log;
        assert_eq!(log(0), Some(1));
        for second in 1..60 {
            assert_eq!(log(second), None);
        }
        assert_eq!(log(60), Some(60));
        assert_eq!(log(61), None);
    }

    #[test]
    fn any_number_of_addresses_takes_a_bounded_amount_of_memory() {
        let (failed, start) = (FailedLogins::default(), Instant::now());
        for number in 0..3 * 4096 {
            failed.record(address(number), start);
        }
        let count = || failed.0.lock().expect("no panic").len();
        assert_eq!(count(), MAX_ADDRESSES + 1);
        assert_eq!(failed.record(address(50_000), start).answer, Answer::TooMany);
        // After a minute they are forgotten.
        failed.record(address(50_000), start + LOG_EVERY + FORGOTTEN_AFTER);
        assert_eq!(count(), 1);
    }
}
