//! `qris report`: totals from the database.

use std::io;
use std::process::ExitCode;

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::WibTime;
use qris_ledger::{Actor, Grouping, Ledger, MerchantName, Order, ReportLine, Total, payments_csv};
use serde::Serialize;

use crate::attention::Attention;
use crate::help::value_enum;
use crate::messages::message;
use crate::money::rupiah;
use crate::output::{print, print_json};
use crate::settings::Settings;

#[derive(Args)]
pub(crate) struct Report {
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    #[arg(long, value_name = "DATE")]
    to: Option<Date>,

    #[arg(long, value_enum)]
    by: Option<By>,

    #[arg(long, conflicts_with = "json")]
    csv: bool,

    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy)]
enum By {
    Day,
    Channel,
    Merchant,
    Payment,
}

value_enum!(
    By,
    "values-by",
    Day = "day",
    Channel = "channel",
    Merchant = "merchant",
    Payment = "payment"
);

impl Report {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let to = self.to.unwrap_or_else(|| WibTime::now().date());
        let from = self.from.unwrap_or_else(|| to.saturating_sub(30.days()));
        if from > to {
            return Err(io::Error::other(message!("from-after-to")));
        }
        let mut ledger = self.settings.existing_ledger()?;
        let merchants = match self.by {
            Some(By::Merchant) => ledger.merchants().map_err(io::Error::other)?,
            _ => self.settings.reported_merchants()?,
        };
        let grouping = match self.by {
            Some(By::Payment) => {
                if !self.json && merchants.len() > 1 {
                    // An error if no merchant is chosen: the lines do not name the merchant.
                    self.settings.merchant()?;
                }
                let payments = payments(&mut ledger, &merchants, from, to)?;
                if self.json {
                    print_json(&payments)?;
                } else {
                    print(&payments_csv(&payments))?;
                }
                return print_attention(&mut ledger, &merchants);
            }
            Some(By::Merchant) => {
                let totals = by_merchant(&mut ledger, &merchants, from, to)?;
                if self.csv {
                    print(&merchants_csv(&totals))?;
                } else if self.json {
                    print_json(&totals)?;
                } else {
                    print(&merchants_table(&totals))?;
                }
                return print_attention(&mut ledger, &merchants);
            }
            None => Grouping::DayAndChannel,
            Some(By::Day) => Grouping::Day,
            Some(By::Channel) => Grouping::Channel,
        };
        let mut lines = Vec::new();
        for merchant in &merchants {
            lines.extend(report(&mut ledger, merchant, from, to)?);
        }
        let totals = Total::group(&lines, grouping);
        if self.csv {
            print(&Total::csv(&totals, grouping))?;
        } else if self.json {
            print_json(&totals)?;
        } else {
            print(&table(&totals))?;
        }
        print_attention(&mut ledger, &merchants)
    }
}

/// Selects this merchant in the ledger.
fn select(ledger: &mut Ledger, merchant: &MerchantName) -> io::Result<()> {
    let id = ledger.merchant(merchant).map_err(io::Error::other)?;
    ledger.act_for(id, &Actor::default());
    Ok(())
}

fn report(
    ledger: &mut Ledger,
    merchant: &MerchantName,
    from: Date,
    to: Date,
) -> io::Result<Vec<ReportLine>> {
    select(ledger, merchant)?;
    ledger.report(from, to).map_err(io::Error::other)
}

/// The payments of all these merchants, earliest first.
fn payments(
    ledger: &mut Ledger,
    merchants: &[MerchantName],
    from: Date,
    to: Date,
) -> io::Result<Vec<Order>> {
    let mut payments = Vec::new();
    for merchant in merchants {
        select(ledger, merchant)?;
        payments.extend(ledger.payments(from, to).map_err(io::Error::other)?);
    }
    payments.sort_by_key(|order| order.payment.details().and_then(|details| details.paid_at));
    Ok(payments)
}

/// Prints what needs a person.
fn print_attention(ledger: &mut Ledger, merchants: &[MerchantName]) -> io::Result<ExitCode> {
    for merchant in merchants {
        select(ledger, merchant)?;
        let attention = Attention::read(ledger, WibTime::now()).map_err(io::Error::other)?;
        attention.print((merchants.len() > 1).then_some(merchant));
    }
    Ok(ExitCode::SUCCESS)
}

/// The payments of one merchant.
#[derive(Serialize)]
struct MerchantTotal {
    merchant: String,
    invoices: u64,
    payments: u64,
    paid: u64,
}

fn by_merchant(
    ledger: &mut Ledger,
    merchants: &[MerchantName],
    from: Date,
    to: Date,
) -> io::Result<Vec<MerchantTotal>> {
    let mut totals = Vec::new();
    for merchant in merchants {
        let lines = report(ledger, merchant, from, to)?;
        let mut total =
            MerchantTotal { merchant: merchant.to_string(), invoices: 0, payments: 0, paid: 0 };
        for line in lines {
            total.invoices += line.invoices;
            total.payments += line.payments;
            total.paid += line.paid.get();
        }
        // Every database has `main`, used or not.
        if total.invoices > 0 || total.payments > 0 {
            totals.push(total);
        }
    }
    Ok(totals)
}

fn merchants_csv(totals: &[MerchantTotal]) -> String {
    let mut csv = "merchant,invoices,payments,paid\r\n".to_owned();
    for MerchantTotal { merchant, invoices, payments, paid } in totals {
        // Spreadsheets treat a cell that begins with - as a formula.
        let quote = if merchant.starts_with('-') { "'" } else { "" };
        csv.push_str(&format!("{quote}{merchant},{invoices},{payments},{paid}\r\n"));
    }
    csv
}

fn merchants_table(totals: &[MerchantTotal]) -> String {
    let mut out = String::new();
    for MerchantTotal { merchant, invoices, payments, paid } in totals {
        let paid = rupiah(*paid);
        let counts = counts(*invoices, *payments);
        out.push_str(&format!("{merchant:<32} {counts} {paid:>18}\n"));
    }
    let sum: u64 = totals.iter().map(|total| total.paid).sum();
    let width = 34 + counts(0, 0).chars().count();
    out.push_str(&format!("{:<width$}{:>18}\n", message!("report-total"), rupiah(sum)));
    out
}

/// How many codes were made and how many were paid.
fn counts(invoices: u64, payments: u64) -> String {
    message!(
        "report-counts",
        invoices = format_args!("{invoices:>6}"),
        payments = format_args!("{payments:>6}")
    )
}

fn table(totals: &[Total]) -> String {
    let mut out = String::new();
    for total in totals {
        let day = total.day.map_or_else(String::new, |day| day.to_string());
        let channel = total.channel.map_or("", |channel| channel.as_str());
        let counts = counts(total.invoices, total.payments);
        let paid = rupiah(total.paid);
        out.push_str(&format!("{day:<11}{channel:<10} {counts} {paid:>18}\n"));
    }
    let sum: u64 = totals.iter().map(|total| total.paid).sum();
    let width = 23 + counts(0, 0).chars().count();
    out.push_str(&format!("{:<width$}{:>18}\n", message!("report-total"), rupiah(sum)));
    out
}
