//! Accepted and refused charges, over real HTTP.

use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat};

use crate::running::{Events, charge, get, post, reaches, send};
use crate::shop::{HOUR, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_is_watched_and_shown_paid_to_whoever_looks_on() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 25_578).await.json(201);
    assert_eq!(record["state"], "pending");
    assert_eq!(record["amount"], 25_578);
    assert_eq!(record["channel"], "pos");
    assert_eq!(record["merchant_name"], "WARUNG SANDBOX");
    assert_eq!(record["qris_nmid"], shop.sandbox.nmid());
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["state"], "pending");
    shop.pay(&record);
    let paid = events.next().await.unwrap();
    assert_eq!(paid["state"], "paid");
    assert_eq!(paid["method"], "Sakuku");
    assert_eq!(paid["customer_name"], "PEMBAYAR SANDBOX");
    assert!(paid["paid_at"].as_str().unwrap().ends_with("+07:00"));
    let listed = get(shop.at(), "/api/orders").await.json(200);
    assert_eq!(listed["orders"].as_array().unwrap().len(), 1);
    assert_eq!(listed["orders"][0]["state"], "paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_charge_again_gives_the_same_invoice_and_another_amount_a_conflict() {
    let shop = Shop::open().await;
    let first = charge(shop.at(), "INV-1", 25_578).await.json(201);
    let again = charge(shop.at(), "INV-1", 25_578).await.json(200);
    assert_eq!(again["qris_content"], first["qris_content"]);
    let conflict = charge(shop.at(), "INV-1", 30_000).await.json(409);
    assert_eq!(conflict["error"], "conflict");
    assert_eq!(
        conflict["message"],
        "this number is booked with Rp25578, found Rp30000: use a new number for a new amount",
    );
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_makes_one_invoice_and_both_clicks_see_it() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, FaultCall::Create, FaultRepeat::Once);
    let clicks = tokio::join!(charge(shop.at(), "INV-1", 500), charge(shop.at(), "INV-1", 500));
    let mut statuses = [clicks.0.status, clicks.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    let [one, two] = [clicks.0, clicks.1].map(|answer| answer.json(answer.status));
    assert_eq!(one["qris_invoiceid"], two["qris_invoiceid"]);
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_is_brought_to_its_end_though_the_page_was_closed() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, FaultCall::Create, FaultRepeat::Once);
    let asked = charge(shop.at(), "INV-1", 500);
    assert!(tokio::time::timeout(Duration::from_millis(300), asked).await.is_err());
    reaches(shop.at(), "INV-1", "pending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_is_not_known_is_said_and_never_charged_again_by_itself() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    reaches(shop.at(), "INV-1", "unknown").await;
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_that_is_not_the_one_asked_for_is_never_drawn() {
    let shop = Shop::open().await;
    charge(shop.at(), "FIRST", 500).await.json(201);
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let ledger = qris_ledger::Ledger::connect(&database).unwrap();
    // The last two are valid by themselves. Only the ledger shows that they are wrong.
    let faults = [
        Fault::WrongAmount,
        Fault::WrongNmid,
        Fault::BadChecksum,
        Fault::OtherMerchant,
        Fault::OtherSalesQr,
    ];
    for (at, fault) in faults.into_iter().enumerate() {
        shop.sandbox.inject(fault, FaultCall::Create, FaultRepeat::Once);
        let number = format!("INV-{at}");
        let refused = charge(shop.at(), &number, 500).await.json(502);
        assert_eq!(refused["error"], "content-mismatch");
        let picture = get(shop.at(), &format!("/api/orders/{number}/qr.svg")).await;
        assert_eq!(picture.json(410)["error"], "not-payable");
        reaches(shop.at(), &number, "unknown").await;
        let number = qris_api::TransactionNumber::parse(number).unwrap();
        let event = ledger.events(&number).unwrap().pop().unwrap();
        let words = refused["message"].as_str().unwrap();
        assert!(event.detail.is_some_and(|detail| detail.ends_with(words)), "{refused}");
    }
    charge(shop.at(), "LAST", 500).await.json(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_number_may_be_charged_again_with_the_same_amount_alone() {
    let shop = Shop::open().await;
    let words = "system maintenance".to_owned();
    shop.sandbox.inject(Fault::Refuse { words }, FaultCall::Create, FaultRepeat::Once);
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "rejected");
    assert_eq!(charge(shop.at(), "INV-1", 700).await.json(409)["error"], "conflict");
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    assert_eq!(record["amount"], 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_charged_is_refused_by_name() {
    let shop = Shop::open().await;
    for (body, status, word) in [
        (r#"{"number":" INV","amount":500}"#, 422, "invalid"),
        (r#"{"number":"","amount":500}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":0}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":99}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":10000001}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"channel":"web"}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500.5}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":-5}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"price":1}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"metadata":[1]}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"due_at":"2026-11-30"}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"shown_seconds":0}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"shown_seconds":86401}"#, 422, "invalid"),
        (r#"{"number":"INV-1""#, 400, "bad-request"),
    ] {
        let answer = post(shop.at(), "/api/orders", body).await;
        assert_eq!(answer.json(status)["error"], word, "{body}");
    }
    let plain = "Content-Type: text/plain\r\n";
    let answer = send(shop.at(), "POST", "/api/orders/NONE/cancel", plain, "").await.unwrap();
    assert_eq!(answer.json(404)["error"], "not-found");
    assert_eq!(shop.sandbox.calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_of_the_till_is_refused_in_words_too() {
    let shop = Shop::open().await;
    let long = format!(r#"{{"number":"{}","amount":500}}"#, "1".repeat(20_000));
    for (method, path, body, status, word) in [
        ("GET", "/api/orders?limit=many", "", 422, "invalid"),
        ("GET", "/api/orders?limit=-1", "", 422, "invalid"),
        ("GET", "/api/orders/%FF", "", 400, "bad-request"),
        ("GET", "/api/order", "", 404, "not-found"),
        ("GET", "/api/invoices", "", 404, "not-found"),
        ("DELETE", "/api/orders/INV-1", "", 405, "wrong-method"),
        ("POST", "/api/orders", long.as_str(), 413, "too-large"),
        ("POST", "/webhook/none", long.as_str(), 413, "too-large"),
    ] {
        let answer = send(shop.at(), method, path, "", body).await.unwrap();
        let refusal = answer.json(status);
        assert_eq!(refusal["error"], word, "{method} {path}");
        assert!(refusal["message"].as_str().is_some_and(|it| it.len() > 8), "{refusal}");
        assert_eq!(answer.head.to_lowercase().contains("\r\nallow: get"), status == 405);
    }
}

/// A number encoded for a path.
fn encoded(number: &str) -> String {
    number
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_any_printable_ascii_are_charged_and_stand_percent_encoded_in_paths() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let long = "~".repeat(64);
    for number in [
        "INV/2026/00001",
        "#1001",
        "Order 00012-003-0004",
        "what?a=1&b=2",
        "100%",
        "%2F",
        "'\"\\",
        "a+b",
        "/",
        "{number}",
        long.as_str(),
    ] {
        let body = serde_json::json!({"number": number, "amount": 500}).to_string();
        let charged = post(shop.at(), "/api/orders", &body).await.json(201);
        assert_eq!(charged["number"], number);
        let path = format!("/api/orders/{}", encoded(number));
        let found = get(shop.at(), &path).await.json(200);
        assert_eq!(found["qris_invoiceid"], charged["qris_invoiceid"], "{number}");
        for picture in ["qr.svg", "qr.png"] {
            assert_eq!(get(shop.at(), &format!("{path}/{picture}")).await.status, 200, "{number}");
        }
        let mut events = Events::open(shop.at(), &encoded(number)).await;
        assert_eq!(events.next().await.unwrap()["number"], number);
        let cancelled = post(shop.at(), &format!("{path}/cancel"), "").await.json(200);
        assert_eq!(cancelled["state"], "cancelled", "{number}");
    }
    assert_eq!(
        get(shop.at(), "/api/orders?limit=200").await.json(200)["orders"].as_array().unwrap().len(),
        11
    );
}
