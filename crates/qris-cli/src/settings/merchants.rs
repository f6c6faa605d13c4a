//! The merchants of the settings, and the chosen one.

use std::path::Path;

use qris_ledger::MerchantName;

use super::defaults::{DEFAULT_FILE, non_empty};
use super::error::SettingsError;
use super::file::{MerchantTable, TableName};
use super::flags::Settings;
use super::key::KeySource;
use super::merchant::{MAIN, MerchantSettings};
use crate::messages::{format, message};

impl Settings {
    /// The folder of the file that counts the key's checks, if it is set.
    pub(crate) fn state_dir(&self) -> Result<Option<String>, SettingsError> {
        let in_file = non_empty(self.file()?.state_dir.clone());
        pick("state_dir", non_empty(self.state_dir.clone()), in_file, self.distrust())
    }

    /// All merchants: `main` first, if it is set, then the others by name.
    pub(crate) fn merchants(&self) -> Result<Vec<MerchantSettings>, SettingsError> {
        Ok(self.merchants_and_chosen()?.0)
    }

    /// The merchants of a service: the one that --merchant names, or all. Each must have a separate
    /// key.
    pub(crate) fn served_merchants(&self) -> Result<Vec<MerchantSettings>, SettingsError> {
        if non_empty(self.merchant.clone()).is_some() {
            return Ok(vec![self.merchant()?]);
        }
        let merchants = self.all_merchants()?;
        for (n, merchant) in merchants.iter().enumerate() {
            if let Some(other) = merchants[..n].iter().find(|one| one.shares_key_with(merchant)) {
                return Err(SettingsError(message!(
                    "settings-shared-key",
                    one = other.name,
                    other = merchant.name
                )));
            }
        }
        Ok(merchants)
    }

    /// The merchants of a report: the chosen one, or all if none is chosen.
    pub(crate) fn reported_merchants(&self) -> Result<Vec<MerchantName>, SettingsError> {
        let (mut merchants, chosen) = self.merchants_and_chosen()?;
        if let Some(chosen) = chosen {
            merchants = vec![merchants.swap_remove(chosen)];
        }
        Ok(merchants.into_iter().map(|merchant| merchant.name).collect())
    }

    /// The merchant that --merchant or QRIS_MERCHANT names, if one does.
    pub(crate) fn named_merchant(&self) -> Result<Option<MerchantName>, SettingsError> {
        match non_empty(self.merchant.clone()) {
            None => Ok(None),
            Some(_) => Ok(Some(self.merchant()?.name)),
        }
    }

    fn all_merchants(&self) -> Result<Vec<MerchantSettings>, SettingsError> {
        let file = self.file()?;
        let main = self.main_merchant()?;
        let others = file.merchants.iter().filter(|(name, _)| name.0.as_str() != MAIN);
        let others = others.map(|(name, table)| self.other_merchant(name, table.clone()));
        main.into_iter().map(Ok).chain(others).collect()
    }

    /// The chosen merchant: the one that --merchant names, or main, or the only one.
    pub(crate) fn merchant(&self) -> Result<MerchantSettings, SettingsError> {
        let (mut merchants, chosen) = self.merchants_and_chosen()?;
        match chosen {
            Some(chosen) => Ok(merchants.swap_remove(chosen)),
            None => {
                Err(SettingsError(message!("settings-choose-merchant", names = names(&merchants))))
            }
        }
    }

    /// All merchants, and the index of the chosen one, if any.
    pub(super) fn merchants_and_chosen(
        &self,
    ) -> Result<(Vec<MerchantSettings>, Option<usize>), SettingsError> {
        let merchants = self.all_merchants()?;
        let position =
            |name: &str| merchants.iter().position(|merchant| merchant.name.as_str() == name);
        let chosen = match non_empty(self.merchant.clone()) {
            None if merchants.len() == 1 => Some(0),
            None => position(MAIN),
            Some(name) => {
                let chosen = position(&name).ok_or_else(|| {
                    SettingsError(message!("settings-other-merchant", names = names(&merchants)))
                })?;
                if name != MAIN {
                    self.ensure_no_flags_of_main()?;
                }
                Some(chosen)
            }
        };
        Ok((merchants, chosen))
    }

