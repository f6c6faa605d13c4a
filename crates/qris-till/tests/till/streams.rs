//! Requirements of the pages: one stream for everything that a browser watches, and the order that each counter's
//! display shows.

use serde_json::{Value, json};

use crate::running::{Answer, Events, charge, get, post, send};
use crate::shop::Shop;

async fn put(shop: &Shop, counter: &str, body: &str) -> Answer {
    let path = format!("/api/counters/{counter}");
    send(shop.at(), "PUT", &path, "", body).await.expect("an answer")
}

/// The names and subjects of the first events of a stream, in any order.
async fn first(events: &mut Events, count: usize) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for _ in 0..count {
        let (name, data) = events.next_named().await.expect("an event");
        let about = if name == "counter" { &data["counter"] } else { &data["number"] };
        found.push((name, about.clone()));
    }
    found.sort_by_key(|(name, about)| format!("{name} {about}"));
    found
}

/// The next event that fulfils a condition. An order also has an event for each check.
async fn next_where(events: &mut Events, wanted: impl Fn(&str, &Value) -> bool) -> Value {
    loop {
        let (name, data) = events.next_named().await.expect("an event");
        if wanted(&name, &data) {
            return data;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_stream_tells_of_several_orders_and_counters() {
    let shop = Shop::open().await;
    charge(shop.at(), "INV-1", 1_000).await.json(201);
    let second = charge(shop.at(), "INV-2", 2_000).await.json(201);
    let path = "/api/stream?number=INV-1&number=INV-2&counter=K1";
    let mut events = Events::at(shop.at(), path).await;
    let begin = first(&mut events, 3).await;
    let expected = [("counter", "K1"), ("order", "INV-1"), ("order", "INV-2")];
    let expected = expected.map(|(name, about)| (name.to_owned(), json!(about)));
    assert_eq!(begin, expected);

    shop.pay(&second);
    let paid = |name: &str, data: &Value| name == "order" && data["state"] == "paid";
    assert_eq!(next_where(&mut events, paid).await["number"], "INV-2");
    put(&shop, "K2", r#"{"number":"INV-2"}"#).await.json(200);
    put(&shop, "K1", r#"{"number":"INV-1"}"#).await.json(200);
    let display = next_where(&mut events, |name, _| name == "counter").await;
    assert_eq!((&display["counter"], &display["number"]), (&json!("K1"), &json!("INV-1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_not_booked_does_not_end_the_stream_for_the_others() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 1_000).await.json(201);
    let path = "/api/stream?number=GONE&number=INV-1&number=%09";
    let mut events = Events::at(shop.at(), path).await;
    let begin = first(&mut events, 3).await;
    let expected = [("not-found", "GONE"), ("not-found", "\t"), ("order", "INV-1")];
    let expected = expected.map(|(name, about)| (name.to_owned(), json!(about)));
    assert_eq!(begin, expected);
    shop.pay(&record);
    let paid = next_where(&mut events, |_, data| data["state"] == "paid").await;
    assert_eq!(paid["number"], "INV-1");

    // A stream without events also stays open until the till stops.
    let mut waiting = Events::at(shop.at(), "/api/stream?number=GONE").await;
    assert_eq!(waiting.next_named().await.unwrap().0, "not-found");
    shop.till.stop().await;
    assert_eq!(waiting.next().await, None);
    assert_eq!(events.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_shows_what_was_said_last_and_each_word_has_a_larger_revision() {
    let shop = Shop::open().await;
    let untouched = json!({"counter": "K1", "number": null, "revision": 0});
    assert_eq!(get(shop.at(), "/api/counters/K1").await.json(200), untouched);
    let mut last = 0;
    for number in [json!("INV-1"), Value::Null, json!("INV-2")] {
        let said = put(&shop, "K1", &json!({"number": number}).to_string()).await.json(200);
        assert_eq!(said["number"], number);
        let revision = said["revision"].as_u64().unwrap();
        assert!(revision > last, "{revision} after {last}");
        // JavaScript has exact whole numbers only up to 2^53.
        assert!(revision < 1 << 53, "{revision}");
        last = revision;
        assert_eq!(get(shop.at(), "/api/counters/K1").await.json(200), said);
    }
    assert_eq!(get(shop.at(), "/api/counters/K2").await.json(200)["number"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_counter_and_no_stream_is_refused_by_name() {
    let shop = Shop::open().await;
    for (body, status, word) in [
        (r#"{"number":""}"#, 422, "invalid"),
        (r#"{"number":7}"#, 422, "invalid"),
        (r#"{"number":null,"amount":1}"#, 422, "invalid"),
        ("{}", 422, "invalid"),
        ("{", 400, "bad-request"),
    ] {
        assert_eq!(put(&shop, "K1", body).await.json(status)["error"], word, "{body}");
    }
    for counter in ["K-1", "ABCDEFGHIJKLM", "K%201"] {
        let answer = put(&shop, counter, r#"{"number":null}"#).await;
        assert_eq!(answer.json(422)["error"], "invalid", "{counter}");
        let answer = get(shop.at(), &format!("/api/stream?counter={counter}")).await;
        assert_eq!(answer.json(422)["error"], "invalid", "{counter}");
    }
    let many = format!("/api/stream?{}", "number=A&".repeat(65));
    let misspelt = get(shop.at(), "/api/stream?till=K1").await;
    assert_eq!(misspelt.json(400)["error"], "bad-request");
    for path in ["/api/stream", "/api/stream?", many.trim_end_matches('&')] {
        assert_eq!(get(shop.at(), path).await.json(422)["error"], "invalid", "{path}");
    }
    let foreign = "Origin: https://example.com\r\n";
    let answer = send(shop.at(), "PUT", "/api/counters/K1", foreign, r#"{"number":null}"#).await;
    assert_eq!(answer.unwrap().json(403)["error"], "cross-origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_an_order_system_stands_percent_encoded_in_every_path() {
    let shop = Shop::open().await;
    for (number, encoded) in [
        ("INV/2026/00001", "INV%2F2026%2F00001"),
        ("#1001?a=b&c", "%231001%3Fa%3Db%26c"),
        (r#"50% "off" \ + 1"#, "50%25%20%22off%22%20%5C%20%2B%201"),
    ] {
        let body = json!({"number": number, "amount": 1_000}).to_string();
        let record = post(shop.at(), "/api/orders", &body).await.json(201);
        assert_eq!(record["number"], number);
        let path = format!("/api/orders/{encoded}");
        assert_eq!(get(shop.at(), &path).await.json(200)["number"], number);
        assert_eq!(get(shop.at(), &format!("{path}/qr.svg")).await.status, 200);
        let mut events = Events::open(shop.at(), encoded).await;
        assert_eq!(events.next().await.unwrap()["number"], number);
        let mut events = Events::at(shop.at(), &format!("/api/stream?number={encoded}")).await;
        assert_eq!(events.next().await.unwrap()["number"], number);
        let said = put(&shop, "K1", &json!({"number": number}).to_string()).await.json(200);
        assert_eq!(said["number"], number);
        let checked = post(shop.at(), &format!("{path}/check"), "").await.json(200);
        assert_eq!(checked["order"]["number"], number);
        let cancelled = post(shop.at(), &format!("{path}/cancel"), "").await.json(200);
        assert_eq!(cancelled["state"], "cancelled");
    }
}
