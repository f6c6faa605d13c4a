//! `qris order import`: orders without a code, one from each line of a CSV file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::Read as _;

use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_orders::{Charged, NewOrder, Order};

use super::output;
use super::session::{Needs, Session};
use super::{CommandError, Common};
use crate::money::whole_rupiah;

/// The columns of a file. The first two are in every file.
const COLUMNS: [&str; 6] = ["number", "amount", "channel", "description", "reference", "due_at"];
const NEEDED: usize = 2;

/// A larger file is read by nobody by mistake.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The longest description that is kept whole.
const MAX_DESCRIPTION_CHARS: usize = 500;

/// What is wrong, and where.
struct Fault {
    line: u64,
    column: Option<&'static str>,
    message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A line of the file.
struct Line {
    number: u64,
    order: NewOrder,
}

/// `qris order import`. The file is refused whole: nothing is booked before all of it was read and
/// compared with the books.
pub(super) fn run(common: &Common, file: OsString) -> Result<(), CommandError> {
    let name = file.to_string_lossy().into_owned();
    let unreadable = |error: std::io::Error| CommandError {
        code: crate::output::USAGE,
        message: format!("{name}: {error}"),
    };
    let mut bytes = Vec::new();
    let input = crate::output::input(&file)
        .map_err(|error| CommandError { code: crate::output::USAGE, message: error.to_string() })?;
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CommandError::refused(format!(
            "{name}: expected at most {MAX_BYTES} bytes, found more"
        )));
    }
    let refused =
        |fault: Fault| CommandError::refused(format!("{name}: {fault}; nothing was imported"));
    let lines = parse(&bytes).map_err(refused)?;
    let session = Session::open(common, Needs::NewBooksAlone)?;
    let numbers: Vec<TransactionNumber> =
        lines.iter().map(|line| line.order.number.clone()).collect();
    let booked = session.read(move |ledger| {
        numbers.iter().map(|number| ledger.find(number)).collect::<Result<Vec<_>, _>>()
    })?;
    for (line, booked) in lines.iter().zip(&booked) {
        if let Some(booked) = booked {
            ensure_same(line, booked).map_err(refused)?;
        }
    }
    let (mut orders, mut new) = (Vec::with_capacity(lines.len()), 0_usize);
    for (line, booked) in lines.into_iter().zip(booked) {
        if let Some(booked) = booked {
            orders.push(booked);
            continue;
        }
        let opened = session.run(session.service().open(session.context(), &line.order));
        let opened = opened.map_err(|error| {
            let CommandError { code, message } = error.into();
            let message = format!(
                "{name}: line {}: {message}; {new} orders of the lines before it were imported: \
                 import the same file again",
                line.number
            );
            CommandError { code, message }
        })?;
        let order = match opened {
            Charged::Created(order) => {
                new += 1;
                order
            }
            // Another process was faster.
            Charged::Known(order) => order,
        };
        orders.push(order);
    }
    anstream::eprintln!("imported {new} orders; {} were in the books already", orders.len() - new);
    output::print_list(common, &orders, session.now())
}

/// The order in the books must be the one of the line.
fn ensure_same(line: &Line, booked: &Order) -> Result<(), Fault> {
    let new = &line.order;
    let same = [
        ("amount", new.amount == booked.amount),
        ("channel", new.channel == booked.channel),
        ("description", new.description == booked.description),
        ("reference", new.reference == booked.reference),
        ("due_at", new.due_at == booked.due_at),
    ];
    match same.into_iter().find(|(_, is_same)| !is_same) {
        None => Ok(()),
        Some((column, _)) => Err(Fault {
            line: line.number,
            column: Some(column),
            message: "this number is in the books with another value here: use a new number"
                .to_owned(),
        }),
    }
}

