//! Charges: the intent is recorded before the provider is called.

use std::time::Duration;

use qris_api::{Invoice, Rupiah, Tip, TransactionNumber, WibTime};
use qris_ledger::{Intent, InvoiceState, Ledger, NewOrder, Order, Request, State};

use crate::created::Created;
use crate::service::{Served, may_pass};
use crate::{Charged, Clock, Context, Error, OrderService, Provider, SharedLedger, state_after};

/// The time between two looks for another process's answer.
const ANSWER_PAUSE: Duration = Duration::from_millis(250);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Requests a code. Repeating the same number and amount returns the existing order, even if the amount is
    /// outside limits that were changed since. If another process is requesting its code now, this waits for
    /// the result, up to [`answer_within`](crate::Merchant::answer_within).
    ///
    /// A repeated charge changes nothing: the order keeps its first channel, tip, description, reference,
    /// metadata and times. Only a charge after a refusal replaces them. An order that is paid, expired or
    /// cancelled since an earlier day is returned only if both charges have the same
    /// [`reference`](NewOrder::reference). An expired order gets its next code from [`renew`](Self::renew), on
    /// any day and without a reference.
    ///
    /// The intent is recorded first, so if the process is killed, a row shows that the outcome is unknown.
    /// The provider's result is recorded even if the database is unavailable for half a minute. After that
    /// this fails, and the watcher records it when the database is back.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`], after which the order has the state of [`state_after`](crate::state_after); with
    /// [`Invalid`](qris_api::Error::Invalid) for an amount outside the limits nothing is recorded;
    /// [`Error::Ledger`], for example with [`Conflict`](qris_ledger::Error::Conflict) for another amount,
    /// with [`OtherReference`](qris_ledger::Error::OtherReference), with
    /// [`UsedEarlier`](qris_ledger::Error::UsedEarlier), or with a code that [must not be
    /// shown](qris_ledger::Error::is_mismatch); [`Error::StillRequested`]; [`Error::UnknownMerchant`].
    pub async fn charge(&self, context: &Context, order: &NewOrder) -> Result<Charged, Error> {
        let served = self.served(context)?;
        let has_code = |state| !matches!(state, State::Open | State::Rejected);
        self.check_amount(context, served, order, has_code).await?;
        let (asked, now) = (order.clone(), served.now());
        let request = self.ledger.write(context, move |ledger| ledger.request(&asked, now));
        match request.await? {
            Request::New(intent) => {
                let created = self.create(context, served, intent, order.amount, order.tip);
                Ok(Charged::Created(created.await?))
            }
            Request::Known(known) => {
                self.counters.charges_repeated.add(1);
                Ok(Charged::Known(self.wait_for_answer(context, served, *known).await?))
            }
        }
    }

    /// Records an order without requesting a code. It is `open` until it is [charged](Self::charge) with the
    /// same number and amount. Returns an existing order as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] with [`Invalid`](qris_api::Error::Invalid) for an amount outside the limits;
    /// [`Error::Ledger`], for example with [`Conflict`](qris_ledger::Error::Conflict) or
    /// [`UsedEarlier`](qris_ledger::Error::UsedEarlier); [`Error::UnknownMerchant`].
    pub async fn open(&self, context: &Context, order: &NewOrder) -> Result<Charged, Error> {
        let served = self.served(context)?;
        self.check_amount(context, served, order, |_| true).await?;
        let (new, now) = (order.clone(), served.now());
        let opened = self.ledger.write(context, move |ledger| {
            let is_known = ledger.find(&new.number)?.is_some();
            Ok((is_known, ledger.open_order(&new, now)?))
        });
        let (is_known, order) = opened.await?;
        if is_known {
            return Ok(Charged::Known(order));
        }
        self.changed(&order);
        Ok(Charged::Created(order))
    }

    /// Requests the first code of an open order, on its stored terms.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is not open, and with
    /// [`Absent`](qris_ledger::Error::Absent); the errors of [`charge`](Self::charge) for the code.
    pub async fn first_code(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Order, Error> {
        let served = self.served(context)?;
        served.merchant.provider.check_amount(self.find(context, number).await?.amount)?;
        let (asked, now) = (number.clone(), served.now());
        let intended = self.ledger.write(context, move |ledger| {
            let intent = ledger.first_code(&asked, now)?;
            Ok((intent, ledger.find(&asked)?.ok_or(qris_ledger::Error::Absent)?))
        });
        let (intent, order) = intended.await?;
        self.changed(&order);
        self.create(context, served, intent, order.amount, order.tip).await
    }

    /// Refuses an amount outside the limits, unless the number was charged before and its order needs no new
    /// code: the limits may have changed since.
    async fn check_amount(
        &self,
        context: &Context,
        served: &Served<P>,
        order: &NewOrder,
        needs_no_code: fn(State) -> bool,
    ) -> Result<(), Error> {
        let Err(outside) = served.merchant.provider.check_amount(order.amount) else {
            return Ok(());
        };
        let number = order.number.clone();
        let known = self.ledger.read(context, move |ledger| ledger.find(&number)).await?;
        match known {
            Some(known) if needs_no_code(known.state) => Ok(()),
            _ => Err(outside.into()),
        }
    }

    /// Requests a code whose intent is recorded, and records the result.
    pub(crate) async fn create(
        &self,
        context: &Context,
        served: &Served<P>,
        intent: Intent,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Order, Error> {
        let number = intent.number().clone();
        let made = served.merchant.provider.create(&number, amount, tip).await;
        self.provider_called(context, &made);
        match made {
            Ok(invoice) => {
                let created = self.record_created(context, served, intent, invoice).await?;
                tracing::info!(%number, %amount, channel = %created.channel, "charged");
                self.counters.charges_created.add(1);
                self.changed(&created);
                Ok(created)
            }
            Err(error) => {
                let state = state_after(&error);
                tracing::warn!(%number, %state, %error, "not charged");
                let count = match state {
                    State::Unknown => &self.counters.charges_unknown,
                    _ => &self.counters.charges_refused,
                };
                count.add(1);
                self.record_failure(context, served, intent, &error).await?;
                Err(error.into())
            }
        }
    }

    /// Waits for the result of a create that another process is making.
    async fn wait_for_answer(
        &self,
        context: &Context,
        served: &Served<P>,
        mut order: Order,
    ) -> Result<Order, Error> {
        // The other process may have been killed long ago.
        match self.not_requested(context, served, order.clone()).await {
            Err(Error::StillRequested { .. }) => {}
            ended => return ended,
        }
        let asked = self.clock.elapsed();
        let waited = || self.clock.elapsed().saturating_sub(asked);
        while order.state == State::Requested && waited() < served.merchant.answer_within {
            self.clock.sleep(ANSWER_PAUSE).await;
            order = self.find(context, &order.number).await?;
        }
        self.not_requested(context, served, order).await
    }

    /// Records the provider's invoice, retrying while the database is unavailable. If that takes too long,
    /// the watcher continues.
    async fn record_created(
        &self,
        context: &Context,
        served: &Served<P>,
        intent: Intent,
        invoice: Invoice,
    ) -> Result<Order, Error> {
        let (number, id) = (invoice.number.clone(), invoice.qris_invoiceid);
        let created = Created {
            context: context.clone(),
            intent,
            invoice,
            schedule: served.merchant.provider.schedule(),
            at: served.now(),
        };
        let (kept, date) = (created.clone(), created.invoice.qris_request_date);
        let work = move |ledger: &mut Ledger| created.record(ledger);
        let recorded = self.retry_while_unavailable(context, work).await;
        if let Err(error) = &recorded {
            // The provider made the invoice, so a person must be able to find it.
            tracing::error!(%number, invoice = %id, %date, %error, "an invoice is not shown");
            self.counters.charges_unknown.add(1);
            if may_pass(error) {
                served.unrecorded().push(kept);
            }
            let found = self.find(context, &number).await;
            found.ok().iter().for_each(|order| self.changed(order));
        }
        Ok(recorded?)
    }

    /// Records the invoices of a merchant that could not be recorded when the provider made them.
    pub(crate) async fn record_late(&self, served: &Served<P>) {
        let unrecorded = std::mem::take(&mut *served.unrecorded());
        for created in unrecorded {
            let (kept, context) = (created.clone(), created.context.clone());
            let recorded = self.ledger.write(&context, move |ledger| created.record(ledger)).await;
            let number = kept.intent.number();
            match recorded {
                Ok(order) => {
                    tracing::info!(%number, "recorded an invoice late");
                    self.changed(&order);
                }
                Err(error) if may_pass(&error) => served.unrecorded().push(kept),
                Err(error) => tracing::error!(%number, %error, "could not record an invoice"),
            }
        }
    }

    /// Records why there is no code to show.
    async fn record_failure(
        &self,
        context: &Context,
        served: &Served<P>,
        intent: Intent,
        error: &qris_api::Error,
    ) -> Result<(), Error> {
        let (now, why) = (served.now(), error.to_string());
        let is_unknown = state_after(error) == State::Unknown;
        let recorded = self.retry_while_unavailable(context, move |ledger| {
            let why = is_unknown.then_some(why.as_str());
            record_failure(ledger, &intent, why, now)
        });
        self.changed(&recorded.await?);
        Ok(())
    }
}

/// Records that a create was refused, or why its outcome is unknown.
fn record_failure(
    ledger: &mut Ledger,
    intent: &Intent,
    why_unknown: Option<&str>,
    now: WibTime,
) -> Result<Order, qris_ledger::Error> {
    let (recorded, expected) = match why_unknown {
        Some(why) => (ledger.record_unknown(intent, Some(why), now), InvoiceState::Unknown),
        None => (ledger.record_rejected(intent, now), InvoiceState::Rejected),
    };
    let order = ledger.find(intent.number())?.ok_or(qris_ledger::Error::Absent)?;
    // An earlier attempt may have been recorded although its answer was lost.
    let ours = order.invoice_of(intent).map(|code| code.state);
    match recorded {
        Err(qris_ledger::Error::State { .. }) if ours == Some(expected) => Ok(order),
        recorded => recorded.map(|()| order),
    }
}

#[cfg(test)]
mod tests {
    use qris_api::{InvoiceId, Schedule, TransactionNumber};
    use qris_ledger::{Actor, Budget, CheckOutcome};

    use super::*;

    fn at(text: &str) -> WibTime {
        WibTime::parse(text).expect("a time")
    }

    fn order() -> NewOrder {
        let number = TransactionNumber::parse("INV-1").expect("a number");
        NewOrder::new(number, Rupiah::new(25_578))
    }

    /// The first code of INV-1, which the provider made at 11:00, and a ledger with its intent.
    fn first_code() -> (Ledger, Created) {
        let mut ledger = Ledger::in_memory().expect("a ledger");
        let made = at("2026-11-22 11:00:00");
        let Request::New(intent) = ledger.request(&order(), made).expect("a request") else {
            panic!("it is new");
        };
        (ledger, created(intent, 1, made))
    }

    fn created(intent: Intent, id: u64, at: WibTime) -> Created {
        let number = intent.number().clone();
        let (amount, content) = (Rupiah::new(25_578), format!("QR {id}"));
        let invoice = Invoice::new(number, amount, content, at, InvoiceId::new(id), "ID1");
        let (context, schedule) = (Context::main(Actor::default()), Schedule::default());
        Created { context, intent, invoice, schedule, at }
    }

    /// Checks all codes of INV-1 when the first is over, and requests another.
    fn renew(ledger: &mut Ledger) -> Intent {
        let (number, now) = (order().number, at("2026-11-22 11:31:00"));
        let (gap, fresh) = (Duration::from_secs(15), Duration::from_secs(50));
        let claimed = ledger.claim_order(&number, &Budget::default(), gap, fresh, now);
        for claim in claimed.expect("claims").claims {
            let schedule = Schedule::default();
            ledger.record_check(&claim, CheckOutcome::Unpaid, &schedule, now).expect("a check");
        }
        ledger.renew(&number, now).expect("another code")
    }

    #[test]
    fn an_invoice_whose_recording_lost_its_answer_is_recorded_although_a_newer_code_is_too() {
        let (mut ledger, first) = first_code();
        first.record(&mut ledger).expect("a record, whose answer is lost");
        let second = renew(&mut ledger);
        created(second, 2, at("2026-11-22 11:31:05")).record(&mut ledger).expect("a record");
        let order = first.record(&mut ledger).expect("the record of the first try");
        let ids: Vec<_> = order.invoices.iter().map(|code| code.qris_invoiceid).collect();
        assert_eq!(ids, [Some(InvoiceId::new(1)), Some(InvoiceId::new(2))]);
    }

    #[test]
    fn a_refusal_whose_recording_lost_its_answer_is_recorded_although_a_newer_code_is_too() {
        let (mut ledger, first) = first_code();
        let now = at("2026-11-22 11:00:01");
        record_failure(&mut ledger, &first.intent, None, now).expect("a record");
        let Request::New(second) = ledger.request(&order(), now).expect("a request") else {
            panic!("a refused number may be asked for again");
        };
        created(second, 2, now).record(&mut ledger).expect("a record");
        let order = record_failure(&mut ledger, &first.intent, None, now);
        let states: Vec<_> = order.expect("it").invoices.iter().map(|code| code.state).collect();
        assert_eq!(states, [InvoiceState::Rejected, InvoiceState::Pending]);
    }
}
