//! The MDR: the provider's fee for each payment.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// Bank Indonesia's criteria of merchants, by turnover or by what they sell.
///
/// ```
/// use qris_settlement::Criteria;
///
/// assert_eq!("umi".parse(), Ok(Criteria::Umi));
/// assert_eq!(Criteria::PublicService.to_string(), "public-service");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Criteria {
    /// Micro.
    Umi,
    /// Small.
    Uke,
    /// Medium.
    Ume,
    /// Large.
    Ube,
    /// Regular.
    Ure,
    /// Schools.
    Education,
    /// Fuel.
    Fuel,
    /// BLU and PSO: public services.
    PublicService,
}

const WORDS: [(Criteria, &str); 8] = [
    (Criteria::Umi, "umi"),
    (Criteria::Uke, "uke"),
    (Criteria::Ume, "ume"),
    (Criteria::Ube, "ube"),
    (Criteria::Ure, "ure"),
    (Criteria::Education, "education"),
    (Criteria::Fuel, "fuel"),
    (Criteria::PublicService, "public-service"),
];

impl fmt::Display for Criteria {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WORDS.iter().find(|word| word.0 == *self).map_or("", |word| word.1))
    }
}

/// The text is not the name of a criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected umi, uke, ume, ube, ure, education, fuel or public-service, found another word")]
pub struct UnknownCriteria;

impl FromStr for Criteria {
    type Err = UnknownCriteria;

    fn from_str(text: &str) -> Result<Self, UnknownCriteria> {
        WORDS.iter().find(|word| word.1 == text).map(|word| word.0).ok_or(UnknownCriteria)
    }
}

/// A rate of an [`MdrTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MdrRate {
    /// The criteria that it applies to.
    pub criteria: Criteria,
    /// The first day on which it applies.
    pub from: Date,
    /// The largest amount in rupiah that it applies to; `None` for any.
    pub up_to: Option<u64>,
    /// The rate in hundredths of a per cent: 70 is 0.7 %.
    pub basis_points: u32,
}

/// The rates by criteria, day and amount. `MdrTable::default()` has Bank Indonesia's rates since 1 July 2023.
///
/// It has no rates before that day. A payment on a day without a rate has no known MDR. The merchant pays the
/// MDR: it is subtracted from the settlement, and never added to a price.
///
/// ```
/// use qris_settlement::{Criteria, MdrRate, MdrTable};
///
/// let table = MdrTable::default();
/// let day = "2026-11-27".parse()?;
/// assert_eq!(table.mdr(Criteria::Umi, day, 500_000), Some(0));
/// assert_eq!(table.mdr(Criteria::Umi, day, 500_001), Some(1_500));
/// // 0.7 % of Rp25,578 is Rp179.046.
/// assert_eq!(table.mdr(Criteria::Uke, day, 25_578), Some(179));
/// assert_eq!(table.mdr(Criteria::Uke, "2023-06-30".parse()?, 25_578), None);
///
/// let mine = MdrRate { criteria: Criteria::Uke, from: day, up_to: None, basis_points: 63 };
/// assert_eq!(MdrTable::new([mine]).mdr(Criteria::Uke, day, 10_000), Some(63));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MdrTable(Vec<MdrRate>);

impl Default for MdrTable {
    fn default() -> Self {
        let since = Date::constant;
        let start = since(2023, 7, 1);
        let rate =
            |criteria, from, up_to, basis_points| MdrRate { criteria, from, up_to, basis_points };
        Self(vec![
            rate(Criteria::Umi, start, None, 30),
            rate(Criteria::Umi, since(2023, 9, 1), Some(100_000), 0),
            rate(Criteria::Umi, since(2024, 12, 1), Some(500_000), 0),
            rate(Criteria::Uke, start, None, 70),
            rate(Criteria::Ume, start, None, 70),
            rate(Criteria::Ube, start, None, 70),
            rate(Criteria::Ure, start, None, 70),
            rate(Criteria::Education, start, None, 60),
            rate(Criteria::Fuel, start, None, 40),
            rate(Criteria::PublicService, start, None, 40),
            rate(Criteria::PublicService, since(2025, 3, 14), None, 0),
        ])
    }
}

