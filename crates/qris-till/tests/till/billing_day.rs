//! A day of a biller that records payments only from events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use futures_util::stream::{self, StreamExt as _};
use qris_api::{Rupiah, Schedule, TransactionNumber, WibTime};
use qris_ledger::{Channel, Ledger, NewOrder, Order, PayKey, PayLinks, State, WebAddress};
use qris_till::Settings;
use serde_json::{Value, json};

use crate::faults::count;
use crate::receiver::{Received, Receiver, endpoint};
use crate::running::{get, post, reaches, send};
use crate::shop::{HOOK, HOUR, Shop, with_schedule};

const OPENED: usize = 500;
const ON_TIME: usize = 277;
const LATE: usize = 20;
const TWICE: usize = 3;
const LIMIT: Duration = Duration::from_secs(300);

const fn amount(at: usize) -> u64 {
    100_000 + at as u64 * 7
}

fn number(at: usize) -> String {
    format!("BILL-{at}")
}

/// A bill as the biller knows it.
#[derive(Default)]
struct Booked {
    owed: u64,
    paid: u64,
    overpaid: u64,
    is_late: bool,
}

/// The biller's records: each event once.
fn books(taken: &[&Received]) -> BTreeMap<String, Booked> {
    let (mut books, mut seen) = (BTreeMap::<String, Booked>::new(), BTreeSet::new());
    for event in taken {
        if !seen.insert(event.id.clone()) {
            continue;
        }
        let body = event.json();
        let order = &body["data"];
        let bill = books.entry(event.number()).or_default();
        let rupiah = |name: &str| order[name].as_u64().expect("rupiah");
        match event.event_type().as_str() {
            "order.created" => bill.owed = rupiah("amount"),
            kind @ ("order.paid" | "order.paid_late") => {
                bill.paid += rupiah("amount");
                bill.is_late = kind == "order.paid_late";
            }
            "order.overpaid" => bill.overpaid = rupiah("overpaid"),
            _ => {}
        }
    }
    books
}

/// Opens the link of a bill, which requests its code, and returns the order.
async fn open(shop: &Shop, link: &str, at: usize) -> Value {
    let path = &link[link.find("/pay/").expect("the path of a page")..];
    let page = get(shop.at(), path).await;
    assert!(page.body.contains("data-state=\"open\""), "{at}: {}", page.body);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let asked = send(shop.at(), "POST", &format!("{path}/code"), form, "").await;
    assert_eq!(asked.expect("an answer").status, 303);
    let page = get(shop.at(), path).await;
    assert!(page.body.contains("data-state=\"pending\""), "{at}: {}", page.body);
    get(shop.at(), &format!("/api/orders/{}", number(at))).await.json(200)
}

async fn all_reach(shop: &Shop, bills: std::ops::Range<usize>, state: &str) {
    for at in bills {
        reaches(shop.at(), &number(at), state).await;
    }
}

