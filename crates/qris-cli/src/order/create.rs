//! `qris order create` and `renew`: the commands that show a code.

use qris_api::TransactionNumber;
use qris_orders::{Charged, NewOrder, Order, Renewed, State};

use super::common::{Common, ensure_invoice};
use super::error::CommandError;
use super::output::{self, Qr};
use super::session::{Needs, Session};
use crate::messages::message;
use crate::money::ensure_payable;

/// `qris order create`.
pub(super) fn run(common: &Common, order: &NewOrder) -> Result<(), CommandError> {
    ensure_payable(order.amount.get()).map_err(CommandError::refused)?;
    let session = Session::open(common, Needs::NewBooks)?;
    match session.run_create(session.service().charge(session.context(), order))? {
        Charged::Created(order) => created(common, &session, &order),
        Charged::Known(order) => known(common, &session, &order),
    }
}

/// `qris order create --no-code`.
pub(super) fn without_code(common: &Common, order: &NewOrder) -> Result<(), CommandError> {
    ensure_payable(order.amount.get()).map_err(CommandError::refused)?;
    let session = Session::open(common, Needs::NewBooksAlone)?;
    let opened = session.run(session.service().open(session.context(), order))?;
    let (Charged::Created(order) | Charged::Known(order)) = opened;
    output::print_order(common, &order, session.now(), Qr::Never)
}

/// `qris order renew`.
pub(super) fn renew(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Provider)?;
    let order = session.find(number)?;
    ensure_renewable(&order, session.now())?;
    match session.run_create(session.service().renew(session.context(), number))? {
        Renewed::Created(order) => created(common, &session, &order),
        Renewed::Paid(order) => {
            anstream::eprintln!("{}", message!("order-paid-no-new-code"));
            output::print_order(common, &order, session.now(), Qr::Never)
        }
    }
}

/// Explains why there is no new code yet, if the state of the order tells.
fn ensure_renewable(order: &Order, now: qris_api::WibTime) -> Result<(), CommandError> {
    match order.state_at(now) {
        State::Expired | State::Rejected | State::Paid => Ok(()),
        State::Pending => Err(CommandError::refused(message!(
            "order-still-shown",
            until = order.shown_until.map_or_else(String::new, |at| at.to_string())
        ))),
        State::Open => Err(CommandError::refused(message!("order-no-code-yet"))),
        State::Requested | State::Unknown => ensure_invoice(order),
        State::Cancelled => Err(CommandError::refused(message!("order-cancelled-no-new-code"))),
    }
}

/// Shows a code that the provider made just now.
fn created(common: &Common, session: &Session, order: &Order) -> Result<(), CommandError> {
    if let Some(invoice) = &order.invoice
        && !invoice.reference_matches()
    {
        anstream::eprintln!(
            "{}",
            message!("order-other-reference", invoice = invoice.qris_invoiceid)
        );
    }
    let now = session.now();
    output::print_order(common, order, now, Qr::WhileShown)?;
    if order.state == State::Pending && !order.may_be_shown(now) {
        return Err(CommandError::refused(message!("order-request-date-long-ago")));
    }
    Ok(())
}

/// Shows an order that already exists, with the same number and amount.
fn known(common: &Common, session: &Session, order: &Order) -> Result<(), CommandError> {
    let state = order.state_at(session.now());
    match (state, order.shown_until, order.expires_at) {
        (State::Pending | State::Paid, ..) => {
            output::print_order(common, order, session.now(), Qr::WhileShown)
        }
        (State::Requested | State::Unknown, ..) => {
            Err(CommandError::unknown(message!("order-asked-before-outcome-unknown")))
        }
        (State::Expired, Some(shown_until), Some(expires_at)) => Err(CommandError::refused(
            message!("order-expired", shown_until = shown_until, expires_at = expires_at),
        )),
        (state, ..) => Err(CommandError::refused(message!("order-use-new-number", state = state))),
    }
}
