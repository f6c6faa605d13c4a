//! What needs a person: what the program cannot find out or correct on its own.

use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{InvalidRow, Ledger, MerchantName, Order, Plan, UnbookedWebhook};

use crate::messages::message;
use crate::output::visible;

/// How many entries of each kind are read.
const LIMIT: u32 = 100;

/// What needs a person, for one merchant.
pub(crate) struct Attention {
    /// Orders with an unknown outcome, and orders whose last check had no answer.
    orders: Vec<Order>,
    /// The invalid rows among the rows that were read.
    pub(crate) set_aside: Vec<InvalidRow>,
    /// The newest webhooks of invoices that are not in the database, and their total number.
    webhooks: Vec<UnbookedWebhook>,
    webhook_count: u64,
    /// The plans that could not make a bill.
    plans: Vec<Plan>,
}

impl Attention {
    /// Reads it. The invalid rows are the ones that this connection has read so far.
    pub(crate) fn read(ledger: &Ledger, now: WibTime) -> Result<Self, qris_ledger::Error> {
        Ok(Self {
            orders: ledger.attention(LIMIT, now)?,
            webhooks: ledger.unbooked_webhooks(LIMIT)?,
            webhook_count: ledger.count_unbooked_webhooks()?,
            plans: ledger.plans_with_taken_numbers()?,
            set_aside: ledger.take_invalid_rows(),
        })
    }

    /// The orders with a code whose outcome is unknown; some are paid by another code.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.has_unknown_code())
    }

    /// The orders whose time is over and whose last check had no answer.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| !order.has_unknown_code())
    }

    /// The numbers of bills that were not made, because another order has them.
    pub(crate) fn not_made(&self) -> impl Iterator<Item = &TransactionNumber> {
        self.plans.iter().filter_map(|plan| plan.taken_number.as_ref())
    }

    /// The newest webhook of an invoice that is not in the database, and their total number.
    pub(crate) fn unbooked(&self) -> Option<(&UnbookedWebhook, u64)> {
        Some((self.webhooks.first()?, self.webhook_count))
    }

    /// Writes it to standard error, so that standard output has only lists and totals. `merchant` is the
    /// merchant's name if there are several.
    pub(crate) fn print(&self, merchant: Option<&MerchantName>) {
        let of = merchant.map_or_else(String::new, |name| format!("{name}: "));
        for line in self.lines() {
            let line = format!("{of}{}", visible(&line));
            anstream::eprintln!("{}", message!("attention", line = line));
        }
    }

    /// One line for each entry, with what to do.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for Order { number, .. } in self.unknown() {
            lines.push(message!("attention-unknown", number = number));
        }
        for Order { number, invoices, .. } in self.unanswered() {
            let since = invoices.iter().filter_map(|invoice| invoice.unanswered_at).max();
            lines.push(match since {
                Some(at) => message!("attention-unanswered-since", number = number, at = at),
                None => message!("attention-unanswered", number = number),
            });
        }
        for number in self.not_made() {
            lines.push(message!("attention-bill", number = number));
        }
        for row in &self.set_aside {
            lines.push(message!("attention-row", row = row));
        }
        for webhook in &self.webhooks {
            lines.push(webhook_line(webhook));
        }
        if let Some(more) = self.webhook_count.checked_sub(u64::from(LIMIT)).filter(|n| *n > 0) {
            lines.push(message!("attention-more-webhooks", count = more));
        }
        lines
    }
}

/// A webhook that belongs to no order: the order that it may belong to, and what to do.
fn webhook_line(UnbookedWebhook { invoice, status, number, .. }: &UnbookedWebhook) -> String {
    match number {
        Some(number) => message!(
            "attention-webhook-of-order",
            invoice = invoice,
            status = status,
            number = number
        ),
        None => message!("attention-webhook", invoice = invoice, status = status),
    }
}
