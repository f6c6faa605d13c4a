//! Orders that are paid in the provider's settlement table but not in the ledger.

use std::time::Duration;

use jiff::civil::Date;
use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};

use crate::check::after_gap;
use crate::database::{Row, Step};
use crate::lists::span;
use crate::rows::{left_out, transaction_number};
use crate::{Error, Ledger, State};

/// The minimum time between the last check of an invoice and the next.
const GAP: Duration = Duration::from_secs(60);

/// The time between two of these checks, so that current customers' checks have free slots.
const ONE_EVERY: Duration = Duration::from_secs(6);

const LIST: &str = "
    SELECT o.number, o.amount, o.state, l.line_key, l.paid_at, l.amount, i.qris_invoiceid,
        i.next_check_at, i.early, i.answered_at, i.checked_at, i.asked_at, i.id
    FROM qris_settlement_line AS l
        JOIN qris_invoice AS i ON i.merchant = l.merchant AND i.qris_invoiceid = l.qris_invoiceid
        JOIN qris_order AS o ON o.id = i.order_id
    WHERE l.merchant = $1 AND l.paid_at >= $2 AND l.paid_at < $3
        AND i.state IN ('pending', 'expired')
    ORDER BY l.paid_at, l.line_key";

/// An open webhook or manual check, and a check that is due soon enough, stay as they are.
const CHECK: &str = "
    UPDATE qris_invoice
    SET next_check_at = $1, check_set_at = $2, early = 'hint', hint_checks = 1, failures = 0
    WHERE id = $3 AND state IN ('pending', 'expired') AND early IS NULL
        AND (next_check_at IS NULL OR next_check_at > $1)
    RETURNING id";

/// An order with a code that the settlement table lists as paid, but that no check has found paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnpaidSettled {
    /// The order.
    pub number: TransactionNumber,
    /// Its amount.
    pub amount: Rupiah,
    /// Its state.
    pub state: State,
    /// The key of the line.
    pub key: String,
    /// When it was paid, according to the table.
    pub paid_at: WibTime,
    /// How much was paid, according to the table.
    pub settled: Rupiah,
    /// The invoice that both name.
    pub invoice: InvoiceId,
    /// When the next check is due, if there is one.
    pub next_check_at: Option<WibTime>,
    /// When the provider last answered "not paid".
    pub answered_at: Option<WibTime>,
    /// Whether a check is waiting that goes before the scheduled ones.
    pub is_checking: bool,
    row: i64,
    /// When the last check was started.
    asked_at: Option<WibTime>,
}

impl Ledger {
    /// The orders with a code that is paid in the settlement lines between two days (WIB) but not in the
    /// ledger. Only a check marks them as paid; each [import](Ledger::import_settlement) of their lines
    /// schedules one.
    ///
    /// ```
    /// use qris_ledger::Ledger;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let day = "2026-11-27".parse()?;
    /// assert_eq!(ledger.unpaid_settled(day, day)?, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn unpaid_settled(&self, from: Date, to: Date) -> Result<Vec<UnpaidSettled>, Error> {
        self.read(|step| list(step, from, to))
    }
}

/// Schedules a check of each order that the lines of these days list as paid: the first at once, the others
/// six seconds apart. They go before the scheduled checks and within the key's budget, at least a minute
/// after the last check of the same code.
pub(crate) fn check_again(
    step: &mut Step<'_>,
    from: Date,
    to: Date,
    now: WibTime,
) -> Result<(), Error> {
    let mut at = now;
    for found in list(step, from, to)? {
        let due = after_gap(found.asked_at, GAP, now).max(at);
        if step.moved(CHECK, &[due.into(), now.into(), found.row.into()])? {
            at = at.later_by(ONE_EVERY);
        }
    }
    Ok(())
}

fn list(step: &mut Step<'_>, from: Date, to: Date) -> Result<Vec<UnpaidSettled>, Error> {
    let [from, to] = span(from, to);
    let mut found = Vec::new();
    for row in step.query(LIST, &[step.merchant.into(), from, to])? {
        let number = row.number();
        match unpaid(row) {
            Ok(one) => found.push(one),
            Err(error) => left_out(step, number, error)?,
        }
    }
    Ok(found)
}

fn unpaid(mut row: Row) -> Result<UnpaidSettled, Error> {
    let checked_at = row.optional_time(10, "checked_at")?;
    Ok(UnpaidSettled {
        number: transaction_number(&row.text(0, "number")?)?,
        amount: Rupiah::new(row.natural(1, "amount")?),
        state: row.word(2, "state")?,
        key: row.text(3, "line_key")?,
        paid_at: row.time(4, "paid_at")?,
        settled: Rupiah::new(row.natural(5, "amount")?),
        invoice: InvoiceId::new(row.natural(6, "qris_invoiceid")?),
        next_check_at: row.optional_time(7, "next_check_at")?,
        is_checking: row.optional_text(8, "early")?.is_some(),
        answered_at: row.optional_time(9, "answered_at")?,
        asked_at: checked_at.max(row.optional_time(11, "asked_at")?),
        row: row.integer(12, "id")?,
    })
}
