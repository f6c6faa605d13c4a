//! The settlement terms of a merchant: the tables `[settlement]` and
//! `[merchant.NAME.settlement]`.

use std::fs;

use qris_settlement::{Column, Columns, Holidays, MdrTable, Terms, TransferFees};

use super::error::SettingsError;
use super::flags::Settings;
use super::merchant::MerchantSettings;
use super::tables::{Day, HolidayList, SettlementTable};

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
