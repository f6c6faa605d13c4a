//! Totals by day and channel.

use std::fmt::Write as _;

use jiff::civil::Date;
use qris_api::{Payment, Rupiah};
use serde::{Serialize, Serializer};

use crate::csv::text_cell;
use crate::{Channel, Order};

/// What one channel did on one day, in WIB.
///
/// Invoices count on the day they were asked for, payments on the day they were made: so the sum
/// of a day is the money of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLine {
    /// The day in WIB.
    pub day: Date,
    /// The channel.
    pub channel: Channel,
    /// How many invoices the provider made.
    pub invoices: u64,
    /// How many payments came.
    pub payments: u64,
    /// How much money came, without tips: the API does not report them.
    pub paid: Rupiah,
}

/// Writes payments as CSV (RFC 4180), under a line of names: one line for each, without the payer.
///
/// Texts from outside are quoted. A spreadsheet works out none of them, whether it separates cells
/// by commas, semicolons or tabs: what it would take for a formula begins with `'`, and control
/// characters and invisible ones are spaces.
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

/// What the lines of a report are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// Each day and channel.
    #[default]
    DayAndChannel,
    /// Each day, all channels together.
    Day,
    /// Each channel, all days together.
    Channel,
}

/// Some lines of a report added up. As JSON, the day or channel that it is not of is absent.
///
/// ```
/// use qris_ledger::{Grouping, Ledger, Total};
///
/// # let folder = tempfile::tempdir()?;
/// # let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let lines = ledger.report("2026-11-01".parse()?, "2026-11-30".parse()?)?;
/// let days = Total::of(&lines, Grouping::Day);
/// assert_eq!(Total::csv(&days, Grouping::Day), "day,invoices,payments,paid\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Total {
    /// The day in WIB, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub day: Option<Date>,
    /// The channel, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// How many invoices the provider made.
    pub invoices: u64,
    /// How many payments came.
    pub payments: u64,
    /// How many rupiah came, without tips.
    pub paid: u64,
}

fn as_text<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

impl Total {
    /// Adds up what belongs together, in the order of days and channels.
    pub fn of(lines: &[ReportLine], grouping: Grouping) -> Vec<Self> {
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

    /// Writes totals as CSV (RFC 4180), under a line of names.
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
