//! `qris forget`: takes the names of payers out of what is old.

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_ledger::{Actor, Error, Forgetting, Forgotten, Ledger, MerchantName, Traces};
use serde::Serialize;

use crate::output::{print, print_json};
use crate::settings::{Settings, SettingsError};

/// Who does it, as the history of each order says.
const ACTOR: &str = "qris forget";

/// How many orders are changed in one step: well under a tenth of a second.
const STEP: u32 = 500;

/// How often in a row a step may find the database busy.
const MAX_BUSY: u32 = 5;

/// The largest file that is rewritten without being asked for: that takes a few seconds.
const SMALL_FILE: u64 = 256 << 20;

/// Takes the names of payers out of payments that were made before a day
///
/// Amounts, times, methods and RRNs stay. It is about all merchants that have orders in the database,
/// or about the one that --merchant names. A till may run meanwhile. It may be stopped at any time, and
/// goes on when it is run again. The history of each order says that it was done, and by whom.
///
/// Bills that were paid before that day lose the customer's name too, and so do webhooks that were kept
/// and plans that have ended. An event that still waits to be delivered keeps the name until it was
/// taken: run the command again then. Backups and exports that were made before have the names.
#[derive(Args)]
#[command(after_help = "Example:\n  qris forget --payers-before 2025-12-01\n\n\
                        At the end a SQLite file of up to 256 MB is written anew, so that the names are\n\
                        in no part of it. For a larger one, end the till and give --rewrite: nobody can\n\
                        book anything meanwhile.")]
pub(crate) struct Forget {
    /// The first day in WIB whose payers are not forgotten, such as 2025-12-01; today at the latest
    #[arg(long, value_name = "DATE")]
    payers_before: Date,

    /// Who does it, for the history of the orders
    #[arg(long, value_name = "NAME", default_value = ACTOR)]
    by: String,

    /// Write a SQLite file anew however large it is
    #[arg(long)]
    rewrite: bool,

    /// Print JSON
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
    /// Events that wait to be delivered, and have the name still.
    events_waiting: u64,
    webhooks: u64,
    plans: u64,
    /// Where names may still stand: none, free-space, log or server.
    traces: &'static str,
    /// Always true: what was copied before is out of reach.
    earlier_backups_have_names: bool,
}

impl Forget {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let today = WibTime::now().date();
        if self.payers_before > today {
            let words =
                format!("expected --payers-before of {today} at the latest, found a later day");
            return Err(SettingsError(words).into());
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
        let traces = ledger.erase_traces(self.rewrite || is_small).map_err(io::Error::other)?;
        self.say(&merchants, done, traces)?;
        Ok(ExitCode::SUCCESS)
    }

    fn say(&self, merchants: &[MerchantName], done: Forgotten, traces: Traces) -> io::Result<()> {
        let names: Vec<String> = merchants.iter().map(ToString::to_string).collect();
        let (word, rest) = match traces {
            Traces::None => ("none", "the database file has no trace of them"),
            Traces::Log => (
                "log",
                "another program was reading for too long, so the file beside the database (-wal) \
                 may have them still: run this again, or end the till first",
            ),
            Traces::Server => (
                "server",
                "old versions of rows on the PostgreSQL server have them until VACUUM has run and \
                 their space is used again, and so have its write-ahead log and its archives",
            ),
            _ => (
                "free-space",
                "free space of the database file may have them still: end the till and run this \
                 again with --rewrite",
            ),
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
        let mut out = format!(
            "payers before {}, of {}: forgotten in {orders} orders, {events} events, {webhooks} \
             webhooks and {plans} plans\n",
            self.payers_before,
            names.join(", "),
        );
        if events_waiting > 0 {
            out.push_str(&format!(
                "{events_waiting} events keep the name because they wait to be delivered: run this \
                 again later\n"
            ));
        }
        out.push_str(&format!(
            "{rest}\nbackups and exports that were made before have the names: delete them, or keep \
             them as long as you may\n"
        ));
        print(&out)
    }
}

/// Forgets the payers of the selected merchant, in steps between which others write.
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
        // Others have the database for as long as this step had it.
        thread::sleep(
            started.elapsed().clamp(Duration::from_millis(1), Duration::from_millis(200)),
        );
    }
}
