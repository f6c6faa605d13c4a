//! `qris doctor`: whether everything is set up, before the first customer finds out.

mod outgoing;
mod printers;
mod totals;

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use clap::Args;
use qris_api::WibTime;
use qris_api::blocking::Client;
use qris_ledger::{
    Actor, Endpoint, EndpointState, Ledger, MerchantName, Order, State, UnbookedWebhook,
};
use serde::Serialize;

use crate::attention::Attention;
use crate::output::{chain, print, print_json, visible};
use crate::settings::{MerchantSettings, Settings, unauthenticated_client};

/// Looks whether settings, network, clock and books are as they should be
///
/// The API itself is not called, so nothing of the key's budget is spent; whether the key is right
/// shows with the first invoice. The books are opened as every command opens them, and made where
/// there are none. Every order is read once, to compare what reports say with what the orders add up to:
/// a few seconds for a million. Exit code 0: no problem, 1: at least one.
#[derive(Args)]
#[command(after_help = "Example:\n  qris doctor && qris till")]
pub(crate) struct Doctor {
    /// Leave out what needs the network: the provider's server, the clock beside its clock, and whether
    /// printers can be reached
    #[arg(long)]
    offline: bool,

    /// Correct what needs no person to decide: totals of reports that are not what the orders add up to
    #[arg(long)]
    fix: bool,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Ok,
    Warning,
    Problem,
}

/// What was looked at, what came out, and what to do about it.
#[derive(Serialize)]
struct Check {
    check: &'static str,
    /// Whose settings were looked at, if it was those of one merchant.
    merchant: Option<String>,
    result: Outcome,
    message: String,
    advice: Option<&'static str>,
}

impl Check {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, merchant: None, result: Outcome::Ok, message: message.into(), advice: None }
    }

    fn warning(check: &'static str, message: impl Into<String>, advice: &'static str) -> Self {
        Self {
            check,
            merchant: None,
            result: Outcome::Warning,
            message: message.into(),
            advice: Some(advice),
        }
    }

    fn problem(check: &'static str, message: impl Into<String>, advice: &'static str) -> Self {
        Self {
            check,
            merchant: None,
            result: Outcome::Problem,
            message: message.into(),
            advice: Some(advice),
        }
    }
}

/// How many of the newest orders are looked through.
const NEWEST: u32 = 1_000;

/// How many orders are named.
const NAMED: usize = 5;

