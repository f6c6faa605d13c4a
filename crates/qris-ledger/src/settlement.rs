//! Settlement lines that the owner imported.

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};

use crate::database::{Row, Step, Value};
use crate::lists::span;
use crate::rows::{integer, kept, left_out, transaction_number};
use crate::settled_checks::check_again;
use crate::{Difference, Error, Ledger};

/// The maximum length of a line's key in bytes.
const MAX_KEY_BYTES: usize = 128;

/// The maximum number of characters of a transaction id, an RRN and a method.
const MAX_CHARS: usize = 64;

macro_rules! columns {
    () => {
        "id, line_key, paid_at, amount, tip, transaction_id, qris_invoiceid, rrn, method, settled_on, \
         (SELECT o.number FROM qris_order AS o WHERE o.id = qris_settlement_line.order_id)"
    };
}

const INSERT: &str = "
    INSERT INTO qris_settlement_line (merchant, line_key, paid_at, amount, tip, transaction_id,
        qris_invoiceid, rrn, method, settled_on, imported_at, imported_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT DO NOTHING
    RETURNING id";

/// The existing line, locked until this step ends.
pub(crate) const LOCK_LINE: &str = concat!(
    "UPDATE qris_settlement_line SET merchant = merchant WHERE merchant = $1 AND line_key = $2 RETURNING ",
    columns!()
);

const COMPLETE: &str = "
    UPDATE qris_settlement_line
    SET paid_at = $1, tip = $2, transaction_id = $3, qris_invoiceid = $4, rrn = $5, method = $6,
        settled_on = $7
    WHERE id = $8
    RETURNING id";

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM qris_settlement_line WHERE merchant = $1 AND paid_at >= $2 AND paid_at < $3 ",
    "ORDER BY paid_at, line_key"
);

/// A payment in the provider's settlement table, without its payer.
///
/// ```
/// use qris_api::{Rupiah, WibTime};
/// use qris_ledger::SettlementLine;
///
/// let paid_at = WibTime::parse("2026-11-27 10:15:30").ok_or("no time")?;
/// let mut line = SettlementLine::new("id:T-1", paid_at, Rupiah::new(25_578));
/// line.settled_on = Some("2026-11-30".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettlementLine {
    /// The key that identifies the line among the merchant's lines: at most 128 bytes.
    pub key: String,
    /// When it was paid.
    pub paid_at: WibTime,
    /// The amount paid.
    pub amount: Rupiah,
    /// The tip, if any.
    pub tip: Rupiah,
    /// The provider's id of the transaction.
    pub transaction: Option<String>,
    /// The provider's invoice id.
    pub invoice: Option<InvoiceId>,
    /// The national retrieval reference number (RRN).
    pub rrn: Option<String>,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// The settlement day in WIB; `None` until then.
    pub settled_on: Option<Date>,
    /// The order that was recorded from it: see [`Ledger::book_settled`]. An import does not change it.
    pub booked_as: Option<TransactionNumber>,
}

impl SettlementLine {
    /// A line with these values only.
    pub fn new(key: impl Into<String>, paid_at: WibTime, amount: Rupiah) -> Self {
        Self {
            key: key.into(),
            paid_at,
            amount,
            tip: Rupiah::new(0),
            transaction: None,
            invoice: None,
            rrn: None,
            method: None,
            settled_on: None,
            booked_as: None,
        }
    }

