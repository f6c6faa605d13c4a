//! A process: it runs, can be killed between any two steps, and is started again.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::WibTime;
use qris_orders::Clock;

use crate::executor::{Handle, Owner, lock};
use crate::world::World;

/// One life of a process, from its start to its death.
#[derive(Clone)]
pub(crate) struct Life(Arc<Inner>);

struct Inner {
    world: Arc<World>,
    process: usize,
    owner: Owner,
    born: Duration,
    /// The number of steps until it is killed; `u64::MAX` if it will not be.
    steps_left: AtomicU64,
    is_dead: Mutex<bool>,
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.0.process)
    }
}

impl Life {
    pub(crate) fn new(world: Arc<World>, process: usize, owner: Owner) -> Self {
        let born = world.now();
        let steps_left = AtomicU64::new(u64::MAX);
        Self(Arc::new(Inner { world, process, owner, born, steps_left, is_dead: Mutex::default() }))
    }

    /// A point at which others may run and at which this process may be killed.
    pub(crate) async fn step(&self) {
        match self.0.steps_left.load(Relaxed) {
            u64::MAX => {}
            0 => {
                self.die();
                self.0.world.time.never().await;
            }
            left => self.0.steps_left.store(left - 1, Relaxed),
        }
        self.0.world.time.step().await;
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        self.0.world.time.sleep(time).await;
    }

    /// Starts a task that dies with this process.
    pub(crate) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        if !self.is_dead() {
            self.time().spawn(self.0.owner, job);
        }
    }

    /// Kills it after this many more steps.
    pub(crate) fn doom(&self, steps: u64) {
        self.0.steps_left.store(steps, Relaxed);
    }

    pub(crate) fn die(&self) {
        if !std::mem::replace(&mut *lock(&self.0.is_dead), true) {
            self.0.world.tell(|| format!("{self} is killed"));
            self.0.world.time.kill(self.0.owner);
        }
    }

    pub(crate) fn is_dead(&self) -> bool {
        *lock(&self.0.is_dead)
    }

    fn time(&self) -> &Handle {
        &self.0.world.time
    }

    pub(crate) fn world(&self) -> &Arc<World> {
        &self.0.world
    }

    pub(crate) fn process(&self) -> usize {
        self.0.process
    }
}

/// The time as a process knows it.
#[derive(Clone)]
pub(crate) struct SimClock(pub(crate) Life);

impl Clock for SimClock {
    async fn sleep(&self, time: Duration) {
        self.0.sleep(time).await;
    }

    fn elapsed(&self) -> Duration {
        self.0.world().now().saturating_sub(self.0.0.born)
    }

    fn host_time(&self) -> WibTime {
        self.0.world().host_time()
    }
}
