//! `qris order check` and `wait`.

use std::io::{self, IsTerminal as _};
use std::thread;
use std::time::Duration;

use qris_api::blocking::Client;
use qris_api::{Error, Payment, Press, Schedule, TransactionNumber};
use qris_ledger::{Budget, CheckOutcome, Claim, Ledger, Record, State};

use super::output::{self, Qr, time_left};
use super::{CommandError, Common, PAUSE, bind_account, find, invoice_of, open_ledger};
use crate::output::visible;

/// `qris order check`: asks once.
pub(super) fn run(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let mut poller = InvoicePoller::new(common, number)?;
    ensure_answered(poller.check_once())?;
    finish(common, &poller.ledger, number)
}

/// `qris order wait`: asks until it is paid, or its time is over.
pub(super) fn wait(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let mut poller = InvoicePoller::new(common, number)?;
    ensure_answered(poller.wait_until_over())?;
    finish(common, &poller.ledger, number)
}

/// The error of the last check, or of the ledger, says nothing about the payment.
fn ensure_answered(checked: Result<Option<Error>, CommandError>) -> Result<(), CommandError> {
    match checked {
        Ok(None) => Ok(()),
        Ok(Some(refused @ Error::Rejected { .. })) => Err(refused.into()),
        Ok(Some(error)) => Err(CommandError::from(error).unanswered()),
        Err(error) => Err(error.unanswered()),
    }
}

/// Shows the record. It is an error unless it is paid, and another one when nobody knows.
fn finish(
    common: &Common,
    ledger: &Ledger,
    number: &TransactionNumber,
) -> Result<(), CommandError> {
    let record = find(ledger, number)?;
    output::print_record(common, &record, Qr::Never)?;
    match (record.state, record.unanswered_at) {
        (State::Paid, _) => Ok(()),
        (_, None) => Err(CommandError::refused("the invoice is not paid")),
        (_, Some(at)) => Err(CommandError::unknown(format!(
            "not known whether it is paid: the last check, at {at}, had no answer"
        ))),
    }
}

/// Asks about one invoice when the ledger says that it is due, so that this process and all others
/// that use the ledger, such as a till, keep to the key's budget together.
struct InvoicePoller {
    client: Client,
    ledger: Ledger,
    schedule: Schedule,
    budget: Budget,
    record: Record,
}

/// How long after validity and grace `wait` still waits for a provider that does not answer. The
/// invoice stays due after that, for a till or the next command.
const WAIT_WITHOUT_ANSWER: Duration = Duration::from_secs(60 * 60);

impl InvoicePoller {
    fn new(common: &Common, number: &TransactionNumber) -> Result<Self, CommandError> {
        let mut ledger = open_ledger(common)?;
        let record = find(&ledger, number)?;
        if record.state != State::Paid {
            invoice_of(&record)?;
        }
        let (schedule, budget) = (common.settings.schedule()?, common.settings.budget()?);
        let client = common.settings.client()?;
        bind_account(common, &mut ledger, &client)?;
        Ok(Self { client, ledger, schedule, budget, record })
    }

    /// Asks by hand, unless it is paid. The error of that check, if it had no answer.
    fn check_once(&mut self) -> Result<Option<Error>, CommandError> {
        self.press()?;
        Ok(self.check_when_due(|_| ())?.and_then(Result::err))
    }

