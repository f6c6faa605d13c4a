//! The lines of a file of orders.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use qris_api::limits::MAX_NUMBER_CHARS;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_orders::{Channel, NewOrder};
use serde_json::json;

use crate::messages::message;
use crate::money::{ensure_payable, whole_rupiah};

/// The columns of a file. The first two are in every file.
const COLUMNS: [&str; 9] = [
    "number",
    "amount",
    "channel",
    "description",
    "reference",
    "due",
    "due_at",
    "customer",
    PAY_URL,
];
const NEEDED: usize = 2;

/// The column that is written. Its content in the input is ignored.
const PAY_URL: &str = "pay_url";

/// The maximum length of a description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 500;

/// The maximum length of a customer's name, in characters.
const MAX_CUSTOMER_CHARS: usize = 255;

/// The maximum number of orders. More would lock the database for too long.
const MAX_ORDERS: usize = 20_000;

/// A fault and its place.
pub(super) struct Fault {
    pub(super) line: u64,
    pub(super) column: Option<&'static str>,
    pub(super) message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, text) = (self.line, &self.message);
        f.write_str(&match self.column {
            Some(column) => message!("import-cell", line = line, column = column, fault = text),
            None => message!("import-line", line = line, fault = text),
        })
    }
}

/// A line of the file.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) order: NewOrder,
    cells: csv::StringRecord,
}

/// A file without faults.
pub(super) struct OrderFile {
    pub(super) lines: Vec<Line>,
    delimiter: u8,
    has_mark: bool,
    head: csv::StringRecord,
    columns: Vec<&'static str>,
}

