//! Forking: databases are closed during a fork.
//!
//! If a SQLite file is open during a fork, only the parent holds its locks, and the child does not
//! know that. So the connections are closed before, and both processes open new ones.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use qris_orders::Suspended;

use super::shared::Cell;
use crate::call::runtime;

/// How long a fork waits for running work: SQLite waits for ten seconds at most.
const LIMIT: Duration = Duration::from_secs(15);

/// The orders of this process.
static OPENED: Mutex<Vec<Weak<Cell>>> = Mutex::new(Vec::new());

/// The orders to close during a fork.
static CLOSED: Mutex<Vec<Suspended>> = Mutex::new(Vec::new());

/// Whether something was still open during the last fork.
static WAS_BUSY: AtomicBool = AtomicBool::new(false);

/// Registers orders to close before a fork.
pub(super) fn register(cell: Cell) -> Arc<Cell> {
    let cell = Arc::new(cell);
    let mut opened = lock(&OPENED);
    opened.retain(|known| known.strong_count() > 0);
    opened.push(Arc::downgrade(&cell));
    cell
}

/// Checks that orders may be opened in a forked process.
pub(super) fn ensure_was_idle() -> PyResult<()> {
    match WAS_BUSY.load(Ordering::Relaxed) {
        false => Ok(()),
        true => Err(PyRuntimeError::new_err(
            "expected a database that nobody used when the process forked, found one in use: open \
             the orders after the fork",
        )),
    }
}

#[pyfunction]
pub(crate) fn before_fork(py: Python<'_>) -> PyResult<()> {
    let cells: Vec<_> = lock(&OPENED).iter().filter_map(Weak::upgrade).collect();
    let opened: Vec<_> = cells.iter().filter_map(|cell| cell.get().cloned()).collect();
    WAS_BUSY.store(false, Ordering::Relaxed);
    if opened.is_empty() {
        return Ok(());
    }
    let runtime = runtime()?;
    let closed = py.detach(|| {
        runtime.block_on(async {
            let mut closed = Vec::new();
            for orders in opened {
                closed.push(orders.suspend(LIMIT).await);
            }
            closed
        })
    });
    WAS_BUSY.store(closed.iter().any(Option::is_none), Ordering::Relaxed);
    lock(&CLOSED).extend(closed.into_iter().flatten());
    Ok(())
}

#[pyfunction]
pub(crate) fn after_fork_in_parent() {
    lock(&CLOSED).clear();
}

#[pyfunction]
pub(crate) fn after_fork_in_child() {
    // Dropping them would wake the parent's tasks.
    std::mem::forget(std::mem::take(&mut *lock(&CLOSED)));
    lock(&OPENED).clear();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
