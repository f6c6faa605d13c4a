//! The ledger, for many at a time.

use std::sync::{Arc, Mutex, PoisonError};

use qris_ledger::{Error, Ledger};
use tokio::sync::Semaphore;

/// Connections to the books that are kept, and as many more as are needed up to a limit.
#[derive(Debug)]
pub(crate) struct Books {
    url: String,
    idle: Mutex<Vec<Ledger>>,
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
        let books = Arc::new(Self {
            url,
            idle: Mutex::default(),
            writers: Arc::new(Semaphore::new(writers)),
            readers: Arc::new(Semaphore::new(READERS)),
        });
        books.read(|ledger| ledger.ping()).await?;
        Ok(books)
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
                None => Ledger::connect(&books.url)?,
            };
            let done = work(&mut ledger);
            books.keep(ledger);
            done
        });
        done.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))
    }

    fn kept(&self) -> Option<Ledger> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, ledger: Ledger) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(ledger);
    }
}
