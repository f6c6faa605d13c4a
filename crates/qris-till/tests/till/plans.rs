//! Recurring bills over HTTP, and the watcher that makes them and sends their events.

use std::time::{Duration, Instant};

use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Channel, Ledger, NewOrder};
use serde_json::{Value, json};

use crate::receiver::{Receiver, endpoint};
use crate::running::{get, post, send};
use crate::shop::Shop;

const SOON: Duration = Duration::from_secs(30);

fn plan(prefix: &str, first_date: &str) -> Value {
    json!({
        "prefix": prefix, "amount": 150_000, "period": "monthly", "day": 31,
        "first_date": first_date, "customer_name": "Siti", "customer_reference": "C-7",
        "description": "internet",
    })
}

/// The numbers of the unpaid bills, when there are this many.
async fn owed(shop: &Shop, count: usize) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let bills = get(shop.at(), "/api/bills?limit=200").await.json(200);
        let orders = bills["orders"].as_array().expect("a list").clone();
        if orders.len() >= count {
            assert_eq!(bills["unpaid"]["count"], orders.len());
            return orders;
        }
        assert!(started.elapsed() < SOON, "expected {count} bills, found {bills}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_till_makes_the_bills_of_a_plan_and_tells_of_them_and_of_what_is_overdue() {
    let (shop, receiver) = (Shop::open().await, Receiver::start().await);
    endpoint(shop.at(), &receiver.url(), &["order.created", "order.overdue"]).await;
    // On the last day of last month: the bill is due on the same day.
    let today = WibTime::now().date();
    let first = today.first_of_month().yesterday().expect("a day");
    let made = post(shop.at(), "/api/plans", &plan("SITI", &first.to_string()).to_string()).await;
    let made = made.json(201);
    assert_eq!((&made["state"], &made["day"]), (&json!("active"), &json!(31)));
    // Whether the last day of this month is today depends on the day of the test.
    let count = if today == today.last_of_month() { 2 } else { 1 };
    let bills = owed(&shop, count).await;
    assert_eq!(bills[0]["number"], format!("SITI-{}", first.strftime("%Y-%m")));
    assert_eq!(bills[0]["state"], "open");
    assert_eq!(bills[0]["metadata"]["customer"], "Siti");
    assert_eq!(bills[0]["reference"], "C-7");
    let told = receiver.reaches(count + 1, SOON).await;
    let first: Vec<String> = told
        .iter()
        .filter(|one| one.number() == bills[0]["number"].as_str().unwrap())
        .map(|one| one.event_type())
        .collect();
    assert_eq!(first, ["order.created", "order.overdue"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_whose_number_is_taken_needs_a_person_until_its_plan_is_changed() {
    let shop = Shop::open().await;
    let first = WibTime::now().date().first_of_month().yesterday().expect("a day");
    let number = format!("SITI-{}", first.strftime("%Y-%m"));
    let order = json!({"number": number, "amount": 1_000, "code": false}).to_string();
    post(shop.at(), "/api/orders", &order).await.json(201);
    let made = post(shop.at(), "/api/plans", &plan("SITI", &first.to_string()).to_string()).await;
    let id = made.json(201)["id"].clone();
    let expected = json!([{"plan": id, "prefix": "SITI", "number": number}]);
    let started = Instant::now();
    loop {
        let found = get(shop.at(), "/api/attention").await.json(200)["bills_not_made"].clone();
        if found == expected {
            break;
        }
        assert!(started.elapsed() < SOON, "expected {expected}, found {found}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let path = format!("/api/plans/{id}");
    assert_eq!(get(shop.at(), &path).await.json(200)["taken_number"], number);
    let changed = send(shop.at(), "PATCH", &path, "", "{}").await.expect("an answer");
    assert_eq!(changed.json(200)["taken_number"], Value::Null);
    let attention = get(shop.at(), "/api/attention").await.json(200);
    assert_eq!(attention["bills_not_made"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_begins_long_ago_is_refused_in_words() {
    let shop = Shop::open().await;
    let refused = post(shop.at(), "/api/plans", &plan("SITI", "2020-01-01").to_string()).await;
    let refused = refused.json(422);
    assert_eq!(refused["error"], "invalid");
    let words = "expected a first date of at most 31 days ago, or later, found another value";
    assert_eq!(refused["message"], words);
    assert_eq!(get(shop.at(), "/api/plans").await.json(200)["plans"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_changed_paused_resumed_and_ended() {
    let shop = Shop::open().await;
    let made = post(shop.at(), "/api/plans", &plan("SITI", "2999-01-01").to_string()).await;
    let made = made.json(201);
    let path = format!("/api/plans/{}", made["id"]);
    let change = json!({"amount": 200_000, "description": null, "last_date": "2999-12-31"});
    let changed = send(shop.at(), "PATCH", &path, "", &change.to_string()).await.unwrap();
    let changed = changed.json(200);
    assert_eq!(changed["amount"], 200_000);
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["customer_name"], "Siti", "what is not said stays");
    assert_eq!(changed["last_date"], "2999-12-31");
    for (step, state) in [("pause", "paused"), ("resume", "active"), ("end", "ended")] {
        let answer = post(shop.at(), &format!("{path}/{step}"), "").await.json(200);
        assert_eq!(answer["state"], state);
    }
    assert_eq!(post(shop.at(), &format!("{path}/end"), "").await.json(409)["error"], "plan-ended");
    let list = get(shop.at(), "/api/plans").await.json(200);
    assert_eq!(list["plans"][0]["next_date"], Value::Null);
    assert_eq!(list["next_cursor"], Value::Null);
    for path in ["/api/plans/99", "/api/plans/no"] {
        assert_eq!(get(shop.at(), path).await.json(404)["error"], "not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_no_code_could_be_made_for_is_refused() {
    let shop = Shop::open().await;
    post(shop.at(), "/api/plans", &plan("SITI", "2999-01-01").to_string()).await.json(201);
    let taken = post(shop.at(), "/api/plans", &plan("SITI", "2999-01-01").to_string()).await;
    assert_eq!(taken.json(409)["error"], "prefix-taken");
    for (name, value) in [
        ("amount", json!(99)),
        ("amount", json!(10_000_001)),
        ("day", json!(32)),
        ("day", Value::Null),
        ("period", json!("daily")),
        ("period", json!("weekly")),
        ("first_date", json!("01/12/2026")),
        ("last_date", json!("2998-12-31")),
        ("prefix", json!("")),
        ("due_days", json!(366)),
    ] {
        let mut plan = plan("BUDI", "2999-01-01");
        plan[name] = value.clone();
        let refused = post(shop.at(), "/api/plans", &plan.to_string()).await;
        assert_eq!(refused.json(422)["error"], "invalid", "{name} {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_of_bills_goes_on_where_the_one_before_ended() {
    let shop = Shop::open().await;
    let mut ledger = Ledger::connect(&shop.database()).expect("the ledger");
    let bills: Vec<NewOrder> = (0..5)
        .map(|at| {
            let number = TransactionNumber::parse(format!("B-{at}")).expect("a number");
            let mut bill = NewOrder::new(number, Rupiah::new(1_000));
            bill.channel = Channel::Bill;
            bill
        })
        .collect();
    ledger.import_orders(&bills, WibTime::now()).expect("imported");
    let (mut numbers, mut cursor) = (Vec::new(), json!(0));
    while !cursor.is_null() {
        let path = format!("/api/bills?limit=2&cursor={cursor}");
        let page = get(shop.at(), &path).await.json(200);
        let orders = page["orders"].as_array().expect("a list").clone();
        numbers.extend(orders.into_iter().map(|order| order["number"].clone()));
        assert_eq!(page["unpaid"], json!({"count": 5, "amount": 5_000}));
        cursor = page["next_cursor"].clone();
    }
    assert_eq!(json!(numbers), json!(["B-0", "B-1", "B-2", "B-3", "B-4"]));
    let paid = get(shop.at(), "/api/bills?state=paid").await.json(200);
    assert_eq!(paid["orders"], json!([]));
}
