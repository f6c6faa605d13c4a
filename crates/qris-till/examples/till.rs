//! Serves a till until Ctrl-C or SIGTERM, with settings from the environment: how a program of your
//! own starts one. The command `qris till` has every setting.
//!
//! `QRIS_API_KEY`, `QRIS_MERCHANT_ID` and `QRIS_BASE_URL` are the merchant's, `QRIS_DATABASE_URL` the
//! ledger's; `QRIS_TILL_LISTEN`, `QRIS_TILL_TOKEN`, `QRIS_TILL_ALLOW_ORIGINS` and `QRIS_WEBHOOK_TOKEN` may be absent, and so may
//! `QRIS_CHECKS_PER_MINUTE`, `QRIS_ABANDON_SECONDS` and `QRIS_SETTLEMENT_CRITERIA`. `QRIS_MERCHANTS` has the names of several
//! merchants; the webhook is the first one's.

use std::env;
use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use qris_api::{ApiKey, Client, MerchantId};
use qris_till::{MerchantSettings, Origin, Settings, SettlementTerms, Token};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    qris_till::log_to_stderr();
    let names = env::var("QRIS_MERCHANTS").unwrap_or_else(|_| "main".to_owned());
    let merchants = names.split_whitespace().map(merchant).collect::<Result<Vec<_>, _>>()?;
    let first = merchants.first().map(|merchant| merchant.name.clone());
    let first_merchant = first.clone();
    let mut settings = Settings::new(merchants, env::var("QRIS_DATABASE_URL")?);
    if let Ok(address) = env::var("QRIS_TILL_LISTEN") {
        settings.listen = address.parse()?;
    }
    settings.token = env::var("QRIS_TILL_TOKEN").ok().map(Token::parse).transpose()?;
    let origins = env::var("QRIS_TILL_ALLOW_ORIGINS").unwrap_or_default();
    let origins = origins.split_whitespace().map(Origin::parse);
    settings.allow_origins = origins.collect::<Result<_, _>>()?;
    if let (Some(first), Ok(token)) = (first, env::var("QRIS_WEBHOOK_TOKEN")) {
        settings.webhook_tokens.insert(first, Token::parse(token)?);
    }
    if let Ok(criteria) = env::var("QRIS_SETTLEMENT_CRITERIA") {
        let mut terms = SettlementTerms::default();
        terms.criteria = Some(criteria.parse()?);
        settings.settlement_terms.extend(first_merchant.map(|name| (name, terms)));
    }
    qris_till::serve(settings, |address| {
        // Nobody has to read it.
        writeln!(std::io::stdout(), "listening on http://{address}").ok();
    })
    .await?;
    Ok(())
}

/// A merchant of this name. All of them have the same account here; those of a real till do not.
fn merchant(name: &str) -> Result<MerchantSettings, Box<dyn Error>> {
    let key = ApiKey::parse(env::var("QRIS_API_KEY")?)?;
    let client = Client::builder(key, MerchantId::parse(env::var("QRIS_MERCHANT_ID")?)?)
        .base_url(env::var("QRIS_BASE_URL")?);
    let mut merchant = MerchantSettings::named(name.parse()?, client);
    if let Ok(checks) = env::var("QRIS_CHECKS_PER_MINUTE") {
        merchant.budget.checks_per_minute = checks.parse()?;
    }
    if let Ok(seconds) = env::var("QRIS_ABANDON_SECONDS") {
        merchant.abandon_after = Duration::from_secs(seconds.parse()?);
    }
    Ok(merchant)
}
