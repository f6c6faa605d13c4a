//! What a shop does: it charges, presses the button, cancels.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qris_api::{Client, Invoice, Press, Rupiah, Tip, TransactionNumber, WibTime};
use qris_ledger::{Budget, Channel, Error, Record, Request, State};
use tokio::sync::{Notify, Semaphore, watch};

use crate::books::Books;
use crate::health::Health;
use crate::live::Live;
use crate::metrics::Metrics;

/// What everything in a till shares.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) client: Client,
    pub(crate) books: Arc<Books>,
    pub(crate) live: Live,
    pub(crate) metrics: Metrics,
    pub(crate) budget: Budget,
    pub(crate) abandon_after: Duration,
    /// Wakes the watcher: an invoice is due at once.
    pub(crate) due: Notify,
    /// Wakes the watcher of candidates: a webhook is of a sale without a known invoice.
    pub(crate) candidates_due: Notify,
    pub(crate) health: Health,
    pub(crate) stopping: watch::Sender<bool>,
    /// A permit for each charge, so that none is cut off when the till stops.
    pub(crate) charges: Arc<Semaphore>,
}

/// How many charges may be under way at the same time.
pub(crate) const CHARGES: u32 = 1_000;

/// A sale to be paid.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(crate) number: TransactionNumber,
    pub(crate) amount: Rupiah,
    pub(crate) channel: Channel,
    pub(crate) tip: Tip,
    /// The caller's own name for this charge.
    pub(crate) reference: Option<String>,
}

/// What came of a charge that has a record.
#[derive(Debug)]
pub(crate) enum Charge {
    /// The invoice is new.
    Created(Record),
    /// The number was charged before, with the same amount.
    Known(Record),
}

/// Why there is no invoice to show.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The provider, or the client before it.
    Provider(qris_api::Error),
    /// The books.
    Books(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Books(error)
    }
}

/// How long the same number waits for the charge that is under way, and how often it looks.
const ANSWER_PATIENCE: Duration = Duration::from_secs(40);
const ANSWER_PAUSE: Duration = Duration::from_millis(250);

/// How long to try to book what the provider has done, and how often.
const BOOKING_TRIES: u32 = 30;
const BOOKING_PAUSE: Duration = Duration::from_secs(1);

impl Shop {
    /// The best-known time: the provider's clock once it has replied.
    pub(crate) fn now(&self) -> WibTime {
        self.client.now()
    }

    /// Whether the till stops before this much time has passed.
    pub(crate) async fn stops_within(&self, time: Duration) -> bool {
        let mut stopping = self.stopping.subscribe();
        let stops = stopping.wait_for(|&stopping| stopping);
        tokio::time::timeout(time, stops).await.is_ok()
    }

