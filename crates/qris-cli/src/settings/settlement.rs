//! The settlement terms of a merchant: the tables `[settlement]` and
//! `[merchant.NAME.settlement]`.

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::Date;
use qris_settlement::{Column, Columns, Holidays, MdrRate, MdrTable, Terms, TransferFees};
use serde::Deserialize;

use super::{MerchantSettings, Settings, SettingsError};

/// The keys of such a table.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlementTable {
    criteria: Option<String>,
    /// The name of the bank that receives the money.
    bank: Option<String>,
    transfer_minimum: Option<u64>,
    /// The fee of a transfer, unless it is a small one with a separate fee.
    transfer_fee: Option<u64>,
    small_transfer_fee: Option<u64>,
    small_transfer_below: Option<u64>,
    due_days: Option<u32>,
    holidays: Option<HolidayList>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    mdr: Vec<MdrRow>,
}

/// A file, or the days themselves.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum HolidayList {
    File(String),
    Days(Vec<Day>),
}

/// A day, with or without quotation marks.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Day {
    Text(String),
    Date(toml::value::Datetime),
}

/// A rate agreed with the provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MdrRow {
    criteria: String,
    from: Day,
    up_to: Option<u64>,
    percent: Percent,
}

/// `0.7`, with or without quotation marks.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Percent {
    Text(String),
    Whole(u32),
    Number(f64),
}

/// The terms agreed with the provider, and the column names of its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SettlementSettings {
    pub(crate) terms: Terms,
    pub(crate) columns: Columns,
}

impl Settings {
    /// The settlement terms of a merchant. The path of a holiday file is relative to the settings file.
    pub(crate) fn settlement(
        &self,
        merchant: &MerchantSettings,
    ) -> Result<SettlementSettings, SettingsError> {
        let Some(table) = &merchant.table.settlement else {
            return Ok(SettlementSettings::default());
        };
        let wrong = |key: &str, error: &dyn std::fmt::Display| {
            SettingsError(format!("settlement.{key} in {}: {error}", merchant.place()))
        };
        let mut terms = Terms::default();
        if let Some(word) = &table.criteria {
            terms.criteria = Some(word.parse().map_err(|error| wrong("criteria", &error))?);
        }
        terms.mdr = table.mdr.iter().try_fold(MdrTable::default(), |mdr, row| {
            row.rate().map(|rate| mdr.with(rate)).map_err(|error| wrong("mdr", &error))
        })?;
        terms.transfer = table.transfer();
        if let Some(days) = table.due_days {
            if days > 60 {
                return Err(wrong("due_days", &format!("expected 0 to 60, found {days}")));
            }
            terms.due_days = days;
        }
        terms.holidays = match &table.holidays {
            None => Holidays::none(),
            Some(HolidayList::Days(days)) => {
                let days = days.iter().map(Day::date).collect::<Result<Holidays, _>>();
                days.map_err(|error| wrong("holidays", &error))?
            }
            Some(HolidayList::File(name)) => {
                let path = self.beside_file(name.clone());
                let named = |error: &dyn std::fmt::Display| {
                    wrong("holidays", &format!("{}: {error}", path.display()))
                };
                let text = fs::read_to_string(&path).map_err(|error| named(&error))?;
                text.parse().map_err(|error| named(&error))?
            }
        };
        let mut columns = Columns::default();
        for (column, name) in &table.columns {
            let column: Column = column.parse().map_err(|error| wrong("columns", &error))?;
            if !name.chars().any(char::is_alphanumeric) {
                return Err(wrong("columns", &format!("expected a name for {column}, found none")));
            }
            columns = columns.with(column, name);
        }
        Ok(SettlementSettings { terms, columns })
    }
}

impl SettlementTable {
    /// The fees, if the bank or a fee is named.
    fn transfer(&self) -> Option<TransferFees> {
        let is_set = self.bank.is_some()
            || self.transfer_fee.is_some()
            || self.small_transfer_fee.is_some()
            || self.small_transfer_below.is_some()
            || self.transfer_minimum.is_some();
        if !is_set {
            return None;
        }
        let mut fees = TransferFees::to_bank(self.bank.as_deref().unwrap_or("bca"));
        if let Some(fee) = self.transfer_fee {
            (fees.fee, fees.small_fee) = (fee, fee);
        }
        fees.small_fee = self.small_transfer_fee.unwrap_or(fees.small_fee);
        fees.small_below = self.small_transfer_below.unwrap_or(fees.small_below);
        fees.minimum = self.transfer_minimum.unwrap_or(fees.minimum);
        Some(fees)
    }
}

impl Day {
    fn date(&self) -> Result<Date, &'static str> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Date(date) => date.to_string(),
        };
        text.parse().map_err(|_| "expected a day such as 2026-12-25, found another value")
    }
}

impl MdrRow {
    fn rate(&self) -> Result<MdrRate, String> {
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
