//! The kept totals: what a report says of each day, without adding up the orders.
//!
//! A step notes what it counts with [`Step::count`], and [`write`] adds that up once, when the rest of the
//! step is done. Why here, and not in a trigger of the database:
//!
//! - **Locks.** Ten tills that book on one day change the same row, which PostgreSQL locks until the step
//!   ends. Written last, just before the outbox, it is locked for as short as can be, and every step takes
//!   its locks in one order: order, invoice, merchant, totals by key, outbox. No two steps wait for each
//!   other. A trigger would lock the day when the invoice changes, before the merchant's row, which a new
//!   code locks first. Delayed until the commit, it would read the amount of an order that changed later in
//!   the step.
//! - **Corrections by hand** are rare, and a program that counts them silently hides them. The comparison
//!   shows them, day by day, and the correction counts them.
//!
//! What each invoice adds is said once in SQL, by the view `qris_counted`: the comparison, the correction and
//! the tests go by it. A row that makes no sense adds nothing there. A payment counts in the shift in which
//! it was booked; that another report takes it in later, because no shift was open, moves nothing.

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
    /// Counts an invoice on the day it was asked for, in the shift of its order, or a payment on the day it
    /// was made, in the shift in which it is booked.
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

/// Adds what a step counted to the kept totals, in the order of their keys.
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