impl Doctor {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut checks = Vec::new();
        match self.settings.merchants() {
            // Without the file of settings nothing else is as it was meant.
            Err(error) => {
                let advice = "correct that file, or name another with --settings";
                checks.push(Check::problem("settings", error.to_string(), advice));
            }
            Ok(merchants) => {
                for merchant in &merchants {
                    checks.extend(self.merchant(merchant));
                }
                checks.extend(shared_keys(&merchants));
                checks.push(self.events());
                checks.push(self.pay_links());
                checks.extend(printers::checks(&self.settings, self.offline));
                if !self.offline {
                    checks.extend(servers(&merchants));
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
            Ok(_) => Check::ok("settings", "API key, merchant number and address are well formed"),
            Err(error) if merchant.is_main() => Check::problem(
                "settings",
                error.to_string(),
                "set QRIS_API_KEY and QRIS_MERCHANT_ID as InterActive's e-mail has them, and leave \
                 QRIS_BASE_URL out; `qris sandbox` prints those of the sandbox",
            ),
            Err(error) => Check::problem(
                "settings",
                error.to_string(),
                "set api_key_file and merchant_id in the merchant's table, and leave base_url out",
            ),
        }
    }

    /// The settings that are not credentials; what is wrong with them, [`Self::credentials`] says.
    fn limits(&self, merchant: &MerchantSettings) -> Option<Check> {
        let (schedule, timeout) = (merchant.schedule().ok()?, merchant.timeout().ok()?);
        let budget = merchant.budget().ok()?;
        let nmid = merchant.nmid().unwrap_or("of the first invoice");
        let (shown, valid) = (schedule.shown.as_secs() / 60, schedule.validity.as_secs() / 60);
        let timeout = timeout.as_secs();
        let state_dir = self.settings.state_dir().ok()?;
        let state_dir = state_dir.as_deref().unwrap_or("the user's folder for state");
        Some(Check::ok(
            "limits",
            format!(
                "a code is shown for {shown} min and valid for {valid} min; a call may take \
                 {timeout} s; only codes with the NMID {nmid} are shown; the key's checks, at most \
                 {} in a minute, are counted in {state_dir}",
                budget.checks_per_minute
            ),
        ))
    }

    fn books(&self, merchants: &[MerchantSettings]) -> Vec<Check> {
        let advice = "set QRIS_DATABASE_URL to sqlite://PATH in a folder that can be written to, \
                      or to postgres://… of a server that runs";
        // Opening has taken the right to write, and brought the tables up to date.
        let mut ledger = match self.settings.ledger() {
            Ok(ledger) => ledger,
            Err(error) => return vec![Check::problem("books", error.to_string(), advice)],
        };
        let mut checks = vec![Check::ok(
            "books",
            format!(
                "{} can be written to, and its tables are up to date",
                self.settings.books().unwrap_or_default()
            ),
        )];
        for merchant in merchants {
            let found = match found_in_books(&mut ledger, merchant) {
                Ok(found) => found,
                Err(error) => vec![Check::problem("books", chain(&error), advice)],
            };
            let name = merchant.name().to_string();
            checks.extend(
                found.into_iter().map(|check| Check { merchant: Some(name.clone()), ..check }),
            );
        }
        let totals = totals::checks(&mut ledger, self.fix);
        checks.extend(totals.unwrap_or_else(|error| {
            vec![Check::problem(
                "totals",
                chain(&error),
                "try again when no other program corrects them",
            )]
        }));
        checks
    }
}

/// What the books have of a merchant that needs a person.
fn found_in_books(
    ledger: &mut Ledger,
    merchant: &MerchantSettings,
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
    let mut checks = vec![orders(&unknown, &unanswered), webhooks(attention.unbooked())];
    checks.extend(endpoints(ledger)?);
    checks.extend(attention.not_made().map(|number| {
        Check::warning(
            "bills",
            format!("{number} was not made, because another order has its number"),
            "make the bill with another number, then change, pause or end its plan: `PATCH /api/plans/{id}` \
             with `{}`",
        )
    }));
    checks.extend(attention.set_aside.iter().map(|row| {
        Check::problem(
            "rows",
            format!("{row}; it is left out of lists, checks and reports"),
            "correct the row, or restore it from a backup: another program or a damaged disk \
             changed it",
        )
    }));
    Ok(checks)
}

/// Two merchants with one key: the provider counts the checks of both together.
fn shared_keys(merchants: &[MerchantSettings]) -> Vec<Check> {
    let mut checks = Vec::new();
    for (n, merchant) in merchants.iter().enumerate() {
        for other in merchants[..n].iter().filter(|other| merchant.shares_key_with(other)) {
            checks.push(Check::problem(
                "settings",
                format!(
                    "expected an API key of its own for each merchant, found that of {} in {}",
                    other.name(),
                    merchant.name()
                ),
                "use one merchant for both, because checks_per_minute counts for each merchant",
            ));
        }
    }
    checks
}

/// Each server that a merchant uses, once.
fn servers(merchants: &[MerchantSettings]) -> Vec<Check> {
    let mut checks = Vec::new();
    for (n, merchant) in merchants.iter().enumerate() {
        if !merchants[..n].iter().any(|other| other.base_url() == merchant.base_url()) {
            checks.extend(server(merchant));
        }
    }
    checks
}

/// The provider's server, and this machine's clock beside its clock.
fn server(merchant: &MerchantSettings) -> Vec<Check> {
    let client = match unauthenticated_client(merchant.base_url()) {
        Ok(client) => Client::from(client),
        Err(error) => {
            return vec![Check::problem(
                "server",
                error.to_string(),
                "leave QRIS_BASE_URL out, or set it to an https address",
            )];
        }
    };
    match client.server_time() {
        Ok(there) => vec![met(merchant), clock(there, WibTime::now())],
        Err(error) => vec![Check::problem(
            "server",
            error.to_string(),
            "look whether this machine is online, whether its firewall lets it call, and whether \
             QRIS_BASE_URL is meant",
        )],
    }
}

/// The server answers: whose it is.
fn met(merchant: &MerchantSettings) -> Check {
    let provider = merchant.provider();
    let url = merchant.base_url().unwrap_or_default();
    let path = url.split_once("://").map(|(_, rest)| rest.split_once('/').map_or("", |it| it.1));
    if path.is_some_and(str::is_empty) {
        return Check::warning(
            "server",
            format!("{provider} answers, and its address has no folder"),
            "add the folder of the API's two pages to QRIS_BASE_URL, such as /restapi/qris/",
        );
    }
    let met = "answers; whether it takes the key, the first invoice will show";
    Check::ok("server", format!("{provider} {met}"))
}

/// Orders whose outcome nobody knows, and orders whose last check had no answer.
fn orders(unknown: &[&str], unanswered: &[&str]) -> Check {
    let named = |numbers: &[&str]| {
        let first: Vec<&str> = numbers.iter().copied().take(NAMED).collect();
        let more = numbers.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", first.join(", "))
    };
    match (unknown.is_empty(), unanswered.is_empty()) {
        (true, true) => {
            Check::ok("orders", "the outcome of each is known, and each check had an answer")
        }
        (false, true) => Check::warning(
            "orders",
            format!("expected an outcome for each order, found none for {}", named(unknown)),
            "ask InterActive whether they exist before charging again, then say what you found: \
             `qris order resolve NUMBER`",
        ),
        (true, false) => Check::warning(
            "orders",
            format!(
                "expected an answer to the last check of each order, found none for {}",
                named(unanswered)
            ),
            "ask again with `qris order check NUMBER`, or keep a till running",
        ),
        (false, false) => Check::warning(
            "orders",
            format!(
                "expected an outcome for each order, found none for {}; and an answer to the last \
                 check of each, found none for {}",
                named(unknown),
                named(unanswered)
            ),
            "ask InterActive whether the first exist, then `qris order resolve NUMBER`; ask about \
             the others again with `qris order check NUMBER`",
        ),
    }
}

/// The endpoints that a merchant's events go to; nothing where there is none.
fn endpoints(ledger: &Ledger) -> Result<Option<Check>, qris_ledger::Error> {
    let (endpoints, given_up) = (ledger.endpoints()?, ledger.count_given_up()?);
    if endpoints.is_empty() {
        return Ok(None);
    }
    let enabled = |endpoint: &&Endpoint| endpoint.state == EndpointState::Enabled;
    let (all, enabled) = (endpoints.len(), endpoints.iter().filter(enabled).count());
    let message = format!("{enabled} of {all} endpoints get events, and {given_up} were given up");
    Ok(Some(match enabled == all && given_up == 0 {
        true => Check::ok("endpoints", message),
        false => Check::warning(
            "endpoints",
            message,
            "look at GET /api/endpoints and /api/deliveries?state=given-up of the till, and send them \
             again from there",
        ),
    }))
}

/// Webhooks of invoices that the books do not have.
fn webhooks(unbooked: Option<(&UnbookedWebhook, u64)>) -> Check {
    let Some((newest, count)) = unbooked else {
        return Check::ok("webhooks", "none names an invoice that is not in the books");
    };
    let number = newest
        .number
        .as_ref()
        .map_or_else(String::new, |number| format!(", which is likely the one of {number}"));
    Check::warning(
        "webhooks",
        format!(
            "expected webhooks of invoices in the books, found {count} of others; the newest names \
             invoice {}{number}",
            newest.invoice
        ),
        "look in InterActive's portal which sale it is, then `qris order resolve NUMBER \
         --invoiceid N`; `qris order list` lists all of them",
    )
}

/// Until the provider has replied, expiry and the days that checks name go by this machine's clock.
fn clock(there: Option<WibTime>, here: WibTime) -> Check {
    let Some(there) = there else {
        return Check::warning(
            "clock",
            format!(
                "the server does not say what time it is; here it is {} WIB",
                here.to_api_text()
            ),
            "compare that with a clock you trust",
        );
    };
    let off = there.timestamp().duration_until(here.timestamp()).as_secs();
    let (way, seconds) =
        if off < 0 { ("behind", off.unsigned_abs()) } else { ("ahead of", off as u64) };
    let about = match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    let message = format!("{} WIB, {about} {way} the server's", here.to_api_text());
    let advice = "have this machine's clock set by NTP";
    match seconds {
        0..=5 => Check::ok("clock", message),
        6..=60 => Check::warning("clock", message, advice),
        _ => Check::problem("clock", message, advice),
    }
}

fn page(checks: &[Check]) -> String {
    let mut page = String::new();
    let mut merchants = checks.iter().filter_map(|check| check.merchant.as_deref());
    // The only one that is called main needs no name.
    let is_named = merchants.any(|name| name != MerchantName::default().as_str());
    for Check { check, merchant, result, message, advice } in checks {
        let mark = match result {
            Outcome::Ok => "ok",
            Outcome::Warning => "warning",
            Outcome::Problem => "problem",
        };
        let merchant = merchant.as_ref().filter(|_| is_named);
        let merchant = merchant.map_or_else(String::new, |name| format!("{name}: "));
        let _ = writeln!(page, "{mark:<8} {check:<9} {merchant}{}", visible(message));
        if let Some(advice) = advice {
            let _ = writeln!(page, "{:<18} do: {advice}", "");
        }
    }
    page
}
