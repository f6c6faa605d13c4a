//! Follows changes of orders by this and other processes, and tells the watchers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use qris_api::TransactionNumber;
use qris_ledger::{Error, OrderChange};
use qris_orders::{Change, MerchantName, Orders};

use crate::live::Key;
use crate::state::{AppState, stopped};

/// How often the ledger is read for changes by other processes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How much later than a higher-numbered event an event may become visible in the database.
const LATE: Duration = Duration::from_secs(5);

/// How many events are read again when the first request begins to wait, for the same reason.
const LATE_EVENTS: u64 = 100;

/// Publishes changes until the till stops.
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

/// Changes by this process.
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

/// Changes by other processes.
async fn follow_ledger(app: &AppState) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        look(app).await;
    }
}

/// Changes by other processes to orders that requests wait for: one query a second for all of them,
/// and none if no request waits.
async fn follow_events(app: &AppState) {
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if app.live.waiting() == 0 {
            seen = None;
        } else if let Err(error) = look_for_awaited(app, &mut seen).await {
            tracing::warn!(%error, "changes by other processes could not be read");
        }
    }
}

/// Reads the awaited orders that changed since the last time; the first time, all of them.
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

/// The events of the ledger that are already read.
///
/// PostgreSQL shows an event after its transaction ends, so a lower number may appear later. The
/// events of the last seconds are read again, and known ones are skipped.
#[derive(Debug)]
struct SeenEvents {
    /// Every event up to this cursor is skipped.
    settled: u64,
    known: BTreeMap<u64, Instant>,
}

impl SeenEvents {
    async fn from_now(orders: &Orders) -> Result<Self, Error> {
        let last = orders.read(|ledger| ledger.last_event()).await?;
        Ok(Self { settled: last.saturating_sub(LATE_EVENTS), known: BTreeMap::new() })
    }

    /// The orders of new events.
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
        // An invalid row must not hide the others.
        let found = found.filter(|found| !matches!(found, Err(Error::Corrupt { .. })));
        found.collect::<Result<Vec<_>, _>>()
    });
    match found.await {
        Ok(found) => {
            let now = orders.now();
            found.into_iter().flatten().for_each(|order| app.live.show(order, now));
        }
        Err(error) => tracing::warn!(%error, "changes by other processes could not be read"),
    }
}
