//! `qris settle report`: compares the provider's lines with the recorded payments.

use std::io;
use std::process::ExitCode;

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_settlement::{Criteria, ReportPeriod, Terms, report};

use super::database::open;
use super::view::table;
use crate::messages::message;
use crate::output::{print, print_error, print_json};
use crate::settings::Settings;

#[derive(Args)]
pub(super) struct Report {
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    #[arg(long, value_name = "DATE")]
    to: Option<Date>,

    #[arg(long)]
    criteria: Option<Criteria>,

    #[arg(long = "holiday", value_name = "DATE", value_delimiter = ',')]
    holidays: Vec<Date>,

    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=60))]
    due_days: Option<u32>,

    #[arg(long, conflicts_with = "json")]
    csv: bool,

    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

impl Report {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let today = WibTime::now().date();
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(30.days()));
        if from > to {
            return Err(io::Error::other(message!("from-after-to")));
        }
        let (ledger, settlement) = open(&self.settings)?;
        let period = ReportPeriod { from, to, today };
        let terms = self.terms(settlement.terms);
        let report = report(&ledger, &period, &terms).map_err(io::Error::other)?;
        for row in ledger.take_invalid_rows() {
            print_error(&message!("settle-row", column = row.column));
        }
        if self.csv {
            print(&report.to_csv())?;
        } else if self.json {
            print_json(&report)?;
        } else {
            print(&table(&report))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The terms of the settings file, overridden by the flags.
    fn terms(&self, mut terms: Terms) -> Terms {
        terms.criteria = self.criteria.or(terms.criteria);
        terms.due_days = self.due_days.unwrap_or(terms.due_days);
        terms.holidays.extend(self.holidays.iter().copied());
        terms
    }
}
