//! The payer's page, over real HTTP.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use qris_api::Schedule;
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::{Value, json};

use crate::running::{Answer, get, post, reaches, send};
use crate::shop::{HOUR, Shop, TOKEN, with_schedule, with_token};

/// A shop whose schedule makes no checks, only the button.
async fn shop() -> Shop {
    let second = Duration::from_secs(1);
    let schedule = Schedule::default().with_try_gap(second).with_check_gap(HOUR);
    Shop::with(HOUR, |settings| with_schedule(settings, schedule)).await
}

/// Records an order with these additional members, and returns the path of its page.
async fn order(shop: &Shop, number: &str, terms: Value) -> String {
    let mut body = json!({"number": number, "amount": 25_578, "code": false});
    body.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
    let order = post(shop.at(), "/api/orders", &body.to_string()).await.json(201);
    path_of(&order)
}

#[track_caller]
fn path_of(order: &Value) -> String {
    let url = order["pay_url"].as_str().expect("a link");
    let at = url.find("/pay/").expect("the path of a payer's page");
    url[at..].to_owned()
}

fn state_on(page: &Answer) -> &str {
    let (_, rest) = page.body.split_once("data-state=\"").expect("a page of an order");
    rest.split('"').next().unwrap()
}

fn version_on(page: &Answer) -> &str {
    let (_, rest) = page.body.split_once("data-version=\"").expect("a page of an order");
    rest.split('"').next().unwrap()
}

/// Presses the button, and returns the address of the redirect.
async fn press(till: SocketAddr, path: &str) -> String {
    let form = "Content-Type: application/x-www-form-urlencoded\r\nOrigin: null\r\n";
    let answer = send(till, "POST", &format!("{path}/code"), form, "").await.expect("an answer");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let location = answer.head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then_some(value)
    });
    location.expect("where to go").trim_start_matches("../").to_owned()
}

