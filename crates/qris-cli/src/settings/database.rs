//! The database of the settings.

use std::path::Path;

use qris_ledger::Ledger;

use super::defaults::{default_database, non_empty};
use super::error::SettingsError;
use super::flags::Settings;
use super::merchant::MerchantSettings;
use super::merchants::pick;
use crate::messages::message;
use crate::output::chain;

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
    pub(crate) fn database_place(&self) -> Result<String, SettingsError> {
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
            message!("settings-postgresql", place = percent_decoded(place))
        }
        None => message!("settings-other-database"),
    }
}

/// A part of a URL without percent-encoding, such as the folder of a PostgreSQL socket. A text that is
/// not percent-encoded UTF-8 does not change.
fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).filter(|it| it.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else { return text.to_owned() };
        bytes.push(byte);
        bytes.extend(part.as_bytes().iter().skip(2));
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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

#[cfg(test)]
mod tests {
    use super::place_of_database;

    #[test]
    fn the_folder_of_a_postgresql_socket_is_shown_without_percent_encoding() {
        for (url, place) in [
            ("postgres://shop:secret@%2Ftmp%2Fpg%20data/books", "PostgreSQL at /tmp/pg data/books"),
            (
                "postgres://127.0.0.1:5432/books?password=secret",
                "PostgreSQL at 127.0.0.1:5432/books",
            ),
            ("postgres://%2Ftmp%ff/books", "PostgreSQL at %2Ftmp%ff/books"),
            ("postgres://%2/books", "PostgreSQL at %2/books"),
            ("sqlite://a%20b.db", "a%20b.db"),
        ] {
            assert_eq!(place_of_database(url), place, "{url}");
        }
    }
}
