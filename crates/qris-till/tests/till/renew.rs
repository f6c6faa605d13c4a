//! Another code for an order, over real HTTP: older codes are checked first, and two are never shown.

use std::time::Duration;

use qris_api::Schedule;
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::{Value, json};

use crate::running::{Events, get, post, reaches};
use crate::shop::{HOUR, Shop, with_schedule};

const SECOND: Duration = Duration::from_secs(1);

/// A shop whose schedule makes no checks, only the button.
async fn shop() -> Shop {
    let schedule = Schedule::default().with_try_gap(SECOND).with_check_gap(HOUR);
    Shop::with(HOUR, |settings| with_schedule(settings, schedule)).await
}

/// An order whose code is no longer shown. Its next code is shown for as long, and a busy machine needs it.
async fn expired(shop: &Shop, number: &str) -> Value {
    expired_after(shop, number, 3).await
}

/// The same. Each of its codes is shown for this many seconds.
async fn expired_after(shop: &Shop, number: &str, seconds: u64) -> Value {
    let body = json!({"number": number, "amount": 25_578, "shown_seconds": seconds}).to_string();
    let order = post(shop.at(), "/api/orders", &body).await.json(201);
    reaches(shop.at(), number, "expired").await;
    order
}

async fn renew(shop: &Shop, number: &str, status: u16) -> Value {
    post(shop.at(), &format!("/api/orders/{number}/renew"), "").await.json(status)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_order_has_one_code_to_show_and_the_older_ones_beside_it() {
    let shop = shop().await;
    let body = r#"{"number":"INV-1","amount":25578,"shown_seconds":4}"#;
    let first = post(shop.at(), "/api/orders", body).await.json(201);
    let early = renew(&shop, "INV-1", 409).await;
    assert_eq!(early["error"], "too-early", "its code is still shown");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    reaches(shop.at(), "INV-1", "expired").await;
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["state"], "expired");
    let second = renew(&shop, "INV-1", 201).await;
    assert_eq!(second["state"], "pending");
    assert_ne!(second["qris_invoiceid"], first["qris_invoiceid"]);
    assert_ne!(second["qris_content"], first["qris_content"]);
    let codes = second["invoices"].as_array().unwrap();
    let codes: Vec<_> = codes.iter().map(|one| (&one["state"], &one["qris_invoiceid"])).collect();
    let states = [json!("expired"), json!("pending")];
    assert_eq!(
        codes,
        [(&states[0], &first["qris_invoiceid"]), (&states[1], &second["qris_invoiceid"])]
    );
    assert!(shop.sandbox.calls().checks() >= 1, "the older one was checked");
    // A watching page sees the new code, and never the older one again.
    let shown = loop {
        let event = events.next().await.unwrap();
        if event["state"] == "pending" {
            break event;
        }
    };
    assert_eq!(shown["qris_invoiceid"], second["qris_invoiceid"]);
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.svg").await.status, 200);
    assert_eq!(renew(&shop, "INV-1", 409).await["error"], "too-early");
    shop.pay(&second);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    assert_eq!(reaches(shop.at(), "INV-1", "paid").await["overpaid"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_code_that_was_paid_meanwhile_settles_the_order_and_no_code_is_made() {
    let shop = shop().await;
    // The check at the end of the code has no answer, so only this renewal finds the payment.
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let first = expired(&shop, "INV-1").await;
    shop.pay(&first);
    shop.sandbox.clear_faults();
    let paid = renew(&shop, "INV-1", 200).await;
    assert_eq!((&paid["state"], &paid["overpaid"]), (&json!("paid"), &json!(0)));
    assert_eq!(paid["qris_invoiceid"], first["qris_invoiceid"]);
    assert_eq!(renew(&shop, "INV-1", 200).await["state"], "paid");
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_is_made_while_an_older_one_has_no_answer() {
    let shop = shop().await;
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    expired(&shop, "INV-1").await;
    let refused = post(shop.at(), "/api/orders/INV-1/renew", "").await;
    assert_eq!(refused.json(503)["error"], "not-checked");
    assert!(refused.head.to_lowercase().contains("\r\nretry-after: 15"), "{}", refused.head);
    let order = get(shop.at(), "/api/orders/INV-1").await.json(200);
    assert_eq!((&order["state"], &order["unanswered"]), (&json!("expired"), &json!(true)));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.sandbox.clear_faults();
    assert_eq!(renew(&shop, "INV-1", 201).await["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_at_the_same_time_make_one_code() {
    let shop = shop().await;
    // The new code must still be shown at the second press.
    expired_after(&shop, "INV-1", 5).await;
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, FaultCall::Create, FaultRepeat::Once);
    let press = || post(shop.at(), "/api/orders/INV-1/renew", "");
    let (one, two) = tokio::join!(press(), press());
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!([409, 429].contains(&statuses[1]), "{statuses:?}");
    assert_eq!(shop.sandbox.calls().creates(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_an_unknown_code_is_renewed_only_after_a_person_has_resolved_it() {
    let shop = shop().await;
    expired(&shop, "INV-1").await;
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    assert_eq!(renew(&shop, "INV-1", 502).await["error"], "outcome-unknown");
    reaches(shop.at(), "INV-1", "unknown").await;
    assert_eq!(renew(&shop, "INV-1", 409).await["error"], "outcome-unknown");
    assert_eq!(shop.sandbox.calls().creates(), 2);
    let body = r#"{"not_made":true,"reason":"not in the portal"}"#;
    let resolved = post(shop.at(), "/api/orders/INV-1/resolve", body).await.json(200);
    assert_eq!(resolved["state"], "expired");
    assert_eq!(renew(&shop, "INV-1", 201).await["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_beyond_the_amount_is_in_the_order_its_events_the_report_and_the_counts() {
    let shop = shop().await;
    let first = expired(&shop, "INV-1").await;
    let second = renew(&shop, "INV-1", 201).await;
    let mut events = Events::open(shop.at(), "INV-1").await;
    let hook = format!("http://{}/webhook/{}", shop.at(), crate::shop::HOOK);
    shop.sandbox.set_webhook(&hook).unwrap();
    shop.pay(&second);
    assert_eq!(reaches(shop.at(), "INV-1", "paid").await["overpaid"], 0);
    let empty = get(shop.at(), "/api/report?by=overpaid").await.json(200);
    assert_eq!((&empty["orders"], &empty["totals"]), (&json!([]), &json!([])));
    shop.pay(&first);
    let event = loop {
        let event = events.next().await.unwrap();
        if event["overpaid"] == 25_578 {
            break event;
        }
    };
    assert_eq!(event["state"], "paid");
    let order = get(shop.at(), "/api/orders/INV-1").await.json(200);
    assert_eq!(order["overpaid"], 25_578);
    let states: Vec<_> =
        order["invoices"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["paid", "paid"]);
    let report = get(shop.at(), "/api/report?by=overpaid").await.json(200);
    let orders = report["orders"].as_array().unwrap();
    assert_eq!((orders.len(), &orders[0]["number"]), (1, &json!("INV-1")));
    assert_eq!(get(shop.at(), "/api/report").await.json(200)["totals"][0]["paid"], 2 * 25_578);
    let metrics = get(shop.at(), "/metrics").await.body;
    assert!(metrics.contains("\nqris_overpaid_total 1\n"), "{metrics}");
}
