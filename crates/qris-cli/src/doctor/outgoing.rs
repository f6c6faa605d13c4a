//! What leaves the shop: events for other programs, and links for payers.

use std::path::Path;

use qris_ledger::PayKey;

use super::{Check, Doctor};
use crate::settings::SettingsError;

impl Doctor {
    /// Whether orders get a link of a page for their payer.
    pub(super) fn pay_links(&self) -> Check {
        let advice = "correct public_url, pay_listen and pay_key_file; a key is made with \
                      `head -c 32 /dev/urandom`, in a file that its owner alone can read";
        let settings = &self.settings;
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
                format!(
                    "expected {} to be readable by its owner alone, found that others can read it: who \
                     has that key can see every order",
                    key.display()
                ),
                "run chmod 600 on it; if somebody may have read it, put a new key in its place: links \
                 that were handed out go on working",
            ),
            Ok((Some(_), None)) => Check::problem(
                "pay links",
                "expected pay_key_file beside public_url, because the database is PostgreSQL",
                advice,
            ),
            Ok((None, None)) => {
                Check::ok("pay links", "orders have no pay_url: no pay_key_file is set")
            }
            Ok((Some(url), Some(_))) => {
                Check::ok("pay links", format!("payers' pages are at {}", url.as_str()))
            }
            Ok((None, Some(_))) => Check::ok(
                "pay links",
                "public_url is not set: the till's orders have links to its own address, for this \
                 machine alone, and those of this command have pay_url null",
            ),
            Err(error) => Check::problem("pay links", error.to_string(), advice),
        }
    }

    /// Where the till may send events to.
    pub(super) fn events(&self) -> Check {
        let advice = "set private_networks to a list such as [\"192.168.1.0/24\"] and ca_file to a file \
                      with certificates, or leave them out";
        let settings = &self.settings;
        let found = settings.private_networks(&[]).and_then(|networks| {
            settings.ca_file(None)?;
            Ok((networks.len(), settings.notify_urls(&[])?.len()))
        });
        match found {
            Ok((networks, urls)) => Check::ok(
                "events",
                format!(
                    "the till may send events to public addresses over https, to this machine, and to \
                     {networks} private networks; the notify_url of an order may begin with {urls} \
                     addresses"
                ),
            ),
            Err(error) => Check::problem("events", error.to_string(), advice),
        }
    }
}

fn is_readable_by_others(key: &Path) -> bool {
    // What cannot be looked at, the settings have said already.
    PayKey::is_private(key).is_ok_and(|is_private| !is_private)
}
