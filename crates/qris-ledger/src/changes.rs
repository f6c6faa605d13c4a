//! Which orders any process changed recently.

use qris_api::TransactionNumber;

use crate::database::Row;
use crate::rows::{left_out, transaction_number};
use crate::{Error, Ledger, MerchantName, sql};

/// A step that changed an order, of any merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderChange {
    /// The row that the step wrote in `qris_event`.
    pub event: u64,
    /// The merchant of the order.
    pub merchant: MerchantName,
    /// The order's number.
    pub number: TransactionNumber,
}

impl Ledger {
    /// The id of the last row in `qris_event`, or 0 if it is empty.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn last_event(&self) -> Result<u64, Error> {
        self.read(|step| {
            let row = step.first(sql::LAST_EVENT, &[])?;
            row.map_or(Ok(0), |mut row| row.natural(0, "id"))
        })
    }

    /// The steps of all merchants after this row of `qris_event`, in row order.
    ///
    /// PostgreSQL may make a row visible after one with a higher id. A program that must not miss a change
    /// reads some rows again and skips the ones that it already knows.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn changes_after(&self, event: u64) -> Result<Vec<OrderChange>, Error> {
        let event = i64::try_from(event).unwrap_or(i64::MAX);
        self.read(|step| {
            let mut changes = Vec::new();
            for row in step.query(sql::CHANGES_AFTER, &[event.into()])? {
                match change(row) {
                    Ok(change) => changes.push(change),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(changes)
        })
    }
}

fn change(mut row: Row) -> Result<OrderChange, Error> {
    Ok(OrderChange {
        event: row.natural(0, "id")?,
        merchant: row.word(1, "name")?,
        number: transaction_number(&row.text(2, "number")?)?,
    })
}
