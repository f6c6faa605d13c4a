//! Western Indonesian Time, the time zone of the API.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// WIB is seven hours ahead of UTC the whole year; no time-zone database is needed.
const WIB: Offset = jiff::tz::offset(7);

/// The API's format of a time: without its offset.
const API_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A time, shown in Western Indonesian Time (WIB, UTC+07:00) in every time zone of the host.
///
/// Displayed as RFC 3339 with the offset written out, and parsed from that with any offset.
///
/// ```
/// use qris_api::WibTime;
///
/// let shown = WibTime::parse("2020-08-07 11:13:42").ok_or("not a moment")?;
/// assert_eq!(shown.to_string(), "2020-08-07T11:13:42+07:00");
/// assert_eq!(shown.timestamp().to_string(), "2020-08-07T04:13:42Z");
/// assert_eq!(shown.date().to_string(), "2020-08-07");
/// assert_eq!("2020-08-07T11:13:42+07:00".parse(), Ok(shown));
/// assert_eq!("2020-08-07T04:13:42Z".parse(), Ok(shown));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WibTime(Timestamp);

impl WibTime {
    /// The present time of the host's clock; its time zone does not matter.
    pub fn now() -> Self {
        Self(Timestamp::now())
    }

    /// Reads the API's format, `YYYY-MM-DD HH:MM:SS` in WIB, or returns `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let civil = DateTime::strptime(API_FORMAT, text.trim()).ok()?;
        WIB.to_timestamp(civil).ok().map(Self)
    }

    /// The time as a timestamp.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The day in WIB.
    pub fn date(self) -> Date {
        WIB.to_datetime(self.0).date()
    }

    /// The time in the API's format: `YYYY-MM-DD HH:MM:SS`, without the offset.
    pub fn to_api_text(self) -> String {
        WIB.to_datetime(self.0).strftime(API_FORMAT).to_string()
    }

    /// The time this much later, but not after the end of the year 9999.
    #[must_use]
    pub fn later_by(self, duration: Duration) -> Self {
        let later = SignedDuration::try_from(duration)
            .ok()
            .and_then(|duration| self.0.checked_add(duration).ok());
        Self(later.unwrap_or(Timestamp::MAX))
    }
}

/// A text is not a time with an offset.
///
/// ```
/// use qris_api::WibTime;
///
/// let error = "2020-08-07 11:13:42".parse::<WibTime>().unwrap_err();
/// assert!(error.to_string().starts_with("expected a time with its offset"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a time with its offset, such as 2020-08-07T11:13:42+07:00, found {found} bytes of \
     another form"
)]
pub struct ParseWibTimeError {
    found: usize,
}

impl FromStr for WibTime {
    type Err = ParseWibTimeError;

    /// Reads RFC 3339, what [`Display`](fmt::Display) writes: date, time, and an offset or `Z`.
    ///
    /// # Errors
    ///
    /// [`ParseWibTimeError`] for anything else, also for a time without its offset.
    /// [`parse`](WibTime::parse) reads that one.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = |_| ParseWibTimeError { found: text.len() };
        text.parse::<Timestamp>().map(Self).map_err(refused)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_parses_its_own_output() {
        let whole = "2026-11-27T23:59:59+07:00";
        for text in ["1970-01-01T07:00:00+07:00", whole, "2026-11-27T23:59:59.000000001+07:00"] {
            let moment: WibTime = text.parse().expect("a moment");
            assert_eq!(moment.to_string(), text);
        }
        let last = WibTime::from(Timestamp::UNIX_EPOCH).later_by(Duration::from_secs(1 << 40));
        assert_eq!(last.to_string().parse(), Ok(last), "{last}");
    }

    #[test]
    fn another_offset_gives_the_same_time() {
        let moment: WibTime = "2026-11-27T16:59:59Z".parse().expect("a moment");
        assert_eq!(moment.to_string(), "2026-11-27T23:59:59+07:00");
        assert_eq!("2026-11-27T18:59:59+02:00".parse(), Ok(moment));
    }

    #[test]
    fn a_time_without_its_offset_is_refused_and_not_quoted() {
        for text in ["", "2026-11-27", "2026-11-27 23:59:59", "2026-11-27T23:59:59", "Budi"] {
            let error = text.parse::<WibTime>().expect_err(text);
            assert_eq!(error, ParseWibTimeError { found: text.len() });
            let message = format!("found {} bytes of another form", text.len());
            assert!(error.to_string().ends_with(&message), "{error}");
        }
    }
}
