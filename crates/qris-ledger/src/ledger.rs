//! The books, whatever database they are in.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};

use crate::database::{Database, Row, Statements, Value};
use crate::record::CLOCK_TOLERANCE;
use crate::rows::{
    advance, append, events, find, find_invoice, first_records, integer, kept, left_out, records,
    texts, transaction_number, wrong_state,
};
use crate::set_aside::{Noting, Rows};
use crate::sqlite::Sqlite;
use crate::{Channel, Error, Event, FileId, Record, ReportLine, State, sql};

/// The books: one connection to a SQLite file or a PostgreSQL database.
///
/// Any number of threads and processes may use the same database, each with a `Ledger` of its own.
/// What a method has returned from is on disk (write-ahead log, full sync). Methods block; they
/// may be called inside an async runtime, whose thread then waits. The crate's page has an
/// example.
#[derive(Debug)]
pub struct Ledger {
    database: RefCell<Database>,
    /// How many turns of the key's budget have their row.
    pub(crate) turns: u32,
    pub(crate) set_aside: Rows,
}

/// What asking for an invoice found in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The intent is booked: ask the provider now, then say
    /// [`Ledger::record_created`], [`Ledger::rejected`] or [`Ledger::unknown`].
    New,
    /// The number was asked for before, with the same amount. Show this one; do not ask the
    /// provider for another, which would be payable as well.
    Known(Box<Record>),
}

impl Ledger {
    /// The most characters of a reference that are kept and compared.
    pub const MAX_REFERENCE_CHARS: usize = 255;

