//! The task that delivers events to endpoints.
//!
//! Each endpoint has its own tries, so a slow or dead endpoint does not delay others. The ledger
//! has what is due, so a killed till loses nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{DueDelivery, EndpointId, TryOutcome};
use qris_orders::{MerchantName, Orders};
use tokio::task::JoinSet;

use crate::outgoing::{DeliveryResult, Sender};
use crate::state::{AppState, stopped};

/// The delays between a failed try and the next one. The first try is immediate.
const DELAYS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
];

/// The delay after those, for three days.
const LAST_DELAY: Duration = Duration::from_secs(6 * 60 * 60);
const LAST_TRIES: u64 = 3 * 24 / 6;

/// How long a try is reserved for this process. A try takes less time.
const LEASE: Duration = Duration::from_secs(20);

/// The maximum number of tries at a time: at one endpoint, at one whose last try failed, and in
/// total.
const PER_ENDPOINT: usize = 4;
const PER_FAILING_ENDPOINT: usize = 1;
const AT_ONCE: usize = 64;

/// How often old deliveries are deleted, and how many in one transaction. A payment must not wait
/// long for it.
const DELETE_EVERY: Duration = Duration::from_secs(60 * 60);
const DELETED_AT_ONCE: u32 = 500;

/// How often the task looks for due deliveries.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// When to try again after this number of tries; `None` to give up.
fn next_try(tries: u64, now: WibTime) -> Option<WibTime> {
    let first = u64::try_from(DELAYS.len()).unwrap_or(u64::MAX);
    let delay = usize::try_from(tries.saturating_sub(1)).ok().and_then(|at| DELAYS.get(at));
    let delay = match delay {
        Some(delay) => *delay,
        None if tries <= first + LAST_TRIES => LAST_DELAY,
        None => return None,
    };
    Some(now.later_by(delay))
}

/// The state of an endpoint in this process.
#[derive(Default)]
struct Known {
    under_way: usize,
    is_failing: bool,
}

/// A finished try: the endpoint, and whether it accepted the event.
struct Ended {
    endpoint: EndpointId,
    is_taken: bool,
}

/// Delivers until the till stops, then finishes the active tries.
pub(crate) async fn run(app: Arc<AppState>) {
    let (rules, authorities) = (Arc::clone(&app.outgoing.rules), app.outgoing.authorities.clone());
    let Some(sender) = Sender::new(rules, authorities).map(Arc::new) else {
        tracing::error!("no events are delivered: the HTTP client could not be created");
        return;
    };
    let mut stopping = app.stopping.subscribe();
    let mut known: HashMap<EndpointId, Known> = HashMap::new();
    let mut tries: JoinSet<Ended> = JoinSet::new();
    let mut delete_at = Instant::now();
    loop {
        tokio::select! {
            biased;
            () = stopped(&mut stopping) => break,
            Some(ended) = tries.join_next() => note(&mut known, ended),
            () = app.outgoing.due() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        while let Some(ended) = tries.try_join_next() {
            note(&mut known, ended);
        }
        if let Err(error) = begin(&app, &sender, &mut known, &mut tries).await {
            tracing::warn!(%error, "due events could not be read");
        }
        if delete_at <= Instant::now() {
            let is_more = delete_old(&app).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "old deliveries were not deleted");
                false
            });
            // The next batch is for the next round, after due deliveries.
            delete_at = Instant::now() + if is_more { LOOK_EVERY } else { DELETE_EVERY };
        }
    }
    while tries.join_next().await.is_some() {}
}

/// Deletes old deliveries of each merchant, up to a limit. Returns whether there may be more.
async fn delete_old(app: &AppState) -> Result<bool, qris_ledger::Error> {
    let mut is_more = false;
    for merchant in &app.merchants {
        let Ok(orders) = app.orders.for_merchant(merchant.clone()) else { continue };
        let now = orders.now();
        let deleted =
            orders.write(move |ledger| ledger.delete_old_deliveries(DELETED_AT_ONCE, now)).await?;
        is_more |= u32::try_from(deleted).is_ok_and(|deleted| deleted >= DELETED_AT_ONCE);
    }
    Ok(is_more)
}

fn note(known: &mut HashMap<EndpointId, Known>, ended: Result<Ended, tokio::task::JoinError>) {
    // A panicked try is repeated after its lease. Its place stays taken until the till ends.
    let Ok(Ended { endpoint, is_taken }) = ended else { return };
    if let Some(one) = known.get_mut(&endpoint) {
        one.under_way = one.under_way.saturating_sub(1);
        one.is_failing = !is_taken;
        if one.under_way == 0 && is_taken {
            known.remove(&endpoint);
        }
    }
}

