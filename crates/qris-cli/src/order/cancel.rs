//! `qris order cancel`: after a check, because the payer may have paid just now.

use std::time::Duration;

use qris_api::{Payment, TransactionNumber, Trigger, WibTime};
use qris_ledger::{Ledger, State};

use super::output::{self, Qr};
use super::{CommandError, Common, bind_account, find, open_ledger};

/// How long to wait until the invoice may be checked.
pub(super) const CHECK_WAIT: Duration = Duration::from_secs(2);

pub(super) fn run(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let mut ledger = open_ledger(common)?;
    if find(&ledger, number)?.state == State::Pending {
        check(common, &mut ledger, number)?;
    }
    let cancelled = ledger.cancel(number, WibTime::now());
    let record = find(&ledger, number)?;
    match cancelled {
        Err(qris_ledger::Error::State { .. }) if record.state == State::Paid => {
            output::print_record(common, &record, Qr::Never)?;
            Err(CommandError::refused("it is paid, so it is not cancelled"))
        }
        cancelled => {
            cancelled?;
            output::print_record(common, &record, Qr::Never)
        }
    }
}

/// Checks an invoice once, if the key's budget and the gaps between checks allow it soon.
fn check(
    common: &Common,
    ledger: &mut Ledger,
    number: &TransactionNumber,
) -> Result<(), CommandError> {
    let Some(invoice) = find(ledger, number)?.invoice else { return Ok(()) };
    let client = common.settings.client()?;
    bind_account(common, ledger, &client)?;
    if !ledger.take_turns(&invoice, &common.settings.budget()?, WibTime::now())? {
        return Ok(());
    }
    match client.check_invoice_within(&invoice, Trigger::Button, CHECK_WAIT) {
        Ok(Some(payment @ Payment::Paid(_))) => {
            ledger.settle(invoice.qris_invoiceid, &payment, WibTime::now())?;
        }
        Ok(_) => {}
        Err(error) => anstream::eprintln!(
            "it is not known whether it was paid just now, because the provider did not answer: \
             {error}"
        ),
    }
    Ok(())
}