    /// Opens the SQLite file, or makes it, readable by its owner alone: see
    /// [`Ledger::is_private`].
    ///
    /// A file of an earlier version of this program is brought up to date.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] for a file of a later version; [`Error::Busy`], [`Error::Full`] and
    /// [`Error::Database`] when it cannot be opened or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::of(Database::Sqlite(Sqlite::open(path.as_ref(), None)?)))
    }

    /// Opens the database of a URL: `sqlite://PATH`, absolute or relative, or `postgres://…`.
    ///
    /// The tables are made, or brought up to date. A URL of several PostgreSQL servers, one of which
    /// takes writes, says so with `target_session_attrs=read-write`. A PostgreSQL server beyond this machine is
    /// spoken to over TLS only, unless the URL says `sslmode=disable`, and must have a certificate
    /// that this system trusts.
    ///
    /// ```
    /// use qris_ledger::Ledger;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// let ledger = Ledger::connect(&format!("sqlite://{}", path.display()))?;
    /// assert_eq!(ledger.list(20)?, []);
    /// assert!(Ledger::connect("mysql://shop").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Url`] for any other URL; [`Error::NoPostgres`]; [`Error::Unreachable`]; those of
    /// [`Ledger::open`].
    pub fn connect(url: &str) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Self::open(path),
            #[cfg(feature = "postgres")]
            Some(("postgres" | "postgresql", _)) => {
                let postgres = crate::postgres::Postgres::connect(url)?;
                Ok(Self::of(Database::Postgres(Box::new(postgres))))
            }
            #[cfg(not(feature = "postgres"))]
            Some(("postgres" | "postgresql", _)) => Err(Error::NoPostgres),
            _ => Err(Error::Url),
        }
    }

    /// One more connection to a database that is open already: [`Ledger::connect`], but with the
    /// file that [`Ledger::file_id`] said of the first. Another file at its path is refused, and
    /// none is made, so that all connections of a program have the same invoices.
    ///
    /// ```
    /// use qris_ledger::{Error, Ledger};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("shop.db");
    /// let url = format!("sqlite://{}", path.display());
    /// let first = Ledger::connect(&url)?;
    /// let second = Ledger::connect_again(&url, first.file_id())?;
    /// # #[cfg(unix)] {
    /// std::fs::remove_file(&path)?;
    /// assert!(matches!(Ledger::connect_again(&url, first.file_id()), Err(Error::Replaced)));
    /// assert!(matches!(second.list(20), Err(Error::Replaced)));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Replaced`]; those of [`Ledger::connect`].
    pub fn connect_again(url: &str, file: Option<FileId>) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if file.is_some() => {
                Ok(Self::of(Database::Sqlite(Sqlite::open(path.as_ref(), file)?)))
            }
            _ => Self::connect(url),
        }
    }

    /// The file of a SQLite database, on Unix; `None` for PostgreSQL and on other systems.
    pub fn file_id(&self) -> Option<FileId> {
        match &*self.database.borrow() {
            Database::Sqlite(sqlite) => sqlite.file_id(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => None,
        }
    }

    /// Whether nobody but its owner may read the database's file. An existing file that others may
    /// read is taken from them when it is opened; where that fails, because another user owns it
    /// for instance, say so: it holds names of payers. Always so for PostgreSQL, and on systems
    /// without modes of files.
    pub fn is_private(&self) -> bool {
        match &*self.database.borrow() {
            Database::Sqlite(sqlite) => sqlite.is_private(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => true,
        }
    }

    fn of(database: Database) -> Self {
        Self { database: RefCell::new(database), turns: 0, set_aside: Rows::default() }
    }

    /// Books the intent to ask for an invoice, before the provider is asked.
    ///
    /// A number whose invoice the provider refused may be asked for again, with another amount
    /// too. A number that was paid, or has expired or was cancelled, on an earlier day is not
    /// returned: a shop that numbers its sales anew each day would take that payment for today's.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the number is booked with another amount; [`Error::UsedEarlier`];
    /// [`Error::TooLarge`].
    pub fn request(
        &mut self,
        number: &TransactionNumber,
        amount: Rupiah,
        channel: Channel,
        now: WibTime,
    ) -> Result<Request, Error> {
        self.request_with_reference(number, amount, channel, None, now)
    }

    /// [`request`](Self::request) with the caller's own name for this charge, such as an
    /// idempotency key or the id of an order. It is stored, and the same number with the same
    /// reference is the same charge on a later day too.
    ///
    /// A reference is compared by its first [`MAX_REFERENCE_CHARS`](Self::MAX_REFERENCE_CHARS)
    /// characters, without control characters and without spaces at its ends.
    ///
    /// # Errors
    ///
    /// Those of [`request`](Self::request).
    pub fn request_with_reference(
        &mut self,
        number: &TransactionNumber,
        amount: Rupiah,
        channel: Channel,
        reference: Option<&str>,
        now: WibTime,
    ) -> Result<Request, Error> {
        let rupiah = integer("amount", amount.get())?;
        let reference = reference.and_then(|text| kept(text, Self::MAX_REFERENCE_CHARS));
        self.write(|step| {
            let parameters = [
                number.as_str().into(),
                rupiah.into(),
                channel.as_str().into(),
                now.into(),
                reference.as_deref().into(),
            ];
            if advance(step, sql::REQUEST, &parameters, State::Requested, None, now)? {
                return Ok(Request::New);
            }
            let record = find(step, number)?.ok_or(Error::Absent)?;
            if record.amount != amount {
                return Err(Error::Conflict { booked: record.amount, asked: amount });
            }
            if let Some((state, day)) = ended_before(&record, now) {
                let rows = step.query(sql::REFERENCE, &[number.as_str().into()])?;
                let booked = rows.into_iter().next().ok_or(Error::Absent)?;
                let booked = { booked }.optional_text(0, "reference")?;
                if reference.is_none() || booked != reference {
                    return Err(Error::UsedEarlier { state, day });
                }
            }
            Ok(Request::Known(Box::new(record)))
        })
    }

    /// Books that the provider refused: there is no invoice, and the number may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is neither `requested` nor `unknown`.
    pub fn rejected(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.not_created(number, State::Rejected, None, now)
    }

    /// Books that nobody knows whether the provider made an invoice, and why: an error's words,
    /// which are kept in the event.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `requested`.
    pub fn unknown(
        &mut self,
        number: &TransactionNumber,
        why: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error> {
        self.not_created(number, State::Unknown, why, now)
    }

    fn not_created(
        &mut self,
        number: &TransactionNumber,
        state: State,
        detail: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error> {
        self.write(|step| {
            let parameters = [state.as_str().into(), number.as_str().into()];
            if advance(step, sql::NOT_CREATED, &parameters, state, detail, now)? {
                return Ok(());
            }
            Err(wrong_state(find(step, number)?, State::Requested))
        })
    }

    /// Books every intent of `before` or earlier that is still `requested` as `unknown`, and says
    /// of which numbers: whoever was asking has been killed.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn abandon(
        &mut self,
        before: WibTime,
        now: WibTime,
    ) -> Result<Vec<TransactionNumber>, Error> {
        self.sweep(sql::ABANDON, before, State::Unknown, now)
    }

    /// Books that the shop no longer wants the payment: `pending` becomes `cancelled`.
    ///
    /// Its code cannot be withdrawn, so the provider is asked again when it has expired, and once
    /// more at the end of the grace period: see
    /// [`Claim::next_check`](crate::Claim::next_check).
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `pending`.
    pub fn cancel(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.write(|step| {
            let parameters = [now.into(), number.as_str().into()];
            if advance(step, sql::CANCEL, &parameters, State::Cancelled, None, now)? {
                return Ok(());
            }
            Err(wrong_state(find(step, number)?, State::Pending))
        })
    }

    /// Books every `pending` invoice whose time to be shown has passed as `expired`, and says of
    /// which numbers. They are watched as before.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn expire(&mut self, now: WibTime) -> Result<Vec<TransactionNumber>, Error> {
        self.sweep(sql::EXPIRE, now, State::Expired, now)
    }

    /// Makes every invoice due that may be paid, has had no final answer, and yet has no next check;
    /// and every one whose next check, or final answer, was set by a clock that has been set back
    /// since. Says how many. Claiming does the same first.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn revive(&mut self, now: WibTime) -> Result<usize, Error> {
        self.write(|step| revive(step, now))
    }

    /// Moves every number that has been in its state since `before`.
    fn sweep(
        &mut self,
        sql: &'static str,
        before: WibTime,
        state: State,
        now: WibTime,
    ) -> Result<Vec<TransactionNumber>, Error> {
        self.write(|step| {
            let moved = texts(step, sql, &[before.into()])?;
            for number in &moved {
                append(step, number, state, None, now)?;
            }
            let mut numbers = Vec::with_capacity(moved.len());
            for number in &moved {
                match transaction_number(number) {
                    Ok(number) => numbers.push(number),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(numbers)
        })
    }

    /// What is booked under a number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find(&self, number: &TransactionNumber) -> Result<Option<Record>, Error> {
        self.read(|books| find(books, number))
    }

    /// What is booked under the provider's number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find_invoice(&self, invoice: InvoiceId) -> Result<Option<Record>, Error> {
        // An id that is too large for the database is nobody's.
        if i64::try_from(invoice.get()).is_err() {
            return Ok(None);
        }
        self.read(|books| find_invoice(books, invoice))
    }

    /// The last records, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn list(&self, limit: u32) -> Result<Vec<Record>, Error> {
        self.read(|books| first_records(books, sql::LIST, &[], limit))
    }

    /// The states a number went through, the oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn events(&self, number: &TransactionNumber) -> Result<Vec<Event>, Error> {
        self.read(|books| events(books, number))
    }

    /// Totals from one day in WIB to another, both included, by day and channel.
    ///
    /// Days and channels on which nothing happened have no line.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn report(&self, from: Date, to: Date) -> Result<Vec<ReportLine>, Error> {
        let sql = self.database.borrow().report();
        let span = span(from, to);
        self.read(|books| {
            let rows = books.query(sql, &span)?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                match report_line(row) {
                    Ok(line) => lines.push(line),
                    Err(error) => left_out(books, None, error)?,
                }
            }
            Ok(lines)
        })
    }

    /// What was paid from the first to the last day in WIB, one by one, the earliest first: what
    /// the money that a bank has credited is held against.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn payments(&self, from: Date, to: Date) -> Result<Vec<Record>, Error> {
        let span = span(from, to);
        self.read(|books| records(books, sql::PAYMENTS, &span))
    }

    /// Writes every record with its history, one JSON object a line, in the order of their
    /// numbers, and says how many. All of them are as they were when it began.
    ///
    /// An object has what the record's JSON has, and `events`: a list of `at`, `state` and, where
    /// there is one, `detail`.
    ///
    /// # Errors
    ///
    /// [`Error::Export`] when they cannot be written; those of [`Ledger::list`].
    pub fn export(&self, out: &mut (dyn Write + Send)) -> Result<u64, Error> {
        self.read(|books| crate::export::write(books, out))
    }

    /// Copies a SQLite file while it is in use, whole and as it is at one moment.
    ///
    /// What stands at `to` is replaced only once the copy is on disk.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFile`] for PostgreSQL, which has `pg_dump`; [`Error::Full`],
    /// [`Error::Database`].
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<(), Error> {
        match &mut *self.database.borrow_mut() {
            Database::Sqlite(sqlite) => sqlite.backup(to.as_ref()),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// Asks the database whether it answers.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn ping(&self) -> Result<(), Error> {
        self.read(|books| books.query(sql::ALIVE, &[]).map(drop))
    }

    /// Finds out whether writes succeed, by writing about as much as a charge does.
    ///
    /// # Errors
    ///
    /// What a charge would end with: [`Error::Full`], [`Error::ReadOnly`], [`Error::Replaced`],
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn check_writable(&mut self) -> Result<(), Error> {
        // Neither database writes what is there already.
        let now = format!("{:020}", Timestamp::now().as_nanosecond());
        let times = match self.database.get_mut() {
            // Ten pages of a file.
            Database::Sqlite(_) => 2_048,
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => 1,
        };
        let filler = now.repeat(times);
        self.write(|step| step.query(sql::WRITE_CHECK, &[filler.as_str().into()]).map(drop))
    }

    pub(crate) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let rows = &self.set_aside;
        self.database.get_mut().write(|statements| work(&mut Noting { statements, rows }))
    }

    pub(crate) fn read<T: Send>(
        &self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let rows = &self.set_aside;
        let mut database = self.database.borrow_mut();
        database.read(|statements| work(&mut Noting { statements, rows }))
    }
}

