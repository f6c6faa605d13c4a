//! Payments that came while no program watched, or while the key was refused.

use std::time::{Duration, Instant};

use qris_api::webhook::{Status, WebhookEvent};
use qris_api::{ApiKey, CheckBudget, Client, InvoiceId, MerchantId, Schedule};
use qris_orders::{Charged, Merchant, Order, Orders, State};
use qris_sandbox::{DEFAULT_MERCHANT_ID, Fault, FaultCall, FaultRepeat};

use crate::shop::{Service, Shop, charge, context, learn_time, new_order, number, reaches};

/// A payment that a webhook announces.
async fn sale(shop: &Shop, service: &Service, text: &str) {
    let order = charge(service, text).await;
    shop.pay(&order, 0);
    let invoice = order.invoices[0].qris_invoiceid.map_or(0, InvoiceId::get);
    let body = format!(r#"{{"invoice":"{invoice}","qris_status":"success"}}"#);
    let event = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
    assert_eq!(event.status, Status::Paid);
    service.receive_webhook(&context(), event).await.expect("it is recorded");
    service.round().await.expect("a round");
    let paid = service.find(&context(), &order.number).await.expect("it is booked");
    assert_eq!(paid.state, State::Paid);
}

/// The time until the next check.
fn wait(order: &Order, service: &Service) -> i64 {
    let now = service.now(&context()).expect("the merchant").timestamp();
    order.next_check_at.expect("a next check").timestamp().duration_since(now).as_secs()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_made_while_no_program_ran_is_found_at_the_start_though_webhooks_thinned_the_checks()
 {
    let shop = Shop::open().await;
    let service = shop.service().await;
    for text in ["INV-1", "INV-2", "INV-3", "INV-4", "INV-5"] {
        sale(&shop, &service, text).await;
    }
    let order = charge(&service, "INV-6").await;
    assert!(wait(&order, &service) > 240, "its first check is after five minutes");
    drop(service);
    // Its webhook is lost.
    shop.pay(&order, 0);
    let orders = shop.orders().await;
    reaches(&orders, "INV-6", State::Paid).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_found_at_the_start_with_the_right_key_though_a_wrong_one_was_refused() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let mut made = Vec::new();
    for text in ["INV-1", "INV-2", "INV-3"] {
        made.push(charge(&service, text).await);
    }
    drop(service);
    let client = |gap: Duration| {
        Client::builder(
            ApiKey::parse("wrong-key").expect("a key"),
            MerchantId::parse(DEFAULT_MERCHANT_ID).expect("a merchant"),
        )
        .base_url(shop.sandbox.base_url())
        .budget(CheckBudget::in_memory(60))
        .schedule(Schedule::default().with_try_gap(gap).with_check_gap(gap))
        .build()
        .expect("a client")
    };
    let wrong = shop.service_with(|_| Merchant::main(client(Duration::from_secs(1)))).await;
    for _ in 0..2 {
        shop.pass(&wrong, 2).await;
        wrong.round().await.expect("a round");
    }
    for order in &made {
        let order = wrong.find(&context(), &order.number).await.expect("it is booked");
        assert!(wait(&order, &wrong) <= 61, "a refused key puts a check off by a minute at most");
    }
    drop(wrong);
    made.iter().for_each(|order| shop.pay(order, 0));
    let service = shop.service().await;
    learn_time(&service).await;
    drop(service);
    let orders = shop.orders().await;
    for text in ["INV-1", "INV-2", "INV-3"] {
        reaches(&orders, text, State::Paid).await;
    }
    orders.stop().await;
}

/// Waits until a condition holds, 20 seconds at most.
async fn until(orders: &Orders, is_ready: bool) {
    let started = Instant::now();
    while orders.is_ready().await != is_ready {
        assert!(started.elapsed() < Duration::from_secs(20), "is_ready is not {is_ready}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_that_shows_that_the_key_is_accepted_again_makes_the_refused_checks_due() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    let Ok(Charged::Created(order)) = orders.charge(&new_order("INV-1")).await else { panic!() };
    let refuse = Fault::Refuse { words: "invalid apikey".to_owned() };
    shop.sandbox.inject(refuse, FaultCall::Check, FaultRepeat::Standing);
    until(&orders, true).await;
    until(&orders, false).await;
    shop.pay(&order, 0);
    shop.sandbox.clear_faults();
    let still = orders.find(&number("INV-1")).await.expect("it is booked");
    assert_eq!(still.state, State::Pending, "the client tries a refused key after 15 minutes");
    orders.charge(&new_order("INV-2")).await.expect("a code");
    assert!(orders.is_ready().await);
    reaches(&orders, "INV-1", State::Paid).await;
    orders.stop().await;
}
