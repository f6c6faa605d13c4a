//! `qris settle report`: where the provider's lines and the booked payments agree, and where not.

use std::io;
use std::process::ExitCode;

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_settlement::{Criteria, ReportPeriod, Terms, report};

use super::open;
use super::view::table;
use crate::output::{complain, print, print_json};
use crate::settings::Settings;

/// Holds what was imported against the payments that are booked
///
/// Lines and payments are matched by invoice id, then by RRN, then by amount and minute, and only where
/// there is no choice. Days are those of the payment, in WIB. Totals are of whole settlement days, so that
/// each can be compared with the bank account; with criteria they have the MDR, rounded to whole rupiah for
/// each payment, half a rupiah up, and with settlement.bank the fee of one transfer a day and what should
/// come to the account.
#[derive(Args)]
#[command(
    after_help = "Example:\n  qris settle report --from 2026-11-01 --to 2026-11-30 --criteria umi\n  \
                  qris settle report --holiday 2026-12-25 --csv > differences.csv"
)]
pub(super) struct Report {
    /// The first day of the payments, such as 2026-11-01; thirty days before the last unless given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    /// The last day of the payments; today unless given
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,

    /// The merchant's criteria: umi, uke, ume, ube, ure, education, fuel or public-service [default:
    /// settlement.criteria of the settings file]
    #[arg(long)]
    criteria: Option<Criteria>,

    /// A national holiday, on which nothing is settled, beside settlement.holidays of the settings file;
    /// repeat it, or separate days by commas
    #[arg(long = "holiday", value_name = "DATE", value_delimiter = ',')]
    holidays: Vec<Date>,

    /// After how many working days a payment should have been settled
    /// [default: settlement.due_days of the settings file, or 1]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=60))]
    due_days: Option<u32>,

    /// Print CSV: one line for each payment
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Print JSON
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
            return Err(io::Error::other("expected --from to be no later than --to"));
        }
        let (ledger, settlement) = open(&self.settings)?;
        let period = ReportPeriod { from, to, today };
        let terms = self.terms(settlement.terms);
        let report = report(&ledger, &period, &terms).map_err(io::Error::other)?;
        for row in ledger.take_invalid_rows() {
            complain(&format!("a row makes no sense in {} and is left out", row.column));
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

    /// The terms of the settings file, with what the flags say.
    fn terms(&self, mut terms: Terms) -> Terms {
        terms.criteria = self.criteria.or(terms.criteria);
        terms.due_days = self.due_days.unwrap_or(terms.due_days);
        terms.holidays.extend(self.holidays.iter().copied());
        terms
    }
}
