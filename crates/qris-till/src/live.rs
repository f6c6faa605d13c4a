//! Tells the watchers of an order about each change, from any process.

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

/// The watched orders in their last known state, and the order that each counter shows.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// Orders watched by streams. Changes by other processes are read each second.
    watched: Orders,
    /// Orders that requests wait for. A request is answered when the state changes. There may be
    /// many, so only new changes by other processes are read.
    awaited: Orders,
    pub(crate) counters: Counters,
}

impl Live {
    /// Watches an order, starting with its current state.
    pub(crate) fn watch(&self, order: Order) -> watch::Receiver<Order> {
        self.watched.watch(order)
    }

    /// The same for a request that waits for a change of state.
    pub(crate) fn wait(&self, order: Order) -> watch::Receiver<Order> {
        self.awaited.watch(order)
    }

    /// Sends an order to its watchers if it changed. A record that was read before a payment or a
    /// newer code, but arrives after it, is dropped.
    pub(crate) fn show(&self, mut order: Order, now: WibTime) {
        order.state = order.state_at(now);
        self.watched.show(&order);
        self.awaited.show(&order);
    }

    /// Shows orders as expired when their codes may no longer be shown. It uses only the clock,
    /// because the ledger may be unavailable.
    pub(crate) fn expire(&self, now: impl Fn(&MerchantName) -> WibTime) {
        self.watched.expire(&now);
        self.awaited.expire(&now);
    }

    /// The number of streams that watch.
    pub(crate) fn watchers(&self) -> usize {
        self.watched.watchers()
    }

    /// The number of waiting requests.
    pub(crate) fn waiting(&self) -> usize {
        self.awaited.watchers()
    }

    /// The watched entries. Entries without watchers are removed.
    pub(crate) fn keys(&self) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.watched.keys(|_| true)
    }

    /// All orders that requests wait for.
    pub(crate) fn all_awaited(&self) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.awaited.keys(|_| true)
    }

    /// The orders among these that requests wait for. Others are removed.
    pub(crate) fn awaited_among(
        &self,
        changed: &BTreeSet<Key>,
    ) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        self.awaited.keys(|key| changed.contains(key))
    }
}

/// Orders by number, with their watchers.
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

        // The same for an order that has a newer code.
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
