//! `qris order create`.

use std::thread;
use std::time::{Duration, Instant};

use qris_api::{Error, Invoice, Rupiah, Schedule, Tip, TransactionNumber, WibTime};
use qris_ledger::{Channel, Ledger, Record, Request, State};

use super::output::{self, Qr};
use super::retry::{Failure, Limits, retry_while_unavailable};
use super::{CommandError, Common, PAUSE, REFUSED, UNKNOWN, abandon_stale, bind_account, find};
use crate::output::chain;

/// How long it is tried to record an invoice that the provider made.
const RECORD: Limits = Limits { quiet: Duration::from_secs(1), total: Duration::from_secs(60) };

/// A sale to be paid.
pub(super) struct Sale<'a> {
    pub(super) number: TransactionNumber,
    pub(super) amount: Rupiah,
    pub(super) tip: Tip,
    pub(super) channel: Channel,
    /// The caller's own name for this charge.
    pub(super) reference: Option<&'a str>,
}

pub(super) fn run(common: &Common, sale: &Sale<'_>) -> Result<(), CommandError> {
    let Sale { ref number, amount, tip, channel, reference } = *sale;
    let (client, schedule) = (common.settings.client()?, common.settings.schedule()?);
    let mut ledger = abandon_stale(common, common.settings.ledger()?)?;
    bind_account(common, &mut ledger, &client)?;
    let now = WibTime::now();
    let request = ledger.request_with_reference(number, amount, channel, reference, now);
    if let Request::Known(record) = request? {
        return known(common, &wait_for_outcome(common, &ledger, *record)?);
    }
    match client.create_invoice(number, amount, tip) {
        Ok(invoice) => {
            if !invoice.reference_matches() {
                anstream::eprintln!(
                    "warning: expected qris_invoiceid {} as the reference label (62.05) of the QR, \
                     found another or none: the payer's receipt may show another number",
                    invoice.qris_invoiceid
                );
            }
            // The payer must not see a QR that nobody watches.
            let now = client.now();
            let ledger = record_created(ledger, invoice, schedule, now)?;
            let record = find(&ledger, number)?;
            if record.state == State::Pending && !record.may_be_shown(now) {
                return Err(CommandError::refused(
                    "the provider made the invoice with a request date long ago, so its QR cannot \
                     be shown; is this machine's clock right? Its payment is watched all the same: \
                     qris order wait",
                ));
            }
            output::print_record(common, &record, Qr::WhileShown)
        }
        Err(error) => Err(not_created(&mut ledger, number, &error)),
    }
}

/// Records why there is no invoice to show.
fn not_created(ledger: &mut Ledger, number: &TransactionNumber, error: &Error) -> CommandError {
    let now = WibTime::now();
    let (code, recorded) = match error {
        Error::OutcomeUnknown { .. } => {
            (UNKNOWN, ledger.unknown(number, Some(&error.to_string()), now))
        }
        // The provider may have made an invoice, but not the one that was asked for.
        Error::ContentMismatch { .. } => {
            (REFUSED, ledger.unknown(number, Some(&error.to_string()), now))
        }
        _ => (REFUSED, ledger.rejected(number, now)),
    };
    let message = match recorded {
        Ok(()) => error.to_string(),
        Err(ledger) => format!("{error}; and the books could not be kept: {ledger}"),
    };
    CommandError { code, message }
}

/// Waits while another process asks for this invoice, as long as that may take.
fn wait_for_outcome(
    common: &Common,
    ledger: &Ledger,
    mut record: Record,
) -> Result<Record, CommandError> {
    let (started, limit) = (Instant::now(), common.settings.timeout()? + Duration::from_secs(5));
    while record.state == State::Requested && started.elapsed() < limit {
        thread::sleep(PAUSE);
        record = find(ledger, &record.number)?;
    }
    Ok(record)
}

/// A number that is in the books already, with the same amount.
fn known(common: &Common, record: &Record) -> Result<(), CommandError> {
    let state = record.state_at(WibTime::now());
    match (state, record.shown_until, record.expires_at) {
        (State::Pending | State::Paid, ..) => output::print_record(common, record, Qr::WhileShown),
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
                 shown any more, but it can be paid until {expires_at}. Check it, then use a new \
                 number for a new code"
            )))
        }
        (state, ..) => Err(CommandError::refused(format!("this number is {state}; use a new one"))),
    }
}

/// Records the invoice that the provider made. It is payable: were it lost, nobody would know its
/// id, so this tries for a minute and then says what the user has to write down; never the QR.
fn record_created(
    ledger: Ledger,
    invoice: Invoice,
    schedule: Schedule,
    now: WibTime,
) -> Result<Ledger, CommandError> {
    let made = format!(
        "number {}, qris_invoiceid {}, qris_request_date {}",
        invoice.number, invoice.qris_invoiceid, invoice.qris_request_date
    );
    let on_wait = || {
        anstream::eprintln!(
            "the provider made the invoice ({made}), but the ledger cannot be written to yet: \
             trying for {} s",
            RECORD.total.as_secs()
        );
    };
    let write = move |ledger: &mut Ledger| {
        let recorded = ledger.record_created(&invoice, &schedule, now);
        // An earlier attempt may have been recorded although its answer was lost.
        if let Err(qris_ledger::Error::State { .. }) = recorded
            && ledger.find(&invoice.number)?.and_then(|record| record.invoice).as_ref()
                == Some(&invoice)
        {
            return Ok(());
        }
        recorded
    };
    retry_while_unavailable(ledger, RECORD, write, on_wait).map_err(|failure| match failure {
        Failure::Refused(error) if error.is_mismatch() => CommandError::refused(format!(
            "the provider made an invoice that must not be shown: {error}. Ask InterActive about \
             it before charging again: {made}"
        )),
        Failure::Refused(error) | Failure::Unavailable(Some(error)) => lost(&chain(&error), &made),
        Failure::Unavailable(None) => lost("the database did not answer", &made),
        Failure::Interrupted => lost("interrupted", &made),
    })
}

fn lost(why: &str, made: &str) -> CommandError {
    CommandError::unknown(format!(
        "the provider made an invoice that could not be recorded: {why}. It is not known whether \
         it will be paid; ask InterActive about it before charging again: {made}"
    ))
}
