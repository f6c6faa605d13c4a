//! Checks the webhooks of the provider: whether they come, and whether they name known invoices.

use std::time::Duration;

use qris_api::{Payment, WibTime};
use qris_ledger::{Order, UnbookedWebhook};

use super::check::Check;
use crate::messages::message;

/// The payments of this time are expected to have come with webhooks.
const RECENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A webhook may come this late.
const LATE: Duration = Duration::from_secs(5 * 60);

/// The check of a merchant, whose newest orders these are.
pub(super) fn check(
    unbooked: Option<(&UnbookedWebhook, u64)>,
    newest: &[Order],
    has_token: bool,
    now: WibTime,
) -> Check {
    if let Some((newest, count)) = unbooked {
        return unbooked_webhooks(newest, count);
    }
    let count = payments_without_webhook(newest, now).filter(|count| has_token && *count > 0);
    match count {
        Some(count) => Check::warning(
            "webhooks",
            message!("doctor-no-webhook", count = count),
            message!("doctor-look-at-webhook-address"),
        ),
        None => Check::ok("webhooks", message!("doctor-webhooks-ok")),
    }
}

/// The number of recent payments; `None` if a webhook came for one of them. Only webhooks have an RRN and a
/// note; checks have neither.
fn payments_without_webhook(orders: &[Order], now: WibTime) -> Option<usize> {
    let mut count = 0;
    for order in orders {
        let Payment::Paid(details) = &order.payment else { continue };
        let Some(paid_at) = details.paid_at else { continue };
        if paid_at.later_by(RECENT) < now {
            continue;
        }
        if details.rrn.is_some() || details.note.is_some() {
            return None;
        }
        if paid_at.later_by(LATE) < now {
            count += 1;
        }
    }
    Some(count)
}

/// Webhooks of invoices that are not in the database.
fn unbooked_webhooks(newest: &UnbookedWebhook, count: u64) -> Check {
    let invoice = newest.invoice;
    let message = match &newest.number {
        Some(number) => {
            message!("doctor-webhooks-likely", count = count, invoice = invoice, number = number)
        }
        None => message!("doctor-webhooks", count = count, invoice = invoice),
    };
    Check::warning("webhooks", message, message!("doctor-look-at-webhooks"))
}
