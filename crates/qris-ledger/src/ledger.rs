//! The books, whatever database they are in.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Press, Rupiah, TransactionNumber, WibTime,
};

use crate::database::{Database, Row, Statements, Value};
use crate::sqlite::Sqlite;
use crate::{Budget, Channel, Claim, Error, Event, Hinted, Record, ReportLine, State, sql};

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
    turns: u32,
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
    /// Opens the SQLite file, or makes it, readable by its owner alone.
    ///
    /// A file of an earlier version of this program is brought up to date.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] for a file of a later version; [`Error::Busy`], [`Error::Full`] and
    /// [`Error::Database`] when it cannot be opened or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::of(Database::Sqlite(Sqlite::open(path.as_ref())?)))
    }

    /// Opens the database of a URL: `sqlite://PATH`, absolute or relative, or `postgres://…`.
    ///
    /// The tables are made, or brought up to date. A PostgreSQL server beyond this machine is
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

    fn of(database: Database) -> Self {
        Self { database: RefCell::new(database), turns: 0 }
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
        self.write(|step| {
            let parameters =
                [number.as_str().into(), rupiah.into(), channel.as_str().into(), now.into()];
            if advance(step, sql::REQUEST, &parameters, State::Requested, now)? {
                return Ok(Request::New);
            }
            let record = find(step, number)?.ok_or(Error::Absent)?;
            if record.amount != amount {
                return Err(Error::Conflict { booked: record.amount, asked: amount });
            }
            Ok(Request::Known(Box::new(record)))
        })
    }

    /// Books the invoice that the provider made: `requested` or `unknown` becomes `pending`.
    ///
    /// It is due to be checked when its validity has passed, if nobody does so before.
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
        self.created_and_due(invoice, validity, invoice.expires_at(validity), now)
    }

    /// Books the invoice that the provider made, and when the provider is first to be asked
    /// whether it is paid.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::created`].
    pub fn created_and_due(
        &mut self,
        invoice: &Invoice,
        validity: Duration,
        first_check: WibTime,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.qris_invoiceid.get())?;
        let amount = integer("amount", invoice.amount.get())?;
        self.write(|step| {
            let taken = find_invoice(step, invoice.qris_invoiceid)?
                .is_some_and(|record| record.number != invoice.number);
            if taken {
                return Err(Error::InvoiceIdTaken);
            }
            let parameters = [
                invoice.qris_content.as_str().into(),
                invoice.qris_request_date.into(),
                id.into(),
                invoice.qris_nmid.as_str().into(),
                invoice.expires_at(validity).into(),
                first_check.into(),
                invoice.number.as_str().into(),
                amount.into(),
            ];
            if advance(step, sql::CREATED, &parameters, State::Pending, now)? {
                return Ok(());
            }
            let record = find(step, &invoice.number)?.ok_or(Error::Absent)?;
            if record.amount != invoice.amount {
                return Err(Error::Conflict { booked: record.amount, asked: invoice.amount });
            }
            Err(Error::State { expected: State::Requested, found: record.state })
        })
    }

    /// Books that the provider refused: there is no invoice, and the number may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is neither `requested` nor `unknown`.
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
        self.write(|step| {
            let parameters = [state.as_str().into(), number.as_str().into()];
            if advance(step, sql::NOT_CREATED, &parameters, state, now)? {
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
        let Payment::Paid(details) = payment else {
            return Ok(Settlement::Unpaid);
        };
        self.write(|step| {
            let parameters = [
                details.paid_at.unwrap_or(now).into(),
                details.method.as_deref().into(),
                details.customer_name.as_deref().into(),
                id.into(),
            ];
            if advance(step, sql::SETTLE, &parameters, State::Paid, now)? {
                return Ok(Settlement::Now);
            }
            // An invoice is in one of the three states or paid already.
            match find_invoice(step, invoice)? {
                Some(_) => Ok(Settlement::Earlier),
                None => Err(Error::Absent),
            }
        })
    }

    /// Books that the shop no longer wants the payment: `pending` becomes `cancelled`.
    ///
    /// Its code cannot be withdrawn, so the provider is asked again when it has expired, and once
    /// more at the end of the grace period: see [`Claim::next_check`].
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `pending`.
    pub fn cancel(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.write(|step| {
            let parameters = [number.as_str().into()];
            if advance(step, sql::CANCEL, &parameters, State::Cancelled, now)? {
                return Ok(());
            }
            Err(wrong_state(find(step, number)?, State::Pending))
        })
    }

    /// Books every `pending` invoice whose validity has passed as `expired`, and says of which
    /// numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn expire(&mut self, now: WibTime) -> Result<Vec<TransactionNumber>, Error> {
        self.sweep(sql::EXPIRE, now, State::Expired, now)
    }

    /// Makes every invoice due that is `expired`, no longer watched, and yet valid by the clock as
    /// it is now: the clock was ahead when its time was said to have passed. Says how many.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn revive(&mut self, now: WibTime) -> Result<usize, Error> {
        self.write(|step| Ok(texts(step, sql::REVIVE, &[now.into()])?.len()))
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
                append(step, number, state, now)?;
            }
            moved.iter().map(|number| transaction_number(number)).collect()
        })
    }

    /// Says when the provider is to be asked next about an open invoice; `None` for no more.
    ///
    /// An invoice that is paid or cancelled keeps what it has.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Database`], [`Error::TooLarge`].
    pub fn schedule_check(&mut self, invoice: InvoiceId, at: Option<WibTime>) -> Result<(), Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        self.write(|step| step.query(sql::SCHEDULE, &[at.into(), id.into()]).map(drop))
    }

    /// Takes the invoices about which the provider is to be asked by now, the most overdue first,
    /// at most `limit` of them and no more than the key's budget has turns for.
    ///
    /// Each is this caller's alone until the claim ends: make one check of each, now, then say
    /// [`Ledger::checked`]. An invoice whose claimant was killed is due again when the claim ends.
    /// After midnight a check is two questions, and takes two turns. The turns go by the database
    /// server's clock where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`],
    /// [`Error::Foreign`].
    pub fn claim_checks(
        &mut self,
        budget: &Budget,
        limit: u32,
        now: WibTime,
    ) -> Result<Vec<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let due = [now.into(), now.later_by(budget.horizon).into(), limit.into()];
            let due = records(step, sql::DUE, &due)?;
            claim(step, due, budget, now)
        })
    }

    /// [`claim_checks`](Self::claim_checks) for one invoice: `None` when it is not due, somebody
    /// else's to ask about, or the budget has no turn left this minute.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::claim_checks`].
    pub fn claim_check(
        &mut self,
        number: &TransactionNumber,
        budget: &Budget,
        now: WibTime,
    ) -> Result<Option<Claim>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let due = [number.as_str().into(), now.into(), now.later_by(budget.horizon).into()];
            let due = records(step, sql::DUE_ONE, &due)?;
            Ok(claim(step, due, budget, now)?.pop())
        })
    }

    /// Makes sure that every turn of a minute has its row.
    fn make_turns(&mut self, wanted: u32) -> Result<(), Error> {
        if self.turns < wanted {
            self.write(|step| {
                for slot in 0..wanted {
                    step.query(sql::ADD_TURN, &[slot.into()])?;
                }
                Ok(())
            })?;
            self.turns = wanted;
        }
        Ok(())
    }

    /// Ends a claim: the provider was asked, and is to be asked next at this time, or never again.
    ///
    /// A time that somebody has set meanwhile, by a press of the button for instance, stays.
    /// `unanswered_at` is when the provider did not answer, or nothing where it did.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn checked(
        &mut self,
        claim: &Claim,
        next: Option<WibTime>,
        unanswered_at: Option<WibTime>,
    ) -> Result<(), Error> {
        let number = claim.record.number.as_str();
        let parameters = [claim.until.into(), next.into(), unanswered_at.into(), number.into()];
        self.write(|step| step.query(sql::CHECKED, &parameters).map(drop))
    }

    /// Presses the cashier's button: the invoice is due at once, if there are presses left.
    ///
    /// An invoice has `tries` of them, at least `gap` apart, whichever process they are made in.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not waiting for a payment.
    pub fn press(
        &mut self,
        number: &TransactionNumber,
        tries: u32,
        gap: Duration,
        now: WibTime,
    ) -> Result<Press, Error> {
        self.write(|step| {
            // Times are kept to the second: rounded up, so that no gap comes out shorter.
            let pressed_at = now.later_by(Duration::from_nanos(999_999_999));
            let parameters = [
                pressed_at.into(),
                now.into(),
                number.as_str().into(),
                tries.into(),
                earlier(now, gap).into(),
                // Nobody presses ahead of time: the clock has been set back since.
                now.later_by(gap).into(),
            ];
            let pressed = step.query(sql::PRESS, &parameters)?;
            if let Some(mut row) = pressed.into_iter().next() {
                let presses = row.natural(0, "presses")?;
                let left = u64::from(tries).saturating_sub(presses);
                return Ok(Press::Accepted { left: left.try_into().unwrap_or(u32::MAX) });
            }
            let record = find(step, number)?.ok_or(Error::Absent)?;
            if !record.state.may_be_paid() {
                return Err(Error::State { expected: State::Pending, found: record.state });
            }
            let found = step.query(sql::PRESSED, &[number.as_str().into()])?;
            let mut row = found.into_iter().next().ok_or(Error::Absent)?;
            let used_up = row.natural(0, "presses")? >= u64::from(tries);
            match row.optional_time(1, "pressed_at")?.filter(|_| !used_up) {
                None => Ok(Press::NoneLeft),
                Some(at) => {
                    let left = at.later_by(gap).timestamp().duration_since(now.timestamp());
                    Ok(Press::TooSoon { wait: Duration::try_from(left).unwrap_or_default() })
                }
            }
        })
    }

    /// Takes a webhook's hint: the invoice is due at once, if this is the first hint for it.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn hint(&mut self, invoice: InvoiceId, now: WibTime) -> Result<Hinted, Error> {
        let Ok(id) = integer("qris_invoiceid", invoice.get()) else {
            return Ok(Hinted::Absent);
        };
        self.write(|step| {
            if let Some(number) = texts(step, sql::HINT, &[now.into(), id.into()])?.first() {
                return Ok(Hinted::Due(transaction_number(number)?));
            }
            Ok(match find_invoice(step, invoice)? {
                Some(_) => Hinted::Spent,
                None => Hinted::Absent,
            })
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
        self.read(|books| find_invoice(books, invoice))
    }

    /// The last records, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn list(&self, limit: u32) -> Result<Vec<Record>, Error> {
        self.read(|books| records(books, sql::LIST, &[limit.into()]))
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
            let lines = rows.into_iter().map(|mut row| {
                Ok(ReportLine {
                    day: row.word(0, "day")?,
                    channel: row.word(1, "channel")?,
                    invoices: row.natural(2, "invoices")?,
                    payments: row.natural(3, "payments")?,
                    paid: Rupiah::new(row.natural(4, "paid")?),
                })
            });
            lines.collect()
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
    /// An object has what the record's JSON has, and `events`: a list of `at` and `state`.
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

    fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.database.get_mut().write(work)
    }

    fn read<T: Send>(
        &self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.database.borrow_mut().read(work)
    }
}