impl MdrTable {
    /// A table of these rates. If several apply, the one with the latest first day is used; on the same first
    /// day, the one for the smallest amounts.
    pub fn new(rates: impl IntoIterator<Item = MdrRate>) -> Self {
        Self(rates.into_iter().collect())
    }

    /// The table with one more rate. It takes precedence over an earlier rate with the same first day and
    /// amounts.
    #[must_use]
    pub fn with(mut self, rate: MdrRate) -> Self {
        self.0.push(rate);
        self
    }

    /// The MDR of one payment in whole rupiah, rounded to the nearest; half a rupiah is rounded up. `None` if
    /// the table has no rate for that day.
    pub fn mdr(&self, criteria: Criteria, day: Date, amount: u64) -> Option<u64> {
        let holds = |rate: &&MdrRate| {
            rate.criteria == criteria
                && rate.from <= day
                && rate.up_to.is_none_or(|most| amount <= most)
        };
        let smallest =
            |rate: &&MdrRate| (rate.from, std::cmp::Reverse(rate.up_to.unwrap_or(u64::MAX)));
        let rate = self.0.iter().filter(holds).max_by_key(smallest)?;
        let exact = u128::from(amount) * u128::from(rate.basis_points);
        u64::try_from((exact + 5_000) / 10_000).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rate_holds_from_its_first_day_up_to_its_largest_amount() {
        let table = MdrTable::default();
        for (criteria, day, amount, mdr) in [
            (Criteria::Umi, "2023-06-30", 100_000, None),
            (Criteria::Umi, "2023-07-01", 100_000, Some(300)),
            (Criteria::Umi, "2023-08-31", 100_000, Some(300)),
            (Criteria::Umi, "2023-09-01", 100_000, Some(0)),
            (Criteria::Umi, "2023-09-01", 100_001, Some(300)),
            (Criteria::Umi, "2024-11-30", 500_000, Some(1_500)),
            (Criteria::Umi, "2024-12-01", 500_000, Some(0)),
            (Criteria::Umi, "2024-12-01", 1_000_000, Some(3_000)),
            (Criteria::Uke, "2026-01-01", 1_000_000, Some(7_000)),
            (Criteria::Ume, "2026-01-01", 1_000_000, Some(7_000)),
            (Criteria::Ube, "2026-01-01", 1_000_000, Some(7_000)),
            (Criteria::Ure, "2026-01-01", 1_000_000, Some(7_000)),
            (Criteria::Education, "2026-01-01", 1_000_000, Some(6_000)),
            (Criteria::Fuel, "2026-01-01", 1_000_000, Some(4_000)),
            (Criteria::PublicService, "2025-03-13", 1_000_000, Some(4_000)),
            (Criteria::PublicService, "2025-03-14", 1_000_000, Some(0)),
        ] {
            let day = day.parse().unwrap();
            assert_eq!(table.mdr(criteria, day, amount), mdr, "{criteria} {day} {amount}");
        }
    }

    #[test]
    fn half_a_rupiah_is_rounded_up_and_less_is_rounded_down() {
        let (table, day) = (MdrTable::default(), Date::constant(2026, 1, 1));
        // 0.5, 0.496, 1.496 and 1.5 rupiah.
        assert_eq!(table.mdr(Criteria::Fuel, day, 125), Some(1));
        assert_eq!(table.mdr(Criteria::Fuel, day, 124), Some(0));
        assert_eq!(table.mdr(Criteria::Fuel, day, 374), Some(1));
        assert_eq!(table.mdr(Criteria::Fuel, day, 375), Some(2));
        assert_eq!(table.mdr(Criteria::Uke, day, u64::MAX), Some(129_127_208_515_966_861));
    }
}
