//! Requests that wait until the state of an order changes.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder};
use qris_sandbox::Sandbox;
use serde_json::json;

use crate::running::{Answer, Process, charge, get, post, reaches, send};
use crate::shop::{HOUR, Shop};

const CLIENTS: usize = 1_000;

/// The value of a counter in `/metrics`.
async fn metric(till: SocketAddr, name: &str) -> u64 {
    let text = get(till, "/metrics").await.body;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
}

async fn metric_is(till: SocketAddr, name: &str, value: u64) {
    let started = Instant::now();
    while metric(till, name).await != value {
        assert!(started.elapsed() < Duration::from_secs(30), "{name} is not {value}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits for an answer in a separate task.
fn waiting(till: SocketAddr, path: &str) -> tokio::task::JoinHandle<Answer> {
    let path = path.to_owned();
    tokio::spawn(async move { get(till, &path).await })
}

async fn answered(request: tokio::task::JoinHandle<Answer>) -> Answer {
    let answer = tokio::time::timeout(Duration::from_secs(10), request).await;
    answer.expect("an answer within 10 s").expect("no panic")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_waits_while_the_order_has_a_state_and_is_answered_once_it_has_another() {
    let shop = Shop::open().await;
    let order = charge(shop.at(), "INV-1", 25_578).await.json(201);
    let path = "/api/orders/INV-1?while=pending&wait=60";
    let requests = [waiting(shop.at(), path), waiting(shop.at(), path)];
    metric_is(shop.at(), "qris_waiting", 2).await;
    shop.pay(&order);
    for request in requests {
        let paid = answered(request).await.json(200);
        assert_eq!((&paid["state"], &paid["number"]), (&json!("paid"), &json!("INV-1")));
    }
    // It already has another state.
    let at_once = answered(waiting(shop.at(), path)).await.json(200);
    assert_eq!(at_once["state"], "paid");
    metric_is(shop.at(), "qris_waiting", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_with_the_order_as_it_is_when_its_time_is_up_or_the_till_stops() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 25_578).await.json(201);
    let started = Instant::now();
    let order = get(shop.at(), "/api/orders/INV-1?while=pending&wait=1").await.json(200);
    assert_eq!(order["state"], "pending");
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    let request = waiting(shop.at(), "/api/orders/INV-1?while=pending");
    metric_is(shop.at(), "qris_waiting", 1).await;
    let stopping = tokio::spawn(shop.close());
    assert_eq!(answered(request).await.json(200)["state"], "pending");
    stopping.await.expect("the till stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_waits_for_a_code_to_expire_by_the_clock() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let body = r#"{"number":"INV-1","amount":500,"shown_seconds":2}"#;
    post(shop.at(), "/api/orders", body).await.json(201);
    let request = waiting(shop.at(), "/api/orders/INV-1?while=pending&wait=60");
    assert_eq!(answered(request).await.json(200)["state"], "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_is_too_long_or_names_no_state_is_refused() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    for query in ["while=pending&wait=61", "while=gone&wait=1", "while=&wait=1", "wait=1"] {
        let refused = get(shop.at(), &format!("/api/orders/INV-1?{query}")).await.json(422);
        assert_eq!(refused["error"], "invalid", "{query}");
    }
    let absent = get(shop.at(), "/api/orders/NONE?while=pending&wait=60").await.json(404);
    assert_eq!(absent["error"], "not-found");
}

/// The resident memory of a process in bytes.
#[cfg(target_os = "linux")]
fn resident_bytes(process: &Process) -> u64 {
    let status = format!("/proc/{}/status", process.id());
    let status = std::fs::read_to_string(status).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.expect("a number of kB") * 1024
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_waiting_requests_cost_little_memory_and_no_query_each_second() {
    let files = rustix::process::Resource::Nofile;
    let mut limit = rustix::process::getrlimit(files);
    limit.current = limit.maximum;
    rustix::process::setrlimit(files, limit).expect("enough open files for the clients");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("qris.db");
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let database = format!("sqlite://{}", path.display());
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &[]);
    let at = till.address;

    // Another process changes the order.
    let mut other = Ledger::open(&path).expect("the till's ledger");
    let number = |at: usize| TransactionNumber::parse(format!("INV-{at}")).expect("a number");
    for at in 0..CLIENTS {
        let order = NewOrder::new(number(at), Rupiah::new(500));
        other.open_order(&order, WibTime::now()).expect("an order");
    }
    let queries_in = async |time: Duration| {
        let before = metric(at, "qris_queries_total").await;
        tokio::time::sleep(time).await;
        metric(at, "qris_queries_total").await - before
    };
    let window = Duration::from_secs(5);
    let alone = queries_in(window).await;
    let resident_before = resident_bytes(&till);

    let mut requests: FuturesUnordered<_> = (0..CLIENTS)
        .map(|client| async move {
            let path = format!("/api/orders/INV-{client}?while=open&wait=60");
            (client, send(at, "GET", &path, "", "").await.expect("an answer"))
        })
        .collect();
    let all_wait = async {
        tokio::select! {
            () = metric_is(at, "qris_waiting", CLIENTS as u64) => {}
            Some((client, answer)) = requests.next() => panic!("{client}: {}", answer.body),
        }
    };
    all_wait.await;
    let (queries, resident) = (queries_in(window).await, resident_bytes(&till));
    let memory = resident.saturating_sub(resident_before);
    println!("{queries} queries in {window:?} with {CLIENTS} waiting, {alone} without");
    println!("{} KiB for {CLIENTS} waiting", memory / 1024);
    // One query per second and client would be 5,000. Each request reads its order once more when it starts to
    // wait, which may be now.
    let few = 2 * CLIENTS as u64;
    assert!(queries < alone + few, "{queries} queries in {window:?}, {alone} without clients");
    assert!(memory < 64 * 1024 * 1024, "{memory} bytes");

    // A change by another process wakes only the requests that wait for that order.
    for client in [3, 33, 333] {
        other.cancel(&number(client), WibTime::now()).expect("it is open");
    }
    let cancelled = post(at, "/api/orders/INV-777/cancel", "").await.json(200);
    assert_eq!(cancelled["state"], "cancelled");
    let mut woken = BTreeSet::new();
    while woken.len() < 4 {
        let next = tokio::time::timeout(Duration::from_secs(10), requests.next()).await;
        let (client, answer) = next.expect("an answer within 10 s").expect("a request");
        assert_eq!(answer.json(200)["state"], "cancelled", "{client}");
        woken.insert(client);
    }
    assert_eq!(woken, [3, 33, 333, 777].into());
    assert_eq!(metric(at, "qris_waiting").await, CLIENTS as u64 - 4);
    reaches(at, "INV-3", "cancelled").await;
}
