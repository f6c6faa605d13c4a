//! `qris order create` and `renew`: what shows a code.

use qris_api::TransactionNumber;
use qris_orders::{Charged, NewOrder, Order, Renewed, State};

use super::output::{self, Qr};
use super::session::{Needs, Session};
use super::{CommandError, Common};
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
            anstream::eprintln!("it is paid, so there is no new code");
            output::print_order(common, &order, session.now(), Qr::Never)
        }
    }
}

/// Says why there is no new code yet, where the state of the order says it.
fn ensure_renewable(order: &Order, now: qris_api::WibTime) -> Result<(), CommandError> {
    match order.state_at(now) {
        State::Expired | State::Rejected | State::Paid => Ok(()),
        State::Pending => Err(CommandError::refused(format!(
            "its code is shown until {}: there is no other one before; see it with \
             `qris order show`",
            order.shown_until.map_or_else(String::new, |at| at.to_string())
        ))),
        State::Open => Err(CommandError::refused(
            "it has no code yet: ask for the first one with `qris order create`",
        )),
        State::Requested | State::Unknown => super::ensure_invoice(order),
        State::Cancelled => {
            Err(CommandError::refused("it is cancelled, so there is no new code: use a new number"))
        }
    }
}

/// A code that the provider made just now.
fn created(common: &Common, session: &Session, order: &Order) -> Result<(), CommandError> {
    if let Some(invoice) = &order.invoice
        && !invoice.reference_matches()
    {
        anstream::eprintln!(
            "warning: expected qris_invoiceid {} as the reference label (62.05) of the QR, found \
             another or none: the payer's receipt may show another number",
            invoice.qris_invoiceid
        );
    }
    let now = session.now();
    output::print_order(common, order, now, Qr::WhileShown)?;
    if order.state == State::Pending && !order.may_be_shown(now) {
        return Err(CommandError::refused(
            "the provider made the code with a request date long ago, so its QR cannot be shown. \
             Its payment is watched all the same: qris order wait",
        ));
    }
    Ok(())
}

/// A number that is in the books already, with the same amount.
fn known(common: &Common, session: &Session, order: &Order) -> Result<(), CommandError> {
    let state = order.state_at(session.now());
    match (state, order.shown_until, order.expires_at) {
        (State::Pending | State::Paid, ..) => {
            output::print_order(common, order, session.now(), Qr::WhileShown)
        }
        (State::Requested, ..) => Err(CommandError::unknown(
            "another process is asking for this number, or was killed while it did: ask again in \
             three minutes; do not use a new number before",
        )),
        (State::Unknown, ..) => Err(CommandError::unknown(
            "this number was asked for before and it is not known whether the provider made an \
             invoice; look with the provider, then say what you found with `qris order resolve`",
        )),
        (State::Expired, Some(shown_until), Some(expires_at)) => {
            Err(CommandError::refused(format!(
                "this number is expired: its code could be shown until {shown_until} and is not \
                 shown any more, but it can be paid until {expires_at}. Get a new code for the \
                 same order with `qris order renew`"
            )))
        }
        (state, ..) => Err(CommandError::refused(format!("this number is {state}; use a new one"))),
    }
}
