//! Cancelling: after a check, because the payer may have paid just now.

use std::time::Duration;

use qris_api::{Payment, TransactionNumber, Trigger};
use qris_ledger::{Record, State};

use crate::service::Served;
use crate::{Cancelled, Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How long a person waits until a code may be checked.
pub(crate) const CHECK_WAIT: Duration = Duration::from_secs(2);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Cancels an order that is not paid. The provider is asked first, if it may be asked within two
    /// seconds. Its code cannot be withdrawn, so a payment that comes all the same is booked.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is neither
    /// pending nor paid, and with [`Absent`](qris_ledger::Error::Absent);
    /// [`Error::UnknownMerchant`].
    pub async fn cancel(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Cancelled, Error> {
        let served = self.served(context)?;
        let order = self.find(context, number).await?;
        let mut unanswered = None;
        if order.state == State::Pending {
            match self.check_before_cancel(context, served, &order).await {
                Ok(Some(paid)) => return Ok(Cancelled::Paid(paid)),
                Ok(None) => {}
                Err(Error::Provider(error)) => unanswered = Some(error),
                Err(error) => return Err(error),
            }
        }
        let (number, now) = (number.clone(), served.now());
        let cancelled = self.ledger.write(context, move |ledger| {
            let cancelled = ledger.cancel(&number, now);
            let order = ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?;
            match cancelled {
                // It was paid meanwhile, or before.
                Err(qris_ledger::Error::State { .. }) if order.state == State::Paid => {
                    Ok((order, true))
                }
                cancelled => cancelled.map(|()| (order, false)),
            }
        });
        let (order, is_paid) = cancelled.await?;
        self.changed(&order);
        Ok(if is_paid { Cancelled::Paid(order) } else { Cancelled::Now { order, unanswered } })
    }

    /// Checks an order once, if the key's budget and the gaps between checks allow it soon. The
    /// order, if it is paid.
    async fn check_before_cancel(
        &self,
        context: &Context,
        served: &Served<P>,
        order: &Record,
    ) -> Result<Option<Record>, Error> {
        let Some(invoice) = order.invoice.clone() else { return Ok(None) };
        let (budget, asked, now) = (served.merchant.budget, invoice.clone(), served.now());
        let turns =
            self.ledger.write(context, move |ledger| ledger.take_turns(&asked, &budget, now));
        if !turns.await? {
            return Ok(None);
        }
        let provider = &served.merchant.provider;
        let answer = provider.check_within(&invoice, Trigger::Button, CHECK_WAIT).await;
        let Some(answer) = answer.transpose() else { return Ok(None) };
        self.check_made(context, &order.number, &answer);
        let payment = answer?;
        if payment == Payment::Unpaid {
            return Ok(None);
        }
        let (id, now) = (invoice.qris_invoiceid, served.now());
        let settled = self.retry_while_unavailable(context, move |ledger| {
            let settlement = ledger.settle(id, &payment, now)?;
            Ok((settlement, ledger.find_invoice(id)?.ok_or(qris_ledger::Error::Absent)?))
        });
        let (settlement, order) = settled.await?;
        self.settled(settlement, &order);
        Ok(Some(order))
    }
}
