//! Working days, on which banks settle.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};

use crate::cell::day;

/// National holidays, on which nothing is settled. No list is built in, because the government decides each
/// year's.
///
/// As text: a day and a name a line, such as `2026-12-25 Hari Raya Natal`. Empty lines and text after `#` are
/// ignored.
///
/// ```
/// use qris_settlement::Holidays;
///
/// // A Thursday, of which the Friday after it is a holiday.
/// let holidays = Holidays::from_iter(["2026-12-25".parse()?]);
/// let day = holidays.working_day_after("2026-12-24".parse()?, 1);
/// assert_eq!(day.to_string(), "2026-12-28");
/// assert_eq!("# 2026\n25/12/2026 Hari Raya Natal\n".parse(), Ok(holidays));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Date>);

/// A line of a list of holidays does not begin with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected a day such as 2026-12-25 and its name, found another text")]
#[non_exhaustive]
pub struct HolidaysError {
    /// The line, from 1.
    pub line: usize,
}

impl FromStr for Holidays {
    type Err = HolidaysError;

    fn from_str(text: &str) -> Result<Self, HolidaysError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut days = BTreeSet::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.split('#').next().unwrap_or_default();
            let ends = |c: char| c.is_whitespace() || [',', ';'].contains(&c);
            let word = text.trim().split(ends).next().unwrap_or_default();
            if !word.is_empty() {
                days.insert(day(word).ok_or(HolidaysError { line })?);
            }
        }
        Ok(Self(days))
    }
}

impl Extend<Date> for Holidays {
    fn extend<I: IntoIterator<Item = Date>>(&mut self, days: I) {
        self.0.extend(days);
    }
}

impl FromIterator<Date> for Holidays {
    fn from_iter<I: IntoIterator<Item = Date>>(days: I) -> Self {
        Self(days.into_iter().collect())
    }
}

impl Holidays {
    /// No holidays: every day from Monday to Friday is a working day.
    pub fn none() -> Self {
        Self::default()
    }

    /// The national holidays with a fixed date: 1 January, 1 May, 1 June, 17 August and 25 December. More
    /// than half of the holidays have no fixed date and are missing.
    pub fn fixed(year: i16) -> Self {
        let days = [(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)];
        days.into_iter().filter_map(|(month, day)| Date::new(year, month, day).ok()).collect()
    }

    /// Whether a holiday of this year is listed.
    pub fn has_year(&self, year: i16) -> bool {
        self.0.iter().any(|day| day.year() == year)
    }

    /// Whether banks settle on this day.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&day.weekday());
        !weekend && !self.0.contains(&day)
    }

    /// The day that is this many working days after a day.
    pub fn working_day_after(&self, day: Date, count: u32) -> Date {
        let mut found = day;
        for _ in 0..count {
            // The calendar ends in the year 9999.
            while let Ok(next) = found.tomorrow() {
                found = next;
                if self.is_working_day(found) {
                    break;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_holidays_is_a_day_and_a_name_a_line() {
        let list = "\u{feff}# Libur nasional\r\n\r\n2026-12-25 Hari Raya Natal\r\n01/01/2027;Tahun Baru\n\
                    1/5/2027\t# Buruh\n";
        let days = ["2026-12-25", "2027-01-01", "2027-05-01"].map(|day| day.parse().unwrap());
        assert_eq!(list.parse(), Ok(Holidays::from_iter(days)));
        for wrong in ["Natal", "\n12/25/2026 Natal", "#\n2026-02-30"] {
            let line = wrong.lines().count();
            assert_eq!(wrong.parse::<Holidays>(), Err(HolidaysError { line }), "{wrong}");
        }
    }

    #[test]
    fn the_list_to_begin_with_has_the_fixed_days_of_its_years_and_no_others() {
        let list = include_str!("../libur.txt").parse::<Holidays>().unwrap();
        let mut fixed = Holidays::none();
        for year in 2026..=2030 {
            fixed.extend(Holidays::fixed(year).0);
            assert!(list.has_year(year) && Holidays::fixed(year).0.len() == 5);
        }
        assert_eq!(list, fixed);
        assert!(!list.has_year(2031));
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        // A Friday, and the Tuesday after it.
        let friday = Date::constant(2026, 11, 27);
        let holidays = Holidays::from_iter([Date::constant(2026, 12, 1)]);
        for (count, day) in
            [(0, "2026-11-27"), (1, "2026-11-30"), (2, "2026-12-02"), (4, "2026-12-04")]
        {
            assert_eq!(holidays.working_day_after(friday, count).to_string(), day);
        }
        assert_eq!(Holidays::none().working_day_after(friday, 2).to_string(), "2026-12-01");
        assert_eq!(Holidays::none().working_day_after(Date::MAX, 3), Date::MAX);
    }
}
