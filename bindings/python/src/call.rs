//! Running calls: they run on their own runtime, and Python waits for their messages.

use std::io;
use std::process;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;

/// The runtime of this process, and the process's id.
static RUNTIME: Mutex<Option<(u32, Runtime)>> = Mutex::new(None);

/// How long a signal may wait, because the interpreter handles signals only when asked.
const SLICE: Duration = Duration::from_millis(20);

/// How long the exit of the program waits for a call that is sending its answer.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// The runtime for calls.
///
/// A forked process has none of its parent's threads, so it starts its own runtime. This is called
/// only while attached to Python, so no thread is in here while another one forks.
pub(crate) fn runtime() -> PyResult<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let own = process::id();
    if let Some((owner, running)) = &*runtime
        && *owner == own
    {
        return Ok(running.handle().clone());
    }
    let fresh = start().map_err(|error| {
        PyOSError::new_err(format!("expected to start a thread for calls, found: {error}"))
    })?;
    let handle = fresh.handle().clone();
    // Dropping the parent's runtime would wait for threads that do not exist.
    std::mem::forget(runtime.replace((own, fresh)));
    Ok(handle)
}

fn start() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).thread_name("qris").enable_all().build()
}

/// Ends the running calls before the interpreter exits: a thread that attaches after that would end
/// the process.
#[pyfunction]
pub(crate) fn shut_down(py: Python<'_>) {
    let runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner).take();
    match runtime {
        Some((owner, running)) if owner == process::id() => {
            py.detach(|| running.shutdown_timeout(END_TIMEOUT));
        }
        // Dropping the parent's runtime would wait for threads that do not exist.
        parents => std::mem::forget(parents),
    }
}

/// A message of a call.
pub(crate) type Said = Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send>;

/// Sends messages of a call, from any thread.
#[derive(Clone)]
pub(crate) struct Voice {
    said: Sender<Said>,
    /// Called without arguments after each message, on the call's thread.
    heard: Option<std::sync::Arc<Py<PyAny>>>,
}

impl Voice {
    pub(crate) fn say(
        &self,
        said: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    ) {
        // There is no receiver any more: the call is about to be cancelled.
        if self.said.send(Box::new(said)).is_err() {
            return;
        }
        if let Some(heard) = &self.heard {
            // `None` while the interpreter shuts down; an error if the event loop is closed.
            // In both cases there is no receiver.
            Python::try_attach(|py| heard.call0(py).map(drop).ok());
        }
    }
}

/// A running call.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Call {
    said: Mutex<Receiver<Said>>,
    task: AbortHandle,
}

impl Call {
    /// Starts a call, which sends its messages and ends.
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        heard: Option<Py<PyAny>>,
        call: impl FnOnce(Voice) -> F,
    ) -> PyResult<Self> {
        let (said, hears) = mpsc::channel();
        let voice = Voice { said, heard: heard.map(std::sync::Arc::new) };
        let task = runtime()?.spawn(call(voice)).abort_handle();
        Ok(Self { said: Mutex::new(hears), task })
    }
}

#[pymethods]
impl Call {
    /// Waits for the next message. A signal is handled at once, and its exception ends the wait.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loop {
            let said = py.detach(|| {
                self.said.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(SLICE)
            });
            match said {
                Ok(said) => return said(py),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => return Err(broken_off()),
            }
        }
    }

    /// The next message, or `None` if there is none yet.
    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).try_recv();
        match said {
            Ok(said) => said(py).map(Some),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(broken_off()),
        }
    }

    /// Ends the call, if it has not ended.
    fn cancel(&self) {
        self.task.abort();
    }
}

fn broken_off() -> PyErr {
    PyRuntimeError::new_err("expected a running call, found one that was cancelled or has ended")
}