    /// Adds what another line with the same key knows. Returns whether that was more. The order of the two
    /// does not matter; the later settlement day wins.
    ///
    /// ```
    /// use qris_api::{Rupiah, WibTime};
    /// use qris_ledger::SettlementLine;
    ///
    /// let paid_at = WibTime::parse("2026-11-27 10:15:30").ok_or("no time")?;
    /// let mut line = SettlementLine::new("id:T-1", paid_at, Rupiah::new(25_578));
    /// let mut later = line.clone();
    /// later.settled_on = Some("2026-11-30".parse()?);
    /// assert_eq!(line.merge(&later), Ok(true));
    /// assert_eq!(line.merge(&later), Ok(false));
    /// later.amount = Rupiah::new(25_000);
    /// assert_eq!(line.merge(&later), Err("amount"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first column in which the lines are different payments: `amount`, `paid_at` (to the minute),
    /// `qris_invoiceid`, or `rrn` without leading zeros, which spreadsheets remove. Nothing changes then.
    pub fn merge(&mut self, other: &Self) -> Result<bool, &'static str> {
        if let Some(column) = difference(self, other) {
            return Err(column);
        }
        // An absent value is less than any other.
        let merged = Self {
            key: self.key.clone(),
            paid_at: self.paid_at.max(other.paid_at),
            amount: self.amount,
            tip: self.tip.max(other.tip),
            transaction: self.transaction.clone().max(other.transaction.clone()),
            invoice: self.invoice.max(other.invoice),
            // The longer one has the leading zeros.
            rrn: [self, other]
                .into_iter()
                .max_by_key(|line| {
                    (rrn(line).is_some(), line.rrn.as_ref().map(String::len), &line.rrn)
                })
                .and_then(|line| line.rrn.clone()),
            method: self.method.clone().max(other.method.clone()),
            settled_on: self.settled_on.max(other.settled_on),
            booked_as: self.booked_as.clone(),
        };
        let knows_more = merged != *self;
        *self = merged;
        Ok(knows_more)
    }
}

/// The result of an import of settlement lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettlementImport {
    /// The number of new lines.
    pub new: u64,
    /// The number of existing lines that got new values, such as their settlement day.
    pub completed: u64,
    /// The number of existing lines without changes.
    pub known: u64,
}

impl Ledger {
    /// Stores lines of the provider's settlement table for the selected merchant, all in one transaction, or
    /// none.
    ///
    /// A line is stored once, by its key. An existing line gets the values that it lacks; the later
    /// settlement day wins. So importing a file again changes nothing, and the order of files does not
    /// matter.
    ///
    /// An order that these lines list as paid, but that is not paid in the ledger, is checked again: the
    /// first at once, the others six seconds apart, before the scheduled checks and within the key's budget.
    /// [`Ledger::unpaid_settled`] lists these orders.
    ///
    /// ```
    /// use qris_api::{Rupiah, WibTime};
    /// use qris_ledger::{Ledger, SettlementLine};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let paid_at = WibTime::parse("2026-11-27 10:15:30").ok_or("no time")?;
    /// let lines = [SettlementLine::new("id:T-1", paid_at, Rupiah::new(25_578))];
    /// assert_eq!(ledger.import_settlement(&lines, WibTime::now())?.new, 1);
    /// assert_eq!(ledger.import_settlement(&lines, WibTime::now())?.known, 1);
    /// let day = "2026-11-27".parse()?;
    /// assert_eq!(ledger.settlement_lines(day, day)?, lines);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::SettlementDiffers`] if a key exists with another amount, minute, invoice id or RRN;
    /// [`Error::TooLarge`], [`Error::TooLong`]. Nothing is stored then.
    pub fn import_settlement(
        &mut self,
        lines: &[SettlementLine],
        now: WibTime,
    ) -> Result<SettlementImport, Error> {
        let days = || lines.iter().map(|line| line.paid_at.date());
        let span = days().min().zip(days().max());
        let mut sorted: Vec<(usize, &SettlementLine)> = lines.iter().enumerate().collect();
        // Always in the same order, so that two imports do not deadlock.
        sorted.sort_by_key(|(_, line)| &line.key);
        self.write(|step| {
            let mut done = SettlementImport::default();
            let mut differences = Vec::new();
            for (index, line) in sorted {
                let line = stored(line)?;
                if insert(step, &line, now)? {
                    done.new += 1;
                    continue;
                }
                let key = [step.merchant.into(), line.key.as_str().into()];
                let row = step.first(LOCK_LINE, &key)?.ok_or(Error::Absent)?;
                let (id, mut known) = settlement_line(row)?;
                match known.merge(&line) {
                    Err(column) => differences.push(Difference { index, column }),
                    Ok(false) => done.known += 1,
                    Ok(true) => {
                        complete(step, id, &known)?;
                        done.completed += 1;
                    }
                }
            }
            // The error ends the transaction, so nothing is stored.
            if !differences.is_empty() {
                return Err(Error::SettlementDiffers(differences));
            }
            if let Some((from, to)) = span {
                check_again(step, from, to, now)?;
            }
            Ok(done)
        })
    }

