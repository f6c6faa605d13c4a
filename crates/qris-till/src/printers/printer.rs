//! A printer's queue and state.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qris_api::WibTime;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::error::PrinterError;
use super::settings::PrinterSettings;

/// The maximum number of waiting jobs of a printer.
pub(super) const MAX_QUEUED: usize = 50;

/// All commands for one receipt.
type Commands = Vec<u8>;

/// The printers of a till.
#[derive(Debug, Default)]
pub(crate) struct Printers(Vec<Arc<Printer>>);

impl Printers {
    /// Creates the queues. Nothing is printed until [`run`](super::queue::run) works on each.
    pub(crate) fn new(settings: Vec<PrinterSettings>) -> (Self, Vec<Queue>) {
        let (printers, queues) = settings
            .into_iter()
            .map(|settings| {
                let (sender, jobs) = mpsc::channel(MAX_QUEUED);
                let printer = Printer { settings, jobs: sender, state: Mutex::default() };
                let printer = Arc::new(printer);
                (Arc::clone(&printer), Queue { printer, jobs })
            })
            .unzip();
        (Self(printers), queues)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Printer> {
        self.0.iter().map(Arc::as_ref)
    }
}

/// A handle of a printer.
#[derive(Debug)]
pub(crate) struct Printer {
    pub(super) settings: PrinterSettings,
    jobs: mpsc::Sender<Job>,
    state: Mutex<State>,
}

/// The state of a printer.
#[derive(Debug, Default)]
struct State {
    /// The number of jobs that wait or are printing.
    queued: usize,
    /// Whether the last try failed.
    is_failing: bool,
    last_error: Option<(PrinterError, WibTime)>,
}

/// The receiving end of a printer's queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(super) printer: Arc<Printer>,
    pub(super) jobs: mpsc::Receiver<Job>,
}

#[derive(Debug)]
pub(super) struct Job {
    pub(super) commands: Commands,
    pub(super) queued_at: Instant,
}

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Printer {
    /// Queues a job.
    pub(super) fn submit(&self, commands: Commands) -> Result<(), Busy> {
        // Counted first, so that the count is never negative.
        self.state().queued += 1;
        let queued = self.jobs.try_send(Job { commands, queued_at: Instant::now() });
        queued.map_err(|_| {
            self.state().queued -= 1;
            Busy
        })
    }

    /// Its JSON for the API.
    pub(super) fn json(&self) -> Value {
        let state = self.state();
        let word = match (state.is_failing, state.queued) {
            (true, _) => "away",
            (false, 0) => "ok",
            (false, _) => "busy",
        };
        let error = state.last_error.map(|(error, at)| {
            json!({"error": error.as_str(), "message": error.to_string(), "at": at.to_string()})
        });
        json!({
            "name": self.settings.name.as_str(),
            "width": crate::receipt::millimetres(self.settings.paper),
            "auto": self.settings.auto,
            "state": word,
            "queued": state.queued,
            "last_error": error,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a finished job.
    pub(super) fn finished(&self) {
        self.state().queued -= 1;
    }

    /// Stores the result of a try, and logs a change.
    pub(super) fn note(&self, tried: Result<(), PrinterError>) {
        let printer = self.settings.name.as_str();
        let mut state = self.state();
        let was_failing = std::mem::replace(&mut state.is_failing, tried.is_err());
        let before = state.last_error;
        match tried {
            Ok(()) if was_failing => tracing::info!(printer, "the printer prints again"),
            Ok(()) => {}
            Err(error) => {
                state.last_error = Some((error, WibTime::now()));
                if !was_failing || before.is_none_or(|(known, _)| known != error) {
                    tracing::warn!(printer, code = error.as_str(), "nothing is printed: {error}");
                }
            }
        }
    }
}
