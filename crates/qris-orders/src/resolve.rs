//! Ends an order with an unknown outcome by what a person found out.

use std::time::Duration;

use qris_api::{InvoiceId, Payment, TransactionNumber, Trigger};
use qris_ledger::{Candidate, Order};

use crate::cancel::CHECK_WAIT;
use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, Resolved, SharedLedger};

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// A person names the provider's invoice of an order. A check has to confirm that it is paid.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is neither unknown nor
    /// rejected, with [`InvoiceIdTaken`](qris_ledger::Error::InvoiceIdTaken) for another order's invoice, and
    /// with [`Absent`](qris_ledger::Error::Absent); [`Error::Provider`] if the check was refused or had no
    /// answer, and the order does not change; [`Error::StillRequested`]; [`Error::UnknownMerchant`].
    pub async fn resolve_paid(
        &self,
        context: &Context,
        number: &TransactionNumber,
        invoice: InvoiceId,
    ) -> Result<Resolved, Error> {
        let served = self.served(context)?;
        self.not_requested(context, served, self.find(context, number).await?).await?;
        let (number, budget, clock) = (number.clone(), served.merchant.budget, served.clock());
        let claimed = self.ledger.write(context, move |ledger| {
            let candidate = ledger.candidate(&number, invoice)?;
            let has_turn = ledger.take_turns(&candidate.invoice, &budget, clock())?;
            Ok((candidate, has_turn))
        });
        let (candidate, has_turn) = claimed.await?;
        if !has_turn {
            return Ok(Resolved::TooSoon { wait: Duration::from_secs(60) });
        }
        let provider = &served.merchant.provider;
        let answer = provider.check_within(&candidate.invoice, Trigger::Button, CHECK_WAIT).await;
        let Some(answer) = answer.transpose() else {
            return Ok(Resolved::TooSoon { wait: provider.schedule().try_gap });
        };
        self.check_made(context, &candidate.order.number, &answer);
        match answer? {
            payment @ Payment::Paid(_) => {
                let order = self.record_resolved(context, served, &candidate, &payment).await?;
                Ok(Resolved::Paid(order))
            }
            Payment::Unpaid => {
                let (watched, now) = (candidate.clone(), served.now());
                let watch =
                    self.ledger.write(context, move |ledger| ledger.watch_candidate(&watched, now));
                watch.await?;
                Ok(Resolved::Unpaid(candidate.order))
            }
        }
    }

    /// A person says that the provider made no code for an order, and how they know.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order without a code whose outcome
    /// [is unknown](Order::has_unknown_code), and with [`Absent`](qris_ledger::Error::Absent);
    /// [`Error::StillRequested`]; [`Error::UnknownMerchant`].
    pub async fn resolve_not_made(
        &self,
        context: &Context,
        number: &TransactionNumber,
        reason: &str,
    ) -> Result<Order, Error> {
        let served = self.served(context)?;
        self.not_requested(context, served, self.find(context, number).await?).await?;
        let (number, reason, now) = (number.clone(), reason.to_owned(), served.now());
        let resolved = self.ledger.write(context, move |ledger| {
            ledger.resolve_not_made(&number, &reason, now)?;
            ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)
        });
        let order = resolved.await?;
        tracing::info!(number = %order.number, "a person says that there is no invoice");
        self.changed(&order);
        Ok(order)
    }

    /// Records that an order's invoice was found and is paid.
    pub(crate) async fn record_resolved(
        &self,
        context: &Context,
        served: &Served<P>,
        candidate: &Candidate,
        payment: &Payment,
    ) -> Result<Order, Error> {
        let (number, id) = (candidate.order.number.clone(), candidate.invoice.qris_invoiceid);
        let details = payment.details().cloned().unwrap_or_default();
        let now = served.now();
        let recorded = self.retry_while_unavailable(context, move |ledger| {
            let settlement = ledger.resolve_paid(&number, id, &details, now)?;
            Ok((settlement, ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?))
        });
        let (settlement, order) = recorded.await?;
        self.settled(settlement, &order);
        Ok(order)
    }
}
