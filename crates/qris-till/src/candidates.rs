//! Checks the invoices that may be the ones of sales whose outcome is unknown.

use std::sync::Arc;
use std::time::Duration;

use qris_api::{Payment, Trigger};
use qris_ledger::{Candidate, Error, Settlement};

use crate::shop::Shop;
use crate::watcher::stopped;

/// How often it is looked which candidates are due. A webhook that is of a sale does not wait.
const ROUND_EVERY: Duration = Duration::from_secs(5);

/// How many candidates are checked at the same time at most.
const AT_ONCE: u32 = 8;

/// Checks what is due until the till stops.
pub(crate) async fn watch(shop: Arc<Shop>) {
    let mut stopping = shop.stopping.subscribe();
    loop {
        let (budget, now) = (shop.budget, shop.now());
        let claimed =
            shop.books.write(move |ledger| ledger.claim_candidates(&budget, AT_ONCE, now));
        match claimed.await {
            Ok(candidates) => {
                for candidate in candidates {
                    tokio::spawn(check(Arc::clone(&shop), candidate));
                }
            }
            Err(error) => {
                shop.metrics.books_failed.add(1);
                tracing::warn!(%error, "it is not known which webhooks are to be checked");
            }
        }
        tokio::select! {
            () = shop.candidates_due.notified() => {}
            () = tokio::time::sleep(ROUND_EVERY) => {}
            () = stopped(&mut stopping) => return,
        }
    }
}

async fn check(shop: Arc<Shop>, candidate: Candidate) {
    let number = candidate.record.number.clone();
    let answer = shop.client.check_invoice_for(&candidate.invoice, Trigger::Hint).await;
    shop.health.provider_called(&answer);
    let done = match answer {
        Ok(payment @ Payment::Paid(_)) => {
            shop.metrics.checks_paid.add(1);
            resolve(&shop, &candidate, &payment).await.map(drop)
        }
        answer => {
            match &answer {
                Ok(_) => shop.metrics.checks_unpaid.add(1),
                Err(error) => {
                    shop.metrics.checks_failed.add(1);
                    tracing::warn!(%number, %error, "a check had no answer");
                }
            }
            let (schedule, answered, now) = (shop.client.schedule(), answer.is_ok(), shop.now());
            let write = shop.books.write(move |ledger| {
                ledger.candidate_checked(&candidate, &schedule, answered, now)
            });
            write.await
        }
    };
    if let Err(error) = done {
        // It is due again when the claim ends, if the sale is still without an invoice.
        tracing::warn!(%number, %error, "a check of a webhook was not booked");
    }
}

/// Books that a sale's invoice was found and is paid.
pub(crate) async fn resolve(
    shop: &Arc<Shop>,
    candidate: &Candidate,
    payment: &Payment,
) -> Result<qris_ledger::Record, Error> {
    let (number, id) = (candidate.record.number.clone(), candidate.invoice.qris_invoiceid);
    let details = payment.details().cloned().unwrap_or_default();
    let now = shop.now();
    let booked = shop.insist(move |ledger| {
        let settlement = ledger.resolve_paid(&number, id, &details, now)?;
        Ok((settlement, ledger.find(&number)?.ok_or(Error::Absent)?))
    });
    let (settlement, record) = booked.await?;
    match settlement {
        Settlement::Now => shop.settled(record.clone()),
        _ => shop.live.show(record.clone()),
    }
    Ok(record)
}
