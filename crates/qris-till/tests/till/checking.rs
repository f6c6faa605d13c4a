//! Checks by the button and by the schedule, and their results.

use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

use crate::running::{Events, Process, charge, get, post, reaches};
use crate::shop::{HOOK, HOUR, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_check_without_an_answer_is_told_to_whoever_looks_later_and_to_other_tills() {
    let shop = Shop::open().await;
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let log = shop.folder.path().join("log");
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    charge(shop.at(), "INV-1", 500).await.json(201);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    // No page watches while it is checked.
    let doubted = async {
        while get(shop.at(), "/api/orders/INV-1").await.json(200)["unanswered"] != true {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), doubted).await.expect("it is told");
    let other = Process::start(&shop.sandbox, &database, &log, &[]);
    for at in [shop.at(), other.address] {
        let mut events = Events::open(at, "INV-1").await;
        assert_eq!(events.next().await.unwrap()["unanswered"], true);
        assert_eq!(get(at, "/api/orders/INV-1").await.json(200)["unanswered"], true);
        assert_eq!(get(at, "/api/orders").await.json(200)["orders"][0]["unanswered"], true);
    }
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["unanswered"], true);
    shop.sandbox.clear_faults();
    // An earlier check may still be running.
    let answered = loop {
        let event = events.next().await.unwrap();
        if event["unanswered"] == Value::Null {
            break event;
        }
    };
    assert_eq!(answered["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_has_the_provider_asked_at_once_and_is_held_to_its_pause() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    shop.pay(&record);
    let pressed = post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    assert_eq!(pressed["left"], 2);
    reaches(shop.at(), "INV-1", "paid").await;

    charge(shop.at(), "INV-2", 500).await.json(201);
    post(shop.at(), "/api/orders/INV-2/check", "").await.json(200);
    let refused = post(shop.at(), "/api/orders/INV-2/check", "").await;
    assert_eq!(refused.json(429)["error"], "too-soon");
    let wait = refused.head.lines().find_map(|line| line.strip_prefix("retry-after: "));
    let wait: u64 = wait.unwrap().parse().unwrap();
    assert!((3_590..=3_601).contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_of_half_an_hour_ago_is_shown_expired_and_paid_when_the_payment_lands_late() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    // The till learns the time from the next reply.
    shop.sandbox.advance(Duration::from_secs(30 * 60 - 3));
    let hook = format!("http://{}/webhook/{HOOK}", shop.at());
    shop.sandbox.set_webhook(&hook).unwrap();
    shop.sandbox.inject(Fault::LatePayment { seconds: 5.0 }, FaultCall::Any, FaultRepeat::Once);
    shop.pay(&record);
    let mut events = Events::open(shop.at(), "INV-1").await;
    let mut states = Vec::new();
    while states.last().is_none_or(|state| state != "paid") {
        let state = events.next().await.unwrap()["state"].as_str().unwrap().to_owned();
        if states.last() != Some(&state) {
            states.push(state);
        }
    }
    assert_eq!(states, ["pending", "expired", "paid"]);
}
