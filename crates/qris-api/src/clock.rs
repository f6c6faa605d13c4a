//! The clock: the system's, or a manual one for tests.

#[cfg(feature = "test-util")]
mod manual;

#[cfg(feature = "test-util")]
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

#[cfg(feature = "test-util")]
pub use self::manual::ManualClock;

/// The clock of a client. With the feature `test-util`, a test can move a clock manually:
///
/// ```
/// # #[cfg(feature = "test-util")] {
/// use qris_api::clock::{Clock, ManualClock};
///
/// let hand = ManualClock::starting_at("2026-11-22T23:59:00+07:00".parse()?);
/// let clock: Clock = hand.clock();
/// hand.set("2026-11-23T00:00:00+07:00".parse()?);
/// assert_eq!(clock.now().to_string(), "2026-11-22T17:00:00Z");
/// # }
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    #[cfg(feature = "test-util")]
    Manual(Arc<manual::Manual>),
}

/// All system clocks of a process count from here, so they can share a budget.
static PROCESS_START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Timers stop while the machine sleeps, so long waits check the time in between.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// If the host's clock advanced by this much more than the timers, the machine slept.
const MACHINE_SLEPT: SignedDuration = SignedDuration::from_secs(60);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            #[cfg(feature = "test-util")]
            Source::Manual(manual) => manual.at(manual.elapsed()),
        }
    }

    /// The time since a fixed moment. It never goes back.
    pub(crate) fn elapsed(&self) -> Duration {
        match &self.0 {
            Source::System => PROCESS_START.elapsed(),
            #[cfg(feature = "test-util")]
            Source::Manual(manual) => manual.elapsed(),
        }
    }

    /// Waits for this duration.
    pub(crate) async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::System => tokio::time::sleep(duration).await,
            #[cfg(feature = "test-util")]
            Source::Manual(manual) => {
                let until = manual.elapsed().saturating_add(duration);
                manual.sleep_until(until).await;
            }
        }
    }

    /// Waits until this much has [`elapsed`](Self::elapsed), or until the machine has slept in
    /// between.
    pub(crate) async fn sleep_until(&self, elapsed: Duration) {
        #[cfg(feature = "test-util")]
        if let Source::Manual(manual) = &self.0 {
            return manual.sleep_until(elapsed).await;
        }
        loop {
            let before = (self.now(), self.elapsed());
            let left = elapsed.saturating_sub(before.1);
            if left.is_zero() {
                return;
            }
            self.sleep(left.min(MAX_SLEEP)).await;
            let slept = self.elapsed().saturating_sub(before.1);
            let slept = SignedDuration::try_from(slept).unwrap_or(SignedDuration::MAX);
            if self.now().duration_since(before.0).saturating_sub(slept) > MACHINE_SLEPT {
                return;
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(feature = "test-util")]
impl ManualClock {
    /// The clock for a client.
    pub fn clock(&self) -> Clock {
        Clock(Source::Manual(Arc::clone(&self.0)))
    }
}
