//! Checks whether report totals agree with the orders.

use qris_ledger::{Error, Ledger, TotalDifference};

use super::check::{Check, NAMED};
use crate::messages::message;

/// Compares the stored totals of all merchants with their orders, and corrects them with `--fix`.
pub(super) fn checks(ledger: &mut Ledger, fix: bool) -> Result<Vec<Check>, Error> {
    let found = if fix { ledger.recompute_totals()? } else { ledger.compare_totals()? };
    if found.is_empty() {
        let message = message!("doctor-totals-ok");
        return Ok(vec![Check::ok("totals", message)]);
    }
    let more = found.len().saturating_sub(NAMED);
    let named = found.iter().take(NAMED).map(|difference| check(difference, fix));
    let more = (more > 0).then(|| finding(message!("doctor-totals-more", count = more), fix));
    Ok(named.chain(more).collect())
}

fn check(difference: &TotalDifference, fix: bool) -> Check {
    let TotalDifference { merchant, day, channel, shift, kept, counted, .. } = difference;
    let channel = match shift {
        Some(shift) => message!("doctor-in-shift", channel = channel, shift = shift.get()),
        None => channel.to_string(),
    };
    let message = message!(
        "doctor-total",
        day = day,
        channel = channel,
        invoices = counted.invoices,
        payments = counted.payments,
        paid = counted.paid,
        kept_invoices = kept.invoices,
        kept_payments = kept.payments,
        kept_paid = kept.paid
    );
    Check { merchant: Some(merchant.to_string()), ..finding(message, fix) }
}

fn finding(message: String, fix: bool) -> Check {
    if fix {
        let advice = message!("doctor-total-corrected");
        return Check::warning("totals", message, advice);
    }
    let advice = message!("doctor-correct-total");
    Check::problem("totals", message, advice)
}
