//! The settings of a till.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use qris_api::ClientBuilder;
use qris_orders::{MerchantName, MerchantSettings, PayKey, PayLinks, WebAddress};
use qris_settlement::{Columns, Terms};

use crate::{Error, Network, Origin, PrinterSettings, Token};

/// Settings of a till. Everything except the merchants and the database has a default.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId};
/// use qris_till::{MerchantSettings, Settings, Token};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url("http://127.0.0.1:7000/restapi/qris/");
/// let mut settings = Settings::new([MerchantSettings::main(client)], "sqlite://qris.db");
/// settings.token = Some(Token::parse("0c9f1d7ab4e84f3b9d62")?);
/// assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The database URL: `sqlite://PATH` or `postgres://…`.
    pub database: String,
    /// The merchants, each with a different name. Requests choose one with `?merchant=NAME`.
    /// Default: `main`, or the only one.
    pub merchants: Vec<MerchantSettings>,
    /// The address to listen on. Default: 127.0.0.1:8080.
    pub listen: SocketAddr,
    /// The owner's token. Without it and without users in the ledger nobody needs to sign in, and
    /// only this machine can reach the till.
    pub token: Option<Token>,
    /// How long a signed-in person may be idle before signing in again. Default: 12 hours. A
    /// display stays signed in.
    pub idle_timeout: Duration,
    /// The sites whose pages may use the API from a browser, with the token in a header. Default:
    /// none. If the till needs no sign-in, these pages need none either.
    pub allow_origins: Vec<Origin>,
    /// The secret part of each merchant's webhook address, `/webhook/{token}`. It identifies the
    /// merchant. A merchant without one has no webhook.
    pub webhook_tokens: BTreeMap<MerchantName, Token>,
    /// Private networks to which events may be sent, also over plain HTTP. Default: none. Public
    /// addresses and this machine are always allowed.
    pub private_networks: Vec<Network>,
    /// Allowed prefixes of an order's `notify_url`: the same server, and the same path or one below
    /// it. Default: none, so no order may have a `notify_url`.
    pub notify_urls: Vec<String>,
    /// A PEM file with additional certificate authorities for endpoints, for programs in a
    /// company's network. Default: none.
    pub ca_file: Option<PathBuf>,
    /// A second address that serves only the payment pages. It may be open to the internet.
    pub pay_listen: Option<SocketAddr>,
    /// The beginning of payment links, as payers reach the till; `/pay/` is added. Default: the
    /// listen address, if it is on this machine; otherwise orders have no link.
    pub public_url: Option<WebAddress>,
    /// The file with the key for the links. Default with SQLite: a file beside the database,
    /// created at first use. Tills that share a PostgreSQL database need copies of one file;
    /// without it orders have no link.
    pub pay_key_file: Option<PathBuf>,
    /// The printers of the shop, each with a different name.
    pub printers: Vec<PrinterSettings>,
    /// The settlement terms of each merchant. Default: the default terms.
    pub settlement_terms: BTreeMap<MerchantName, Terms>,
    /// Additional column names in the provider's tables, for each merchant.
    pub settlement_columns: BTreeMap<MerchantName, Columns>,
}

impl Settings {
    /// Settings with these merchants and defaults.
    pub fn new(
        merchants: impl IntoIterator<Item = MerchantSettings>,
        database: impl Into<String>,
    ) -> Self {
        Self {
            database: database.into(),
            merchants: merchants.into_iter().collect(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            token: None,
            idle_timeout: Duration::from_secs(12 * 60 * 60),
            allow_origins: Vec::new(),
            webhook_tokens: BTreeMap::new(),
            private_networks: Vec::new(),
            notify_urls: Vec::new(),
            ca_file: None,
            pay_listen: None,
            public_url: None,
            pay_key_file: None,
            printers: Vec::new(),
            settlement_terms: BTreeMap::new(),
            settlement_columns: BTreeMap::new(),
        }
    }

    /// Settings with one merchant, `main`, and defaults.
    pub fn main(client: ClientBuilder, database: impl Into<String>) -> Self {
        Self::new([MerchantSettings::main(client)], database)
    }

    /// The payment links, for the address where the pages are served.
    pub(crate) fn pay_links(
        database: &str,
        key_file: Option<PathBuf>,
        public_url: Option<WebAddress>,
        address: SocketAddr,
    ) -> Result<Option<PayLinks>, Error> {
        let beside = PayKey::path_beside(database);
        let key = match (key_file, beside) {
            // With PostgreSQL there may be several machines, and each till would make a different
            // key.
            (Some(path), None) => PayKey::read(&path),
            (Some(path), Some(_)) | (None, Some(path)) => PayKey::read_or_create(&path),
            (None, None) => return Ok(None),
        };
        let local = || WebAddress::parse(&format!("http://{address}")).ok();
        Ok(Some(PayLinks::new(key.map_err(Error::PayKey)?, public_url.or_else(local))))
    }

    pub(crate) fn ensure_valid(&self) -> Result<(), Error> {
        if self.merchants.is_empty() {
            return Err(Error::NoMerchant);
        }
        if self.public_url.as_ref().is_some_and(|url| !url.is_base()) {
            return Err(Error::PublicUrl);
        }
        let names = || self.merchants.iter().map(|merchant| &merchant.name);
        for (at, name) in names().enumerate() {
            if names().skip(at + 1).any(|other| other == name) {
                return Err(Error::SameMerchant(name.clone()));
            }
        }
        let printers = || self.printers.iter().map(|printer| &printer.name);
        for (at, name) in printers().enumerate() {
            if printers().skip(at + 1).any(|other| other == name) {
                return Err(Error::SamePrinter(name.clone()));
            }
        }
        for (at, (name, token)) in self.webhook_tokens.iter().enumerate() {
            if !names().any(|known| known == name) {
                return Err(Error::WebhookMerchant(name.clone()));
            }
            if self.webhook_tokens.values().skip(at + 1).any(|other| other.is_same(token)) {
                return Err(Error::SameWebhookToken(name.clone()));
            }
        }
        Ok(())
    }
}
