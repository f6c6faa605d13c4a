//! Settings: flags, then the environment, then `qris.toml`.

mod access;
mod file;
mod journal;
mod key;
mod merchant;
mod merchants;
mod pay;
mod printers;
mod settlement;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;
use etcetera::BaseStrategy as _;
use qris_ledger::Ledger;
use qris_till::{InvalidOrigin, Network, NotANetwork, Origin};

use self::file::SettingsFile;
pub(crate) use self::merchant::{MerchantSettings, unauthenticated_client};
use self::merchants::pick;
pub(crate) use self::settlement::SettlementSettings;
use crate::messages::message;
use crate::output::chain;

/// The account, the place of its database, and the time limits.
///
/// The API key is not a flag, because every user of a machine can see its command lines. It comes from
/// `QRIS_API_KEY`, or from `api_key` or `api_key_file` in the settings file.
#[derive(Args, Clone)]
pub(crate) struct Settings {
    #[arg(long, value_name = "NAME", env = "QRIS_MERCHANT", hide_env_values = true)]
    merchant: Option<String>,

    #[arg(long, value_name = "ID", env = "QRIS_MERCHANT_ID", hide_env_values = true)]
    merchant_id: Option<String>,

    #[arg(long, value_name = "URL", env = "QRIS_BASE_URL", hide_env_values = true)]
    base_url: Option<String>,

    // Without clap's `env`: settings.rs must know whether a value is from a flag, which others can see.
    #[arg(long = "database", value_name = "URL")]
    database_flag: Option<String>,

    #[arg(long, value_name = "NMID", env = "QRIS_NMID", hide_env_values = true)]
    nmid: Option<String>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_SHOWN_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    shown_minutes: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_VALIDITY_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    validity_minutes: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_TIMEOUT_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..=600)
    )]
    timeout_seconds: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_CHECKS_PER_MINUTE",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    checks_per_minute: Option<u32>,

    #[arg(long, value_name = "FOLDER", env = "QRIS_STATE_DIR", hide_env_values = true)]
    state_dir: Option<String>,

    #[arg(long, value_name = "URL", env = "QRIS_PUBLIC_URL")]
    public_url: Option<String>,

    #[arg(long, value_name = "FILE", env = "QRIS_PAY_KEY_FILE", hide_env_values = true)]
    pay_key_file: Option<String>,

    #[arg(long = "settings", value_name = "FILE")]
    file: Option<PathBuf>,

    // The settings file, after it is read.
    #[arg(skip)]
    read: OnceLock<SettingsFile>,
}

/// The default name of the settings file.
const DEFAULT_FILE: &str = "qris.toml";

