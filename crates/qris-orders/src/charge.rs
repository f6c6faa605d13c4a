//! Charging: the intent is booked before the provider is asked.

use std::time::Duration;

use qris_api::{Invoice, TransactionNumber};
use qris_ledger::{Record, Request, State};

use crate::service::Served;
use crate::{
    Charged, Clock, Context, Error, NewOrder, OrderService, Provider, SharedLedger, state_after,
};

/// How often it is looked whether another process has its answer.
const ANSWER_PAUSE: Duration = Duration::from_millis(250);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Asks for a code. The same number and amount again give the order as it is; if another process
    /// is asking for it just now, this waits for what comes of that.
    ///
    /// The intent is booked first, so whatever ends the process leaves a row that says what is not
    /// known. What the provider has done is booked even if the database is unavailable for half a
    /// minute.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`], after which the order is in the state that
    /// [`state_after`](crate::state_after) says; [`Error::Ledger`], among others with
    /// [`Conflict`](qris_ledger::Error::Conflict) for another amount and
    /// [`UsedEarlier`](qris_ledger::Error::UsedEarlier), and with a code that
    /// [must not be shown](qris_ledger::Error::is_mismatch); [`Error::UnknownMerchant`].
    pub async fn charge(&self, context: &Context, order: &NewOrder) -> Result<Charged, Error> {
        let served = self.served(context)?;
        let (asked, now) = (order.clone(), served.now());
        let request = self.ledger.write(context, move |ledger| {
            let NewOrder { number, amount, channel, reference, .. } = &asked;
            ledger.request_with_reference(number, *amount, *channel, reference.as_deref(), now)
        });
        if let Request::Known(known) = request.await? {
            self.counters.charges_repeated.add(1);
            return Ok(Charged::Known(self.wait_for_answer(context, served, *known).await?));
        }
        let NewOrder { number, amount, channel, tip, .. } = order;
        let made = served.merchant.provider.create(number, *amount, *tip).await;
        self.health.provider_called(&context.merchant, &made, self.clock.elapsed());
        match made {
            Ok(invoice) => {
                let created = self.record_created(context, served, invoice).await?;
                tracing::info!(%number, %amount, %channel, "charged");
                self.counters.charges_created.add(1);
                self.changed(&created);
                Ok(Charged::Created(created))
            }
            Err(error) => {
                let state = state_after(&error);
                tracing::warn!(%number, %state, %error, "not charged");
                let count = match state {
                    State::Unknown => &self.counters.charges_unknown,
                    _ => &self.counters.charges_refused,
                };
                count.add(1);
                self.record_failure(context, served, number, state, error.to_string()).await?;
                Err(error.into())
            }
        }
    }

    /// Waits for what comes of a create that another process is making.
    async fn wait_for_answer(
        &self,
        context: &Context,
        served: &Served<P>,
        mut order: Record,
    ) -> Result<Record, Error> {
        let asked = self.clock.elapsed();
        let waited = || self.clock.elapsed().saturating_sub(asked);
        while order.state == State::Requested && waited() < served.merchant.answer_within {
            self.clock.sleep(ANSWER_PAUSE).await;
            order = self.find(context, &order.number).await?;
        }
        Ok(order)
    }

    /// Records the provider's invoice, retrying while the database is unavailable.
    async fn record_created(
        &self,
        context: &Context,
        served: &Served<P>,
        invoice: Invoice,
    ) -> Result<Record, Error> {
        let (schedule, now) = (served.merchant.provider.schedule(), served.now());
        let (number, id, date) =
            (invoice.number.clone(), invoice.qris_invoiceid, invoice.qris_request_date);
        let recorded = self.retry_while_unavailable(context, move |ledger| {
            let recorded = ledger.record_created(&invoice, &schedule, now);
            let order = ledger.find(&invoice.number)?.ok_or(qris_ledger::Error::Absent)?;
            // An earlier try may have been recorded although its answer was lost.
            let ours = order.invoice.as_ref() == Some(&invoice);
            match recorded {
                Err(qris_ledger::Error::State { .. }) if ours => Ok(order),
                recorded => recorded.map(|()| order),
            }
        });
        let recorded = recorded.await;
        if let Err(error) = &recorded {
            // The provider made it: a person must be able to find it.
            tracing::error!(%number, invoice = %id, %date, %error, "an invoice is not shown");
            self.counters.charges_unknown.add(1);
            let found = self.find(context, &number).await;
            found.ok().iter().for_each(|order| self.changed(order));
        }
        Ok(recorded?)
    }

    /// Records why there is no code to show.
    async fn record_failure(
        &self,
        context: &Context,
        served: &Served<P>,
        number: &TransactionNumber,
        state: State,
        why: String,
    ) -> Result<(), Error> {
        let (number, now) = (number.clone(), served.now());
        let recorded = self.retry_while_unavailable(context, move |ledger| {
            let recorded = match state {
                State::Unknown => ledger.unknown(&number, Some(&why), now),
                _ => ledger.rejected(&number, now),
            };
            match recorded {
                // An earlier try may have been recorded although its answer was lost.
                Err(qris_ledger::Error::State { found, .. }) if found == state => {
                    ledger.find(&number)
                }
                recorded => recorded.and_then(|()| ledger.find(&number)),
            }
        });
        recorded.await?.iter().for_each(|order| self.changed(order));
        Ok(())
    }
}
