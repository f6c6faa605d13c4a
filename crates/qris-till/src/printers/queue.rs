//! The task that prints what waits at one printer.

use std::time::Duration;

use tokio::sync::watch;

use super::connection::{self, Answers, Failure};
use super::printer::{Job, Printer, Queue};
use crate::state::stopped;

/// How long after a try that sent nothing the next one is made, and for how long it is tried: the
/// customer is gone by then.
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

/// Prints a job. One of which nothing was sent is tried again for a minute; one that was begun is not,
/// because it may be on paper already.
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
