//! The age of an invoice, without the host's clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::invoice::Invoice;
use crate::server_time::ServerTime;

/// The age of an invoice that is waited for.
///
/// It uses the monotonic time since the create. For an invoice of another process it uses the
/// provider's clock. Before the first reply with a date, only the waited time is certain; the
/// host's clock is only a guess.
#[derive(Debug)]
pub(crate) struct Age<'a> {
    invoice: &'a Invoice,
    clock: &'a Clock,
    server: &'a ServerTime,
    started: Duration,
    guess_at_start: Duration,
}

impl<'a> Age<'a> {
    pub(crate) fn new(invoice: &'a Invoice, clock: &'a Clock, server: &'a ServerTime) -> Self {
        let guess_at_start = since_request(invoice, clock.now());
        Self { invoice, clock, server, started: clock.elapsed(), guess_at_start }
    }

    fn known(&self) -> Option<Duration> {
        self.invoice.age_since_create().or_else(|| {
            let server = since_request(self.invoice, self.server.now(self.clock)?);
            // A server whose date never changes must not make the wait endless.
            Some(server.max(self.waited()))
        })
    }

    fn waited(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.started)
    }

    /// Whether more than the waited time is certain.
    pub(crate) fn is_known(&self) -> bool {
        self.known().is_some()
    }

    /// The invoice is at least this old.
    pub(crate) fn certain(&self) -> Duration {
        self.known().unwrap_or_else(|| self.waited())
    }

    /// The age for choosing the next check. The host's clock is trusted up to `end`.
    pub(crate) fn likely(&self, end: Duration) -> Duration {
        self.known().unwrap_or_else(|| {
            let guess = self.guess_at_start.saturating_add(self.waited());
            if guess < end { guess } else { self.waited() }
        })
    }
}

/// The latest time of all clocks: asking for one day too many is better than one too few.
pub(crate) fn latest_now(invoice: &Invoice, clock: &Clock, server: &ServerTime) -> Timestamp {
    let by_age = invoice.age_since_create().map(|age| {
        let requested = invoice.qris_request_date;
        requested.later_by(age).timestamp()
    });
    [by_age, server.now(clock)].into_iter().flatten().fold(clock.now(), Timestamp::max)
}

fn since_request(invoice: &Invoice, now: Timestamp) -> Duration {
    let age: SignedDuration = now.duration_since(invoice.qris_request_date.timestamp());
    Duration::try_from(age).unwrap_or_default()
}
