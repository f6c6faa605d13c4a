//! A pool of ledger connections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qris_ledger::{Error, FileId, InvalidRow, Ledger, MerchantName, MerchantRowId, PayLinks};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Context, Count, SharedLedger};

/// A ledger for many concurrent users: kept connections, plus more when needed, up to a limit. Clones are
/// cheap and share everything.
///
/// Its work runs on blocking threads of the tokio runtime.
#[derive(Clone, Debug)]
pub struct LedgerPool(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    url: String,
    /// The file that all of them have open, if it is a file.
    file: Option<FileId>,
    idle: Mutex<Vec<Ledger>>,
    /// The ids that the ledger has given to merchants.
    merchants: Mutex<BTreeMap<MerchantName, MerchantRowId>>,
    /// The invalid rows that were found.
    invalid_rows: Mutex<BTreeSet<InvalidRow>>,
    /// The number of statements that ran.
    queries: Count,
    /// The pay links that every connection uses.
    pay_links: Mutex<Option<PayLinks>>,
    /// The number of concurrent writers.
    writer_count: u32,
    writers: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

/// While this exists, the pool has no connection and opens none.
#[derive(Debug)]
pub struct Suspended {
    _permits: [Option<OwnedSemaphorePermit>; 2],
}

/// SQLite has one writer at a time. Waiting here is fairer than retrying.
const SQLITE_WRITERS: u32 = 1;
const WRITERS: u32 = 8;
const READERS: u32 = 4;

impl LedgerPool {
    /// Opens the database of a URL, as [`Ledger::connect`] does.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::connect`].
    pub async fn open(url: impl Into<String>) -> Result<Self, Error> {
        let url = url.into();
        let writers = if url.starts_with("sqlite:") { SQLITE_WRITERS } else { WRITERS };
        let opened = tokio::task::spawn_blocking(move || {
            let ledger = Ledger::connect(&url)?;
            Ok((ledger, url))
        });
        let (ledger, url) =
            opened.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))?;
        Ok(Self(Arc::new(Pool {
            url,
            file: ledger.file_id(),
            idle: Mutex::new(vec![ledger]),
            merchants: Mutex::default(),
            invalid_rows: Mutex::default(),
            queries: Count::default(),
            pay_links: Mutex::default(),
            writer_count: writers,
            writers: semaphore(writers),
            readers: semaphore(READERS),
        })))
    }

    /// Waits for work in progress, closes the connections, and opens none until the returned guard is
    /// dropped.
    pub(crate) async fn suspend(&self) -> Suspended {
        let pool = &*self.0;
        // Neither semaphore is ever closed.
        let writers = Arc::clone(&pool.writers).acquire_many_owned(pool.writer_count).await.ok();
        let readers = Arc::clone(&pool.readers).acquire_many_owned(READERS).await.ok();
        let idle = std::mem::take(&mut *pool.idle());
        // A connection to a server must not be closed on a runtime thread.
        tokio::task::spawn_blocking(move || drop(idle)).await.ok();
        Suspended { _permits: [writers, readers] }
    }

    /// The number of statements that its connections have run.
    pub fn query_count(&self) -> u64 {
        self.0.queries.value()
    }

    /// From now on, new orders get a page for their payer, and orders show its link: see
    /// [`Ledger::set_pay_links`].
    pub fn set_pay_links(&self, links: Option<PayLinks>) {
        *self.0.pay_links() = links;
    }

    /// The number of known invalid rows.
    pub fn invalid_row_count(&self) -> usize {
        self.0.invalid_rows().len()
    }

    /// The known invalid rows.
    pub fn invalid_rows(&self) -> Vec<InvalidRow> {
        self.0.invalid_rows().iter().cloned().collect()
    }

    /// Whether no invalid row is known. Checks the known ones again, because a person may have corrected
    /// them.
    pub async fn all_rows_make_sense(&self) -> bool {
        let rows = self.0.invalid_rows().clone();
        if rows.is_empty() {
            return true;
        }
        let corrected = self.run(&self.0.readers, None, |ledger| {
            let mut corrected = Vec::new();
            for row in rows {
                if !ledger.is_invalid_row(&row)? {
                    corrected.push(row);
                }
            }
            Ok(corrected)
        });
        let corrected = corrected.await.unwrap_or_default();
        let mut known = self.0.invalid_rows();
        known.retain(|row| !corrected.contains(row));
        known.is_empty()
    }

    async fn run<T: Send + 'static>(
        &self,
        limit: &Arc<Semaphore>,
        context: Option<&Context>,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // Neither the semaphore nor the runtime is closed while a call runs.
        let permit = Arc::clone(limit).acquire_owned().await;
        let (pool, context) = (Arc::clone(&self.0), context.cloned());
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut ledger = match pool.kept() {
                Some(ledger) => ledger,
                None => Ledger::connect_again(&pool.url, pool.file)?,
            };
            ledger.set_pay_links(pool.pay_links().clone());
            let done = pool.select(&mut ledger, context).and_then(|()| work(&mut ledger));
            pool.note(ledger.take_invalid_rows());
            pool.queries.add(usize::try_from(ledger.take_query_count()).unwrap_or(usize::MAX));
            if matches!(done, Err(Error::Replaced)) {
                // A lost log stays lost, and no other connection is opened before these are closed.
                drop(std::mem::take(&mut *pool.idle()));
            }
            // A file that was opened on a read-only disk stays read-only, so open it again. The ledger
            // reconnects to PostgreSQL by itself.
            if !matches!(done, Err(Error::ReadOnly | Error::Replaced | Error::Database(_))) {
                pool.keep(ledger);
            }
            done
        });
        done.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))
    }
}

impl SharedLedger for LedgerPool {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(&self.0.writers, Some(context), work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(&self.0.readers, Some(context), |ledger| work(ledger)).await
    }
}

impl Pool {
    /// Sets the merchant and the actor of a connection.
    fn select(&self, ledger: &mut Ledger, context: Option<Context>) -> Result<(), Error> {
        let Some(Context { merchant, actor }) = context else { return Ok(()) };
        let known = self.merchants().get(&merchant).copied();
        let id = match known {
            Some(id) => id,
            None => {
                let id = ledger.merchant(&merchant)?;
                self.merchants().insert(merchant, id);
                id
            }
        };
        ledger.act_for(id, &actor);
        Ok(())
    }

    fn merchants(&self) -> MutexGuard<'_, BTreeMap<MerchantName, MerchantRowId>> {
        self.merchants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs each new invalid row once.
    fn note(&self, rows: Vec<InvalidRow>) {
        for row in rows {
            if self.invalid_rows().insert(row.clone()) {
                tracing::error!(%row, "skipping an invalid row until it is corrected");
            }
        }
    }

    fn pay_links(&self) -> MutexGuard<'_, Option<PayLinks>> {
        self.pay_links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn invalid_rows(&self) -> MutexGuard<'_, BTreeSet<InvalidRow>> {
        self.invalid_rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Ledger>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Ledger> {
        self.idle().pop()
    }

    fn keep(&self, ledger: Ledger) {
        self.idle().push(ledger);
    }
}

fn semaphore(permits: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(permits).unwrap_or(usize::MAX)))
}
