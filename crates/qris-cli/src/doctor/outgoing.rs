//! Checks what leaves the shop: events for other programs, and links for payers.

use std::path::Path;

use qris_ledger::PayKey;

use super::check::Check;
use crate::messages::message;
use crate::settings::{Settings, SettingsError};

/// Whether orders get links of payment pages.
pub(super) fn pay_links(settings: &Settings) -> Check {
    let advice = message!("doctor-correct-pay-links");
    let looked = || {
        settings.pay_listen(None)?;
        let url = settings.public_url()?;
        let database = settings.database_url()?;
        let key = settings.pay_key_file()?.or_else(|| PayKey::path_beside(&database));
        settings.pay_links(&database)?;
        Ok::<_, SettingsError>((url, key))
    };
    match looked() {
        Ok((_, Some(key))) if is_readable_by_others(&key) => Check::warning(
            "pay links",
            message!("doctor-pay-key-readable", file = key.display()),
            message!("doctor-protect-pay-key"),
        ),
        Ok((Some(_), None)) => Check::problem("pay links", message!("doctor-no-pay-key"), advice),
        Ok((None, None)) => Check::ok("pay links", message!("doctor-no-pay-links")),
        Ok((Some(url), Some(_))) => {
            Check::ok("pay links", message!("doctor-pay-links-ok", url = url.as_str()))
        }
        Ok((None, Some(_))) => Check::ok("pay links", message!("doctor-no-public-url")),
        Err(error) => Check::problem("pay links", error.to_string(), advice),
    }
}

/// Where the till may send events to.
pub(super) fn events(settings: &Settings) -> Check {
    let advice = message!("doctor-set-networks");
    let found = settings.private_networks(&[]).and_then(|networks| {
        settings.ca_file(None)?;
        Ok((networks.len(), settings.notify_urls(&[])?.join(", ")))
    });
    let (networks, urls) = match found {
        Ok(found) => found,
        Err(error) => return Check::problem("events", error.to_string(), advice),
    };
    let events = match networks {
        0 => message!("doctor-events-public"),
        count => message!("doctor-events-networks", count = count),
    };
    let notify = match urls.is_empty() {
        true => message!("doctor-events-no-notify", events = events),
        false => message!("doctor-events-notify", events = events, urls = urls),
    };
    Check::ok("events", notify)
}

fn is_readable_by_others(key: &Path) -> bool {
    // Another check reports what cannot be read.
    PayKey::is_private(key).is_ok_and(|is_private| !is_private)
}
