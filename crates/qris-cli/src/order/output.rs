//! Prints orders.

use std::fmt::Write as _;

use qris_api::{Payment, Tip, WibTime};
use qris_image::Drawing;
use qris_ledger::{Event, OrderInvoice};
use qris_orders::{Order, State};

use super::common::Common;
use super::error::CommandError;
use crate::messages::message;
use crate::money::rupiah;
use crate::output::{print, print_json, visible};

/// Whether the QR is drawn above the text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Qr {
    /// While it may be shown to a payer.
    WhileShown,
    Never,
}

/// The remaining time in which a code can be paid.
pub(super) fn time_left(expires_at: Option<WibTime>, now: WibTime) -> String {
    let now = now.timestamp();
    let left = expires_at.map_or(0, |at| at.timestamp().duration_since(now).as_secs());
    if left > 0 {
        message!("order-time-left", minutes = left / 60, seconds = left % 60)
    } else {
        message!("order-time-over")
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

/// Prints an order with its state at this time, by the provider's clock.
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

/// Prints an order with all of its codes and its history.
pub(super) fn print_story(
    common: &Common,
    order: &Order,
    events: Vec<Event>,
    now: WibTime,
) -> Result<(), CommandError> {
    if common.json {
        return Ok(print_json(order)?);
    }
    let mut out = text(order, now, Qr::WhileShown)?;
    if order.invoices.len() > 1 {
        out.push_str(&format!("\n{}\n", message!("order-codes")));
        for invoice in &order.invoices {
            let _ = writeln!(out, "  {}", code(invoice));
        }
    }
    out.push_str(&format!("\n{}\n", message!("order-story")));
    for Event { at, state, actor, detail, .. } in events {
        let actor =
            actor.map_or_else(String::new, |name| message!("order-by", name = actor_words(name)));
        let detail = detail.as_deref().map_or_else(String::new, |detail| format!(": {detail}"));
        let _ = writeln!(out, "  {at}  {state}{}{}", visible(&actor), visible(&detail));
    }
    Ok(print(&out)?)
}

/// An actor: a person's name, or a part of the program in the user's language.
fn actor_words(name: String) -> String {
    match name.as_str() {
        "owner token" => message!("order-actor-owner"),
        "plan" => message!("order-actor-plan"),
        "schedule" => message!("order-actor-schedule"),
        _ => name,
    }
}

fn code(invoice: &OrderInvoice) -> String {
    let mut words = invoice.state.to_string();
    if let Some(id) = invoice.qris_invoiceid {
        let _ = write!(words, ", qris_invoiceid {id}");
    }
    if let Some(at) = invoice.qris_request_date {
        words.push_str(&message!("order-code-made", at = at));
    }
    if let Some(at) = invoice.paid_at {
        words.push_str(&message!("order-code-paid", at = at));
    }
    if let Some(at) = invoice.unanswered_at {
        words.push_str(&message!("order-code-unanswered", at = at));
    }
    words
}

fn text(order: &Order, now: WibTime, qr: Qr) -> Result<String, CommandError> {
    let mut out = String::new();
    let mut line = |name: String, value: &str| {
        let _ = writeln!(out, "{name:<20}{}", visible(value));
    };
    let time = |at: WibTime| at.to_string();
    line(message!("order-number"), order.number.as_str());
    for (name, value) in [
        (message!("order-description"), &order.description),
        (message!("order-reference"), &order.reference),
    ] {
        value.iter().for_each(|value| line(name.clone(), value));
    }
    line(message!("order-amount"), &rupiah(order.amount.get()));
    if order.tip == Tip::Ask {
        line(message!("order-tip"), &message!("order-tip-asked"));
    }
    line(message!("order-channel"), order.channel.as_str());
    line(message!("order-state"), order.state_at(now).as_str());
    order.due_at.iter().for_each(|&at| line(message!("order-due-at"), &time(at)));
    if let Some(invoice) = &order.invoice {
        line("qris_invoiceid".to_owned(), &invoice.qris_invoiceid.to_string());
        line("qris_nmid".to_owned(), &invoice.qris_nmid);
        line("qris_request_date".to_owned(), &time(invoice.qris_request_date));
    }
    for (name, at) in [
        (message!("order-shown-until"), order.shown_until),
        (message!("order-expires-at"), order.expires_at),
        (message!("order-watched-until"), order.watched_until),
    ] {
        at.iter().for_each(|&at| line(name.clone(), &time(at)));
    }
    if let Payment::Paid(details) = &order.payment {
        line(message!("order-paid-at"), &details.paid_at.map_or_else(String::new, time));
        let not_said = message!("order-not-said");
        line(message!("order-method"), details.method.as_deref().unwrap_or(&not_said));
        line(message!("order-customer"), details.customer_name.as_deref().unwrap_or(&not_said));
        for (name, value) in
            [("rrn".to_owned(), &details.rrn), (message!("order-note"), &details.note)]
        {
            value.iter().for_each(|value| line(name.clone(), value));
        }
    }
    if order.overpaid.get() > 0 {
        line(message!("order-overpaid"), &rupiah(order.overpaid.get()));
    }
    if order.state == State::Paid {
        let at = order.acknowledged_at.map_or_else(|| message!("order-not-yet"), time);
        line(message!("order-acknowledged"), &at);
    }
    if let (Qr::WhileShown, true, Some(invoice)) = (qr, order.may_be_shown(now), &order.invoice) {
        let drawing = Drawing::parse(&invoice.qris_content).map_err(CommandError::refused_by)?;
        let drawn = drawing.terminal().map_err(CommandError::refused_by)?;
        out.insert_str(0, &format!("{drawn}\n"));
    }
    Ok(out)
}
