//! The lines of any supported file as cells.

use std::borrow::Cow;

use crate::cell::Cell;
use crate::html;
use crate::read_error::{Fault, ReadError};
use crate::row::{Row, Visit};
use crate::text::decode;
use crate::workbook::Workbook;

/// The format of a file.
pub(crate) enum Table<'a> {
    Text {
        text: Cow<'a, str>,
        separator: u8,
    },
    /// A web page.
    Rows(Vec<Row>),
    Workbook(Box<Workbook<'a>>),
}

/// The first bytes of unsupported formats.
const OTHERS: [(&[u8], &str); 2] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file (.xls) or one with a password"),
    (b"%PDF", "a PDF"),
];

const NO_TABLE: Fault = Fault::Format("a web page (HTML) without a table, or XML");

impl<'a> Table<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.starts_with(b"PK") {
            return Workbook::open(bytes).map(|workbook| Self::Workbook(Box::new(workbook)));
        }
        if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Err(ReadError::at(1, Fault::Format(name)));
        }
        let text = decode(bytes)?;
        if text.trim_start().starts_with('<') {
            let rows = html::rows(&text).ok_or(ReadError::at(1, NO_TABLE))?;
            return Ok(Self::Rows(rows));
        }
        Ok(Self::of_text(text))
    }

    fn of_text(text: Cow<'a, str>) -> Self {
        let head = text.lines().next().unwrap_or_default();
        // Excel's own separator hint is a line by itself.
        let hint = head.to_ascii_lowercase();
        let hint = hint.strip_prefix("sep=").map(str::as_bytes);
        if let Some([separator @ (b',' | b';' | b'\t')]) = hint {
            let (separator, at) = (*separator, head.len());
            let rest = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[at..]),
                Cow::Owned(text) => Cow::Owned(text[at..].to_owned()),
            };
            return Self::Text { text: rest, separator };
        }
        let separator = separator(head);
        Self::Text { text, separator }
    }

    /// The number of sheets.
    pub(crate) fn sheets(&self) -> usize {
        match self {
            Self::Text { .. } | Self::Rows(_) => 1,
            Self::Workbook(workbook) => workbook.sheets(),
        }
    }

    /// The name of a sheet, if it has one.
    pub(crate) fn sheet_name(&self, sheet: usize) -> Option<&str> {
        match self {
            Self::Text { .. } | Self::Rows(_) => None,
            Self::Workbook(workbook) => workbook.sheet_name(sheet),
        }
    }

    /// The number of first lines of a sheet in which the column names are searched. Workbooks and web pages
    /// have titles above them.
    pub(crate) const fn head_lines(&self) -> usize {
        match self {
            Self::Text { .. } => 1,
            Self::Rows(_) | Self::Workbook(_) => 20,
        }
    }

    /// Visits the non-empty lines of a sheet in order.
    pub(crate) fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), ReadError> {
        match self {
            Self::Text { text, separator } => rows_of_text(text, *separator, visit),
            Self::Rows(rows) => {
                for row in rows {
                    if visit(row.clone())?.is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Self::Workbook(workbook) => workbook.rows(sheet, visit),
        }
    }
}

/// The separator of the first line: the most frequent one.
fn separator(head: &str) -> u8 {
    let count = |separator: u8| head.bytes().filter(|&byte| byte == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn rows_of_text(text: &str, separator: u8, visit: Visit<'_>) -> Result<(), ReadError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .has_headers(false)
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| malformed(text, &error))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let number = line_of(text, record.position());
        let cells = record.iter().map(|text| Cell::Text(text.to_owned())).collect();
        if visit(Row { number, cells })?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The line of a record. Its position is before the line breaks that the reader skips.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 1 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.map(|&byte| u64::from(byte == b'\n')).sum::<u64>()
}

fn malformed(text: &str, error: &csv::Error) -> ReadError {
    let line = line_of(text, error.position());
    let fault = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Fault::Cells { expected: *expected_len, found: *len }
        }
        // The only other error of the text reader.
        _ => Fault::Encoding,
    };
    ReadError::at(line, fault)
}
