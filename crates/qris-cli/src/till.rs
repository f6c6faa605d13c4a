//! `qris till`: the service and its pages.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_till::Token;

use crate::output::{print, visible};
use crate::settings::{Settings, SettingsError, place_of_database};

/// Runs the till: an HTTP API, and pages for the cashier, the customer and the owner
///
/// It watches the orders of all merchants in the settings, or of the one that --merchant names, and
/// settles each once, however many tills share the books.
/// With QRIS_TILL_TOKEN in the environment that bearer token guards everything; without it the
/// till listens on this machine only. QRIS_WEBHOOK_TOKEN opens /webhook/TOKEN to the provider.
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
        let [merchant] = merchants.as_slice() else {
            return Err(SettingsError("expected one merchant".to_owned()).into());
        };
        let mut settings = qris_till::Settings::new(merchant.client_builder()?, database);
        settings.listen = self.listen;
        settings.nmid = merchant.nmid().map(str::to_owned);
        settings.budget = merchant.budget()?;
        settings.abandon_after = match self.abandon_seconds {
            Some(seconds) => Duration::from_secs(seconds.into()),
            None => merchant.abandon_after()?,
        };
        let provider = merchant.provider();
        settings.token = token("QRIS_TILL_TOKEN")?;
        settings.webhook_token = token("QRIS_WEBHOOK_TOKEN")?;
        anstream::eprintln!("asking {}; the books: {}", visible(&provider), visible(&books));
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