/// Claims what is due, as far as the key's budget goes.
fn claim(
    step: &mut dyn Statements,
    due: Vec<Record>,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<Claim>, Error> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let mut turns = free_turns(step, budget, now)?.into_iter();
    let until = now.later_by(budget.claim);
    let mut claims = Vec::new();
    for record in due {
        let Some(invoice) = &record.invoice else { continue };
        let questions = if now.date() > invoice.qris_request_date.date() { 2 } else { 1 };
        if turns.len() < questions {
            break;
        }
        for (slot, at) in turns.by_ref().take(questions) {
            step.query(sql::TAKE_TURN, &[at.into(), slot.into()])?;
        }
        step.query(sql::CLAIM, &[until.into(), record.number.as_str().into()])?;
        claims.push(Claim { record, until });
    }
    Ok(claims)
}

/// The turns that are free, each with the time from which on it counts as taken.
fn free_turns(
    step: &mut dyn Statements,
    budget: &Budget,
    now: WibTime,
) -> Result<Vec<(i64, WibTime)>, Error> {
    let clock = step.server_time()?.unwrap_or(now);
    // Times are kept to the second: rounded up, and a second more for the way to the provider.
    let parameters = [
        budget.checks_per_minute.into(),
        earlier(clock, Duration::from_secs(61)).into(),
        clock.later_by(budget.horizon).into(),
        budget.checks_per_minute.into(),
    ];
    let taken_at = clock.later_by(Duration::from_secs(1));
    let rows = step.query(sql::FREE_TURNS, &parameters)?;
    rows.into_iter().map(|mut row| Ok((row.integer(0, "slot")?, taken_at))).collect()
}

