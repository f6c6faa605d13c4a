//! How often a key may make checks: for each invoice and over all invoices, processes and restarts.

mod file;
mod history;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{Error, PauseCause, Reason};
use crate::limits;
use crate::schedule::Schedule;
use history::{Asked, History, Paused};

pub(crate) use history::{MAX_RETRY_AFTER, Request};

/// The number of checks that a key may make in a minute. Further checks wait, first come first
/// served.
///
/// It also keeps the gaps between checks of one invoice, and the pauses that the provider asks for.
/// By default it is stored in a small locked file for each key, so it applies to all processes of a
/// user and after restarts; see [`ClientBuilder::state_dir`](crate::ClientBuilder::state_dir) for
/// the folder. If the file cannot be written, it logs one warning and keeps the budget in memory.
/// Clones share one budget.
///
/// ```
/// use qris_api::{ApiKey, CheckBudget, Client, MerchantId};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .budget(CheckBudget::per_minute(30))
///     .build()?;
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CheckBudget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    per_minute: usize,
    place: Place,
    /// The checks of this process, in monotonic time, which does not change if the host's clock is
    /// set.
    memory: Mutex<History>,
    has_warned: AtomicBool,
    has_pruned: AtomicBool,
    /// Whether a refusal of a key is known that no create has ended.
    has_refused: AtomicBool,
}

#[derive(Clone, Debug)]
enum Place {
    Memory,
    /// The folder of the client.
    StateDir,
    Folder(PathBuf),
}

/// The key of a budget.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// Different for each host and key: the name of the file.
    pub(crate) digest: String,
    /// Different for each host and merchant ID: a refusal of one does not stop the other.
    pub(crate) account: String,
    /// The folder of the client.
    pub(crate) state_dir: PathBuf,
}

/// The default folder of a client.
pub(crate) fn default_state_dir() -> PathBuf {
    file::default_folder(|name| std::env::var(name).ok())
}

/// The permission to send one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    Usual,
    /// The request tests a key that was refused.
    Probe,
}

impl CheckBudget {
    /// A budget of this many checks in any 60 seconds, at least one, stored in the client's [state
    /// folder](crate::ClientBuilder::state_dir).
    pub fn per_minute(checks: u32) -> Self {
        Self::new(checks, Place::StateDir)
    }

    /// The same, stored in this folder. The first check creates the folder.
    pub fn in_folder(folder: impl Into<PathBuf>, checks_per_minute: u32) -> Self {
        Self::new(checks_per_minute, Place::Folder(folder.into()))
    }

    /// The same, in memory only: other processes, other clients without a clone of it, and this
    /// program after a restart do not know about its checks. The provider counts all of them.
    pub fn in_memory(checks_per_minute: u32) -> Self {
        Self::new(checks_per_minute, Place::Memory)
    }

    fn new(checks: u32, place: Place) -> Self {
        Self(Arc::new(Shared {
            per_minute: usize::try_from(checks).unwrap_or(usize::MAX).max(1),
            place,
            memory: Mutex::default(),
            has_warned: AtomicBool::new(false),
            has_pruned: AtomicBool::new(false),
            has_refused: AtomicBool::new(false),
        }))
    }

    /// Waits until an invoice may be checked. Dropping the future gives the place to others.
    pub(crate) async fn check(
        &self,
        clock: &Clock,
        key: &Key,
        request: Request<'_>,
    ) -> Result<Permit, Error> {
        self.pass_pauses(clock, key, request.schedule).await?;
        let mut turn = loop {
            let now = clock.elapsed();
            let taken = self.memory().take_invoice(now, &request);
            match taken {
                Ok(before) => {
                    let invoice = Some((request.invoice, before));
                    break Reservation { budget: self, invoice_at: now, invoice, at: None };
                }
                Err(wait) => clock.sleep(wait).await,
            }
        };
        turn.request(clock, key, &request).await
    }

    /// Waits until one more request may be sent for a check that [`check`](Self::check) allowed.
    pub(crate) async fn further_day(
        &self,
        clock: &Clock,
        key: &Key,
        request: Request<'_>,
    ) -> Result<Permit, Error> {
        let mut turn =
            Reservation { budget: self, invoice_at: clock.elapsed(), invoice: None, at: None };
        turn.request(clock, key, &request).await
    }

    async fn pass_pauses(
        &self,
        clock: &Clock,
        key: &Key,
        schedule: &Schedule,
    ) -> Result<(), Error> {
        self.memory().paused(clock.elapsed(), &key.account).map_err(error)?;
        let Some(mut locked) = self.open(key).await else { return Ok(()) };
        let now = wall(clock);
        if locked.history.tidy(now, schedule) {
            self.save(&mut locked);
        }
        let paused = locked.history.paused(now, &key.account);
        if let Err(Paused { cause: PauseCause::Refused(_), .. }) = &paused {
            self.0.has_refused.store(true, Ordering::Relaxed);
        }
        paused.map_err(error)
    }

    /// Pauses the key's checks for a `Retry-After` of the provider.
    pub(crate) async fn retry_after(&self, clock: &Clock, key: &Key, wait: Duration) {
        self.memory().retry_after(clock.elapsed(), wait);
        self.change(key, |history| history.retry_after(wall(clock), wait)).await;
    }

