//! Numbers that are charged again on a later day, over real HTTP.

use std::time::Duration;

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Ledger, NewOrder, Request};

use crate::running::{charge, get, post, send};
use crate::shop::Shop;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Records an invoice that was made and paid yesterday.
#[track_caller]
fn paid_yesterday(shop: &Shop, number: &str, reference: Option<&str>) -> WibTime {
    let then = WibTime::now().timestamp().checked_sub(DAY).expect("a day").into();
    let mut ledger = Ledger::connect(&shop.database()).expect("books");
    let number = TransactionNumber::parse(number).expect("a number");
    let amount = Rupiah::new(500);
    let mut order = NewOrder::new(number.clone(), amount);
    order.reference = reference.map(str::to_owned);
    let Ok(Request::New(intent)) = ledger.request(&order, then) else { panic!("a new number") };
    let id = InvoiceId::new(7);
    let invoice = Invoice::new(number, amount, "0002", then, id, shop.sandbox.nmid());
    ledger.record_created(&intent, &invoice, &Schedule::default(), then).expect("an invoice");
    let payment = Payment::Paid(PaymentDetails::default());
    ledger.settle(id, &payment, then).expect("a payment");
    then
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_was_paid_yesterday_is_refused_with_the_day_and_not_shown_as_paid() {
    let shop = Shop::open().await;
    let then = paid_yesterday(&shop, "1001", None);
    let refused = charge(shop.at(), "1001", 500).await.json(409);
    assert_eq!(refused["error"], "used-earlier");
    let words = refused["message"].as_str().unwrap();
    assert!(words.contains(&format!("paid on {}", then.date())), "{words}");
    assert_eq!(get(shop.at(), "/api/orders/1001").await.json(200)["state"], "paid");
    assert_eq!(shop.sandbox.calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_reference_in_the_body_or_the_header_gives_yesterdays_invoice() {
    let shop = Shop::open().await;
    paid_yesterday(&shop, "1001", Some("order-7"));
    let body = r#"{"number":"1001","amount":500,"reference":"order-7"}"#;
    assert_eq!(post(shop.at(), "/api/orders", body).await.json(200)["state"], "paid");
    let plain = r#"{"number":"1001","amount":500}"#;
    let key = "Idempotency-Key: order-7\r\n";
    let answer = send(shop.at(), "POST", "/api/orders", key, plain).await.unwrap();
    assert_eq!(answer.json(200)["state"], "paid");
    let other = "Idempotency-Key: order-8\r\n";
    let answer = send(shop.at(), "POST", "/api/orders", other, plain).await.unwrap();
    assert_eq!(answer.json(409)["error"], "used-earlier");
    let answer = send(shop.at(), "POST", "/api/orders", other, body).await.unwrap();
    assert_eq!(answer.json(422)["error"], "invalid");
    let empty = r#"{"number":"1001","amount":500,"reference":" "}"#;
    assert_eq!(post(shop.at(), "/api/orders", empty).await.json(422)["error"], "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_an_order_with_another_reference_is_a_conflict() {
    let shop = Shop::open().await;
    let with = |reference: &str| {
        format!(r#"{{"number":"1001","amount":500,"reference":"{reference}","code":false}}"#)
    };
    post(shop.at(), "/api/orders", &with("cart-7")).await.json(201);
    let refused = post(shop.at(), "/api/orders", &with("cart-8")).await.json(409);
    assert_eq!(refused["error"], "conflict");
    let words = refused["message"].as_str().unwrap();
    assert!(words.starts_with("this number is booked with another reference"), "{words}");
    assert_eq!(post(shop.at(), "/api/orders", &with("cart-7")).await.json(200)["number"], "1001");
    let early = post(shop.at(), "/api/orders/1001/check", "").await.json(409);
    assert_eq!(early["message"], "no code was asked for yet");
}
