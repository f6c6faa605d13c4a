//! The books in a SQLite file.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{Invoice, InvoiceId, Payment, Rupiah, TransactionNumber, WibTime};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use crate::{Channel, Error, Event, Record, ReportLine, State, sql};

/// The format that this version writes, kept in the file's `user_version`.
const FORMAT: i64 = 1;

/// How long a statement waits for other processes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The books: one connection to a SQLite file.
///
/// Any number of threads and processes may open the same file, each with a `Ledger` of its own.
/// What a method has returned from is on disk (write-ahead log, full sync). The crate's page has
/// an example.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

/// What asking for an invoice found in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The intent is booked: ask the provider now, then say [`Ledger::created`],
    /// [`Ledger::rejected`] or [`Ledger::unknown`].
    New,
    /// The number was asked for before, with the same amount. Show this one; do not ask the
    /// provider for another, which would be payable as well.
    Known(Box<Record>),
}

/// What became of a payment that was to be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// This call settled the invoice: hand over the goods.
    Now,
    /// It had been settled before.
    Earlier,
    /// There was no payment to book.
    Unpaid,
}

impl Ledger {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] for a file of a later version; [`Error::Busy`] and [`Error::Database`]
    /// when it cannot be opened or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", "on")?;
        let step = immediate(&mut connection)?;
        let found: i64 = step.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                step.execute_batch(include_str!("sqlite.sql"))?;
                step.pragma_update(None, "user_version", FORMAT)?;
            }
            FORMAT => {}
            _ => {
                return Err(Error::Newer { known: FORMAT, found });
            }
        }
        step.commit()?;
        Ok(Self { connection })
    }

    /// Books the intent to ask for an invoice, before the provider is asked.
    ///
    /// A number whose invoice the provider refused may be asked for again, with another amount
    /// too.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the number is booked with another amount; [`Error::TooLarge`].
    pub fn request(
        &mut self,
        number: &TransactionNumber,
        amount: Rupiah,
        channel: Channel,
        now: WibTime,
    ) -> Result<Request, Error> {
        let rupiah = integer("amount", amount.get())?;
        let step = immediate(&mut self.connection)?;
        let moved = advance(
            &step,
            sql::REQUEST,
            [
                number.as_str().to_owned().into(),
                rupiah.into(),
                channel.as_str().to_owned().into(),
                text(now).into(),
            ],
            State::Requested,
            now,
        )?;
        if moved {
            step.commit()?;
            return Ok(Request::New);
        }
        let record = find(&step, number)?.ok_or(Error::Absent)?;
        if record.amount != amount {
            return Err(Error::Conflict { booked: record.amount, asked: amount });
        }
        Ok(Request::Known(Box::new(record)))
    }

    /// Books the invoice that the provider made: `requested` or `unknown` becomes `pending`.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`], [`Error::State`], [`Error::Conflict`] when it is not what was asked
    /// for; [`Error::InvoiceIdTaken`]; [`Error::TooLarge`].
    pub fn created(
        &mut self,
        invoice: &Invoice,
        validity: Duration,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.qris_invoiceid.get())?;
        let amount = integer("amount", invoice.amount.get())?;
        let step = immediate(&mut self.connection)?;
        let taken = find_invoice(&step, invoice.qris_invoiceid)?
            .is_some_and(|record| record.number != invoice.number);
        if taken {
            return Err(Error::InvoiceIdTaken);
        }
        let moved = advance(
            &step,
            sql::CREATED,
            [
                invoice.qris_content.clone().into(),
                text(invoice.qris_request_date).into(),
                id.into(),
                invoice.qris_nmid.clone().into(),
                text(invoice.expires_at(validity)).into(),
                invoice.number.as_str().to_owned().into(),
                amount.into(),
            ],
            State::Pending,
            now,
        )?;
        if moved {
            return Ok(step.commit()?);
        }
        let record = find(&step, &invoice.number)?.ok_or(Error::Absent)?;
        if record.amount != invoice.amount {
            return Err(Error::Conflict { booked: record.amount, asked: invoice.amount });
        }
        Err(Error::State { expected: State::Requested, found: record.state })
    }

    /// Books that the provider refused: there is no invoice, and the number may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `requested`.
    pub fn rejected(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.not_created(number, State::Rejected, now)
    }

    /// Books that nobody knows whether the provider made an invoice.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `requested`.
    pub fn unknown(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.not_created(number, State::Unknown, now)
    }

    fn not_created(
        &mut self,
        number: &TransactionNumber,
        state: State,
        now: WibTime,
    ) -> Result<(), Error> {
        let step = immediate(&mut self.connection)?;
        let parameters = [state.as_str().to_owned().into(), number.as_str().to_owned().into()];
        if advance(&step, sql::NOT_CREATED, parameters, state, now)? {
            return Ok(step.commit()?);
        }
        Err(wrong_state(find(&step, number)?, State::Requested))
    }

    /// Books a payment, once: `pending`, `expired` or `cancelled` becomes `paid`.
    ///
    /// Whoever is told [`Settlement::Now`] is the only one ever, among all threads and processes.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`] when no invoice of this id is booked.
    pub fn settle(
        &mut self,
        invoice: InvoiceId,
        payment: &Payment,
        now: WibTime,
    ) -> Result<Settlement, Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        let Payment::Paid { customer_name, method, paid_at } = payment else {
            return Ok(Settlement::Unpaid);
        };
        let step = immediate(&mut self.connection)?;
        let parameters = [
            text(paid_at.unwrap_or(now)).into(),
            method.clone().into(),
            customer_name.clone().into(),
            id.into(),
        ];
        if advance(&step, sql::SETTLE, parameters, State::Paid, now)? {
            step.commit()?;
            return Ok(Settlement::Now);
        }
        // An invoice is in one of the three states or paid already.
        match find_invoice(&step, invoice)? {
            Some(_) => Ok(Settlement::Earlier),
            None => Err(Error::Absent),
        }
    }

    /// Books that the shop no longer wants the payment: `pending` becomes `cancelled`.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `pending`.
    pub fn cancel(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        let step = immediate(&mut self.connection)?;
        let parameters = [number.as_str().to_owned().into()];
        if advance(&step, sql::CANCEL, parameters, State::Cancelled, now)? {
            return Ok(step.commit()?);
        }
        Err(wrong_state(find(&step, number)?, State::Pending))
    }

    /// Books every `pending` invoice whose validity has passed as `expired`, and says how many.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Database`].
    pub fn expire(&mut self, now: WibTime) -> Result<usize, Error> {
        let step = immediate(&mut self.connection)?;
        let numbers = numbers(&step, sql::EXPIRE, [text(now).into()])?;
        for number in &numbers {
            append(&step, number, State::Expired, now)?;
        }
        step.commit()?;
        Ok(numbers.len())
    }

    /// Says when the provider is to be asked next about an open invoice; `None` for no more.
    ///
    /// An invoice that is paid or cancelled stays without a next check.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Database`], [`Error::TooLarge`].
    pub fn schedule_check(&mut self, invoice: InvoiceId, at: Option<WibTime>) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        let step = immediate(&mut self.connection)?;
        numbers(&step, sql::SCHEDULE, [at.map(text).into(), id.into()])?;
        Ok(step.commit()?)
    }

    /// The invoices about which the provider is to be asked by now, the most overdue first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn due_checks(&self, now: WibTime, limit: u32) -> Result<Vec<Record>, Error> {
        records(&self.connection, sql::DUE, [text(now).into(), limit.into()])
    }

    /// What is booked under a number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn find(&self, number: &TransactionNumber) -> Result<Option<Record>, Error> {
        find(&self.connection, number)
    }

    /// What is booked under the provider's number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn find_invoice(&self, invoice: InvoiceId) -> Result<Option<Record>, Error> {
        find_invoice(&self.connection, invoice)
    }

    /// The last records, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn list(&self, limit: u32) -> Result<Vec<Record>, Error> {
        records(&self.connection, sql::LIST, [limit.into()])
    }

    /// The states a number went through, the oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn events(&self, number: &TransactionNumber) -> Result<Vec<Event>, Error> {
        let mut statement = self.connection.prepare_cached(sql::EVENTS)?;
        let mut rows = statement.query([number.as_str()])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(Event {
                at: time("at", row.get(0)?)?,
                state: word("state", &row.get::<_, String>(1)?)?,
            });
        }
        Ok(events)
    }

    /// Totals from one day in WIB to another, both included, by day and channel.
    ///
    /// Days and channels on which nothing happened have no line.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Database`].
    pub fn report(&self, from: Date, to: Date) -> Result<Vec<ReportLine>, Error> {
        let mut statement = self.connection.prepare_cached(sql::REPORT)?;

        // Every time of a day begins with the day and `T`, so `U` lies behind all of them.
        let mut rows = statement.query([from.to_string(), format!("{to}U")])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let day: String = row.get(0)?;
            lines.push(ReportLine {
                day: day.parse().map_err(|_| Error::Foreign { column: "day" })?,
                channel: word("channel", &row.get::<_, String>(1)?)?,
                invoices: natural("invoices", row.get(2)?)?,
                payments: natural("payments", row.get(3)?)?,
                paid: Rupiah::new(natural("paid", row.get(4)?)?),
            });
        }
        Ok(lines)
    }
}

