//! Cancelling, over real HTTP.

use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::{Value, json};

use crate::running::{charge, get, post, reaches};
use crate::shop::{HOUR, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn money_that_comes_for_a_cancelled_invoice_is_booked() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let cancelled = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(cancelled["paid_late"], false);
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.svg").await.status, 410);
    shop.pay(&record);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    // A program that ships must not take it for an order that was paid in time.
    assert_eq!(reaches(shop.at(), "INV-1", "paid").await["paid_late"], true);
    let listed = get(shop.at(), "/api/orders?unacknowledged=true").await.json(200);
    assert_eq!(listed["orders"][0]["paid_late"], true, "{listed}");
    let events = get(shop.at(), "/api/events").await.json(200);
    let told: Vec<_> = events["events"].as_array().expect("events").iter().collect();
    let told: Vec<_> = told.iter().map(|it| (&it["type"], &it["data"]["paid_late"])).collect();
    let (cancelled, late) = (json!("order.cancelled"), json!("order.paid_late"));
    let expected = [(&cancelled, &json!(false)), (&late, &json!(true))];
    assert_eq!(told[told.len() - 2..], expected, "{events}");
    let refused = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(409);
    assert_eq!(refused["message"], "this order is paid: it can no longer be cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_was_paid_just_now_is_paid_and_not_cancelled() {
    // The schedule makes no check before.
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    shop.pay(&record);
    let refused = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(409);
    assert_eq!(refused["error"], "wrong-state");
    assert_eq!(refused["order"]["state"], "paid");
    assert_eq!(refused["order"]["number"], "INV-1");
    let booked = get(shop.at(), "/api/orders/INV-1").await.json(200);
    assert_eq!(booked["state"], "paid");
    assert_eq!(shop.sandbox.calls().checks(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_does_not_wait_for_a_check_that_may_not_be_made_yet() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    while shop.sandbox.calls().checks() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let due = get(shop.at(), "/api/orders/INV-1").await.json(200)["next_check_at"].clone();
    let cancel = post(shop.at(), "/api/orders/INV-1/cancel", "");
    let cancelled = tokio::time::timeout(Duration::from_secs(10), cancel).await;
    let cancelled = cancelled.expect("an answer within 10 s").json(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(shop.sandbox.calls().checks(), 1);
    assert!(due.is_string() && cancelled["next_check_at"].is_string(), "{cancelled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_while_a_check_is_under_way_says_that_the_order_may_be_paid() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    shop.sandbox.inject(Fault::Slow { seconds: 4.0 }, FaultCall::Check, FaultRepeat::Once);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    while shop.sandbox.calls().checks() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let cancelled = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(cancelled["unanswered"], true, "{cancelled}");
    assert_eq!(shop.sandbox.calls().checks(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_cancelled_even_if_the_check_before_has_no_answer() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let cancelled = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(shop.sandbox.calls().checks(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_cancel_is_answered_with_the_order_as_it_is() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let cancelled = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    assert_eq!(cancelled.get("unanswered"), None::<&Value>, "its code was just checked");
    let checks = shop.sandbox.calls().checks();
    let again = post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    assert_eq!(again["state"], "cancelled");
    assert_eq!(shop.sandbox.calls().checks(), checks);
    let missing = post(shop.at(), "/api/orders/INV-2/cancel", "").await.json(404);
    assert_eq!(missing["message"], "there is no order INV-2");
}