fn names_and_values(head: &str) -> BTreeSet<String> {
    head.lines().skip(1).map(|line| line.to_ascii_lowercase()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_a_link_asks_for_no_code_and_the_first_press_does() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({"description": "Iuran <Mei>"})).await;
    // Messengers and search engines send these requests.
    for method in ["GET", "HEAD", "OPTIONS"] {
        for part in ["", "/qr.svg", "/qr.png", "/code"] {
            let asked = send(shop.at(), method, &format!("{path}{part}"), "", "").await;
            assert!(asked.expect("an answer").status < 500);
        }
    }
    let page = get(shop.at(), &path).await;
    assert_eq!((page.status, state_on(&page)), (200, "open"));
    assert!(page.body.contains("Iuran &lt;Mei&gt;") && page.body.contains("Rp25.578"));
    assert_eq!(shop.sandbox.calls().creates(), 0, "a GET asked for a code");

    let secret = path.strip_prefix("/pay/").unwrap().to_owned();
    assert_eq!(press(shop.at(), &path).await, secret);
    assert_eq!(shop.sandbox.calls().creates(), 1);
    let page = get(shop.at(), &path).await;
    assert_eq!(state_on(&page), "pending");
    assert!(page.body.contains("<h1>WARUNG SANDBOX</h1>"), "{}", page.body);
    let svg = get(shop.at(), &format!("{path}/qr.svg")).await;
    assert!(svg.body.starts_with("<svg"));
    let png = get(shop.at(), &format!("{path}/qr.png")).await;
    assert!(png.head.contains("filename=\"QRIS-INV-1.png\""), "{}", png.head);
    // A second press requests no second code, and the history says who requested it.
    press(shop.at(), &path).await;
    assert_eq!(shop.sandbox.calls().creates(), 1);
    let ledger = qris_ledger::Ledger::connect(&shop.database()).unwrap();
    let number = qris_api::TransactionNumber::parse("INV-1").unwrap();
    let actors: Vec<_> =
        ledger.events(&number).unwrap().into_iter().map(|event| event.actor).collect();
    assert_eq!(actors[1].as_deref(), Some("payer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payer_gets_another_code_for_an_expired_one_once_a_minute() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({"code": true, "shown_seconds": 1})).await;
    reaches(shop.at(), "INV-1", "expired").await;
    let secret = path.strip_prefix("/pay/").unwrap();
    let page = get(shop.at(), &path).await;
    assert!(page.body.contains("Buat kode baru"), "{}", page.body);
    assert_eq!(get(shop.at(), &format!("{path}/qr.png")).await.status, 410);
    assert_eq!(press(shop.at(), &path).await, secret);
    assert_eq!(shop.sandbox.calls().creates(), 2);
    reaches(shop.at(), "INV-1", "expired").await;
    assert_eq!(press(shop.at(), &path).await, format!("{secret}?note=too-soon"));
    assert_eq!(shop.sandbox.calls().creates(), 2);
    let page = get(shop.at(), &format!("{path}?note=too-soon")).await;
    assert!(page.body.contains("dalam satu menit"), "{}", page.body);
    // Nor by another till, which knows of the press only from the ledger.
    let database = shop.database();
    let schedule = Schedule::default().with_try_gap(Duration::from_secs(1)).with_check_gap(HOUR);
    let shop = shop.close().await.open(HOUR, |settings| with_schedule(settings, schedule)).await;
    assert_eq!(shop.database(), database);
    assert_eq!(press(shop.at(), &path).await, format!("{secret}?note=too-soon"));
    assert_eq!(shop.sandbox.calls().creates(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payer_gets_no_other_code_while_an_older_one_has_no_answer_or_a_code_is_unknown() {
    let shop = shop().await;
    // Before anything else, because a recent check would also allow a new code.
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let path = order(&shop, "INV-1", json!({"code": true, "shown_seconds": 1})).await;
    reaches(shop.at(), "INV-1", "expired").await;
    let note = press(shop.at(), &path).await;
    assert!(note.ends_with("?note=not-checked"), "{note}");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.sandbox.clear_faults();

    let path = order(&shop, "INV-2", json!({})).await;
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    assert!(press(shop.at(), &path).await.ends_with("?note=failed"));
    let page = get(shop.at(), &format!("{path}?note=failed")).await;
    assert_eq!(state_on(&page), "unknown");
    assert!(!page.body.contains("Coba lagi"), "it must not be tried again: {}", page.body);
    assert!(!page.body.contains("<form id=\"ask\""), "{}", page.body);
    let creates = shop.sandbox.calls().creates();
    press(shop.at(), &path).await;
    assert_eq!(shop.sandbox.calls().creates(), creates);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_hears_of_the_payment_and_shows_time_reference_and_the_way_back() {
    let shop = shop().await;
    let back = "https://toko.example/pesanan?no=1&lang=id";
    let path = order(&shop, "INV-1", json!({"code": true, "return_url": back})).await;
    let page = get(shop.at(), &path).await;
    assert!(!page.body.contains("toko.example"), "the way back is for the end");
    let news = format!("{path}/news?seen={}", version_on(&page));
    let order = get(shop.at(), "/api/orders/INV-1").await.json(200);
    // Only a webhook brings the reference number.
    let hook = format!("http://{}/webhook/{}", shop.at(), crate::shop::HOOK);
    shop.sandbox.set_webhook(&hook).unwrap();
    let (paid, ()) = tokio::join!(get(shop.at(), &news), async {
        // Time for the request to start waiting. If it comes later, it is answered at once.
        tokio::time::sleep(Duration::from_millis(100)).await;
        shop.pay(&order);
    });
    assert_eq!((paid.status, state_on(&paid)), (200, "paid"));
    let order = reaches(shop.at(), "INV-1", "paid").await;
    for words in [
        "LUNAS",
        "WIB",
        order["rrn"].as_str().unwrap(),
        "href=\"https://toko.example/pesanan?no=1&amp;lang=id\"",
        "Kembali ke toko.example",
    ] {
        assert!(paid.body.contains(words), "{words} in {}", paid.body);
    }
    assert!(!paid.body.contains("Dibayar terlambat"), "it was paid in time: {}", paid.body);
    assert!(!paid.body.contains(order["customer_name"].as_str().unwrap()), "a payer's name");
    assert!(order.get("return_url").is_none(), "it is no part of an order's JSON");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_at_its_end_leads_back_to_the_shop_and_a_late_payer_is_told_to_contact_it() {
    let shop = shop().await;
    let terms = json!({"return_url": "https://toko.example/pesanan"});
    let path = order(&shop, "INV-1", terms).await;
    assert!(!get(shop.at(), &path).await.body.contains("toko.example"), "it can still be paid");
    post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    let cancelled = get(shop.at(), &path).await;
    assert_eq!(state_on(&cancelled), "cancelled");
    assert!(cancelled.body.contains("Kembali ke toko.example"), "{}", cancelled.body);

    let terms =
        json!({"code": true, "shown_seconds": 1, "return_url": "https://toko.example/pesanan"});
    let path = order(&shop, "INV-2", terms).await;
    let late = reaches(shop.at(), "INV-2", "expired").await;
    let expired = get(shop.at(), &path).await;
    assert!(expired.body.contains("Kembali ke toko.example"), "{}", expired.body);
    shop.sandbox
        .set_webhook(&format!("http://{}/webhook/{}", shop.at(), crate::shop::HOOK))
        .unwrap();
    shop.pay(&late);
    reaches(shop.at(), "INV-2", "paid").await;
    let page = get(shop.at(), &path).await;
    assert!(page.body.contains("LUNAS") && page.body.contains("Kembali ke toko.example"));
    assert!(page.body.contains("Dibayar terlambat. Hubungi toko."), "{}", page.body);
    assert!(!page.body.contains("Terima kasih"), "{}", page.body);
    let english = get(shop.at(), &format!("{path}?lang=en")).await;
    assert!(english.body.contains("Paid late. Contact the shop."), "{}", english.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_stops_ends_the_requests_that_wait() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({"code": true})).await;
    let page = get(shop.at(), &path).await;
    let (till, news) = (shop.at(), format!("{path}/news?seen={}", version_on(&page)));
    let waits = tokio::spawn(async move { get(till, &news).await });
    let started = Instant::now();
    while !get(till, "/metrics").await.body.contains("\nqris_waiting 1\n") {
        assert!(started.elapsed() < Duration::from_secs(10), "nobody waits");
    }
    shop.close().await;
    assert_eq!(waits.await.unwrap().status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_and_overpaid_orders_say_so() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({})).await;
    post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    let page = get(shop.at(), &path).await;
    assert_eq!(state_on(&page), "cancelled");
    assert!(page.body.contains("jangan dibayar"), "{}", page.body);
    assert!(!page.body.contains("<form id=\"ask\""));
    press(shop.at(), &path).await;
    assert_eq!(shop.sandbox.calls().creates(), 0);

    let path = order(&shop, "INV-2", json!({"code": true, "shown_seconds": 1})).await;
    let first = get(shop.at(), "/api/orders/INV-2").await.json(200);
    reaches(shop.at(), "INV-2", "expired").await;
    press(shop.at(), &path).await;
    let second = get(shop.at(), "/api/orders/INV-2").await.json(200);
    let hook = format!("http://{}/webhook/{}", shop.at(), crate::shop::HOOK);
    shop.sandbox.set_webhook(&hook).unwrap();
    shop.pay(&second);
    reaches(shop.at(), "INV-2", "paid").await;
    shop.pay(&first);
    let started = Instant::now();
    loop {
        let page = get(shop.at(), &format!("{path}?lang=en")).await;
        if page.body.contains("paid more than once") && page.body.contains("Rp25.578.") {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{}", page.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_needs_no_token_and_shows_one_order_to_nobody_but_its_reader() {
    let shop = Shop::with(HOUR, with_token).await;
    let headers = format!("Authorization: Bearer {TOKEN}\r\n");
    let charge = async |number: &str| {
        let body = format!(r#"{{"number":"{number}","amount":25578,"code":false}}"#);
        let made = send(shop.at(), "POST", "/api/orders", &headers, &body).await;
        made.expect("an answer").json(201)
    };
    let (one, other) = (charge("INV-1").await, charge("INV-2").await);
    assert_ne!(one["pay_url"], other["pay_url"]);
    let path = path_of(&one);
    let page = get(shop.at(), &path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("INV-1") && !page.body.contains("INV-2"));
    let heads = names_and_values(&page.head);
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-robots-tag: noindex, nofollow, noarchive",
        "x-frame-options: deny",
        "x-content-type-options: nosniff",
    ] {
        assert!(heads.contains(header), "{header} in {}", page.head);
    }
    let policy = heads.iter().find(|line| line.starts_with("content-security-policy: "));
    let policy = policy.expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(page.body.contains("<meta name=\"robots\" content=\"noindex"));
    assert!(!page.body.contains("style=") && !page.body.contains("onclick"), "{}", page.body);
    // Every JSON of the order has the same link.
    let list = send(shop.at(), "GET", "/api/orders", &headers, "").await.unwrap().json(200);
    let links: BTreeSet<_> =
        list["orders"].as_array().unwrap().iter().map(|order| order["pay_url"].as_str()).collect();
    assert_eq!(links, [one["pay_url"].as_str(), other["pay_url"].as_str()].into());
    let events = send(shop.at(), "GET", "/api/events", &headers, "").await.unwrap();
    assert!(events.body.contains(one["pay_url"].as_str().unwrap()), "{}", events.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_link_gets_the_same_page_late_and_one_address_has_only_so_many() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({})).await;
    let (short, long) = (&path[..path.len() - 1], format!("{path}A"));
    let other = format!("/pay/{}", "A".repeat(22));
    let started = Instant::now();
    let mut bodies = BTreeSet::new();
    for wrong in [short, &long, &other, "/pay/%00", "/pay/INV-1"] {
        let answer = get(shop.at(), wrong).await;
        assert_eq!(answer.status, 404, "{wrong}");
        bodies.insert(answer.body);
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(started.elapsed() >= Duration::from_secs(5), "a guess is answered after a second");
    let guesses = (0..30).map(|_| get(shop.at(), &other));
    let answers = futures_util::future::join_all(guesses).await;
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(refused >= 10, "{refused} of 30 were refused");
    assert_eq!(get(shop.at(), &path).await.status, 200, "the right link is always let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_for_payers_has_their_pages_and_nothing_else() {
    let shop = Shop::with(HOUR, |mut settings| {
        settings.pay_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = qris_till::WebAddress::parse("https://bayar.toko.example/qris/");
        settings.public_url = Some(address.expect("an address"));
        settings
    })
    .await;
    let pay = shop.till.pay_address().expect("a second listener");
    assert_ne!(pay, shop.at());
    let path = order(&shop, "INV-1", json!({"code": true})).await;
    let made = get(shop.at(), "/api/orders/INV-1").await.json(200);
    let url = made["pay_url"].as_str().unwrap();
    assert_eq!(url, format!("https://bayar.toko.example/qris{path}"));
    let host = "Host: bayar.toko.example\r\n";
    let page = send(pay, "GET", &path, host, "").await.expect("an answer");
    assert_eq!((page.status, state_on(&page)), (200, "pending"));
    for part in ["/pay/assets/pay.css", "/pay/assets/pay.js", &format!("{path}/qr.png")] {
        assert_eq!(send(pay, "GET", part, host, "").await.unwrap().status, 200, "{part}");
    }
    for elsewhere in [
        "/",
        "/display",
        "/report",
        "/login",
        "/api/orders",
        "/api/orders/INV-1",
        "/api/events",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/assets/till.js",
        "/pay",
        "/pay/",
        "/api/orders/INV-1/qr.svg",
        "/webhook/7d1e0b55c2a94be2a3f0",
    ] {
        for method in ["GET", "POST"] {
            let answer = send(pay, method, elsewhere, host, "").await.expect("an answer");
            assert_eq!(answer.status, 404, "{method} {elsewhere}");
            let heads = names_and_values(&answer.head);
            assert!(heads.contains("x-robots-tag: noindex, nofollow, noarchive"), "{elsewhere}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_stays_good_when_the_till_starts_again_and_its_key_is_in_a_file_of_its_owner() {
    let shop = shop().await;
    let path = order(&shop, "INV-1", json!({})).await;
    let key = shop.folder.path().join("qris.db.pay-key");
    assert_eq!(std::fs::read(&key).unwrap().len(), 32);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let shop = shop.close().await.open(HOUR, |settings| settings).await;
    let again = get(shop.at(), "/api/orders/INV-1").await.json(200);
    assert_eq!(path_of(&again), path);
    assert_eq!(get(shop.at(), &path).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_that_leads_to_a_script_or_another_scheme_is_refused() {
    let shop = shop().await;
    for wrong in [
        "javascript:alert(1)",
        "http://toko.example/",
        "//toko.example/",
        "https://siti@toko.example/",
        "",
    ] {
        let body = json!({"number": "INV-1", "amount": 25_578, "return_url": wrong}).to_string();
        let refused = post(shop.at(), "/api/orders", &body).await.json(422);
        assert_eq!(refused["error"], "invalid", "{wrong}");
        assert!(refused["message"].as_str().unwrap().starts_with("return_url: expected"));
    }
    assert_eq!(shop.sandbox.calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_booked_without_a_link_has_one_soon_after_the_till_has_started() {
    let closed = shop().await.close().await;
    let database = format!("sqlite://{}", closed.folder.path().join("qris.db").display());
    let mut ledger = qris_ledger::Ledger::connect(&database).unwrap();
    // Recorded like in an earlier version, without links.
    let number = qris_api::TransactionNumber::parse("OLD").unwrap();
    let order = qris_ledger::NewOrder::new(number, qris_api::Rupiah::new(25_578));
    ledger.open_order(&order, qris_api::WibTime::now()).unwrap();
    let shop = closed.open(HOUR, |settings| settings).await;
    let started = Instant::now();
    let order = loop {
        let order = get(shop.at(), "/api/orders/OLD").await.json(200);
        if !order["pay_url"].is_null() {
            break order;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "it has no link");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let page = get(shop.at(), &path_of(&order)).await;
    assert_eq!((page.status, state_on(&page)), (200, "open"));
}
