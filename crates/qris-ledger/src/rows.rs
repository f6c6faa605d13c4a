//! Rows as they are read and written: records, events, and the steps between states.

use std::time::Duration;

use jiff::Timestamp;
use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, TransactionNumber, Trigger, WibTime,
};

use crate::database::{Row, Statements, Value};
use crate::record::Progress;
use crate::set_aside::SetAside;
use crate::{Error, Event, Record, State, sql};

/// The most characters of an event's detail.
const MAX_DETAIL_CHARS: usize = 1_000;

/// Text from outside as it is stored: no control characters, trimmed, at most this many
/// characters; `None` where nothing is left.
///
/// PostgreSQL refuses NUL in a text, and SQLite would cut it there in other programs.
pub(crate) fn kept(text: &str, max_chars: usize) -> Option<String> {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let clean: String = spaced.filter(|c| !c.is_control()).collect();
    let short: String = clean.trim().chars().take(max_chars).collect();
    Some(short).filter(|text| !text.is_empty())
}

/// Runs a step of one number, appends its event, and says whether it was taken.
pub(crate) fn advance(
    step: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
    state: State,
    detail: Option<&str>,
    now: WibTime,
) -> Result<bool, Error> {
    let moved = texts(step, sql, parameters)?;
    for number in &moved {
        append(step, number, state, detail, now)?;
    }
    Ok(!moved.is_empty())
}

/// The first column of an answer: the numbers that a step moved.
pub(crate) fn texts(
    step: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
) -> Result<Vec<String>, Error> {
    let rows = step.query(sql, parameters)?;
    let mut texts = Vec::with_capacity(rows.len());
    for mut row in rows {
        match row.text(0, "number") {
            Ok(text) => texts.push(text),
            Err(error) => left_out(step, None, error)?,
        }
    }
    Ok(texts)
}

pub(crate) fn append(
    step: &mut dyn Statements,
    number: &str,
    state: State,
    detail: Option<&str>,
    now: WibTime,
) -> Result<(), Error> {
    let detail = detail.and_then(|detail| kept(detail, MAX_DETAIL_CHARS));
    let event = [number.into(), now.into(), state.as_str().into(), detail.as_deref().into()];
    step.query(sql::APPEND, &event).map(drop)
}

pub(crate) fn find(
    books: &mut dyn Statements,
    number: &TransactionNumber,
) -> Result<Option<Record>, Error> {
    one(books, sql::FIND, number.as_str().into())
}

pub(crate) fn find_invoice(
    books: &mut dyn Statements,
    invoice: InvoiceId,
) -> Result<Option<Record>, Error> {
    let id = integer("qris_invoiceid", invoice.get())?;
    one(books, sql::FIND_INVOICE, id.into())
}

/// The record that was asked for by its key: one that cannot be read is an error, not absent.
fn one(books: &mut dyn Statements, sql: &'static str, key: Value) -> Result<Option<Record>, Error> {
    let found = books.query(sql, &[key])?.into_iter().next();
    let Some(row) = found else { return Ok(None) };
    let number = row.number();
    let record = record(row);
    if let Err(Error::Foreign { column }) = record {
        books.set_aside(SetAside { number, column });
    }
    record.map(Some)
}

pub(crate) fn records(
    books: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
) -> Result<Vec<Record>, Error> {
    let rows = books.query(sql, parameters)?;
    readable(books, rows)
}

/// The first records of an order, as many as are wanted and there are: rows that cannot be read
/// take nobody's place. The limit is the statement's last parameter.
pub(crate) fn first_records(
    books: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
    limit: u32,
) -> Result<Vec<Record>, Error> {
    let mut asked = limit;
    loop {
        let parameters: Vec<_> = parameters.iter().cloned().chain([asked.into()]).collect();
        let rows = books.query(sql, &parameters)?;
        let is_all = u32::try_from(rows.len()).is_ok_and(|found| found < asked);
        let mut records = readable(books, rows)?;
        if is_all || u32::try_from(records.len()).is_ok_and(|found| found >= limit) {
            records.truncate(limit.try_into().unwrap_or(usize::MAX));
            return Ok(records);
        }
        asked = asked.saturating_mul(2);
    }
}

