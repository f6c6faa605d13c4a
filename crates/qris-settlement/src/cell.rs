//! Parses numbers, days and times as people and spreadsheets write them.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

/// Seven hours ahead of UTC, all year.
pub(crate) const WIB: Offset = jiff::tz::offset(7);

/// A spreadsheet stores fifteen digits of a number.
const MAX_NUMBER: f64 = 1e15;

/// A cell of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Text. Every cell of a CSV file is text.
    Text(String),
    /// A number of a workbook, and how many days its epoch is after the epoch of [`serial`].
    Number { value: f64, epoch: f64 },
    /// A date of a workbook, with the time as a fraction: see [`serial`].
    Day(f64),
}

impl Cell {
    /// Whether it is empty. `-` counts as empty too.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&*self.text(), "" | "-")
    }

    /// The cell as text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            // Spreadsheets mark digits that are text in this way.
            Self::Text(text) => Cow::Borrowed(text.strip_prefix('\'').unwrap_or(text)),
            Self::Number { value, .. } => Cow::Owned(value.to_string()),
            Self::Day(number) => {
                let time = serial(*number).map(|time| time.strftime("%d/%m/%Y %H:%M:%S"));
                Cow::Owned(time.map(|time| time.to_string()).unwrap_or_default())
            }
        }
    }

    /// The cell as text, or a number if none of its digits is lost.
    pub(crate) fn word(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(_) => Some(self.text()),
            Self::Number { value, .. } => {
                whole(*value).map(|number| Cow::Owned(number.to_string()))
            }
            Self::Day(_) => None,
        }
    }

    pub(crate) fn rupiah(&self) -> Option<u64> {
        match self {
            Self::Text(_) => rupiah(&self.text()),
            // Not as text: 25.578 may have been Rp25.578 originally, and that cannot be known.
            Self::Number { value, .. } => whole(*value),
            Self::Day(_) => None,
        }
    }

    pub(crate) fn time(&self) -> Option<DateTime> {
        match self {
            Self::Text(_) => time(&self.text()),
            Self::Number { value, epoch } => serial(value + epoch),
            Self::Day(number) => serial(*number),
        }
    }

    pub(crate) fn day(&self) -> Option<Date> {
        match self {
            Self::Text(_) => day(&self.text()),
            _ => self.time().map(DateTime::date),
        }
    }
}

/// A non-negative whole number with at most fifteen digits.
fn whole(number: f64) -> Option<u64> {
    let is_whole = number.fract() == 0.0 && (0.0..MAX_NUMBER).contains(&number);
    // The value is in range, so nothing is cut.
    is_whole.then_some(number as u64)
}

/// A time as spreadsheets count it: days since 30 December 1899, for the years 2000 to 2100.
fn serial(number: f64) -> Option<DateTime> {
    const FIRST: f64 = 36_526.0;
    const LAST: f64 = 73_051.0;
    if !(FIRST..LAST).contains(&number) {
        return None;
    }
    // The value is in range, so nothing is cut.
    let seconds = (number * 86_400.0).round() as i64;
    let epoch = Date::constant(1899, 12, 30).at(0, 0, 0, 0);
    epoch.checked_add(seconds.seconds()).ok()
}

