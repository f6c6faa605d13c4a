//! Tells whoever watches an invoice of each change, whichever process made it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use qris_api::{Client, TransactionNumber, WibTime};
use qris_ledger::{Error, Record, State};
use tokio::sync::watch;

use crate::counters::Counters;
use crate::shop::Shop;

/// How often the books are looked into for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The invoices that somebody watches, as they were last seen, and what each counter shows.
#[derive(Debug)]
pub(crate) struct Live {
    watched: Mutex<HashMap<TransactionNumber, watch::Sender<Record>>>,
    pub(crate) counters: Counters,
    /// Knows what time it is at the provider's.
    client: Client,
}

impl Live {
    pub(crate) fn new(client: Client) -> Self {
        Self { watched: Mutex::default(), counters: Counters::default(), client }
    }

    /// Watches an invoice, beginning with what is booked of it now.
    pub(crate) fn watch(&self, record: Record) -> watch::Receiver<Record> {
        let mut watched = self.watched();
        let known = watched.get(&record.number).map(watch::Sender::subscribe);
        known.unwrap_or_else(|| {
            let number = record.number.clone();
            let (sender, receiver) = watch::channel(record);
            watched.insert(number, sender);
            receiver
        })
    }

    /// Shows a record to those who watch it, if it is another than they saw last. Paid is the end:
    /// what was read before it and comes after it is no news.
    pub(crate) fn show(&self, mut record: Record) {
        record.state = record.state_at(self.client.now());
        if let Some(sender) = self.watched().get(&record.number) {
            sender.send_if_modified(|seen| {
                let over = seen.state == State::Paid && record.state != State::Paid;
                let changed = !over && *seen != record;
                if changed {
                    *seen = record;
                }
                changed
            });
        }
    }

    /// Shows what may no longer be shown to a payer as expired, by the clock alone: the books may
    /// be unavailable just then.
    fn expire(&self, now: WibTime) {
        for sender in self.watched().values() {
            sender.send_if_modified(|seen| {
                let state = seen.state_at(now);
                std::mem::replace(&mut seen.state, state) != state
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

    fn watched(&self) -> MutexGuard<'_, HashMap<TransactionNumber, watch::Sender<Record>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks for changes until the till stops.
pub(crate) async fn follow(shop: Arc<Shop>) {
    tokio::join!(follow_clock(&shop), follow_books(&shop));
}

async fn follow_clock(shop: &Shop) {
    while !shop.stops_within(LOOK_EVERY).await {
        shop.live.expire(shop.now());
    }
}

async fn follow_books(shop: &Shop) {
    while !shop.stops_within(LOOK_EVERY).await {
        let numbers = shop.live.numbers();
        if numbers.is_empty() {
            continue;
        }
        let found = shop.books.read(move |ledger| {
            let found = numbers.iter().map(|number| ledger.find(number));
            // One that makes no sense must not hide the others.
            let found = found.filter(|found| !matches!(found, Err(Error::Foreign { .. })));
            found.collect::<Result<Vec<_>, _>>()
        });
        match found.await {
            Ok(records) => records.into_iter().flatten().for_each(|record| shop.live.show(record)),
            Err(error) => tracing::warn!(%error, "what others did is not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use qris_api::{ApiKey, MerchantId, Rupiah};
    use qris_ledger::{Channel, Ledger};

    use super::*;

    #[test]
    fn what_was_read_before_a_payment_and_comes_after_it_is_not_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(folder.path().join("qris.db")).expect("books");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        ledger.request(&number, Rupiah::new(100), Channel::Pos, WibTime::now()).expect("booked");
        let before = ledger.find(&number).expect("books").expect("a record");
        let mut paid = before.clone();
        paid.state = State::Paid;

        let key = ApiKey::parse("sandbox-key").expect("a key");
        let merchant = MerchantId::parse("123456").expect("a merchant");
        let live = Live::new(Client::builder(key, merchant).build().expect("a client"));
        let mut watched = live.watch(before.clone());
        live.show(paid.clone());
        assert_eq!(*watched.borrow_and_update(), paid);
        live.show(before);
        assert_eq!(watched.has_changed().ok(), Some(false));
        assert_eq!(*watched.borrow(), paid);
    }
}
