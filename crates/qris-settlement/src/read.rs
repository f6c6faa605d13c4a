//! Reads the provider's table.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::SettlementLine;
use ring::digest::{SHA256, digest};

use crate::cell::{WIB, day, rupiah, time};
use crate::columns::{Column, Columns};
use crate::lines::{Added, Contradiction, Lines};

/// The most lines of a file.
const MAX_LINES: u64 = 200_000;

/// The longest id, RRN and method.
const MAX_CHARS: usize = 64;

/// Words for a payment that was made, in small letters.
const PAID: [&str; 7] = ["sukses", "success", "successful", "berhasil", "paid", "lunas", "settled"];

/// Words for one that was not.
const NOT_PAID: [&str; 14] = [
    "gagal",
    "failed",
    "pending",
    "unpaid",
    "proses",
    "diproses",
    "menunggu",
    "expired",
    "kedaluwarsa",
    "kadaluarsa",
    "batal",
    "dibatalkan",
    "cancelled",
    "canceled",
];

/// What a file has: each line once. See [`read()`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    lines: Lines,
    /// Where each key first is in the file.
    places: BTreeMap<String, u64>,
    /// How many lines are there once more.
    pub repeated: u64,
    /// How many lines have a status that says that nothing was paid. They are left out.
    pub unpaid: u64,
}

impl File {
    /// The lines, in the order of their keys.
    pub fn lines(&self) -> impl Iterator<Item = &SettlementLine> {
        self.lines.iter()
    }

    /// In which line of the file this key first is.
    pub fn line_number(&self, key: &str) -> Option<u64> {
        self.places.get(key).copied()
    }
}

/// Where a file is wrong, and how. It quotes nothing of the file, which has names of payers.
///
/// ```
/// use qris_settlement::{Column, Columns, Fault, read};
///
/// let error = read(b"tgl,nominal\n27/11/2026 10:15,SITI\n", &Columns::default()).unwrap_err();
/// assert_eq!((error.line, error.column), (2, Some(Column::Amount)));
/// assert_eq!(
///     error.to_string(),
///     "line 2, column amount: expected whole rupiah such as 25.578, found another text",
/// );
/// assert_eq!(error.fault, Fault::Amount);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {fault}", of(.column))]
#[non_exhaustive]
pub struct ReadError {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column, where it is one.
    pub column: Option<Column>,
    /// What is wrong.
    pub fault: Fault,
}

fn of(column: &Option<Column>) -> String {
    column.map(|column| format!(", column {column}")).unwrap_or_default()
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It is not text in UTF-8.
    #[error("expected UTF-8, found other bytes")]
    NotUtf8,
    /// A line has more or fewer cells than the first.
    #[error("expected {expected} cells, found {found}")]
    Cells {
        /// How many the first line has.
        expected: u64,
        /// How many this line has.
        found: u64,
    },
    /// A column that every file has is not there.
    #[error("expected this column, found none of its names: say how the file names it")]
    NoColumn,
    /// Two columns have names of the same thing.
    #[error("expected one column of this kind, found two: say which of them it is")]
    TwoColumns,
    /// There are too many lines.
    #[error("expected at most 200000 lines, found more")]
    TooLong,
    /// No amount.
    #[error("expected whole rupiah such as 25.578, found another text")]
    Amount,
    /// No time.
    #[error("expected a time such as 27/11/2026 10:15:30, found another text")]
    Time,
    /// No day.
    #[error("expected a day such as 27/11/2026, found another text")]
    Day,
    /// A status that is not known.
    #[error("expected a status such as Sukses or Gagal, found another word")]
    Status,
    /// No invoice id.
    #[error("expected an invoice id of digits alone, found another text")]
    Invoice,
    /// A number that a spreadsheet rounded, or something that is no id.
    #[error(
        "expected an id of at most 64 letters, digits and -_./:#, found another text: did a \
         spreadsheet round it?"
    )]
    Id,
    /// It contradicts an earlier line.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

/// Reads a table with a line of column names, separated by commas, semicolons or tabs.
///
/// Empty lines do not count. A line whose status says that it is not paid is left out and counted.
///
/// # Errors
///
/// [`ReadError`] with the first fault. Then nothing of the file counts.
pub fn read(bytes: &[u8], columns: &Columns) -> Result<File, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(bytes))
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let head = reader.headers().map_err(|error| malformed(&error))?.clone();
    let places = places(&head, columns)?;
    let mut file = File::default();
    for (count, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| malformed(&error))?;
        let at = record.position().map_or(0, csv::Position::line);
        if count > MAX_LINES {
            return Err(ReadError { line: at, column: None, fault: Fault::TooLong });
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cells = Cells { places: &places, record: &record };
        let line = cells.line().map_err(|(column, fault)| ReadError {
            line: at,
            column: Some(column),
            fault,
        })?;
        let Some(line) = line else {
            file.unpaid += 1;
            continue;
        };
        let key = line.key.clone();
        let added = file.lines.add(line).map_err(|error| ReadError {
            line: at,
            column: Some(Column::Transaction),
            fault: error.into(),
        })?;
        match added {
            Added::New => {
                file.places.insert(key, at);
            }
            Added::More | Added::Nothing => file.repeated += 1,
        }
    }
    Ok(file)
}

