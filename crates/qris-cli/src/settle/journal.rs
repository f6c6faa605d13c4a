//! `qris settle journal`: entries for an accounting program.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use qris_settlement::{Criteria, JournalFormat, JournalGrouping, journal};

use super::database::open;
use crate::help::value_enum;
use crate::messages::message;
use crate::output::{print, print_error};
use crate::settings::{Settings, SettingsError};

#[derive(Args)]
pub(super) struct JournalCommand {
    #[arg(long, value_name = "DATE")]
    from: Date,

    #[arg(long, value_name = "DATE")]
    to: Date,

    #[arg(long, value_enum, default_value_t)]
    format: Format,

    #[arg(long, value_enum, default_value_t)]
    by: By,

    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[arg(long)]
    criteria: Option<Criteria>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, Default)]
enum Format {
    #[default]
    Csv,
    Hledger,
    Beancount,
}

value_enum!(
    Format,
    "values-journal-format",
    Csv = "csv",
    Hledger = "hledger",
    Beancount = "beancount"
);

impl From<Format> for JournalFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Hledger => Self::Hledger,
            Format::Beancount => Self::Beancount,
        }
    }
}

#[derive(Clone, Copy, Default)]
enum By {
    #[default]
    Day,
    Payment,
}

value_enum!(By, "values-journal-by", Day = "day", Payment = "payment");

impl JournalCommand {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        if self.from > self.to {
            return Err(io::Error::other(message!("from-after-to")));
        }
        let accounts = self.settings.journal_accounts()?;
        let merchant = self.settings.merchant()?;
        let (ledger, settlement) = open(&self.settings)?;
        let mut terms = settlement.terms;
        terms.criteria = self.criteria.or(terms.criteria);
        let grouping = match self.by {
            By::Day => JournalGrouping::DayAndChannel,
            By::Payment => JournalGrouping::Payment,
        };
        let days = self.from..=self.to;
        let journal = journal(&ledger, merchant.name(), days, grouping, &terms);
        let text = journal.map_err(io::Error::other)?.write(self.format.into(), &accounts);
        for row in ledger.take_invalid_rows() {
            print_error(&message!("settle-row", column = row.column));
        }
        match &self.out {
            None => print(&text)?,
            Some(path) => fs::write(path, text).map_err(|error| {
                SettingsError(message!("settle-not-written", file = path.display(), error = error))
            })?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
