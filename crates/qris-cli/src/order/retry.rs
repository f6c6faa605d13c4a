//! Writing to the ledger what must not be lost, while its database is locked, full or away.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use qris_ledger::Error;

/// How long to wait between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// How long to try, and after what time to tell the user about it.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) quiet: Duration,
    pub(super) total: Duration,
}

/// Why it was not written.
#[derive(Debug)]
pub(super) enum Failure {
    /// The ledger refused it, and would refuse it again.
    Refused(Error),
    /// The database could not be written to for the whole time; why, if an attempt has ended.
    Unavailable(Option<Error>),
    /// The user interrupted it.
    Interrupted,
}

enum Message<T> {
    Done(T),
    Failed(Error),
    Interrupted,
}

/// Tries again while the database is unavailable, and gives the ledger back once it is written.
///
/// `on_wait` is called once, when it takes longer than [`Limits::quiet`]. The attempts are made on
/// a thread of their own, so that an interruption is noticed while one of them waits for a lock.
pub(super) fn retry_while_unavailable<T: Send + 'static>(
    mut ledger: T,
    limits: Limits,
    write: impl Fn(&mut T) -> Result<(), Error> + Send + 'static,
    on_wait: impl FnOnce(),
) -> Result<T, Failure> {
    let (sender, messages) = mpsc::channel();
    send_interrupts(sender.clone());
    thread::spawn(move || {
        loop {
            match write(&mut ledger) {
                Ok(()) => break drop(sender.send(Message::Done(ledger))),
                Err(error) => {
                    let again = is_unavailable(&error);
                    // Nobody listens any more once the time is over.
                    if sender.send(Message::Failed(error)).is_err() || !again {
                        break;
                    }
                    thread::sleep(PAUSE);
                }
            }
        }
    });
    let started = Instant::now();
    let (mut on_wait, mut last) = (Some(on_wait), None);
    loop {
        let limit = if on_wait.is_some() { limits.quiet } else { limits.total };
        match messages.recv_timeout(limit.saturating_sub(started.elapsed())) {
            Ok(Message::Done(ledger)) => return Ok(ledger),
            Ok(Message::Failed(error)) if is_unavailable(&error) => last = Some(error),
            Ok(Message::Failed(error)) => return Err(Failure::Refused(error)),
            Ok(Message::Interrupted) => return Err(Failure::Interrupted),
            Err(RecvTimeoutError::Timeout) => match on_wait.take() {
                Some(on_wait) => on_wait(),
                None => return Err(Failure::Unavailable(last)),
            },
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::Unavailable(last)),
        }
    }
}

/// Whether the same could be written later.
fn is_unavailable(error: &Error) -> bool {
    error.is_transient() || matches!(error, Error::Database(_))
}

/// From now on, an interruption (Ctrl-C) is a message and does not end the process.
fn send_interrupts<T: Send + 'static>(sender: Sender<Message<T>>) {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if runtime.is_ok_and(|runtime| runtime.block_on(tokio::signal::ctrl_c()).is_ok()) {
            let _ = sender.send(Message::Interrupted);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const LIMITS: Limits =
        Limits { quiet: Duration::from_millis(20), total: Duration::from_millis(700) };

    #[test]
    fn what_is_busy_at_first_is_tried_again_until_it_is_written() {
        let attempts = AtomicU32::new(0);
        let busy_once = move |_: &mut u8| match attempts.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Error::Busy),
            _ => Ok(()),
        };
        let mut told = 0;
        let limits = Limits { total: Duration::from_secs(60), ..LIMITS };
        let ledger = retry_while_unavailable(7_u8, limits, busy_once, || told += 1);
        assert_eq!(ledger.expect("written"), 7);
        assert_eq!(told, 1, "the user is told once");
    }

    #[test]
    fn the_attempts_end_when_the_time_is_over_and_say_why_they_failed() {
        let mut told = 0;
        let ended = retry_while_unavailable((), LIMITS, |()| Err(Error::Full), || told += 1);
        assert!(matches!(ended, Err(Failure::Unavailable(Some(Error::Full)))), "{ended:?}");
        assert_eq!(told, 1);
    }

    #[test]
    fn a_refusal_is_not_tried_again() {
        let attempts = AtomicU32::new(0);
        let absent = move |_: &mut ()| {
            assert_eq!(attempts.fetch_add(1, Ordering::Relaxed), 0, "one attempt");
            Err(Error::Absent)
        };
        let limits = Limits { quiet: Duration::from_secs(60), ..LIMITS };
        let ended = retry_while_unavailable((), limits, absent, || panic!("nothing to wait for"));
        assert!(matches!(ended, Err(Failure::Refused(Error::Absent))), "{ended:?}");
    }
}