/// Whole rupiah: `25578`, `25.578`, `25,578`, `25.578,00`, `25,578.00`, `Rp 25.578,-`.
///
/// Three digits after a separator are thousands. One or two digits are decimals and must be zero.
fn rupiah(text: &str) -> Option<u64> {
    let text = text.trim();
    let text = ["Rp.", "Rp", "rp", "RP", "IDR"]
        .iter()
        .find_map(|sign| text.strip_prefix(sign))
        .unwrap_or(text)
        .trim();
    let text = text.strip_suffix(",-").or_else(|| text.strip_suffix(".-")).unwrap_or(text);
    let (whole, separator) = match text.rfind([',', '.']) {
        Some(at) if matches!(text.len() - at - 1, 1 | 2) => {
            let decimals = text.get(at + 1..)?;
            if decimals.bytes().any(|digit| digit != b'0') {
                return None;
            }
            (text.get(..at)?, text.chars().nth(at))
        }
        _ => (text, None),
    };
    let group = whole.chars().find(|c| !c.is_ascii_digit());
    let digits = match group {
        None => whole.to_owned(),
        Some(group @ ('.' | ',')) if Some(group) != separator => {
            let mut groups = whole.split(group);
            let first = groups.next()?;
            if !(1..=3).contains(&first.len()) || first.starts_with('0') {
                return None;
            }
            let rest: Vec<_> = groups.collect();
            if rest.iter().any(|group| group.len() != 3) {
                return None;
            }
            first.to_owned() + &rest.concat()
        }
        Some(_) => return None,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// A time in WIB: `27/11/2026 10:15:30`, `2026-11-27 10:15`, `27 Nov 2026 10.15 WIB`, or RFC 3339 with
/// any offset.
fn time(text: &str) -> Option<DateTime> {
    if let Ok(moment) = text.trim().parse::<Timestamp>() {
        let second = Timestamp::from_second(moment.as_second()).ok()?;
        return Some(WIB.to_datetime(second));
    }
    let words = words(text);
    let (day, rest) = split_day(&words)?;
    Some(day.to_datetime(clock(rest)?))
}

/// A day in WIB, alone or with a time.
pub(crate) fn day(text: &str) -> Option<Date> {
    if let Some(time) = time(text) {
        return Some(time.date());
    }
    let words = words(text);
    let (day, rest) = split_day(&words)?;
    rest.is_empty().then_some(day)
}

/// The words of a date, without `WIB`.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        // `2026-11-27T10:15`.
        let is_mark =
            c == 'T' && before.is_ascii_digit() && chars.peek().is_some_and(char::is_ascii_digit);
        spaced.push(if is_mark || c == ',' { ' ' } else { c });
        before = c;
    }
    let words = spaced.split_whitespace().map(str::to_lowercase);
    words.filter(|word| word != "wib").collect()
}

/// The day at the start of the words, and the remaining words.
fn split_day(words: &[String]) -> Option<(Date, &[String])> {
    let first = words.first()?;
    if let Some(separator) = first.chars().find(|c| ['/', '-'].contains(c)) {
        let parts: Vec<&str> = first.split(separator).collect();
        let [a, b, c] = parts.as_slice() else { return None };
        return Some((date(a, b, c)?, words.get(1..)?));
    }
    let [a, b, c, ..] = words else { return None };
    Some((date(a, b, c)?, words.get(3..)?))
}

/// Day, month, year; or year first; or an English month name first.
fn date(a: &str, b: &str, c: &str) -> Option<Date> {
    if a.len() == 4 && a.bytes().all(|byte| byte.is_ascii_digit()) {
        return new_date(a, month(b)?, c);
    }
    let (day, month) = match a.bytes().next()?.is_ascii_digit() {
        true => (a, month(b)?),
        false => (b, named_month(a)?),
    };
    if c.len() != 4 {
        return None;
    }
    new_date(c, month, day)
}

/// No database accepts a time before the year 1.
fn new_date(year: &str, month: i8, day: &str) -> Option<Date> {
    let year = digits(year, 4).filter(|&year| year > 0)?;
    Date::new(year, month, digits(day, 2)?.try_into().ok()?).ok()
}

fn month(text: &str) -> Option<i8> {
    match text.bytes().next()?.is_ascii_digit() {
        true => digits(text, 2)?.try_into().ok(),
        false => named_month(text),
    }
}

/// A month in Indonesian or English, in full or its first three letters.
fn named_month(text: &str) -> Option<i8> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "januari", "january"],
        &["feb", "februari", "february"],
        &["mar", "maret", "march"],
        &["apr", "april"],
        &["mei", "may"],
        &["jun", "juni", "june"],
        &["jul", "juli", "july"],
        &["agu", "agt", "ags", "aug", "agustus", "august"],
        &["sep", "sept", "september"],
        &["okt", "oct", "oktober", "october"],
        &["nov", "nop", "november", "nopember"],
        &["des", "dec", "desember", "december"],
    ];
    let text = text.trim_end_matches('.');
    let at = NAMES.iter().position(|names| names.contains(&text))?;
    i8::try_from(at + 1).ok()
}

/// `10:15:30`, `10:15` or `10.15.30`, optionally with `am` or `pm`.
fn clock(words: &[String]) -> Option<Time> {
    let (text, half) = match words {
        [text] => match text.strip_suffix("am").or_else(|| text.strip_suffix("pm")) {
            Some(clock) => (clock, text.get(clock.len()..)),
            None => (text.as_str(), None),
        },
        [text, half] if ["am", "pm"].contains(&half.as_str()) => {
            (text.as_str(), Some(half.as_str()))
        }
        _ => return None,
    };
    let separator = if text.contains(':') { ':' } else { '.' };
    let parts: Vec<&str> = text.split(separator).collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, *second),
        _ => return None,
    };
    let number = |text: &str| i8::try_from(digits(text, 2)?).ok();
    let hour = number(hour)?;
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
    };
    Time::new(hour, number(minute)?, number(second)?, 0).ok()
}