    /// Pauses the key's checks: the provider refused the key or the merchant ID.
    pub(crate) async fn refused(&self, clock: &Clock, key: &Key, reason: &Reason) {
        self.0.has_refused.store(true, Ordering::Relaxed);
        self.memory().refused(clock.elapsed(), &key.account, reason.clone());
        self.change(key, |history| history.refused(wall(clock), &key.account, reason.clone()))
            .await;
    }

    /// Ends the pause: the key was refused earlier and is accepted again.
    pub(crate) async fn accepted(&self, key: &Key) {
        self.memory().accepted(&key.account);
        self.change(key, |history| history.accepted(&key.account)).await;
    }

    /// A create succeeded, which shows that the key is accepted.
    pub(crate) async fn created(&self, key: &Key) {
        // Usually there is nothing to end, and the file is not opened.
        if self.0.has_refused.swap(false, Ordering::Relaxed) {
            self.accepted(key).await;
        }
    }

    fn memory(&self) -> MutexGuard<'_, History> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder<'a>(&'a self, key: &'a Key) -> Option<&'a Path> {
        match &self.0.place {
            Place::Memory => None,
            Place::StateDir => Some(&key.state_dir),
            Place::Folder(folder) => Some(folder),
        }
    }

    /// The locked file of the key, or `None` if there is no usable file.
    async fn open(&self, key: &Key) -> Option<file::Locked> {
        let folder = self.folder(key)?;
        if !self.0.has_pruned.swap(true, Ordering::Relaxed) {
            file::prune(folder);
        }
        match file::Locked::open(&file::path(folder, &key.digest)).await {
            Ok(locked) => {
                if locked.is_new_start {
                    self.warn("the file of the check budget could not be read: it starts empty");
                }
                Some(locked)
            }
            Err(error) => {
                self.unusable(&error);
                None
            }
        }
    }

    fn save(&self, locked: &mut file::Locked) {
        if let Err(error) = locked.save() {
            self.unusable(&error);
        }
    }

    async fn change(&self, key: &Key, change: impl FnOnce(&mut History)) {
        if let Some(mut locked) = self.open(key).await {
            change(&mut locked.history);
            self.save(&mut locked);
        }
    }

    fn unusable(&self, error: &std::io::Error) {
        self.warn(&format!(
            "the check budget is kept in memory only, so other processes do not share it: its \
             file cannot be used ({})",
            error.kind()
        ));
    }

    fn warn(&self, message: &str) {
        if !self.0.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!("{message}");
        }
    }
}

impl Default for CheckBudget {
    /// [`CHECKS_PER_MINUTE`](limits::CHECKS_PER_MINUTE), kept in the client's state folder.
    fn default() -> Self {
        Self::per_minute(limits::CHECKS_PER_MINUTE)
    }
}

/// The host's clock, because all processes share it.
fn wall(clock: &Clock) -> Duration {
    let since_1970 = clock.now().duration_since(jiff::Timestamp::UNIX_EPOCH);
    Duration::try_from(since_1970).unwrap_or_default()
}

fn error(Paused { wait, cause }: Paused) -> Error {
    Error::Paused { wait, cause }
}

/// A reserved check that waits for its time. Dropping it before gives the reservation back.
struct Reservation<'a> {
    budget: &'a CheckBudget,
    /// The reserved check of the invoice, and the invoice's earlier entry.
    invoice: Option<(u64, Option<Asked>)>,
    invoice_at: Duration,
    /// The reserved request of the budget.
    at: Option<Duration>,
}

impl Reservation<'_> {
    async fn request(
        &mut self,
        clock: &Clock,
        key: &Key,
        request: &Request<'_>,
    ) -> Result<Permit, Error> {
        let Shared { per_minute, .. } = *self.budget.0;
        let now = clock.elapsed();
        let at = self.budget.memory().reserve(now, per_minute, request.schedule);
        self.at = Some(at);
        if at > now {
            clock.sleep(at - now).await;
        }
        let shared = self.request_in_file(clock, key, request).await?;
        let now = clock.elapsed();
        let mut memory = self.budget.memory();
        memory.paused(now, &key.account).map_err(error)?;
        memory.made(at, now);
        if let Some((invoice, _)) = self.invoice.take() {
            memory.moved(invoice, self.invoice_at, now);
        }
        self.at = None;
        let probes = memory.probe(now, &key.account);
        Ok(if probes { Permit::Probe } else { shared })
    }

    /// Waits until the shared file allows the request too.
    async fn request_in_file(
        &self,
        clock: &Clock,
        key: &Key,
        request: &Request<'_>,
    ) -> Result<Permit, Error> {
        let further_day = self.invoice.is_none();
        loop {
            let Some(mut locked) = self.budget.open(key).await else { return Ok(Permit::Usual) };
            let now = wall(clock);
            let was_moved = locked.history.tidy(now, request.schedule);
            locked.history.paused(now, &key.account).map_err(error)?;
            let taken = locked.history.take(now, self.budget.0.per_minute, request, further_day);
            let probes = taken.is_ok() && locked.history.probe(now, &key.account);
            if taken.is_ok() || was_moved {
                self.budget.save(&mut locked);
            }
            drop(locked);
            match taken {
                Ok(()) => return Ok(if probes { Permit::Probe } else { Permit::Usual }),
                Err(wait) => clock.sleep(wait).await,
            }
        }
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut memory = self.budget.memory();
        if let Some(at) = self.at {
            memory.give_back(at);
        }
        if let Some((invoice, before)) = self.invoice {
            memory.undo_take_invoice(invoice, self.invoice_at, before);
        }
    }
}
