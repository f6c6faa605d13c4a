//! No payment is lost because watching stopped, and webhooks go before the schedule.

use std::time::{Duration, Instant};

use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

use crate::running::{charge, get, post, reaches};
use crate::shop::{HOOK, HOUR, Shop};

const SECOND: Duration = Duration::from_secs(1);

fn id_of(record: &Value) -> u64 {
    record["qris_invoiceid"].as_u64().expect("an invoice")
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_two_hundred_open_invoices_a_webhook_and_a_press_are_answered_within_seconds() {
    // Each of them is due each second, so the schedule uses all its permitted requests.
    let shop = Shop::with(SECOND, |settings| settings).await;
    shop.sandbox.inject(Fault::Slow { seconds: 0.05 }, FaultCall::Check, FaultRepeat::Standing);
    let mut records = Vec::new();
    for sale in 0..200 {
        records.push(charge(shop.at(), &format!("INV-{sale}"), 500).await.json(201));
    }
    let spent = async {
        while shop.sandbox.calls().checks() < 48 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), spent).await.expect("the schedule's turns");
    shop.sandbox.set_webhook(&format!("http://{}/webhook/{HOOK}", shop.at())).unwrap();
    let started = Instant::now();
    shop.sandbox.pay(id_of(&records[199])).unwrap();
    reaches(shop.at(), "INV-199", "paid").await;
    let elapsed = started.elapsed();
    println!("webhook to paid: {elapsed:?}");
    assert!(elapsed < Duration::from_secs(3), "webhook: {elapsed:?}");
    // The webhook of this order is lost, and the cashier presses the button.
    shop.sandbox.set_webhook("http://127.0.0.1:9/nobody").unwrap();
    let started = Instant::now();
    shop.sandbox.pay(id_of(&records[198])).unwrap();
    post(shop.at(), "/api/orders/INV-198/check", "").await.json(200);
    reaches(shop.at(), "INV-198", "paid").await;
    let elapsed = started.elapsed();
    println!("press to paid: {elapsed:?}");
    assert!(elapsed < Duration::from_secs(3), "button: {elapsed:?}");
    let busiest = shop.sandbox.calls().busiest_minute();
    assert!(busiest <= 60, "{busiest} checks in a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_whose_clock_is_hours_off_shows_and_watches_by_the_providers_time() {
    for (hours_ahead, name) in [(true, "AHEAD"), (false, "BEHIND")] {
        let shop = Shop::with(SECOND, |settings| settings).await;
        let (now, off) = (shop.sandbox.now(), 2 * HOUR);
        shop.sandbox.set_time(if hours_ahead { now - off } else { now + off });
        let record = charge(shop.at(), name, 500).await.json(201);
        assert_eq!(record["state"], "pending", "{name}");
        // The watcher makes more than one round of checks.
        let asked = async {
            while shop.sandbox.calls().checks() < 3 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), asked).await.expect("three checks");
        let path = format!("/api/orders/{name}");
        assert_eq!(get(shop.at(), &path).await.json(200)["state"], "pending", "{name}");
        // After a restart the till does not know the provider's time until an answer.
        let shop = shop.close().await.open(SECOND, |settings| settings).await;
        let checks = shop.sandbox.calls().checks();
        let asked = async {
            while shop.sandbox.calls().checks() == checks {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), asked).await.expect("a check");
        assert_eq!(get(shop.at(), &path).await.json(200)["state"], "pending", "{name}");
        assert_eq!(get(shop.at(), &format!("{path}/qr.svg")).await.status, 200, "{name}");
        shop.sandbox.pay(id_of(&record)).unwrap();
        reaches(shop.at(), name, "paid").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_of_half_a_day_ago_is_found_after_a_restart_though_the_first_check_fails() {
    let shop = Shop::with(SECOND, |settings| settings).await;
    shop.sandbox.set_time(shop.sandbox.now() - 12 * HOUR);
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let shop = shop.close().await;
    shop.sandbox.pay(id_of(&record)).unwrap();
    shop.sandbox.advance(12 * HOUR);
    let checks = shop.sandbox.calls().checks();
    let shop = shop.open(SECOND, |settings| settings).await;
    let failed = async {
        while shop.sandbox.calls().checks() < checks + 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), failed).await.expect("it asks again");
    shop.sandbox.clear_faults();
    reaches(shop.at(), "INV-1", "paid").await;
}
