//! Totals by day and channel.

use jiff::civil::Date;
use qris_api::Rupiah;

use crate::Channel;

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
