//! The books, whatever database they are in.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use qris_api::{InvoiceId, TransactionNumber, WibTime};

use crate::database::{Database, Step};
use crate::order::CLOCK_TOLERANCE;
use crate::outbox::tell;
use crate::pay_links::hash_of_untrusted;
use crate::rows::{find, find_by_pay_hash, find_invoice};
use crate::set_aside::Rows;
use crate::sqlite::Sqlite;
use crate::{Actor, Error, FileId, MerchantId, Order, PayLinks, sql, totals};

/// The books: one connection to a SQLite file or a PostgreSQL database.
///
/// Any number of threads and processes may use the same database, each with a `Ledger` of its own.
/// What a method has returned from is on disk (write-ahead log, full sync). Methods block; they
/// may be called inside an async runtime, whose thread then waits. The crate's page has an
/// example.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) database: RefCell<Database>,
    pub(crate) merchant: MerchantId,
    pub(crate) actor: Actor,
    /// How many turns of each key's budget have their row.
    pub(crate) turns: BTreeMap<MerchantId, u32>,
    pub(crate) set_aside: Rows,
    /// How many statements ran since somebody last asked.
    queries: AtomicU64,
    pub(crate) pay_links: Option<PayLinks>,
}

impl Ledger {
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

    /// A SQLite database in memory, which ends with this connection: for simulations and tests.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub fn in_memory() -> Result<Self, Error> {
        Ok(Self::of(Database::Sqlite(Sqlite::in_memory()?)))
    }

    /// A copy of a database in memory as it is now, to go back to with [`Ledger::restore`].
    #[doc(hidden)]
    pub fn snapshot(&self) -> Result<Vec<u8>, Error> {
        match &mut *self.database.borrow_mut() {
            Database::Sqlite(sqlite) => sqlite.snapshot(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// Makes a database in memory what it was at a [`Ledger::snapshot`].
    #[doc(hidden)]
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), Error> {
        // The turns of a budget that were made since are gone.
        self.turns.clear();
        match self.database.get_mut() {
            Database::Sqlite(sqlite) => sqlite.restore(snapshot),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// When something falls due next, of any merchant: a check, the end of a code's time to be shown,
    /// or of an intent's. A simulation sleeps until then.
    #[doc(hidden)]
    pub fn next_due(&self, abandon_after: Duration) -> Result<Option<WibTime>, Error> {
        self.read(|step| {
            let mut row = step.first(sql::NEXT_DUE, &[])?.ok_or(Error::Absent)?;
            let times = [(0, "next_check_at"), (1, "next_check_at"), (2, "shown_until")];
            let times = times.map(|(at, column)| row.optional_time(at, column));
            let times = times.into_iter().collect::<Result<Vec<_>, _>>()?;
            let requested = row.optional_time(3, "requested_at")?;
            let abandoned = requested.map(|at| at.later_by(abandon_after));
            Ok(times.into_iter().chain([abandoned]).flatten().min())
        })
    }

    fn of(database: Database) -> Self {
        Self {
            database: RefCell::new(database),
            merchant: MerchantId::MAIN,
            actor: Actor::default(),
            turns: BTreeMap::new(),
            set_aside: Rows::default(),
            queries: AtomicU64::default(),
            pay_links: None,
        }
    }

    /// Makes every invoice of the selected merchant due that may be paid, has had no final answer, and
    /// yet has no next check; and every one whose next check, or final answer, was set by a clock that
    /// has been set back since. Says how many. Claiming does the same first.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn revive(&mut self, now: WibTime) -> Result<usize, Error> {
        self.write(|step| revive(step, now))
    }

    /// What is booked under a number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find(&self, number: &TransactionNumber) -> Result<Option<Order>, Error> {
        self.read(|books| find(books, number))
    }

    /// What is booked under the provider's number.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find_invoice(&self, invoice: InvoiceId) -> Result<Option<Order>, Error> {
        // An id that is too large for the database is nobody's.
        if i64::try_from(invoice.get()).is_err() {
            return Ok(None);
        }
        self.read(|books| find_invoice(books, invoice))
    }

    /// From now on, books orders so that they have a page for their payer, and gives them their links.
    pub fn set_pay_links(&mut self, links: Option<PayLinks>) {
        self.pay_links = links;
    }

    /// The order of any merchant whose payer's page has this secret. It costs the same for any text that
    /// is no secret.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::find`].
    pub fn find_by_pay_secret(&self, secret: &str) -> Result<Option<Order>, Error> {
        let hash = hash_of_untrusted(secret);
        self.read(|step| find_by_pay_hash(step, &hash))
    }

    /// Writes every order of all merchants with its history, one JSON object a line, in the order in
    /// which they were booked, and says how many. All of them are as they were when it began.
    ///
    /// An object has what the order's JSON has, and `events`: a list of `at`, `state` and, where
    /// there are any, `actor` and `detail`.
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
            // Twenty pages of a file: each of the two steps of a charge changes some fifteen.
            Database::Sqlite(_) => 4_096,
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => 1,
        };
        let filler = now.repeat(times);
        self.write(|step| step.query(sql::WRITE_CHECK, &[filler.as_str().into()]).map(drop))
    }

    pub(crate) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&mut Step<'_>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let (rows, merchant, actor) = (&self.set_aside, self.merchant, &self.actor);
        let (queries, links) = (&self.queries, self.pay_links.as_ref());
        let database = self.database.get_mut();
        database.write(|statements| {
            let mut step = Step::new(statements, rows, queries, merchant, actor, links);
            let done = work(&mut step)?;
            totals::write(&mut step)?;
            // Last, so that no step waits for another one's rows while it keeps the cursor.
            tell(&mut step)?;
            Ok(done)
        })
    }

    /// How many statements this connection has run in steps since the last call.
    ///
    /// ```
    /// use qris_ledger::Ledger;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// ledger.list(20)?;
    /// assert!(ledger.take_query_count() >= 1);
    /// assert_eq!(ledger.take_query_count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take_query_count(&self) -> u64 {
        self.queries.swap(0, Ordering::Relaxed)
    }

    pub(crate) fn read<T: Send>(
        &self,
        work: impl FnOnce(&mut Step<'_>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let (rows, merchant, actor) = (&self.set_aside, self.merchant, &self.actor);
        let (queries, links) = (&self.queries, self.pay_links.as_ref());
        let mut database = self.database.borrow_mut();
        database.read(|statements| {
            work(&mut Step::new(statements, rows, queries, merchant, actor, links))
        })
    }
}

/// Gives a next check to what is without one; says how many that were.
pub(crate) fn revive(step: &mut Step<'_>, now: WibTime) -> Result<usize, Error> {
    let tolerated = now.later_by(CLOCK_TOLERANCE);
    if !step.moved(sql::UNSCHEDULED, &[step.merchant.into(), tolerated.into()])? {
        return Ok(0);
    }
    let ahead = [now.into(), step.merchant.into(), tolerated.into()];
    let unwatched = step.query(sql::REVIVE, &[now.into(), step.merchant.into()])?.len();
    let too_early = step.query(sql::REVIVE_FINAL, &ahead)?.len();
    Ok(unwatched + too_early + step.query(sql::REVIVE_PUT_OFF, &ahead)?.len())
}
