//! A till for containers: the service alone, with its settings from the environment.
//!
//! `QRIS_API_KEY`, `QRIS_MERCHANT_ID`, `QRIS_BASE_URL`, `QRIS_DATABASE_URL`,
//! `QRIS_SHOWN_MINUTES` and `QRIS_VALIDITY_MINUTES` as for the `qris` command;
//! `QRIS_TIMEOUT_SECONDS` (one call to the provider), `QRIS_NMID` (the merchant's national number,
//! where it has changed), `QRIS_TILL_LISTEN`, `QRIS_TILL_TOKEN`, `QRIS_WEBHOOK_TOKEN`,
//! `QRIS_CHECKS_PER_MINUTE` and `QRIS_ABANDON_SECONDS`. It prints the address that it listens on.
#![forbid(unsafe_code)]

use std::env::{self, VarError};
use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use qris_api::{ApiKey, Client, MerchantId, Schedule};
use qris_till::{Settings, Token};

type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    qris_till::log_to_stderr();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut words = error.to_string();
            let mut cause = error.source();
            while let Some(source) = cause {
                words = format!("{words}: {source}");
                cause = source.source();
            }
            eprintln!("error: {words}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let settings = settings()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listening = |address| {
            // Nobody has to read it.
            writeln!(std::io::stdout(), "listening on http://{address}").ok();
        };
        Ok(qris_till::serve(settings, listening).await?)
    })
}

fn settings() -> Result<Settings, Failure> {
    let need = |name: &'static str| {
        text(name)?.ok_or_else(|| Failure::from(format!("expected {name} in the environment")))
    };
    let key = ApiKey::parse(need("QRIS_API_KEY")?)?;
    let merchant = MerchantId::parse(need("QRIS_MERCHANT_ID")?)?;
    let mut client = Client::builder(key, merchant);
    if let Some(url) = text("QRIS_BASE_URL")? {
        client = client.base_url(url);
    }
    let mut schedule = Schedule::default();
    if let Some(shown) = duration("QRIS_SHOWN_MINUTES", 60)? {
        schedule.shown = shown;
    }
    if let Some(validity) = duration("QRIS_VALIDITY_MINUTES", 60)? {
        schedule.validity = validity;
    }
    let timeout = duration("QRIS_TIMEOUT_SECONDS", 1)?;
    client = client.schedule(schedule);
    if let Some(timeout) = timeout {
        client = client.total_timeout(timeout);
    }
    let database = text("QRIS_DATABASE_URL")?.unwrap_or_else(|| "sqlite://qris.db".to_owned());
    let mut settings = Settings::new(client, database);
    if let Some(listen) = number("QRIS_TILL_LISTEN")? {
        settings.listen = listen;
    }
    if let Some(checks) = number("QRIS_CHECKS_PER_MINUTE")? {
        settings.budget.checks_per_minute = checks;
    }
    if let Some(timeout) = timeout {
        // A create may take as long as its attempts together.
        settings.abandon_after = settings.abandon_after.max(timeout.saturating_mul(4));
    }
    if let Some(seconds) = number("QRIS_ABANDON_SECONDS")? {
        settings.abandon_after = Duration::from_secs(seconds);
    }
    settings.nmid = text("QRIS_NMID")?.filter(|nmid| !nmid.is_empty());
    settings.token = text("QRIS_TILL_TOKEN")?.map(Token::parse).transpose()?;
    settings.webhook_token = text("QRIS_WEBHOOK_TOKEN")?.map(Token::parse).transpose()?;
    Ok(settings)
}

fn text(name: &'static str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("expected {name} as UTF-8").into()),
    }
}

fn number<T: FromStr>(name: &'static str) -> Result<Option<T>, Failure> {
    let parsed =
        text(name)?.map(|text| text.parse().map_err(|_| format!("expected another {name}")));
    Ok(parsed.transpose()?)
}

/// A time of at least one unit of so many seconds.
fn duration(name: &'static str, unit_seconds: u64) -> Result<Option<Duration>, Failure> {
    match number::<u64>(name)? {
        Some(0) => Err(format!("expected {name} of at least 1, found 0").into()),
        units => Ok(units.map(|units| Duration::from_secs(units.saturating_mul(unit_seconds)))),
    }
}
