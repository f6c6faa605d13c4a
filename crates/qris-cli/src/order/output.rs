//! Shows what is booked.

use std::fmt::Write as _;

use qris_api::{Payment, Tip, WibTime};
use qris_image::Drawing;
use qris_ledger::{Event, OrderInvoice};
use qris_orders::{Order, State};

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
pub(super) fn time_left(expires_at: Option<WibTime>, now: WibTime) -> String {
    let now = now.timestamp();
    let left = expires_at.map_or(0, |at| at.timestamp().duration_since(now).as_secs());
    if left > 0 {
        format!("{}:{:02} left", left / 60, left % 60)
    } else {
        "expired, a late payment may still come".to_owned()
    }
}

pub(super) fn print_list(
    common: &Common,
    orders: &[Order],
    now: WibTime,
) -> Result<(), CommandError> {
    if common.json {
        return Ok(print_json(&orders)?);
    }
    let mut out = String::new();
    for order in orders {
        let description = order.description.as_deref().unwrap_or_default();
        let line = format!(
            "{:<25} {:<20} {:>15} {:<9} {:<9} {}",
            order.created_at.to_string(),
            visible(order.number.as_str()),
            rupiah(order.amount.get()),
            order.channel,
            order.state_at(now),
            visible(description),
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    Ok(print(&out)?)
}

/// Prints an order as it is at this time, by the provider's clock.
pub(super) fn print_order(
    common: &Common,
    order: &Order,
    now: WibTime,
    qr: Qr,
) -> Result<(), CommandError> {
    if common.json {
        return Ok(print_json(order)?);
    }
    Ok(print(&text(order, now, qr)?)?)
}

/// Prints an order with all of its codes and what happened to it.
pub(super) fn print_story(
    common: &Common,
    order: &Order,
    events: &[Event],
    now: WibTime,
) -> Result<(), CommandError> {
    if common.json {
        return Ok(print_json(order)?);
    }
    let mut out = text(order, now, Qr::WhileShown)?;
    if order.invoices.len() > 1 {
        out.push_str("\ncodes, the oldest first:\n");
        for invoice in &order.invoices {
            let _ = writeln!(out, "  {}", code(invoice));
        }
    }
    out.push_str("\nwhat happened:\n");
    for Event { at, state, actor, detail, .. } in events {
        let actor = actor.as_deref().map_or_else(String::new, |name| format!(", by {name}"));
        let detail = detail.as_deref().map_or_else(String::new, |detail| format!(": {detail}"));
        let _ = writeln!(out, "  {at}  {state}{}{}", visible(&actor), visible(&detail));
    }
    Ok(print(&out)?)
}

fn code(invoice: &OrderInvoice) -> String {
    let mut words = invoice.state.to_string();
    if let Some(id) = invoice.qris_invoiceid {
        let _ = write!(words, ", qris_invoiceid {id}");
    }
    if let Some(at) = invoice.qris_request_date {
        let _ = write!(words, ", made {at}");
    }
    if let Some(at) = invoice.paid_at {
        let _ = write!(words, ", paid {at}");
    }
    if let Some(at) = invoice.unanswered_at {
        let _ = write!(words, ", no answer since {at}");
    }
    words
}

fn text(order: &Order, now: WibTime, qr: Qr) -> Result<String, CommandError> {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<20}{}", visible(value));
    };
    let time = |at: WibTime| at.to_string();
    line("number", order.number.as_str());
    for (name, value) in [("description", &order.description), ("reference", &order.reference)] {
        value.iter().for_each(|value| line(name, value));
    }
    line("amount", &rupiah(order.amount.get()));
    if order.tip == Tip::Ask {
        line("tip", "asked for");
    }
    line("channel", order.channel.as_str());
    line("state", order.state_at(now).as_str());
    order.due_at.iter().for_each(|&at| line("due_at", &time(at)));
    if let Some(invoice) = &order.invoice {
        line("qris_invoiceid", &invoice.qris_invoiceid.to_string());
        line("qris_nmid", &invoice.qris_nmid);
        line("qris_request_date", &time(invoice.qris_request_date));
    }
    for (name, at) in [
        ("shown_until", order.shown_until),
        ("expires_at", order.expires_at),
        ("watched_until", order.watched_until),
    ] {
        at.iter().for_each(|&at| line(name, &time(at)));
    }
    if let Payment::Paid(details) = &order.payment {
        line("paid_at", &details.paid_at.map_or_else(String::new, time));
        line("method", details.method.as_deref().unwrap_or("not said"));
        line("customer_name", details.customer_name.as_deref().unwrap_or("not said"));
        for (name, value) in [("rrn", &details.rrn), ("note", &details.note)] {
            value.iter().for_each(|value| line(name, value));
        }
    }
    if order.overpaid.get() > 0 {
        line("overpaid", &rupiah(order.overpaid.get()));
    }
    if order.state == State::Paid {
        let at = order.acknowledged_at.map_or_else(|| "not yet".to_owned(), time);
        line("acknowledged", &at);
    }
    if let (Qr::WhileShown, true, Some(invoice)) = (qr, order.may_be_shown(now), &order.invoice) {
        let drawing = Drawing::parse(&invoice.qris_content).map_err(CommandError::refused_by)?;
        let drawn = drawing.terminal().map_err(CommandError::refused_by)?;
        out.insert_str(0, &format!("{drawn}\n"));
    }
    Ok(out)
}
