//! `qris forget`: deletes the names of payers from old payments.

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_ledger::{Actor, EraseScope, Error, Forgetting, Forgotten, Ledger, MerchantName, Traces};
use serde::Serialize;

use crate::messages::message;
use crate::output::{print, print_json};
use crate::settings::{Settings, SettingsError};

/// The actor in the history of each order.
const ACTOR: &str = "qris forget";

/// How many orders one step changes. A step takes well under a tenth of a second.
const STEP: u32 = 500;

/// How many times in a row a step may find the database busy.
const MAX_BUSY: u32 = 5;

/// The largest file that is rewritten without `--rewrite`: this takes a few seconds.
const SMALL_FILE: u64 = 256 << 20;

#[derive(Args)]
pub(crate) struct Forget {
    #[arg(long, value_name = "DATE")]
    payers_before: Date,

    #[arg(long, value_name = "NAME", default_value = ACTOR)]
    by: String,

    #[arg(long)]
    rewrite: bool,

    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

/// What was done.
#[derive(Serialize)]
struct Done {
    before: String,
    merchants: Vec<String>,
    orders: u64,
    events: u64,
    /// Events that still wait for delivery and still have the name.
    events_waiting: u64,
    webhooks: u64,
    plans: u64,
    /// Where names may remain: none, free-space, log or server.
    traces: &'static str,
    /// Always true: this command cannot change earlier copies.
    earlier_backups_have_names: bool,
}

impl Forget {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let today = WibTime::now().date();
        if self.payers_before > today {
            return Err(SettingsError(message!("forget-too-late", today = today)).into());
        }
        let named = self.settings.named_merchant()?;
        let mut ledger = self.settings.existing_ledger()?;
        let merchants = match named {
            Some(merchant) => vec![merchant],
            None => ledger.merchants().map_err(io::Error::other)?,
        };
        let mut done = Forgotten::default();
        for merchant in &merchants {
            let id = ledger.merchant(merchant).map_err(io::Error::other)?;
            ledger.act_for(id, &Actor::new(&self.by));
            let forgotten = forget(&mut ledger, self.payers_before).map_err(io::Error::other)?;
            done.orders += forgotten.orders;
            done.events += forgotten.events;
            done.events_waiting += forgotten.events_waiting;
            done.webhooks += forgotten.webhooks;
            done.plans += forgotten.plans;
        }
        let is_small = ledger.file_size().is_some_and(|size| size <= SMALL_FILE);
        let scope = if self.rewrite || is_small { EraseScope::LogAndFile } else { EraseScope::Log };
        let traces = ledger.erase_traces(scope).map_err(io::Error::other)?;
        self.say(&merchants, done, traces)?;
        Ok(ExitCode::SUCCESS)
    }

    fn say(&self, merchants: &[MerchantName], done: Forgotten, traces: Traces) -> io::Result<()> {
        let names: Vec<String> = merchants.iter().map(ToString::to_string).collect();
        let (word, rest) = match traces {
            Traces::None => ("none", message!("forget-no-trace")),
            Traces::Log => ("log", message!("forget-log")),
            Traces::Server => ("server", message!("forget-server")),
            _ => ("free-space", message!("forget-free-space")),
        };
        let Forgotten { orders, events, events_waiting, webhooks, plans, .. } = done;
        if self.json {
            return print_json(&Done {
                before: self.payers_before.to_string(),
                merchants: names,
                orders,
                events,
                events_waiting,
                webhooks,
                plans,
                traces: word,
                earlier_backups_have_names: true,
            });
        }
        let mut lines = vec![message!(
            "forget-done",
            day = self.payers_before,
            merchants = names.join(", "),
            orders = orders,
            events = events,
            webhooks = webhooks,
            plans = plans
        )];
        if events_waiting > 0 {
            lines.push(message!("forget-events-waiting", events = events_waiting));
        }
        lines.extend([rest, message!("forget-copies")]);
        print(&(lines.join("\n") + "\n"))
    }
}

/// Forgets the payers of the selected merchant in steps. Other programs can write between the steps.
fn forget(ledger: &mut Ledger, before: Date) -> Result<Forgotten, Error> {
    let mut forgetting = Forgetting::new(before);
    let mut busy = 0;
    loop {
        let started = Instant::now();
        match ledger.forget_payers(&mut forgetting, STEP, WibTime::now()) {
            Ok(true) => busy = 0,
            Ok(false) => return Ok(forgetting.done),
            Err(Error::Busy) if busy < MAX_BUSY => busy += 1,
            Err(error) => return Err(error),
        }
        // Leaves the database to other programs for as long as this step took.
        thread::sleep(
            started.elapsed().clamp(Duration::from_millis(1), Duration::from_millis(200)),
        );
    }
}
