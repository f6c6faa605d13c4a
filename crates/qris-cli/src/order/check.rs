//! `qris order check` and `wait`.

use std::io::{self, IsTerminal as _};

use qris_api::TransactionNumber;
use qris_orders::{State, WaitEvent, Waited};

use super::common::{Common, ensure_invoice};
use super::error::CommandError;
use super::output::{self, Qr, time_left};
use super::session::{Needs, Session};
use crate::messages::message;
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
    let progress = io::stderr().is_terminal();
    let (mut checks, mut last) = (0_u32, message!("order-not-asked-yet"));
    let on_event = |event: WaitEvent<'_>| match event {
        WaitEvent::Waiting(order) if progress => {
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
    if progress {
        eprint!("\r\x1b[K");
    }
    finish(common, &session, waited)
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
