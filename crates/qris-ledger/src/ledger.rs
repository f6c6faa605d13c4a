//! The ledger, for both databases.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use qris_api::{InvoiceId, TransactionNumber, WibTime};

use crate::database::{Database, Step};
use crate::invalid_row::Rows;
use crate::order::CLOCK_TOLERANCE;
use crate::outbox::write_events;
use crate::pay_links::hash_of_untrusted;
use crate::rows::{find, find_by_pay_hash, find_invoice};
use crate::sqlite::Sqlite;
use crate::{Actor, Error, FileId, MerchantRowId, Order, PayLinks, sql, totals};

/// The ledger: one connection to a SQLite file or a PostgreSQL database.
///
/// Any number of threads and processes may use the same database, each with its own `Ledger`. When a method
/// has returned, its changes are on disk (write-ahead log, full sync). Methods block. Inside an async runtime
/// they block the thread. The crate's page has an example.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) database: RefCell<Database>,
    pub(crate) merchant: MerchantRowId,
    pub(crate) actor: Actor,
    /// The number of slots of each key's budget that have a row.
    pub(crate) turns: BTreeMap<MerchantRowId, u32>,
    pub(crate) set_aside: Rows,
    /// The number of statements since the last query of this count.
    queries: AtomicU64,
    pub(crate) pay_links: Option<PayLinks>,
}