impl OrderFile {
    /// The file's column for the member `field` of an order's JSON.
    pub(super) fn column_of(&self, field: &'static str) -> &'static str {
        match field {
            "metadata" => "customer",
            "due_at" if self.columns.contains(&"due") => "due",
            field => field,
        }
    }

    /// The file as read, with `pay_url` as its last column.
    pub(super) fn with_links<'a>(
        &self,
        links: impl Iterator<Item = Option<&'a str>>,
    ) -> csv::Result<Vec<u8>> {
        let mark = if self.has_mark { MARK.to_vec() } else { Vec::new() };
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(mark);
        let kept = |record: &csv::StringRecord| -> csv::StringRecord {
            let cells = record.iter().zip(&self.columns);
            cells.filter(|(_, column)| **column != PAY_URL).map(|(cell, _)| cell).collect()
        };
        let mut head = kept(&self.head);
        head.push_field(PAY_URL);
        writer.write_record(&head)?;
        for (line, link) in self.lines.iter().zip(links) {
            let mut cells = kept(&line.cells);
            cells.push_field(link.unwrap_or_default());
            writer.write_record(&cells)?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// The byte-order mark that some spreadsheets write and need.
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn parse(bytes: &[u8]) -> Result<OrderFile, Vec<Fault>> {
    let has_mark = bytes.starts_with(MARK);
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    // Spreadsheets with Indonesian settings separate cells with semicolons.
    let head = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_semicolon = head.contains(&b';') && !head.contains(&b',');
    let delimiter = if is_semicolon { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let head = reader.headers().map_err(|error| vec![malformed(&error)])?.clone();
    let columns = columns(&head).map_err(|fault| vec![fault])?;
    let (mut lines, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    for record in reader.records() {
        let parsed = record.map_err(|error| malformed(&error));
        match parsed.and_then(|cells| line(&columns, cells, &mut seen)) {
            Ok(_) if lines.len() == MAX_ORDERS => {
                let message = message!("import-too-many", limit = MAX_ORDERS);
                return Err(vec![Fault { line: 1, column: None, message }]);
            }
            Ok(line) => lines.push(line),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        return Ok(OrderFile { lines, delimiter, has_mark, head, columns });
    }
    Err(faults)
}

fn line(
    columns: &[&'static str],
    cells: csv::StringRecord,
    seen: &mut BTreeMap<String, u64>,
) -> Result<Line, Fault> {
    let number = cells.position().map_or(0, csv::Position::line);
    if cells.len() != columns.len() {
        let message = message!("import-cells", expected = columns.len(), found = cells.len());
        return Err(Fault { line: number, column: None, message });
    }
    let order = order(columns, &cells).map_err(|(column, message)| Fault {
        line: number,
        column: Some(column),
        message,
    })?;
    if let Some(first) = seen.insert(order.number.to_string(), number) {
        let message = message!("import-number-twice", line = first);
        return Err(Fault { line: number, column: Some("number"), message });
    }
    Ok(Line { number, order, cells })
}

/// The column of each cell of a line.
fn columns(head: &csv::StringRecord) -> Result<Vec<&'static str>, Fault> {
    let fault = |message: String| Fault { line: 1, column: None, message };
    let mut columns: Vec<&'static str> = Vec::new();
    for name in head {
        let known = COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.filter(|known| !columns.contains(known));
        columns.push(known.ok_or_else(|| {
            fault(message!("import-unknown-column", columns = COLUMNS.join(", ")))
        })?);
    }
    if columns.contains(&"due") && columns.contains(&"due_at") {
        return Err(fault(message!("import-both-due")));
    }
    match COLUMNS[..NEEDED].iter().find(|needed| !columns.contains(needed)) {
        None => Ok(columns),
        Some(needed) => Err(fault(message!("import-no-column", column = needed))),
    }
}

/// The order of a line, or the wrong column and the reason.
fn order(
    columns: &[&'static str],
    record: &csv::StringRecord,
) -> Result<NewOrder, (&'static str, String)> {
    let cell = |column: &'static str| {
        let at = columns.iter().position(|known| *known == column);
        at.and_then(|at| record.get(at)).filter(|text| !text.is_empty())
    };
    let needed = |column| cell(column).ok_or((column, message!("import-no-value")));
    let number = TransactionNumber::parse(needed("number")?)
        .map_err(|_| ("number", message!("order-bad-number", most = MAX_NUMBER_CHARS)))?;
    let amount = whole_rupiah(needed("amount")?).map_err(|error| ("amount", error))?;
    ensure_payable(amount).map_err(|error| ("amount", error))?;
    let mut order = NewOrder::new(number, Rupiah::new(amount));
    order.channel = match cell("channel") {
        Some(word) => word.parse().map_err(|_| ("channel", message!("import-channel")))?,
        // An imported order is a bill unless the file says otherwise.
        None => Channel::Bill,
    };
    order.description = text("description", cell("description"), MAX_DESCRIPTION_CHARS)?;
    order.reference = text("reference", cell("reference"), NewOrder::MAX_REFERENCE_CHARS)?;
    let due = ["due", "due_at"].into_iter().find_map(|column| cell(column).map(|at| (column, at)));
    if let Some((column, at)) = due {
        order.due_at = Some(due_at(at).ok_or_else(|| (column, message!("import-due")))?);
    }
    let customer = text("customer", cell("customer"), MAX_CUSTOMER_CHARS)?;
    order.metadata = customer.map(|customer| json!({ "customer": customer }).to_string());
    Ok(order)
}

/// A text that is stored unchanged.
fn text(
    column: &'static str,
    text: Option<&str>,
    max_chars: usize,
) -> Result<Option<String>, (&'static str, String)> {
    let Some(text) = text else { return Ok(None) };
    let spaced = |c: char| if c.is_whitespace() && !c.is_control() { ' ' } else { c };
    let text = text.chars().map(spaced).collect::<String>().trim().to_owned();
    if text.chars().count() > max_chars || text.chars().any(char::is_control) {
        let message = message!("import-long-text", limit = max_chars);
        return Err((column, message));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A time in WIB, or with an offset. A day means its last second. Stored in whole seconds.
fn due_at(text: &str) -> Option<WibTime> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == day.to_string().len()
    {
        return WibTime::parse(&format!("{day} 23:59:59"));
    }
    let at = WibTime::parse(text).or_else(|| text.parse().ok())?;
    WibTime::parse(&at.to_api_text())
}

fn malformed(error: &csv::Error) -> Fault {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => message!("import-not-utf8"),
        _ => message!("import-not-csv"),
    };
    Fault { line, column: None, message }
}
