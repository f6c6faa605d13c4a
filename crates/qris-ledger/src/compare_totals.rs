//! Compares the stored totals with the sums over the orders, and corrects them.
//!
//! A correction adds the difference between a total and its sum, both read at one moment. So steps that run
//! meanwhile are counted too, and none of them waits.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::counted::{DayTotal, Key};
use crate::database::{Row, Step};
use crate::rows::left_out;
use crate::totals::add;
use crate::{Channel, Error, Ledger, MerchantName, ShiftId};

const KEPT: &str = "
    SELECT t.merchant, m.name, t.day, t.channel, t.shift, t.invoices, t.payments, t.paid
    FROM qris_total AS t JOIN qris_merchant AS m ON m.id = t.merchant";

/// The last of the next invoices: as many as one statement can add up well within its time limit.
const PAGE_END: &str = "
    SELECT max(id) FROM (
        SELECT id FROM qris_invoice WHERE id > $1 ORDER BY id LIMIT 50000
    ) AS page";

const COUNTED: &str = "
    SELECT c.merchant, m.name, c.day, c.channel, c.shift, CAST(c.invoices AS BIGINT),
        CAST(c.payments AS BIGINT), CAST(c.paid AS BIGINT)
    FROM (
        SELECT merchant, day, channel, shift, sum(invoices) AS invoices, sum(payments) AS payments,
            sum(paid) AS paid
        FROM qris_counted WHERE invoice > $1 AND invoice <= $2
        GROUP BY merchant, day, channel, shift
    ) AS c JOIN qris_merchant AS m ON m.id = c.merchant";

const CORRECTIONS: &str = "SELECT times FROM qris_total_correction WHERE id = 1";

/// Lets only one of several corrections that read the same totals proceed.
const CORRECT: &str =
    "UPDATE qris_total_correction SET times = times + 1 WHERE id = 1 AND times = $1 RETURNING id";

/// A stored total that differs from the sum over the orders; see [`Ledger::compare_totals`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TotalDifference {
    /// The merchant.
    pub merchant: MerchantName,
    /// The day in WIB.
    pub day: Date,
    /// The channel.
    pub channel: Channel,
    /// The shift in which the payments were recorded, or the shift of the invoices' orders.
    pub shift: Option<ShiftId>,
    /// The stored total, which reports show.
    pub kept: DayTotal,
    /// The sum over the orders.
    pub counted: DayTotal,
}

impl Ledger {
    /// Compares the stored totals of all merchants with the sums over their orders, both at one moment.
    /// Returns the totals that differ. It reads every invoice once (up to 30 s for a million) and blocks no
    /// writer.
    ///
    /// They differ after a manual change of the database or a disk error.
    ///
    /// ```
    /// use qris_ledger::Ledger;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// assert_eq!(ledger.compare_totals()?, []);
    /// assert_eq!(ledger.recompute_totals()?, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn compare_totals(&self) -> Result<Vec<TotalDifference>, Error> {
        Ok(self.compare()?.differences.into_values().collect())
    }

    /// Corrects the stored totals to the sums over the orders. Returns the ones that differed, with their old
    /// values.
    ///
    /// Steps that run meanwhile are counted too, because each total is changed by its difference.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if another program corrects them at the same moment; [`Error::Full`]; the errors of
    /// [`Ledger::list`].
    pub fn recompute_totals(&mut self) -> Result<Vec<TotalDifference>, Error> {
        let Comparison { corrections, differences } = self.compare()?;
        if differences.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|step| {
            if !step.moved(CORRECT, &[corrections.into()])? {
                return Err(Error::Busy);
            }
            for (key, TotalDifference { kept, counted, .. }) in &differences {
                add(step, key, counted.minus(*kept))?;
            }
            Ok(())
        })?;
        Ok(differences.into_values().collect())
    }

    fn compare(&self) -> Result<Comparison, Error> {
        self.read(|step| {
            let mut times = step.first(CORRECTIONS, &[])?.ok_or(Error::Absent)?;
            let corrections = times.integer(0, "times")?;
            let mut totals: BTreeMap<Key, Compared> = BTreeMap::new();
            for row in step.query(KEPT, &[])? {
                let (key, name, kept) = total(row)?;
                totals.entry(key).or_insert_with(|| Compared::new(name)).kept = kept;
            }
            let mut after = i64::MIN;
            while let Some(last) = page_end(step, after)? {
                for row in step.query(COUNTED, &[after.into(), last.into()])? {
                    let (key, name, counted) = total(row)?;
                    totals.entry(key).or_insert_with(|| Compared::new(name)).counted.add(counted);
                }
                after = last;
            }
            totals.retain(|_, total| total.kept != total.counted);
            let mut differences = BTreeMap::new();
            for (key, total) in totals {
                match difference(&key, &total) {
                    Ok(difference) => drop(differences.insert(key, difference)),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(Comparison { corrections, differences })
        })
    }
}

struct Comparison {
    /// How many times they had been corrected.
    corrections: i64,
    differences: BTreeMap<Key, TotalDifference>,
}

struct Compared {
    merchant: String,
    kept: DayTotal,
    counted: DayTotal,
}

impl Compared {
    const fn new(merchant: String) -> Self {
        Self { merchant, kept: DayTotal::ZERO, counted: DayTotal::ZERO }
    }
}

fn page_end(step: &mut Step<'_>, after: i64) -> Result<Option<i64>, Error> {
    let row = step.first(PAGE_END, &[after.into()])?;
    row.map_or(Ok(None), |mut row| row.optional_integer(0, "id"))
}

fn total(mut row: Row) -> Result<(Key, String, DayTotal), Error> {
    let merchant = row.integer(0, "merchant")?;
    let name = row.text(1, "merchant")?;
    let key = (merchant, row.text(2, "day")?, row.text(3, "channel")?, row.integer(4, "shift")?);
    let total = DayTotal {
        invoices: row.integer(5, "invoices")?,
        payments: row.integer(6, "payments")?,
        paid: row.integer(7, "paid")?,
    };
    Ok((key, name, total))
}

fn difference((_, day, channel, shift): &Key, total: &Compared) -> Result<TotalDifference, Error> {
    let corrupt = |column| Error::Corrupt { column };
    Ok(TotalDifference {
        merchant: total.merchant.parse().map_err(|_| corrupt("merchant"))?,
        day: day.parse().map_err(|_| corrupt("day"))?,
        channel: channel.parse().map_err(|_| corrupt("channel"))?,
        shift: (*shift != 0).then_some(ShiftId::new(*shift)),
        kept: total.kept,
        counted: total.counted,
    })
}
