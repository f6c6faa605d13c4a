//! `qris settle`: compares what the provider settled with the payments in the database.

mod database;
mod import;
mod journal;
mod report;
mod view;

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};

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
