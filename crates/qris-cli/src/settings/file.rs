//! The content of the settings file.

use std::collections::BTreeMap;
use std::path::Path;

use qris_ledger::{MerchantName, ParseWordError};
use serde::Deserialize;

use super::access::PrivateFile;
use super::defaults::non_empty;
use super::error::SettingsError;
use super::key::warn_of_readers;
use super::tables::{JournalTable, PrinterTable, SettlementTable};
use crate::messages::message;

/// The keys of `qris.toml`. Merchant keys outside a table belong to the merchant `main`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFile {
    pub(super) database_url: Option<String>,
    pub(super) state_dir: Option<String>,
    pub(super) private_networks: Option<Vec<String>>,
    pub(super) notify_urls: Option<Vec<String>>,
    pub(super) allow_origins: Option<Vec<String>>,
    pub(super) ca_file: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) pay_key_file: Option<String>,
    pub(super) pay_listen: Option<String>,
    #[serde(default, rename = "merchant")]
    pub(super) merchants: BTreeMap<TableName, MerchantTable>,
    #[serde(default, rename = "printer")]
    pub(super) printers: BTreeMap<String, PrinterTable>,
    /// The names of accounts in a journal.
    #[serde(default)]
    pub(super) journal: JournalTable,
    // Repeats the merchant's keys, because serde does not refuse unknown keys beside a flattened table.
    api_key: Option<String>,
    api_key_file: Option<String>,
    merchant_id: Option<String>,
    base_url: Option<String>,
    nmid: Option<String>,
    shown_minutes: Option<u32>,
    validity_minutes: Option<u32>,
    timeout_seconds: Option<u32>,
    checks_per_minute: Option<u32>,
    webhook_token: Option<String>,
    settlement: Option<SettlementTable>,
}

/// The keys of a `[merchant.NAME]` table.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantTable {
    pub(super) api_key: Option<String>,
    pub(super) api_key_file: Option<String>,
    pub(super) merchant_id: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) nmid: Option<String>,
    pub(super) shown_minutes: Option<u32>,
    pub(super) validity_minutes: Option<u32>,
    pub(super) timeout_seconds: Option<u32>,
    pub(super) checks_per_minute: Option<u32>,
    /// The secret part of its webhook's address.
    pub(super) webhook_token: Option<String>,
    /// How its payments are settled.
    pub(super) settlement: Option<SettlementTable>,
}

/// The name of a merchant's table.
#[derive(Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
pub(super) struct TableName(pub(super) MerchantName);

impl TryFrom<String> for TableName {
    type Error = ParseWordError;

    fn try_from(name: String) -> Result<Self, ParseWordError> {
        name.parse().map(Self)
    }
}

impl SettingsFile {
    /// Reads the file; `None` if it does not exist.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, SettingsError> {
        let Some(file) = PrivateFile::read(path, &message!("settings-a-settings-file"))? else {
            return Ok(None);
        };
        let settings = Self::parse(&file.text, path)?;
        let has_key = settings.api_key.is_some()
            || settings.merchants.values().any(|table| table.api_key.is_some());
        if has_key && file.others_can_read {
            warn_of_readers(path);
        }
        Ok(Some(settings))
    }

    /// The parser's own message quotes the line, and a line may hold the key.
    fn parse(text: &str, path: &Path) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            SettingsError(message!("settings-unknown-key", file = path.display(), line = line))
        })
    }

    /// The keys outside the tables.
    pub(super) fn top_level(&self) -> MerchantTable {
        MerchantTable {
            api_key: self.api_key.clone(),
            api_key_file: self.api_key_file.clone(),
            merchant_id: self.merchant_id.clone(),
            base_url: self.base_url.clone(),
            nmid: self.nmid.clone(),
            shown_minutes: self.shown_minutes,
            validity_minutes: self.validity_minutes,
            timeout_seconds: self.timeout_seconds,
            checks_per_minute: self.checks_per_minute,
            webhook_token: self.webhook_token.clone(),
            settlement: self.settlement.clone(),
        }
    }
}

impl MerchantTable {
    /// An empty text counts as not set.
    pub(super) fn without_empty(self) -> Self {
        Self {
            api_key: non_empty(self.api_key),
            api_key_file: non_empty(self.api_key_file),
            merchant_id: non_empty(self.merchant_id),
            base_url: non_empty(self.base_url),
            nmid: non_empty(self.nmid),
            webhook_token: non_empty(self.webhook_token),
            ..self
        }
    }

    /// The name of a setting that is set, if any. The key is named last.
    pub(super) fn any_name(&self) -> Option<&'static str> {
        let set = [
            ("merchant_id", self.merchant_id.is_some()),
            ("base_url", self.base_url.is_some()),
            ("nmid", self.nmid.is_some()),
            ("shown_minutes", self.shown_minutes.is_some()),
            ("validity_minutes", self.validity_minutes.is_some()),
            ("timeout_seconds", self.timeout_seconds.is_some()),
            ("checks_per_minute", self.checks_per_minute.is_some()),
            ("webhook_token", self.webhook_token.is_some()),
            ("settlement", self.settlement.is_some()),
            ("api_key", self.api_key.is_some()),
            ("api_key_file", self.api_key_file.is_some()),
        ];
        set.into_iter().find_map(|(name, is_set)| is_set.then_some(name))
    }

    pub(super) fn has_key(&self) -> bool {
        self.api_key.is_some() || self.api_key_file.is_some()
    }
}
