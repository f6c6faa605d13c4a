//! What time it is, and waiting: the system's time, or one that a test moves by hand.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The clock that a client goes by.
///
/// ```
/// use qris_api::clock::{Clock, ManualClock};
///
/// let hand = ManualClock::starting_at("2026-11-22T23:59:00+07:00".parse()?);
/// let clock: Clock = hand.clock();
/// hand.set("2026-11-23T00:00:00+07:00".parse()?);
/// assert_eq!(clock.now().to_string(), "2026-11-22T17:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<Manual>),
}

/// All system clocks of a process count from here, so that they can share a budget.
static PROCESS_START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The system's timers stand still while a machine sleeps, so long waits look up in between.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Manual(manual) => manual.at(manual.elapsed()),
        }
    }

    /// The time that has passed since some fixed moment; it never goes back.
    pub(crate) fn elapsed(&self) -> Duration {
        match &self.0 {
            Source::System => PROCESS_START.elapsed(),
            Source::Manual(manual) => manual.elapsed(),
        }
    }

    /// Waits for this long.
    pub(crate) async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::System => tokio::time::sleep(duration).await,
            Source::Manual(manual) => {
                let until = manual.elapsed().saturating_add(duration);
                manual.sleep_until(until).await;
            }
        }
    }

    /// Waits until a moment, which may have passed.
    pub(crate) async fn sleep_until(&self, moment: Timestamp) {
        loop {
            let left = Duration::try_from(moment.duration_since(self.now())).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            match &self.0 {
                Source::System => self.sleep(left.min(LONGEST_SLEEP)).await,
                Source::Manual(_) => self.sleep(left).await,
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// Moves a [`Clock`] by hand, so that an hour of waiting takes milliseconds.
///
/// Whoever moves it waits with [`asleep`](Self::asleep) until everybody who goes by the clock has
/// done what there was to do, and then moves it to the moment at which the first wants to wake.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Manual>);

#[derive(Debug)]
struct Manual {
    start: Timestamp,
    /// How far the clock has been moved.
    elapsed: watch::Sender<Duration>,
    /// Who wants to wake when, each under a number of its own.
    sleepers: Mutex<BTreeSet<(Duration, u64)>>,
    /// Counts the goings to sleep, so that they can be waited for.
    falls_asleep: watch::Sender<u64>,
}

impl ManualClock {
    /// A clock that stands at this moment.
    pub fn starting_at(start: Timestamp) -> Self {
        Self(Arc::new(Manual {
            start,
            elapsed: watch::Sender::new(Duration::ZERO),
            sleepers: Mutex::default(),
            falls_asleep: watch::Sender::new(0),
        }))
    }

    /// The clock to hand out.
    pub fn clock(&self) -> Clock {
        Clock(Source::Manual(Arc::clone(&self.0)))
    }

    /// Moves the clock to a moment and wakes whoever waits for one up to it. It never goes back.
    pub fn set(&self, now: Timestamp) {
        let elapsed = Duration::try_from(now.duration_since(self.0.start)).unwrap_or_default();
        let mut sleepers = self.0.sleepers();
        // Whoever is due counts as awake from here on, not from when its task gets to run.
        *sleepers = sleepers.split_off(&(elapsed, u64::MAX));
        drop(sleepers);
        self.0.elapsed.send_if_modified(|at| {
            let later = elapsed > *at;
            *at = (*at).max(elapsed);
            later
        });
    }

    /// Waits until at least this many wait for the clock, and says when the first wants to wake.
    pub async fn asleep(&self, sleepers: usize) -> Timestamp {
        let mut falls_asleep = self.0.falls_asleep.subscribe();
        loop {
            falls_asleep.mark_unchanged();
            let first = {
                let asleep = self.0.sleepers();
                let first = asleep.first().map(|&(until, _)| until);
                first.filter(|_| asleep.len() >= sleepers)
            };
            if let Some(until) = first {
                return self.0.at(until);
            }
            // The sender lives as long as `self`, so there is nothing to do about an error.
            falls_asleep.changed().await.ok();
        }
    }
}

impl Manual {
    fn elapsed(&self) -> Duration {
        *self.elapsed.borrow()
    }

    fn at(&self, elapsed: Duration) -> Timestamp {
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        self.start.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn sleepers(&self) -> MutexGuard<'_, BTreeSet<(Duration, u64)>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep_until(&self, until: Duration) {
        if until <= self.elapsed() {
            return;
        }
        let mut number = 0;
        self.falls_asleep.send_modify(|count| {
            *count += 1;
            number = *count;
        });
        let _asleep = Asleep::enter(self, (until, number));
        let mut elapsed = self.elapsed.subscribe();
        elapsed.wait_for(|&now| now >= until).await.ok();
    }
}

/// Somebody who waits; dropping it is waking, or giving up.
struct Asleep<'a> {
    manual: &'a Manual,
    entry: (Duration, u64),
}

impl<'a> Asleep<'a> {
    fn enter(manual: &'a Manual, entry: (Duration, u64)) -> Self {
        manual.sleepers().insert(entry);
        manual.falls_asleep.send_modify(|_| ());
        Self { manual, entry }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.manual.sleepers().remove(&self.entry);
    }
}
