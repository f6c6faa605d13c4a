//! Follows what this process and others do to orders, and shows it to the ones who watch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use qris_api::TransactionNumber;
use qris_ledger::{Error, OrderChange};
use qris_orders::{Change, MerchantName, Orders};

use crate::live::Key;
use crate::state::{AppState, stopped};

/// How often the ledger is looked into for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How much later than one with a higher number an event may be shown by the database.
const LATE: Duration = Duration::from_secs(5);

/// How many events are read again when the first request begins to wait, for the same reason.
const LATE_EVENTS: u64 = 100;

/// Shows changes until the till stops.
pub(crate) async fn follow(app: Arc<AppState>) {
    let mut stopping = app.stopping.subscribe();
    let following = async {
        tokio::join!(
            follow_changes(&app),
            follow_clock(&app),
            follow_ledger(&app),
            follow_events(&app)
        )
    };
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
                app.outgoing.order_changed();
                let now = app.now(&order.merchant);
                app.live.show(*order, now);
            }
            Change::Missed(_) => {
                look(app).await;
                look_for_all(app, app.live.all_awaited()).await;
            }
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

/// What other processes do to the orders that requests wait for: one question a second for all of
/// them, and none while nobody waits.
async fn follow_events(app: &AppState) {
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if app.live.waiting() == 0 {
            seen = None;
        } else if let Err(error) = look_for_awaited(app, &mut seen).await {
            tracing::warn!(%error, "what others did is not known");
        }
    }
}

/// Looks for the awaited orders that were changed since the last time; the first time, for all.
async fn look_for_awaited(app: &AppState, seen: &mut Option<SeenEvents>) -> Result<(), Error> {
    let changed = match seen {
        Some(seen) => app.live.awaited_among(&seen.read(&app.orders).await?),
        None => {
            *seen = Some(SeenEvents::from_now(&app.orders).await?);
            app.live.all_awaited()
        }
    };
    look_for_all(app, changed).await;
    Ok(())
}

/// The events of the ledger that were read already.
///
/// PostgreSQL shows an event once its transaction ends, so that one with a lower number may come later:
/// those of the last seconds are read again, and the known ones are passed over.
#[derive(Debug)]
struct SeenEvents {
    /// Every event up to here is passed over.
    settled: u64,
    known: BTreeMap<u64, Instant>,
}

impl SeenEvents {
    async fn from_now(orders: &Orders) -> Result<Self, Error> {
        let last = orders.read(|ledger| ledger.last_event()).await?;
        Ok(Self { settled: last.saturating_sub(LATE_EVENTS), known: BTreeMap::new() })
    }

    /// The orders of events that were not read before.
    async fn read(&mut self, orders: &Orders) -> Result<BTreeSet<Key>, Error> {
        let settled = self.settled;
        let changes = orders.read(move |ledger| ledger.changes_after(settled)).await?;
        let now = Instant::now();
        let is_new = |change: &OrderChange| !self.known.contains_key(&change.event);
        let new: Vec<_> = changes.into_iter().filter(is_new).collect();
        self.known.extend(new.iter().map(|change| (change.event, now)));
        while let Some(first) = self.known.first_entry()
            && now.duration_since(*first.get()) > LATE
        {
            self.settled = first.remove_entry().0;
        }
        Ok(new.into_iter().map(|change| (change.merchant, change.number)).collect())
    }
}

async fn look(app: &AppState) {
    look_for_all(app, app.live.keys()).await;
}

async fn look_for_all(app: &AppState, orders: BTreeMap<MerchantName, Vec<TransactionNumber>>) {
    for (merchant, numbers) in orders {
        look_for(app, merchant, numbers).await;
    }
}

async fn look_for(app: &AppState, merchant: MerchantName, numbers: Vec<TransactionNumber>) {
    // Only orders of the till's merchants are watched.
    let Ok(orders) = app.orders.for_merchant(merchant) else { return };
    let found = orders.read(move |ledger| {
        let found = numbers.iter().map(|number| ledger.find(number));
        // One that makes no sense must not hide the others.
        let found = found.filter(|found| !matches!(found, Err(Error::Corrupt { .. })));
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
