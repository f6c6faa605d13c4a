//! Requests from pages of other sites: only listed sites, with a token in a header or a ticket for a stream.

use qris_till::{Origin, Settings};
use serde_json::Value;

use crate::running::{Answer, Events, charge, get, post, send};
use crate::shop::{HOUR, Shop, TOKEN, with_token};

const SITE: &str = "https://shop.example";

fn with_site(mut settings: Settings) -> Settings {
    settings.allow_origins = vec![Origin::parse(SITE).expect("an origin")];
    settings
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Sends the preflight request of a browser.
async fn preflight(shop: &Shop, path: &str, origin: &str) -> Answer {
    let headers = format!(
        "Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: authorization,content-type,idempotency-key\r\n"
    );
    send(shop.at(), "OPTIONS", path, &headers, "").await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_allowed_site_may_ask_with_the_token_in_a_header_and_read_the_answer() {
    let shop = Shop::with(HOUR, |settings| with_site(with_token(settings))).await;
    let asked = preflight(&shop, "/api/orders", SITE).await;
    assert_eq!(asked.status, 200, "the question needs no token: {}", asked.head);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(SITE));
    let allowed = |name| header(&asked, name).unwrap_or_default().to_ascii_lowercase();
    for method in ["get", "post", "put", "delete"] {
        assert!(allowed("access-control-allow-methods").contains(method), "{method}");
    }
    for name in ["authorization", "content-type", "idempotency-key"] {
        assert!(allowed("access-control-allow-headers").contains(name), "{name}");
    }
    assert!(header(&asked, "vary").is_some_and(|vary| vary.contains("origin")), "{}", asked.head);

    let bearer = format!("Authorization: Bearer {TOKEN}\r\nOrigin: {SITE}\r\n");
    let cross = format!("{bearer}Sec-Fetch-Site: cross-site\r\n");
    let body = r#"{"number":"INV-1","amount":500}"#;
    let charged = send(shop.at(), "POST", "/api/orders", &cross, body).await.unwrap();
    assert_eq!(charged.json(201)["number"], "INV-1");
    assert_eq!(header(&charged, "access-control-allow-origin"), Some(SITE));
    // The page can read an error too.
    let refused = format!("Origin: {SITE}\r\n");
    let refused = send(shop.at(), "GET", "/api/orders", &refused, "").await.unwrap();
    assert_eq!(refused.json(401)["error"], "unauthorized");
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(SITE));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_is_allowed_anything_and_no_site_may_use_cookies() {
    let shop = Shop::with(HOUR, |settings| with_site(with_token(settings))).await;
    let others = [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:8443",
        "null",
        "https://shop.example.evil.example",
        "https://a.shop.example",
    ];
    for origin in others {
        let asked = preflight(&shop, "/api/orders", origin).await;
        assert_eq!(header(&asked, "access-control-allow-origin"), None, "{origin}");
    }
    for path in ["/login", "/", "/webhook/0123456789abcdef", "/metrics"] {
        let asked = preflight(&shop, path, SITE).await;
        assert_eq!(header(&asked, "access-control-allow-origin"), None, "{path}");
    }
    for answer in [preflight(&shop, "/api/orders", SITE).await, get(shop.at(), "/api/orders").await]
    {
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
        assert_ne!(header(&answer, "access-control-allow-origin"), Some("*"));
    }
    // The cookie of the till's own pages does not work for another site, allowed or not.
    let body = format!(r#"{{"token":"{TOKEN}"}}"#);
    let session = send(shop.at(), "POST", "/api/session", "", &body).await.unwrap();
    assert_eq!(session.status, 201, "{}", session.body);
    let cookie = format!("{}Origin: {SITE}\r\n", crate::people::cookie(&session));
    let refused = send(shop.at(), "POST", "/api/orders", &cookie, "{}").await.unwrap();
    assert_eq!(refused.json(403)["error"], "cross-origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_list_no_site_is_told_that_it_may() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let asked = preflight(&shop, "/api/orders", SITE).await;
    assert_eq!(header(&asked, "access-control-allow-origin"), None, "{}", asked.head);
    let headers = format!("Origin: {SITE}\r\n");
    let answer = send(shop.at(), "GET", "/api/orders", &headers, "").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_asked_for_a_token_an_allowed_site_is_let_in_and_no_other() {
    let shop = Shop::with(HOUR, with_site).await;
    let body = r#"{"number":"INV-1","amount":500}"#;
    let allowed = format!("Origin: {SITE}\r\nSec-Fetch-Site: cross-site\r\n");
    let charged = send(shop.at(), "POST", "/api/orders", &allowed, body).await.unwrap();
    assert_eq!(charged.json(201)["number"], "INV-1");
    let other = "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n";
    let refused = send(shop.at(), "POST", "/api/orders", other, body).await.unwrap();
    assert_eq!(refused.json(403)["error"], "cross-origin");
}

async fn ticket(shop: &Shop) -> String {
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    let answer = send(shop.at(), "POST", "/api/tickets", &bearer, "").await.unwrap().json(201);
    let left = answer["expires_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let left = left.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((50..=60).contains(&left), "{left} s");
    answer["ticket"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_stream_of_events_and_nothing_else() {
    let shop = Shop::with(HOUR, |settings| with_site(with_token(settings))).await;
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    let body = r#"{"number":"INV-1","amount":500}"#;
    send(shop.at(), "POST", "/api/orders", &bearer, body).await.unwrap().json(201);
    assert_eq!(post(shop.at(), "/api/tickets", "").await.json(401)["error"], "unauthorized");

    let stream = format!("Accept: text/event-stream\r\nOrigin: {SITE}\r\n");
    for path in ["/api/orders/INV-1/events?", "/api/stream?number=INV-1&", "/api/events?since=0&"] {
        let path = format!("{path}ticket={}", ticket(&shop).await);
        let mut events = Events::with(shop.at(), &path, &stream).await;
        let data = events.next().await.expect("an event");
        let number =
            if data["number"].is_null() { &data["data"]["number"] } else { &data["number"] };
        assert_eq!(*number, "INV-1", "{path}");
        // The ticket is used up.
        let again = send(shop.at(), "GET", &path, &stream, "").await.unwrap();
        assert_eq!(again.json(401)["error"], "unauthorized", "{path}");
    }
    let unused = ticket(&shop).await;
    for (method, path) in [
        ("GET", "/api/orders?"),
        ("GET", "/api/orders/INV-1?"),
        ("GET", "/api/events?"),
        ("POST", "/api/orders/INV-1/cancel?"),
        ("POST", "/api/tickets?"),
        ("GET", "/?"),
        ("GET", "/metrics?"),
        ("POST", "/api/orders/INV-1/events?"),
    ] {
        let path = format!("{path}ticket={unused}");
        let refused = send(shop.at(), method, &path, "", "").await.unwrap();
        assert_eq!(refused.status, 401, "{method} {path}");
    }
    let path = format!("/api/stream?number=INV-1&ticket={unused}");
    let mut events = Events::with(shop.at(), &path, &stream).await;
    assert_eq!(events.next().await.expect("it was not used up")["number"], "INV-1");
    let metrics = send(shop.at(), "GET", "/metrics", &bearer, "").await.unwrap().body;
    let wrong = "qris_logins_refused_total{outcome=\"wrong\"} 3";
    assert!(metrics.lines().any(|line| line == wrong), "tickets that were used: {metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_asked_for_a_token_a_stream_takes_a_ticket_all_the_same() {
    let shop = Shop::with(HOUR, with_site).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let ticket: Value = post(shop.at(), "/api/tickets", "").await.json(201);
    let ticket = ticket["ticket"].as_str().unwrap();
    let path = format!("/api/orders/INV-1/events?ticket={ticket}");
    let mut events = Events::at(shop.at(), &path).await;
    assert_eq!(events.next().await.expect("an event")["number"], "INV-1");
}
