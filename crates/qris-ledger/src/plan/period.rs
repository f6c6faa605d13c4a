//! The dates on which a plan's orders are made.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// How often a plan makes an order. Dates are in WIB.
///
/// ```
/// use qris_ledger::Period;
/// use qris_ledger::jiff::civil::date;
///
/// let last = Period::Monthly { day: 31 };
/// let first = last.first_from(date(2026, 11, 15));
/// assert_eq!(first, Some(date(2026, 11, 30)));
/// assert_eq!(last.after(date(2026, 11, 15), date(2026, 11, 30)), Some(date(2026, 12, 31)));
/// assert_eq!(last.name(date(2026, 12, 31)), "2026-12");
/// assert_eq!(Period::Weekly.name(date(2026, 12, 31)), "2026-W53");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Period {
    /// Every seven days from the plan's first date.
    Weekly,
    /// Each month on this day, 1 to 31. In a shorter month it is the last day, so 31 is the last day of each
    /// month.
    Monthly {
        /// The day of the month.
        day: u8,
    },
    /// Each year on the day of the plan's first date. 29 February becomes 28 February in other years.
    Yearly,
}

impl Period {
    /// The last day of each month.
    pub const LAST_DAY: Self = Self::Monthly { day: 31 };

    /// The word in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly { .. } => "monthly",
            Self::Yearly => "yearly",
        }
    }

    pub(crate) const fn day(self) -> Option<u8> {
        match self {
            Self::Monthly { day } => Some(day),
            Self::Weekly | Self::Yearly => None,
        }
    }

    /// The date of the first order of a plan with this first date; `None` at the end of the calendar.
    pub fn first_from(self, first: Date) -> Option<Date> {
        match self {
            Self::Weekly | Self::Yearly => Some(first),
            Self::Monthly { day } => {
                let date = in_month(first.year(), first.month(), day)?;
                if date >= first { Some(date) } else { self.after(first, date) }
            }
        }
    }

    /// The date of the order after `date`, for a plan with this first date; `None` at the end of the
    /// calendar.
    pub fn after(self, first: Date, date: Date) -> Option<Date> {
        match self {
            Self::Weekly => date.checked_add(1.week()).ok(),
            Self::Monthly { day } => {
                let next = date.first_of_month().checked_add(1.month()).ok()?;
                in_month(next.year(), next.month(), day)
            }
            Self::Yearly => {
                let year = date.year().checked_add(1)?;
                in_month(year, first.month(), u8::try_from(first.day()).ok()?)
            }
        }
    }

    /// The part after the prefix in an order's number: `2026-W49`, `2026-12` or `2026`. It is different for
    /// each date of a plan.
    pub fn name(self, date: Date) -> String {
        match self {
            Self::Weekly => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Monthly { .. } => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Yearly => format!("{:04}", date.year()),
        }
    }
}

/// This day of a month, or the month's last day.
fn in_month(year: i16, month: i8, day: u8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    let day = i8::try_from(day).ok()?.min(first.days_in_month());
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    fn dates(period: Period, first: Date, count: usize) -> Vec<Date> {
        let start = period.first_from(first);
        std::iter::successors(start, |&date| period.after(first, date)).take(count).collect()
    }

    #[test]
    fn a_month_without_the_day_takes_its_last_and_the_next_month_has_the_day_again() {
        let dates = dates(Period::Monthly { day: 30 }, date(2027, 12, 31), 3);
        assert_eq!(dates, [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30)]);
        let last = self::dates(Period::LAST_DAY, date(2026, 1, 31), 4);
        assert_eq!(
            last,
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
        );
    }

    #[test]
    fn a_leap_day_comes_back_in_the_next_leap_year() {
        let dates = dates(Period::Yearly, date(2028, 2, 29), 5);
        assert_eq!(dates[1], date(2029, 2, 28));
        assert_eq!(dates[4], date(2032, 2, 29));
    }

    #[test]
    fn no_two_dates_of_ten_years_have_the_same_name() {
        for period in [Period::Weekly, Period::Monthly { day: 1 }, Period::LAST_DAY, Period::Yearly]
        {
            for start in 0..400 {
                let first = date(2026, 1, 1).checked_add(start.days()).expect("a date");
                let dates = dates(period, first, 520);
                let names: BTreeSet<String> = dates.iter().map(|&date| period.name(date)).collect();
                assert_eq!(names.len(), dates.len(), "{period:?} from {first}");
            }
        }
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        for period in [Period::Weekly, Period::LAST_DAY, Period::Yearly] {
            assert_eq!(period.after(Date::MAX, Date::MAX), None, "{period:?}");
        }
        assert_eq!(Period::Monthly { day: 1 }.first_from(Date::MAX), None);
    }
}