    /// Asks by the schedule until it is paid or no check is left. The error of the last check, if
    /// it had no answer.
    fn wait_until_over(&mut self) -> Result<Option<Error>, CommandError> {
        let progress = io::stderr().is_terminal();
        let (mut checks, mut last) = (0_u32, String::from("not asked yet"));
        let mut no_answer = None;
        while self.record.state != State::Paid {
            let shown = last.clone();
            let answer = self.check_when_due(|record| {
                if progress {
                    eprint!("\r\x1b[K{} · {}", time_left(record.expires_at), visible(&shown));
                }
            })?;
            checks += 1;
            last = match &answer {
                // No check is left, or it is paid.
                None => break,
                Some(Ok(())) => format!("check {checks}: not paid yet"),
                Some(Err(error)) => format!("check {checks}: {error}"),
            };
            match answer {
                // Asking again would be refused again.
                Some(Err(Error::Rejected { reason })) if reason.is_known() => {
                    return Ok(Some(Error::Rejected { reason }));
                }
                Some(Err(error)) => no_answer = Some(error),
                _ => no_answer = None,
            }
            if no_answer.is_some() && self.is_long_over() {
                break;
            }
        }
        if progress {
            eprint!("\r\x1b[K");
        }
        // Without an answer at the end, nobody knows that it is unpaid.
        Ok(no_answer.filter(|_| self.record.state != State::Paid))
    }

    /// Whether validity and grace ended so long ago that nobody waits for an answer any more.
    fn is_long_over(&self) -> bool {
        let patience = self.schedule.grace.saturating_add(WAIT_WITHOUT_ANSWER);
        let expires_at = self.record.expires_at;
        expires_at.is_some_and(|at| at.later_by(patience) <= self.client.now())
    }

    /// Presses the cashier's button, which makes the invoice due. Waits where that is too soon, in
    /// which time another process may find that it is paid.
    fn press(&mut self) -> Result<(), CommandError> {
        let Schedule { tries, try_gap, .. } = self.schedule;
        while self.record.state != State::Paid {
            let number = &self.record.number;
            match self.ledger.press(number, tries, try_gap, self.client.now()) {
                Ok(Press::Accepted { .. }) => return Ok(()),
                Ok(Press::TooSoon { wait }) => {
                    let seconds = wait.as_secs_f32().ceil();
                    anstream::eprintln!("it was asked a moment ago; asking again in {seconds} s");
                    thread::sleep(wait);
                }
                Ok(Press::NoneLeft) => {
                    let next = find(&self.ledger, number)?.next_check_at;
                    let next = next.map_or_else(|| "never".to_owned(), |at| at.to_api_text());
                    anstream::eprintln!(
                        "its {tries} checks by hand are used up; the next by the schedule: {next}"
                    );
                    return Ok(());
                }
                Err(qris_ledger::Error::State { found: State::Paid, .. }) => (),
                Err(error) => return Err(error.into()),
            }
            self.record = find(&self.ledger, &self.record.number)?;
        }
        Ok(())
    }

    /// Waits until the invoice is due and this process's to ask about, and asks: `None` where it
    /// is paid, or no check is left. `waiting` is called while it waits.
    fn check_when_due(
        &mut self,
        waiting: impl Fn(&Record),
    ) -> Result<Option<Result<(), Error>>, CommandError> {
        loop {
            self.record = find(&self.ledger, &self.record.number)?;
            let Record { number, state, shown_until, next_check_at, .. } = &self.record;
            let now = self.client.now();
            if next_check_at.is_none() || !state.may_be_paid() {
                return Ok(None);
            }
            // Written only where there is something to write, because many may wait.
            if *state == State::Pending && shown_until.is_some_and(|at| at <= now) {
                self.ledger.expire(now)?;
            }
            let budget = &self.budget;
            if self.record.is_due(now)
                && let Some(claim) = self.ledger.claim_check(number, budget, now)?
            {
                return self.check(&claim).map(Some);
            }
            waiting(&self.record);
            thread::sleep(PAUSE);
        }
    }

    fn check(&mut self, claim: &Claim) -> Result<Result<(), Error>, CommandError> {
        let invoice = invoice_of(&claim.record)?;
        let answer = self.client.check_invoice_for(invoice, claim.trigger());
        let (payment, now) = (answer.as_ref().unwrap_or(&Payment::Unpaid), self.client.now());
        self.ledger.settle(invoice.qris_invoiceid, payment, now)?;
        if let Some(outcome) = CheckOutcome::from_answer(&answer) {
            self.ledger.checked(claim, outcome, &self.schedule, now)?;
        }
        self.record = find(&self.ledger, &self.record.number)?;
        Ok(answer.map(drop))
    }
}
