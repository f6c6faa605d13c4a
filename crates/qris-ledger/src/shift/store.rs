//! Shifts in the database.

use qris_api::{Rupiah, WibTime};

use super::report::{OrderLines, Outside, ShiftReport, gather};
use super::{ClosedShift, Shift, ShiftId, Unanswered};
use crate::database::{Row, Step, Value};
use crate::rows::{integer, kept, left_out};
use crate::{Error, Ledger};

/// The maximum number of characters of a shift's name.
const MAX_NAME_CHARS: usize = 64;

macro_rules! shifts {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, name, opened_at, opened_by, closed_at, closed_by, ",
            "unanswered_accepted, payments, paid FROM qris_shift ",
            $rest
        )
    };
}

const ONE: &str = shifts!("WHERE merchant = $1 AND id = $2");

const LIST: &str = shifts!("WHERE merchant = $1 AND id < $2 ORDER BY id DESC LIMIT $3");

const OPEN_ONE: &str = shifts!("WHERE merchant = $1 AND closed_at IS NULL");

const REPORT: &str = "SELECT report FROM qris_shift WHERE id = $1";

/// A unique index allows only one open shift.
const OPEN: &str = "
    INSERT INTO qris_shift (merchant, number, name, opened_at, opened_by)
    VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM qris_shift WHERE merchant = $1), $2, $3, $4)
    ON CONFLICT DO NOTHING
    RETURNING id";

/// Waits for steps that record something in the shift, and blocks new ones.
const LOCK: &str = "
    UPDATE qris_shift SET merchant = merchant
    WHERE merchant = $1 AND id = $2 AND closed_at IS NULL
    RETURNING id";

/// Adds the payments that were recorded while no shift was open to a report.
const CLAIM_OUTSIDE: &str = "
    UPDATE qris_invoice SET shift = $1
    WHERE merchant = $2 AND outside_shift = 1 AND shift IS NULL
    RETURNING id";

const CLOSE: &str = "
    UPDATE qris_shift
    SET closed_at = $1, closed_by = $2, unanswered_accepted = $3, payments = $4, paid = $5,
        report = $6
    WHERE id = $7 AND closed_at IS NULL
    RETURNING id";

impl Ledger {
    /// Opens a shift of the selected merchant: all payments that are recorded from now on belong to it, until
    /// it is closed. The default name is the actor's.
    ///
    /// ```
    /// use qris_api::WibTime;
    /// use qris_ledger::{Ledger, Unanswered};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let shift = ledger.open_shift("Siti", WibTime::now())?;
    /// assert_eq!((shift.number, shift.name.as_str()), (1, "Siti"));
    /// assert!(ledger.open_shift("Budi", WibTime::now()).is_err());
    /// let (closed, report) = ledger.close_shift(shift.id, Unanswered::Refuse, WibTime::now())?;
    /// assert!(closed.closed.is_some());
    /// assert_eq!(report.payments.count, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::ShiftOpen`] if one is already open.
    pub fn open_shift(&mut self, name: &str, now: WibTime) -> Result<Shift, Error> {
        let name = kept(name, MAX_NAME_CHARS);
        self.write(|step| {
            let by = step.actor.as_str();
            let row =
                [step.merchant.into(), name.as_deref().unwrap_or(by).into(), now.into(), by.into()];
            let Some(mut opened) = step.first(OPEN, &row)? else {
                let open = step.first(OPEN_ONE, &[step.merchant.into()])?;
                let number = open.map(|row| shift(row).map(|shift| shift.number)).transpose()?;
                return Err(Error::ShiftOpen { number: number.unwrap_or_default() });
            };
            one(step, opened.integer(0, "id")?)
        })
    }

