//! `qris report`: totals from the books.

use std::io;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_ledger::{Grouping, Total, payments_csv};

use crate::money::rupiah;
use crate::output::{print, print_json};
use crate::settings::Settings;

/// Shows how many invoices were paid, and how much came
///
/// Days are those of WIB. Tips are not in the sums: the API does not report them.
#[derive(Args)]
#[command(
    after_help = "Example:\n  qris report --from 2026-11-01 --to 2026-11-30 --by channel\n  \
                        qris report --by payment --csv > november.csv"
)]
pub(crate) struct Report {
    /// The first day, such as 2026-11-01; thirty days before the last unless given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    /// The last day; today unless given
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,

    /// Add up all channels of a day or all days of a channel, or list each payment
    #[arg(long, value_enum)]
    by: Option<By>,

    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// Each day, all channels together
    Day,
    /// Each channel, all days together
    Channel,
    /// Each payment by itself, to be held against a bank's statement
    Payment,
}

impl Report {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let to = self.to.unwrap_or_else(|| WibTime::now().date());
        let from = self.from.unwrap_or_else(|| to.saturating_sub(30.days()));
        if from > to {
            return Err(io::Error::other("expected --from to be no later than --to"));
        }
        let ledger = self.settings.existing_ledger()?;
        let grouping = match self.by {
            Some(By::Payment) => {
                let records = ledger.payments(from, to).map_err(io::Error::other)?;
                if self.json {
                    print_json(&records)?;
                } else {
                    print(&payments_csv(&records))?;
                }
                return Ok(ExitCode::SUCCESS);
            }
            None => Grouping::DayAndChannel,
            Some(By::Day) => Grouping::Day,
            Some(By::Channel) => Grouping::Channel,
        };
        let lines = ledger.report(from, to).map_err(io::Error::other)?;
        let totals = Total::of(&lines, grouping);
        if self.csv {
            print(&Total::csv(&totals, grouping))?;
        } else if self.json {
            print_json(&totals)?;
        } else {
            print(&table(&totals))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(totals: &[Total]) -> String {
    let mut out = String::new();
    for total in totals {
        let day = total.day.map_or_else(String::new, |day| day.to_string());
        let channel = total.channel.map_or("", |channel| channel.as_str());
        out.push_str(&format!(
            "{day:<11}{channel:<10} invoices {:>6} paid {:>6} {:>18}\n",
            total.invoices,
            total.payments,
            rupiah(total.paid)
        ));
    }
    let sum: u64 = totals.iter().map(|total| total.paid).sum();
    out.push_str(&format!("{:<47}{:>18}\n", "total", rupiah(sum)));
    out
}
