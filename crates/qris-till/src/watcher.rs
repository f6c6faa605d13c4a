//! Asks the provider about open invoices, each in its time, and books what it says.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use qris_api::{Payment, Schedule, WibTime};
use qris_ledger::{Claim, Error, Settlement, State};
use tokio::sync::watch;

use crate::shop::Shop;

/// How often it is looked which invoices are due.
const ROUND_EVERY: Duration = Duration::from_millis(500);

/// How many invoices are asked about at the same time at most, to leave some for other processes.
const AT_ONCE: u32 = 64;

/// How long after its last check an invoice is still asked about when that check had no answer.
const PERSISTENCE: Duration = Duration::from_secs(60 * 60);

/// Goes its rounds until the till stops.
pub(crate) async fn watch(shop: Arc<Shop>) {
    let mut stopping = shop.stopping.subscribe();
    loop {
        if let Err(error) = round(&shop).await {
            shop.metrics.books_failed.add(1);
            tracing::warn!(%error, "a round of checks was not made");
        }
        shop.last_round.store(WibTime::now().timestamp().as_second(), Ordering::Relaxed);
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
    let (claims, moved) = shop
        .books
        .write(move |ledger| {
            let now = WibTime::now();
            let long_ago = now.timestamp().checked_sub(abandon_after);
            if ledger.revive(now)? > 0 {
                tracing::warn!("the clock was ahead; what it gave up is watched again");
            }
            let mut moved = ledger.expire(now)?;
            let expired = moved.len();
            if let Ok(long_ago) = long_ago {
                moved.extend(ledger.abandon(long_ago.into(), now)?);
            }
            let records = moved.iter().map(|number| ledger.find(number));
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
    let answer = shop.client.check_invoice(&invoice).await;
    let payment = match &answer {
        Ok(payment) => payment.clone(),
        Err(error) => {
            tracing::warn!(%number, %error, "a check had no answer");
            Payment::Unpaid
        }
    };
    match &answer {
        Ok(Payment::Paid { .. }) => shop.metrics.checks_paid.add(1),
        Ok(Payment::Unpaid) => shop.metrics.checks_unpaid.add(1),
        Err(_) => shop.metrics.checks_failed.add(1),
    }
    shop.live.checked(&number, answer.is_ok());
    let next = next_check(&shop.client.schedule(), &claim, WibTime::now(), &answer);
    let (settlement, record) = shop
        .books
        .write(move |ledger| {
            let settlement = ledger.settle(invoice.qris_invoiceid, &payment, WibTime::now())?;
            if settlement == Settlement::Unpaid {
                ledger.checked(&claim, next)?;
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

/// When an invoice that is not known to be paid is to be checked next.
fn next_check(
    schedule: &Schedule,
    claim: &Claim,
    now: WibTime,
    answer: &Result<Payment, qris_api::Error>,
) -> Option<WibTime> {
    let record = &claim.record;
    let invoice = record.invoice.as_ref()?;
    let shown = invoice.qris_request_date.min(record.requested_at);
    let age = now.timestamp().duration_since(shown.timestamp());
    let age = Duration::try_from(age).unwrap_or_default();
    // A cancelled invoice has one check left, which was this one.
    let next = schedule.next_after(age).filter(|_| record.state != State::Cancelled);
    match next {
        Some(next) => {
            let gap = if next <= schedule.try_gap.saturating_mul(schedule.tries) {
                schedule.try_gap
            } else {
                schedule.check_gap
            };
            Some(shown.later_by(next).max(now.later_by(gap)))
        }
        None if answer.is_err() && age < schedule.end().saturating_add(PERSISTENCE) => {
            Some(now.later_by(schedule.check_gap))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use qris_api::{Invoice, InvoiceId, Rupiah, TransactionNumber};
    use qris_ledger::{Budget, Channel, Ledger};

    use super::*;

    fn at(text: &str) -> WibTime {
        WibTime::parse(text).expect("a time")
    }

    /// The claim of an invoice of 11:00:00 that was due at the end of its validity.
    fn claim() -> Claim {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(folder.path().join("qris.db")).expect("books");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let made = at("2026-11-22 11:00:00");
        ledger.request(&number, Rupiah::new(100), Channel::Pos, made).expect("a request");
        let invoice =
            Invoice::new(number, Rupiah::new(100), "0002", made, InvoiceId::new(1), "ID1");
        let validity = Schedule::default().validity;
        ledger.created(&invoice, validity, made).expect("an invoice");
        let later = at("2026-11-22 12:00:00");
        ledger.claim_checks(&Budget::default(), 1, later).expect("a claim").remove(0)
    }

    #[track_caller]
    fn next(now: &str, answer: Result<Payment, qris_api::Error>) -> Option<String> {
        let next = next_check(&Schedule::default(), &claim(), at(now), &answer);
        next.map(WibTime::to_api_text)
    }

    #[test]
    fn the_tries_are_fifteen_seconds_apart_and_the_others_a_minute() {
        let next = |now| next(now, Ok(Payment::Unpaid)).expect("a next check");
        assert_eq!(next("2026-11-22 11:00:15"), "2026-11-22 11:00:30");
        assert_eq!(next("2026-11-22 11:00:20"), "2026-11-22 11:00:35", "a late one keeps the gap");
        assert_eq!(next("2026-11-22 11:00:45"), "2026-11-22 11:01:45");
        assert_eq!(next("2026-11-22 11:02:00"), "2026-11-22 11:03:00");
    }

    #[test]
    fn after_the_grace_an_invoice_is_asked_about_only_while_there_is_no_answer() {
        let no_answer = || Err(qris_api::Error::MalformedReply { status: 502, length: 0 });
        assert_eq!(next("2026-11-22 12:10:00", Ok(Payment::Unpaid)), None);
        let again = Some("2026-11-22 12:11:00".to_owned());
        assert_eq!(next("2026-11-22 12:10:00", no_answer()), again);
        assert_eq!(next("2026-11-22 13:10:00", no_answer()), None);
    }
}
