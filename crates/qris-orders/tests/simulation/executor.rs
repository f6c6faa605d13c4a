//! One thread, no real time: futures are polled by hand, in an order that the seed chooses.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::random::Chance;

/// Locks a value that only this thread uses.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    match mutex.try_lock() {
        Ok(guard) => guard,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        // There is no other thread to wait for.
        Err(TryLockError::WouldBlock) => panic!("it is locked already, by this thread"),
    }
}

/// The owner of a task. When a process is killed, its tasks are dropped at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Owner(pub(crate) usize);

/// The payers, the cashiers, the provider's webhooks: these are never killed.
pub(crate) const WORLD: Owner = Owner(usize::MAX);

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    owner: Owner,
    job: Job,
    signal: Arc<Signal>,
}

/// Wakes a task: adds it to the ready ones, once.
struct Signal {
    task: usize,
    is_ready: AtomicBool,
    ready: Arc<Mutex<Vec<usize>>>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_ready.swap(true, Relaxed) {
            lock(&self.ready).push(self.task);
        }
    }
}

/// Virtual time, and requests to the executor. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Shared>);

struct Shared {
    nanos: AtomicU64,
    timers: Mutex<Timers>,
    wanted: Mutex<Wanted>,
    ready: Arc<Mutex<Vec<usize>>>,
}

#[derive(Default)]
struct Timers {
    count: u64,
    heap: BinaryHeap<Reverse<Timer>>,
}

struct Timer {
    at: u64,
    count: u64,
    waker: Waker,
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.count) == (other.at, other.count)
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.count).cmp(&(other.at, other.count))
    }
}

#[derive(Default)]
struct Wanted {
    spawned: Vec<(Owner, Job)>,
    killed: Vec<Owner>,
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Handle {
    fn new() -> Self {
        Self(Arc::new(Shared {
            nanos: AtomicU64::new(0),
            timers: Mutex::default(),
            wanted: Mutex::default(),
            ready: Arc::default(),
        }))
    }

    /// Virtual time since the run began.
    pub(crate) fn now(&self) -> Duration {
        Duration::from_nanos(self.0.nanos.load(Relaxed))
    }

    pub(crate) fn spawn(&self, owner: Owner, job: impl Future<Output = ()> + Send + 'static) {
        lock(&self.0.wanted).spawned.push((owner, Box::pin(job)));
    }

    /// Drops all tasks of an owner before anything else is polled.
    pub(crate) fn kill(&self, owner: Owner) {
        lock(&self.0.wanted).killed.push(owner);
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        self.sleep_until(self.now().saturating_add(time)).await;
    }

    pub(crate) async fn sleep_until(&self, until: Duration) {
        let at = nanos(until);
        let mut is_set = false;
        poll_fn(|context: &mut Context<'_>| {
            if self.0.nanos.load(Relaxed) >= at {
                return Poll::Ready(());
            }
            if !is_set {
                is_set = true;
                let mut timers = lock(&self.0.timers);
                timers.count += 1;
                let count = timers.count;
                let waker = context.waker().clone();
                timers.heap.push(Reverse(Timer { at, count, waker }));
            }
            Poll::Pending
        })
        .await;
    }

