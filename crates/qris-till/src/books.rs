//! The ledger, for many at a time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qris_ledger::{Error, FileId, Ledger, SetAside};
use tokio::sync::Semaphore;

/// Connections to the books that are kept, and as many more as are needed up to a limit.
#[derive(Debug)]
pub(crate) struct Books {
    url: String,
    /// The file that all of them have open, where it is one.
    file: Option<FileId>,
    idle: Mutex<Vec<Ledger>>,
    /// The rows that were found to make no sense.
    set_aside: Mutex<BTreeSet<SetAside>>,
    writers: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

/// SQLite has one writer at a time: waiting for it here is fairer than trying again and again.
const SQLITE_WRITERS: usize = 1;
const WRITERS: usize = 8;
const READERS: usize = 4;

impl Books {
    pub(crate) async fn open(url: String) -> Result<Arc<Self>, Error> {
        let writers = if url.starts_with("sqlite:") { SQLITE_WRITERS } else { WRITERS };
        let opened = tokio::task::spawn_blocking(move || {
            let ledger = Ledger::connect(&url)?;
            Ok((ledger, url))
        });
        let (ledger, url) =
            opened.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))?;
        Ok(Arc::new(Self {
            url,
            file: ledger.file_id(),
            idle: Mutex::new(vec![ledger]),
            set_aside: Mutex::default(),
            writers: Arc::new(Semaphore::new(writers)),
            readers: Arc::new(Semaphore::new(READERS)),
        }))
    }

    /// Does something that changes the books. It is done even if nobody waits for it any more.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(Arc::clone(&self.writers), work).await
    }

    /// Looks something up.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(Arc::clone(&self.readers), |ledger| work(ledger)).await
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        limit: Arc<Semaphore>,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // Neither the semaphore nor the runtime is closed while somebody is here.
        let permit = limit.acquire_owned().await;
        let books = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut ledger = match books.kept() {
                Some(ledger) => ledger,
                None => Ledger::connect_again(&books.url, books.file)?,
            };
            let done = work(&mut ledger);
            books.note(ledger.take_set_aside());
            // A file that was opened while its disk was read-only stays so; a PostgreSQL
            // connection is made again by its ledger.
            if !matches!(done, Err(Error::ReadOnly | Error::Database(_))) {
                books.keep(ledger);
            }
            done
        });
        done.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))
    }

    /// How many rows are known that make no sense.
    pub(crate) fn set_aside_count(&self) -> usize {
        self.set_aside().len()
    }

    /// Whether no row is known that makes no sense. The ones that were found before are looked at
    /// again: a person may have corrected them.
    pub(crate) async fn all_rows_make_sense(self: &Arc<Self>) -> bool {
        let rows = self.set_aside().clone();
        if rows.is_empty() {
            return true;
        }
        let corrected = self.read(|ledger| {
            let mut corrected = Vec::new();
            for row in rows {
                if !ledger.is_set_aside(&row)? {
                    corrected.push(row);
                }
            }
            Ok(corrected)
        });
        let corrected = corrected.await.unwrap_or_default();
        let mut known = self.set_aside();
        known.retain(|row| !corrected.contains(row));
        known.is_empty()
    }

    /// Raises the alarm for rows that make no sense, once for each.
    fn note(&self, rows: Vec<SetAside>) {
        for row in rows {
            if self.set_aside().insert(row.clone()) {
                tracing::error!(%row, "a row is left out until somebody corrects it");
            }
        }
    }

    fn set_aside(&self) -> MutexGuard<'_, BTreeSet<SetAside>> {
        self.set_aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Ledger> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, ledger: Ledger) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(ledger);
    }
}
