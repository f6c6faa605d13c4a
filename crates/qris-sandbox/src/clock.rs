//! A clock that can be set, so that an hour passes at once.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Western Indonesian Time, the time zone of the API.
pub(crate) const WIB: Offset = jiff::tz::offset(7);

/// The sandbox's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    /// The system's clock plus an offset.
    Running { ahead: SignedDuration },
    /// Stopped.
    Stopped { at: Timestamp },
}

impl Clock {
    /// The system's own clock.
    pub(crate) const SYSTEM: Self = Self::Running { ahead: SignedDuration::ZERO };

    pub(crate) fn now(self) -> Timestamp {
        match self {
            Self::Running { ahead } => later(Timestamp::now(), ahead),
            Self::Stopped { at } => at,
        }
    }

    pub(crate) const fn is_running(self) -> bool {
        matches!(self, Self::Running { .. })
    }

    /// Sets the time. A running clock continues from there.
    pub(crate) fn set(&mut self, now: Timestamp) {
        match self {
            Self::Running { ahead } => *ahead = now.duration_since(Timestamp::now()),
            Self::Stopped { at } => *at = now,
        }
    }

    pub(crate) fn advance(&mut self, by: SignedDuration) {
        match self {
            Self::Running { ahead } => *ahead = ahead.saturating_add(by),
            Self::Stopped { at } => *at = later(*at, by),
        }
    }

    pub(crate) fn stop(&mut self) {
        *self = Self::Stopped { at: self.now() };
    }

    pub(crate) fn run(&mut self) {
        let now = self.now();
        *self = Self::SYSTEM;
        self.set(now);
    }
}

/// The moment this much later, or the end of time.
pub(crate) fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A moment in the API's format: WIB, without its offset.
pub(crate) fn api_text(moment: Timestamp) -> String {
    WIB.to_datetime(moment).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A moment in RFC 3339 with +07:00.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.display_with_offset(WIB).to_string()
}