    /// The settings from flags, from the environment, and from the file: outside tables or in the table
    /// `[merchant.main]`. `None` if all merchants have tables with other names.
    fn main_merchant(&self) -> Result<Option<MerchantSettings>, SettingsError> {
        let file = self.file()?;
        let outside = file.top_level().without_empty();
        let table = file.merchants.get(&TableName(MerchantName::default())).cloned();
        let (in_file, place) = match (table, outside.any_name()) {
            (Some(_), Some(name)) => {
                return Err(SettingsError(message!(
                    "settings-main-in-two-places",
                    file = self.path().display(),
                    name = name
                )));
            }
            (Some(table), None) => (table.without_empty(), self.place_of(MAIN)),
            (None, _) => (outside, self.path().display().to_string()),
        };
        let own = self.own_table();
        let key_text = non_empty(std::env::var("QRIS_API_KEY").ok());
        let has_others = file.merchants.keys().any(|name| name.0.as_str() != MAIN);
        if has_others && key_text.is_none() && !in_file.has_key() {
            return match own.any_name().or(in_file.any_name()) {
                None => Ok(None),
                Some(name) => Err(SettingsError(message!(
                    "settings-outside-of-tables",
                    name = name,
                    file = self.path().display()
                ))),
            };
        }
        ensure_one_key(&in_file, &place)?;
        let other = self.distrust();
        let is_found_without_key = self.file.is_none() && !in_file.has_key();
        let account = other.or(is_found_without_key.then_some("settings-without-a-key"));
        let key = match key_text {
            Some(key) => Some(KeySource::Text(key)),
            None => self.key_of(&in_file),
        };
        let table = MerchantTable {
            api_key: None,
            api_key_file: None,
            base_url: pick("base_url", own.base_url, in_file.base_url, account)?,
            merchant_id: pick("merchant_id", own.merchant_id, in_file.merchant_id, account)?,
            nmid: pick("nmid", own.nmid, in_file.nmid, other)?,
            shown_minutes: pick("shown_minutes", own.shown_minutes, in_file.shown_minutes, other)?,
            validity_minutes: pick(
                "validity_minutes",
                own.validity_minutes,
                in_file.validity_minutes,
                other,
            )?,
            timeout_seconds: pick(
                "timeout_seconds",
                own.timeout_seconds,
                in_file.timeout_seconds,
                other,
            )?,
            checks_per_minute: pick(
                "checks_per_minute",
                own.checks_per_minute,
                in_file.checks_per_minute,
                other,
            )?,
            webhook_token: pick("webhook_token", None, in_file.webhook_token, other)?,
            // These settings must not be used with any key.
            settlement: in_file.settlement,
        };
        let state_dir = self.state_dir()?;
        Ok(Some(MerchantSettings { name: MerchantName::default(), place, key, table, state_dir }))
    }

    /// A merchant whose settings are only in a table.
    fn other_merchant(
        &self,
        name: &TableName,
        table: MerchantTable,
    ) -> Result<MerchantSettings, SettingsError> {
        let (place, table) = (self.place_of(name.0.as_str()), table.without_empty());
        ensure_one_key(&table, &place)?;
        let (key, state_dir) = (self.key_of(&table), self.state_dir()?);
        Ok(MerchantSettings { name: name.0.clone(), place, key, table, state_dir })
    }

    fn key_of(&self, table: &MerchantTable) -> Option<KeySource> {
        let file = table.api_key_file.as_ref().map(|file| KeySource::File {
            path: self.path().parent().unwrap_or(Path::new("")).join(file),
            is_named: self.file.is_some(),
        });
        file.or(table.api_key.clone().map(KeySource::Text))
    }

