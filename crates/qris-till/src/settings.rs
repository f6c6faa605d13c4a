//! What a till needs to know.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use qris_api::ClientBuilder;
use qris_orders::{MerchantName, MerchantSettings, PayKey, PayLinks, WebAddress};
use qris_settlement::{Columns, Terms};

use crate::{Error, Network, Origin, PrinterSettings, Token};

/// Settings of a till; everything but the merchants and the database has a default.
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
    /// Where the ledger is: `sqlite://PATH` or `postgres://…`.
    pub database: String,
    /// The merchants whose orders it takes, each with a name of its own. Requests choose one with
    /// `?merchant=NAME`; without it they are about `main`, or about the only one.
    pub merchants: Vec<MerchantSettings>,
    /// Where to listen; 127.0.0.1:8080.
    pub listen: SocketAddr,
    /// The owner's token. With neither it nor users in the ledger nobody is asked, and then only this
    /// machine can reach the till.
    pub token: Option<Token>,
    /// How long somebody who signed in may do nothing before they have to sign in again; 12 hours. A
    /// display stays signed in.
    pub idle_timeout: Duration,
    /// The sites whose pages may use the API from a browser, with the token in a header; none unless it
    /// is said. Without a token they are let in as the till's own pages are.
    pub allow_origins: Vec<Origin>,
    /// The unguessable part of the address of each merchant's webhook, `/webhook/{token}`: it says
    /// whose webhook it is. A merchant without one has no webhook.
    pub webhook_tokens: BTreeMap<MerchantName, Token>,
    /// Networks beside the public internet and this machine that events may be sent to, over plain HTTP
    /// too; none unless it is said.
    pub private_networks: Vec<Network>,
    /// What the `notify_url` of an order must begin with: the same server, and the same path or one
    /// below it. No order may have one unless it is said.
    pub notify_urls: Vec<String>,
    /// A PEM file with authorities that the certificates of endpoints may be of, beside the ones that the
    /// system trusts: for a program inside a company's network. None unless it is said.
    pub ca_file: Option<PathBuf>,
    /// Where payers' pages are served too, and nothing else: an address that may be open to the internet.
    pub pay_listen: Option<SocketAddr>,
    /// What the links of payers' pages begin with, as payers reach the till: `/pay/` comes behind it.
    /// Without it, the address that the till listens on, if that is on this machine; otherwise orders have
    /// no link.
    pub public_url: Option<WebAddress>,
    /// The file with the key that makes the links. Beside the database where that is SQLite, and made
    /// there at first use; tills that share a PostgreSQL database share a copy of one file, and without
    /// it orders have no link.
    pub pay_key_file: Option<PathBuf>,
    /// The printers of the shop, each with a name of its own.
    pub printers: Vec<PrinterSettings>,
    /// On what terms the provider settles each merchant's payments; the default ones unless it is said.
    pub settlement_terms: BTreeMap<MerchantName, Terms>,
    /// How the provider's tables name their columns for each merchant, beside the names that are known.
    pub settlement_columns: BTreeMap<MerchantName, Columns>,
}

impl Settings {
    /// These merchants, and the defaults.
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

    /// One merchant, `main`, and the defaults.
    pub fn main(client: ClientBuilder, database: impl Into<String>) -> Self {
        Self::new([MerchantSettings::main(client)], database)
    }

    /// The links of payers' pages, behind the address where they are served.
    pub(crate) fn pay_links(
        database: &str,
        key_file: Option<PathBuf>,
        public_url: Option<WebAddress>,
        address: SocketAddr,
    ) -> Result<Option<PayLinks>, Error> {
        let beside = PayKey::path_beside(database);
        let key = match (key_file, beside) {
            // On several machines each till would make a key of its own.
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
