//! `qris doctor`: checks the whole set-up before the first customer comes.

mod check;
mod outgoing;
mod printers;
mod server;
mod totals;
mod webhooks;

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use clap::Args;
use qris_api::WibTime;
use qris_ledger::{Actor, Endpoint, EndpointState, Ledger, MerchantName, Order, State};

use self::check::{Check, NAMED, Outcome};
use crate::attention::Attention;
use crate::messages::message;
use crate::output::{chain, print, print_json, visible};
use crate::settings::{MerchantSettings, Settings};

#[derive(Args)]
pub(crate) struct Doctor {
    #[arg(long)]
    offline: bool,

    #[arg(long)]
    fix: bool,

    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

/// How many of the newest orders are checked.
const NEWEST: u32 = 1_000;

impl Doctor {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut checks = Vec::new();
        match self.settings.merchants() {
            // Without the settings file all other checks would be wrong.
            Err(error) => {
                let advice = message!("doctor-correct-file");
                checks.push(Check::problem("settings", error.to_string(), advice));
            }
            Ok(merchants) => {
                for merchant in &merchants {
                    checks.extend(self.merchant(merchant));
                }
                checks.extend(shared_keys(&merchants));
                checks.extend(webhook_tokens(&merchants));
                checks.push(outgoing::events(&self.settings));
                checks.push(outgoing::pay_links(&self.settings));
                checks.extend(printers::checks(&self.settings, self.offline));
                if !self.offline {
                    checks.extend(server::checks(&merchants));
                }
                checks.extend(self.books(&merchants));
            }
        }
        let problem = checks.iter().any(|check| check.result == Outcome::Problem);
        if self.json {
            let whole = serde_json::json!({ "healthy": !problem, "checks": checks });
            print_json(&whole)?;
        } else {
            print(&page(&checks))?;
        }
        Ok(if problem { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// Whether the settings of a merchant are complete.
    fn merchant(&self, merchant: &MerchantSettings) -> Vec<Check> {
        let checks = std::iter::once(self.credentials(merchant)).chain(self.limits(merchant));
        checks.map(|check| Check { merchant: Some(merchant.name().to_string()), ..check }).collect()
    }

    fn credentials(&self, merchant: &MerchantSettings) -> Check {
        match merchant.client() {
            Ok(_) => Check::ok("settings", message!("doctor-credentials-ok")),
            Err(error) if merchant.is_main() => {
                Check::problem("settings", error.to_string(), message!("doctor-set-credentials"))
            }
            Err(error) => {
                Check::problem("settings", error.to_string(), message!("doctor-set-table"))
            }
        }
    }

    /// The settings that are not credentials. [`Self::credentials`] reports their faults.
    fn limits(&self, merchant: &MerchantSettings) -> Option<Check> {
        let (schedule, timeout) = (merchant.schedule().ok()?, merchant.timeout().ok()?);
        let budget = merchant.budget().ok()?;
        let of_first = message!("doctor-nmid-of-first-invoice");
        let nmid = merchant.nmid().unwrap_or(&of_first);
        let (shown, valid) = (schedule.shown.as_secs() / 60, schedule.validity.as_secs() / 60);
        let timeout = timeout.as_secs();
        let state_dir = self.settings.state_dir().ok()?;
        let users = message!("doctor-users-folder");
        let state_dir = state_dir.as_deref().unwrap_or(&users);
        Some(Check::ok(
            "limits",
            message!(
                "doctor-limits",
                shown = shown,
                valid = valid,
                timeout = timeout,
                nmid = nmid,
                checks = budget.checks_per_minute,
                folder = state_dir
            ),
        ))
    }

    fn books(&self, merchants: &[MerchantSettings]) -> Vec<Check> {
        let advice = message!("doctor-set-database");
        // Opening the database checks that it is writable, and updates its tables.
        let mut ledger = match self.settings.ledger() {
            Ok(ledger) => ledger,
            Err(error) => return vec![Check::problem("books", error.to_string(), advice)],
        };
        let mut checks = vec![Check::ok(
            "books",
            message!("doctor-books-ok", books = self.settings.database_place().unwrap_or_default()),
        )];
        for merchant in merchants {
            let has_token = crate::till::has_webhook_token(merchant, merchants.len() == 1);
            let found = match merchant_checks(&mut ledger, merchant, has_token) {
                Ok(found) => found,
                Err(error) => vec![Check::problem("books", chain(&error), advice.as_str())],
            };
            let name = merchant.name().to_string();
            checks.extend(
                found.into_iter().map(|check| Check { merchant: Some(name.clone()), ..check }),
            );
        }
        let totals = totals::checks(&mut ledger, self.fix);
        checks.extend(totals.unwrap_or_else(|error| {
            vec![Check::problem("totals", chain(&error), message!("doctor-totals-busy"))]
        }));
        checks
    }
}

/// What needs a person in a merchant's data.
fn merchant_checks(
    ledger: &mut Ledger,
    merchant: &MerchantSettings,
    has_webhook_token: bool,
) -> Result<Vec<Check>, qris_ledger::Error> {
    let id = ledger.merchant(merchant.name())?;
    ledger.act_for(id, &Actor::default());
    let newest = ledger.list(NEWEST)?;
    let now = WibTime::now();
    let attention = Attention::read(ledger, now)?;
    let abandon_after = merchant.abandon_after().unwrap_or_default();
    let cut_off = |order: &&Order| {
        let requested = order.requested_at.unwrap_or(order.created_at);
        order.state == State::Requested && requested.later_by(abandon_after) < now
    };
    let unknown = newest.iter().filter(cut_off).chain(attention.unknown());
    let unknown: Vec<&str> = unknown.map(|order| order.number.as_str()).collect();
    let unanswered: Vec<&str> = attention.unanswered().map(|order| order.number.as_str()).collect();
    let mut checks = orders(&unknown, &unanswered);
    checks.push(webhooks::check(attention.unbooked(), &newest, has_webhook_token, now));
    checks.extend(endpoints(ledger)?);
    checks.extend(attention.not_made().map(|number| {
        Check::warning(
            "bills",
            message!("doctor-bill", number = number),
            message!("doctor-make-bill"),
        )
    }));
    checks.extend(attention.set_aside.iter().map(|row| {
        Check::problem("rows", message!("doctor-row", row = row), message!("doctor-correct-row"))
    }));
    Ok(checks)
}

/// Finds merchants that share a key: the provider counts their checks together.
fn shared_keys(merchants: &[MerchantSettings]) -> Vec<Check> {
    let mut checks = Vec::new();
    for (n, merchant) in merchants.iter().enumerate() {
        for other in merchants[..n].iter().filter(|other| merchant.shares_key_with(other)) {
            checks.push(Check::problem(
                "settings",
                message!("doctor-shared-key", one = other.name(), other = merchant.name()),
                message!("doctor-use-one-merchant"),
            ));
        }
    }
    checks
}

/// The webhook token that the till would not start with.
fn webhook_tokens(merchants: &[MerchantSettings]) -> Option<Check> {
    let error = crate::till::webhook_tokens(merchants).err()?;
    Some(Check::problem("settings", error.to_string(), message!("doctor-set-webhook-token")))
}

/// Orders with an unknown outcome, and orders whose last check had no answer.
fn orders(unknown: &[&str], unanswered: &[&str]) -> Vec<Check> {
    let named = |numbers: &[&str]| {
        let first: Vec<&str> = numbers.iter().copied().take(NAMED).collect();
        let more = numbers.len().saturating_sub(NAMED);
        let first = first.join(", ");
        match more {
            0 => first,
            more => message!("doctor-and-more", numbers = first, more = more),
        }
    };
    let mut checks = Vec::new();
    if !unknown.is_empty() {
        checks.push(Check::warning(
            "orders",
            message!("doctor-no-outcome", numbers = named(unknown)),
            message!("doctor-ask-provider"),
        ));
    }
    if !unanswered.is_empty() {
        checks.push(Check::warning(
            "orders",
            message!("doctor-no-answer", numbers = named(unanswered)),
            message!("doctor-ask-again"),
        ));
    }
    if checks.is_empty() {
        checks.push(Check::ok("orders", message!("doctor-orders-ok")));
    }
    checks
}

/// The endpoints of a merchant's events; `None` if there are none.
fn endpoints(ledger: &Ledger) -> Result<Option<Check>, qris_ledger::Error> {
    let (endpoints, given_up) = (ledger.endpoints()?, ledger.count_given_up()?);
    if endpoints.is_empty() {
        return Ok(None);
    }
    let enabled = |endpoint: &&Endpoint| endpoint.state == EndpointState::Enabled;
    let (all, enabled) = (endpoints.len(), endpoints.iter().filter(enabled).count());
    let message = message!("doctor-endpoints", enabled = enabled, all = all, given_up = given_up);
    Ok(Some(match enabled == all && given_up == 0 {
        true => Check::ok("endpoints", message),
        false => Check::warning("endpoints", message, message!("doctor-look-at-endpoints")),
    }))
}

fn page(checks: &[Check]) -> String {
    let mut page = String::new();
    let mut merchants = checks.iter().filter_map(|check| check.merchant.as_deref());
    // A single merchant with the name main is not named.
    let is_named = merchants.any(|name| name != MerchantName::default().as_str());
    for Check { check, merchant, result, message, advice } in checks {
        let mark = match result {
            Outcome::Ok => message!("doctor-ok"),
            Outcome::Warning => message!("doctor-warning"),
            Outcome::Problem => message!("doctor-problem"),
        };
        let check = name_of(check);
        let merchant = merchant.as_ref().filter(|_| is_named);
        let merchant = merchant.map_or_else(String::new, |name| format!("{name}: "));
        let _ = writeln!(page, "{mark:<8} {check:<9} {merchant}{}", visible(message));
        if let Some(advice) = advice {
            let _ = writeln!(page, "{:<18} {}", "", message!("doctor-do", advice = advice));
        }
    }
    page
}

/// The name of a check in the user's language.
fn name_of(check: &str) -> String {
    match check {
        "settings" => message!("doctor-name-settings"),
        "limits" => message!("doctor-name-limits"),
        "books" => message!("doctor-name-books"),
        "rows" => message!("doctor-name-rows"),
        "bills" => message!("doctor-name-bills"),
        "totals" => message!("doctor-name-totals"),
        "server" => message!("doctor-name-server"),
        "orders" => message!("doctor-name-orders"),
        "endpoints" => message!("doctor-name-endpoints"),
        "webhooks" => message!("doctor-name-webhooks"),
        "clock" => message!("doctor-name-clock"),
        "events" => message!("doctor-name-events"),
        "pay links" => message!("doctor-name-pay-links"),
        "printers" => message!("doctor-name-printers"),
        "printer" => message!("doctor-name-printer"),
        other => other.to_owned(),
    }
}