fn report_line(mut row: Row) -> Result<ReportLine, Error> {
    Ok(ReportLine {
        day: row.word(0, "day")?,
        channel: row.word(1, "channel")?,
        invoices: row.natural(2, "invoices")?,
        payments: row.natural(3, "payments")?,
        paid: Rupiah::new(row.natural(4, "paid")?),
    })
}

/// Gives a next check to what is without one; says how many that were.
pub(crate) fn revive(step: &mut dyn Statements, now: WibTime) -> Result<usize, Error> {
    let ahead = [now.into(), now.later_by(CLOCK_TOLERANCE).into()];
    let unwatched = texts(step, sql::REVIVE, &[now.into()])?.len();
    let too_early = texts(step, sql::REVIVE_FINAL, &ahead)?.len();
    Ok(unwatched + too_early + texts(step, sql::REVIVE_PUT_OFF, &ahead)?.len())
}

/// How a charge ended, and on which day in WIB, if that was before today.
fn ended_before(record: &Record, now: WibTime) -> Option<(State, Date)> {
    let state = record.state_at(now);
    let at = match state {
        State::Paid => record.payment.details()?.paid_at?,
        State::Expired | State::Cancelled => record.requested_at,
        _ => return None,
    };
    Some((state, at.date())).filter(|(_, day)| *day < now.date())
}

/// The moment at which the first day begins, and the one at which the last is over.
fn span(from: Date, to: Date) -> [Value; 2] {
    let end = to.tomorrow().map_or(WibTime::from(Timestamp::MAX), start_of);
    [start_of(from).into(), end.into()]
}

/// The first second of a day in WIB; of the year 1 for what lies before it.
fn start_of(day: Date) -> WibTime {
    let day = day.max(Date::constant(1, 1, 1));
    WibTime::parse(&format!("{day} 00:00:00")).unwrap_or(WibTime::from(Timestamp::MAX))
}
