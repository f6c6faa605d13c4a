//! The columns of a file and their names.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The kind of a column.
///
/// ```
/// use qris_settlement::Column;
///
/// assert_eq!("amount".parse(), Ok(Column::Amount));
/// assert_eq!(Column::SettledOn.to_string(), "settled_on");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Column {
    /// The payment time. Required.
    PaidAt,
    /// The amount in rupiah. Required.
    Amount,
    /// A second amount. It is used instead of the first if it equals the first plus the tip.
    Total,
    /// The tip in rupiah.
    Tip,
    /// Whether it was paid. Without this column, every line counts as paid.
    Status,
    /// The payer. It is not stored: it is only part of the digest of a line without a transaction id.
    Payer,
    /// The payer's bank or wallet.
    Method,
    /// The national retrieval reference number.
    Rrn,
    /// A note. Treated like the payer.
    Note,
    /// The portal's id of the transaction.
    Transaction,
    /// The provider's invoice id.
    Invoice,
    /// The settlement day.
    SettledOn,
}

/// The names of the kinds, and the known spellings in lower-case letters and digits.
const KNOWN: [(Column, &str, &[&str]); 12] = [
    (
        Column::PaidAt,
        "paid_at",
        &[
            "tgl",
            "tanggal",
            "waktu",
            "timestamp",
            "datetime",
            "date",
            "paidat",
            "tgltransaksi",
            "tanggaltransaksi",
            "waktutransaksi",
            "waktubayar",
            "waktupembayaran",
            "tglbayar",
            "tanggalbayar",
            "tglpembayaran",
            "tanggalpembayaran",
            "transactiondate",
            "transactiontime",
        ],
    ),
    (Column::Amount, "amount", &["nominal", "nominaltransaksi", "amount", "jumlah", "jumlahrp"]),
    // The portal's meaning is unknown: it may also be the amount without the tip.
    (Column::Total, "total", &["nominal1"]),
    (Column::Tip, "tip", &["tip", "tips"]),
    (
        Column::Status,
        "status",
        &["status", "statustransaksi", "statuspembayaran", "transactionstatus"],
    ),
    (
        Column::Payer,
        "payer",
        &["cs", "customer", "customername", "pelanggan", "namapelanggan", "pembayar", "payer"],
    ),
    (
        Column::Method,
        "method",
        &["paytype", "asal", "metode", "metodepembayaran", "method", "paymentmethod"],
    ),
    (Column::Rrn, "rrn", &["rrn", "norrn", "nomorrrn", "noreferensirrn"]),
    (Column::Note, "note", &["ket", "keterangan", "note"]),
    (
        Column::Transaction,
        "transaction",
        &[
            "idtrans",
            "id",
            "idtransaksi",
            "notransaksi",
            "nomortransaksi",
            "transactionid",
            "transaction",
        ],
    ),
    (
        Column::Invoice,
        "invoice",
        &[
            "idinv",
            "invid",
            "idinvoice",
            "noinv",
            "noinvoice",
            "nomorinvoice",
            "invoiceno",
            "invoiceid",
            "qrisinvoiceid",
            "invoice",
        ],
    ),
    (
        Column::SettledOn,
        "settled_on",
        &[
            "datesettle",
            "tanggalsettlement",
            "tglsettlement",
            "settlementdate",
            "tanggalpenyelesaian",
            "tglpenyelesaian",
            "tanggalcair",
            "tglcair",
            "tanggalpencairan",
            "tglpencairan",
            "settledon",
        ],
    ),
];

impl Column {
    /// Its name in a mapping and in errors, such as `paid_at`.
    pub fn as_str(self) -> &'static str {
        KNOWN.iter().find(|known| known.0 == self).map_or("", |known| known.1)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The text is not the name of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected paid_at, amount, total, tip, status, payer, method, rrn, note, transaction, invoice or \
     settled_on, found another word"
)]
pub struct UnknownColumn;

impl FromStr for Column {
    type Err = UnknownColumn;

    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        KNOWN.iter().find(|known| known.1 == text).map(|known| known.0).ok_or(UnknownColumn)
    }
}

/// The column names of a file: the known spellings, and your own.
///
/// Case, spaces and punctuation are ignored. Columns with other names are not read.
///
/// ```
/// use qris_settlement::{Column, Columns, read};
///
/// let file = b"tgl,Uang masuk,nominal\n27/11/2026 10:15,25578,1\n";
/// let columns = Columns::default().with(Column::Amount, "uang masuk");
/// let lines = read(file, &columns)?;
/// assert_eq!(lines.lines().next().map(|line| line.amount.get()), Some(25_578));
/// # Ok::<(), qris_settlement::ReadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    named: BTreeMap<Column, String>,
}

impl Columns {
    /// Sets the only name of this column in the file.
    #[must_use]
    pub fn with(mut self, column: Column, name: &str) -> Self {
        self.named.insert(column, plain(name));
        self
    }

    /// The kind of the column with this name, if it is read.
    pub(crate) fn find(&self, name: &str) -> Option<Column> {
        let name = plain(name);
        if let Some((column, _)) = self.named.iter().find(|(_, named)| **named == name) {
            return Some(*column);
        }
        let known = KNOWN.iter().find(|known| known.2.contains(&name.as_str()))?;
        (!self.named.contains_key(&known.0)).then_some(known.0)
    }
}

/// A name without case, spaces and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_is_known_for_two_columns() {
        let mut all: Vec<_> = KNOWN.iter().flat_map(|known| known.2).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        for name in all {
            assert_eq!(plain(name), *name);
        }
    }

    #[test]
    fn case_spaces_and_punctuation_of_a_name_do_not_matter() {
        for name in ["datesettle", "Date Settle", "DATE_SETTLE"] {
            assert_eq!(Columns::default().find(name), Some(Column::SettledOn), "{name}");
        }
        assert_eq!(Columns::default().find("nominal2"), None);
    }

    #[test]
    fn the_words_that_an_indonesian_shop_uses_for_a_column_are_known() {
        for (name, column) in [
            ("Nomor Invoice", Column::Invoice),
            ("No Invoice", Column::Invoice),
            ("No. Invoice", Column::Invoice),
            ("Tanggal Cair", Column::SettledOn),
            ("Tgl Cair", Column::SettledOn),
            ("Tanggal Pencairan", Column::SettledOn),
            ("Waktu Bayar", Column::PaidAt),
            ("Jumlah (Rp)", Column::Amount),
            ("Nomor Transaksi", Column::Transaction),
            ("No. Referensi (RRN)", Column::Rrn),
        ] {
            assert_eq!(Columns::default().find(name), Some(column), "{name}");
        }
    }
}