    /// Charges, to the end even if nobody waits for it any more: a charge that is cut off between
    /// the provider's answer and the books would leave an invoice that nobody knows.
    pub(crate) async fn charge(self: &Arc<Self>, sale: Sale) -> Result<Charge, Refusal> {
        let shop = Arc::clone(self);
        let task = tokio::spawn(async move {
            // The semaphore is never closed.
            let _permit = shop.charges.acquire().await;
            shop.charge_once(sale).await
        });
        task.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error)).into()))
    }

    async fn charge_once(self: &Arc<Self>, sale: Sale) -> Result<Charge, Refusal> {
        let Sale { number, amount, channel, tip, reference } = sale;
        let asked = number.clone();
        let asked_at = WibTime::now();
        let request = self.books.write(move |ledger| {
            let reference = reference.as_deref();
            ledger.request_with_reference(&asked, amount, channel, reference, asked_at)
        });
        if let Request::Known(record) = request.await? {
            self.metrics.charges_repeated.add(1);
            return Ok(Charge::Known(self.answered(*record).await?));
        }
        let made = self.client.create_invoice(&number, amount, tip).await;
        self.health.provider_called(&made);
        match made {
            Ok(invoice) => {
                let record = self.book(invoice).await?;
                tracing::info!(%number, %amount, %channel, "charged");
                self.metrics.charges_created.add(1);
                self.live.show(record.clone());
                Ok(Charge::Created(record))
            }
            Err(error) => {
                let state = state_after(&error);
                tracing::warn!(%number, %state, %error, "not charged");
                let count = match state {
                    State::Unknown => &self.metrics.charges_unknown,
                    _ => &self.metrics.charges_refused,
                };
                count.add(1);
                self.book_refusal(number, state, error.to_string()).await?;
                Err(Refusal::Provider(error))
            }
        }
    }

    /// Waits, if somebody else is asking for this invoice just now, for what comes of it.
    async fn answered(&self, record: Record) -> Result<Record, Error> {
        let asked = Instant::now();
        let mut record = record;
        while record.state == State::Requested && asked.elapsed() < ANSWER_PATIENCE {
            tokio::time::sleep(ANSWER_PAUSE).await;
            let number = record.number.clone();
            let found = self.books.read(move |ledger| ledger.find(&number)).await?;
            record = found.ok_or(Error::Absent)?;
        }
        Ok(record)
    }

    /// Records the provider's invoice, retrying while the database is unavailable.
    async fn book(self: &Arc<Self>, invoice: Invoice) -> Result<Record, Error> {
        let (schedule, now) = (self.client.schedule(), self.now());
        let (number, id, date) =
            (invoice.number.clone(), invoice.qris_invoiceid, invoice.qris_request_date);
        let booked = self.insist(move |ledger| {
            let booked = ledger.record_created(&invoice, &schedule, now);
            let record = ledger.find(&invoice.number)?.ok_or(Error::Absent)?;
            // An earlier try may have been booked although its answer was lost.
            let ours = record.invoice.as_ref() == Some(&invoice);
            match booked {
                Err(Error::State { .. }) if ours => Ok(record),
                booked => booked.map(|()| record),
            }
        });
        let booked = booked.await;
        if let Err(error) = &booked {
            // The provider made it: a person must be able to find it.
            tracing::error!(%number, invoice = %id, %date, %error, "an invoice is not shown");
            self.metrics.charges_unknown.add(1);
            let found = self.books.read(move |ledger| ledger.find(&number)).await;
            found.ok().flatten().into_iter().for_each(|record| self.live.show(record));
        }
        booked
    }

    async fn book_refusal(
        self: &Arc<Self>,
        number: TransactionNumber,
        state: State,
        why: String,
    ) -> Result<(), Error> {
        let booked = self.insist(move |ledger| {
            let booked = match state {
                State::Unknown => ledger.unknown(&number, Some(&why), WibTime::now()),
                _ => ledger.rejected(&number, WibTime::now()),
            };
            match booked {
                // An earlier try may have been booked although its answer was lost.
                Err(Error::State { found, .. }) if found == state => ledger.find(&number),
                booked => booked.and_then(|()| ledger.find(&number)),
            }
        });
        booked.await?.into_iter().for_each(|record| self.live.show(record));
        Ok(())
    }

    /// Tries again while the books are away, busy or full.
    pub(crate) async fn insist<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl Fn(&mut qris_ledger::Ledger) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.books.write(work.clone()).await {
                Err(error) if error.is_transient() && tries < BOOKING_TRIES => {
                    tracing::warn!(%error, "the books are away; trying again");
                    self.metrics.books_failed.add(1);
                    tokio::time::sleep(BOOKING_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// The cashier's button.
    pub(crate) async fn press(&self, number: TransactionNumber) -> Result<(Press, Record), Error> {
        let (schedule, now) = (self.client.schedule(), self.now());
        let pressed = self.books.write(move |ledger| {
            let press = ledger.press(&number, schedule.tries, schedule.try_gap, now)?;
            Ok((press, ledger.find(&number)?.ok_or(Error::Absent)?))
        });
        let pressed = pressed.await?;
        if matches!(pressed.0, Press::Accepted { .. }) {
            self.due.notify_one();
        }
        Ok(pressed)
    }

    /// Shows a record, which this process has just found to be paid.
    pub(crate) fn settled(&self, record: Record) {
        self.metrics.settled.add(1);
        tracing::info!(number = %record.number, "paid");
        self.live.show(record);
    }
}

/// What is known of an invoice after a create that failed.
fn state_after(error: &qris_api::Error) -> State {
    match error {
        // There is an invoice, but not one that may be shown: a person has to look.
        qris_api::Error::OutcomeUnknown { .. } | qris_api::Error::ContentMismatch { .. } => {
            State::Unknown
        }
        _ => State::Rejected,
    }
}
