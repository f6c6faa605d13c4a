//! What a till needs to know.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use qris_api::ClientBuilder;
use qris_ledger::Budget;

use crate::Token;

/// Settings of a till; everything but the client and the database has a default.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId};
/// use qris_till::{Settings, Token};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .base_url("http://127.0.0.1:7000/restapi/qris/");
/// let settings = Settings {
///     token: Some(Token::parse("0c9f1d7ab4e84f3b9d62")?),
///     ..Settings::new(client, "sqlite://qris.db")
/// };
/// assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Settings {
    /// How to speak with the provider. The till gives it the budget below.
    pub client: ClientBuilder,
    /// Where the books are: `sqlite://PATH` or `postgres://…`.
    pub database: String,
    /// Where to listen; 127.0.0.1:8080.
    pub listen: SocketAddr,
    /// Who is let in; nobody is asked without one, and then only this machine can reach the till.
    pub token: Option<Token>,
    /// The unguessable part of the webhook's address; without one there is no webhook.
    pub webhook_token: Option<Token>,
    /// The merchant's national number, where the owner says it. Without it the one that the books
    /// saw first is the only one whose QR is shown.
    pub nmid: Option<String>,
    /// How often the key may be asked, by all tills that share the books.
    pub budget: Budget,
    /// How long after an intent nobody can still be asking for its invoice; 3 minutes. It must be
    /// longer than a create may take with all its attempts to connect.
    pub abandon_after: Duration,
}

impl Settings {
    /// Starts from the defaults.
    pub fn new(client: ClientBuilder, database: impl Into<String>) -> Self {
        Self {
            client,
            database: database.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            token: None,
            webhook_token: None,
            nmid: None,
            budget: Budget::default(),
            abandon_after: Duration::from_secs(3 * 60),
        }
    }
}
