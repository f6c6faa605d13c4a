//! `qris probe`: finds out what the provider's documentation does not say, with one payment of Rp1,000.

mod checks;
mod console;
mod creates;
mod error;
mod listen;
mod page;
mod payment;
mod qr;
mod question;
mod replies;
mod session;
mod unpaid;
mod webhook;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_api::{Schedule, WibTime};

use self::console::Console;
use self::error::Abort;
use self::listen::Webhooks;
use self::page::{Fact, Page};
use self::question::Question;
use self::replies::Replies;
use self::session::Session;
use crate::messages::message;
use crate::output::{print, print_error, print_json};
use crate::settings::{Settings, SettingsError};

#[derive(Args)]
pub(crate) struct Probe {
    #[arg(long)]
    yes: bool,

    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[arg(long)]
    json: bool,

    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    #[arg(long)]
    expiry: bool,

    #[arg(long, value_name = "N", value_parser = gap)]
    gap_seconds: Option<f64>,

    #[command(flatten)]
    settings: Settings,
}

fn gap(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.1..=60.0).contains(seconds));
    seconds.ok_or_else(|| message!("probe-gap-range"))
}

impl Probe {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let schedule = self.schedule()?;
        let mut builder = self.settings.merchant()?.client_builder()?.schedule(schedule);
        if let Some(nmid) = self.settings.merchant()?.nmid() {
            builder = builder.nmid(nmid);
        }
        let client = builder.build().map_err(|error| SettingsError(error.to_string()))?;
        let (provider, started_at) = (self.settings.merchant()?.provider(), WibTime::now());
        self.ensure_writable()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (page, ended) = runtime.block_on(async {
            let webhooks = match self.listen {
                Some(address) => Some(Webhooks::listen(address).await?),
                None => None,
            };
            let mut session = Session {
                client,
                console: if self.yes { Console::yes() } else { Console::interactive() },
                page: Page::new(provider, started_at),
                replies: Replies::default(),
                schedule,
                webhooks,
                came: Vec::new(),
                checks: HashMap::new(),
                stamp: started_at.to_api_text().replace(['-', ':'], "").replace(' ', "-"),
                unpaid: None,
                paying: None,
                paid: None,
                expiry: self.expiry,
            };
            let ended = tokio::select! {
                ended = session.explore() => ended,
                _ = tokio::signal::ctrl_c() => Err(Abort::Stopped),
            };
            session.conclude();
            io::Result::Ok((session.page, ended))
        })?;
        self.write(&page)?;
        Ok(match ended {
            Ok(()) => ExitCode::SUCCESS,
            Err(Abort::Stopped) => {
                anstream::eprintln!("\n{}", message!("probe-stopped"));
                ExitCode::SUCCESS
            }
            Err(Abort::Failed(why)) => {
                print_error(&why);
                ExitCode::FAILURE
            }
        })
    }

    /// The usual times. Gaps may be shorter only for a sandbox: only a sandbox can be reached by plain
    /// HTTP.
    fn schedule(&self) -> Result<Schedule, SettingsError> {
        let schedule = self.settings.merchant()?.schedule()?;
        let Some(seconds) = self.gap_seconds else { return Ok(schedule) };
        if !self.settings.merchant()?.is_sandbox() {
            return Err(SettingsError(message!("probe-gap-provider")));
        }
        let gap = Duration::from_secs_f64(seconds);
        Ok(schedule.with_try_gap(gap).with_check_gap(gap))
    }

    /// Checks before the first step that the page can be written after the last one.
    fn ensure_writable(&self) -> io::Result<()> {
        let Some(file) = &self.out else { return Ok(()) };
        let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(file);
        opened.map(drop).map_err(|error| named(file, &error))
    }

    fn write(&self, page: &Page) -> io::Result<()> {
        let ended_at = WibTime::now();
        let print_page = || {
            if self.json {
                print_json(&page.json(ended_at)?)
            } else {
                print(&page.markdown(ended_at))
            }
        };
        let Some(file) = &self.out else { return print_page() };
        let text = if self.json {
            serde_json::to_string_pretty(&page.json(ended_at)?)? + "\n"
        } else {
            page.markdown(ended_at)
        };
        match fs::write(file, text) {
            Ok(()) => {
                anstream::eprintln!("\n{}", message!("probe-written", file = file.display()));
                Ok(())
            }
            Err(error) => {
                // The payment cannot be repeated to get the page again.
                print_page()?;
                Err(named(file, &error))
            }
        }
    }
}

/// An error with the path of its file.
fn named(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}

impl Session {
    /// All steps in order.
    async fn explore(&mut self) -> Result<(), Abort> {
        self.compare_clocks().await?;
        self.see_refusals().await?;
        self.see_tips().await?;
        self.announce_webhook().await?;
        let Some(invoice) = self.make_the_invoice_to_pay().await? else {
            self.watch_unpaid().await?;
            // Questions that already have an answer or a reason keep it.
            self.not_seen(Question::ALL, "there is no invoice to pay");
            return Ok(());
        };
        let second = self.use_the_number_again(&invoice).await?;
        if let Some(paid) = self.wait_for_payment(&invoice).await? {
            self.check_otherwise(&invoice, &paid, second.as_ref()).await?;
            self.wait_for_webhook(&invoice, &paid).await?;
            self.look_in_the_portal(&invoice).await?;
        }
        self.watch_unpaid().await
    }

    /// Asks the server for the time, without the key.
    async fn compare_clocks(&mut self) -> Result<(), Abort> {
        self.console.say(&message!("probe-intro"));
        match self.client.server_time().await {
            Ok(Some(there)) => self.replies.clock(WibTime::now(), there),
            Ok(None) => {
                let fact = Fact::not_seen("the server does not give its time");
                self.page.note(Question::ServerClock, fact);
            }
            Err(error) => return Err(Abort::Failed(error.to_string())),
        }
        Ok(())
    }

    /// Notes the facts that follow from all answers together.
    fn conclude(&mut self) {
        self.replies.conclude(&mut self.page);
        self.conclude_webhook();
    }
}
