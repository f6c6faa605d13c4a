//! `qris order cancel` and `resolve` against a sandbox, over real HTTP.

use crate::shop::{Shop, complaint, id_of, text};
use qris_api::webhook::WebhookEvent;
use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{Ledger, State};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

/// Has the provider make an invoice of Rp5,000 whose reply is lost: its id is the one after that of
/// an invoice that is made before.
fn unknown(shop: &Shop, number: &str) -> u64 {
    let before = shop.json(&["order", "create", "BEFORE", "5000", "--json"]);
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    let unclear = shop.qris(&["order", "create", number, "5000"]);
    assert_eq!(unclear.status.code(), Some(3), "{}", complaint(&unclear));
    assert_eq!(shop.booked(number).state, State::Unknown);
    id_of(&before) + 1
}

#[test]
fn a_sale_that_was_paid_just_now_is_not_cancelled_and_ends_with_one() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.sandbox.pay(id_of(&row)).expect("paid");
    let refused = shop.qris(&["order", "cancel", "INV-1", "--json"]);
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    assert!(complaint(&refused).contains("the order is paid, so it is not cancelled"));
    assert!(text(&refused).contains(r#""state": "paid""#), "{}", text(&refused));
    assert_eq!(shop.booked("INV-1").state, State::Paid);

    shop.json(&["order", "create", "INV-2", "5000", "--json"]);
    assert_eq!(shop.json(&["order", "cancel", "INV-2", "--json"])["state"], "cancelled");
    let again = shop.qris(&["order", "cancel", "INV-2"]);
    assert_eq!(again.status.code(), Some(0), "{}", complaint(&again));
    assert_eq!(shop.sandbox.calls().checks(), 2);
    shop.close();
}

#[test]
fn an_unknown_sale_ends_with_the_invoice_that_a_check_says_is_paid() {
    let shop = Shop::open();
    let id = unknown(&shop, "PAY-1");
    shop.sandbox.pay(id).expect("paid");
    let id = id.to_string();
    let taken = shop.booked("BEFORE").invoice.expect("an invoice").qris_invoiceid.to_string();
    let refused = shop.qris(&["order", "resolve", "PAY-1", "--invoiceid", &taken]);
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    assert_eq!(shop.booked("PAY-1").state, State::Unknown);
    let paid = shop.json(&["order", "resolve", "PAY-1", "--invoiceid", &id, "--json"]);
    assert_eq!(paid["state"], "paid");
    assert_eq!(paid["qris_invoiceid"].to_string(), id);
    assert_eq!(shop.sandbox.calls().checks(), 1);
    shop.close();
}

#[test]
fn an_invoice_that_is_not_paid_or_not_answered_for_leaves_the_sale_unknown() {
    let shop = Shop::open();
    let id = unknown(&shop, "PAY-1").to_string();
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Once);
    let other = "7";
    let unanswered = shop.qris(&["order", "resolve", "PAY-1", "--invoiceid", other]);
    assert_eq!(unanswered.status.code(), Some(3), "{}", complaint(&unanswered));
    let unpaid = shop.qris(&["order", "resolve", "PAY-1", "--invoiceid", &id]);
    assert_eq!(unpaid.status.code(), Some(3), "{}", complaint(&unpaid));
    assert!(complaint(&unpaid).contains("is not paid"), "{}", complaint(&unpaid));
    assert_eq!(shop.booked("PAY-1").state, State::Unknown);
    shop.close();
}

#[test]
fn a_person_says_with_a_reason_that_there_is_no_invoice() {
    let shop = Shop::open();
    unknown(&shop, "PAY-1");
    for wrong in [
        &["order", "resolve", "PAY-1"][..],
        &["order", "resolve", "PAY-1", "--not-made"],
        &["order", "resolve", "PAY-1", "--not-made", "--reason", " "],
        &["order", "resolve", "PAY-1", "--invoiceid", "7", "--not-made", "--reason", "both"],
        &["order", "resolve", "PAY-1", "--invoiceid", "7", "--reason", "both"],
    ] {
        let refused = shop.qris(wrong);
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}: {}", complaint(&refused));
    }
    let not_made = ["order", "resolve", "PAY-1", "--json", "--not-made", "--reason", "no trace"];
    assert_eq!(shop.json(&not_made)["state"], "rejected");
    let number = TransactionNumber::parse("PAY-1").expect("a number");
    let ledger = Ledger::open(shop.books()).expect("books");
    let event = ledger.events(&number).expect("events").pop().expect("an event");
    assert_eq!(event.detail.as_deref(), Some("not made: no trace"));
    assert_eq!(shop.qris(&not_made).status.code(), Some(1), "it is not unknown any more");
    assert_eq!(shop.qris(&["order", "create", "PAY-1", "5000"]).status.code(), Some(0));
    shop.close();
}

#[test]
fn doctor_counts_webhooks_whose_invoice_is_not_booked_and_says_of_which_sale_they_may_be() {
    let shop = Shop::open();
    unknown(&shop, "PAY-1");
    let healthy = shop.json(&["doctor", "--offline", "--json"]);
    let webhooks = |doctor: &serde_json::Value| {
        let checks = doctor["checks"].as_array().expect("checks").clone();
        checks.into_iter().find(|check| check["check"] == "webhooks").expect("webhooks")
    };
    assert_eq!(webhooks(&healthy)["result"], "ok");
    let mut ledger = Ledger::open(shop.books()).expect("books");
    for (id, note) in [(7, "1 LOST 500"), (8, "1 PAY-1 5000")] {
        let body = format!(r#"{{"invoice":"{id}","qris_status":"success","note":"{note}"}}"#);
        let webhook = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
        ledger.keep_webhook(&webhook, WibTime::now()).expect("kept");
    }
    let found = webhooks(&shop.json(&["doctor", "--offline", "--json"]));
    assert_eq!(found["result"], "warning");
    assert_eq!(
        found["message"],
        "webhooks of invoices that are not in the database: 2; the newest named invoice 8, which \
         is probably of order PAY-1",
    );
    shop.close();
}
