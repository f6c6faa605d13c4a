//! `GET /api/events`: a program that catches up after a night.

use serde_json::Value;

use crate::running::{Events, charge, get, post, send};
use crate::shop::Shop;

const STREAM: &str = "Accept: text/event-stream\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_was_away_reads_what_it_missed_from_its_cursor_on() {
    let shop = Shop::open().await;
    for number in ["INV-1", "INV-2", "INV-3"] {
        charge(shop.at(), number, 1_000).await.json(201);
    }
    let first = get(shop.at(), "/api/events?limit=2").await.json(200);
    assert_eq!(first["events"].as_array().unwrap().len(), 2);
    assert_eq!(first["events"][0]["type"], "order.created");
    assert_eq!(first["events"][0]["data"]["number"], "INV-1");
    let cursor = &first["next_cursor"];
    let rest = get(shop.at(), &format!("/api/events?since={cursor}")).await.json(200);
    assert_eq!(rest["events"][0]["data"]["number"], "INV-3");
    let end = &rest["next_cursor"];
    let nothing = get(shop.at(), &format!("/api/events?since={end}")).await.json(200);
    assert_eq!((&nothing["events"], &nothing["next_cursor"]), (&Value::Array(vec![]), end));
    assert_eq!(get(shop.at(), "/api/events?since=latest").await.json(200), nothing);
    for query in ["since=yesterday", "limit=0", "limit=500"] {
        let answer = get(shop.at(), &format!("/api/events?{query}")).await;
        assert_eq!(answer.json(422)["error"], "invalid", "{query}");
    }
    assert_eq!(get(shop.at(), "/api/events?sinse=1").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_after_the_last_event_is_refused_as_one_of_another_database() {
    let shop = Shop::open().await;
    charge(shop.at(), "INV-1", 1_000).await.json(201);
    for (path, headers) in [
        ("/api/events?since=2", ""),
        ("/api/events?since=2", STREAM),
        ("/api/events", &format!("{STREAM}Last-Event-ID: 9223372036854775807\r\n")),
    ] {
        let refused = send(shop.at(), "GET", path, headers, "").await.expect("an answer").json(409);
        assert_eq!(refused["error"], "cursor-ahead", "{path}");
        let words = refused["message"].as_str().expect("words");
        assert!(words.starts_with("expected since as a cursor of at most 1, "), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_what_was_missed_and_then_what_happens() {
    let shop = Shop::open().await;
    let order = charge(shop.at(), "INV-1", 1_000).await.json(201);
    charge(shop.at(), "INV-2", 1_000).await.json(201);
    let resumed = format!("{STREAM}Last-Event-ID: 1\r\n");
    let mut events = Events::with(shop.at(), "/api/events?since=0", STREAM).await;
    let mut later = Events::with(shop.at(), "/api/events", &resumed).await;
    let mut newest = Events::with(shop.at(), "/api/events?since=latest", STREAM).await;
    for number in ["INV-1", "INV-2"] {
        let (name, event) = events.next_named().await.unwrap();
        assert_eq!(name, "order.created");
        assert_eq!(event["data"]["number"], number);
    }
    assert_eq!(later.next().await.unwrap()["data"]["number"], "INV-2");
    shop.pay(&order);
    post(shop.at(), "/api/orders/INV-1/check", "").await;
    for events in [&mut events, &mut later, &mut newest] {
        let (name, event) = events.next_named().await.unwrap();
        assert_eq!((name.as_str(), &event["cursor"]), ("order.paid", &Value::from(3)));
        assert_eq!(event["data"]["state"], "paid");
    }
    shop.close().await;
    assert_eq!(events.next().await, None, "a stream ends with the till");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_endpoints_and_deliveries_are_not_told_without_the_token() {
    let shop = Shop::with(std::time::Duration::from_secs(1), crate::shop::with_token).await;
    for path in ["/api/events", "/api/endpoints", "/api/deliveries"] {
        let answer = send(shop.at(), "GET", path, "", "").await.unwrap();
        assert_eq!(answer.json(401)["error"], "unauthorized", "{path}");
    }
}
