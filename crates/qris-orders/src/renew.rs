//! Requests another code for an order whose last code is no longer shown.

use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::State;

use crate::older_codes::Codes;
use crate::{Clock, Context, Error, OrderService, Provider, Renewed, SharedLedger};

/// How long a person waits, beyond the gap between checks, until the older codes may be checked.
const MAX_WAIT: Duration = Duration::from_secs(10);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Requests another code for an order when the last one is no longer shown.
    ///
    /// Every older code is checked first, because a payer may have just paid one and would have to pay again.
    /// That can take as long as the gap between two checks. If one of them is paid, there is no new code. Two
    /// codes of an order are never shown at the same time.
    ///
    /// # Errors
    ///
    /// There is no new code with [`Error::Unanswered`], if an older code had no answer, and with
    /// [`Error::TooSoon`], if it may not be checked yet. [`Error::Ledger`] with
    /// [`State`](qris_ledger::Error::State) for an order that is neither expired, rejected nor paid, and
    /// with [`Absent`](qris_ledger::Error::Absent); [`Error::StillRequested`]; the errors of
    /// [`charge`](Self::charge) for the new code.
    pub async fn renew(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Renewed, Error> {
        let served = self.served(context)?;
        let schedule = served.merchant.provider.schedule();
        let limit = schedule.try_gap.saturating_add(MAX_WAIT);
        let found = self.find(context, number).await?;
        let found = self.not_requested(context, served, found).await?.state_at(served.now());
        let expected = State::RENEWABLE;
        if found != State::Paid && !expected.contains(&found) {
            return Err(qris_ledger::Error::State { expected, found }.into());
        }
        match self.check_codes(context, served, number, limit).await? {
            Codes::Paid(order) => return Ok(Renewed::Paid(*order)),
            Codes::Unanswered(error) => return Err(Error::Unanswered(error)),
            Codes::TooSoon(wait) => return Err(Error::TooSoon { wait }),
            Codes::Unpaid => {}
        }
        let (asked, now) = (number.clone(), served.now());
        let intended = self.ledger.write(context, move |ledger| {
            let intended = ledger.renew(&asked, now);
            let order = ledger.find(&asked)?.ok_or(qris_ledger::Error::Absent)?;
            match intended {
                // It was paid meanwhile: another check or a webhook found the payment first.
                Err(qris_ledger::Error::State { found: State::Paid, .. }) => Ok((None, order)),
                intended => Ok((Some(intended?), order)),
            }
        });
        let (intent, order) = intended.await?;
        let Some(intent) = intent else { return Ok(Renewed::Paid(order)) };
        self.changed(&order);
        let created = self.create(context, served, intent, order.amount, order.tip).await?;
        Ok(Renewed::Created(created))
    }
}
