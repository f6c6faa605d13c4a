//! `qris order check` and `wait`.

use std::io::{self, IsTerminal as _};

use qris_api::{TransactionNumber, WibTime};
use qris_orders::{Order, State, WaitEvent, Waited};

use super::common::{Common, ensure_invoice};
use super::error::CommandError;
use super::output::{self, Qr, time_left};
use super::session::{Needs, Session};
use crate::messages::message;
use crate::money::rupiah;
use crate::output::visible;

/// `qris order check`: checks once.
pub(super) fn run(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = open(common, number)?;
    let on_event = |event: WaitEvent<'_>| match event {
        WaitEvent::TooSoon(wait) => {
            let seconds = wait.as_secs_f32().ceil();
            anstream::eprintln!("{}", message!("order-asked-a-moment-ago", seconds = seconds));
        }
        WaitEvent::NoneLeft(order) => {
            let next = order.next_check_at;
            let next = next.map_or_else(|| message!("order-never"), |at| at.to_api_text());
            anstream::eprintln!("{}", message!("order-checks-used-up", next = next));
        }
        _ => {}
    };
    let checked = session.run(session.service().check_now(session.context(), number, on_event));
    finish(common, &session, checked)
}

/// `qris order wait`: checks until the order is paid or its time is over.
pub(super) fn wait(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = open(common, number)?;
    let order = session.find(number)?;
    if io::stderr().is_terminal() {
        let (mut checks, mut last) = (0_u32, message!("order-not-asked-yet"));
        let on_event = |event: WaitEvent<'_>| match event {
            WaitEvent::Waiting(order) => {
                let left = time_left(order.expires_at, session.now());
                eprint!("\r\x1b[K{left} · {}", visible(&last));
            }
            WaitEvent::Checked(answer) => {
                checks += 1;
                last = match answer {
                    None => message!("order-check-not-paid", check = checks),
                    Some(error) => message!("order-check-failed", check = checks, error = error),
                };
            }
            _ => {}
        };
        let waited = session.run(session.service().wait(session.context(), number, on_event));
        eprint!("\r\x1b[K");
        return finish(common, &session, waited);
    }
    let mut log = WaitLog::begin(&order);
    let on_event = |event: WaitEvent<'_>| log.note(event, session.now());
    let waited = session.run(session.service().wait(session.context(), number, on_event));
    if let Ok(Waited { order, .. }) = &waited {
        log.end(order, session.now());
    }
    finish(common, &session, waited)
}

/// The lines of `qris order wait` for a log: one when it begins, and one for each change.
struct WaitLog {
    state: State,
    /// The line about the last check.
    last: String,
    /// Whether the last check had an answer and the order that follows is not seen yet.
    is_answered: bool,
}

impl WaitLog {
    fn begin(order: &Order) -> Self {
        if let Some(until) = order.expires_at.filter(|_| order.state != State::Paid) {
            let amount = rupiah(order.amount.get());
            print_line(&message!(
                "order-waiting",
                number = order.number,
                amount = amount,
                until = until
            ));
        }
        Self { state: order.state, last: String::new(), is_answered: false }
    }

    fn note(&mut self, event: WaitEvent<'_>, now: WibTime) {
        match event {
            WaitEvent::Waiting(order) => {
                // An answered check may also have found the order paid. Then nothing waits any more.
                if std::mem::take(&mut self.is_answered) {
                    self.check(message!("order-answer-not-paid"));
                }
                self.end(order, now);
            }
            WaitEvent::Checked(None) => self.is_answered = true,
            WaitEvent::Checked(Some(error)) => {
                self.check(message!("order-answer-none", error = error));
            }
            _ => {}
        }
    }

    /// Prints what a check found, unless the check before it found the same.
    fn check(&mut self, line: String) {
        if self.last != line {
            print_line(&line);
            self.last = line;
        }
    }

    /// Prints the state if it changed.
    fn end(&mut self, order: &Order, now: WibTime) {
        let state = order.state_at(now);
        if self.state != state {
            print_line(&message!("order-state-changed", number = order.number, state = state));
            self.state = state;
        }
    }
}

fn print_line(line: &str) {
    anstream::eprintln!("{}", visible(line));
}

fn open(common: &Common, number: &TransactionNumber) -> Result<Session, CommandError> {
    let session = Session::open(common, Needs::Provider)?;
    ensure_invoice(&session.find(number)?)?;
    Ok(session)
}

/// Shows the order. Returns an error if it is not paid, and a different error if that is not known.
fn finish(
    common: &Common,
    session: &Session,
    waited: Result<Waited, qris_orders::Error>,
) -> Result<(), CommandError> {
    let Waited { order, unanswered, .. } = match waited {
        Ok(waited) => waited,
        Err(qris_orders::Error::Provider(error)) => return Err(CommandError::not_checked(&error)),
        // A database error tells nothing about the payment.
        Err(error) => return Err(CommandError::from(error).unanswered()),
    };
    output::print_order(common, &order, session.now(), Qr::Never)?;
    match (order.state, unanswered, order.unanswered_at) {
        (State::Paid, ..) => Ok(()),
        (_, Some(error), _) => Err(CommandError::not_checked(&error)),
        (_, None, None) => Err(CommandError::refused(message!("order-not-paid"))),
        (_, None, Some(at)) => {
            Err(CommandError::unknown(message!("order-last-check-unanswered", at = at)))
        }
    }
}
