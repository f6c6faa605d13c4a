//! Western Indonesian Time, in which the API speaks.

use std::fmt;
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// WIB is seven hours ahead of UTC the whole year; no time-zone database is needed.
const WIB: Offset = jiff::tz::offset(7);

/// How the API writes a moment: without its offset.
const API_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A moment, shown in Western Indonesian Time (WIB, UTC+07:00) whatever the host's zone is.
///
/// Displayed as RFC 3339 with the offset written out.
///
/// ```
/// use qris_api::WibTime;
///
/// let shown = WibTime::parse("2020-08-07 11:13:42").ok_or("not a moment")?;
/// assert_eq!(shown.to_string(), "2020-08-07T11:13:42+07:00");
/// assert_eq!(shown.timestamp().to_string(), "2020-08-07T04:13:42Z");
/// assert_eq!(shown.date().to_string(), "2020-08-07");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WibTime(Timestamp);

impl WibTime {
    /// This moment, by the host's clock; its time zone does not matter.
    pub fn now() -> Self {
        Self(Timestamp::now())
    }

    /// Reads `YYYY-MM-DD HH:MM:SS` as WIB, the way the API writes it, or `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let civil = DateTime::strptime(API_FORMAT, text.trim()).ok()?;
        WIB.to_timestamp(civil).ok().map(Self)
    }

    /// The moment itself.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The day in WIB.
    pub fn date(self) -> Date {
        WIB.to_datetime(self.0).date()
    }

    /// The moment the way the API writes it: `YYYY-MM-DD HH:MM:SS`, without the offset.
    pub fn to_api_text(self) -> String {
        WIB.to_datetime(self.0).strftime(API_FORMAT).to_string()
    }

    /// The moment this much later; the end of time (year 9999) where that lies beyond it.
    #[must_use]
    pub fn later_by(self, duration: Duration) -> Self {
        let later = SignedDuration::try_from(duration)
            .ok()
            .and_then(|duration| self.0.checked_add(duration).ok());
        Self(later.unwrap_or(Timestamp::MAX))
    }
}

impl From<Timestamp> for WibTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl From<WibTime> for Timestamp {
    fn from(time: WibTime) -> Self {
        time.0
    }
}

impl fmt::Display for WibTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.display_with_offset(WIB), f)
    }
}

impl fmt::Debug for WibTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
