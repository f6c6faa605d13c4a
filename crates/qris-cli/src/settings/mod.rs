//! Settings: flags, then the environment, then `qris.toml`.

mod file;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use etcetera::BaseStrategy as _;
use qris_api::blocking::Client;
use qris_api::{ApiKey, ClientBuilder, MerchantId, Schedule};
use qris_ledger::{Budget, Ledger};

use self::file::SettingsFile;
use crate::output::chain;

/// Which account is used, where its ledger is, and how long things may take.
///
/// The API key is not a flag, because every user of a machine can see its command lines: it comes
/// from `QRIS_API_KEY` or from `api_key` in the settings file.
#[derive(Args, Clone)]
pub(crate) struct Settings {
    /// The merchant's number at the provider (mID)
    #[arg(long, value_name = "ID", env = "QRIS_MERCHANT_ID", hide_env_values = true)]
    merchant_id: Option<String>,

    /// Address of the Open API; `qris sandbox` prints its own
    #[arg(long, value_name = "URL", env = "QRIS_BASE_URL", hide_env_values = true)]
    base_url: Option<String>,

    /// The database: sqlite://PATH or postgres://… Default: a file in the user's data directory,
    /// another one for the sandbox. A URL with a password belongs in QRIS_DATABASE_URL or the
    /// settings file, because other users can see a command line [env: QRIS_DATABASE_URL]
    // Not clap's `env`: only a flag can be seen by others.
    #[arg(long = "database", value_name = "URL")]
    database_flag: Option<String>,

    /// The merchant's national ID (NMID): a code with another one is refused. Default: the one that
    /// the first invoice in the database had
    #[arg(long, value_name = "NMID", env = "QRIS_NMID", hide_env_values = true)]
    nmid: Option<String>,

    /// For how long a code is shown to the payer. Default: 30, or the validity if that is less
    #[arg(
        long,
        value_name = "N",
        env = "QRIS_SHOWN_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    shown_minutes: Option<u32>,

    /// For how long an invoice can be paid. Default: 60
    #[arg(
        long,
        value_name = "N",
        env = "QRIS_VALIDITY_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    validity_minutes: Option<u32>,

    /// For how long a call of the API may take, 1 to 600. Default: 35, because the provider takes
    /// up to 30
    #[arg(
        long,
        value_name = "N",
        env = "QRIS_TIMEOUT_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..=600)
    )]
    timeout_seconds: Option<u32>,

    /// The folder for the small file that counts the checks of the key, over all processes of a
    /// user. Default: qris in the user's folder for state
    #[arg(long, value_name = "FOLDER", env = "QRIS_STATE_DIR", hide_env_values = true)]
    state_dir: Option<String>,

    /// A TOML file with api_key, merchant_id, base_url, database_url, nmid, shown_minutes,
    /// validity_minutes, timeout_seconds and state_dir. Default: qris.toml in the current folder, if there is
    /// one; without --settings its merchant_id and base_url are used only with its own api_key
    #[arg(long = "settings", value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The name of the settings file that is read unless another is named.
const DEFAULT_FILE: &str = "qris.toml";

/// More than all attempts to connect take together, before the one that succeeds.
const CONNECT_TIME: Duration = Duration::from_secs(60);

