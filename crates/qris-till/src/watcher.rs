//! Asks the provider about open invoices, each in its time, and books what it says.

use std::sync::Arc;
use std::time::Duration;

use qris_api::{Payment, WibTime};
use qris_ledger::{CheckOutcome, Claim, Error, Settlement};
use tokio::sync::watch;

use crate::shop::Shop;

/// How often it is looked which invoices are due.
const ROUND_EVERY: Duration = Duration::from_millis(500);

/// How long the provider may take to say what time it is when the till starts.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// How many invoices are asked about at the same time at most, to leave some for other processes.
const AT_ONCE: u32 = 64;

/// Goes its rounds until the till stops.
pub(crate) async fn watch(shop: Arc<Shop>) {
    let mut stopping = shop.stopping.subscribe();
    // What the host's clock would expire by mistake is expired by the provider's time. Without an
    // answer the first check says what time it is.
    tokio::time::timeout(TIME_LIMIT, shop.client.reach()).await.ok();
    loop {
        match round(&shop).await {
            Ok(()) => shop.health.round_made(),
            Err(error) => {
                shop.metrics.books_failed.add(1);
                tracing::warn!(%error, "a round of checks was not made");
            }
        }
        tokio::select! {
            () = shop.due.notified() => {}
            () = tokio::time::sleep(ROUND_EVERY) => {}
            () = stopped(&mut stopping) => return,
        }
    }
}

/// Waits until the till is told to stop.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    stopping.wait_for(|&stopping| stopping).await.ok();
}

async fn round(shop: &Arc<Shop>) -> Result<(), Error> {
    let (budget, abandon_after) = (shop.budget, shop.abandon_after);
    let now = shop.now();
    let (claims, moved) = shop
        .books
        .write(move |ledger| {
            // Intents are booked by the host's clock, before the provider has said what time it is.
            let long_ago = WibTime::now().timestamp().checked_sub(abandon_after);
            if ledger.revive(now)? > 0 {
                tracing::warn!(
                    "invoices without a valid time for their next check are checked now"
                );
            }
            let mut moved = ledger.expire(now)?;
            let expired = moved.len();
            if let Ok(long_ago) = long_ago {
                moved.extend(ledger.abandon(long_ago.into(), now)?);
            }
            let records = moved.iter().map(|number| ledger.find(number));
            // One that makes no sense must not keep the others from their checks.
            let records = records.filter(|found| !matches!(found, Err(Error::Foreign { .. })));
            let records = records.collect::<Result<Vec<_>, _>>()?;
            Ok((ledger.claim_checks(&budget, AT_ONCE, now)?, (expired, records)))
        })
        .await?;
    let (expired, records) = moved;
    shop.metrics.expired.add(expired);
    for record in records.into_iter().flatten() {
        tracing::info!(number = %record.number, state = %record.state, "its time has passed");
        shop.live.show(record);
    }
    for claim in claims {
        let shop = Arc::clone(shop);
        tokio::spawn(async move {
            let number = claim.record.number.clone();
            if let Err(error) = check(&shop, claim).await {
                // It is due again when the claim ends.
                shop.metrics.books_failed.add(1);
                tracing::warn!(%number, %error, "a check was not booked");
            }
        });
    }
    Ok(())
}

/// Makes one check and books what came of it.
async fn check(shop: &Arc<Shop>, claim: Claim) -> Result<(), Error> {
    let Some(invoice) = claim.record.invoice.clone() else { return Ok(()) };
    let number = claim.record.number.clone();
    let answer = shop.client.check_invoice_for(&invoice, claim.trigger()).await;
    shop.health.provider_called(&answer);
    let payment = match &answer {
        Ok(payment) => payment.clone(),
        Err(error) => {
            tracing::warn!(%number, %error, "a check had no answer");
            Payment::Unpaid
        }
    };
    match &answer {
        Ok(Payment::Paid(_)) => shop.metrics.checks_paid.add(1),
        Ok(Payment::Unpaid) => shop.metrics.checks_unpaid.add(1),
        Err(_) => shop.metrics.checks_failed.add(1),
    }
    let (now, schedule) = (shop.now(), shop.client.schedule());
    let outcome = CheckOutcome::from_answer(&answer);
    let (settlement, record) = shop
        .books
        .write(move |ledger| {
            let settlement = ledger.settle(invoice.qris_invoiceid, &payment, now)?;
            if let Some(outcome) = outcome {
                ledger.checked(&claim, outcome, &schedule, now)?;
            }
            Ok((settlement, ledger.find(&claim.record.number)?))
        })
        .await?;
    if settlement == Settlement::Now {
        shop.metrics.settled.add(1);
        tracing::info!(%number, "paid");
    }
    record.into_iter().for_each(|record| shop.live.show(record));
    Ok(())
}
