//! Shows what is booked.

use std::io;

use qris_api::{Payment, WibTime};
use qris_image::Drawing;
use qris_ledger::Record;

use super::{CommandError, Common};
use crate::money::rupiah;
use crate::output::{print, print_json, visible};

/// Whether the QR is drawn above the text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Qr {
    /// While it may be shown to a payer.
    WhileShown,
    Never,
}

/// What is left of the time in which a code is valid.
pub(super) fn time_left(expires_at: Option<WibTime>) -> String {
    let now = WibTime::now().timestamp();
    let left = expires_at.map_or(0, |at| at.timestamp().duration_since(now).as_secs());
    if left > 0 {
        format!("{}:{:02} left", left / 60, left % 60)
    } else {
        "expired, a late payment may still come".to_owned()
    }
}

pub(super) fn print_list(common: &Common, records: &[Record]) -> io::Result<()> {
    if common.json {
        return print_json(&records);
    }
    let mut out = String::new();
    for record in records {
        out.push_str(&format!(
            "{:<25} {:<20} {:>15} {:<9} {}\n",
            record.requested_at.to_string(),
            visible(record.number.as_str()),
            rupiah(record.amount.get()),
            record.channel,
            record.state_at(WibTime::now())
        ));
    }
    print(&out)
}

pub(super) fn print_record(common: &Common, record: &Record, qr: Qr) -> Result<(), CommandError> {
    if common.json {
        return Ok(print_json(record)?);
    }
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        out.push_str(&format!("{name:<20}{}\n", visible(value)));
    };
    line("number", record.number.as_str());
    line("amount", &rupiah(record.amount.get()));
    line("channel", record.channel.as_str());
    let now = WibTime::now();
    line("state", record.state_at(now).as_str());
    if let Some(invoice) = &record.invoice {
        line("qris_invoiceid", &invoice.qris_invoiceid.to_string());
        line("qris_nmid", &invoice.qris_nmid);
        line("qris_request_date", &invoice.qris_request_date.to_string());
    }
    if let Some(at) = record.shown_until {
        line("shown_until", &at.to_string());
    }
    if let Some(at) = record.expires_at {
        line("expires_at", &at.to_string());
    }
    if let Payment::Paid(details) = &record.payment {
        line("paid_at", &details.paid_at.map_or_else(String::new, |at| at.to_string()));
        line("method", details.method.as_deref().unwrap_or("not said"));
        line("customer_name", details.customer_name.as_deref().unwrap_or("not said"));
        for (name, value) in [("rrn", &details.rrn), ("note", &details.note)] {
            value.iter().for_each(|value| line(name, value));
        }
    }
    if let (Qr::WhileShown, true, Some(invoice)) = (qr, record.may_be_shown(now), &record.invoice) {
        let drawing = Drawing::parse(&invoice.qris_content)?;
        out.insert_str(0, &format!("{}\n", drawing.terminal()?));
    }
    Ok(print(&out)?)
}