/// Runs a step of one number, appends its event, and says whether it was taken.
fn advance(
    step: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
    state: State,
    now: WibTime,
) -> Result<bool, Error> {
    let moved = texts(step, sql, parameters)?;
    for number in &moved {
        append(step, number, state, now)?;
    }
    Ok(!moved.is_empty())
}

/// The first column of an answer: the numbers that a step moved.
fn texts(
    step: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
) -> Result<Vec<String>, Error> {
    let rows = step.query(sql, parameters)?;
    rows.into_iter().map(|mut row| row.text(0, "number")).collect()
}

fn append(
    step: &mut dyn Statements,
    number: &str,
    state: State,
    now: WibTime,
) -> Result<(), Error> {
    step.query(sql::APPEND, &[number.into(), now.into(), state.as_str().into()]).map(drop)
}

fn find(books: &mut dyn Statements, number: &TransactionNumber) -> Result<Option<Record>, Error> {
    Ok(records(books, sql::FIND, &[number.as_str().into()])?.into_iter().next())
}

fn find_invoice(books: &mut dyn Statements, invoice: InvoiceId) -> Result<Option<Record>, Error> {
    let id = integer("qris_invoiceid", invoice.get())?;
    Ok(records(books, sql::FIND_INVOICE, &[id.into()])?.into_iter().next())
}

