//! The provider's table as files, each with another notation and another order of columns and rows.

use fastrand::Rng;
use jiff::civil::{Date, DateTime};

use crate::truth::{FileSpan, Row, Sale, files};

/// A way to write a table.
struct Notation {
    names: [&'static str; 11],
    delimiter: char,
    line_end: &'static str,
    head: &'static str,
    amount: fn(u64) -> String,
    time: &'static str,
    day: &'static str,
    paid: &'static str,
    failed: &'static str,
    nothing: &'static str,
}

const NOTATIONS: [Notation; 4] = [
    Notation {
        names: [
            "tgl",
            "nominal",
            "tip",
            "status",
            "cs",
            "paytype",
            "rrn",
            "ket",
            "idtrans",
            "idinv",
            "datesettle",
        ],
        delimiter: '\t',
        line_end: "\n",
        head: "",
        amount: |amount| grouped(amount, "."),
        time: "%d/%m/%Y %H:%M:%S",
        day: "%d/%m/%Y",
        paid: "Sukses",
        failed: "Gagal",
        nothing: "-",
    },
    Notation {
        names: [
            "timestamp",
            "nominal",
            "tip",
            "status",
            "customer",
            "asal",
            "rrn",
            "note",
            "id",
            "inv_id",
            "tanggal_settlement",
        ],
        delimiter: ',',
        line_end: "\r\n",
        head: "\u{feff}",
        amount: |amount| grouped(amount, ","),
        time: "%Y-%m-%dT%H:%M:%S+07:00",
        day: "%Y-%m-%d",
        paid: "Success",
        failed: "Failed",
        nothing: "",
    },
    Notation {
        names: [
            "Waktu Transaksi",
            "Jumlah",
            "Tips",
            "Status Transaksi",
            "Nama Pelanggan",
            "Metode",
            "RRN",
            "Keterangan",
            "ID Transaksi",
            "Invoice ID",
            "Tanggal Settlement",
        ],
        delimiter: ';',
        line_end: "\r\n",
        head: "",
        amount: |amount| format!("Rp {},00", grouped(amount, ".")),
        time: "%-d %b %Y %H.%M.%S WIB",
        day: "%-d %B %Y",
        paid: "BERHASIL",
        failed: "Kedaluwarsa",
        nothing: "-",
    },
    Notation {
        names: [
            "Date",
            "Amount",
            "Tip",
            "Status",
            "Payer",
            "Payment method",
            "RRN",
            "Note",
            "Transaction ID",
            "Invoice ID",
            "Settlement date",
        ],
        delimiter: ';',
        line_end: "\n",
        head: "",
        amount: |amount| format!("{}.00", grouped(amount, ",")),
        time: "%b %d, %Y %I:%M:%S %p",
        day: "%Y/%m/%d",
        paid: "Paid",
        failed: "cancelled",
        nothing: "",
    },
];

/// Digits in groups of three.
fn grouped(amount: u64, separator: &str) -> String {
    let digits = amount.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// All files of the year, in the order in which they were saved.
pub(crate) fn written(sales: &[Sale], seed: u64) -> Vec<Vec<u8>> {
    let mut random = Rng::with_seed(seed);
    let rows: Vec<&Row> = sales.iter().flat_map(|sale| &sale.rows).collect();
    let spans = files().into_iter();
    spans
        .map(|span| {
            let mut rows: Vec<&Row> = rows.iter().copied().filter(|row| span.has(row)).collect();
            random.shuffle(&mut rows);
            file(&rows, span, &mut random)
        })
        .collect()
}

/// The same rows in other files: each row in one to three of them, complete at the end.
pub(crate) fn split(sales: &[Sale], parts: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut random = Rng::with_seed(seed);
    let mut all: Vec<Vec<&Row>> = vec![Vec::new(); parts];
    for row in sales.iter().flat_map(|sale| &sale.rows) {
        for _ in 0..random.u8(1..=3) {
            all[random.usize(..parts)].push(row);
        }
    }
    let last = files().into_iter().map(|file| file.saved_on).max().expect("files");
    let written = all.into_iter().map(|mut rows| {
        random.shuffle(&mut rows);
        // Values that no file of the year has are unknown here too.
        let known = |row: &Row| row.known_settled_on().filter(|day| *day <= last);
        table(&rows, known, &mut random)
    });
    written.collect()
}

fn file(rows: &[&Row], span: FileSpan, random: &mut Rng) -> Vec<u8> {
    let known = |row: &Row| Some(row.settled_on).filter(|day| *day <= span.saved_on);
    table(rows, known, random)
}

fn table(rows: &[&Row], settled_on: impl Fn(&Row) -> Option<Date>, random: &mut Rng) -> Vec<u8> {
    let notation = &NOTATIONS[random.usize(..NOTATIONS.len())];
    let mut order: [usize; 11] = std::array::from_fn(|at| at);
    random.shuffle(&mut order);
    let mut text = notation.head.to_owned();
    let mut push = |cells: [String; 11]| {
        let cells: Vec<String> = order.iter().map(|&at| notation.quoted(&cells[at])).collect();
        text.push_str(&cells.join(&notation.delimiter.to_string()));
        text.push_str(notation.line_end);
    };
    push(notation.names.map(str::to_owned));
    for row in rows {
        push(notation.cells(row, settled_on(row)));
    }
    text.into_bytes()
}

impl Notation {
    fn cells(&self, row: &Row, settled_on: Option<Date>) -> [String; 11] {
        let text = |text: Option<String>| text.unwrap_or_else(|| self.nothing.to_owned());
        [
            self.time(row.paid_at),
            (self.amount)(row.amount),
            (self.amount)(row.tip),
            if row.is_paid { self.paid } else { self.failed }.to_owned(),
            row.payer.to_owned(),
            row.method.to_owned(),
            text(row.rrn.clone()),
            self.nothing.to_owned(),
            text(row.transaction.clone()),
            text(row.invoice.map(|id| id.to_string())),
            text(settled_on.map(|day| day.strftime(self.day).to_string())),
        ]
    }

    fn time(&self, at: DateTime) -> String {
        at.strftime(self.time).to_string()
    }

    /// A cell as a spreadsheet writes it.
    fn quoted(&self, cell: &str) -> String {
        if cell.contains([self.delimiter, '"']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }
}
