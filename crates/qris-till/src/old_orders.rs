//! Orders of an earlier version, or of a program without the key of payment links.

use std::sync::Arc;
use std::time::Duration;

use crate::state::{AppState, stopped};

/// How long to wait before the next page of orders, because charges and payments have priority.
const PAUSE: Duration = Duration::from_millis(50);

/// How long to wait after an error of the ledger.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Gives a payment link to each order that has none, once after the start.
pub(crate) async fn add_pay_links(app: Arc<AppState>) {
    let (mut last, mut stopping) = (0, app.stopping.subscribe());
    loop {
        let pause = match app.orders.write(move |ledger| ledger.add_pay_links(last)).await {
            Ok(Some(row)) => {
                last = row;
                PAUSE
            }
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "orders without a payment link wait for the ledger");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