    /// Lets the seed choose which of the ready tasks continues, this one included.
    pub(crate) async fn step(&self) {
        let mut has_passed = false;
        poll_fn(|context: &mut Context<'_>| {
            if std::mem::replace(&mut has_passed, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Never completes: the task is about to be dropped.
    pub(crate) async fn never(&self) {
        std::future::pending::<()>().await;
    }
}

/// Polls the tasks of one run.
pub(crate) struct Executor {
    handle: Handle,
    tasks: Vec<Option<Task>>,
    free: Vec<usize>,
    chance: Chance,
    polls: u64,
}

/// A run with this many polls does not end by itself.
const MOST_POLLS: u64 = 3_000_000;

impl Executor {
    pub(crate) fn new(chance: Chance) -> Self {
        let handle = Handle::new();
        Self { handle, tasks: Vec::new(), free: Vec::new(), chance, polls: 0 }
    }

    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Runs until this moment, or until `is_over`, or until nothing is left to do.
    ///
    /// `false` if the tasks keep each other busy without end.
    pub(crate) fn run_until(&mut self, end: Duration, is_over: &dyn Fn() -> bool) -> bool {
        let end = nanos(end);
        loop {
            self.admit();
            if is_over() {
                return true;
            }
            let next = {
                let mut ready = lock(&self.handle.0.ready);
                let count = ready.len();
                (count > 0).then(|| {
                    let at = if count == 1 { 0 } else { self.chance.index(count) };
                    ready.swap_remove(at)
                })
            };
            match next {
                Some(task) => self.poll(task),
                None if self.advance(end) => {}
                None => return true,
            }
            if self.polls > MOST_POLLS {
                return false;
            }
        }
    }

    /// Adds spawned tasks, and drops killed ones.
    fn admit(&mut self) {
        loop {
            let wanted = std::mem::take(&mut *lock(&self.handle.0.wanted));
            if wanted.spawned.is_empty() && wanted.killed.is_empty() {
                return;
            }
            for owner in wanted.killed {
                for at in 0..self.tasks.len() {
                    if self.tasks[at].as_ref().is_some_and(|task| task.owner == owner) {
                        self.remove(at);
                    }
                }
            }
            for (owner, job) in wanted.spawned {
                let at = self.free.pop().unwrap_or(self.tasks.len());
                let ready = Arc::clone(&self.handle.0.ready);
                let signal = Arc::new(Signal { task: at, is_ready: AtomicBool::new(true), ready });
                let task = Some(Task { owner, job, signal });
                match self.tasks.get_mut(at) {
                    Some(slot) => *slot = task,
                    None => self.tasks.push(task),
                }
                lock(&self.handle.0.ready).push(at);
            }
        }
    }

    fn remove(&mut self, at: usize) {
        if let Some(task) = self.tasks[at].take() {
            // An old waker must not wake the next task in this place.
            task.signal.is_ready.store(true, Relaxed);
            lock(&self.handle.0.ready).retain(|&ready| ready != at);
            self.free.push(at);
        }
    }

    fn poll(&mut self, at: usize) {
        self.polls += 1;
        let Some(task) = self.tasks.get_mut(at).and_then(Option::as_mut) else { return };
        task.signal.is_ready.store(false, Relaxed);
        let waker = Waker::from(Arc::clone(&task.signal));
        let done = task.job.as_mut().poll(&mut Context::from_waker(&waker));
        if done.is_ready() {
            self.remove(at);
        }
    }

    /// Moves time to the next sleeper; `false` if that is not before the end.
    fn advance(&mut self, end: u64) -> bool {
        let shared = &self.handle.0;
        let mut timers = lock(&shared.timers);
        let due = timers.heap.peek().map(|Reverse(timer)| timer.at);
        let Some(at) = due.filter(|&at| at < end) else {
            shared.nanos.fetch_max(end, Relaxed);
            return false;
        };
        shared.nanos.fetch_max(at, Relaxed);
        while timers.heap.peek().is_some_and(|Reverse(timer)| timer.at <= at) {
            if let Some(Reverse(timer)) = timers.heap.pop() {
                timer.waker.wake();
            }
        }
        true
    }
}

/// The result that a task sends to the one that waits for it, if it lives long enough.
pub(crate) struct Reply<T>(Arc<Mutex<Slot<T>>>);

enum Slot<T> {
    Waiting(Option<Waker>),
    Sent(T),
    Gone,
}

/// The other end of a [`Reply`]. Dropping it means that there will be no result.
pub(crate) struct Answer<T>(Arc<Mutex<Slot<T>>>);

pub(crate) fn reply<T>() -> (Answer<T>, Reply<T>) {
    let slot = Arc::new(Mutex::new(Slot::Waiting(None)));
    (Answer(Arc::clone(&slot)), Reply(slot))
}

impl<T> Answer<T> {
    pub(crate) fn send(self, value: T) {
        self.set(Slot::Sent(value));
    }

    fn set(&self, new: Slot<T>) {
        let mut slot = lock(&self.0);
        let Slot::Waiting(waker) = &mut *slot else { return };
        let waker = waker.take();
        *slot = new;
        drop(slot);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        self.set(Slot::Gone);
    }
}

impl<T> Reply<T> {
    /// The result; `None` if the sender was killed.
    pub(crate) async fn get(self) -> Option<T> {
        poll_fn(|context: &mut Context<'_>| {
            let mut slot = lock(&self.0);
            match std::mem::replace(&mut *slot, Slot::Gone) {
                Slot::Waiting(_) => {
                    *slot = Slot::Waiting(Some(context.waker().clone()));
                    Poll::Pending
                }
                Slot::Sent(value) => Poll::Ready(Some(value)),
                Slot::Gone => Poll::Ready(None),
            }
        })
        .await
    }
}
