//! The ledger in a PostgreSQL database.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Statement};

use crate::Error;
use crate::statements::{Row, Statements, Value};
use crate::tls::Tls;

/// The migrations from one format to the next. PostgreSQL starts with format 2. The format is stored in
/// `qris_format`.
const MIGRATIONS: [(i64, &str); 5] = [
    (2, include_str!("schema/postgres-2.sql")),
    (3, include_str!("schema/postgres-3.sql")),
    (4, include_str!("schema/postgres-4.sql")),
    (5, include_str!("schema/postgres-5.sql")),
    (6, include_str!("schema/postgres-6.sql")),
];

/// The time limit for making a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The limit of ten seconds for a lock, a statement and a silent network.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit for an answer to a call. It is longer than the server itself waits. A connection that
/// neither answers nor breaks is closed after that.
const CALL_LIMIT: Duration = Duration::from_secs(12);

/// The limit for a call that does not wait for locks, and for a handshake.
const SHORT_CALL_LIMIT: Duration = Duration::from_secs(3);

/// The limit for new tables, and for changes of tables with many rows.
const MIGRATION_LIMIT: Duration = Duration::from_secs(20 * 60);

/// The keepalive times: when a silent connection is first probed, and how often after that.
const KEEPALIVE: Duration = Duration::from_secs(10);
const SESSION: &str = "-c lock_timeout=10s -c statement_timeout=10s \
                       -c idle_in_transaction_session_timeout=60s";

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// One connection, made again when it breaks.
pub(crate) struct Postgres {
    config: Config,
    tls: Tls,
    connection: Option<Connection>,
}

struct Connection {
    /// The runtime of the client, used in calls of this connection only.
    runtime: Runtime,
    client: Client,
    /// The prepared statements of this connection.
    statements: HashMap<&'static str, Statement>,
}

impl fmt::Debug for Postgres {
    /// `Debug` shows neither the address nor the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("connected", &self.connection.is_some()).finish()
    }
}

impl Postgres {
    pub(crate) fn connect(url: &str) -> Result<Self, Error> {
        let mut config: Config = url.parse().map_err(|_| Error::Url)?;
        // "Prefer" would allow an attacker in between to turn TLS off.
        if config.get_ssl_mode() == SslMode::Prefer {
            let local = is_local(&config);
            config.ssl_mode(if local { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("qris");
        }
        let options = [SESSION, config.get_options().unwrap_or_default()].join(" ");
        config.options(&options).tcp_user_timeout(TIMEOUT);
        config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(3);
        let mut postgres = Self { config, tls: Tls::new()?, connection: None };
        off_the_runtime(|| {
            let connection = postgres.begin(BEGIN_WRITE)?;
            migrate(&connection)?;
            connection.batch("COMMIT", CALL_LIMIT)?;
            postgres.connection = Some(connection);
            Ok(postgres)
        })
    }

    pub(crate) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.transaction(BEGIN_WRITE, work)
    }

    pub(crate) fn read<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.transaction(BEGIN_READ, work)
    }

    fn transaction<T: Send>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        off_the_runtime(|| {
            let mut connection = self.begin(begin)?;
            let done = work(&mut connection);
            if let Err(Error::Unreachable(_) | Error::ReadOnly) = &done {
                // Close it: another connection may reach a server that answers and accepts writes.
                return done;
            }
            let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
            let ended = connection.batch(end, CALL_LIMIT);
            // A connection whose transaction did not end is not used again.
            self.connection = ended.is_ok().then_some(connection);
            let done = done?;
            ended?;
            Ok(done)
        })
    }

    /// Takes the kept connection, or a new one, and begins a transaction.
    fn begin(&mut self, begin: &str) -> Result<Connection, Error> {
        if let Some(kept) = self.connection.take() {
            // A connection that broke while idle fails only now, when nothing is lost.
            if kept.batch(begin, SHORT_CALL_LIMIT).is_ok() {
                return Ok(kept);
            }
        }
        let made = Connection::make(&self.config, self.tls.clone())?;
        made.batch(begin, SHORT_CALL_LIMIT)?;
        Ok(made)
    }
}

impl Connection {
    fn make(config: &Config, tls: Tls) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::Unreachable(Box::new(error)))?;
        let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(1);
        let each = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        let limit = each.saturating_mul(hosts).saturating_add(SHORT_CALL_LIMIT);
        let (client, connection) = limited(&runtime, limit, config.connect(tls))?;
        runtime.spawn(async move {
            // The current call reports the error.
            connection.await.ok();
        });
        Ok(Self { runtime, client, statements: HashMap::new() })
    }

    fn batch(&self, sql: &str, limit: Duration) -> Result<(), Error> {
        limited(&self.runtime, limit, self.client.batch_execute(sql))
    }
}

