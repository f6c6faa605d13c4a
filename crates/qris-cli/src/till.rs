//! `qris till`: the service and its pages.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_ledger::MerchantName;
use qris_till::Token;

use crate::messages::message;
use crate::output::{print, visible};
use crate::settings::{MerchantSettings, Settings, SettingsError, place_of_database};

#[derive(Args)]
pub(crate) struct TillCommand {
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "QRIS_TILL_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_IDLE_MINUTES",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    idle_minutes: Option<u32>,

    #[arg(
        long,
        value_name = "N",
        env = "QRIS_ABANDON_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    abandon_seconds: Option<u32>,

    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    private_networks: Vec<String>,

    #[arg(long, value_name = "URLS", value_delimiter = ',')]
    notify_urls: Vec<String>,

    #[arg(long, value_name = "ORIGINS", value_delimiter = ',')]
    allow_origins: Vec<String>,

    #[arg(long, value_name = "FILE", env = "QRIS_CA_FILE", hide_env = true)]
    ca_file: Option<PathBuf>,

    #[arg(long, value_name = "ADDRESS", env = "QRIS_PAY_LISTEN", hide_env = true)]
    pay_listen: Option<SocketAddr>,

    #[command(flatten)]
    settings: Settings,
}

impl TillCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let merchants = self.settings.served_merchants()?;
        let database = self.settings.served_database_url(&merchants)?;
        let books = place_of_database(&database);
        let served: Result<Vec<_>, _> = merchants.iter().map(|one| self.served(one)).collect();
        let mut settings = qris_till::Settings::new(served?, database);
        settings.listen = self.listen;
        settings.private_networks = self.settings.private_networks(&self.private_networks)?;
        settings.allow_origins = self.settings.allow_origins(&self.allow_origins)?;
        settings.notify_urls = self.settings.notify_urls(&self.notify_urls)?;
        settings.ca_file = self.settings.ca_file(self.ca_file.clone())?;
        settings.pay_listen = self.settings.pay_listen(self.pay_listen)?;
        settings.public_url = self.settings.public_url()?;
        settings.pay_key_file = self.settings.pay_key_file()?;
        settings.printers = self.settings.printers()?;
        settings.token = token("QRIS_TILL_TOKEN")?;
        if let Some(minutes) = self.idle_minutes {
            settings.idle_timeout = Duration::from_secs(60 * u64::from(minutes));
        }
        settings.webhook_tokens = webhook_tokens(&merchants)?;
        for merchant in &merchants {
            let settlement = self.settings.settlement(merchant)?;
            settings.settlement_terms.insert(merchant.name().clone(), settlement.terms);
            settings.settlement_columns.insert(merchant.name().clone(), settlement.columns);
        }
        for merchant in &merchants {
            let name = match merchants.len() {
                1 => String::new(),
                _ => format!("{}: ", merchant.name()),
            };
            let asking = message!("till-asking", provider = visible(&merchant.provider()));
            anstream::eprintln!("{name}{asking}");
        }
        anstream::eprintln!("{}", message!("till-books", books = visible(&books)));
        qris_till::log_to_stderr();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listening = |address: SocketAddr| {
            // It is fine if nobody reads this line.
            let _ = print(&(message!("till-open", address = address) + "\n"));
        };
        runtime.block_on(qris_till::serve(settings, listening)).map_err(io::Error::other)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl TillCommand {
    fn served(
        &self,
        merchant: &MerchantSettings,
    ) -> Result<qris_till::MerchantSettings, SettingsError> {
        let abandon_after = match self.abandon_seconds {
            Some(seconds) => Duration::from_secs(seconds.into()),
            None => merchant.abandon_after()?,
        };
        let client = merchant.client_builder()?;
        let mut served = qris_till::MerchantSettings::named(merchant.name().clone(), client);
        served.nmid = merchant.nmid().map(str::to_owned);
        served.budget = merchant.budget()?;
        served.abandon_after = abandon_after;
        Ok(served)
    }
}

/// The webhook tokens of the settings file. The environment may have the token of `main`, or of the only
/// merchant. `qris doctor` checks them with it too.
pub(crate) fn webhook_tokens(
    merchants: &[MerchantSettings],
) -> Result<BTreeMap<MerchantName, Token>, SettingsError> {
    let mut tokens = BTreeMap::new();
    for merchant in merchants {
        let Some(text) = merchant.webhook_token() else { continue };
        let token = Token::parse(text).map_err(|error| {
            SettingsError(message!("till-webhook-token", place = merchant.place(), error = error))
        });
        tokens.insert(merchant.name().clone(), token?);
    }
    if let Some(token) = token("QRIS_WEBHOOK_TOKEN")? {
        let only = merchants.len() == 1;
        let Some(merchant) = merchants.iter().find(|one| only || one.is_main()) else {
            return Err(SettingsError(message!("till-webhook-token-of-main")));
        };
        tokens.insert(merchant.name().clone(), token);
    }
    Ok(tokens)
}

/// Whether a merchant has a webhook token, for a till with these settings and this environment.
pub(crate) fn has_webhook_token(merchant: &MerchantSettings, is_only: bool) -> bool {
    let in_environment = std::env::var("QRIS_WEBHOOK_TOKEN").is_ok_and(|token| !token.is_empty());
    merchant.webhook_token().is_some() || (in_environment && (is_only || merchant.is_main()))
}

/// A secret from the environment. It is never a flag, because other users can see flags.
fn token(name: &str) -> Result<Option<Token>, SettingsError> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty());
    text.map(Token::parse).transpose().map_err(|error| SettingsError(format!("{name}: {error}")))
}
