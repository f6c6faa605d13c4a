//! `qris till`: the service and its pages.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_till::{MerchantName, MerchantSettings, Token};

use crate::output::{print, visible};
use crate::settings::{Settings, SettingsError, place_of_database};

/// Runs the till: an HTTP API, and pages for the cashier, the customer and the owner
///
/// It watches the orders of all merchants in the settings, or of the one that --merchant names, and
/// settles each once, however many tills share the books.
/// With QRIS_TILL_TOKEN in the environment that bearer token guards everything; without it the
/// till listens on this machine only. QRIS_WEBHOOK_TOKEN opens /webhook/TOKEN to the provider, for
/// the merchant main; webhook_token in [merchant.NAME] does so for another.
#[derive(Args)]
#[command(after_help = "Example:\n  qris till --database sqlite://shop.db\n\
                        \n  # For tablets in the shop, which ask for this token once:\n  \
                        (umask 077; openssl rand -hex 20 > token)\n  \
                        QRIS_TILL_TOKEN=$(cat token) qris till --listen 0.0.0.0:8080")]
pub(crate) struct TillCommand {
    /// Where to listen
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "QRIS_TILL_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,

    /// How long after asking for a code its answer can no longer come: then the order is unknown.
    /// Default: 180, or as long as a call may take and a minute if that is more
    #[arg(
        long,
        value_name = "N",
        env = "QRIS_ABANDON_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    abandon_seconds: Option<u32>,

    #[command(flatten)]
    settings: Settings,
}

impl TillCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let merchants = self.settings.served_merchants()?;
        let database = self.settings.served_database_url(&merchants)?;
        let books = place_of_database(&database);
        let mut settings = qris_till::Settings::new([], database);
        settings.listen = self.listen;
        settings.token = token("QRIS_TILL_TOKEN")?;
        // The variable is for main, as the other variables are, or for the only merchant.
        let only = if merchants.len() == 1 { merchants.first() } else { None };
        let of_variable = merchants.iter().find(|merchant| merchant.is_main()).or(only);
        let mut variable = token("QRIS_WEBHOOK_TOKEN")?;
        if variable.is_some() && of_variable.is_none() {
            let words = "expected webhook_token in the table [merchant.NAME] of each merchant that \
                         has a webhook, found QRIS_WEBHOOK_TOKEN and no merchant main";
            return Err(SettingsError(words.to_owned()).into());
        }
        for merchant in &merchants {
            let name: MerchantName = merchant.name().clone();
            let parsed = merchant.webhook_token().map(Token::parse).transpose();
            let token = parsed.map_err(|error| {
                SettingsError(format!("webhook_token of {}: {error}", merchant.place()))
            })?;
            let is_of_variable = of_variable.is_some_and(|one| one.name() == merchant.name());
            let token = if is_of_variable { variable.take().or(token) } else { token };
            settings.webhook_tokens.extend(token.map(|token| (name.clone(), token)));
            settings.merchants.push(MerchantSettings {
                nmid: merchant.nmid().map(str::to_owned),
                budget: merchant.budget()?,
                abandon_after: match self.abandon_seconds {
                    Some(seconds) => Duration::from_secs(seconds.into()),
                    None => merchant.abandon_after()?,
                },
                name,
                ..MerchantSettings::main(merchant.client_builder()?)
            });
        }
        let providers: Vec<String> = merchants.iter().map(|merchant| merchant.provider()).collect();
        let providers = providers.join(", ");
        anstream::eprintln!("asking {}; the books: {}", visible(&providers), visible(&books));
        qris_till::log_to_stderr();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listening = |address: SocketAddr| {
            // Nobody has to read it.
            let _ = print(&format!("The till is open at http://{address}/\n"));
        };
        runtime.block_on(qris_till::serve(settings, listening)).map_err(io::Error::other)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A secret from the environment; never a flag, which others could see.
fn token(name: &str) -> Result<Option<Token>, SettingsError> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty());
    text.map(Token::parse).transpose().map_err(|error| SettingsError(format!("{name}: {error}")))
}