/// A setting that is missing or wrong. Never shows a value: it may be a secret.
#[derive(Debug)]
pub(crate) struct SettingsError(pub(crate) String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<SettingsError> for io::Error {
    fn from(error: SettingsError) -> Self {
        Self::other(error.0)
    }
}

impl Settings {
    /// Whether the default database is the sandbox's: it depends on the chosen merchant, or on all of
    /// them.
    fn is_sandbox(&self) -> Result<bool, SettingsError> {
        let (mut merchants, chosen) = self.merchants_and_chosen()?;
        if let Some(chosen) = chosen {
            merchants = vec![merchants.swap_remove(chosen)];
        }
        are_in_sandbox(&merchants)
    }

    /// The place of the database, for messages; without user and password.
    pub(crate) fn books(&self) -> Result<String, SettingsError> {
        Ok(place_of_database(&self.database_url()?))
    }

    /// Opens the database, and creates it if it does not exist.
    pub(crate) fn ledger(&self) -> Result<Ledger, SettingsError> {
        let url = self.database_url()?;
        Ledger::connect(&url).map_err(|error| not_opened(&url, &error))
    }

    /// Opens an existing database.
    pub(crate) fn existing_ledger(&self) -> Result<Ledger, SettingsError> {
        self.existing_database_url()?;
        self.ledger()
    }

    /// The URL of an existing database.
    pub(crate) fn existing_database_url(&self) -> Result<String, SettingsError> {
        let url = self.database_url()?;
        match url.strip_prefix("sqlite://") {
            Some(path) if !Path::new(path).exists() => {
                Err(SettingsError(message!("settings-no-books", file = path)))
            }
            _ => Ok(url),
        }
    }

    /// The database URL for the chosen merchant, or for all if none is chosen.
    pub(crate) fn database_url(&self) -> Result<String, SettingsError> {
        self.database_url_for(|| self.is_sandbox())
    }

    /// The database URL of a service for these merchants.
    pub(crate) fn served_database_url(
        &self,
        merchants: &[MerchantSettings],
    ) -> Result<String, SettingsError> {
        self.database_url_for(|| are_in_sandbox(merchants))
    }

    fn database_url_for(
        &self,
        is_sandbox: impl FnOnce() -> Result<bool, SettingsError>,
    ) -> Result<String, SettingsError> {
        let flag = non_empty(self.database_flag.clone());
        if flag.as_deref().is_some_and(has_password) {
            return Err(SettingsError(message!("settings-password")));
        }
        let environment = || non_empty(std::env::var("QRIS_DATABASE_URL").ok());
        let in_file = non_empty(self.file()?.database_url.clone());
        match pick("database_url", flag.or_else(environment), in_file, self.distrust())? {
            Some(url) => Ok(url),
            // Sandbox orders must not be in the shop's database.
            None if is_sandbox()? => default_database("sandbox.db"),
            None => default_database("qris.db"),
        }
    }

    /// The folder of the file that counts the key's checks, if it is set.
    pub(crate) fn state_dir(&self) -> Result<Option<String>, SettingsError> {
        let in_file = non_empty(self.file()?.state_dir.clone());
        pick("state_dir", non_empty(self.state_dir.clone()), in_file, self.distrust())
    }

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

    /// A path from the settings file, relative to its folder.
    fn beside_file(&self, name: String) -> PathBuf {
        match self.path().parent() {
            Some(folder) => folder.join(name),
            None => name.into(),
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

    fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE))
    }

    fn file(&self) -> Result<&SettingsFile, SettingsError> {
        if let Some(file) = self.read.get() {
            return Ok(file);
        }
        let path = self.path();
        let file = match SettingsFile::read(path)? {
            Some(file) => file,
            // Only the default file may be missing.
            None if self.file.is_none() => SettingsFile::default(),
            None => {
                return Err(SettingsError(message!(
                    "settings-no-settings-file",
                    file = path.display()
                )));
            }
        };
        Ok(self.read.get_or_init(|| file))
    }
}

/// The error of a database that cannot be opened.
pub(crate) fn not_opened(url: &str, error: &qris_ledger::Error) -> SettingsError {
    let books = place_of_database(url);
    SettingsError(message!("settings-books-not-opened", books = books, error = chain(error)))
}

/// The place of a database, for messages; without user and password.
pub(crate) fn place_of_database(url: &str) -> String {
    match url.split_once("://") {
        Some(("sqlite", path)) => path.to_owned(),
        Some((_, rest)) => {
            let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
            let place = place.split('?').next().unwrap_or_default();
            message!("settings-postgresql", place = place)
        }
        None => message!("settings-other-database"),
    }
}

/// Whether all of these merchants use a sandbox, or none. Anything else is an error.
fn are_in_sandbox(merchants: &[MerchantSettings]) -> Result<bool, SettingsError> {
    let sandboxes = merchants.iter().filter(|merchant| merchant.is_sandbox()).count();
    if sandboxes != 0 && sandboxes != merchants.len() {
        return Err(SettingsError(message!("settings-sandbox-and-not")));
    }
    Ok(sandboxes != 0)
}

/// Whether a database URL has a password, before the host or as a parameter.
fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
        return false;
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || parameters.split('&').any(|parameter| parameter.starts_with("password="))
}

/// An empty setting counts as not set.
fn non_empty(setting: Option<String>) -> Option<String> {
    setting.filter(|text| !text.is_empty())
}

/// A file of this name in the platform's data directory.
fn default_database(name: &str) -> Result<String, SettingsError> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| SettingsError(message!("settings-no-home")))?;
    let folder = strategy.data_dir().join("qris");
    fs::create_dir_all(&folder)
        .map_err(|error| SettingsError(format!("{}: {error}", folder.display())))?;
    Ok(format!("sqlite://{}", folder.join(name).display()))
}
