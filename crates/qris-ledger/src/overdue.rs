//! Overdue orders, and a biller's totals.

use qris_api::{Rupiah, WibTime};

use crate::rows::{find_row, orders};
use crate::{Error, Ledger, Order, plan, sql};

/// A number of orders and the sum of their amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillTotal {
    /// The number of orders.
    pub count: u64,
    /// The sum in rupiah.
    pub amount: Rupiah,
}

/// What a biller is owed and what it was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillTotals {
    /// The bills that are neither paid nor cancelled.
    pub unpaid: BillTotal,
    /// The overdue ones among them.
    pub overdue: BillTotal,
    /// The bills paid since the given time, with their own amounts, without excess payments.
    pub paid: BillTotal,
}

impl Ledger {
    /// Writes an `order.overdue` event to the [`outbox`](Ledger::outbox) for each order whose due date has
    /// passed: once for each order, at most this many, earliest first. The orders' states do not change.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{EventType, Ledger, NewOrder, State};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let now = WibTime::now();
    /// let mut bill = NewOrder::new(TransactionNumber::parse("BILL-1")?, Rupiah::new(150_000));
    /// bill.due_at = Some(now);
    /// ledger.open_order(&bill, now)?;
    /// assert_eq!(ledger.write_overdue_events(100, now)?[0].state, State::Open);
    /// assert_eq!(ledger.write_overdue_events(100, now)?, []);
    /// assert_eq!(ledger.outbox(0, 9)?[1].event_type, EventType::Overdue);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn write_overdue_events(&mut self, limit: u32, now: WibTime) -> Result<Vec<Order>, Error> {
        self.write(|step| {
            let rows =
                step.query(sql::OVERDUE, &[step.merchant.into(), now.into(), limit.into()])?;
            let mut overdue = Vec::with_capacity(rows.len());
            for mut row in rows {
                let id = row.integer(0, "id")?;
                step.changed.insert(id, now);
                overdue.extend(find_row(step, id)?);
            }
            Ok(overdue)
        })
    }

    /// Whether a plan's order is to be made, or an overdue event is to be written. It only reads, so it may
    /// be called often.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Ledger, NewOrder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let now = WibTime::now();
    /// assert!(!ledger.are_bills_due(now)?);
    /// let mut bill = NewOrder::new(TransactionNumber::parse("BILL-1")?, Rupiah::new(150_000));
    /// bill.due_at = Some(now);
    /// ledger.open_order(&bill, now)?;
    /// assert!(ledger.are_bills_due(now)?);
    /// ledger.write_overdue_events(100, now)?;
    /// assert!(!ledger.are_bills_due(now)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn are_bills_due(&self, now: WibTime) -> Result<bool, Error> {
        self.read(|step| {
            Ok(plan::is_due(step, now)?
                || step.moved(sql::ANY_OVERDUE, &[step.merchant.into(), now.into()])?)
        })
    }

    /// The selected merchant's bills that are neither paid nor cancelled: the longest due first, then the
    /// ones without a due date. `offset` is the number of bills to skip.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn unpaid_bills(&self, offset: u32, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            orders(step, sql::UNPAID_BILLS, &[step.merchant.into(), limit.into(), offset.into()])
        })
    }

    /// The selected merchant's bills that were paid since a time, latest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn paid_bills(&self, since: WibTime, offset: u32, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            let page = [step.merchant.into(), since.into(), limit.into(), offset.into()];
            orders(step, sql::PAID_BILLS, &page)
        })
    }

    /// What the selected merchant is owed for its bills at this time, and what was paid for them since a
    /// time.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn bill_totals(&self, paid_since: WibTime, now: WibTime) -> Result<BillTotals, Error> {
        self.read(|step| {
            let asked = [step.merchant.into(), now.into(), paid_since.into()];
            let mut row = step.first(sql::BILL_TOTALS, &asked)?.ok_or(Error::Absent)?;
            let mut total = |at| -> Result<BillTotal, Error> {
                let count = row.natural(at, "count")?;
                Ok(BillTotal { count, amount: Rupiah::new(row.natural(at + 1, "amount")?) })
            };
            Ok(BillTotals { unpaid: total(0)?, overdue: total(2)?, paid: total(4)? })
        })
    }
}
