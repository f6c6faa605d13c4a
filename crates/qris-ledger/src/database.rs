//! A step of the ledger, and the two databases that can run it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use qris_api::WibTime;

use crate::counted::Counted;
use crate::invalid_row::{InvalidRow, Rows};
#[cfg(feature = "postgres")]
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
pub(crate) use crate::statements::{Row, Statements, Value};
use crate::{Actor, Error, MerchantRowId, PayLinks};

/// A step of the ledger: the connection for its statements, its merchant and its actor.
pub(crate) struct Step<'a> {
    statements: &'a mut dyn Statements,
    rows: &'a Rows,
    queries: &'a AtomicU64,
    pub(crate) merchant: MerchantRowId,
    pub(crate) actor: &'a Actor,
    /// The orders that the step changed, and when. The outbox events are written from this at the end of the
    /// step.
    pub(crate) changed: BTreeMap<i64, WibTime>,
    /// What the step adds to the stored totals at its end.
    pub(crate) counted: Counted,
    pub(crate) pay_links: Option<&'a PayLinks>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(
        statements: &'a mut dyn Statements,
        rows: &'a Rows,
        queries: &'a AtomicU64,
        merchant: MerchantRowId,
        actor: &'a Actor,
        pay_links: Option<&'a PayLinks>,
    ) -> Self {
        let (changed, counted) = (BTreeMap::new(), Counted::new());
        Self { statements, rows, queries, merchant, actor, changed, counted, pay_links }
    }

    pub(crate) fn query(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, Error> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        self.statements.query(sql, parameters)
    }

    /// The first row of a result.
    pub(crate) fn first(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
    ) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// Whether a statement changed or found a row.
    pub(crate) fn moved(&mut self, sql: &'static str, parameters: &[Value]) -> Result<bool, Error> {
        Ok(!self.query(sql, parameters)?.is_empty())
    }

    pub(crate) fn server_time(&mut self) -> Result<Option<WibTime>, Error> {
        self.statements.server_time()
    }

    /// Remembers a row that is left out because it cannot be read.
    pub(crate) fn set_aside(&self, row: InvalidRow) {
        self.rows.add(row);
    }
}

#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(Sqlite),
    #[cfg(feature = "postgres")]
    Postgres(Box<Postgres>),
}

impl Database {
    /// Runs a step in a transaction: all of it is stored, or nothing.
    pub(crate) fn write<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        match self {
            Self::Sqlite(database) => database.write(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.write(work),
        }
    }

    /// Runs queries that all see the same state of the database.
    pub(crate) fn read<T: Send>(
        &mut self,
        work: impl FnOnce(&mut dyn Statements) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        match self {
            Self::Sqlite(database) => database.read(work),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.read(work),
        }
    }
}
