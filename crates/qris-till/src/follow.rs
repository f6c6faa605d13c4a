//! Follows what this process and others do to orders, and shows it to the ones who watch.

use std::sync::Arc;
use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::Error;
use qris_orders::{Change, MerchantName};

use crate::state::{AppState, stopped};

/// How often the ledger is looked into for what other processes did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

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
                app.outgoing.order_changed();
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