impl Ledger {
    /// Opens the SQLite file, or creates it so that only its owner can read it: see [`Ledger::is_private`].
    ///
    /// A file of an earlier version of this program is migrated.
    ///
    /// # Errors
    ///
    /// [`Error::SchemaTooNew`] for a file of a later version; [`Error::Busy`], [`Error::Full`] and
    /// [`Error::Database`] if it cannot be opened or is not a database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::new(Database::Sqlite(Sqlite::open(path.as_ref(), None)?)))
    }

    /// Opens the database of a URL: `sqlite://PATH`, absolute or relative, or `postgres://…`.
    ///
    /// The tables are created or migrated. A URL with several PostgreSQL servers, of which one is the
    /// primary, needs `target_session_attrs=read-write`. The connection to a PostgreSQL server on another
    /// machine uses TLS, unless the URL has `sslmode=disable`, and needs a certificate that this system
    /// trusts.
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
    /// [`Error::Url`] for any other URL; [`Error::NoPostgres`]; [`Error::Unreachable`]; the errors of
    /// [`Ledger::open`].
    pub fn connect(url: &str) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Self::open(path),
            #[cfg(feature = "postgres")]
            Some(("postgres" | "postgresql", _)) => {
                let postgres = crate::postgres::Postgres::connect(url)?;
                Ok(Self::new(Database::Postgres(Box::new(postgres))))
            }
            #[cfg(not(feature = "postgres"))]
            Some(("postgres" | "postgresql", _)) => Err(Error::NoPostgres),
            _ => Err(Error::Url),
        }
    }

    /// Opens one more connection to a database: [`Ledger::connect`], but only to the file with the
    /// [`Ledger::file_id`] of the first connection. It refuses another file at the path and creates none. So
    /// all connections of a program have the same invoices.
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
    /// [`Error::Replaced`]; the errors of [`Ledger::connect`].
    pub fn connect_again(url: &str, file: Option<FileId>) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if file.is_some() => {
                Ok(Self::new(Database::Sqlite(Sqlite::open(path.as_ref(), file)?)))
            }
            _ => Self::connect(url),
        }
    }

    /// The file of a SQLite database on Unix. `None` for PostgreSQL and on other systems.
    pub fn file_id(&self) -> Option<FileId> {
        match &*self.database.borrow() {
            Database::Sqlite(sqlite) => sqlite.file_id(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => None,
        }
    }

    /// Whether only its owner can read the database's file. Opening a file removes the read permission of
    /// other users. If this is `false`, that failed, for example because another user owns the file. Warn
    /// about it: the file has payers' names. Always `true` for PostgreSQL and on systems without file modes.
    pub fn is_private(&self) -> bool {
        match &*self.database.borrow() {
            Database::Sqlite(sqlite) => sqlite.is_private(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => true,
        }
    }

    /// A SQLite database in memory that ends with this connection, for simulations and tests.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub fn in_memory() -> Result<Self, Error> {
        Ok(Self::new(Database::Sqlite(Sqlite::in_memory()?)))
    }

    /// A copy of the current state of a database in memory, for [`Ledger::restore`].
    #[doc(hidden)]
    pub fn snapshot(&self) -> Result<Vec<u8>, Error> {
        match &mut *self.database.borrow_mut() {
            Database::Sqlite(sqlite) => sqlite.snapshot(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// Restores a database in memory to the state of a [`Ledger::snapshot`].
    #[doc(hidden)]
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), Error> {
        // Slots of the budget that were created since are gone.
        self.turns.clear();
        match self.database.get_mut() {
            Database::Sqlite(sqlite) => sqlite.restore(snapshot),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// When something is due next, for any merchant: a check, the end of a code's display time, or the end of
    /// an intent. A simulation sleeps until then.
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

    fn new(database: Database) -> Self {
        Self {
            database: RefCell::new(database),
            merchant: MerchantRowId::MAIN,
            actor: Actor::default(),
            turns: BTreeMap::new(),
            set_aside: Rows::default(),
            queries: AtomicU64::default(),
            pay_links: None,
        }
    }

    /// Makes these invoices of the selected merchant due: each one that may be paid, has no final answer and
    /// no next check; and each one whose next check or final answer was set by a clock that was set back
    /// since. Returns how many. Claiming does this first.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn revive(&mut self, now: WibTime) -> Result<usize, Error> {
        self.write(|step| revive(step, now))
    }

    /// The order with this number.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find(&self, number: &TransactionNumber) -> Result<Option<Order>, Error> {
        self.read(|books| find(books, number))
    }

    /// The order with this provider invoice id.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn find_invoice(&self, invoice: InvoiceId) -> Result<Option<Order>, Error> {
        // An id that is too large for the database belongs to no invoice.
        if i64::try_from(invoice.get()).is_err() {
            return Ok(None);
        }
        self.read(|books| find_invoice(books, invoice))
    }

    /// Sets the pay links: from now on, each new order gets a page for its payer, and orders show their
    /// links.
    pub fn set_pay_links(&mut self, links: Option<PayLinks>) {
        self.pay_links = links;
    }

    /// The order, of any merchant, whose payer's page has this secret. It takes the same time for any text
    /// that is not a secret.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::find`].
    pub fn find_by_pay_secret(&self, secret: &str) -> Result<Option<Order>, Error> {
        let hash = hash_of_untrusted(secret);
        self.read(|step| find_by_pay_hash(step, &hash))
    }

    /// Writes every order of all merchants with its history: one JSON object a line, in the order of
    /// recording. Returns how many. All are in their state at the start.
    ///
    /// An object has the fields of the order's JSON and `events`: a list of `at`, `state` and, if present,
    /// `actor` and `detail`.
    ///
    /// # Errors
    ///
    /// [`Error::Export`] if writing fails; the errors of [`Ledger::list`].
    pub fn export(&self, out: &mut (dyn Write + Send)) -> Result<u64, Error> {
        self.read(|books| crate::export::write(books, out))
    }

    /// Copies a SQLite file while it is in use. The copy is complete and consistent.
    ///
    /// A file at `to` is replaced only after the copy is on disk.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFile`] for PostgreSQL, which has `pg_dump`; [`Error::Full`], [`Error::Database`].
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<(), Error> {
        match &mut *self.database.borrow_mut() {
            Database::Sqlite(sqlite) => sqlite.backup(to.as_ref()),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Err(Error::NotAFile),
        }
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn ping(&self) -> Result<(), Error> {
        self.read(|books| books.query(sql::ALIVE, &[]).map(drop))
    }

    /// Checks that writes succeed, by writing about as much as a charge does.
    ///
    /// # Errors
    ///
    /// The errors that a charge would give: [`Error::Full`], [`Error::ReadOnly`], [`Error::Replaced`],
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn check_writable(&mut self) -> Result<(), Error> {
        // Neither database writes a value that is already there.
        let now = format!("{:020}", Timestamp::now().as_nanosecond());
        let times = match self.database.get_mut() {
            // Twenty pages of a file: each of a charge's two steps changes about fifteen.
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
            // This comes last, so that no step waits for the rows of another while it holds the cursor.
            write_events(&mut step)?;
            Ok(done)
        })
    }

    /// The number of statements that this connection ran in steps since the last call.
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

/// Sets a next check for invoices without one. Returns how many had none.
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
