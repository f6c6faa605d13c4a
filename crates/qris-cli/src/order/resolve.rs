//! `qris order resolve`: how a sale whose outcome is unknown ends.

use clap::Args;
use qris_api::{Error, InvoiceId, Payment, TransactionNumber, Trigger, WibTime};

use super::cancel::CHECK_WAIT;
use super::output::{self, Qr};
use super::{CommandError, Common, bind_account, find, open_ledger};

/// What a person found out.
#[derive(Args)]
pub(super) struct Finding {
    /// The provider's invoice of this sale, as the merchant's portal or a webhook has it: a check
    /// has to confirm that it is paid
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "not_made",
        conflicts_with_all = ["not_made", "reason"],
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    invoiceid: Option<u64>,
    /// The provider made no invoice: the number can be asked for again
    #[arg(long, requires = "reason")]
    not_made: bool,
    /// How that was found out; it is kept
    #[arg(long, value_name = "TEXT", value_parser = not_blank)]
    reason: Option<String>,
}

fn not_blank(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("expected a reason, found no text"),
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
    let mut ledger = open_ledger(common)?;
    let reason = finding.reason.as_deref().unwrap_or_default();
    ledger.resolve_not_made(number, reason, WibTime::now())?;
    output::print_record(common, &find(&ledger, number)?, Qr::Never)
}

fn by_invoice(
    common: &Common,
    number: &TransactionNumber,
    invoice: InvoiceId,
) -> Result<(), CommandError> {
    let mut ledger = open_ledger(common)?;
    let client = common.settings.client()?;
    bind_account(common, &mut ledger, &client)?;
    let candidate = ledger.candidate(number, invoice)?;
    let too_soon = || {
        CommandError::unknown(
            "it stays as it is: the provider may not be asked just now; try again in a minute",
        )
    };
    let now = WibTime::now();
    if !ledger.take_turns(&candidate.invoice, &common.settings.budget()?, now)? {
        return Err(too_soon());
    }
    match client.check_invoice_within(&candidate.invoice, Trigger::Button, CHECK_WAIT) {
        Ok(Some(Payment::Paid(details))) => {
            ledger.resolve_paid(number, invoice, &details, WibTime::now())?;
            output::print_record(common, &find(&ledger, number)?, Qr::Never)
        }
        Ok(Some(Payment::Unpaid)) => {
            ledger.watch_candidate(&candidate, WibTime::now())?;
            output::print_record(common, &find(&ledger, number)?, Qr::Never)?;
            Err(CommandError::unknown(format!(
                "it stays unknown: the provider says that invoice {invoice} is not paid. A till \
                 that runs checks it while it may be paid; if there is no invoice, say --not-made"
            )))
        }
        Ok(None) => Err(too_soon()),
        Err(refused @ Error::Rejected { .. }) => Err(refused.into()),
        Err(error) => Err(CommandError::from(error).unanswered()),
    }
}
