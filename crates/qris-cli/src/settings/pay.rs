//! The links of payment pages.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::PathBuf;

use qris_ledger::{PayKey, PayLinks, WebAddress};

use super::defaults::non_empty;
use super::error::SettingsError;
use super::flags::Settings;
use super::merchants::pick;
use crate::messages::message;
use crate::output::chain;

impl Settings {
    /// The beginning of the links, if it is set.
    pub(crate) fn public_url(&self) -> Result<Option<WebAddress>, SettingsError> {
        let in_file = non_empty(self.file()?.public_url.clone());
        let own = non_empty(self.public_url.clone());
        let text = pick("public_url", own, in_file, self.distrust())?;
        let url = text.map(|text| WebAddress::parse(&text)).transpose();
        let url = url.map_err(|error| SettingsError(format!("public_url: {error}")))?;
        match url {
            Some(url) if !url.is_base() => Err(SettingsError(message!("settings-public-url"))),
            url => Ok(url),
        }
    }

    /// The address on which the till serves only payment pages, if it is set.
    pub(crate) fn pay_listen(
        &self,
        own: Option<SocketAddr>,
    ) -> Result<Option<SocketAddr>, SettingsError> {
        let in_file = non_empty(self.file()?.pay_listen.clone())
            .map(|text| text.parse().map_err(|_| SettingsError(message!("settings-pay-listen"))));
        pick("pay_listen", own, in_file.transpose()?, self.distrust())
    }

    /// The file with the key of the links, if it is set. A path in the settings file is relative to its folder.
    pub(crate) fn pay_key_file(&self) -> Result<Option<PathBuf>, SettingsError> {
        let in_file = non_empty(self.file()?.pay_key_file.clone());
        let in_file = in_file.map(|name| self.beside_file(name));
        let own = non_empty(self.pay_key_file.clone()).map(PathBuf::from);
        pick("pay_key_file", own, in_file, self.distrust())
    }

    /// The links of the orders in a database; `None` if it has no key yet. The till makes the key.
    pub(crate) fn pay_links(&self, database: &str) -> Result<Option<PayLinks>, SettingsError> {
        let named = self.pay_key_file()?;
        let is_named = named.is_some();
        let Some(path) = named.or_else(|| PayKey::path_beside(database)) else { return Ok(None) };
        let key = match (is_named, PayKey::path_beside(database)) {
            // With PostgreSQL there may be several machines, and each would make a different key.
            (true, None) => PayKey::read(&path),
            _ => PayKey::read_or_create(&path),
        };
        match key {
            Ok(key) => Ok(Some(PayLinks::new(key, self.public_url()?))),
            // The folder may not be writable although the database is readable.
            Err(error) if !is_named && cannot_write(&error) => Ok(None),
            Err(error) => Err(SettingsError(message!(
                "settings-pay-key",
                file = path.display(),
                error = chain(&error)
            ))),
        }
    }
}

fn cannot_write(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}
