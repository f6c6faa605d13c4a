//! Orders over real HTTP: their data, lists in pages, and programs that ship once.

use serde_json::{Value, json};

use crate::running::{charge, get, post, reaches};
use crate::shop::{HOUR, Shop};

/// The numbers on a page of a list.
fn numbers(page: &Value) -> Vec<&str> {
    let orders = page["orders"].as_array().expect("a list");
    orders.iter().map(|order| order["number"].as_str().expect("a number")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_sends_with_an_order_comes_back_with_it() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let body = json!({
        "number": "INV-1", "amount": 25_578, "channel": "ecommerce", "tip": true,
        "description": "two coffees", "reference": "order-7", "metadata": {"table": 4},
        "due_at": "2026-11-30T10:00:00Z", "shown_seconds": 600,
    });
    let order = post(shop.at(), "/api/orders", &body.to_string()).await.json(201);
    for name in ["number", "amount", "channel", "tip", "description", "reference", "metadata"] {
        assert_eq!(order[name], body[name], "{name}");
    }
    assert_eq!(order["due_at"], "2026-11-30T17:00:00+07:00");
    assert_eq!(order["merchant"], "main");
    assert_eq!(order["invoices"].as_array().unwrap().len(), 1);
    let time = |name: &str| order[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(time("shown_until").duration_since(time("qris_request_date")).as_secs(), 600);
    assert_eq!(get(shop.at(), "/api/orders/INV-1").await.json(200)["metadata"]["table"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_without_a_code_is_open_and_no_code_is_asked_for_until_it_is_wanted() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let body = r#"{"number":"INV-1","amount":500,"code":false}"#;
    let open = post(shop.at(), "/api/orders", body).await.json(201);
    assert_eq!((&open["state"], &open["qris_content"]), (&json!("open"), &Value::Null));
    assert_eq!(post(shop.at(), "/api/orders", body).await.json(200)["state"], "open");
    let other = r#"{"number":"INV-1","amount":700,"code":false}"#;
    assert_eq!(post(shop.at(), "/api/orders", other).await.json(409)["error"], "conflict");
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.svg").await.status, 410);
    assert_eq!(shop.sandbox.calls().creates(), 0);
    assert_eq!(charge(shop.at(), "INV-1", 500).await.json(201)["state"], "pending");
    assert_eq!(post(shop.at(), "/api/orders", body).await.json(200)["state"], "pending");
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_list_have_each_order_once_even_if_new_ones_come_meanwhile() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let open = async |number: &str| {
        let body = json!({"number": number, "amount": 500, "code": false}).to_string();
        post(shop.at(), "/api/orders", &body).await.json(201);
    };
    for number in ["A 1", "A/2", "A%3", "A+4", "A&5"] {
        open(number).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/api/orders?limit=2".to_owned());
    loop {
        let page = get(shop.at(), &path).await.json(200);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        open(&format!("NEW-{}", seen.len())).await;
        // It is in the query without encoding.
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/orders?limit=2&cursor={next}");
    }
    seen.sort();
    assert_eq!(seen, ["A 1", "A%3", "A&5", "A+4", "A/2"]);
    let last = get(shop.at(), "/api/orders?limit=8").await.json(200);
    assert_eq!((numbers(&last).len(), &last["next_cursor"]), (8, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_the_orders_that_fit_all_filters_and_no_other() {
    let shop = Shop::open().await;
    let paid = charge(shop.at(), "INV-1", 25_578).await.json(201);
    shop.pay(&paid);
    reaches(shop.at(), "INV-1", "paid").await;
    for (number, channel) in [("WEB-1", "ecommerce"), ("WEB_2", "ecommerce"), ("RENT-1", "bill")] {
        let body = json!({
            "number": number, "amount": 700, "channel": channel, "code": false,
            "description": format!("for {number}"),
        });
        post(shop.at(), "/api/orders", &body.to_string()).await.json(201);
    }
    let today = qris_api::WibTime::now().date();
    for (query, expected) in [
        ("state=paid".to_owned(), vec!["INV-1"]),
        ("state=open".to_owned(), vec!["WEB_2", "WEB-1", "RENT-1"]),
        ("channel=bill".to_owned(), vec!["RENT-1"]),
        ("state=open&channel=ecommerce".to_owned(), vec!["WEB_2", "WEB-1"]),
        ("state=paid&channel=ecommerce".to_owned(), vec![]),
        ("search=web_".to_owned(), vec!["WEB_2"]),
        ("search=for%20RENT".to_owned(), vec!["RENT-1"]),
        ("search=25578".to_owned(), vec!["INV-1"]),
        (format!("from={today}&to={today}&search=WEB"), vec!["WEB_2", "WEB-1"]),
        ("to=2020-01-01".to_owned(), vec![]),
        ("from=2999-01-01".to_owned(), vec![]),
    ] {
        let page = get(shop.at(), &format!("/api/orders?{query}")).await.json(200);
        let (mut found, mut expected) = (numbers(&page), expected);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
    for (query, status, word) in [
        ("state=gone", 422, "invalid"),
        ("channel=shop", 422, "invalid"),
        ("from=yesterday", 422, "invalid"),
        ("from=2026-11-02&to=2026-11-01", 422, "wrong-days"),
        ("cursor=2", 422, "invalid"),
        ("unacknowledged=true&state=paid", 422, "invalid"),
        ("sate=paid", 400, "bad-request"),
        ("merchant=other", 404, "unknown-merchant"),
    ] {
        let refused = get(shop.at(), &format!("/api/orders?{query}")).await.json(status);
        assert_eq!(refused["error"], word, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_is_asked_for_until_a_program_says_that_it_was_shipped() {
    let shop = Shop::open().await;
    for number in ["INV-1", "INV-2"] {
        let order = charge(shop.at(), number, 500).await.json(201);
        shop.pay(&order);
        reaches(shop.at(), number, "paid").await;
    }
    charge(shop.at(), "INV-3", 500).await.json(201);
    let path = "/api/orders?unacknowledged=true";
    let left = get(shop.at(), path).await.json(200);
    assert_eq!(numbers(&left), ["INV-1", "INV-2"], "the oldest first");
    let acknowledge = async |number: &str, status| {
        let path = format!("/api/orders/{number}/acknowledge");
        post(shop.at(), &path, "").await.json(status)
    };
    // A program that was killed before the answer sends the request again.
    for _ in 0..2 {
        assert_eq!(acknowledge("INV-1", 200).await["state"], "paid");
    }
    assert_eq!(acknowledge("INV-3", 409).await["error"], "wrong-state");
    assert_eq!(acknowledge("NONE", 404).await["error"], "not-found");
    // It is on disk, so another till knows it too.
    let shop = shop.close().await.open(HOUR, |settings| settings).await;
    let left = get(shop.at(), path).await.json(200);
    assert_eq!(numbers(&left), ["INV-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_shop_reads_its_unacknowledged_orders_in_pages_although_the_cashier_has_many() {
    let shop = Shop::open().await;
    for (number, channel) in
        [("POS-1", "pos"), ("WEB-1", "ecommerce"), ("POS-2", "pos"), ("WEB-2", "ecommerce")]
    {
        let body = json!({"number": number, "amount": 500, "channel": channel}).to_string();
        let order = post(shop.at(), "/api/orders", &body).await.json(201);
        shop.pay(&order);
        reaches(shop.at(), number, "paid").await;
    }
    let list = "/api/orders?unacknowledged=true&limit=1";
    let read = async |query: String| get(shop.at(), &format!("{list}{query}")).await.json(200);
    let first = read("&channel=ecommerce".to_owned()).await;
    assert_eq!(numbers(&first), ["WEB-1"]);
    let next = first["next_cursor"].as_str().expect("another page");
    // The page after an order is the same when that order has been acknowledged.
    for _ in 0..2 {
        let second = read(format!("&channel=ecommerce&cursor={next}")).await;
        assert_eq!((numbers(&second), &second["next_cursor"]), (vec!["WEB-2"], &Value::Null));
        post(shop.at(), "/api/orders/WEB-1/acknowledge", "").await.json(200);
    }
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let page = read(query).await;
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next_cursor"].as_str() else { break };
        query = format!("&cursor={next}");
    }
    assert_eq!(seen, ["POS-1", "POS-2", "WEB-2"]);
}
