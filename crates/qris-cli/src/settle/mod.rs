//! `qris settle`: compares what the provider settled with the payments in the database.

mod import;
mod journal;
mod report;
mod view;

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use qris_ledger::{Actor, Ledger};

use crate::settings::{Settings, SettlementSettings};

/// The actor of imported lines.
const ACTOR: &str = "qris settle";

#[derive(Args)]
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

/// Opens the existing database for the chosen merchant, and reads the merchant's settlement terms.
fn open(settings: &Settings) -> io::Result<(Ledger, SettlementSettings)> {
    let merchant = settings.merchant()?;
    let settlement = settings.settlement(&merchant)?;
    let mut ledger = settings.existing_ledger()?;
    let id = ledger.merchant(merchant.name()).map_err(io::Error::other)?;
    ledger.act_for(id, &Actor::new(ACTOR));
    Ok((ledger, settlement))
}