    /// The lines of payments between two days (WIB), both included, earliest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn settlement_lines(&self, from: Date, to: Date) -> Result<Vec<SettlementLine>, Error> {
        let [from, to] = span(from, to);
        self.read(|step| {
            let rows = step.query(LIST, &[step.merchant.into(), from, to])?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                match settlement_line(row) {
                    Ok((_, line)) => lines.push(line),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(lines)
        })
    }
}

/// The line as the database stores it.
fn stored(line: &SettlementLine) -> Result<SettlementLine, Error> {
    if line.key.len() > MAX_KEY_BYTES {
        return Err(Error::TooLong { column: "line_key", bytes: MAX_KEY_BYTES });
    }
    let text = |text: &Option<String>| text.as_deref().and_then(|text| kept(text, MAX_CHARS));
    let SettlementLine { transaction, rrn, method, .. } = line;
    let second = Timestamp::from_second(line.paid_at.timestamp().as_second());
    Ok(SettlementLine {
        paid_at: second.map_or(line.paid_at, WibTime::from),
        transaction: text(transaction),
        rrn: text(rrn),
        method: text(method),
        ..line.clone()
    })
}

/// Whether it is new.
fn insert(step: &mut Step<'_>, line: &SettlementLine, now: WibTime) -> Result<bool, Error> {
    let row = [
        step.merchant.into(),
        line.key.as_str().into(),
        line.paid_at.into(),
        integer("amount", line.amount.get())?.into(),
        integer("tip", line.tip.get())?.into(),
        line.transaction.as_deref().into(),
        invoice(line)?,
        line.rrn.as_deref().into(),
        line.method.as_deref().into(),
        settled_on(line),
        now.into(),
        step.actor.as_str().into(),
    ];
    step.moved(INSERT, &row)
}

fn complete(step: &mut Step<'_>, id: i64, line: &SettlementLine) -> Result<(), Error> {
    let row = [
        line.paid_at.into(),
        integer("tip", line.tip.get())?.into(),
        line.transaction.as_deref().into(),
        invoice(line)?,
        line.rrn.as_deref().into(),
        line.method.as_deref().into(),
        settled_on(line),
        id.into(),
    ];
    step.query(COMPLETE, &row).map(drop)
}

fn invoice(line: &SettlementLine) -> Result<Value, Error> {
    let id = line.invoice.map(|id| integer("qris_invoiceid", id.get())).transpose()?;
    Ok(id.into())
}

fn settled_on(line: &SettlementLine) -> Value {
    line.settled_on.map(|day| day.to_string()).as_deref().into()
}

/// Its RRN without leading zeros, which spreadsheets remove. An RRN of zeros only counts as none.
fn rrn(line: &SettlementLine) -> Option<&str> {
    line.rrn.as_deref().map(|rrn| rrn.trim_start_matches('0')).filter(|rrn| !rrn.is_empty())
}

/// The first column in which two lines with the same key are different payments.
fn difference(known: &SettlementLine, line: &SettlementLine) -> Option<&'static str> {
    let minute = |line: &SettlementLine| line.paid_at.timestamp().as_second().div_euclid(60);
    let same = [
        ("amount", known.amount == line.amount),
        ("paid_at", minute(known) == minute(line)),
        ("qris_invoiceid", known.invoice.zip(line.invoice).is_none_or(|(a, b)| a == b)),
        ("rrn", rrn(known).zip(rrn(line)).is_none_or(|(a, b)| a == b)),
    ];
    same.into_iter().find_map(|(column, is_same)| (!is_same).then_some(column))
}

pub(crate) fn settlement_line(mut row: Row) -> Result<(i64, SettlementLine), Error> {
    let id = row.integer(0, "id")?;
    let key = row.text(1, "line_key")?;
    let paid_at = row.time(2, "paid_at")?;
    let mut line = SettlementLine::new(key, paid_at, Rupiah::new(row.natural(3, "amount")?));
    line.tip = Rupiah::new(row.natural(4, "tip")?);
    line.transaction = row.optional_text(5, "transaction_id")?;
    line.invoice = row.optional_natural(6, "qris_invoiceid")?.map(InvoiceId::new);
    line.rrn = row.optional_text(7, "rrn")?;
    line.method = row.optional_text(8, "method")?;
    line.settled_on = match row.optional_text(9, "settled_on")? {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| Error::Corrupt { column: "settled_on" })?),
    };
    let number = row.optional_text(10, "number")?;
    line.booked_as = number.map(|number| transaction_number(&number)).transpose()?;
    Ok((id, line))
}