/// A transaction that holds the right to write from its start, so that what it reads stays true.
fn immediate(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Runs a step of one number, appends its event, and says whether it was taken.
fn advance<const N: usize>(
    step: &Transaction<'_>,
    sql: &str,
    parameters: [Value; N],
    state: State,
    now: WibTime,
) -> Result<bool, Error> {
    let moved = numbers(step, sql, parameters)?;
    for number in &moved {
        append(step, number, state, now)?;
    }
    Ok(!moved.is_empty())
}

/// The numbers that a step moved.
fn numbers<const N: usize>(
    step: &Transaction<'_>,
    sql: &str,
    parameters: [Value; N],
) -> Result<Vec<String>, Error> {
    let mut statement = step.prepare_cached(sql)?;
    let numbers = statement.query_map(rusqlite::params_from_iter(parameters), |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

fn append(step: &Transaction<'_>, number: &str, state: State, now: WibTime) -> Result<(), Error> {
    step.prepare_cached(sql::APPEND)?.execute([number, &text(now), state.as_str()])?;
    Ok(())
}

fn find(connection: &Connection, number: &TransactionNumber) -> Result<Option<Record>, Error> {
    let found = records(connection, sql::FIND, [number.as_str().to_owned().into()])?;
    Ok(found.into_iter().next())
}

fn find_invoice(connection: &Connection, invoice: InvoiceId) -> Result<Option<Record>, Error> {
    let id = integer("qris_invoiceid", invoice.get())?;
    let found = records(connection, sql::FIND_INVOICE, [id.into()])?;
    Ok(found.into_iter().next())
}

fn records<const N: usize>(
    connection: &Connection,
    sql: &str,
    parameters: [Value; N],
) -> Result<Vec<Record>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(record(row)?);
    }
    Ok(records)
}

/// Reads the columns of [`sql`]'s records.
fn record(row: &Row<'_>) -> Result<Record, Error> {
    let number = TransactionNumber::parse(row.get::<_, String>(0)?)
        .map_err(|_| Error::Foreign { column: "number" })?;
    let amount = Rupiah::new(natural("amount", row.get(1)?)?);
    let optional_time = |at: usize, column| -> Result<Option<WibTime>, Error> {
        row.get::<_, Option<String>>(at)?.map(|text| time(column, text)).transpose()
    };
    let invoice = match row.get::<_, Option<i64>>(7)? {
        None => None,
        Some(id) => Some(Invoice::new(
            number.clone(),
            amount,
            row.get::<_, String>(5)?,
            time("qris_request_date", row.get(6)?)?,
            InvoiceId::new(natural("qris_invoiceid", id)?),
            row.get::<_, String>(8)?,
        )),
    };
    let payment = match optional_time(10, "paid_at")? {
        None => Payment::Unpaid,
        paid_at => Payment::Paid { customer_name: row.get(12)?, method: row.get(11)?, paid_at },
    };
    Ok(Record {
        number,
        amount,
        channel: word("channel", &row.get::<_, String>(2)?)?,
        state: word("state", &row.get::<_, String>(3)?)?,
        requested_at: time("requested_at", row.get(4)?)?,
        invoice,
        expires_at: optional_time(9, "expires_at")?,
        payment,
        next_check_at: optional_time(13, "next_check_at")?,
    })
}

/// Why a step that starts from one state was not taken.
fn wrong_state(record: Option<Record>, expected: State) -> Error {
    record.map_or(Error::Absent, |record| Error::State { expected, found: record.state })
}

/// A time as the table keeps it, to the second: without fractions, text order is time order.
fn text(time: WibTime) -> String {
    let second = Timestamp::from_second(time.timestamp().as_second());
    second.map_or(time, WibTime::from).to_string()
}

fn time(column: &'static str, text: String) -> Result<WibTime, Error> {
    let moment: Timestamp = text.parse().map_err(|_| Error::Foreign { column })?;
    Ok(WibTime::from(moment))
}

fn word<T: std::str::FromStr>(column: &'static str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Foreign { column })
}

fn integer(column: &'static str, number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::TooLarge { column })
}

fn natural(column: &'static str, number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Foreign { column })
}
