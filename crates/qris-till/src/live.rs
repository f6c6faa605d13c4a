//! Tells whoever watches an invoice of each change, whichever process made it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::Record;
use tokio::sync::watch;

use crate::shop::Shop;

/// How often the books are looked into for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The invoices that somebody watches, as they were last seen.
#[derive(Debug, Default)]
pub(crate) struct Live(Mutex<HashMap<TransactionNumber, watch::Sender<Seen>>>);

/// An invoice as those who watch it see it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) record: Record,
    /// Whether this process's last check had no answer, so that "unpaid" may be out of date.
    pub(crate) unanswered: bool,
}

impl Live {
    /// Watches an invoice, beginning with what is booked of it now.
    pub(crate) fn watch(&self, record: Record) -> watch::Receiver<Seen> {
        let mut watched = self.watched();
        let known = watched.get(&record.number).map(watch::Sender::subscribe);
        known.unwrap_or_else(|| {
            let number = record.number.clone();
            let (sender, receiver) = watch::channel(Seen { record, unanswered: false });
            watched.insert(number, sender);
            receiver
        })
    }

    /// Shows a record to those who watch it, if it is another than they saw last.
    pub(crate) fn show(&self, record: Record) {
        self.change(&record.number.clone(), |seen| seen.record = record);
    }

    /// Tells those who watch an invoice whether the provider has answered the last check of it.
    pub(crate) fn checked(&self, number: &TransactionNumber, answered: bool) {
        self.change(number, |seen| seen.unanswered = !answered);
    }

    fn change(&self, number: &TransactionNumber, change: impl FnOnce(&mut Seen)) {
        if let Some(sender) = self.watched().get(number) {
            sender.send_if_modified(|seen| {
                let before = seen.clone();
                change(seen);
                *seen != before
            });
        }
    }

    /// How many watch.
    pub(crate) fn watchers(&self) -> usize {
        self.watched().values().map(watch::Sender::receiver_count).sum()
    }

    /// What is watched; what nobody watches any more is forgotten.
    fn numbers(&self) -> Vec<TransactionNumber> {
        let mut watched = self.watched();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        watched.keys().cloned().collect()
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<TransactionNumber, watch::Sender<Seen>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks for changes until the till stops.
pub(crate) async fn follow(shop: Arc<Shop>) {
    while !shop.stops_within(LOOK_EVERY).await {
        let numbers = shop.live.numbers();
        if numbers.is_empty() {
            continue;
        }
        let found = shop.books.read(move |ledger| {
            let found = numbers.iter().map(|number| ledger.find(number));
            found.collect::<Result<Vec<_>, _>>()
        });
        match found.await {
            Ok(records) => records.into_iter().flatten().for_each(|record| shop.live.show(record)),
            Err(error) => tracing::warn!(%error, "what others did is not known"),
        }
    }
}
