//! `qris order resolve`: ends an unknown outcome.

use clap::Args;
use qris_api::{InvoiceId, TransactionNumber};
use qris_orders::Resolved;

use super::common::Common;
use super::error::CommandError;
use super::output::{self, Qr};
use super::session::{Needs, Session};
use crate::messages::message;

/// What a person found out.
#[derive(Args)]
pub(super) struct Finding {
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "not_made",
        conflicts_with_all = ["not_made", "reason"],
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    invoiceid: Option<u64>,
    #[arg(long, requires = "reason")]
    not_made: bool,
    #[arg(long, value_name = "TEXT", value_parser = not_blank)]
    reason: Option<String>,
}

fn not_blank(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err(message!("order-no-reason")),
        text => Ok(text.to_owned()),
    }
}

pub(super) fn run(
    common: &Common,
    number: &TransactionNumber,
    finding: &Finding,
) -> Result<(), CommandError> {
    if let Some(id) = finding.invoiceid {
        return by_invoice(common, number, InvoiceId::new(id));
    }
    let session = Session::open(common, Needs::Books)?;
    let reason = finding.reason.as_deref().unwrap_or_default();
    let resolved = session.service().resolve_not_made(session.context(), number, reason);
    output::print_order(common, &session.run(resolved)?, session.now(), Qr::Never)
}

fn by_invoice(
    common: &Common,
    number: &TransactionNumber,
    invoice: InvoiceId,
) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Provider)?;
    let resolved = session.service().resolve_paid(session.context(), number, invoice);
    let resolved = session.run(resolved).map_err(|error| match error {
        qris_orders::Error::Provider(error) => CommandError::not_checked(&error),
        error => error.into(),
    });
    match resolved? {
        Resolved::Paid(order) => output::print_order(common, &order, session.now(), Qr::Never),
        Resolved::Unpaid(order) => {
            output::print_order(common, &order, session.now(), Qr::Never)?;
            Err(CommandError::unknown(message!(
                "order-stays",
                state = order.state,
                invoice = invoice
            )))
        }
        Resolved::TooSoon { wait } => Err(CommandError::unknown(message!(
            "order-asked-too-soon",
            seconds = wait.as_secs().max(1)
        ))),
    }
}
