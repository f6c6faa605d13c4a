//! The task that prints the jobs of one printer.

use std::time::Duration;

use tokio::sync::watch;

use super::connection::{self, Answers, Failure};
use super::printer::{Job, Printer, Queue};
use crate::state::stopped;

/// The delay after a try that sent nothing, and for how long it is tried. After that the customer
/// is gone.
const RETRY: Duration = Duration::from_secs(2);
const LIFETIME: Duration = Duration::from_secs(60);

/// Prints job by job until the till stops.
pub(crate) async fn run(queue: Queue, mut stopping: watch::Receiver<bool>) {
    let Queue { printer, mut jobs } = queue;
    let mut answers = match printer.settings.status {
        true => Answers::default(),
        false => Answers::Unasked,
    };
    loop {
        let job = tokio::select! {
            biased;
            () = stopped(&mut stopping) => return,
            job = jobs.recv() => job,
        };
        let Some(job) = job else { return };
        print(&printer, &mut answers, &job, &mut stopping).await;
        printer.finished();
    }
}

/// Prints a job. If nothing was sent, it is tried again for a minute. If some was sent, it is not,
/// because it may already be on paper.
async fn print(
    printer: &Printer,
    answers: &mut Answers,
    job: &Job,
    stopping: &mut watch::Receiver<bool>,
) {
    loop {
        let sent = connection::send(&printer.settings.connection, answers, &job.commands).await;
        printer.note(sent.map_err(|failure| failure.error));
        let Err(Failure { error, is_begun }) = sent else { return };
        if is_begun || job.queued_at.elapsed() + RETRY > LIFETIME {
            let name = printer.settings.name.as_str();
            let code = error.as_str();
            tracing::warn!(printer = name, code, is_begun, "a job was given up");
            return;
        }
        tokio::select! {
            () = stopped(stopping) => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}