pub(crate) fn records(
    books: &mut dyn Statements,
    sql: &'static str,
    parameters: &[Value],
) -> Result<Vec<Record>, Error> {
    books.query(sql, parameters)?.into_iter().map(record).collect()
}

pub(crate) fn events(
    books: &mut dyn Statements,
    number: &TransactionNumber,
) -> Result<Vec<Event>, Error> {
    let rows = books.query(sql::EVENTS, &[number.as_str().into()])?;
    let events = rows
        .into_iter()
        .map(|mut row| Ok(Event { at: row.time(0, "at")?, state: row.word(1, "state")? }));
    events.collect()
}

/// Reads the columns of [`sql`]'s records.
fn record(mut row: Row) -> Result<Record, Error> {
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
        expires_at: row.optional_time(9, "expires_at")?,
        payment,
        next_check_at: row.optional_time(13, "next_check_at")?,
        unanswered_at: row.optional_time(14, "unanswered_at")?,
    })
}

/// Why a step that starts from one state was not taken.
fn wrong_state(record: Option<Record>, expected: State) -> Error {
    record.map_or(Error::Absent, |record| Error::State { expected, found: record.state })
}

fn transaction_number(text: &str) -> Result<TransactionNumber, Error> {
    TransactionNumber::parse(text).map_err(|_| Error::Foreign { column: "number" })
}

fn integer(column: &'static str, number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::TooLarge { column })
}

fn earlier(time: WibTime, by: Duration) -> WibTime {
    time.timestamp().checked_sub(by).unwrap_or(Timestamp::MIN).into()
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