fn parse(bytes: &[u8]) -> Result<Vec<Line>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Spreadsheets with Indonesian settings separate cells by semicolons.
    let head = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_semicolon = head.contains(&b';') && !head.contains(&b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if is_semicolon { b';' } else { b',' })
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let columns = columns(reader.headers().map_err(|error| malformed(&error))?)?;
    let (mut lines, mut seen) = (Vec::new(), BTreeMap::new());
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        let number = record.position().map_or(0, csv::Position::line);
        if record.len() != columns.len() {
            let message = format!("expected {} cells, found {}", columns.len(), record.len());
            return Err(Fault { line: number, column: None, message });
        }
        let order = order(&columns, &record).map_err(|(column, message)| Fault {
            line: number,
            column: Some(column),
            message,
        })?;
        if let Some(first) = seen.insert(order.number.to_string(), number) {
            let message = format!("expected each number once, found it in line {first} too");
            return Err(Fault { line: number, column: Some("number"), message });
        }
        lines.push(Line { number, order });
    }
    Ok(lines)
}

/// Which column each cell of a line is.
fn columns(head: &csv::StringRecord) -> Result<Vec<&'static str>, Fault> {
    let fault = |message: String| Fault { line: 1, column: None, message };
    let mut columns: Vec<&'static str> = Vec::new();
    for name in head {
        let known = COLUMNS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.filter(|known| !columns.contains(known));
        columns.push(known.ok_or_else(|| {
            fault(format!(
                "expected the names of the columns, each once, of {}; found another word",
                COLUMNS.join(", ")
            ))
        })?);
    }
    match COLUMNS[..NEEDED].iter().find(|needed| !columns.contains(needed)) {
        None => Ok(columns),
        Some(needed) => Err(fault(format!("expected a column {needed}, found none"))),
    }
}

/// The order of a line; or the column that is wrong, and why.
fn order(
    columns: &[&'static str],
    record: &csv::StringRecord,
) -> Result<NewOrder, (&'static str, String)> {
    let cell = |column: &'static str| {
        let at = columns.iter().position(|known| *known == column);
        at.and_then(|at| record.get(at)).filter(|text| !text.is_empty())
    };
    let needed = |column| cell(column).ok_or((column, "expected a value, found none".to_owned()));
    let number = TransactionNumber::parse(needed("number")?)
        .map_err(|error| ("number", error.to_string()))?;
    let amount = whole_rupiah(needed("amount")?).map_err(|error| ("amount", error))?;
    if amount == 0 || i64::try_from(amount).is_err() {
        return Err((
            "amount",
            "expected an amount of at least 1 rupiah that can be kept".to_owned(),
        ));
    }
    let mut order = NewOrder::new(number, Rupiah::new(amount));
    if let Some(word) = cell("channel") {
        order.channel = word.parse().map_err(|error| ("channel", format!("{error}")))?;
    }
    order.description = text("description", cell("description"), MAX_DESCRIPTION_CHARS)?;
    order.reference = text("reference", cell("reference"), NewOrder::MAX_REFERENCE_CHARS)?;
    if let Some(at) = cell("due_at") {
        let wrong = "expected a day such as 2026-11-30, or a time such as 2026-11-30 17:00:00";
        order.due_at = Some(due_at(at).ok_or(("due_at", wrong.to_owned()))?);
    }
    Ok(order)
}

/// A text that is kept as it is.
fn text(
    column: &'static str,
    text: Option<&str>,
    max_chars: usize,
) -> Result<Option<String>, (&'static str, String)> {
    let Some(text) = text else { return Ok(None) };
    let spaced = |c: char| if c.is_whitespace() && !c.is_control() { ' ' } else { c };
    let text = text.chars().map(spaced).collect::<String>().trim().to_owned();
    if text.chars().count() > max_chars || text.chars().any(char::is_control) {
        let message = format!("expected at most {max_chars} characters without control characters");
        return Err((column, message));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A time in WIB, or with an offset; a day is meant to its last second. Kept to the second.
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
        csv::ErrorKind::Utf8 { .. } => "expected UTF-8, found other bytes",
        _ => "expected comma-separated values, found something else",
    };
    Fault { line, column: None, message: message.to_owned() }
}