    /// The shifts of the selected merchant, newest first, opened before this one, at most this many.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn shifts(&self, before: Option<ShiftId>, limit: u32) -> Result<Vec<Shift>, Error> {
        let before = before.map_or(i64::MAX, ShiftId::get);
        self.read(|step| {
            let rows = step.query(LIST, &[step.merchant.into(), before.into(), limit.into()])?;
            let mut shifts = Vec::with_capacity(rows.len());
            for row in rows {
                match shift(row) {
                    Ok(shift) => shifts.push(shift),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(shifts)
        })
    }

    /// A shift of the selected merchant with its totals: until now for an open shift, which changes nothing,
    /// or the ones at its close.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::find`].
    pub fn shift_report(&self, id: ShiftId) -> Result<(Shift, ShiftReport), Error> {
        self.read(|step| {
            let shift = one(step, id.get())?;
            let report = match shift.closed {
                None => gather(step, id.get(), Outside::SoFar)?,
                Some(_) => {
                    let mut row = step.first(REPORT, &[id.get().into()])?.ok_or(Error::Absent)?;
                    let text = row.text(0, "report")?;
                    serde_json::from_str(&text).map_err(|_| Error::Corrupt { column: "report" })?
                }
            };
            Ok((shift, report))
        })
    }

    /// Closes a shift and freezes its totals. If several callers close it at once, one succeeds.
    ///
    /// A payment that is being recorded at this moment is either in the shift or after it. Payments that were
    /// recorded earlier while no shift was open become part of its report, listed separately.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::ShiftClosed`]; [`Error::UnansweredChecks`] if an order has no answer and
    /// that is not accepted. Nothing is changed then.
    pub fn close_shift(
        &mut self,
        id: ShiftId,
        unanswered: Unanswered,
        now: WibTime,
    ) -> Result<(Shift, ShiftReport), Error> {
        self.write(|step| {
            if !step.moved(LOCK, &[step.merchant.into(), id.get().into()])? {
                one(step, id.get())?;
                return Err(Error::ShiftClosed);
            }
            step.query(CLAIM_OUTSIDE, &[id.get().into(), step.merchant.into()])?;
            let report = gather(step, id.get(), Outside::Claimed)?;
            let has_unanswered = report.unknown.total.count + report.unanswered.total.count > 0;
            if has_unanswered && unanswered == Unanswered::Refuse {
                let numbers = |lines: OrderLines| {
                    lines.orders.into_iter().map(|order| order.number).collect()
                };
                return Err(Error::UnansweredChecks {
                    unknown: numbers(report.unknown),
                    unanswered: numbers(report.unanswered),
                });
            }
            let json = serde_json::to_string(&report);
            let json = json.map_err(|_| Error::Corrupt { column: "report" })?;
            let row = [
                now.into(),
                step.actor.as_str().into(),
                has_unanswered.into(),
                integer("payments", report.payments.count)?.into(),
                integer("paid", report.payments.amount.get())?.into(),
                json.as_str().into(),
                Value::from(id.get()),
            ];
            step.query(CLOSE, &row)?;
            Ok((one(step, id.get())?, report))
        })
    }
}

fn one(step: &mut Step<'_>, id: i64) -> Result<Shift, Error> {
    let row = step.first(ONE, &[step.merchant.into(), id.into()])?;
    shift(row.ok_or(Error::Absent)?)
}

fn shift(mut row: Row) -> Result<Shift, Error> {
    let closed = match row.optional_time(5, "closed_at")? {
        None => None,
        Some(at) => Some(ClosedShift {
            at,
            by: row.text(6, "closed_by")?,
            unanswered_accepted: row.natural(7, "unanswered_accepted")? != 0,
            payments: row.natural(8, "payments")?,
            paid: Rupiah::new(row.natural(9, "paid")?),
        }),
    };
    Ok(Shift {
        id: ShiftId(row.integer(0, "id")?),
        number: row.natural(1, "number")?,
        name: row.text(2, "name")?,
        opened_at: row.time(3, "opened_at")?,
        opened_by: row.text(4, "opened_by")?,
        closed,
    })
}
