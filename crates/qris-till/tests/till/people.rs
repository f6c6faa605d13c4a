//! Users with PINs, tokens of programs and displays, and their sessions.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{Ledger, PersonName, Role, TokenRole};
use qris_till::{Pin, Secret};
use serde_json::{Value, json};

use crate::running::{Answer, Events, charge, get, send};
use crate::shop::{HOUR, Shop, TOKEN, with_token};

/// How long revoked access may still work.
const SOON: Duration = Duration::from_secs(2);

fn name(text: &str) -> PersonName {
    text.parse().expect("a name")
}

/// A second connection to the ledger of a running till, like another process.
pub(crate) fn ledger(shop: &Shop) -> Ledger {
    Ledger::connect(&shop.database()).expect("the ledger opens")
}

pub(crate) fn add_user(shop: &Shop, who: &str, role: Role, pin: &str) {
    let hash = Pin::parse(pin).expect("a PIN").hash().expect("a hash");
    ledger(shop).add_user(&name(who), role, &hash, WibTime::now()).expect("a user");
}

/// A new token, like from `qris token create`.
pub(crate) fn add_token(shop: &Shop, who: &str, role: TokenRole, merchant: Option<&str>) -> String {
    let secret = Secret::generate().expect("random numbers");
    let merchant = merchant.map(|name| name.parse().expect("a merchant's name"));
    let hash = secret.hash();
    ledger(shop)
        .add_token(&name(who), role, merchant.as_ref(), &hash, WibTime::now())
        .expect("a token");
    secret.reveal().to_owned()
}

pub(crate) fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

async fn sign_in(at: SocketAddr, who: &str, pin: &str) -> Answer {
    let body = json!({"name": who, "pin": pin}).to_string();
    send(at, "POST", "/api/session", "", &body).await.expect("an answer")
}

/// The `Cookie` header for the cookie of an answer.
#[track_caller]
pub(crate) fn cookie(answer: &Answer) -> String {
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let pair = cookie.expect("a cookie").split(';').next().expect("a pair");
    format!("Cookie: {pair}\r\n")
}

/// Signs in, and returns the `Cookie` header.
pub(crate) async fn signed_in(at: SocketAddr, who: &str, pin: &str) -> String {
    let answer = sign_in(at, who, pin).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    cookie(&answer)
}

async fn status(at: SocketAddr, path: &str, headers: &str) -> u16 {
    send(at, "GET", path, headers, "").await.expect("an answer").status
}

