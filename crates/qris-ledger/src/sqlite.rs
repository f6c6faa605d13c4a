//! The ledger in a SQLite file.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, Transaction, TransactionBehavior};

use crate::sql::ROW_LOCKS;
use crate::statements::{Row, Statements, Value};
use crate::{Error, FileId};

/// The migrations from one format to the next, starting with an empty file. The format of a file is stored in
/// its `user_version`.
const MIGRATIONS: [&str; 6] = [
    include_str!("schema/sqlite-1.sql"),
    include_str!("schema/sqlite-2.sql"),
    include_str!("schema/sqlite-3.sql"),
    include_str!("schema/sqlite-4.sql"),
    include_str!("schema/sqlite-5.sql"),
    include_str!("schema/sqlite-6.sql"),
];

/// The format that this version writes.
const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The number of cached prepared statements: more than there are.
const STATEMENTS: usize = 200;

/// How long a statement waits for other processes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The wait before a retry of an operation that does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// The open connections of this process to files: the file of each, and the log that it writes to.
///
/// Connections to one file share SQLite's index of the log. If its log was lost, another connection would write
/// to a new log by the index of the lost one. So none is opened until the connections with the lost log are
/// closed.
static OPEN: Mutex<Vec<OpenLog>> = Mutex::new(Vec::new());

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OpenLog {
    file: FileId,
    log: FileId,
}

/// Takes the connection out of the list.
#[derive(Debug)]
struct Registered(OpenLog);

impl Registered {
    fn new(open: OpenLog) -> Self {
        open_logs().push(open);
        Self(open)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut open = open_logs();
        if let Some(at) = open.iter().position(|other| *other == self.0) {
            open.swap_remove(at);
        }
    }
}

fn open_logs() -> MutexGuard<'static, Vec<OpenLog>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether an open connection of this process writes to another log than the one beside this file.
fn has_lost_log(path: &Path, file: FileId) -> bool {
    let log = FileId::at(&log_of(path));
    open_logs().iter().any(|open| open.file == file && Some(open.log) != log)
}

/// The path of a database's write-ahead log.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
    /// Whether only its owner can read the file.
    private: bool,
    path: PathBuf,
    /// The file that was opened; `None` if the system has no file ids.
    file: Option<FileId>,
    /// Its write-ahead log. SQLite keeps it while the file is open, unless another copy of SQLite in this
    /// process closed the file: that ends the locks of this one too. Dropped after the connection.
    log: Option<Registered>,
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if !self.has_log() {
            // SQLite would copy a lost log over what others have written since, and delete the log that is now
            // beside the file. The call cannot fail on an open connection.
            self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok();
        }
    }
}

impl Sqlite {
    /// Opens a file, or creates it. If a certain file is required, it refuses any other and creates none.
    pub(crate) fn open(path: &Path, expected: Option<FileId>) -> Result<Self, Error> {
        let path = std::path::absolute(path).map_err(|error| Error::Database(Box::new(error)))?;
        let path = path.as_path();
        let mut flags = OpenFlags::default();
        match expected {
            Some(_) => flags.remove(OpenFlags::SQLITE_OPEN_CREATE),
            None if path.parent().is_some_and(|folder| !folder.exists()) => {
                return Err(Error::NoFolder);
            }
            None => create_private(path),
        }
        let file = FileId::at(path);
        if expected.is_some() && file != expected {
            return Err(Error::Replaced);
        }
        if file.is_some_and(|file| has_lost_log(path, file)) {
            return Err(Error::Replaced);
        }
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        keep_plans(&connection)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        write_ahead(&connection)?;
        connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
        connection.pragma_update(None, "foreign_keys", "on").map_err(failed)?;
        // A file with the current format can be opened while another process writes.
        if format(&connection)? != KNOWN {
            migrate(&mut connection)?;
        }
        // Only now is it known to be a database. The mode of any other file is not changed.
        let private = make_private(path);
        let log = file.zip(FileId::at(&log_of(path)));
        let log = log.map(|(file, log)| Registered::new(OpenLog { file, log }));
        let sqlite = Self { connection, private, path: path.to_owned(), file, log };
        sqlite.is_in_place()?;
        Ok(sqlite)
    }

    /// A database in memory.
    pub(crate) fn in_memory() -> Result<Self, Error> {
        let mut connection = Connection::open_in_memory().map_err(failed)?;
        keep_plans(&connection)?;
        connection.pragma_update(None, "foreign_keys", "on").map_err(failed)?;
        migrate(&mut connection)?;
        Ok(Self { connection, private: true, path: PathBuf::new(), file: None, log: None })
    }