    /// The settings of main from flags and the environment, without the key.
    fn own_table(&self) -> MerchantTable {
        let table = MerchantTable {
            api_key: None,
            api_key_file: None,
            merchant_id: self.merchant_id.clone(),
            base_url: self.base_url.clone(),
            nmid: self.nmid.clone(),
            shown_minutes: self.shown_minutes,
            validity_minutes: self.validity_minutes,
            timeout_seconds: self.timeout_seconds,
            checks_per_minute: self.checks_per_minute,
            // Only the till uses this variable.
            webhook_token: None,
            settlement: None,
        };
        table.without_empty()
    }

    /// Refuses flags of main together with another merchant, because they would have no effect.
    fn ensure_no_flags_of_main(&self) -> Result<(), SettingsError> {
        let own = self.own_table();
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let all = [
            ("merchant_id", own.merchant_id),
            ("base_url", own.base_url),
            ("nmid", own.nmid),
            ("shown_minutes", number(own.shown_minutes)),
            ("validity_minutes", number(own.validity_minutes)),
            ("timeout_seconds", number(own.timeout_seconds)),
            ("checks_per_minute", number(own.checks_per_minute)),
        ];
        for (name, value) in all {
            // The environment may always have the variables of main.
            if value.is_some() && value != std::env::var(variable(name)).ok() {
                return Err(SettingsError(message!(
                    "settings-for-main-alone",
                    flag = flag(name),
                    name = name,
                    file = self.path().display()
                )));
            }
        }
        Ok(())
    }

    /// Why the settings file must not be used with a key that is not from this file, if so. A file that
    /// was found in the current folder, but not named, must not decide how a key from the environment
    /// is used. The result is the key of a message.
    pub(super) fn distrust(&self) -> Option<&'static str> {
        let is_found = self.file.is_none();
        let has_key = non_empty(std::env::var("QRIS_API_KEY").ok()).is_some();
        (is_found && has_key).then_some("settings-beside-a-key")
    }

    /// Whether the settings file was only found, and its values are not used with the key.
    pub(crate) fn is_distrusted(&self) -> bool {
        self.distrust().is_some()
    }

    fn place_of(&self, merchant: &str) -> String {
        message!("settings-place-of-merchant", name = merchant, file = self.path().display())
    }
}

/// A setting from a flag or the environment; otherwise from the file, unless there is a reason to
/// distrust the file.
pub(super) fn pick<T>(
    name: &str,
    own: Option<T>,
    in_file: Option<T>,
    distrust: Option<&str>,
) -> Result<Option<T>, SettingsError> {
    match (own, in_file, distrust) {
        (None, Some(_), Some(found)) => Err(SettingsError(message!(
            "settings-elsewhere",
            name = name,
            file = DEFAULT_FILE,
            found = format(found, &[]),
            own = match name {
                "webhook_token" => variable(name),
                name => message!(
                    "settings-flag-or-variable",
                    flag = flag(name),
                    variable = variable(name)
                ),
            }
        ))),
        (own, in_file, _) => Ok(own.or(in_file)),
    }
}

fn ensure_one_key(table: &MerchantTable, place: &str) -> Result<(), SettingsError> {
    if table.api_key.is_some() && table.api_key_file.is_some() {
        return Err(SettingsError(message!("settings-two-keys", place = place)));
    }
    Ok(())
}

fn flag(name: &str) -> String {
    match name {
        "database_url" => "--database".to_owned(),
        name => format!("--{}", name.replace('_', "-")),
    }
}

fn variable(name: &str) -> String {
    format!("QRIS_{}", name.to_uppercase())
}

fn names(merchants: &[MerchantSettings]) -> String {
    let names: Vec<&str> = merchants.iter().map(|merchant| merchant.name.as_str()).collect();
    names.join(", ")
}
