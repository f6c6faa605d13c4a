//! Parses the payment of a line.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::DateTime;
use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::SettlementLine;
use ring::digest::{SHA256, digest};

use crate::cell::{Cell, WIB};
use crate::columns::Column;
use crate::read_error::Fault;

/// The maximum length of an id, an RRN and a method.
const MAX_CHARS: usize = 64;

/// The status words for a payment, in lower case.
const PAID: [&str; 7] = ["sukses", "success", "successful", "berhasil", "paid", "lunas", "settled"];

/// The status words for no payment.
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

/// The cells of a line.
pub(crate) struct Cells<'a> {
    /// The position of each column.
    pub(crate) places: &'a BTreeMap<Column, usize>,
    pub(crate) row: &'a [Cell],
}

impl<'a> Cells<'a> {
    /// The value of a column, if it is not empty.
    fn get(&self, column: Column) -> Option<&'a Cell> {
        self.row.get(*self.places.get(&column)?).filter(|cell| !cell.is_empty())
    }

    fn text(&self, column: Column) -> Option<Cow<'a, str>> {
        self.get(column).map(Cell::text)
    }

    /// The line; `None` if it says that nothing was paid.
    pub(crate) fn line(&self) -> Result<Option<SettlementLine>, (Column, Fault)> {
        if self.places.contains_key(&Column::Status) {
            let status = self.text(Column::Status).unwrap_or_default().to_lowercase();
            if NOT_PAID.contains(&status.as_str()) {
                return Ok(None);
            }
            if !PAID.contains(&status.as_str()) {
                return Err((Column::Status, Fault::Status));
            }
        }
        let civil = self.get(Column::PaidAt).and_then(Cell::time);
        let civil = civil.ok_or((Column::PaidAt, Fault::Time))?;
        let paid_at = WIB.to_timestamp(civil).map_err(|_| (Column::PaidAt, Fault::Time))?;
        let amount = self.get(Column::Amount).and_then(Cell::rupiah);
        let mut amount = amount.ok_or((Column::Amount, Fault::Amount))?;
        let tip = self.parsed(Column::Tip, Fault::Amount, Cell::rupiah)?.unwrap_or_default();
        let total = self.get(Column::Total).and_then(Cell::rupiah);
        if let Some(total) = total.filter(|&total| amount.checked_add(tip) == Some(total)) {
            amount = total;
        }
        let mut line =
            SettlementLine::new(String::new(), WibTime::from(paid_at), Rupiah::new(amount));
        line.tip = Rupiah::new(tip);
        line.transaction = self.parsed(Column::Transaction, Fault::Id, id)?;
        line.invoice = self.parsed(Column::Invoice, Fault::Invoice, invoice)?;
        line.rrn = self.parsed(Column::Rrn, Fault::Id, id)?;
        line.method = self.text(Column::Method).map(|text| method(&text));
        line.settled_on = self.parsed(Column::SettledOn, Fault::Day, Cell::day)?;
        line.key = self.key(&line, civil);
        Ok(Some(line))
    }

    fn parsed<T>(
        &self,
        column: Column,
        fault: Fault,
        parse: fn(&Cell) -> Option<T>,
    ) -> Result<Option<T>, (Column, Fault)> {
        let cell = self.get(column);
        cell.map(|cell| parse(cell).ok_or((column, fault))).transpose()
    }

    /// A digest of the line is its key if it has no transaction id. The settlement day is not part of the
    /// digest, because it is filled in later.
    fn key(&self, line: &SettlementLine, paid_at: DateTime) -> String {
        if let Some(id) = &line.transaction {
            return format!("id:{id}");
        }
        let SettlementLine { rrn, method, .. } = line;
        let rrn = rrn.as_deref().map(|rrn| rrn.trim_start_matches('0')).filter(|it| !it.is_empty());
        let (amount, tip) = (line.amount.get(), line.tip.get());
        let invoice = line.invoice.map(InvoiceId::get);
        let [payer, note] = [Column::Payer, Column::Note].map(|column| self.text(column));
        // Quoted as in Rust, so that two texts cannot run into each other.
        let whole = format!("{:?}", (paid_at, amount, tip, invoice, rrn, method, payer, note));
        let bytes = digest(&SHA256, whole.as_bytes());
        let hex: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("line:{hex}")
    }
}

/// An id of letters, digits and a few marks. None of the marks makes `3.3E+11` an id.
fn id(cell: &Cell) -> Option<String> {
    let text = cell.word()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./:#".contains(c);
    let is_id = text.len() <= MAX_CHARS && text.chars().all(fits);
    is_id.then(|| text.into_owned())
}

/// An invoice id that fits into a database.
fn invoice(cell: &Cell) -> Option<InvoiceId> {
    let text = cell.word()?;
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let id: i64 = text.parse().ok().filter(|_| is_number)?;
    u64::try_from(id).ok().map(InvoiceId::new)
}

fn method(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
}
