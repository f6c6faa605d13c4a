//! The delivery of events to other programs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder};
use qris_sandbox::Sandbox;
use qris_till::Settings;
use serde_json::{Value, json};

use crate::postgres::Server;
use crate::receiver::{Receiver, endpoint, silent};
use crate::running::{Process, charge, get, post, reaches, send};
use crate::shop::Shop;

const SOON: Duration = Duration::from_secs(30);

/// Records orders without codes in the ledger, like another program.
fn book(database: &str, numbers: impl Iterator<Item = String>) {
    let mut ledger = Ledger::connect(database).expect("the ledger");
    for number in numbers {
        let number = TransactionNumber::parse(number).expect("a number");
        let order = NewOrder::new(number, Rupiah::new(1_000));
        ledger.open_order(&order, WibTime::now()).expect("an order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_bears_this_machines_time_although_the_providers_clock_is_ahead() {
    let (shop, receiver) = (Shop::open().await, Receiver::start().await);
    shop.sandbox.advance(Duration::from_secs(40 * 60));
    // The answer to this charge sets the provider's time, which is used for all records.
    charge(shop.at(), "INV-1", 1_000).await.json(201);
    endpoint(shop.at(), &receiver.url(), &[]).await;
    charge(shop.at(), "INV-2", 1_000).await.json(201);
    let received = receiver.reaches(1, SOON).await;
    let booked = received[0].json()["timestamp"].as_str().expect("a time").to_owned();
    let booked: jiff::Timestamp = booked.parse().expect("a time");
    let signed = received[0].timestamp;
    assert!(booked.as_second() - signed > 30 * 60, "booked {booked}, signed {signed}");
    assert!((WibTime::now().timestamp().as_second() - signed).abs() < 60, "signed {signed}");
}

/// The deliveries that match a query, when there are this many.
pub(crate) async fn deliveries(shop: &Shop, query: &str, count: usize) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let page = get(shop.at(), &format!("/api/deliveries?limit=200&{query}")).await.json(200);
        let found = page["deliveries"].as_array().expect("a list").clone();
        if found.len() >= count {
            return found;
        }
        assert!(started.elapsed() < SOON, "expected {count} of {query}, found {page}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_told_signed_and_after_what_came_before_it() {
    let (shop, receiver) = (Shop::open().await, Receiver::start().await);
    let made = endpoint(shop.at(), &receiver.url(), &[]).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    let order = charge(shop.at(), "INV-1", 25_578).await.json(201);
    shop.pay(&order);
    post(shop.at(), "/api/orders/INV-1/check", "").await;
    let received = receiver.reaches(2, SOON).await;
    assert_eq!(received[0].event_type(), "order.created");
    assert_eq!(received[1].event_type(), "order.paid");
    let paid = received[1].json();
    assert_eq!(paid["data"]["number"], "INV-1");
    assert_eq!(paid["data"]["amount"], 25_578);
    assert_eq!(paid["data"]["state"], "paid");
    for one in &received {
        assert!(one.is_signed_by(secret));
        assert!((WibTime::now().timestamp().as_second() - one.timestamp).abs() < 60);
    }
    assert_ne!(received[0].id, received[1].id);

    let list = get(shop.at(), "/api/endpoints").await;
    assert!(!list.body.contains("whsec_"), "a secret is shown once");
    assert_eq!(list.json(200)["endpoints"][0]["state"], "enabled");
    let delivered = deliveries(&shop, "state=delivered", 2).await;
    assert_eq!(delivered[0]["status"], 204);
    let path = format!("/api/deliveries/{}", delivered[0]["id"]);
    assert_eq!(get(shop.at(), &path).await.json(200)["event"], paid);
    assert!(
        get(shop.at(), "/metrics")
            .await
            .body
            .contains("qris_deliveries_total{outcome=\"taken\"} 2")
    );

    // Redelivered: the same id, signed with the current time.
    post(shop.at(), &format!("{path}/redeliver"), "").await.json(200);
    let received = receiver.reaches(3, SOON).await;
    assert_eq!((&received[2].id, &received[2].body), (&received[1].id, &received[1].body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_fails_is_told_again_under_the_same_id() {
    let shop = Shop::open().await;
    let receiver = Receiver::answering(|before| match before {
        0 => (StatusCode::INTERNAL_SERVER_ERROR, Duration::ZERO),
        _ => (StatusCode::OK, Duration::ZERO),
    })
    .await;
    endpoint(shop.at(), &receiver.url(), &[]).await;
    book(&shop.database(), ["INV-1".to_owned()].into_iter());
    let received = receiver.reaches(2, SOON).await;
    assert_eq!(received[0].id, received[1].id);
    assert!(received[1].timestamp - received[0].timestamp >= 4, "5 s later");
    let delivered = deliveries(&shop, "state=delivered", 1).await;
    assert_eq!(delivered[0]["tries"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_answers_410_is_told_nothing_more() {
    let shop = Shop::open().await;
    let receiver = Receiver::answering(|_| (StatusCode::GONE, Duration::ZERO)).await;
    let made = endpoint(shop.at(), &receiver.url(), &[]).await;
    book(&shop.database(), ["INV-1".to_owned()].into_iter());
    let ended = deliveries(&shop, "state=given-up", 1).await;
    assert_eq!(ended[0]["failure"], "endpoint-gone");
    let path = format!("/api/endpoints/{}", made["id"]);
    assert_eq!(get(shop.at(), &path).await.json(200)["state"], "gone");
    book(&shop.database(), ["INV-2".to_owned()].into_iter());
    let again = post(shop.at(), &format!("/api/deliveries/{}/redeliver", ended[0]["id"]), "").await;
    assert_eq!(again.json(409)["error"], "endpoint-off");
    let attention = get(shop.at(), "/api/attention").await.json(200);
    assert_eq!(attention["deliveries_given_up"], 1);
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(deliveries(&shop, "number=INV-2", 0).await, [] as [Value; 0]);
    // After it is enabled, it gets the events that were given up and the newer ones, until it answers 410.
    post(shop.at(), &format!("{path}/enable"), "").await.json(200);
    receiver.reaches(2, SOON).await;
    let ended = deliveries(&shop, "state=given-up", 2).await;
    assert!(ended.iter().all(|one| one["failure"] == "endpoint-gone"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let shop = Shop::open().await;
    let receiver = Receiver::answering(|_| (StatusCode::FOUND, Duration::ZERO)).await;
    endpoint(shop.at(), &receiver.url(), &[]).await;
    book(&shop.database(), ["INV-1".to_owned()].into_iter());
    let started = Instant::now();
    let failed = loop {
        let found = deliveries(&shop, "state=pending", 1).await;
        if found[0]["failure"] == "redirect" {
            break found;
        }
        assert!(started.elapsed() < SOON, "{found:?}");
    };
    assert_eq!(failed[0]["status"], 302);
    assert!(receiver.received().iter().all(|one| one.path == "/hook"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_signs_beside_the_new_one() {
    let (shop, receiver) = (Shop::open().await, Receiver::start().await);
    let made = endpoint(shop.at(), &receiver.url(), &[]).await;
    let path = format!("/api/endpoints/{}/rotate", made["id"]);
    let rotated = post(shop.at(), &path, r#"{"keep_old_seconds":3600}"#).await.json(200);
    assert!(rotated["old_secret_until"].is_string());
    book(&shop.database(), ["INV-1".to_owned()].into_iter());
    let received = receiver.reaches(1, SOON).await;
    assert_eq!(received[0].signatures.len(), 2);
    for secret in [&made["secret"], &rotated["secret"]] {
        assert!(received[0].is_signed_by(secret.as_str().unwrap()));
    }
    assert_ne!(made["secret"], rotated["secret"]);
    post(shop.at(), &path, r#"{"keep_old_seconds":0}"#).await.json(200);
    book(&shop.database(), ["INV-2".to_owned()].into_iter());
    assert_eq!(receiver.reaches(2, SOON).await[1].signatures.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_one_that_may_be_called_and_wants_known_types() {
    let shop = Shop::open().await;
    for (body, error) in [
        (json!({"url": "http://192.168.1.20/hook"}), "url-not-allowed"),
        (json!({"url": "http://shop.example/hook"}), "url-not-allowed"),
        (json!({"url": "https://169.254.169.254/"}), "url-not-allowed"),
        (json!({"url": "no url"}), "url-not-allowed"),
        (json!({}), "invalid"),
        (json!({"url": "https://shop.example/", "per_order": true}), "invalid"),
        (json!({"url": "https://shop.example/", "events": ["order.lost"]}), "invalid"),
    ] {
        let answer = post(shop.at(), "/api/endpoints", &body.to_string()).await;
        assert_eq!(answer.json(422)["error"], error, "{body}");
    }
    let made = endpoint(shop.at(), "https://shop.example/", &["order.paid"]).await;
    assert_eq!(made["events"], json!(["order.paid"]));
    let again = json!({"url": "https://shop.example/", "events": ["order.expired"]}).to_string();
    let taken = post(shop.at(), "/api/endpoints", &again).await.json(409);
    assert_eq!((&taken["error"], &taken["endpoint"]), (&json!("endpoint-taken"), &made["id"]));
    let path = format!("/api/endpoints/{}", made["id"]);
    let disabled = post(shop.at(), &format!("{path}/disable"), "").await.json(200);
    assert_eq!(disabled["state"], "disabled");
    assert_eq!(post(shop.at(), &format!("{path}/enable"), "").await.json(200)["state"], "enabled");
    let deleted = send(shop.at(), "DELETE", &path, "", "").await.unwrap();
    assert_eq!(deleted.status, 204);
    for path in [path.as_str(), "/api/endpoints/no", "/api/deliveries/7", "/api/deliveries/no"] {
        let what = if path.contains("deliveries") { "a delivery" } else { "an endpoint" };
        let words = format!("expected the id of {what}, found another id");
        let answer = get(shop.at(), path).await.json(404);
        assert_eq!(answer, json!({"error": "not-found", "message": words}), "{path}");
    }
    for query in ["limit=0", "limit=201", "state=lost", "number=%00"] {
        let answer = get(shop.at(), &format!("/api/deliveries?{query}")).await;
        assert_eq!(answer.json(422)["error"], "invalid", "{query}");
    }
    let answer = get(shop.at(), "/api/deliveries?plain=true").await;
    let refused = answer.json(400);
    assert_eq!(refused["error"], "bad-request");
    let words = refused["message"].as_str().unwrap();
    assert!(words.starts_with("expected only the query parameters "), "{words}");
    assert!(words.ends_with(", found plain"), "{words}");
    for (url, words) in [
        ("http://shop.example/", "expected a URL that begins with https, found http"),
        ("https://192.168.1.9/", "expected a public address, found a private one"),
        ("shop.example", "expected a URL such as https://shop.example/events"),
    ] {
        let body = json!({"url": url}).to_string();
        let refused = post(shop.at(), "/api/endpoints", &body).await.json(422);
        assert_eq!(refused["error"], "url-not-allowed", "{url}");
        assert!(refused["message"].as_str().unwrap().starts_with(words), "{url}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_own_address_is_one_that_the_settings_allow() {
    let receiver = Receiver::start().await;
    let allowed = format!("http://{}/orders/", receiver.address);
    let settings = |mut settings: Settings| {
        settings.notify_urls = vec![allowed];
        settings
    };
    let shop = Shop::with(Duration::from_secs(1), settings).await;
    let url = format!("http://{}/orders/7", receiver.address);
    let body = |number: &str, url: &str| {
        json!({"number": number, "amount": 1_000, "code": false, "notify_url": url}).to_string()
    };
    let refused = post(shop.at(), "/api/orders", &body("INV-1", &url)).await;
    assert_eq!(refused.json(422)["error"], "no-endpoint");
    let made = post(shop.at(), "/api/endpoints", r#"{"per_order":true}"#).await.json(201);
    let other = format!("http://{}/admin", receiver.address);
    let refused = post(shop.at(), "/api/orders", &body("INV-1", &other)).await;
    assert_eq!(refused.json(422)["error"], "url-not-allowed");
    charge(shop.at(), "WITHOUT", 1_000).await.json(201);
    post(shop.at(), "/api/orders", &body("INV-1", &url)).await.json(201);
    let received = receiver.reaches(1, SOON).await;
    assert_eq!((received[0].path.as_str(), received[0].number()), ("/orders/7", "INV-1".into()));
    assert!(received[0].is_signed_by(made["secret"].as_str().unwrap()));
    let second = post(shop.at(), "/api/endpoints", r#"{"per_order":true}"#).await;
    assert_eq!(second.json(409)["error"], "endpoint-taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_and_a_slow_endpoint_hold_up_neither_another_one_nor_a_payment() {
    const EVENTS: usize = 1_000;
    let shop = Shop::open().await;
    let fine = Receiver::start().await;
    let slow = Receiver::answering(|_| (StatusCode::OK, Duration::from_secs(1))).await;
    let dead = format!("http://{}/hook", silent().await);
    let dead = endpoint(shop.at(), &dead, &[]).await;
    endpoint(shop.at(), &slow.url(), &[]).await;
    endpoint(shop.at(), &fine.url(), &[]).await;
    let database = shop.database();
    let numbers = (0..EVENTS).map(|at| format!("INV-{at}"));
    tokio::task::spawn_blocking(move || book(&database, numbers)).await.unwrap();
    let order = charge(shop.at(), "SOLD", 25_578).await.json(201);
    shop.pay(&order);
    post(shop.at(), "/api/orders/SOLD/check", "").await;
    reaches(shop.at(), "SOLD", "paid").await;

    // 1,000 created orders, and one that is created and paid.
    let received = fine.reaches(EVENTS + 2, Duration::from_secs(180)).await;
    let numbers: BTreeSet<String> = received.iter().map(|one| one.number()).collect();
    assert_eq!(numbers.len(), EVENTS + 1);
    let of_sold = received.iter().filter(|one| one.number() == "SOLD");
    let of_sold: Vec<String> = of_sold.map(|one| one.event_type()).collect();
    assert_eq!(of_sold, ["order.created", "order.paid"]);
    let (slow, of_dead) =
        (slow.received().len(), format!("endpoint={}&state=delivered", dead["id"]));
    let taken = deliveries(&shop, &of_dead, 0).await.len();
    println!("fine: {}, slow: {slow}, dead: {taken} of {}", received.len(), EVENTS + 2);
    assert!((1..EVENTS).contains(&slow), "{slow}");
    assert_eq!(taken, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_till_was_delivering_is_delivered_by_the_next_one() {
    const EVENTS: usize = 20;
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let receiver = Receiver::answering(|_| (StatusCode::OK, Duration::from_millis(300))).await;
    let mut till = Process::start(&sandbox, &database, &log, &[]);
    endpoint(till.address, &receiver.url(), &[]).await;
    book(&database, (0..EVENTS).map(|at| format!("INV-{at}")));
    let before = receiver.reaches(5, SOON).await.len();
    till.kill();
    assert!(before < EVENTS);
    let _till = Process::start(&sandbox, &database, &log, &[]);
    let started = Instant::now();
    let mut by_id: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while by_id.len() < EVENTS {
        assert!(started.elapsed() < Duration::from_secs(60), "found {}", by_id.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
        by_id.clear();
        for one in receiver.received() {
            by_id.entry(one.number()).or_default().insert(one.id);
        }
    }
    assert!(by_id.values().all(|ids| ids.len() == 1), "an event keeps its id");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tills_on_one_database_one_delivers_each_event() {
    const EVENTS: usize = 200;
    let sandbox = Sandbox::start().await.unwrap();
    let server = Server::start();
    let database = server.url("shop");
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let receiver = Receiver::answering(|_| (StatusCode::OK, Duration::from_millis(20))).await;
    let tills = [(); 2].map(|()| Process::start(&sandbox, &database, &log, &[]));
    endpoint(tills[0].address, &receiver.url(), &[]).await;
    let url = database.clone();
    let numbers = (0..EVENTS).map(|at| format!("INV-{at}"));
    tokio::task::spawn_blocking(move || book(&url, numbers)).await.unwrap();
    let received = receiver.reaches(EVENTS, Duration::from_secs(60)).await;
    let ids: BTreeSet<&str> = received.iter().map(|one| one.id.as_str()).collect();
    assert_eq!((ids.len(), received.len()), (EVENTS, EVENTS));
    let mut counts = Vec::new();
    for till in &tills {
        let metrics = get(till.address, "/metrics").await.body;
        let line = metrics
            .lines()
            .find(|line| line.starts_with("qris_deliveries_total{outcome=\"taken\"}"));
        counts.push(line.and_then(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).unwrap());
    }
    println!("the tills delivered {counts:?}");
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
}
