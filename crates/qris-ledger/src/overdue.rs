//! Orders whose due date has passed, and what a biller sees of its orders.

use qris_api::{Rupiah, WibTime};

use crate::rows::{find_row, orders};
use crate::{Error, Ledger, Order, plan, sql};

/// How many orders, and how much they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillTotal {
    /// How many.
    pub count: u64,
    /// In rupiah.
    pub amount: Rupiah,
}

/// What a biller is owed, and what it was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillTotals {
    /// The bills that are neither paid nor cancelled.
    pub unpaid: BillTotal,
    /// The ones among them whose due date has passed.
    pub overdue: BillTotal,
    /// The bills that were paid from the given time on: their amounts, without what came beyond them.
    pub paid: BillTotal,
}

impl Ledger {
    /// Tells that due dates of orders have passed, once for each order and at most this many, the
    /// earliest first: `order.overdue` in the [`outbox`](Ledger::outbox). The orders' states stay as they
    /// are.
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
    /// assert_eq!(ledger.tell_overdue(100, now)?[0].state, State::Open);
    /// assert_eq!(ledger.tell_overdue(100, now)?, []);
    /// assert_eq!(ledger.outbox(0, 9)?[1].event_type, EventType::Overdue);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn tell_overdue(&mut self, limit: u32, now: WibTime) -> Result<Vec<Order>, Error> {
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

    /// Whether an order of a plan is to be made, or a due date is to be told of. It only reads, so it may be
    /// asked often.
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
    /// ledger.tell_overdue(100, now)?;
    /// assert!(!ledger.are_bills_due(now)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn are_bills_due(&self, now: WibTime) -> Result<bool, Error> {
        self.read(|step| {
            Ok(plan::is_due(step, now)?
                || step.moved(sql::ANY_OVERDUE, &[step.merchant.into(), now.into()])?)
        })
    }

    /// The selected merchant's bills that are neither paid nor cancelled: the ones that have been due the
    /// longest first, then the ones without a due date. `offset` says how many to pass over.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn unpaid_bills(&self, offset: u32, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            orders(step, sql::UNPAID_BILLS, &[step.merchant.into(), limit.into(), offset.into()])
        })
    }

    /// The selected merchant's bills that were paid from a time on, the last one first.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn paid_bills(&self, since: WibTime, offset: u32, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            let page = [step.merchant.into(), since.into(), limit.into(), offset.into()];
            orders(step, sql::PAID_BILLS, &page)
        })
    }

    /// What the selected merchant is owed for its bills at this time, and what was paid for them from a
    /// time on.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
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
