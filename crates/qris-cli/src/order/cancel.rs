//! `qris order cancel`: checks first, because the payer may have paid just now.

use qris_api::TransactionNumber;
use qris_orders::Cancelled;

use super::common::Common;
use super::error::CommandError;
use super::output::{self, Qr};
use super::session::{Needs, Session};
use crate::messages::message;

pub(super) fn run(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Provider)?;
    match session.run(session.service().cancel(session.context(), number))? {
        Cancelled::Paid(order) => {
            output::print_order(common, &order, session.now(), Qr::Never)?;
            Err(CommandError::refused(message!("order-paid-not-cancelled")))
        }
        Cancelled::Now { order, unanswered, unchecked } => {
            output::print_order(common, &order, session.now(), Qr::Never)?;
            match unanswered {
                None if unchecked => {
                    Err(CommandError::unknown(message!("order-cancelled-unchecked")))
                }
                None => Ok(()),
                Some(error) => Err(CommandError::unknown(message!(
                    "order-cancelled-not-known-whether-paid",
                    error = error
                ))),
            }
        }
    }
}
