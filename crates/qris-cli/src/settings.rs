//! Settings: flags, then the environment, then `qris.toml`.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use clap::Args;
use etcetera::BaseStrategy as _;
use qris_api::blocking::Client;
use qris_api::{ApiKey, ClientBuilder, MerchantId, Schedule};
use qris_ledger::Ledger;
use serde::Deserialize;

use crate::output::chain;

/// Where the API is and whose books are kept.
///
/// The API key is no flag, because a command line can be seen by others: it comes from
/// `QRIS_API_KEY` or from `api_key` in the settings file.
#[derive(Args, Clone)]
pub(crate) struct Settings {
    /// The merchant's number at the provider (mID)
    #[arg(long, value_name = "ID", env = "QRIS_MERCHANT_ID", hide_env_values = true)]
    merchant_id: Option<String>,

    /// Where the Open API is; the sandbox prints its own
    #[arg(long, value_name = "URL", env = "QRIS_BASE_URL", hide_env_values = true)]
    base_url: Option<String>,

    /// The books: sqlite://PATH or postgres://…; a file in the user's data directory unless given,
    /// one of its own for the sandbox
    #[arg(
        long = "database",
        value_name = "URL",
        env = "QRIS_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: Option<String>,

    /// How long an invoice can be paid; 60 unless the provider says otherwise
    #[arg(
        long,
        value_name = "N",
        env = "QRIS_VALIDITY_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    validity_minutes: Option<u32>,

    /// A file of settings: api_key, merchant_id, base_url, database_url, validity_minutes;
    /// qris.toml unless given, if there is one
    #[arg(long = "settings", value_name = "FILE")]
    file: Option<PathBuf>,
}

/// What `qris.toml` may say.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    api_key: Option<String>,
    merchant_id: Option<String>,
    base_url: Option<String>,
    database_url: Option<String>,
    validity_minutes: Option<u32>,
}

