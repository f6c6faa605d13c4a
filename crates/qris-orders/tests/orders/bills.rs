//! Recurring bills in the watcher's rounds.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use qris_api::{Rupiah, WibTime};
use qris_ledger::{Error, EventType, Ledger, NewPlan, Period};
use qris_orders::{Context, LedgerPool, Merchant, OrderService, SharedLedger, SystemClock};

use crate::shop::{Service, Shop, context};

/// A plan of weekly bills that was added on its first date and ends today: this many are due.
async fn weekly(service: &Service, count: i64) {
    let now = service.now(&context()).expect("the merchant");
    let first = now.date().checked_sub((count - 1).weeks()).expect("a date");
    let plan = NewPlan::new("W", Rupiah::new(1_000), Period::Weekly, first);
    let then = WibTime::parse(&format!("{first} 08:00:00")).expect("a time");
    let context = context();
    let added = service.ledger().write(&context, move |ledger| ledger.add_plan(&plan, then));
    added.await.expect("a plan");
}

/// The number of events of this type.
async fn told(service: &Service, event: EventType) -> usize {
    let context = context();
    let read = service.ledger().read(&context, |ledger: &Ledger| ledger.outbox(0, 10_000));
    read.await.expect("events").iter().filter(|one| one.event_type == event).count()
}

#[tokio::test]
async fn a_round_makes_and_tells_of_a_hundred_bills_at_most_and_the_next_of_the_rest() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    weekly(&service, 250).await;
    // The bill of today is not overdue before the end of the day.
    for (made, overdue) in [(100, 100), (200, 200), (250, 249), (250, 249)] {
        service.round().await.expect("a round");
        assert_eq!(told(&service, EventType::Created).await, made);
        assert_eq!(told(&service, EventType::Overdue).await, overdue);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_makes_what_was_missed_while_no_program_ran() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    weekly(&service, 150).await;
    let orders = shop.orders().await;
    let started = Instant::now();
    while told(&service, EventType::Created).await < 150 {
        assert!(started.elapsed() < Duration::from_secs(30), "they are not made");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    orders.stop().await;
    assert_eq!(told(&service, EventType::Created).await, 150);
}

/// A ledger that counts the writes of plans.
struct Counting {
    pool: LedgerPool,
    by_plans: AtomicU32,
}

impl SharedLedger for Counting {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if context.actor.as_str() == "plan" {
            self.by_plans.fetch_add(1, Ordering::Relaxed);
        }
        self.pool.write(context, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.pool.read(context, work).await
    }
}

#[tokio::test]
async fn a_round_writes_for_plans_only_where_a_bill_is_due() {
    let shop = Shop::open().await;
    weekly(&shop.service().await, 150).await;
    let pool = LedgerPool::open(shop.url()).await.expect("a ledger");
    let ledger = Counting { pool, by_plans: AtomicU32::new(0) };
    let client = shop.client().build().expect("a client");
    let service = OrderService::new(ledger, SystemClock, [Merchant::main(client)]);
    for writes in [1, 2, 2, 2] {
        service.round().await.expect("a round");
        assert_eq!(service.ledger().by_plans.load(Ordering::Relaxed), writes);
    }
}