fn settings(settings: Settings) -> Settings {
    // Webhooks trigger the checks. The schedule makes few by itself.
    let schedule = Schedule::default().with_try_gap(Duration::from_secs(1)).with_check_gap(HOUR);
    let mut settings = with_schedule(settings, schedule);
    for merchant in &mut settings.merchants {
        merchant.budget.checks_per_minute = 100_000;
    }
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn a_billers_books_of_events_alone_equal_the_ledger_after_a_day_with_an_hour_of_failures() {
    let shop = Shop::with(HOUR, settings).await;
    shop.sandbox.set_webhook(&format!("http://{}/webhook/{HOOK}", shop.at())).expect("a webhook");
    let is_down = Arc::new(AtomicBool::new(false));
    let refused = Arc::new(Mutex::new(BTreeSet::new()));
    let (down, noted) = (Arc::clone(&is_down), Arc::clone(&refused));
    let receiver = Receiver::answering(move |before| {
        if down.load(Ordering::Relaxed) {
            noted.lock().expect("a lock").insert(before);
            return (StatusCode::SERVICE_UNAVAILABLE, Duration::ZERO);
        }
        (StatusCode::NO_CONTENT, Duration::ZERO)
    })
    .await;
    endpoint(shop.at(), &receiver.url(), &[]).await;

    // The month's bills are imported, and some links are opened.
    let number_of_bills = count(5_000, 1_000);
    let bills: Vec<NewOrder> = (0..number_of_bills)
        .map(|at| {
            let number = TransactionNumber::parse(number(at)).expect("a number");
            let mut bill = NewOrder::new(number, Rupiah::new(amount(at)));
            bill.channel = Channel::Bill;
            bill
        })
        .collect();
    let mut ledger = Ledger::connect(&shop.database()).expect("the ledger");
    let key = PayKey::path_beside(&shop.database()).expect("a file");
    let key = PayKey::read(&key).expect("the till's key");
    let address = WebAddress::parse("https://bayar.biller.example").expect("an address");
    ledger.set_pay_links(Some(PayLinks::new(key, Some(address))));
    let imported = ledger.import_orders(&bills, WibTime::now()).expect("imported");
    assert_eq!(imported.new, number_of_bills);
    let link = |order: &Order| order.pay_url.as_ref().expect("a link").as_str().to_owned();
    let links: Vec<String> = imported.orders.iter().map(link).collect();
    assert_eq!(shop.sandbox.calls().creates(), 0, "a code was made before its link was opened");
    let opened: Vec<Value> =
        stream::iter(0..OPENED).map(|at| open(&shop, &links[at], at)).buffered(8).collect().await;
    assert_eq!(shop.sandbox.calls().creates(), OPENED);

    // The biller's receiver fails for an hour, in which most bills are paid.
    is_down.store(true, Ordering::Relaxed);
    for order in &opened[..ON_TIME] {
        shop.pay(order);
    }
    all_reach(&shop, 0..ON_TIME, "paid").await;
    shop.sandbox.advance(Duration::from_secs(31 * 60));
    let late = ON_TIME..ON_TIME + LATE + TWICE;
    // The till learns the new time from an answer of the provider.
    open(&shop, &links[OPENED], OPENED).await;
    all_reach(&shop, late.clone(), "expired").await;
    for order in &opened[late.start..late.start + LATE] {
        shop.pay(order);
    }
    for (at, first) in opened.iter().enumerate().take(late.end).skip(late.start + LATE) {
        let path = format!("/api/orders/{}/renew", number(at));
        let renewed = post(shop.at(), &path, "").await.json(201);
        shop.pay(&renewed);
        reaches(shop.at(), &number(at), "paid").await;
        shop.pay(first);
    }
    all_reach(&shop, late, "paid").await;
    assert!(!refused.lock().expect("a lock").is_empty(), "it failed while it was down");
    is_down.store(false, Ordering::Relaxed);
    // An event that failed several times is sent again two hours later.
    shop.sandbox.advance(3 * HOUR);
    open(&shop, &links[OPENED + 1], OPENED + 1).await;

    // In the end every event is delivered.
    let started = Instant::now();
    loop {
        let pending = get(shop.at(), "/api/deliveries?state=pending&limit=1").await.json(200);
        // The day may have ended meanwhile.
        let overpaid = "/api/report?by=overpaid&from=2000-01-01&to=2999-12-31";
        let overpaid = get(shop.at(), overpaid).await.json(200);
        let is_over = overpaid["orders"].as_array().expect("orders").len() == TWICE;
        if is_over && pending["deliveries"] == json!([]) {
            break;
        }
        assert!(started.elapsed() < LIMIT, "{pending}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let received = receiver.received();
    let refused = refused.lock().expect("a lock").clone();
    let taken: Vec<&Received> = received
        .iter()
        .enumerate()
        .filter(|(at, _)| !refused.contains(at))
        .map(|(_, event)| event)
        .collect();
    let books = books(&taken);
    assert_eq!(books.len(), number_of_bills);
    for order in &bills {
        let booked = ledger.find(&order.number).expect("found").expect("an order");
        let mine = &books[order.number.as_str()];
        let paid = if booked.state == State::Paid { booked.amount.get() } else { 0 };
        let ledgers = (booked.amount.get(), paid, booked.overpaid.get());
        assert_eq!((mine.owed, mine.paid, mine.overpaid), ledgers, "{}", order.number);
    }
    let of = |count: fn(&&Booked) -> bool| books.values().filter(count).count();
    assert_eq!(of(|bill| bill.paid > 0), ON_TIME + LATE + TWICE);
    assert_eq!(of(|bill| bill.is_late), LATE);
    assert_eq!(of(|bill| bill.overpaid > 0), TWICE);
    let sum = |part: fn(&Booked) -> u64| books.values().map(part).sum::<u64>();
    let report = get(shop.at(), "/api/report?from=2000-01-01&to=2999-12-31").await.json(200);
    let paid: u64 = report["totals"]
        .as_array()
        .expect("totals")
        .iter()
        .filter_map(|it| it["paid"].as_u64())
        .sum();
    assert_eq!(sum(|bill| bill.paid + bill.overpaid), paid);
    let totals = get(shop.at(), "/api/bills").await.json(200);
    assert_eq!(totals["unpaid"]["amount"], sum(|bill| bill.owed - bill.paid));
    assert_eq!(totals["unpaid"]["count"], number_of_bills - (ON_TIME + LATE + TWICE));
}
