//! Days on which banks settle.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

/// National holidays, on which nothing is settled. No list is built in.
///
/// ```
/// use qris_settlement::Holidays;
///
/// // A Thursday, of which the Friday after it is a holiday.
/// let holidays = Holidays::from_iter(["2026-12-25".parse()?]);
/// let day = holidays.working_day_after("2026-12-24".parse()?, 1);
/// assert_eq!(day.to_string(), "2026-12-28");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Date>);

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

    /// Whether banks settle on this day.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&day.weekday());
        !weekend && !self.0.contains(&day)
    }

    /// The working day that is this many working days after a day.
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