/// A setting that is missing or wrong. Never shows a value: it may be a secret.
#[derive(Debug)]
pub(crate) struct Wrong(pub(crate) String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Wrong> for io::Error {
    fn from(wrong: Wrong) -> Self {
        Self::other(wrong.0)
    }
}

impl Settings {
    /// The client of the API, which needs the key and the merchant's number.
    pub(crate) fn client(&self) -> Result<Client, Wrong> {
        let client = self.client_builder()?.build();
        client.map(Client::from).map_err(|error| Wrong(error.to_string()))
    }

    /// The same for those who have more to set.
    pub(crate) fn client_builder(&self) -> Result<ClientBuilder, Wrong> {
        let file = self.file()?;
        let absent = |what| Wrong(format!("expected {what} in {}", self.path().display()));
        let key = said(std::env::var("QRIS_API_KEY").ok())
            .or(file.api_key)
            .ok_or_else(|| absent("QRIS_API_KEY in the environment or api_key"))?;
        let merchant = said(self.merchant_id.clone())
            .or(file.merchant_id)
            .ok_or_else(|| absent("--merchant-id, QRIS_MERCHANT_ID or merchant_id"))?;
        let key = ApiKey::parse(key).map_err(|error| Wrong(error.to_string()))?;
        let merchant = MerchantId::parse(merchant).map_err(|error| Wrong(error.to_string()))?;
        let builder = qris_api::Client::builder(key, merchant).schedule(self.schedule()?);
        Ok(match self.base_url()? {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    /// Where the API is, if that is said.
    pub(crate) fn base_url(&self) -> Result<Option<String>, Wrong> {
        Ok(said(self.base_url.clone()).or(self.file()?.base_url))
    }

    /// Whether the API is a sandbox: plain HTTP goes to this machine only, so nothing else can be.
    fn is_sandbox(&self) -> Result<bool, Wrong> {
        Ok(self.base_url()?.is_some_and(|url| url.starts_with("http://")))
    }

    /// Who is asked for invoices, in words.
    pub(crate) fn provider(&self) -> Result<String, Wrong> {
        let url = self.base_url()?;
        let host = url.as_deref().and_then(|url| url.split_once("://")?.1.split('/').next());
        Ok(match host {
            Some(host) if self.is_sandbox()? => format!("a sandbox on this machine, {host}"),
            Some(host) => format!("the provider at {host}"),
            None => "the provider".to_owned(),
        })
    }

    /// Where the books are, in words; without user and password.
    pub(crate) fn books(&self) -> Result<String, Wrong> {
        let url = self.database_url()?;
        Ok(match url.split_once("://") {
            Some(("sqlite", path)) => path.to_owned(),
            Some((_, rest)) => {
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                let place = place.split('?').next().unwrap_or_default();
                format!("PostgreSQL at {place}")
            }
            None => "a database of another kind".to_owned(),
        })
    }

    /// The books, made where there are none yet.
    pub(crate) fn ledger(&self) -> Result<Ledger, Wrong> {
        let url = self.database_url()?;
        let books = self.books()?;
        Ledger::connect(&url).map_err(|error| {
            Wrong(format!("the books cannot be opened ({books}): {}", chain(&error)))
        })
    }

    /// The books that are there already.
    pub(crate) fn kept_ledger(&self) -> Result<Ledger, Wrong> {
        let url = self.database_url()?;
        match url.strip_prefix("sqlite://") {
            Some(path) if !Path::new(path).exists() => Err(Wrong(format!(
                "expected the books in {path}, found no such file: is --database or \
                 QRIS_DATABASE_URL what the till has?"
            ))),
            _ => self.ledger(),
        }
    }

    pub(crate) fn database_url(&self) -> Result<String, Wrong> {
        match said(self.database_url.clone()).or(self.file()?.database_url) {
            Some(url) => Ok(url),
            // What was tried out must not stand in the shop's books.
            None if self.is_sandbox()? => default_database("sandbox.db"),
            None => default_database("qris.db"),
        }
    }

    /// When an invoice is checked.
    pub(crate) fn schedule(&self) -> Result<Schedule, Wrong> {
        Ok(Schedule { validity: self.validity()?, ..Schedule::default() })
    }

    fn validity(&self) -> Result<Duration, Wrong> {
        let minutes = self.validity_minutes.or(self.file()?.validity_minutes).unwrap_or(60);
        if minutes == 0 {
            let file = self.path().display();
            return Err(Wrong(format!("expected validity_minutes above 0 in {file}, found 0")));
        }
        Ok(Duration::from_secs(u64::from(minutes) * 60))
    }

    fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new("qris.toml"))
    }

    /// Whether the file of settings is as it should be.
    pub(crate) fn check_file(&self) -> Result<(), Wrong> {
        self.file().map(drop)
    }

    fn file(&self) -> Result<File, Wrong> {
        let path = self.path();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            // Only the file that nobody named may be absent.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.file.is_none() => {
                return Ok(File::default());
            }
            Err(error) => return Err(Wrong(format!("{}: {error}", path.display()))),
        };
        // The parser's own message quotes the line, and a line may hold the key.
        let file: File = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            Wrong(format!(
                "{}: line {line}: expected the keys api_key, merchant_id, base_url, database_url \
                 (text) and validity_minutes (a number)",
                path.display()
            ))
        })?;
        static WARNED: Once = Once::new();
        if file.api_key.is_some() && others_can_read(path) {
            WARNED.call_once(|| {
                anstream::eprintln!(
                    "warning: {} holds the API key and others can read it: chmod 600 it",
                    path.display()
                );
            });
        }
        Ok(file)
    }
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}

/// A setting that is empty says nothing.
fn said(setting: Option<String>) -> Option<String> {
    setting.filter(|text| !text.is_empty())
}

/// A file of this name in the platform's data directory.
fn default_database(name: &str) -> Result<String, Wrong> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| Wrong("expected --database: there is no home directory".to_owned()))?;
    let folder = strategy.data_dir().join("qris");
    fs::create_dir_all(&folder).map_err(|error| Wrong(format!("{}: {error}", folder.display())))?;
    Ok(format!("sqlite://{}", folder.join(name).display()))
}
