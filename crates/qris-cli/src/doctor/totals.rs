//! Whether reports say what the orders add up to.

use qris_ledger::{Error, Ledger, TotalDifference};

use super::{Check, NAMED};

/// Compares the kept totals of all merchants with their orders, and corrects them where that is wanted.
pub(super) fn checks(ledger: &mut Ledger, fix: bool) -> Result<Vec<Check>, Error> {
    let found = if fix { ledger.recompute_totals()? } else { ledger.compare_totals()? };
    if found.is_empty() {
        let message = "reports say what the orders of each day add up to";
        return Ok(vec![Check::ok("totals", message)]);
    }
    let more = found.len().saturating_sub(NAMED);
    let named = found.iter().take(NAMED).map(|difference| check(difference, fix));
    let more = (more > 0).then(|| finding(format!("{more} more totals were wrong"), fix));
    Ok(named.chain(more).collect())
}

fn check(difference: &TotalDifference, fix: bool) -> Check {
    let TotalDifference { merchant, day, channel, shift, kept, counted, .. } = difference;
    let shift = shift.map_or_else(String::new, |shift| format!(" in shift {}", shift.get()));
    let message = format!(
        "{day} {channel}{shift}: expected {} codes, {} payments and Rp{} as the orders add up to, found \
         {}, {} and Rp{}",
        counted.invoices, counted.payments, counted.paid, kept.invoices, kept.payments, kept.paid,
    );
    Check { merchant: Some(merchant.to_string()), ..finding(message, fix) }
}

fn finding(message: String, fix: bool) -> Check {
    if fix {
        let advice = "look who changes the database by hand: this total is corrected now";
        return Check::warning("totals", message, advice);
    }
    let advice =
        "look who changed the database by hand, then correct the totals: `qris doctor --fix`";
    Check::problem("totals", message, advice)
}
