//! Sales of unknown outcome, and webhooks of unrecorded invoices, over real HTTP.

use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

use crate::running::{charge, get, post, reaches, send};
use crate::shop::{HOOK, HOUR, Shop};

/// Makes a sale of unknown outcome that has an invoice, and returns the invoice's id.
async fn unknown(shop: &Shop, number: &str) -> u64 {
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    let refused = charge(shop.at(), number, 10_200).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    reaches(shop.at(), &number.replace(' ', "%20"), "unknown").await;
    let host = shop.sandbox.base_url();
    let host = host.split('/').nth(2).and_then(|host| host.parse().ok()).expect("an address");
    let made = send(host, "GET", "/sandbox/invoices", "", "").await.unwrap().json(200);
    made[0]["qris_invoiceid"].as_u64().expect("an id")
}

fn webhook(id: u64, note: &str) -> String {
    format!(
        r#"{{"rrn":"000380970875","note":"{note}","invoice":"{id}","qris_status":"success",
            "qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}}"#
    )
}

async fn resolve(shop: &Shop, number: &str, body: &str, status: u16) -> Value {
    post(shop.at(), &format!("/api/orders/{number}/resolve"), body).await.json(status)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_sale_is_paid_once_its_webhook_came_and_a_check_says_so() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let id = unknown(&shop, "PAY 1").await;
    shop.sandbox.pay(id).unwrap();
    let path = format!("/webhook/{HOOK}");
    let sent = post(shop.at(), &path, &webhook(id, "1 PAY 1 10200")).await;
    assert_eq!(sent.status, 200);
    let paid = reaches(shop.at(), "PAY%201", "paid").await;
    assert_eq!(paid["qris_invoiceid"], id);
    assert_eq!(paid["rrn"], "000380970875");
    assert_eq!(paid["qris_content"], Value::Null, "the reply with the QR was lost");
    assert_eq!(shop.sandbox.calls().checks(), 1);
    let left = get(shop.at(), "/api/webhooks/unbooked").await.json(200);
    assert_eq!(left, Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_whose_note_is_of_an_unknown_sale_is_checked_and_not_believed() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let id = unknown(&shop, "PAY-1").await;
    let path = format!("/webhook/{HOOK}");
    let sent = post(shop.at(), &path, &webhook(id, "1 PAY-1 10200")).await;
    assert_eq!(sent.status, 200);
    while shop.sandbox.calls().checks() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(reaches(shop.at(), "PAY-1", "unknown").await["amount"], 10_200);
    let listed = get(shop.at(), "/api/webhooks/unbooked").await.json(200);
    assert_eq!(listed[0]["number"], "PAY-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_these_books_do_not_know_is_kept_once_and_survives_the_till() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let path = format!("/webhook/{HOOK}");
    for _ in 0..2 {
        let sent = post(shop.at(), &path, &webhook(41_325_511_100, "1 LOST-1 500")).await;
        assert_eq!(sent.status, 200);
    }
    // After the answer 200 it is on disk, so another process can read it.
    let ledger = qris_ledger::Ledger::connect(&shop.database()).unwrap();
    let kept = ledger.unbooked_webhooks(10).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].details.rrn.as_deref(), Some("000380970875"));
    let listed = get(shop.at(), "/api/webhooks/unbooked?limit=5").await.json(200);
    assert_eq!(listed[0]["qris_invoiceid"], 41_325_511_100_u64);
    assert_eq!(listed[0]["status"], "paid");
    assert_eq!(listed[0]["customer_name"], "SITI");
    assert_eq!(listed[0]["number"], Value::Null);
    let text = get(shop.at(), "/metrics").await.body;
    assert!(text.contains("qris_webhooks_total{outcome=\"unbooked\"} 2"), "{text}");
    assert_eq!(shop.sandbox.calls().checks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_cannot_be_kept_is_answered_so_that_it_is_sent_again() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let file = shop.database().replace("sqlite://", "");
    let books = rusqlite::Connection::open(file).unwrap();
    books.execute_batch("ALTER TABLE qris_unbooked RENAME TO away").unwrap();
    let path = format!("/webhook/{HOOK}");
    let body = webhook(41_325_511_100, "1 LOST-1 500");
    assert_eq!(post(shop.at(), &path, &body).await.status, 503);
    books.execute_batch("ALTER TABLE away RENAME TO qris_unbooked").unwrap();
    assert_eq!(post(shop.at(), &path, &body).await.status, 200);
    let listed = get(shop.at(), "/api/webhooks/unbooked").await.json(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_ends_an_unknown_sale_with_the_invoice_that_was_paid() {
    let shop = Shop::open().await;
    let id = unknown(&shop, "PAY-1").await;
    let body = format!(r#"{{"invoiceid":{id}}}"#);
    // It is not paid yet, so it stays unknown and the invoice is watched.
    assert_eq!(resolve(&shop, "PAY-1", &body, 202).await["state"], "unknown");
    shop.sandbox.pay(id).unwrap();
    let paid = resolve(&shop, "PAY-1", &body, 200).await;
    assert_eq!(paid["state"], "paid");
    assert_eq!(paid["qris_invoiceid"], id);
    let again = resolve(&shop, "PAY-1", &body, 409).await;
    assert_eq!(again["error"], "wrong-state");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_and_a_refusal_leave_an_unknown_sale_as_it_is() {
    let shop = Shop::open().await;
    let id = unknown(&shop, "PAY-1").await;
    let body = format!(r#"{{"invoiceid":{id}}}"#);
    let words = "system maintenance".to_owned();
    for fault in [Fault::Html, Fault::Refuse { words }] {
        shop.sandbox.inject(fault, FaultCall::Check, FaultRepeat::Once);
        resolve(&shop, "PAY-1", &body, 502).await;
        let record = get(shop.at(), "/api/orders/PAY-1").await.json(200);
        assert_eq!(record["state"], "unknown");
    }
    let other = charge(shop.at(), "PAY-2", 500).await.json(201);
    let body = format!(r#"{{"invoiceid":{}}}"#, other["qris_invoiceid"]);
    assert_eq!(resolve(&shop, "PAY-1", &body, 409).await["error"], "invoiceid-taken");
    assert_eq!(resolve(&shop, "NONE", &body, 404).await["error"], "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_with_a_reason_that_there_is_no_invoice() {
    let shop = Shop::open().await;
    unknown(&shop, "PAY-1").await;
    for body in [
        r#"{"not_made":true}"#,
        r#"{"not_made":true,"reason":" "}"#,
        r#"{"invoiceid":7,"not_made":true,"reason":"both"}"#,
        r#"{"reason":"neither"}"#,
        "{}",
    ] {
        assert_eq!(resolve(&shop, "PAY-1", body, 422).await["error"], "invalid", "{body}");
    }
    let body = r#"{"not_made":true,"reason":"not in the portal"}"#;
    assert_eq!(resolve(&shop, "PAY-1", body, 200).await["state"], "rejected");
    let ledger = qris_ledger::Ledger::connect(&shop.database()).unwrap();
    let number = qris_api::TransactionNumber::parse("PAY-1").unwrap();
    let event = ledger.events(&number).unwrap().pop().unwrap();
    assert_eq!(event.detail.as_deref(), Some("not made: not in the portal"));
    assert_eq!(charge(shop.at(), "PAY-1", 10_200).await.json(201)["state"], "pending");
    assert_eq!(resolve(&shop, "PAY-1", body, 409).await["error"], "wrong-state");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_person_is_listed_with_the_webhook_that_it_may_be_of() {
    let shop = Shop::open().await;
    charge(shop.at(), "FINE", 500).await.json(201);
    let list = async || get(shop.at(), "/api/attention").await.json(200);
    let empty = serde_json::json!({"orders": [], "webhooks": [], "rows_set_aside": [], "deliveries_given_up": 0, "bills_not_made": []});
    assert_eq!(list().await, empty);
    let id = unknown(&shop, "PAY-1").await;
    let path = format!("/webhook/{HOOK}");
    for (invoice, note) in [(id, "1 PAY-1 10200"), (41_325_511_100, "1 LOST-1 500")] {
        assert_eq!(post(shop.at(), &path, &webhook(invoice, note)).await.status, 200);
    }
    let found = list().await;
    assert_eq!(found["orders"].as_array().unwrap().len(), 1, "{found}");
    let case = &found["orders"][0];
    assert_eq!((&case["number"], &case["reason"]), (&"PAY-1".into(), &"unknown".into()));
    assert_eq!(case["webhooks"].as_array().unwrap().len(), 1);
    assert_eq!(case["webhooks"][0]["qris_invoiceid"], id);
    assert_eq!(found["webhooks"].as_array().unwrap().len(), 2);
    shop.sandbox.pay(id).unwrap();
    let body = format!(r#"{{"invoiceid":{id}}}"#);
    // The watcher may have checked this webhook's invoice just before.
    let resolved = async {
        while post(shop.at(), "/api/orders/PAY-1/resolve", &body).await.status == 429 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), resolved).await.expect("a check");
    reaches(shop.at(), "PAY-1", "paid").await;
    let left = list().await;
    assert_eq!(left["orders"], Value::Array(Vec::new()));
    assert_eq!(left["webhooks"].as_array().unwrap().len(), 1, "the lost one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_makes_no_sense_needs_a_person_and_only_its_place_is_said() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let file = shop.database().replace("sqlite://", "");
    let ledger = rusqlite::Connection::open(file).unwrap();
    ledger.pragma_update(None, "ignore_check_constraints", "on").unwrap();
    ledger.execute_batch("UPDATE qris_order SET amount = 'SITI'").unwrap();
    get(shop.at(), "/api/orders").await.json(200);
    let found = get(shop.at(), "/api/attention").await.json(200);
    let expected = serde_json::json!([{"number": "INV-1", "column": "amount"}]);
    assert_eq!(found["rows_set_aside"], expected);
}
