//! The provider's webhook, over real HTTP.

use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

use crate::running::{Events, charge, get, post, reaches};
use crate::shop::{HOOK, HOUR, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_a_hint_that_is_checked_and_not_believed() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let id = record["qris_invoiceid"].as_u64().unwrap();
    let hint = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
    let path = format!("/webhook/{HOOK}");
    // Nobody paid. The webhook causes exactly one check.
    assert_eq!(post(shop.at(), &path, &hint).await.status, 200);
    while shop.sandbox.calls().checks() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(reaches(shop.at(), "INV-1", "pending").await["amount"], 500);
    assert_eq!(post(shop.at(), &path, &hint).await.status, 200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(shop.sandbox.calls().checks(), 1);

    let paid = charge(shop.at(), "INV-2", 500).await.json(201);
    shop.sandbox.set_webhook(&format!("http://{}{path}", shop.at())).unwrap();
    shop.sandbox.inject(Fault::DuplicateWebhook, FaultCall::Any, FaultRepeat::Once);
    shop.pay(&paid);
    reaches(shop.at(), "INV-2", "paid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_its_token_or_with_another_body_changes_nothing() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let id = record["qris_invoiceid"].as_u64().unwrap();
    let hint = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
    let path = format!("/webhook/{HOOK}");
    let almost = format!("/webhook/{}1", &HOOK[..HOOK.len() - 1]);
    assert_eq!(post(shop.at(), &almost, &hint).await.status, 404);
    assert_eq!(post(shop.at(), &path, "no json").await.status, 400);
    assert_eq!(post(shop.at(), &path, &" ".repeat(16 * 1024 + 1)).await.status, 413);
    // With any other status than 200 the provider would send it again and again.
    for foreign in ["1", "9223372036854775808", "18446744073709551615"] {
        let hint = format!(r#"{{"invoice":"{foreign}","qris_status":"success"}}"#);
        assert_eq!(post(shop.at(), &path, &hint).await.status, 200, "{foreign}");
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(shop.sandbox.calls().checks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhooks_reference_number_and_note_are_in_the_payment_whenever_they_come() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let path = format!("/webhook/{HOOK}");
    let hint = |record: &Value, rrn: &str| {
        serde_json::json!({
            "rrn": rrn, "note": "1 INV 500", "invoice": record["qris_invoiceid"].to_string(),
            "qris_status": "success",
        })
        .to_string()
    };
    let before = charge(shop.at(), "BEFORE", 500).await.json(201);
    shop.pay(&before);
    assert_eq!(post(shop.at(), &path, &hint(&before, "000380970875")).await.status, 200);
    let paid = reaches(shop.at(), "BEFORE", "paid").await;
    assert_eq!(paid["rrn"], "000380970875");
    let csv = get(shop.at(), "/api/report?by=payment&format=csv").await.body;
    assert!(csv.contains(r#","000380970875","1 INV 500","#), "{csv}");

    let after = charge(shop.at(), "AFTER", 500).await.json(201);
    shop.pay(&after);
    post(shop.at(), "/api/orders/AFTER/check", "").await.json(200);
    assert_eq!(reaches(shop.at(), "AFTER", "paid").await["rrn"], Value::Null);
    let mut events = Events::open(shop.at(), "AFTER").await;
    assert_eq!(events.next().await.unwrap()["rrn"], Value::Null);
    assert_eq!(post(shop.at(), &path, &hint(&after, "000380970876")).await.status, 200);
    assert_eq!(events.next().await.unwrap()["rrn"], "000380970876");
    assert_eq!(reaches(shop.at(), "AFTER", "paid").await["rrn"], "000380970876");
}
