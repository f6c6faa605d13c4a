//! Where the till may send events, and which sites may use its API.

use std::path::PathBuf;

use qris_till::{InvalidOrigin, Network, NotANetwork, Origin};

use super::defaults::non_empty;
use super::error::SettingsError;
use super::file::SettingsFile;
use super::flags::Settings;
use super::merchants::pick;
use crate::messages::message;

impl Settings {
    /// The private networks to which a till may send events.
    pub(crate) fn private_networks(&self, own: &[String]) -> Result<Vec<Network>, SettingsError> {
        let texts = self.list("private_networks", own, |file| file.private_networks.clone())?;
        let networks = texts.iter().map(|text| text.parse());
        networks
            .collect::<Result<_, NotANetwork>>()
            .map_err(|error| SettingsError(format!("private_networks: {error}")))
    }

    /// The sites whose pages may use the till's API.
    pub(crate) fn allow_origins(&self, own: &[String]) -> Result<Vec<Origin>, SettingsError> {
        let texts = self.list("allow_origins", own, |file| file.allow_origins.clone())?;
        let origins = texts.iter().map(|text| Origin::parse(text));
        origins
            .collect::<Result<_, InvalidOrigin>>()
            .map_err(|error| SettingsError(format!("allow_origins: {error}")))
    }

    /// The allowed prefixes of an order's `notify_url`.
    pub(crate) fn notify_urls(&self, own: &[String]) -> Result<Vec<String>, SettingsError> {
        self.list("notify_urls", own, |file| file.notify_urls.clone())
    }

    /// The file with certificate authorities for endpoints. A path in the settings file is relative to
    /// its folder.
    pub(crate) fn ca_file(&self, own: Option<PathBuf>) -> Result<Option<PathBuf>, SettingsError> {
        let in_file = non_empty(self.file()?.ca_file.clone());
        let in_file = in_file.map(|name| self.beside_file(name));
        let own = own.filter(|path| !path.as_os_str().is_empty());
        let path = pick("ca_file", own, in_file, self.distrust())?;
        match path {
            Some(path) if !path.is_file() => {
                Err(SettingsError(message!("settings-ca-file", file = path.display())))
            }
            path => Ok(path),
        }
    }

    /// A list from a flag or the environment; otherwise from the file.
    fn list(
        &self,
        name: &str,
        own: &[String],
        in_file: impl FnOnce(&SettingsFile) -> Option<Vec<String>>,
    ) -> Result<Vec<String>, SettingsError> {
        let flag = Some(own.to_vec()).filter(|own| !own.is_empty());
        let environment = || {
            let text = non_empty(std::env::var(format!("QRIS_{}", name.to_uppercase())).ok())?;
            Some(text.split(',').map(|item| item.trim().to_owned()).collect())
        };
        let own = flag.or_else(environment);
        Ok(pick(name, own, in_file(self.file()?), self.distrust())?.unwrap_or_default())
    }
}