    pub(crate) fn snapshot(&mut self) -> Result<Vec<u8>, Error> {
        Ok(self.connection.serialize("main").map_err(failed)?.to_vec())
    }

    pub(crate) fn restore(&mut self, snapshot: &[u8]) -> Result<(), Error> {
        self.connection.flush_prepared_statement_cache();
        let size = snapshot.len();
        self.connection.deserialize_read_exact("main", snapshot, size, false).map_err(failed)
    }

    pub(crate) const fn file_id(&self) -> Option<FileId> {
        self.file
    }

    /// Checks that the open file and its log are the ones at their paths.
    fn is_in_place(&self) -> Result<(), Error> {
        if self.file.is_some() && FileId::at(&self.path) != self.file {
            return Err(Error::Replaced);
        }
        match self.has_log() {
            true => Ok(()),
            false => Err(Error::Replaced),
        }
    }

    /// Whether the log that it writes to is the one beside the file.
    fn has_log(&self) -> bool {
        let log = |open: &Registered| FileId::at(&log_of(&self.path)) == Some(open.0.log);
        self.log.as_ref().is_none_or(log)
    }

    pub(crate) const fn is_private(&self) -> bool {
        self.private
    }

    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.is_in_place()?;
        let mut step = immediate(&mut self.connection)?;
        let done = work(&mut step)?;
        step.commit().map_err(failed)?;
        // If the file was replaced meanwhile, the write went into the wrong file.
        self.is_in_place()?;
        Ok(done)
    }

    pub(crate) fn read<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.is_in_place()?;
        work(&mut self.connection.transaction().map_err(failed)?)
    }

    /// From now on, SQLite overwrites deleted and replaced data with zeros.
    pub(crate) fn overwrite_deleted(&self) -> Result<(), Error> {
        let done = self.connection.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()));
        done.map_err(failed)
    }

    /// Empties the log beside the file, after rewriting the file if requested. Returns whether the log is
    /// empty: it is not while another program reads.
    pub(crate) fn erase_traces(&mut self, rewrite: bool) -> Result<bool, Error> {
        self.is_in_place()?;
        if rewrite {
            self.connection.execute_batch("VACUUM").map_err(failed)?;
        }
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let left = self.connection.query_row(checkpoint, [], |row| row.get::<_, i64>(0));
        Ok(left.map_err(failed)? == 0)
    }

    /// The size of the file in bytes.
    pub(crate) fn size(&self) -> Option<u64> {
        fs::metadata(&self.path).ok().map(|file| file.len())
    }

    /// Writes a complete copy beside `to` and renames it when it is on disk.
    pub(crate) fn backup(&mut self, to: &Path) -> Result<(), Error> {
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let not_written = |error: io::Error| Error::Database(Box::new(error));
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(not_written(error));
            }
            _ => create_private(&part),
        }
        let name =
            part.to_str().ok_or_else(|| not_written(io::ErrorKind::InvalidFilename.into()))?;
        self.connection.execute("VACUUM INTO $1", [name]).map_err(failed)?;
        File::open(&part).and_then(|file| file.sync_all()).map_err(not_written)?;
        fs::rename(&part, to).map_err(not_written)
    }
}

fn without_locks(sql: &str) -> Cow<'_, str> {
    if !sql.contains(" FOR ") {
        return Cow::Borrowed(sql);
    }
    let locks = ROW_LOCKS.into_iter().find(|locks| sql.contains(locks));
    locks.map_or(Cow::Borrowed(sql), |locks| Cow::Owned(sql.replace(locks, "")))
}

/// Plans each statement once, for all values. By default SQLite plans half of the statements again each time,
/// because another value might need another index, and it keeps only the last few plans.
fn keep_plans(connection: &Connection) -> Result<(), Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let done = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    done.map(drop).map_err(failed)
}

fn format(connection: &Connection) -> Result<i64, Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)
}

/// Migrates the tables in one step.
fn migrate(connection: &mut Connection) -> Result<(), Error> {
    // An existing invalid row is set aside later. It must not block the migration.
    connection.pragma_update(None, "ignore_check_constraints", "on").map_err(failed)?;
    let migrated = migrate_step(connection);
    connection.pragma_update(None, "ignore_check_constraints", "off").map_err(failed)?;
    migrated
}

fn migrate_step(connection: &mut Connection) -> Result<(), Error> {
    let step = immediate(connection)?;
    let found = format(&step)?;
    let missing = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..));
    for migration in missing.ok_or(Error::SchemaTooNew { known: KNOWN, found })? {
        step.execute_batch(migration).map_err(failed)?;
    }
    if found < KNOWN {
        step.pragma_update(None, "user_version", KNOWN).map_err(failed)?;
    }
    step.commit().map_err(failed)
}