/// Waits until a request gets this status.
async fn turns(at: SocketAddr, path: &str, headers: &str, expected: u16) {
    let started = Instant::now();
    loop {
        let found = status(at, path, headers).await;
        if found == expected {
            return;
        }
        // A request with wrong credentials is delayed by a second or more.
        assert!(started.elapsed() < SOON * 5, "{path} is {found}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_with_a_pin_and_each_event_has_the_users_name() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let answer = sign_in(shop.at(), "siti", "480615").await;
    let set = answer.head.lines().find(|line| line.starts_with("set-cookie: ")).expect("a cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains("480615"), "{set}");
    let siti = cookie(&answer);
    let session = answer.json(201);
    assert_eq!(session["name"], "Siti");
    assert_eq!((&session["role"], &session["kind"]), (&json!("cashier"), &json!("user")));
    assert_eq!(session["people"], json!(["Siti"]));
    let body = r#"{"number":"INV-1","amount":25578}"#;
    send(shop.at(), "POST", "/api/orders", &siti, body).await.unwrap().json(201);
    let number = qris_api::TransactionNumber::parse("INV-1").unwrap();
    let events = ledger(&shop).events(&number).unwrap();
    assert!(events.iter().all(|event| event.actor.as_deref() == Some("Siti")), "{events:?}");

    // The till's own token and a program's token have names too.
    let erp = add_token(&shop, "erp", TokenRole::Program, None);
    for (number, header, actor) in
        [("INV-2", bearer(TOKEN), "owner token"), ("INV-3", bearer(&erp), "token erp")]
    {
        let body = format!(r#"{{"number":"{number}","amount":500}}"#);
        send(shop.at(), "POST", "/api/orders", &header, &body).await.unwrap().json(201);
        let number = qris_api::TransactionNumber::parse(number).unwrap();
        let events = ledger(&shop).events(&number).unwrap();
        assert_eq!(events[0].actor.as_deref(), Some(actor));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_cookie_can_be_set_by_no_other_site() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let body = json!({"name": "Siti", "pin": "480615"}).to_string();
    let tls = "X-Forwarded-Proto: https\r\n";
    let answer = send(shop.at(), "POST", "/api/session", tls, &body).await.unwrap();
    let set = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(set.starts_with("__Host-qris_till=") && set.contains("; Secure"), "{set}");
    assert!(!set.contains("Domain"), "{set}");
    let secure = cookie(&answer);
    assert_eq!(status(shop.at(), "/api/orders", &format!("{tls}{secure}")).await, 200);
    // A cookie that a page over plain HTTP could set is not accepted there.
    let plain = secure.replace("__Host-", "");
    assert_eq!(status(shop.at(), "/api/orders", &format!("{tls}{plain}")).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_never_the_tills_token_and_ends_when_the_token_changes() {
    let shop = Shop::with(HOUR, with_token).await;
    let body = json!({"token": TOKEN}).to_string();
    let answer = send(shop.at(), "POST", "/api/session", "", &body).await.unwrap();
    assert!(!answer.head.contains(TOKEN), "{}", answer.head);
    let owner = cookie(&answer);
    assert_eq!(answer.json(201)["kind"], "owner-token");
    assert_eq!(status(shop.at(), "/metrics", &owner).await, 200);
    // The token itself does not work as a cookie.
    let old = format!("Cookie: qris_till={TOKEN}\r\n");
    assert_eq!(status(shop.at(), "/api/orders", &old).await, 401);
    let closed = shop.close().await;
    let changed = |mut settings: qris_till::Settings| {
        settings.token = Some(qris_till::Token::parse("another-token-of-the-owner").unwrap());
        settings
    };
    let shop = closed.open(HOUR, changed).await;
    assert_eq!(status(shop.at(), "/metrics", &owner).await, 401);
    let shop = shop.close().await.open(HOUR, with_token).await;
    assert_eq!(status(shop.at(), "/metrics", &owner).await, 200, "a restart ends no session");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_pin_and_an_unknown_name_get_the_same_answer_and_after_five_a_pause() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let (mut answers, at) = (Vec::new(), shop.at());
    for who in ["Siti", "Nobody"] {
        let tries = (0..5).map(|digit| {
            let pin = format!("99{digit}4");
            async move { sign_in(at, who, &pin).await }
        });
        // All at the same time, because each one is delayed.
        for answer in futures_util::future::join_all(tries).await {
            answers.push(answer.json(401));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0]["error"], "unauthorized");
    for who in ["SITI", "Nobody"] {
        // The right PIN must wait too.
        let answer = sign_in(shop.at(), who, "480615").await;
        let wait = answer.head.lines().find_map(|line| line.strip_prefix("retry-after: "));
        let wait: u64 = wait.expect("a time to wait").parse().unwrap();
        assert!((10..=30).contains(&wait), "{wait}");
        assert_eq!(answer.json(429)["error"], "too-many-logins");
    }
    // A restart does not reset the wait.
    let shop = shop.close().await.open(HOUR, with_token).await;
    assert_eq!(sign_in(shop.at(), "Siti", "480615").await.status, 429);
    // Another user can sign in meanwhile.
    add_user(&shop, "Budi", Role::Cashier, "739104");
    assert_eq!(sign_in(shop.at(), "Budi", "739104").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_many_wrong_pins_is_let_try_no_other_name() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let at = shop.at();
    let tries = (0..40).map(|number| {
        let who = format!("name {number}");
        async move { sign_in(at, &who, "1357").await.status }
    });
    let wrong = tokio::spawn(futures_util::future::join_all(tries.collect::<Vec<_>>()));
    // A user with the right PIN signs in while they are running.
    let mut last = 0;
    while last != 429 && !wrong.is_finished() {
        let answer = sign_in(at, "Siti", "480615").await;
        last = answer.status;
        assert!(last == 201 || answer.json(429)["error"] == "too-many-logins");
    }
    assert_eq!(last, 429, "the right PIN waits too");
    let answers = wrong.await.expect("answers");
    assert!(answers.iter().all(|status| matches!(status, 401 | 429)), "{answers:?}");
    // The owner's token is long, so it is compared even after many failures.
    assert_eq!(status(shop.at(), "/metrics", &bearer(TOKEN)).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_whose_sessions_have_ended_keep_nobody_from_signing_in() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let at = shop.at();
    let ended = (0..40).map(|number| async move {
        let cookie = format!("Cookie: qris_till=an-old-secret-{number}\r\n");
        status(at, "/api/stream?counter=main", &cookie).await
    });
    let answers = futures_util::future::join_all(ended).await;
    assert!(answers.contains(&429), "{answers:?}");
    assert_eq!(sign_in(at, "Siti", "480615").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_signing_out_by_a_new_pin_by_revoking_and_by_the_next_sign_in() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    add_user(&shop, "Budi", Role::Cashier, "739104");
    let at = shop.at();
    let first = signed_in(at, "Siti", "480615").await;
    let out = send(at, "DELETE", "/api/session", &first, "").await.unwrap();
    assert_eq!(out.status, 204);
    assert!(out.head.contains("set-cookie: qris_till=;"), "{}", out.head);
    assert_eq!(status(at, "/api/orders", &first).await, 401, "at once");

    // "Ganti kasir": the next user's session replaces the earlier one.
    let siti = signed_in(at, "Siti", "480615").await;
    let body = json!({"name": "Budi", "pin": "739104"}).to_string();
    let budi = send(at, "POST", "/api/session", &siti, &body).await.unwrap();
    let budi = cookie(&budi);
    assert_eq!(status(at, "/api/orders", &siti).await, 401);
    assert_eq!(status(at, "/api/orders", &budi).await, 200);

    let siti = signed_in(at, "Siti", "480615").await;
    let number = charge_as(at, &siti, "INV-1").await;
    let path = format!("/api/orders/{number}/events");
    let mut events = Events::with(at, &path, &format!("{siti}Connection: close\r\n")).await;
    assert_eq!(events.next().await.expect("an event")["number"], "INV-1");
    let other = Pin::parse("628401").unwrap().hash().unwrap();
    ledger(&shop).set_pin_hash(&name("Siti"), &other, WibTime::now()).unwrap();
    turns(at, "/api/orders", &siti, 401).await;
    assert_eq!(events.next().await, None, "the stream ends with the session");
    ledger(&shop).revoke_user(&name("Budi"), WibTime::now()).unwrap();
    turns(at, "/api/orders", &budi, 401).await;
    assert_eq!(sign_in(at, "Budi", "739104").await.status, 401);
    assert_eq!(sign_in(at, "Siti", "628401").await.status, 201);
}

async fn charge_as(at: SocketAddr, headers: &str, number: &str) -> String {
    let body = format!(r#"{{"number":"{number}","amount":500}}"#);
    let order: Value = send(at, "POST", "/api/orders", headers, &body).await.unwrap().json(201);
    order["number"].as_str().expect("a number").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_nobody_used_for_the_idle_time_has_ended() {
    let idle = |mut settings: qris_till::Settings| {
        settings.idle_timeout = Duration::from_secs(6);
        with_token(settings)
    };
    let shop = Shop::with(HOUR, idle).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let display = add_token(&shop, "layar", TokenRole::Display, None);
    let siti = signed_in(shop.at(), "Siti", "480615").await;
    let body = json!({"token": display}).to_string();
    let layar = send(shop.at(), "POST", "/api/session", "", &body).await.unwrap();
    let layar = cookie(&layar);
    // Opening pages keeps the session open for longer than the idle time.
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(9) {
        assert_eq!(status(shop.at(), "/", &siti).await, 200);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // Automatic requests of an open page do not.
    let started = Instant::now();
    while status(shop.at(), "/api/orders", &siti).await == 200 {
        assert!(started.elapsed() < Duration::from_secs(30), "the session is still open");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(started.elapsed() > Duration::from_secs(3), "it ended too early");
    assert_eq!(status(shop.at(), "/display", &layar).await, 200, "nobody touches a display");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_on_this_machine_asks_nobody_until_the_first_user_is_added() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let session = get(shop.at(), "/api/session").await.json(200);
    assert_eq!((&session["kind"], &session["role"]), (&json!("anybody"), &json!("owner")));
    add_user(&shop, "Siti", Role::Owner, "480615");
    turns(shop.at(), "/api/orders", "", 401).await;
    let siti = signed_in(shop.at(), "Siti", "480615").await;
    assert_eq!(status(shop.at(), "/metrics", &siti).await, 200);
    ledger(&shop).revoke_user(&name("Siti"), WibTime::now()).unwrap();
    turns(shop.at(), "/api/orders", &siti, 401).await;
    assert_eq!(status(shop.at(), "/api/orders", "").await, 401, "not even with the last user gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_others_can_reach_starts_without_a_token_where_there_are_users() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    add_user(&shop, "Siti", Role::Owner, "480615");
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let open = |mut settings: qris_till::Settings| {
        settings.listen = everywhere;
        settings
    };
    let shop = shop.close().await.open(HOUR, open).await;
    let at = SocketAddr::from(([127, 0, 0, 1], shop.at().port()));
    assert_eq!(get(at, "/api/orders").await.status, 401);
    assert_eq!(sign_in(at, "Siti", "480615").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cashier_sees_and_cancels_orders_of_today_and_a_supervisor_those_of_all_days() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    add_user(&shop, "Budi", Role::Supervisor, "739104");
    let at = shop.at();
    let owner = bearer(TOKEN);
    charge_as(at, &owner, "TODAY").await;
    let yesterday =
        WibTime::from(WibTime::now().timestamp().checked_sub(jiff::Span::new().hours(24)).unwrap());
    let old = qris_ledger::NewOrder::new(
        qris_api::TransactionNumber::parse("YESTERDAY").unwrap(),
        qris_api::Rupiah::new(700),
    );
    ledger(&shop).open_order(&old, yesterday).unwrap();
    let siti = signed_in(at, "Siti", "480615").await;
    let budi = signed_in(at, "Budi", "739104").await;
    let listed = async |headers: &str, query: &str| {
        let answer = send(at, "GET", &format!("/api/orders{query}"), headers, "").await.unwrap();
        let orders = answer.json(200)["orders"].clone();
        let numbers = orders.as_array().unwrap().iter().map(|order| order["number"].clone());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(listed(&siti, "").await, ["TODAY"]);
    assert_eq!(listed(&budi, "").await, ["TODAY", "YESTERDAY"]);
    let day = yesterday.date();
    for query in [format!("?from={day}"), "?unacknowledged=true".to_owned()] {
        let path = format!("/api/orders{query}");
        let refused = send(at, "GET", &path, &siti, "").await.unwrap();
        assert_eq!(refused.json(403)["error"], "forbidden", "{query}");
    }
    let cancel = "/api/orders/YESTERDAY/cancel";
    let refused = send(at, "POST", cancel, &siti, "").await.unwrap();
    assert_eq!(refused.json(403)["error"], "forbidden");
    assert_eq!(send(at, "POST", cancel, &budi, "").await.unwrap().json(200)["state"], "cancelled");
    let today = send(at, "POST", "/api/orders/TODAY/cancel", &siti, "").await.unwrap();
    assert_eq!(today.json(200)["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_sees_the_order_that_a_counter_shows_and_no_more_of_it_than_that() {
    let shop = Shop::with(HOUR, with_token).await;
    let (at, owner) = (shop.at(), bearer(TOKEN));
    let layar = bearer(&add_token(&shop, "layar", TokenRole::Display, None));
    let body = r#"{"number":"SHOWN","amount":500,"description":"secret","reference":"r-1"}"#;
    send(at, "POST", "/api/orders", &owner, body).await.unwrap().json(201);
    charge_as(at, &owner, "HIDDEN").await;
    let body = r#"{"number":"SHOWN"}"#;
    send(at, "PUT", "/api/counters/main", &owner, body).await.unwrap().json(200);
    let shown = send(at, "GET", "/api/orders/SHOWN", &layar, "").await.unwrap().json(200);
    assert_eq!((&shown["amount"], &shown["state"]), (&json!(500), &json!("pending")));
    for hidden in ["description", "reference", "customer_name", "rrn", "pay_url", "metadata"] {
        assert_eq!(shown.get(hidden), None, "{hidden}");
    }
    assert_eq!(status(at, "/api/orders/SHOWN/qr.svg", &layar).await, 200);
    for path in ["/api/orders/HIDDEN", "/api/orders/HIDDEN/qr.svg", "/api/orders/HIDDEN/qr.png"] {
        assert_eq!(status(at, path, &layar).await, 404, "{path}");
    }
    let path = "/api/stream?counter=main&number=SHOWN&number=HIDDEN";
    let mut events = Events::with(at, path, &layar).await;
    let mut found = Vec::new();
    for _ in 0..3 {
        let (kind, data) = events.next_named().await.expect("an event");
        assert_eq!(data.get("description"), None);
        found.push((kind, data["number"].as_str().unwrap_or_default().to_owned()));
    }
    found.sort();
    let expected = [("counter", "SHOWN"), ("not-found", "HIDDEN"), ("order", "SHOWN")];
    let expected = expected.map(|(kind, number)| (kind.to_owned(), number.to_owned()));
    assert_eq!(found, expected);
    ledger(&shop).revoke_token(&name("layar"), WibTime::now()).unwrap();
    turns(at, "/api/counters/main", &layar, 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_ends_with_the_session_that_it_was_made_in() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    charge_as(shop.at(), &bearer(TOKEN), "INV-1").await;
    let siti = signed_in(shop.at(), "Siti", "480615").await;
    let ticket = send(shop.at(), "POST", "/api/tickets", &siti, "").await.unwrap().json(201);
    let ticket = ticket["ticket"].as_str().expect("a ticket");
    assert_eq!(send(shop.at(), "DELETE", "/api/session", &siti, "").await.unwrap().status, 204);
    let stream = format!("/api/stream?number=INV-1&ticket={ticket}");
    assert_eq!(status(shop.at(), &stream, "").await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_one_merchant_knows_no_other() {
    let two = |mut settings: qris_till::Settings| {
        let client = qris_api::Client::builder(
            qris_api::ApiKey::parse("another-key").unwrap(),
            qris_api::MerchantId::parse("654321").unwrap(),
        );
        let kiosk = "kiosk".parse().unwrap();
        settings.merchants.push(qris_till::MerchantSettings::named(kiosk, client));
        with_token(settings)
    };
    let shop = Shop::with(HOUR, two).await;
    let (at, owner) = (shop.at(), bearer(TOKEN));
    charge_as(at, &owner, "INV-1").await;
    let erp = bearer(&add_token(&shop, "erp", TokenRole::Program, Some("kiosk")));
    let listed = send(at, "GET", "/api/orders", &erp, "").await.unwrap().json(200);
    assert_eq!(listed["orders"], json!([]), "without a name it is the token's own merchant");
    assert_eq!(status(at, "/api/orders?merchant=kiosk", &erp).await, 200);
    for path in ["/api/orders?merchant=main", "/api/orders/INV-1?merchant=main"] {
        let refused = send(at, "GET", path, &erp, "").await.unwrap();
        assert_eq!(refused.json(404)["error"], "unknown-merchant", "{path}");
    }
    let all = send(at, "GET", "/api/report?by=merchant", &erp, "").await.unwrap();
    assert_eq!(all.json(403)["error"], "forbidden");
    assert_eq!(status(at, "/metrics", &erp).await, 403, "they count the orders of all merchants");
    // A program's token is a bearer token and opens no page.
    let body = json!({"token": erp.trim().rsplit(' ').next()}).to_string();
    assert_eq!(send(at, "POST", "/api/session", "", &body).await.unwrap().status, 401);
}