/// One digit or more, at most this many.
fn digits(text: &str, most: usize) -> Option<i16> {
    let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_whole_rupiah_in_indonesian_or_english() {
        for text in [
            "25578",
            "25.578",
            "25,578",
            "25.578,00",
            "25,578.00",
            "25578,0",
            "25578.00",
            "Rp25.578",
            "Rp. 25.578,-",
            " IDR 25,578 ",
        ] {
            assert_eq!(rupiah(text), Some(25_578), "{text}");
        }
        assert_eq!(rupiah("1.234.567"), Some(1_234_567));
        assert_eq!(rupiah("0"), Some(0));
    }

    #[test]
    fn what_is_no_whole_number_of_rupiah_is_no_amount() {
        for text in [
            "",
            "Rp",
            "-25578",
            "+1",
            "(25.578)",
            "25.578,50",
            "25578.5",
            "1.2345",
            "12.34.567",
            "1.234,567",
            "1.234.00",
            "0.000",
            "0.123",
            "2,5578E4",
            "25 578",
            "１２",
            ".578",
            "25..578",
            "99999999999999999999",
        ] {
            assert_eq!(rupiah(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_read_in_indonesian_or_english_as_wib() {
        let expected = Date::constant(2026, 8, 7).at(13, 5, 0, 0);
        for text in [
            "07/08/2026 13:05:00",
            "7/8/2026 13:05",
            "07-08-2026 13.05",
            "2026-08-07 13:05:00",
            "2026/08/07 13:05",
            "2026-08-07T13:05:00",
            "2026-08-07T13:05:00+07:00",
            "2026-08-07T06:05:00Z",
            "2026-08-07T06:05:00.25Z",
            "7 Agustus 2026 13:05 WIB",
            "7 Agu 2026, 13.05.00",
            "07-Aug-2026 1:05 PM",
            "August 7, 2026 1:05pm",
        ] {
            assert_eq!(time(text), Some(expected), "{text}");
            assert_eq!(day(text), Some(expected.date()), "{text}");
        }
        assert_eq!(time("07/08/2026 12:05 PM"), Some(expected.date().at(12, 5, 0, 0)));
        assert_eq!(time("07/08/2026 12:05 AM"), Some(expected.date().at(0, 5, 0, 0)));
    }

    #[test]
    fn a_number_of_a_workbook_is_an_amount_only_if_it_is_whole_and_a_time_only_of_this_century() {
        let number = |value| Cell::Number { value, epoch: 0.0 };
        assert_eq!(number(25_578.0).rupiah(), Some(25_578));
        for value in [25.578, -1.0, 1e15, f64::NAN, f64::INFINITY] {
            assert_eq!(number(value).rupiah(), None, "{value}");
            assert_eq!(number(value).word(), None, "{value}");
            assert_eq!(number(value).time(), None, "{value}");
        }
        assert_eq!(number(633_100_000_001.0).word().as_deref(), Some("633100000001"));
        // 27 November 2026, 10:15:30, and half a second before midnight.
        let day = Date::constant(2026, 11, 27);
        assert_eq!(number(46_353.427_430_555_55).time(), Some(day.at(10, 15, 30, 0)));
        assert_eq!(Cell::Day(46_353.999_996).time(), Some(day.at(0, 0, 0, 0) + 1.day()));
        assert_eq!(Cell::Day(46_353.0).day(), Some(day));
        let of_1904 = Cell::Number { value: 46_353.0 - 1_462.0, epoch: 1_462.0 };
        assert_eq!(of_1904.day(), Some(day));
        assert_eq!((Cell::Day(46_353.0).rupiah(), number(35_000.0).time()), (None, None));
        assert_eq!(Cell::Day(46_353.5).text(), "27/11/2026 12:00:00");
    }

    #[test]
    fn the_month_never_comes_first_in_digits_and_a_year_has_four() {
        for text in [
            "",
            "11/27/2026 10:15",
            "27/11/26 10:15",
            "30/02/2026 10:15",
            "27/11/2026 25:15",
            "27/11/2026 13:15 PM",
            "27/11/2026 10:15 x",
            "27/11/2026",
            "46353.42",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
        assert_eq!(day("27/11/2026"), Some(Date::constant(2026, 11, 27)));
        assert_eq!(day("27/11/2026 x"), None);
    }
}