/// Starts the due tries, up to the limit of each endpoint.
async fn begin(
    app: &Arc<AppState>,
    sender: &Arc<Sender>,
    known: &mut HashMap<EndpointId, Known>,
    tries: &mut JoinSet<Ended>,
) -> Result<(), qris_ledger::Error> {
    let latest = app.merchants.iter().map(|merchant| app.now(merchant)).max();
    let Some(latest) = latest else { return Ok(()) };
    let due = app.orders.read(move |ledger| ledger.due_endpoints(latest)).await?;
    for (endpoint, _, merchant) in due {
        // Another till has this merchant.
        let Ok(orders) = app.orders.for_merchant(merchant.clone()) else { continue };
        let one = known.entry(endpoint).or_default();
        let most = if one.is_failing { PER_FAILING_ENDPOINT } else { PER_ENDPOINT };
        let free = most.saturating_sub(one.under_way).min(AT_ONCE.saturating_sub(tries.len()));
        if free == 0 {
            continue;
        }
        let (limit, now) = (u32::try_from(free).unwrap_or(1), orders.now());
        let claimed =
            orders.write(move |ledger| ledger.due_deliveries(endpoint, limit, LEASE, now)).await?;
        one.under_way += claimed.len();
        for delivery in claimed {
            let (app, sender) = (Arc::clone(app), Arc::clone(sender));
            let (orders, merchant) = (orders.clone(), merchant.clone());
            tries.spawn(async move {
                let is_taken = deliver(&app, &sender, &orders, &merchant, delivery).await;
                Ended { endpoint, is_taken }
            });
        }
    }
    Ok(())
}

/// Makes one try and records its result. Returns whether the endpoint accepted the event.
async fn deliver(
    app: &AppState,
    sender: &Sender,
    orders: &Orders,
    merchant: &MerchantName,
    delivery: DueDelivery,
) -> bool {
    // Receivers compare the time with their own clocks, and refuse a difference of more than a few
    // minutes.
    let sent = sender.send(&delivery, WibTime::now()).await;
    let now = app.now(merchant);
    let failed = |status, failure| TryOutcome::Failed {
        status,
        failure,
        next: next_try(delivery.tries, now),
    };
    let outcome = match sent {
        DeliveryResult::Answered(status @ 200..=299) => TryOutcome::Taken(status),
        DeliveryResult::Answered(410) => TryOutcome::Gone,
        DeliveryResult::Answered(status @ 300..=399) => failed(Some(status), "redirect"),
        DeliveryResult::Answered(status) => failed(Some(status), "status"),
        DeliveryResult::Failed(failure) => failed(None, failure),
    };
    let (number, event) = (delivery.number.clone(), delivery.event_type);
    let endpoint = delivery.endpoint.get();
    match outcome {
        TryOutcome::Taken(_) => app.metrics.deliveries_taken.add(1),
        TryOutcome::Gone => {
            app.metrics.deliveries_given_up.add(1);
            tracing::warn!(endpoint, %number, "an endpoint answered 410: it gets no more events");
        }
        TryOutcome::Failed { status, failure, next: Some(_) } => {
            app.metrics.deliveries_failed.add(1);
            tracing::info!(endpoint, %number, %event, status, failure, "an event was not accepted");
        }
        TryOutcome::Failed { status, failure, next: None } => {
            app.metrics.deliveries_given_up.add(1);
            tracing::error!(endpoint, %number, %event, status, failure, "the delivery of an event was given up");
        }
    }
    let is_taken = matches!(outcome, TryOutcome::Taken(_));
    let booked = orders.write(move |ledger| ledger.record_delivery(&delivery, outcome, now)).await;
    if let Err(error) = booked {
        // The next try is made after the lease ends.
        tracing::warn!(%number, %error, "the result of a delivery was not recorded");
    }
    is_taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_tried_for_three_days_and_then_given_up() {
        let start = WibTime::parse("2026-11-27 08:00:00").expect("a time");
        let (mut now, mut delays) = (start, Vec::new());
        for tries in 1.. {
            let Some(next) = next_try(tries, now) else { break };
            delays.push(next.timestamp().duration_since(now.timestamp()).as_secs());
            now = next;
        }
        let mut expected = vec![5, 60, 300, 1_800, 7_200];
        expected.extend([6 * 60 * 60; 12]);
        assert_eq!(delays, expected);
    }
}
