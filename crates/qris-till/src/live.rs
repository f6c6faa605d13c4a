//! Tells the ones who watch an order of each change, no matter which process made it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{Order, State};
use qris_orders::MerchantName;
use tokio::sync::watch;

use crate::counters::Counters;

/// An order of a merchant.
pub(crate) type Key = (MerchantName, TransactionNumber);

fn key_of(order: &Order) -> Key {
    (order.merchant.clone(), order.number.clone())
}

/// The orders that somebody watches, as they were last seen, and what each counter shows.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// Watched by a stream, which tells of each change: what other processes do is read each second.
    watched: Orders,
    /// Waited for by a request that is answered once the state is another one. There may be many, so
    /// only what other processes did since is read.
    awaited: Orders,
    pub(crate) counters: Counters,
}

impl Live {
    /// Watches an order, beginning with what is booked of it now.
    pub(crate) fn watch(&self, order: Order) -> watch::Receiver<Order> {
        self.watched.watch(order)
    }

    /// The same for a request that waits for another state.
    pub(crate) fn wait(&self, order: Order) -> watch::Receiver<Order> {
        self.awaited.watch(order)
    }

    /// Shows an order to the ones who watch it, if it is another than they saw last. What was read
    /// before a payment or before a newer code, and comes after it, is no news.
    pub(crate) fn show(&self, mut order: Order, now: WibTime) {
        order.state = order.state_at(now);
        self.watched.show(&order);
        self.awaited.show(&order);
    }

    /// Shows what may no longer be shown to a payer as expired, by the clock alone: the ledger may
    /// be unavailable just then.
    pub(crate) fn expire(&self, now: impl Fn(&MerchantName) -> WibTime) {
        self.watched.expire(&now);
        self.awaited.expire(&now);
    }

    /// How many streams watch.
    pub(crate) fn watchers(&self) -> usize {
        self.watched.watchers()
    }

    /// How many requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.awaited.watchers()
    }

    /// What is watched; what nobody watches any more is forgotten.
    pub(crate) fn keys(&self) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.watched.keys(|_| true)
    }

    /// All orders that somebody waits for.
    pub(crate) fn all_awaited(&self) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.awaited.keys(|_| true)
    }

    /// The orders among these that somebody waits for; what nobody waits for any more is forgotten.
    pub(crate) fn awaited_among(
        &self,
        changed: &BTreeSet<Key>,
    ) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.awaited.keys(|key| changed.contains(key))
    }
}

/// Orders by number, with the ones who want to know of their changes.
#[derive(Debug, Default)]
struct Orders(Mutex<HashMap<Key, watch::Sender<Order>>>);

impl Orders {
    fn watch(&self, order: Order) -> watch::Receiver<Order> {
        let (mut watched, key) = (self.lock(), key_of(&order));
        let known = watched.get(&key).map(watch::Sender::subscribe);
        known.unwrap_or_else(|| {
            let (sender, receiver) = watch::channel(order);
            watched.insert(key, sender);
            receiver
        })
    }

    fn show(&self, order: &Order) {
        if let Some(sender) = self.lock().get(&key_of(order)) {
            sender.send_if_modified(|seen| {
                let is_older = (seen.state == State::Paid && order.state != State::Paid)
                    || seen.invoices.len() > order.invoices.len();
                let changed = !is_older && *seen != *order;
                if changed {
                    seen.clone_from(order);
                }
                changed
            });
        }
    }

    fn expire(&self, now: impl Fn(&MerchantName) -> WibTime) {
        for ((merchant, _), sender) in &*self.lock() {
            sender.send_if_modified(|seen| {
                let state = seen.state_at(now(merchant));
                std::mem::replace(&mut seen.state, state) != state
            });
        }
    }

    fn watchers(&self) -> usize {
        self.lock().values().map(watch::Sender::receiver_count).sum()
    }

    fn keys(
        &self,
        wanted: impl Fn(&Key) -> bool,
    ) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        let mut watched = self.lock();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        let mut keys: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for key in watched.keys().filter(|key| wanted(key)) {
            keys.entry(key.0.clone()).or_default().push(key.1.clone());
        }
        keys
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, watch::Sender<Order>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use qris_api::Rupiah;
    use qris_ledger::{Ledger, NewOrder};

    use super::*;

    #[test]
    fn what_was_read_before_a_payment_or_a_newer_code_and_comes_after_it_is_not_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(folder.path().join("qris.db")).expect("books");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let order = NewOrder::new(number.clone(), Rupiah::new(100));
        ledger.request(&order, WibTime::now()).expect("booked");
        let before = ledger.find(&number).expect("books").expect("a record");
        let mut paid = before.clone();
        paid.state = State::Paid;

        let (live, now) = (Live::default(), WibTime::now());
        let mut watched = live.watch(before.clone());
        live.show(paid.clone(), now);
        assert_eq!(*watched.borrow_and_update(), paid);
        live.show(before.clone(), now);
        assert_eq!(watched.has_changed().ok(), Some(false));
        assert_eq!(*watched.borrow(), paid);

        // The same of an order that has another code since.
        let mut renewed = before.clone();
        renewed.invoices.extend(before.invoices.clone());
        let live = Live::default();
        let mut watched = live.watch(before.clone());
        live.show(renewed.clone(), now);
        assert_eq!(*watched.borrow_and_update(), renewed);
        live.show(before, now);
        assert_eq!(watched.has_changed().ok(), Some(false));
    }
}
