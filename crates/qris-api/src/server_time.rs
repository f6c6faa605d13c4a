//! The time in the headers of replies.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::budget::MAX_RETRY_AFTER;
use crate::clock::Clock;

/// The provider's clock: the `Date` of its last reply plus the monotonic time since. The host's
/// clock does not matter.
#[derive(Debug, Default)]
pub(crate) struct ServerTime(Mutex<Option<Reading>>);

#[derive(Clone, Copy, Debug)]
struct Reading {
    date: Timestamp,
    elapsed: Duration,
}

impl ServerTime {
    /// Reads the headers of a reply.
    pub(crate) fn read(&self, clock: &Clock, headers: &HeaderMap) {
        if let Some(date) = date(headers) {
            *self.reading() = Some(Reading { date, elapsed: clock.elapsed() });
        }
    }

    /// The provider's time, or `None` before the first reply with a date.
    pub(crate) fn now(&self, clock: &Clock) -> Option<Timestamp> {
        let Reading { date, elapsed } = (*self.reading())?;
        let since = clock.elapsed().saturating_sub(elapsed);
        date.checked_add(SignedDuration::try_from(since).ok()?).ok()
    }

    fn reading(&self) -> MutexGuard<'_, Option<Reading>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time of the server that replied.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(text(headers, DATE)?)
}

/// How long the provider asks to wait, an hour at most.
pub(crate) fn retry_after(
    status: StatusCode,
    headers: &HeaderMap,
    clock: &Clock,
) -> Option<Duration> {
    if status != StatusCode::TOO_MANY_REQUESTS && status != StatusCode::SERVICE_UNAVAILABLE {
        return None;
    }
    let text = text(headers, RETRY_AFTER)?;
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit into 64 bits is longer than an hour too.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let now = date(headers).unwrap_or_else(|| clock.now());
        Duration::try_from(http_date(text)?.duration_since(now)).ok()?
    };
    Some(wait.min(MAX_RETRY_AFTER)).filter(|wait| !wait.is_zero())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let pair = |(name, text): &(HeaderName, &str)| {
            (name.clone(), text.parse().expect("a header's value"))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_retry_after_is_seconds_or_a_date_of_the_servers_clock_and_an_hour_at_most() {
        let hand = ManualClock::starting_at(Timestamp::UNIX_EPOCH);
        let wait = |status: u16, pairs: &[(HeaderName, &str)]| {
            let status = StatusCode::from_u16(status).expect("a status");
            retry_after(status, &headers(pairs), &hand.clock()).map(|wait| wait.as_secs())
        };
        let now = (DATE, "Sun, 22 Nov 2026 03:00:00 GMT");
        for status in [429, 503] {
            assert_eq!(wait(status, &[(RETRY_AFTER, "120")]), Some(120));
        }
        assert_eq!(wait(429, &[(RETRY_AFTER, "Thu, 01 Jan 1970 00:02:00 GMT")]), Some(120));
        let date = (RETRY_AFTER, "Sun, 22 Nov 2026 03:00:30 GMT");
        assert_eq!(wait(503, &[now.clone(), date.clone()]), Some(30));
        for long in ["3601", "99999999999999999999999", "Sun, 22 Nov 2037 03:00:30 GMT"] {
            assert_eq!(wait(429, &[(RETRY_AFTER, long)]), Some(3_600), "{long}");
        }
        for none in ["0", "", "-1", "1.5", "soon", "Sun, 22 Nov 2026 02:00:00 GMT"] {
            assert_eq!(wait(429, &[now.clone(), (RETRY_AFTER, none)]), None, "{none}");
        }
        assert_eq!(wait(200, &[(RETRY_AFTER, "120")]), None);
        assert_eq!(wait(429, &[now]), None);
    }

    #[test]
    fn the_servers_time_does_not_change_if_the_hosts_clock_is_set() {
        let hand = ManualClock::starting_at("2020-01-01T00:00:00Z".parse().expect("a time"));
        let (server, clock) = (ServerTime::default(), hand.clock());
        assert_eq!(server.now(&clock), None);
        server.read(&clock, &headers(&[(DATE, "Sun, 22 Nov 2026 03:00:00 GMT")]));
        hand.set("2020-01-01T00:01:00Z".parse().expect("a time"));
        hand.jump_wall(SignedDuration::from_hours(2));
        assert_eq!(server.now(&clock), "2026-11-22T03:01:00Z".parse().ok());
    }
}
