//! A clock that a test moves.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Moves a [`Clock`](super::Clock) in a test, so that an hour of waiting takes milliseconds.
///
/// A test waits with [`asleep`](Self::asleep) until all tasks wait for the clock, and then moves it to
/// the time at which the first of them wakes.
///
/// See [`Clock`](super::Clock) for an example.
#[derive(Clone, Debug)]
pub struct ManualClock(pub(super) Arc<Manual>);

#[derive(Debug)]
pub(super) struct Manual {
    start: Timestamp,
    /// How far the wall clock was set ahead or back.
    jumped: Mutex<SignedDuration>,
    /// How far the clock was moved.
    elapsed: watch::Sender<Duration>,
    /// When each sleeper wakes, with its own number.
    sleepers: Mutex<BTreeSet<(Duration, u64)>>,
    /// Counts the sleepers, so that a test can wait for them.
    falls_asleep: watch::Sender<u64>,
}

impl ManualClock {
    /// A clock that starts at this time.
    pub fn starting_at(start: Timestamp) -> Self {
        Self(Arc::new(Manual {
            start,
            jumped: Mutex::new(SignedDuration::ZERO),
            elapsed: watch::Sender::new(Duration::ZERO),
            sleepers: Mutex::default(),
            falls_asleep: watch::Sender::new(0),
        }))
    }

    /// Moves the clock to a time and wakes all tasks that wait for it or an earlier time. It never
    /// goes back.
    pub fn set(&self, now: Timestamp) {
        let elapsed = now.duration_since(self.0.start).saturating_sub(self.0.jumped());
        let elapsed = Duration::try_from(elapsed).unwrap_or_default();
        let mut sleepers = self.0.sleepers();
        // A due task counts as awake from here on, not only when it runs.
        *sleepers = sleepers.split_off(&(elapsed, u64::MAX));
        drop(sleepers);
        self.0.elapsed.send_if_modified(|at| {
            let later = elapsed > *at;
            *at = (*at).max(elapsed);
            later
        });
    }

    /// Sets the wall clock ahead or back, as NTP or a person does, without moving monotonic time.
    ///
    /// ```
    /// use qris_api::clock::ManualClock;
    ///
    /// let hand = ManualClock::starting_at("2026-11-22T10:00:00+07:00".parse()?);
    /// hand.jump_wall("2h".parse()?);
    /// assert_eq!(hand.clock().now(), "2026-11-22T12:00:00+07:00".parse()?);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn jump_wall(&self, by: SignedDuration) {
        let mut jumped = self.0.jumped.lock().unwrap_or_else(PoisonError::into_inner);
        *jumped = jumped.saturating_add(by);
    }

    /// Waits until at least this many tasks wait for the clock, and returns when the first of them
    /// wakes.
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
            // The sender lives as long as `self`, so this cannot fail.
            falls_asleep.changed().await.ok();
        }
    }
}

impl Manual {
    pub(super) fn elapsed(&self) -> Duration {
        *self.elapsed.borrow()
    }

    pub(super) fn at(&self, elapsed: Duration) -> Timestamp {
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        let elapsed = elapsed.saturating_add(self.jumped());
        self.start.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn jumped(&self) -> SignedDuration {
        *self.jumped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleepers(&self) -> MutexGuard<'_, BTreeSet<(Duration, u64)>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn sleep_until(&self, until: Duration) {
        if until <= self.elapsed() {
            return;
        }
        let mut number = 0;
        self.falls_asleep.send_modify(|count| {
            *count += 1;
            number = *count;
        });
        let _asleep = Sleeper::enter(self, (until, number));
        let mut elapsed = self.elapsed.subscribe();
        elapsed.wait_for(|&now| now >= until).await.ok();
    }
}

/// A sleeping task. It is dropped when the task wakes or gives up.
struct Sleeper<'a> {
    manual: &'a Manual,
    entry: (Duration, u64),
}

impl<'a> Sleeper<'a> {
    fn enter(manual: &'a Manual, entry: (Duration, u64)) -> Self {
        manual.sleepers().insert(entry);
        manual.falls_asleep.send_modify(|_| ());
        Self { manual, entry }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.manual.sleepers().remove(&self.entry);
    }
}
