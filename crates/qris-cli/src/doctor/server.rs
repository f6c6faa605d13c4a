//! Checks the servers of the provider, and compares this machine's clock with theirs.

use qris_api::WibTime;
use qris_api::blocking::Client;

use super::check::Check;
use crate::messages::message;
use crate::service::Service;
use crate::settings::{MerchantSettings, unauthenticated_client};

/// Checks each server that a merchant uses, once.
pub(super) fn checks(merchants: &[MerchantSettings]) -> Vec<Check> {
    let mut checks = Vec::new();
    for (n, merchant) in merchants.iter().enumerate() {
        if !merchants[..n].iter().any(|other| other.base_url() == merchant.base_url()) {
            checks.extend(server(merchant));
        }
    }
    checks
}

/// Checks the provider's server, and compares this machine's clock with its clock.
fn server(merchant: &MerchantSettings) -> Vec<Check> {
    let client = match unauthenticated_client(merchant.base_url()) {
        Ok(client) => Client::from(client),
        Err(error) => {
            return vec![Check::problem(
                "server",
                error.to_string(),
                message!("doctor-set-address"),
            )];
        }
    };
    match client.server_time() {
        Ok(there) => vec![answering_server(merchant), clock(merchant, there, WibTime::now())],
        Err(error) => {
            vec![Check::problem("server", error.to_string(), message!("doctor-look-at-network"))]
        }
    }
}

/// The result for a server that answers.
fn answering_server(merchant: &MerchantSettings) -> Check {
    let provider = merchant.provider();
    let url = merchant.base_url().unwrap_or_default();
    let path = url.split_once("://").map(|(_, rest)| rest.split_once('/').map_or("", |it| it.1));
    if path.is_some_and(str::is_empty) {
        return Check::warning(
            "server",
            message!("doctor-no-folder", provider = provider),
            message!("doctor-add-folder"),
        );
    }
    Check::ok("server", message!("doctor-server-ok", provider = provider))
}

/// Compares the clocks. Until the provider's first reply, expiry and the days in checks depend on this
/// machine's clock.
fn clock(merchant: &MerchantSettings, there: Option<WibTime>, here: WibTime) -> Check {
    let Some(there) = there else {
        return Check::warning(
            "clock",
            message!("doctor-clock-silent", here = here.to_api_text()),
            message!("doctor-compare-clock"),
        );
    };
    let off = there.timestamp().duration_until(here.timestamp()).as_secs();
    let seconds = off.unsigned_abs();
    let about = match seconds {
        0..=119 => message!("doctor-seconds", n = seconds),
        120..=7_199 => message!("doctor-minutes", n = (seconds + 30) / 60),
        7_200..=172_799 => message!("doctor-hours", n = (seconds + 1_800) / 3_600),
        _ => message!("doctor-days", n = (seconds + 43_200) / 86_400),
    };
    // A sandbox's clock is moved on purpose. It says nothing about the clock of this machine.
    if seconds > 5 && merchant.base_url().is_some_and(is_a_sandbox) {
        return Check::ok("clock", message!("doctor-clock-of-sandbox", about = about));
    }
    let here = here.to_api_text();
    let message = match off < 0 {
        true => message!("doctor-clock-behind", here = here, about = about),
        false => message!("doctor-clock-ahead", here = here, about = about),
    };
    let advice = message!("doctor-set-clock");
    match seconds {
        0..=5 => Check::ok("clock", message),
        6..=60 => Check::warning("clock", message, advice),
        _ => Check::problem("clock", message, advice),
    }
}

/// Whether the server at this address of the API is a sandbox. The provider has no such clock.
fn is_a_sandbox(base_url: &str) -> bool {
    let Ok(sandbox) = Service::sandbox(base_url) else { return false };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return false;
    };
    let clock = runtime.block_on(sandbox.get(&["sandbox", "clock"]));
    clock.is_ok_and(|answer| answer.body["now"].is_string())
}
