//! Shipping once: a crash between payment and shipping loses nothing.

use qris_orders::{Actor, Charged, State};

use crate::shop::{Shop, charge, context, new_order, number, reaches};

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_handed_out_until_a_program_has_shipped_after_a_restart_too() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    let Ok(Charged::Created(order)) = orders.charge(&new_order("INV-1")).await else { panic!() };
    orders.acknowledge(&order.number).await.expect_err("it is not paid");
    shop.pay(&order, 0);
    reaches(&orders, "INV-1", State::Paid).await;
    orders.stop().await;

    let orders = shop.orders().await;
    let waiting = orders.unacknowledged(20).await.expect("a list");
    assert_eq!(waiting.iter().map(|order| &order.number).collect::<Vec<_>>(), [&order.number]);
    assert!(orders.acknowledge(&order.number).await.expect("it is booked"));
    assert!(!orders.acknowledge(&order.number).await.expect("it is booked"), "once");
    assert_eq!(orders.unacknowledged(20).await.expect("a list"), []);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_an_order_say_who_did_each_step() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pay(&order, 0);
    shop.pass(&service, 1).await;
    service.round().await.expect("a round");
    let orders = shop.orders().await.by(Actor::new("owner"));
    let events = orders.read(|ledger| ledger.events(&number("INV-1"))).await.expect("events");
    let events: Vec<_> = events.iter().map(|one| (one.state, one.actor.as_deref())).collect();
    let (test, schedule) = (Some("test"), Some("schedule"));
    assert_eq!(events, [(State::Requested, test), (State::Pending, test), (State::Paid, schedule)]);
    assert_eq!(context().actor.as_str(), "test");
}