/// The settings that must come from the same place: a key, whose it is and where it is sent.
struct Account {
    api_key: Option<String>,
    merchant_id: Option<String>,
    base_url: Option<String>,
}

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
    /// The client of the API, which needs the key and the merchant's number.
    pub(crate) fn client(&self) -> Result<Client, SettingsError> {
        let client = self.client_builder()?.build();
        client.map(Client::from).map_err(|error| SettingsError(error.to_string()))
    }

    /// The client's settings, to which the caller adds its own.
    pub(crate) fn client_builder(&self) -> Result<ClientBuilder, SettingsError> {
        let Account { api_key, merchant_id, base_url } = self.account()?;
        let absent = |what| SettingsError(format!("expected {what} in {}", self.path().display()));
        let key = api_key.ok_or_else(|| absent("QRIS_API_KEY in the environment or api_key"))?;
        let merchant =
            merchant_id.ok_or_else(|| absent("--merchant-id, QRIS_MERCHANT_ID or merchant_id"))?;
        let key = ApiKey::parse(key).map_err(|error| SettingsError(error.to_string()))?;
        let merchant =
            MerchantId::parse(merchant).map_err(|error| SettingsError(error.to_string()))?;
        let builder = qris_api::Client::builder(key, merchant)
            .schedule(self.schedule()?)
            .total_timeout(self.timeout()?);
        let builder = match self.state_dir()? {
            Some(folder) => builder.state_dir(folder),
            None => builder,
        };
        Ok(match base_url {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    /// The address of the API, if one is set.
    pub(crate) fn base_url(&self) -> Result<Option<String>, SettingsError> {
        Ok(self.account()?.base_url)
    }

    /// Key, merchant and address. Flags, the environment and a file that is named are the user's
    /// own words. A file that is only found in the current folder says the merchant and the address
    /// of its own key and of no other, so that it cannot have the user's key sent elsewhere.
    fn account(&self) -> Result<Account, SettingsError> {
        let file = self.file()?;
        let key_from_environment = non_empty(std::env::var("QRIS_API_KEY").ok());
        let key_from_file = non_empty(file.api_key);
        let file_may_speak =
            self.file.is_some() || (key_from_environment.is_none() && key_from_file.is_some());
        let pick = |own: &Option<String>, in_file: Option<String>, name, flag, variable| match (
            non_empty(own.clone()),
            non_empty(in_file),
        ) {
            (None, Some(_)) if !file_may_speak => {
                let found = match key_from_environment {
                    Some(_) => "beside a key in QRIS_API_KEY",
                    None => "without an api_key",
                };
                Err(SettingsError(format!(
                    "expected {name} from the same place as the API key, found it in \
                     {DEFAULT_FILE} of this folder {found}: if you trust that file, name it with \
                     --settings {DEFAULT_FILE}; if not, set {flag} or {variable}, or move the \
                     file away"
                )))
            }
            (own, in_file) => Ok(own.or(in_file)),
        };
        let base_url =
            pick(&self.base_url, file.base_url, "base_url", "--base-url", "QRIS_BASE_URL")?;
        let merchant_id = pick(
            &self.merchant_id,
            file.merchant_id,
            "merchant_id",
            "--merchant-id",
            "QRIS_MERCHANT_ID",
        )?;
        Ok(Account { api_key: key_from_environment.or(key_from_file), merchant_id, base_url })
    }

    /// Whether the API is a sandbox: plain HTTP goes to this machine only, so nothing else can be.
    fn is_sandbox(&self) -> Result<bool, SettingsError> {
        Ok(self.base_url()?.is_some_and(|url| url.starts_with("http://")))
    }

    /// Who is asked for invoices, in words.
    pub(crate) fn provider(&self) -> Result<String, SettingsError> {
        let url = self.base_url()?;
        let host = url.as_deref().and_then(|url| url.split_once("://")?.1.split('/').next());
        Ok(match host {
            Some(host) if self.is_sandbox()? => format!("a sandbox on this machine, {host}"),
            Some(host) => format!("the provider at {host}"),
            None => "the provider".to_owned(),
        })
    }

    /// Where the books are, in words; without user and password.
    pub(crate) fn books(&self) -> Result<String, SettingsError> {
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
    pub(crate) fn ledger(&self) -> Result<Ledger, SettingsError> {
        let url = self.database_url()?;
        let books = self.books()?;
        Ledger::connect(&url).map_err(|error| {
            SettingsError(format!("the books cannot be opened ({books}): {}", chain(&error)))
        })
    }

    /// The books that are there already.
    pub(crate) fn existing_ledger(&self) -> Result<Ledger, SettingsError> {
        let url = self.database_url()?;
        match url.strip_prefix("sqlite://") {
            Some(path) if !Path::new(path).exists() => Err(SettingsError(format!(
                "expected the books in {path}, found no such file: is --database or \
                 QRIS_DATABASE_URL what the till has?"
            ))),
            _ => self.ledger(),
        }
    }

    pub(crate) fn database_url(&self) -> Result<String, SettingsError> {
        let flag = non_empty(self.database_flag.clone());
        if flag.as_deref().is_some_and(has_password) {
            return Err(SettingsError(
                "expected --database without a password, found one: every user of this machine \
                 can see it; put the URL into QRIS_DATABASE_URL, or into database_url of the \
                 settings file"
                    .to_owned(),
            ));
        }
        let environment = || non_empty(std::env::var("QRIS_DATABASE_URL").ok());
        match flag.or_else(environment).or(non_empty(self.file()?.database_url)) {
            Some(url) => Ok(url),
            // What was tried out must not stand in the shop's books.
            None if self.is_sandbox()? => default_database("sandbox.db"),
            None => default_database("qris.db"),
        }
    }

    /// The merchant's national ID, if the user says it; otherwise that of the first invoice counts.
    pub(crate) fn nmid(&self) -> Result<Option<String>, SettingsError> {
        Ok(non_empty(self.nmid.clone()).or(non_empty(self.file()?.nmid)))
    }

    /// The folder for the file that counts the key's checks, if the user names one.
    pub(crate) fn state_dir(&self) -> Result<Option<String>, SettingsError> {
        Ok(non_empty(self.state_dir.clone()).or(non_empty(self.file()?.state_dir)))
    }

    /// For how long a code is shown and valid, and when it is checked.
    pub(crate) fn schedule(&self) -> Result<Schedule, SettingsError> {
        let file = self.file()?;
        let validity = self.validity_minutes.or(file.validity_minutes).unwrap_or(60);
        self.ensure_in("validity_minutes", validity, 1, u32::MAX)?;
        let shown = match self.shown_minutes.or(file.shown_minutes) {
            None => validity.min(30),
            Some(shown) => {
                self.ensure_in("shown_minutes", shown, 1, u32::MAX)?;
                if shown > validity {
                    return Err(SettingsError(format!(
                        "expected shown_minutes of at most the {validity} of validity_minutes, \
                         found {shown}: a code must not be shown when it can no longer be paid"
                    )));
                }
                shown
            }
        };
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        let (shown, validity) = (minutes(shown), minutes(validity));
        Ok(Schedule { shown, validity, ..Schedule::default() })
    }

    /// How long a call of the API may take.
    pub(crate) fn timeout(&self) -> Result<Duration, SettingsError> {
        let seconds = self.timeout_seconds.or(self.file()?.timeout_seconds).unwrap_or(35);
        self.ensure_in("timeout_seconds", seconds, 1, 600)?;
        Ok(Duration::from_secs(seconds.into()))
    }

    /// How often the key may be asked; nobody else asks about an invoice while a check may last.
    pub(crate) fn budget(&self) -> Result<Budget, SettingsError> {
        let default = Budget::default();
        // After midnight a check is two calls.
        let check = (self.timeout()? + CONNECT_TIME) * 2;
        Ok(Budget { claim: default.claim.max(check), ..default })
    }

    /// How long after a request nobody can still be waiting for the reply.
    pub(crate) fn abandon_after(&self) -> Result<Duration, SettingsError> {
        Ok(Duration::from_secs(3 * 60).max(self.timeout()? + CONNECT_TIME))
    }

    /// A flag has been checked when it was read; this is for the file.
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
        let file = self.path().display();
        Err(SettingsError(match most {
            u32::MAX => format!("expected {name} of at least {least} in {file}, found {found}"),
            _ => format!("expected {name} of {least} to {most} in {file}, found {found}"),
        }))
    }

    fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE))
    }

    /// Whether the settings file can be used, and its account too.
    pub(crate) fn check_file(&self) -> Result<(), SettingsError> {
        self.account().map(drop)
    }

    fn file(&self) -> Result<SettingsFile, SettingsError> {
        let path = self.path();
        match SettingsFile::read(path)? {
            Some(file) => Ok(file),
            // Only the default file may be absent.
            None if self.file.is_none() => Ok(SettingsFile::default()),
            None => Err(SettingsError(format!(
                "{}: expected a settings file, found no such file",
                path.display()
            ))),
        }
    }
}

/// Whether a database URL carries a password, before the host or as a parameter.
fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
        return false;
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || parameters.split('&').any(|parameter| parameter.starts_with("password="))
}

/// A setting that is empty is not set.
fn non_empty(setting: Option<String>) -> Option<String> {
    setting.filter(|text| !text.is_empty())
}

/// A file of this name in the platform's data directory.
fn default_database(name: &str) -> Result<String, SettingsError> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| SettingsError("expected --database: there is no home directory".to_owned()))?;
    let folder = strategy.data_dir().join("qris");
    fs::create_dir_all(&folder)
        .map_err(|error| SettingsError(format!("{}: {error}", folder.display())))?;
    Ok(format!("sqlite://{}", folder.join(name).display()))
}
