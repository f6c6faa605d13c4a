//! Totals by day and channel.

use std::fmt::Write as _;

use jiff::civil::Date;
use qris_api::{Payment, Rupiah};
use serde::{Serialize, Serializer};

use crate::csv::text_cell;
use crate::{Channel, Order};

/// The totals of one channel on one day (WIB).
///
/// Invoices count on the day of their request, payments on the day of payment. So the sum of a day is the
/// money of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLine {
    /// The day in WIB.
    pub day: Date,
    /// The channel.
    pub channel: Channel,
    /// The number of invoices that the provider made.
    pub invoices: u64,
    /// The number of payments.
    pub payments: u64,
    /// The sum of the payments in rupiah, without tips: the API does not report tips.
    pub paid: Rupiah,
}

/// Writes payments as CSV (RFC 4180) with a header line: one line for each payment, without the payer.
///
/// External text is quoted. No spreadsheet evaluates it, with commas, semicolons or tabs as separators: text
/// that looks like a formula begins with `'`, and control characters and invisible characters are spaces.
///
/// ```
/// use qris_ledger::{Ledger, payments_csv};
///
/// # let folder = tempfile::tempdir()?;
/// # let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let payments = ledger.payments("2026-11-01".parse()?, "2026-11-30".parse()?)?;
/// let columns = "paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version\r\n";
/// assert_eq!(payments_csv(&payments), columns);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn payments_csv(orders: &[Order]) -> String {
    let mut csv =
        "paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version\r\n".to_owned();
    for order in orders {
        let Payment::Paid(details) = &order.payment else { continue };
        let paid_at = details.paid_at.map(|at| at.to_string()).unwrap_or_default();
        let id = order.invoice.as_ref().map(|invoice| invoice.qris_invoiceid.to_string());
        let id = id.unwrap_or_default();
        let Order { number, amount, channel, .. } = order;
        let number = text_cell(number.as_str());
        let [method, rrn, note, version] =
            [&details.method, &details.rrn, &details.note, &details.api_version]
                .map(|text| text_cell(text.as_deref().unwrap_or_default()));
        // Writing to a string cannot fail.
        let _ = write!(
            csv,
            "{paid_at},{number},{id},{amount},{channel},{method},{rrn},{note},{version}\r\n"
        );
    }
    csv
}

/// How the lines of a report are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// By day and channel.
    #[default]
    DayAndChannel,
    /// By day, with all channels together.
    Day,
    /// By channel, with all days together.
    Channel,
}

/// A group of report lines, added up. Its JSON has only the day or channel that it is grouped by.
///
/// ```
/// use qris_ledger::{Grouping, Ledger, Total};
///
/// # let folder = tempfile::tempdir()?;
/// # let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let lines = ledger.report("2026-11-01".parse()?, "2026-11-30".parse()?)?;
/// let days = Total::group(&lines, Grouping::Day);
/// assert_eq!(Total::csv(&days, Grouping::Day), "day,invoices,payments,paid\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Total {
    /// The day in WIB, if grouped by day.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub day: Option<Date>,
    /// The channel, if grouped by channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The number of invoices that the provider made.
    pub invoices: u64,
    /// The number of payments.
    pub payments: u64,
    /// The sum in rupiah, without tips.
    pub paid: u64,
}

fn as_text<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

impl Total {
    /// Adds up the lines of each group, sorted by day and channel.
    pub fn group(lines: &[ReportLine], grouping: Grouping) -> Vec<Self> {
        let mut totals: Vec<Self> = Vec::new();
        for line in lines {
            let day = (grouping != Grouping::Channel).then_some(line.day);
            let channel = (grouping != Grouping::Day).then_some(line.channel);
            let known = totals.iter_mut().rev().find(|it| (it.day, it.channel) == (day, channel));
            match known {
                Some(total) => {
                    total.invoices += line.invoices;
                    total.payments += line.payments;
                    total.paid += line.paid.get();
                }
                None => totals.push(Self {
                    day,
                    channel,
                    invoices: line.invoices,
                    payments: line.payments,
                    paid: line.paid.get(),
                }),
            }
        }
        totals.sort_by_key(|total| (total.day, total.channel.map(Channel::as_str)));
        totals
    }

    /// Writes totals as CSV (RFC 4180) with a header line.
    pub fn csv(totals: &[Self], grouping: Grouping) -> String {
        let mut csv = match grouping {
            Grouping::DayAndChannel => "day,channel,",
            Grouping::Day => "day,",
            Grouping::Channel => "channel,",
        }
        .to_owned();
        csv.push_str("invoices,payments,paid\r\n");
        for total in totals {
            // Days, names of channels and numbers need no quotes. Writing to a string cannot fail.
            if let Some(day) = total.day {
                let _ = write!(csv, "{day},");
            }
            if let Some(channel) = total.channel {
                let _ = write!(csv, "{channel},");
            }
            let _ = write!(csv, "{},{},{}\r\n", total.invoices, total.payments, total.paid);
        }
        csv
    }
}