/// Creates the file so that only its owner can read it, because it will have payers' names. If that fails,
/// opening it reports the error.
fn create_private(path: &Path) {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

/// Removes all other users' access to an existing file and the two files beside it. Returns whether only the
/// owner has access now.
#[cfg(unix)]
fn make_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    ["", "-wal", "-shm"].into_iter().all(|suffix| {
        let mut name = path.clone().into_os_string();
        name.push(suffix);
        match fs::metadata(&name) {
            Ok(file) if file.is_file() && file.permissions().mode() & 0o077 != 0 => {
                fs::set_permissions(&name, fs::Permissions::from_mode(0o600)).is_ok()
            }
            // A missing file will be created with the mode of the first.
            _ => true,
        }
    })
}

/// On other systems the folder protects a file.
#[cfg(not(unix))]
fn make_private(_: &Path) -> bool {
    true
}

/// Turns on the write-ahead log, so that readers do not wait for writers. This statement does not wait by
/// itself for others that open a new file at the same moment.
fn write_ahead(connection: &Connection) -> Result<(), Error> {
    let started = Instant::now();
    loop {
        let done = connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()));
        match done.map_err(failed) {
            Err(Error::Busy) if started.elapsed() < BUSY_TIMEOUT => thread::sleep(PAUSE),
            done => return done,
        }
    }
}

/// A transaction that has the write lock from its start, so that what it reads stays valid.
fn immediate(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)
}

fn rows(
    step: &Transaction<'_>,
    sql: &str,
    parameters: &[Value],
) -> Result<Vec<Row>, rusqlite::Error> {
    let mut statement = step.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|at| row.get_ref(at).map(value));
        answer.push(Row(values.collect::<Result<_, _>>()?));
    }
    Ok(answer)
}

impl Statements for Transaction<'_> {
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let sql = without_locks(sql);
        rows(self, &sql, parameters).map_err(failed)
    }

    fn server_time(&mut self) -> Result<Option<qris_api::WibTime>, Error> {
        Ok(None)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null | Self::Unreadable => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Time(time) => ToSqlOutput::Owned(time.to_string().into()),
        })
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Value::Unreadable, |text| Value::Text(text.to_owned()))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Value::Unreadable,
    }
}

/// A function and not `From`, so that the public error does not depend on the database's crate.
fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::ReadOnly) => Error::ReadOnly,
        _ => Error::Database(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    #[test]
    fn every_frequent_query_uses_an_index_with_any_number_of_rows() {
        let folder = tempfile::tempdir().expect("a folder");
        let books = Sqlite::open(&folder.path().join("qris.db"), None).expect("books");
        for sql in [
            sql::UNSCHEDULED,
            sql::ANY_ABANDONED,
            sql::ANY_EXPIRED,
            sql::ABANDONED_ORDERS,
            sql::ABANDONED_INVOICES,
            sql::EXPIRED_ORDERS,
            sql::EXPIRED_INVOICES,
            sql::PAY,
            sql::UNACKNOWLEDGED,
            sql::DUE_MERCHANTS,
            sql::DUE_EARLY,
            sql::REVIVE,
            sql::DUE,
            sql::FIND,
            sql::FIND_INVOICE,
            sql::LIST,
            sql::EVENTS,
            sql::LAST_EVENT,
            sql::CHANGES_AFTER,
            sql::SETTLE,
            sql::TIMES,
            sql::FILL,
            sql::CONTENT_ELSEWHERE,
            crate::totals::REPORT,
            sql::FILTERED,
            sql::SEARCH,
            sql::SEARCH_WHOLE,
            sql::SEARCHED_SINCE,
            sql::ATTENTION,
            sql::OVERDUE,
            sql::UNPAID_BILLS,
            sql::PAID_BILLS,
            sql::BILL_TOTALS,
            sql::ANY_OVERDUE,
            crate::plan::DUE,
            crate::plan::ANY_DUE,
            crate::forget::ORDERS,
            crate::forget::NAMES,
            crate::forget::EVENTS,
            crate::forget::WEBHOOKS,
        ]
        .into_iter()
        .chain(crate::shift::STATEMENTS)
        {
            let sql = format!("EXPLAIN QUERY PLAN {}", without_locks(sql));
            let mut statement = books.connection.prepare(&sql).expect("a statement");
            let nothing = vec![Value::Null; statement.parameter_count()];
            let plan = statement
                .query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .expect("a plan");
            for step in plan.iter().filter(|step| step.starts_with("SCAN qris_")) {
                assert!(step.contains("INDEX"), "{step} in {sql}");
            }
        }
    }
}
