//! `qris settle`: what the provider settled, and what was booked.

mod import;
mod journal;
mod report;
mod view;

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use qris_ledger::{Actor, Ledger};

use crate::settings::{Settings, SettlementSettings};

/// Who is named beside imported lines.
const ACTOR: &str = "qris settle";

/// Holds what the provider settled against what was booked
///
/// The provider has no call for settlements. Its portal shows a table of transactions: save it as XLSX or
/// CSV, or copy it as TSV, and import it. On what terms payments are settled is in the tables [settlement]
/// and [merchant.NAME.settlement] of the settings file.
#[derive(Args)]
#[command(after_help = "Example:\n  qris settle import november.csv\n  \
                        qris settle report --from 2026-11-01 --to 2026-11-30\n  \
                        qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv")]
pub(crate) struct SettleCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Import(import::Import),
    Report(report::Report),
    Journal(journal::JournalCommand),
}

impl SettleCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        match self.action {
            Action::Import(command) => command.run(),
            Action::Report(command) => command.run(),
            Action::Journal(command) => command.run(),
        }
    }
}

/// The database that is there, about the chosen merchant, and on what terms its payments are settled.
fn open(settings: &Settings) -> io::Result<(Ledger, SettlementSettings)> {
    let merchant = settings.merchant()?;
    let settlement = settings.settlement(&merchant)?;
    let mut ledger = settings.existing_ledger()?;
    let id = ledger.merchant(merchant.name()).map_err(io::Error::other)?;
    ledger.act_for(id, &Actor::new(ACTOR));
    Ok((ledger, settlement))
}
