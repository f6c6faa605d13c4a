//! Tells the ones who watch an order of each change, no matter which process made it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{Error, Order, State};
use qris_orders::{Change, MerchantName};
use tokio::sync::watch;

use crate::counters::Counters;
use crate::till::{AppState, stopped};

/// How often the ledger is looked into for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// An order of a merchant.
type Key = (MerchantName, TransactionNumber);

fn key_of(order: &Order) -> Key {
    (order.merchant.clone(), order.number.clone())
}

/// The orders that somebody watches, as they were last seen, and what each counter shows.
#[derive(Debug, Default)]
pub(crate) struct Live {
    watched: Mutex<HashMap<Key, watch::Sender<Order>>>,
    pub(crate) counters: Counters,
}

impl Live {
    /// Watches an order, beginning with what is booked of it now.
    pub(crate) fn watch(&self, order: Order) -> watch::Receiver<Order> {
        let (mut watched, key) = (self.watched(), key_of(&order));
        let known = watched.get(&key).map(watch::Sender::subscribe);
        known.unwrap_or_else(|| {
            let (sender, receiver) = watch::channel(order);
            watched.insert(key, sender);
            receiver
        })
    }

    /// Shows an order to the ones who watch it, if it is another than they saw last. What was read
    /// before a payment or before a newer code, and comes after it, is no news.
    pub(crate) fn show(&self, mut order: Order, now: WibTime) {
        order.state = order.state_at(now);
        if let Some(sender) = self.watched().get(&key_of(&order)) {
            sender.send_if_modified(|seen| {
                let is_older = (seen.state == State::Paid && order.state != State::Paid)
                    || seen.invoices.len() > order.invoices.len();
                let changed = !is_older && *seen != order;
                if changed {
                    *seen = order;
                }
                changed
            });
        }
    }

    /// Shows what may no longer be shown to a payer as expired, by the clock alone: the ledger may
    /// be unavailable just then.
    fn expire(&self, now: impl Fn(&MerchantName) -> WibTime) {
        for ((merchant, _), sender) in &*self.watched() {
            sender.send_if_modified(|seen| {
                let state = seen.state_at(now(merchant));
                std::mem::replace(&mut seen.state, state) != state
            });
        }
    }

    /// How many watch.
    pub(crate) fn watchers(&self) -> usize {
        self.watched().values().map(watch::Sender::receiver_count).sum()
    }

    /// What is watched; what nobody watches any more is forgotten.
    fn keys(&self) -> BTreeMap<MerchantName, Vec<TransactionNumber>> {
        let mut watched = self.watched();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        let mut keys: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (merchant, number) in watched.keys() {
            keys.entry(merchant.clone()).or_default().push(number.clone());
        }
        keys
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<Key, watch::Sender<Order>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows changes until the till stops.
pub(crate) async fn follow(app: Arc<AppState>) {
    let mut stopping = app.stopping.subscribe();
    let following =
        async { tokio::join!(follow_changes(&app), follow_clock(&app), follow_ledger(&app)) };
    tokio::select! {
        _ = following => {}
        () = stopped(&mut stopping) => {}
    }
}

/// What this process does.
async fn follow_changes(app: &AppState) {
    let mut changes = app.orders.changes();
    while let Some(change) = changes.next().await {
        match change {
            Change::Order(order) => {
                let now = app.now(&order.merchant);
                app.live.show(*order, now);
            }
            Change::Missed(_) => look(app).await,
        }
    }
}

async fn follow_clock(app: &AppState) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        app.live.expire(|merchant| app.now(merchant));
    }
}

/// What other processes do.
async fn follow_ledger(app: &AppState) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        look(app).await;
    }
}

async fn look(app: &AppState) {
    for (merchant, numbers) in app.live.keys() {
        look_for(app, merchant, numbers).await;
    }
}

async fn look_for(app: &AppState, merchant: MerchantName, numbers: Vec<TransactionNumber>) {
    // Only orders of the till's merchants are watched.
    let Ok(orders) = app.orders.for_merchant(merchant) else { return };
    let found = orders.read(move |ledger| {
        let found = numbers.iter().map(|number| ledger.find(number));
        // One that makes no sense must not hide the others.
        let found = found.filter(|found| !matches!(found, Err(Error::Foreign { .. })));
        found.collect::<Result<Vec<_>, _>>()
    });
    match found.await {
        Ok(found) => {
            let now = orders.now();
            found.into_iter().flatten().for_each(|order| app.live.show(order, now));
        }
        Err(error) => tracing::warn!(%error, "what others did is not known"),
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