/// What separates the cells of the first line: the one that is there most often.
fn delimiter(bytes: &[u8]) -> u8 {
    let head = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| head.iter().filter(|&&byte| byte == delimiter).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// Where each column is.
fn places(
    head: &csv::StringRecord,
    columns: &Columns,
) -> Result<BTreeMap<Column, usize>, ReadError> {
    let fault = |column, fault| ReadError { line: 1, column: Some(column), fault };
    let mut places = BTreeMap::new();
    for (at, name) in head.iter().enumerate() {
        let Some(column) = columns.find(name) else { continue };
        if places.insert(column, at).is_some() {
            return Err(fault(column, Fault::TwoColumns));
        }
    }
    let missing = [Column::PaidAt, Column::Amount].into_iter().find(|it| !places.contains_key(it));
    match missing {
        None => Ok(places),
        Some(column) => Err(fault(column, Fault::NoColumn)),
    }
}

fn malformed(error: &csv::Error) -> ReadError {
    let line = error.position().map_or(1, csv::Position::line);
    let fault = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Fault::Cells { expected: *expected_len, found: *len }
        }
        // The only other one that a reader of bytes ends with.
        _ => Fault::NotUtf8,
    };
    ReadError { line, column: None, fault }
}

/// The cells of a line.
struct Cells<'a> {
    places: &'a BTreeMap<Column, usize>,
    record: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// What a column has, if it has something: `-` stands for nothing.
    fn get(&self, column: Column) -> Option<&'a str> {
        let text = self.record.get(*self.places.get(&column)?)?;
        // Spreadsheets mark digits that are no number so.
        let text = text.strip_prefix('\'').unwrap_or(text);
        Some(text).filter(|text| !matches!(*text, "" | "-"))
    }

    /// The line; `None` where it says that nothing was paid.
    fn line(&self) -> Result<Option<SettlementLine>, (Column, Fault)> {
        if self.places.contains_key(&Column::Status) {
            let status = self.get(Column::Status).unwrap_or_default().to_lowercase();
            if NOT_PAID.contains(&status.as_str()) {
                return Ok(None);
            }
            if !PAID.contains(&status.as_str()) {
                return Err((Column::Status, Fault::Status));
            }
        }
        let civil = self.get(Column::PaidAt).and_then(time).ok_or((Column::PaidAt, Fault::Time))?;
        let paid_at = WIB.to_timestamp(civil).map_err(|_| (Column::PaidAt, Fault::Time))?;
        let amount = self.get(Column::Amount).and_then(rupiah);
        let amount = amount.ok_or((Column::Amount, Fault::Amount))?;
        let mut line =
            SettlementLine::new(String::new(), WibTime::from(paid_at), Rupiah::new(amount));
        let tip = self.parsed(Column::Tip, Fault::Amount, rupiah)?.unwrap_or_default();
        line.tip = Rupiah::new(tip);
        line.transaction = self.parsed(Column::Transaction, Fault::Id, id)?;
        line.invoice = self.parsed(Column::Invoice, Fault::Invoice, invoice)?;
        line.rrn = self.parsed(Column::Rrn, Fault::Id, id)?;
        line.method = self.get(Column::Method).map(method);
        line.settled_on = self.parsed(Column::SettledOn, Fault::Day, day)?;
        line.key = self.key(&line, civil);
        Ok(Some(line))
    }

    fn parsed<T>(
        &self,
        column: Column,
        fault: Fault,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, (Column, Fault)> {
        let cell = self.get(column);
        cell.map(|text| parse(text).ok_or((column, fault))).transpose()
    }

    /// A digest of the line stands for a transaction id that it does not have. Its settlement day is no
    /// part of it, because that is filled in later.
    fn key(&self, line: &SettlementLine, paid_at: DateTime) -> String {
        if let Some(id) = &line.transaction {
            return format!("id:{id}");
        }
        let SettlementLine { rrn, method, .. } = line;
        let (amount, tip) = (line.amount.get(), line.tip.get());
        let invoice = line.invoice.map(InvoiceId::get);
        let [payer, note] = [Column::Payer, Column::Note].map(|column| self.get(column));
        // As Rust writes texts, no text can be taken for the next one.
        let whole = format!("{:?}", (paid_at, amount, tip, invoice, rrn, method, payer, note));
        let bytes = digest(&SHA256, whole.as_bytes());
        let hex: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("line:{hex}")
    }
}

/// An id of letters, digits and a few marks: none of them makes `3.3E+11` an id.
fn id(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./:#".contains(c);
    let is_id = text.len() <= MAX_CHARS && text.chars().all(fits);
    is_id.then(|| text.to_owned())
}

/// An invoice id that a database can hold.
fn invoice(text: &str) -> Option<InvoiceId> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let id: i64 = text.parse().ok().filter(|_| is_number)?;
    u64::try_from(id).ok().map(InvoiceId::new)
}

fn method(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
}
