//! The stored totals: a report reads them instead of adding up the orders.
//!
//! A step collects its counts with [`Step::count`]. [`write`] adds them up once, at the end of the step.
//! Reasons to do this here and not in a database trigger:
//!
//! - **Locks.** Ten tills that record on one day change the same row, which PostgreSQL locks until the step
//!   ends. Because it is written last, just before the outbox, it is locked for the shortest time, and every
//!   step takes its locks in one order: order, invoice, merchant, totals by key, outbox. So no two steps
//!   deadlock. A trigger would lock the day when the invoice changes, before the merchant's row, which a new
//!   code locks first. A trigger deferred to the commit would read the amount of an order that changed later
//!   in the step.
//! - **Manual corrections** are rare, and a program that counts them silently hides them. The comparison
//!   shows them, day by day, and the correction counts them.
//!
//! The view `qris_counted` defines what each invoice adds; the comparison, the correction and the tests use
//! it. An invalid row adds nothing there. A payment counts in the shift in which it was recorded. If a later
//! report includes it because no shift was open, its total does not move.

use qris_api::WibTime;

use crate::Error;
use crate::counted::{DayTotal, Happened, Key};
use crate::database::Step;

const ADD: &str = "
    INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (merchant, day, channel, shift) DO UPDATE
    SET invoices = qris_total.invoices + excluded.invoices,
        payments = qris_total.payments + excluded.payments,
        paid = qris_total.paid + excluded.paid";

pub(crate) const REPORT: &str = "
    SELECT day, channel, CAST(sum(invoices) AS BIGINT), CAST(sum(payments) AS BIGINT),
        CAST(sum(paid) AS BIGINT)
    FROM qris_total
    WHERE merchant = $1 AND day >= $2 AND day <= $3
    GROUP BY day, channel
    HAVING sum(invoices) <> 0 OR sum(payments) <> 0 OR sum(paid) <> 0
    ORDER BY day, channel";

impl Step<'_> {
    /// Counts an invoice on the day of its request, in the shift of its order, or a payment on the day of
    /// payment, in the shift in which it is recorded.
    pub(crate) fn count(
        &mut self,
        at: WibTime,
        channel: &str,
        shift: Option<i64>,
        happened: Happened,
    ) {
        let total = match happened {
            Happened::Invoice => DayTotal { invoices: 1, ..DayTotal::ZERO },
            Happened::Payment(paid) => DayTotal { payments: 1, paid, ..DayTotal::ZERO },
        };
        let day = at.date().to_string();
        let key = (self.merchant.0, day, channel.to_owned(), shift.unwrap_or_default());
        self.counted.entry(key).or_default().add(total);
    }
}

/// Adds the counts of a step to the stored totals, in the order of their keys.
pub(crate) fn write(step: &mut Step<'_>) -> Result<(), Error> {
    for (key, total) in std::mem::take(&mut step.counted) {
        add(step, &key, total)?;
    }
    Ok(())
}

pub(crate) fn add(step: &mut Step<'_>, key: &Key, total: DayTotal) -> Result<(), Error> {
    let (merchant, day, channel, shift) = key;
    let row = [
        (*merchant).into(),
        day.as_str().into(),
        channel.as_str().into(),
        (*shift).into(),
        total.invoices.into(),
        total.payments.into(),
        total.paid.into(),
    ];
    step.query(ADD, &row).map(drop)
}
