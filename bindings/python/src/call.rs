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
pub(crate) type Message =
    Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send>;

/// Sends messages of a call, from any thread.
#[derive(Clone)]
pub(crate) struct MessageSender {
    messages: Sender<Message>,
    /// Called without arguments after each message, on the call's thread.
    on_ready: Option<std::sync::Arc<Py<PyAny>>>,
}

impl MessageSender {
    pub(crate) fn send(
        &self,
        message: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    ) {
        // There is no receiver any more: the call is about to be cancelled.
        if self.messages.send(Box::new(message)).is_err() {
            return;
        }
        if let Some(on_ready) = &self.on_ready {
            // `None` while the interpreter shuts down; an error if the event loop is closed.
            // In both cases there is no receiver.
            Python::try_attach(|py| on_ready.call0(py).map(drop).ok());
        }
    }
}

/// A running call.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Call {
    messages: Mutex<Receiver<Message>>,
    task: AbortHandle,
}

impl Call {
    /// Starts a call, which sends its messages and ends.
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        on_ready: Option<Py<PyAny>>,
        call: impl FnOnce(MessageSender) -> F,
    ) -> PyResult<Self> {
        let (messages, receiver) = mpsc::channel();
        let sender = MessageSender { messages, on_ready: on_ready.map(std::sync::Arc::new) };
        let task = runtime()?.spawn(call(sender)).abort_handle();
        Ok(Self { messages: Mutex::new(receiver), task })
    }
}

#[pymethods]
impl Call {
    /// Waits for the next message. A signal is handled at once, and its exception ends the wait.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loop {
            let message = py.detach(|| {
                self.messages.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(SLICE)
            });
            match message {
                Ok(message) => return message(py),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => return Err(not_running()),
            }
        }
    }

    /// The next message, or `None` if there is none yet.
    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let message = self.messages.lock().unwrap_or_else(PoisonError::into_inner).try_recv();
        match message {
            Ok(message) => message(py).map(Some),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(not_running()),
        }
    }

    /// Ends the call, if it has not ended.
    fn cancel(&self) {
        self.task.abort();
    }
}

fn not_running() -> PyErr {
    PyRuntimeError::new_err("expected a running call, found one that was cancelled or has ended")
}
