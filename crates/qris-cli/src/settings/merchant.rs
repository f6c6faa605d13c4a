//! The settings of one merchant.

use std::time::Duration;

use qris_api::{ApiKey, CheckBudget, ClientBuilder, MerchantId, Schedule, limits};
use qris_ledger::{Budget, MerchantName};

use super::error::SettingsError;
use super::file::MerchantTable;
use super::key::KeySource;
use crate::messages::message;

/// The merchant whose settings are flags, the environment and the top of the settings file.
pub(crate) const MAIN: &str = "main";

/// The settings of one merchant. A missing or wrong setting is reported when it is read.
pub(crate) struct MerchantSettings {
    pub(super) name: MerchantName,
    /// Where this merchant's settings are, for error messages.
    pub(super) place: String,
    pub(super) key: Option<KeySource>,
    /// All other settings. Its key is not used.
    pub(super) table: MerchantTable,
    pub(super) state_dir: Option<String>,
}

impl MerchantSettings {
    pub(crate) const fn name(&self) -> &MerchantName {
        &self.name
    }

    /// Whether its settings are flags, the environment and the top of the settings file.
    pub(crate) fn is_main(&self) -> bool {
        self.name.as_str() == MAIN
    }

    /// A client builder with these settings; the caller adds its own.
    pub(crate) fn client_builder(&self) -> Result<ClientBuilder, SettingsError> {
        let is_main = self.is_main();
        let absent = |main: String, other: String| {
            let what = if is_main { main } else { other };
            SettingsError(message!("settings-absent", what = what, place = self.place))
        };
        let key = self.key.as_ref().ok_or_else(|| {
            absent(message!("settings-any-key"), message!("settings-key-of-table"))
        })?;
        let merchant = self.table.merchant_id.clone().ok_or_else(|| {
            absent(message!("settings-any-merchant-id"), "merchant_id".to_owned())
        })?;
        let invalid = |error: qris_api::Invalid| {
            let place = if is_main { String::new() } else { format!("{}: ", self.place) };
            SettingsError(format!("{place}{error}"))
        };
        let key = ApiKey::parse(key.read()?).map_err(invalid)?;
        let merchant = MerchantId::parse(merchant).map_err(invalid)?;
        let mut builder = qris_api::Client::builder(key, merchant)
            .schedule(self.schedule()?)
            .total_timeout(self.timeout()?)
            .budget(CheckBudget::per_minute(self.budget()?.checks_per_minute));
        if let Some(folder) = &self.state_dir {
            builder = builder.state_dir(folder);
        }
        if let Some(url) = &self.table.base_url {
            builder = builder.base_url(url);
        }
        Ok(builder)
    }

    /// The client of the API.
    pub(crate) fn client(&self) -> Result<qris_api::Client, SettingsError> {
        self.client_builder()?.build().map_err(|error| SettingsError(error.to_string()))
    }

    /// The address of the API, if one is set.
    pub(crate) fn base_url(&self) -> Option<&str> {
        self.table.base_url.as_deref()
    }

    /// Whether the API is a sandbox. Plain HTTP is allowed only to this machine, so it must be one.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.base_url().is_some_and(|url| url.starts_with("http://"))
    }

    /// A description of the provider, for messages.
    pub(crate) fn provider(&self) -> String {
        let host = self.base_url().and_then(|url| url.split_once("://")?.1.split('/').next());
        match host {
            Some(host) if self.is_sandbox() => message!("settings-sandbox", host = host),
            Some(host) => message!("settings-provider-at", host = host),
            None => message!("settings-provider"),
        }
    }

    /// The merchant's national ID, if it is set. Otherwise the ID of the first invoice is used.
    pub(crate) fn nmid(&self) -> Option<&str> {
        self.table.nmid.as_deref()
    }

    /// The secret part of its webhook's address, if the settings file has it.
    pub(crate) fn webhook_token(&self) -> Option<&str> {
        self.table.webhook_token.as_deref()
    }

    /// Where this merchant's settings are.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// How long a code is shown and valid, and when it is checked.
    pub(crate) fn schedule(&self) -> Result<Schedule, SettingsError> {
        let default = Schedule::default();
        let in_minutes = |time: Duration| u32::try_from(time.as_secs() / 60).unwrap_or(u32::MAX);
        let validity = self.table.validity_minutes.unwrap_or(in_minutes(default.validity));
        self.ensure_in("validity_minutes", validity, 1, u32::MAX)?;
        let shown = self.table.shown_minutes.unwrap_or(validity.min(in_minutes(default.shown)));
        self.ensure_in("shown_minutes", shown, 1, u32::MAX)?;
        if shown > validity {
            return Err(SettingsError(message!(
                "settings-shown-too-long",
                validity = validity,
                shown = shown
            )));
        }
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        let (shown, validity) = (minutes(shown), minutes(validity));
        Ok(default.with_shown(shown).with_validity(validity))
    }

    /// How long an API call may take.
    pub(crate) fn timeout(&self) -> Result<Duration, SettingsError> {
        let Some(seconds) = self.table.timeout_seconds else { return Ok(limits::CALL_TIMEOUT) };
        self.ensure_in("timeout_seconds", seconds, 1, 600)?;
        Ok(Duration::from_secs(seconds.into()))
    }

    /// How many checks the key may make. No other process checks an invoice while a check may still run.
    pub(crate) fn budget(&self) -> Result<Budget, SettingsError> {
        let default = Budget::default();
        let checks_per_minute = self.table.checks_per_minute.unwrap_or(default.checks_per_minute);
        self.ensure_in("checks_per_minute", checks_per_minute, 1, u32::MAX)?;
        let claim = qris_orders::claim_time(self.timeout()?);
        Ok(default.with_checks_per_minute(checks_per_minute).with_claim(claim))
    }

    /// After this time no process can still wait for the reply to a request.
    pub(crate) fn abandon_after(&self) -> Result<Duration, SettingsError> {
        Ok(qris_orders::abandon_time(self.timeout()?))
    }

    /// Whether both have the same key at the same provider. The provider counts their checks together.
    pub(crate) fn shares_key_with(&self, other: &Self) -> bool {
        let key = |merchant: &Self| merchant.key.as_ref().and_then(|key| key.read().ok());
        self.base_url() == other.base_url() && key(self).is_some_and(|own| key(other) == Some(own))
    }

    /// Checks a number of the settings file. Flags are already checked by clap.
    fn ensure_in(
        &self,
        name: &str,
        found: u32,
        least: u32,
        most: u32,
    ) -> Result<(), SettingsError> {
        if (least..=most).contains(&found) {
            return Ok(());
        }
        let place = &self.place;
        Err(SettingsError(match most {
            u32::MAX => message!(
                "settings-too-small",
                name = name,
                least = least,
                place = place,
                found = found
            ),
            _ => message!(
                "settings-out-of-range",
                name = name,
                least = least,
                most = most,
                place = place,
                found = found
            ),
        }))
    }
}

/// A client without credentials.
pub(crate) fn unauthenticated_client(
    base_url: Option<&str>,
) -> Result<qris_api::Client, SettingsError> {
    let invalid = |error: qris_api::Invalid| SettingsError(error.to_string());
    let key = ApiKey::parse("none").map_err(invalid)?;
    let merchant = MerchantId::parse("0").map_err(invalid)?;
    let mut builder =
        qris_api::Client::builder(key, merchant).total_timeout(Duration::from_secs(10));
    if let Some(url) = base_url {
        builder = builder.base_url(url);
    }
    builder.build().map_err(|error| SettingsError(error.to_string()))
}