/// The records that come after a number, in the order of their numbers, and the last number of
/// the page, of a row that cannot be read too: `None` at the end.
pub(crate) fn page(
    books: &mut dyn Statements,
    after: &str,
    limit: i64,
) -> Result<(Vec<Record>, Option<String>), Error> {
    let rows = books.query(sql::PAGE, &[after.into(), limit.into()])?;
    // What is no text comes after all texts in the order of SQLite.
    let last = rows.iter().filter_map(|row| row.key()).next_back().map(str::to_owned);
    Ok((readable(books, rows)?, last))
}

/// Reads rows into records, and sets aside the ones that make no sense.
fn readable(books: &mut dyn Statements, rows: Vec<Row>) -> Result<Vec<Record>, Error> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let number = row.number();
        match record(row) {
            Ok(record) => records.push(record),
            Err(error) => left_out(books, number, error)?,
        }
    }
    Ok(records)
}

/// Sets a row aside that makes no sense; any other error stays one.
pub(crate) fn left_out(
    books: &mut dyn Statements,
    number: Option<TransactionNumber>,
    error: Error,
) -> Result<(), Error> {
    match error {
        Error::Foreign { column } => {
            books.set_aside(SetAside { number, column });
            Ok(())
        }
        error => Err(error),
    }
}

pub(crate) fn events(
    books: &mut dyn Statements,
    number: &TransactionNumber,
) -> Result<Vec<Event>, Error> {
    let rows = books.query(sql::EVENTS, &[number.as_str().into()])?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        match event(row) {
            Ok(event) => events.push(event),
            Err(error) => left_out(books, Some(number.clone()), error)?,
        }
    }
    Ok(events)
}

fn event(mut row: Row) -> Result<Event, Error> {
    Ok(Event {
        at: row.time(0, "at")?,
        state: row.word(1, "state")?,
        detail: row.optional_text(2, "detail")?,
    })
}

/// Reads the columns of [`sql`]'s records.
pub(crate) fn record(mut row: Row) -> Result<Record, Error> {
    let number = transaction_number(&row.text(0, "number")?)?;
    let amount = Rupiah::new(row.natural(1, "amount")?);
    let invoice = match row.optional_text(5, "qris_content")? {
        None => None,
        Some(content) => Some(Invoice::new(
            number.clone(),
            amount,
            content,
            row.time(6, "qris_request_date")?,
            InvoiceId::new(row.natural(7, "qris_invoiceid")?),
            row.text(8, "qris_nmid")?,
        )),
    };
    let payment = match row.optional_time(10, "paid_at")? {
        None => Payment::Unpaid,
        paid_at => {
            let mut details = PaymentDetails::default();
            details.customer_name = row.optional_text(12, "customer_name")?;
            details.method = row.optional_text(11, "method")?;
            details.paid_at = paid_at;
            details.rrn = row.optional_text(15, "rrn")?;
            details.note = row.optional_text(16, "note")?;
            details.api_version = row.optional_text(17, "api_version")?;
            Payment::Paid(details)
        }
    };
    Ok(Record {
        number,
        amount,
        channel: row.word(2, "channel")?,
        state: row.word(3, "state")?,
        requested_at: row.time(4, "requested_at")?,
        invoice,
        shown_until: row.optional_time(18, "shown_until")?,
        expires_at: row.optional_time(9, "expires_at")?,
        payment,
        next_check_at: row.optional_time(13, "next_check_at")?,
        unanswered_at: row.optional_time(14, "unanswered_at")?,
        progress: Progress {
            set_at: row.optional_time(19, "check_set_at")?,
            checks: row.natural(20, "checks")?,
            failures: row.natural(21, "failures")?,
            trigger: match row.optional_text(22, "early")?.as_deref() {
                None => Trigger::Schedule,
                Some("button") => Trigger::Button,
                Some("hint") => Trigger::Hint,
                Some(_) => return Err(Error::Foreign { column: "early" }),
            },
            hint_checks: row.natural(23, "hint_checks")?,
        },
    })
}

/// Why a step that starts from one state was not taken.
pub(crate) fn wrong_state(record: Option<Record>, expected: State) -> Error {
    record.map_or(Error::Absent, |record| Error::State { expected, found: record.state })
}

pub(crate) fn transaction_number(text: &str) -> Result<TransactionNumber, Error> {
    TransactionNumber::parse(text).map_err(|_| Error::Foreign { column: "number" })
}

pub(crate) fn integer(column: &'static str, number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::TooLarge { column })
}

pub(crate) fn earlier(time: WibTime, by: Duration) -> WibTime {
    time.timestamp().checked_sub(by).unwrap_or(Timestamp::MIN).into()
}