/// Waits for the server, at most this long.
fn limited<T>(
    runtime: &Runtime,
    limit: Duration,
    call: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Error> {
    let done = runtime.block_on(async { tokio::time::timeout(limit, call).await });
    done.map_err(|_| Error::Unreachable(Box::new(Silent { limit })))?.map_err(failed)
}

/// A server that did not answer on a connection that did not break.
#[derive(Clone, Debug, thiserror::Error)]
#[error("expected an answer of PostgreSQL within {} s, found none", limit.as_secs())]
struct Silent {
    limit: Duration,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let connection = self.connection.take();
        off_the_runtime(|| drop(connection));
    }
}

/// Runs blocking work on its own thread: the caller may be inside an async runtime, where the client's own
/// runtime would panic. A thread costs less than a query to a server.
fn off_the_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join().unwrap_or_else(|panic| resume_unwind(panic)))
}

/// Whether all hosts are this machine, so that nobody can listen in.
fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn migrate(step: &Connection) -> Result<(), Error> {
    // If several processes start at once, one creates the tables. The notice that they exist does not belong
    // in a log.
    step.batch(
        "SET LOCAL client_min_messages = warning;
         SELECT pg_advisory_xact_lock(7147);
         CREATE TABLE IF NOT EXISTS qris_format (format BIGINT NOT NULL)",
        CALL_LIMIT,
    )?;
    let format = "SELECT coalesce(max(format), 0) FROM qris_format";
    let row = limited(&step.runtime, CALL_LIMIT, step.client.query_one(format, &[]))?;
    let found: i64 = row.try_get(0).map_err(failed)?;
    let known = MIGRATIONS.last().map_or(0, |(format, _)| *format);
    if found > known {
        return Err(Error::SchemaTooNew { known, found });
    }
    for (format, migration) in MIGRATIONS.iter().filter(|(format, _)| *format > found) {
        step.batch(migration, MIGRATION_LIMIT)?;
        let insert = "INSERT INTO qris_format (format) VALUES ($1)";
        limited(&step.runtime, CALL_LIMIT, step.client.execute(insert, &[format]))?;
    }
    Ok(())
}

impl Statements for Connection {
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = limited(&self.runtime, CALL_LIMIT, self.client.prepare(sql))?;
                self.statements.insert(sql, statement.clone());
                statement
            }
        };
        let parameters: Vec<&(dyn ToSql + Sync)> =
            parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = limited(&self.runtime, CALL_LIMIT, self.client.query(&statement, &parameters))?;
        let rows = rows.iter().map(|row| {
            let values = (0..row.len()).map(|at| row.try_get(at));
            values.collect::<Result<_, _>>().map(Row).map_err(failed)
        });
        rows.collect()
    }

    fn server_time(&mut self) -> Result<Option<qris_api::WibTime>, Error> {
        let rows = self.query("SELECT clock_timestamp()", &[])?;
        rows.into_iter().next().map(|mut row| row.time(0, "clock_timestamp")).transpose()
    }
}

/// The start of PostgreSQL's time: 2000-01-01 in UTC, in seconds of Unix time.
const EPOCH_SECOND: i64 = 946_684_800;

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null | Self::Unreadable => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Time(time) => {
                let microsecond = time.timestamp().as_microsecond() - EPOCH_SECOND * 1_000_000;
                microsecond.to_sql(kind, out)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(
        kind: &Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 | Type::INT4 => Self::Integer(match raw.len() {
                4 => i32::from_sql(kind, raw)?.into(),
                _ => i64::from_sql(kind, raw)?,
            }),
            Type::TIMESTAMPTZ => {
                // "infinity", and years outside the calendar.
                let microsecond = i64::from_sql(kind, raw)?.checked_add(EPOCH_SECOND * 1_000_000);
                let time = microsecond.and_then(|at| Timestamp::from_microsecond(at).ok());
                time.map_or(Self::Unreadable, |time| Self::Time(time.into()))
            }
            _ => String::from_sql(kind, raw).map_or(Self::Unreadable, Self::Text),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// PostgreSQL's SQLSTATE. Its message may quote a row with a payer's name, so it is not kept.
#[derive(Clone, Debug, thiserror::Error)]
#[error("PostgreSQL refused with SQLSTATE {0}")]
struct Refusal(String);

/// A function and not `From`, so that the public error does not depend on the database's crate.
fn failed(error: tokio_postgres::Error) -> Error {
    let Some(code) = error.code().map(|code| code.code()) else {
        return Error::Unreachable(Box::new(error));
    };
    match code {
        // disk_full
        "53100" => Error::Full,
        // read_only_sql_transaction: the server is no longer the primary
        "25006" => Error::ReadOnly,
        // lock_not_available, query_canceled by a time-out, serialization, deadlock
        "55P03" | "57014" | "40001" | "40P01" => Error::Busy,
        // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
        "57P01" | "57P02" | "57P03" | "53300" => {
            Error::Unreachable(Box::new(Refusal(code.to_owned())))
        }
        // unique_violation: two rows that were checked at the same moment
        "23505" => Error::InvoiceIdTaken,
        _ => Error::Database(Box::new(Refusal(code.to_owned()))),
    }
}
