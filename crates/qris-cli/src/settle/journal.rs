//! `qris settle journal`: entries for an accounting program.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use qris_settlement::{Criteria, JournalFormat, JournalGrouping, journal};

use super::open;
use crate::output::{complain, print};
use crate::settings::{Settings, SettingsError};

/// Writes debits and credits of payments and settlements, for an accounting program
///
/// On the day of a payment the receivable is debited and sales are credited; on the day of its settlement
/// the bank, the MDR and the fee of the transfer are debited and the receivable is credited. So the
/// receivable is what is booked and not settled. Tips, other amounts, and what was settled and is not
/// booked have accounts of their own. Import what was settled first. Sales have no MDR taken off: it is
/// the merchant's cost. The journal has no names of payers. The fee of transfers is known where
/// settlement.bank or settlement.transfer_fee of the settings file is.
///
/// The names of the accounts are in the table [journal] of the settings file: receivable, bank, waiting,
/// sales, mdr, transfer_fee, tips, differences and unbooked.
#[derive(Args)]
#[command(
    after_help = "Example:\n  qris settle journal --from 2026-11-01 --to 2026-11-30 --out november.csv\n  \
                  qris settle journal --from 2026-11-01 --to 2026-11-30 --format beancount"
)]
pub(super) struct JournalCommand {
    /// The first day in WIB, such as 2026-11-01
    #[arg(long, value_name = "DATE")]
    from: Date,

    /// The last day
    #[arg(long, value_name = "DATE")]
    to: Date,

    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// An entry for each day and channel, or for each payment
    #[arg(long, value_enum, default_value_t)]
    by: By,

    /// The file to write; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The merchant's criteria: umi, uke, ume, ube, ure, education, fuel or public-service [default:
    /// settlement.criteria of the settings file]
    #[arg(long)]
    criteria: Option<Criteria>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// A line for each debit and credit
    #[default]
    Csv,
    /// A journal of hledger
    Hledger,
    /// A file for Beancount, which opens no accounts
    Beancount,
}

impl From<Format> for JournalFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Hledger => Self::Hledger,
            Format::Beancount => Self::Beancount,
        }
    }
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum By {
    /// All payments of a day and channel together
    #[default]
    Day,
    /// Each payment by itself
    Payment,
}

impl JournalCommand {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        if self.from > self.to {
            return Err(io::Error::other("expected --from to be no later than --to"));
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
            complain(&format!("a row makes no sense in {} and is left out", row.column));
        }
        match &self.out {
            None => print(&text)?,
            Some(path) => fs::write(path, text).map_err(|error| {
                SettingsError(format!("{} was not written: {error}", path.display()))
            })?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
