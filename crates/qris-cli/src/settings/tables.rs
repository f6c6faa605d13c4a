//! The tables `[printer.NAME]`, `[journal]` and `[settlement]` of the settings file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use qris_settlement::MdrRate;
use serde::Deserialize;

/// The keys of a `[printer.NAME]` table.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrinterTable {
    pub(super) address: Option<String>,
    pub(super) device: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) cut: Option<bool>,
    pub(super) drawer: Option<String>,
    pub(super) auto: Option<bool>,
    pub(super) status: Option<bool>,
    pub(super) language: Option<String>,
}

/// The keys of the table `[journal]`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JournalTable {
    pub(super) receivable: Option<String>,
    pub(super) bank: Option<String>,
    pub(super) waiting: Option<String>,
    pub(super) sales: Option<String>,
    pub(super) mdr: Option<String>,
    pub(super) transfer_fee: Option<String>,
    pub(super) tips: Option<String>,
    pub(super) differences: Option<String>,
    pub(super) unbooked: Option<String>,
}

/// The keys of a table `[settlement]` or `[merchant.NAME.settlement]`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlementTable {
    pub(super) criteria: Option<String>,
    /// The name of the bank that receives the money.
    pub(super) bank: Option<String>,
    pub(super) transfer_minimum: Option<u64>,
    /// The fee of a transfer, unless it is a small one with a separate fee.
    pub(super) transfer_fee: Option<u64>,
    pub(super) small_transfer_fee: Option<u64>,
    pub(super) small_transfer_below: Option<u64>,
    pub(super) due_days: Option<u32>,
    pub(super) holidays: Option<HolidayList>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) mdr: Vec<MdrRow>,
}

/// A file, or the days themselves.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum HolidayList {
    File(String),
    Days(Vec<Day>),
}

/// A day, with or without quotation marks.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Day {
    Text(String),
    Date(toml::value::Datetime),
}

/// A rate agreed with the provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MdrRow {
    pub(super) criteria: String,
    pub(super) from: Day,
    pub(super) up_to: Option<u64>,
    pub(super) percent: Percent,
}

/// `0.7`, with or without quotation marks.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Percent {
    Text(String),
    Whole(u32),
    Number(f64),
}

impl Day {
    /// The day, or what was expected.
    pub(super) fn date(&self) -> Result<Date, &'static str> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Date(date) => date.to_string(),
        };
        text.parse().map_err(|_| "expected a day such as 2026-12-25, found another value")
    }
}

impl MdrRow {
    /// The rate, or what is wrong.
    pub(super) fn rate(&self) -> Result<MdrRate, String> {
        Ok(MdrRate {
            criteria: self.criteria.parse().map_err(|error| format!("{error}"))?,
            from: self.from.date()?,
            up_to: self.up_to,
            basis_points: self.percent.basis_points().ok_or(
                "expected a percent of 0 to 100 with at most two decimals, such as 0.7, found \
                 another value",
            )?,
        })
    }
}

impl Percent {
    /// Parses hundredths of a percent from the digits, without floating point.
    fn basis_points(&self) -> Option<u32> {
        let text = match self {
            Self::Text(text) => text.trim().replace(',', "."),
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
        };
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, "0"));
        let are_digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !are_digits(whole, 3) || !are_digits(decimals, 2) {
            return None;
        }
        let decimals: u32 = format!("{decimals:0<2}").parse().ok()?;
        let basis_points = whole.parse::<u32>().ok()? * 100 + decimals;
        (basis_points <= 10_000).then_some(basis_points)
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn a_percent_is_read_from_its_digits_and_has_at_most_two_decimals() {
        let text = |text: &str| Percent::Text(text.into()).basis_points();
        for (written, found) in
            [("0.7", 70), ("0,63", 63), ("1", 100), ("100", 10_000), ("0.05", 5), ("0", 0)]
        {
            assert_eq!(text(written), Some(found), "{written}");
        }
        for wrong in ["", ".7", "0.", "0.705", "100.01", "-1", "+1", "0.7%", "1e1"] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
        assert_eq!(Percent::Number(0.7).basis_points(), Some(70));
        assert_eq!(Percent::Number(0.29).basis_points(), Some(29));
        assert_eq!(Percent::Number(f64::NAN).basis_points(), None);
        assert_eq!(Percent::Whole(1).basis_points(), Some(100));
    }
}
