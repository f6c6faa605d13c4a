//! Charging: one code for each number, and no code is lost.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use qris_api::{Client, InvoiceId, Rupiah, WibTime};
use qris_ledger::{Error as LedgerError, Ledger};
use qris_orders::{
    Actor, Change, Charged, Clock, Context, Error, LedgerPool, Merchant, NewOrder, OrderService,
    Orders, OrdersSettings, SharedLedger, State, SystemClock, state_after,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

use crate::shop::{Service, Shop, charge, context, new_order, number, reaches};

#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_finds_a_payment_and_a_subscriber_gets_it() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    let mut changes = orders.changes();
    let Ok(Charged::Created(order)) = orders.charge(&new_order("INV-1")).await else { panic!() };
    shop.pay(&order, 0);
    let paid = async {
        loop {
            match changes.next().await {
                Some(Change::Order(order)) if order.state == State::Paid => return order,
                Some(_) => {}
                None => panic!("the subscription ended"),
            }
        }
    };
    let paid = tokio::time::timeout(Duration::from_secs(20), paid).await.expect("a payment");
    assert_eq!(paid.number, number("INV-1"));
    assert_eq!(orders.counters().settled.value(), 1);
    orders.stop().await;
}

/// Drops the future of a charge of INV-1 before the provider answers.
async fn drop_a_charge(shop: &Shop, orders: &Orders) {
    shop.sandbox.inject(Fault::Slow { seconds: 0.5 }, FaultCall::Create, FaultRepeat::Once);
    let order = new_order("INV-1");
    let dropped = tokio::time::timeout(Duration::from_millis(100), orders.charge(&order)).await;
    assert!(dropped.is_err(), "the provider has not answered yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_completes_after_its_future_is_dropped() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    drop_a_charge(&shop, &orders).await;
    reaches(&orders, "INV-1", State::Pending).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_for_the_charge_that_is_under_way() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    drop_a_charge(&shop, &orders).await;
    orders.stop().await;
    assert_eq!(orders.find(&number("INV-1")).await.expect("it is booked").state, State::Pending);
    assert!(!orders.is_ready().await, "it takes no more charges");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_ready_only_while_it_watches() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    assert!(orders.is_ready().await);
    orders.stop_watching().await;
    assert!(!orders.is_ready().await);
    orders.watch();
    assert!(orders.is_ready().await);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_another_process_is_charging_gets_the_code_of_that_charge() {
    let shop = Shop::open().await;
    let (one, two) = (shop.service().await, shop.service().await);
    shop.sandbox.inject(Fault::Slow { seconds: 0.5 }, FaultCall::Create, FaultRepeat::Once);
    let (context, order) = (context(), new_order("INV-1"));
    let (one, two) = tokio::join!(one.charge(&context, &order), two.charge(&context, &order));
    let (created, known) = match (one.expect("a code"), two.expect("a code")) {
        (Charged::Created(created), Charged::Known(known))
        | (Charged::Known(known), Charged::Created(created)) => (created, known),
        both => panic!("{both:?}"),
    };
    assert_eq!(created, known);
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_create_the_order_is_in_the_state_that_the_error_says() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let words = "system maintenance".to_owned();
    let cases = [
        (Fault::Refuse { words }, State::Rejected),
        (Fault::DropAfterAccepting, State::Unknown),
        (Fault::Html, State::Unknown),
        (Fault::WrongAmount, State::Unknown),
    ];
    for (case, (fault, expected)) in cases.into_iter().enumerate() {
        let text = format!("INV-{case}");
        shop.sandbox.inject(fault, FaultCall::Create, FaultRepeat::Once);
        let failed = service.charge(&context(), &new_order(&text)).await;
        let Err(Error::Provider(error)) = failed else { panic!("{text}: {failed:?}") };
        assert_eq!(state_after(&error), expected, "{text}: {error}");
        let booked = service.find(&context(), &number(&text)).await.expect("it is booked");
        assert_eq!(booked.state, expected, "{text}");
    }
    charge(&service, "INV-0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_whose_process_was_killed_is_unknown_to_the_next_program_and_not_made_again() {
    let shop = Shop::open().await;
    let order = killed_while_requesting(&shop).await;
    let context = context();
    let hasty = |mut merchant: Merchant<_>| {
        merchant.abandon_after = Duration::ZERO;
        merchant
    };
    let next = shop.service_with(hasty).await;
    next.catch_up(&context).await.expect("the ledger");
    let charged = next.charge(&context, &order).await.expect("it is booked");
    let Charged::Known(known) = charged else { panic!("{charged:?}") };
    assert_eq!(known.state, State::Unknown);
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_killed_process_may_live_every_step_says_how_long_and_makes_no_second_code() {
    let shop = Shop::open().await;
    let order = killed_while_requesting(&shop).await;
    let patient = |mut merchant: Merchant<_>| {
        (merchant.abandon_after, merchant.answer_within) =
            (Duration::from_secs(95), Duration::ZERO);
        merchant
    };
    let (context, next) = (context(), shop.service_with(patient).await);
    let number = &order.number;
    for failed in [
        next.charge(&context, &order).await.err(),
        next.renew(&context, number).await.err(),
        next.cancel(&context, number).await.err(),
        next.resolve_paid(&context, number, InvoiceId::new(1)).await.err(),
        next.resolve_not_made(&context, number, "portal").await.err(),
    ] {
        let Some(Error::StillRequested { wait }) = failed else { panic!("{failed:?}") };
        assert!(Duration::from_secs(60) < wait && wait <= Duration::from_secs(95), "{wait:?}");
    }
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_a_killed_process_can_be_resolved_at_once_when_its_time_is_over() {
    let shop = Shop::open().await;
    let order = killed_while_requesting(&shop).await;
    let hasty = |mut merchant: Merchant<_>| {
        merchant.abandon_after = Duration::ZERO;
        merchant
    };
    let next = shop.service_with(hasty).await;
    let resolved = next.resolve_not_made(&context(), &order.number, "portal").await;
    assert_eq!(resolved.expect("it is unknown").state, State::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_does_not_wait_for_a_process_whose_time_is_over() {
    let shop = Shop::open().await;
    let order = killed_while_requesting(&shop).await;
    let hasty = |mut merchant: Merchant<_>| {
        (merchant.abandon_after, merchant.answer_within) =
            (Duration::ZERO, Duration::from_secs(600));
        merchant
    };
    let (context, next) = (context(), shop.service_with(hasty).await);
    let charge = next.charge(&context, &order);
    let charged = tokio::time::timeout(Duration::from_secs(60), charge).await;
    let charged = charged.expect("an answer within a minute").expect("it is booked");
    let Charged::Known(known) = charged else { panic!("{charged:?}") };
    assert_eq!((known.state, shop.sandbox.calls().creates()), (State::Unknown, 1));
}

/// An order whose process was killed before the provider answered.
async fn killed_while_requesting(shop: &Shop) -> NewOrder {
    let killed = shop.service().await;
    shop.sandbox.inject(Fault::Slow { seconds: 5.0 }, FaultCall::Create, FaultRepeat::Once);
    let (context, order) = (context(), new_order("INV-1"));
    let charge = killed.charge(&context, &order);
    let cut = tokio::time::timeout(Duration::from_millis(200), charge).await;
    assert!(cut.is_err(), "the provider has not answered yet");
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_outside_the_limits_books_nothing_so_the_right_amount_can_be_charged() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    for amount in [0, 99, 10_000_001] {
        let wrong = NewOrder::new(number("INV-1"), Rupiah::new(amount));
        for refused in
            [service.charge(&context(), &wrong).await, service.open(&context(), &wrong).await]
        {
            let is_invalid =
                |error: &Error| matches!(error, Error::Provider(qris_api::Error::Invalid(_)));
            assert!(refused.as_ref().is_err_and(is_invalid), "{amount}: {refused:?}");
        }
        let found = service.find(&context(), &number("INV-1")).await;
        assert!(matches!(found, Err(Error::Ledger(LedgerError::Absent))), "{amount}: {found:?}");
    }
    charge(&service, "INV-1").await;
}

/// A second program whose largest amount is less than [`new_order`]'s.
async fn with_a_lower_limit(shop: &Shop) -> Service {
    let ledger = LedgerPool::open(shop.url()).await.expect("a ledger");
    let limits = Rupiah::new(100)..=Rupiah::new(25_000);
    let client = shop.client().amounts(limits).build().expect("a client");
    OrderService::new(ledger, SystemClock, [Merchant::main(client)])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_order_over_a_lower_limit_stays_open() {
    let shop = Shop::open().await;
    let (service, lower) = (shop.service().await, with_a_lower_limit(&shop).await);
    service.open(&context(), &new_order("INV-1")).await.expect("it is booked");
    lower.charge(&context(), &new_order("INV-1")).await.expect_err("it is over the limit");
    lower.first_code(&context(), &number("INV-1")).await.expect_err("it is over the limit");
    let found = service.find(&context(), &number("INV-1")).await.expect("it is booked");
    assert_eq!(found.state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn charging_an_order_over_a_limit_that_was_lowered_since_returns_the_order() {
    let shop = Shop::open().await;
    let (service, lower) = (shop.service().await, with_a_lower_limit(&shop).await);
    let charged = charge(&service, "INV-1").await;
    let again = lower.charge(&context(), &new_order("INV-1")).await.expect("the order");
    assert_eq!(again, Charged::Known(charged));

    let opened = service.open(&context(), &new_order("INV-2")).await.expect("it is booked");
    let Charged::Created(opened) = opened else { panic!("{opened:?}") };
    let again = lower.open(&context(), &new_order("INV-2")).await.expect("the order");
    assert_eq!(again, Charged::Known(opened));
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

/// A ledger whose database is busy for some writes.
struct Busy {
    pool: LedgerPool,
    writes: AtomicU32,
    busy: std::ops::Range<u32>,
}

impl SharedLedger for Busy {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        if self.busy.contains(&self.writes.fetch_add(1, Ordering::Relaxed)) {
            return Err(LedgerError::Busy);
        }
        self.pool.write(context, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.pool.read(context, work).await
    }
}

/// A clock whose sleeps return at once.
struct Impatient;

impl Clock for Impatient {
    async fn sleep(&self, _: Duration) {}

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }

    fn host_time(&self) -> WibTime {
        WibTime::now()
    }
}

#[track_caller]
fn impatient(shop: &Shop, ledger: Busy) -> OrderService<Client, Busy, Impatient> {
    let client = shop.client().build().expect("a client");
    OrderService::new(ledger, Impatient, [Merchant::main(client)])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_result_is_recorded_after_half_a_minute_of_a_busy_database() {
    let shop = Shop::open().await;
    let pool = LedgerPool::open(shop.url()).await.expect("a ledger");
    // The first write is the intent.
    let ledger = Busy { pool, writes: AtomicU32::new(0), busy: 1..30 };
    let service = impatient(&shop, ledger);
    let context = Context::main(Actor::default());
    let charged = service.charge(&context, &new_order("INV-1")).await.expect("a code");
    let Charged::Created(order) = charged else { panic!("{charged:?}") };
    assert_eq!(order.state, State::Pending);
    assert_eq!(service.counters().ledger_failed.value(), 29);
    assert_eq!(shop.sandbox.calls().creates(), 1, "the provider is asked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_records_a_code_after_a_long_outage_and_its_payment_too() {
    let shop = Shop::open().await;
    let pool = LedgerPool::open(shop.url()).await.expect("a ledger");
    // The second round is the first with an available database.
    let ledger = Busy { pool, writes: AtomicU32::new(0), busy: 1..33 };
    let service = impatient(&shop, ledger);
    let context = Context::main(Actor::default());
    let failed = service.charge(&context, &new_order("INV-1")).await;
    assert!(matches!(failed, Err(Error::Ledger(LedgerError::Busy))), "{failed:?}");
    let found = service.find(&context, &number("INV-1")).await.expect("the intent");
    assert_eq!(found.state, State::Requested);
    service.round().await.expect_err("the database is still busy");
    service.round().await.expect("a round");
    let found = service.find(&context, &number("INV-1")).await.expect("it is booked");
    assert_eq!(found.state, State::Pending);
    assert_eq!(shop.sandbox.calls().creates(), 1, "the provider is asked once");
    shop.pay(&found, 0);
    service.check_now(&context, &number("INV-1"), |_| ()).await.expect("an answer");
    let found = service.find(&context, &number("INV-1")).await.expect("it is booked");
    assert_eq!(found.state, State::Paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_learns_the_time_shows_a_code_although_the_host_s_clock_is_ahead() {
    let shop = Shop::open().await;
    shop.sandbox.set_time(shop.sandbox.now() - Duration::from_secs(2 * 60 * 60));
    let connect = || Orders::connect(OrdersSettings::main(shop.client(), shop.url()));
    connect().await.expect("it opens").charge(&new_order("INV-1")).await.expect("a code");

    let restarted = connect().await.expect("it opens");
    let order = restarted.find(&number("INV-1")).await.expect("the order");
    assert!(!order.may_be_shown(restarted.now()), "the host's clock says that it has expired");
    restarted.learn_time().await;
    assert!(order.may_be_shown(restarted.now()));
}
