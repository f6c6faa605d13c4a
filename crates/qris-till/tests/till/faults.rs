//! After kills, crashes and full disks nothing is lost, nothing is settled twice, and every unknown outcome is
//! visible.
//!
//! `QRIS_FAULTS=full` runs many repetitions, which take minutes. By default each test runs a few. The billing
//! day has its 5,000 bills with it, and 1,000 without.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use qris_api::TransactionNumber;
use qris_ledger::{Ledger, Order, State};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
use serde_json::Value;

use crate::disk::Disk;
use crate::postgres::Server;
use crate::running::{Process, charge, get, post, reaches, send, turns};

const HOOK: &str = "7d1e0b55c2a94be2a3f0";

/// The number of repetitions: the full number, or the small default.
pub(crate) fn count(full: usize, few: usize) -> usize {
    if std::env::var("QRIS_FAULTS").is_ok_and(|value| value == "full") { full } else { few }
}

/// Reproducible pseudorandom numbers (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// All invoices of the sandbox.
async fn provided(sandbox: &Sandbox) -> Vec<Value> {
    let answer = send(sandbox.address(), "GET", "/sandbox/invoices", "", "").await;
    answer.expect("the sandbox answers").json(200).as_array().expect("a list").clone()
}

fn all_records(database: &str) -> BTreeMap<String, Order> {
    let ledger = Ledger::connect(database).expect("the books open");
    let records = ledger.list(1_000_000).expect("the books list");
    records.into_iter().map(|record| (record.number.to_string(), record)).collect()
}

/// How often a number was settled.
fn settlements(ledger: &Ledger, number: &TransactionNumber) -> usize {
    let events = ledger.events(number).expect("a history");
    events.iter().filter(|event| event.state == State::Paid).count()
}

/// Charges and pays one sale after another until the till is gone, and records the answers.
async fn sell(
    till: SocketAddr,
    name: String,
    sandbox: Arc<Sandbox>,
    answered: Arc<Mutex<BTreeMap<String, u64>>>,
) {
    for sale in 0.. {
        let number = format!("{name}-{sale}");
        let body = format!(r#"{{"number":"{number}","amount":25578}}"#);
        let Ok(answer) = send(till, "POST", "/api/orders", "", &body).await else { return };
        let id = answer.json(201)["qris_invoiceid"].as_u64().expect("an invoice");
        answered.lock().expect("no panic").insert(number, id);
        sandbox.pay(id).expect("the payer pays");
    }
}

/// Kills a till this many times at random moments while four cashiers sell, and checks what the last till finds.
async fn kill_and_look(database: &str, runs: usize) {
    let seed = std::process::id().into();
    let mut dice = Dice(seed);
    println!("seed {seed}, {runs} runs");
    let sandbox = Arc::new(Sandbox::start().await.expect("a sandbox"));
    // Slow enough that charges are often running when the till is killed.
    sandbox.inject(Fault::Slow { seconds: 0.03 }, FaultCall::Create, FaultRepeat::Standing);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let more = [
        ("QRIS_WEBHOOK_TOKEN", HOOK),
        ("QRIS_CHECKS_PER_MINUTE", "5000"),
        ("QRIS_ABANDON_SECONDS", "5"),
    ];
    let answered = Arc::new(Mutex::new(BTreeMap::new()));
    for run in 0..runs {
        let mut till = Process::start(&sandbox, database, &log, &more);
        let hook = format!("http://{}/webhook/{HOOK}", till.address);
        sandbox.set_webhook(&hook).expect("a webhook");
        let cashiers: Vec<_> = (0..4)
            .map(|cashier| {
                let name = format!("R{run}-{cashier}");
                tokio::spawn(sell(till.address, name, Arc::clone(&sandbox), Arc::clone(&answered)))
            })
            .collect();
        if run % 2 == 1 {
            // Every second till runs until it has made a sale, also on a slow machine.
            let started = Instant::now();
            let sold = || answered.lock().expect("no panic").len();
            let before = sold();
            while sold() == before && started.elapsed() < Duration::from_secs(20) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(20 + dice.below(400))).await;
        till.kill();
        for cashier in cashiers {
            cashier.await.expect("no cashier fails");
        }
    }

    // The last till finds out the outcome of all sales.
    let mut till = Process::start(&sandbox, database, &log, &more);
    let started = Instant::now();
    loop {
        let records = all_records(database);
        let open: Vec<_> = records
            .values()
            .filter(|record| matches!(record.state, State::Requested | State::Pending))
            .collect();
        let provided = provided(&sandbox).await;
        let paid: BTreeSet<u64> = provided
            .iter()
            .filter(|invoice| invoice["state"] == "paid")
            .filter_map(|invoice| invoice["qris_invoiceid"].as_u64())
            .collect();
        let id = |record: &Order| record.invoice.as_ref().map(|it| it.qris_invoiceid.get());
        // The client got no answer for a pending sale, so nobody has paid it. It may stay pending.
        let settled = open.iter().all(|record| {
            record.state == State::Pending && id(record).is_none_or(|id| !paid.contains(&id))
        });
        if settled {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{} are still open", open.len());
        for record in open.iter().filter(|record| record.state == State::Pending) {
            // The check button, for a sale that a killed till had claimed.
            post(till.address, &format!("/api/orders/{}/check", record.number), "").await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(till.terminate().success());

    let records = all_records(database);
    let ledger = Ledger::connect(database).expect("the books open");
    let answered = std::mem::take(&mut *answered.lock().expect("no panic"));
    let mut provided_numbers = BTreeSet::new();
    let mut unknown = 0;
    for invoice in provided(&sandbox).await {
        let number = invoice["number"].as_str().expect("a number").to_owned();
        let id = invoice["qris_invoiceid"].as_u64();
        assert!(provided_numbers.insert(number.clone()), "{number} was asked for twice");
        let record = records.get(&number).unwrap_or_else(|| panic!("{number} was lost"));
        match &record.invoice {
            Some(booked) => assert_eq!(Some(booked.qris_invoiceid.get()), id, "{number}"),
            None => {
                assert_eq!(
                    record.state,
                    State::Unknown,
                    "{number} is ambiguous and does not say so"
                );
                unknown += 1;
            }
        }
    }
    for (number, id) in &answered {
        let record = records.get(number).unwrap_or_else(|| panic!("{number} was lost"));
        assert_eq!(record.state, State::Paid, "{number} was paid");
        assert_eq!(record.invoice.as_ref().map(|it| it.qris_invoiceid.get()), Some(*id));
    }
    let mut paid = 0;
    for record in records.values() {
        let expected = usize::from(record.state == State::Paid);
        assert_eq!(settlements(&ledger, &record.number), expected, "{}", record.number);
        paid += expected;
    }
    println!(
        "{runs} kills: {} intents, {} invoices at the provider, {} answered, {paid} paid once, \
         {unknown} invoices behind an `unknown`",
        records.len(),
        provided_numbers.len(),
        answered.len(),
    );
    assert!(answered.len() >= runs / 2, "the tills lived long enough to sell");
    assert_eq!(paid, answered.len(), "what was paid and what is booked as paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn tills_that_are_killed_lose_and_double_nothing_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    kill_and_look(&database, count(200, 10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tills_that_are_killed_lose_and_double_nothing_on_postgresql() {
    let server = Server::start();
    kill_and_look(&server.url("shop"), count(200, 10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_tills_in_two_processes_get_each_invoice_paid_once_within_the_keys_budget() {
    const TILLS: usize = 50;
    let (invoices, budget) = (count(2_000, 150), count(1_200, 100));
    let server = Server::start();
    let database = server.url("chain");
    let sandbox = Arc::new(Sandbox::start().await.expect("a sandbox"));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let checks = budget.to_string();
    let more = [("QRIS_WEBHOOK_TOKEN", HOOK), ("QRIS_CHECKS_PER_MINUTE", checks.as_str())];
    let processes = [0, 1].map(|_| Process::start(&sandbox, &database, &log, &more));
    let hook = format!("http://{}/webhook/{HOOK}", processes[0].address);
    sandbox.set_webhook(&hook).expect("a webhook");
    let addresses = [processes[0].address, processes[1].address];
    let tills: Vec<_> = (0..TILLS)
        .map(|till| {
            let sandbox = Arc::clone(&sandbox);
            tokio::spawn(async move {
                for sale in 0..invoices / TILLS {
                    let at = addresses[till % 2];
                    let record = charge(at, &format!("K{till}-{sale}"), 25_578).await.json(201);
                    sandbox.pay(record["qris_invoiceid"].as_u64().unwrap()).unwrap();
                }
            })
        })
        .collect();
    for till in tills {
        till.await.unwrap();
    }
    let started = Instant::now();
    let records = loop {
        let records = all_records(&database);
        if records.values().all(|record| record.state == State::Paid) {
            break records;
        }
        assert!(started.elapsed() < Duration::from_secs(600), "some were never seen paid");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert_eq!(records.len(), invoices);
    let ledger = Ledger::connect(&database).unwrap();
    for record in records.values() {
        assert_eq!(settlements(&ledger, &record.number), 1, "{}", record.number);
    }
    let mut settled = Vec::new();
    for process in &processes {
        let metrics = get(process.address, "/metrics").await.body;
        let line = metrics.lines().find_map(|line| line.strip_prefix("qris_settled_total "));
        settled.push(line.unwrap().parse::<usize>().unwrap());
    }
    let calls = sandbox.calls();
    println!(
        "{invoices} invoices, {} creates, {} checks, at most {} in a minute of {budget}; \
         settled by the processes: {settled:?}",
        calls.creates(),
        calls.checks(),
        calls.busiest_minute(),
    );
    assert_eq!(calls.creates(), invoices);
    assert_eq!(settled.iter().sum::<usize>(), invoices);
    assert!(calls.checks() > budget, "the budget was put to the test");
    assert!(calls.busiest_minute() <= budget, "{} checks in a minute", calls.busiest_minute());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_and_comes_back_costs_no_charge_and_no_payment() {
    let server = Server::start();
    let database = server.url("shop");
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let more = [("QRIS_WEBHOOK_TOKEN", HOOK)];
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &more);
    let at = till.address;
    let first = charge(at, "INV-1", 500).await.json(201);
    // The database disappears during the request to the provider.
    sandbox.inject(Fault::Slow { seconds: 2.0 }, FaultCall::Create, FaultRepeat::Once);
    let under_way = tokio::spawn(async move { charge(at, "INV-2", 500).await });
    while sandbox.calls().creates() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop();
    sandbox.pay(first["qris_invoiceid"].as_u64().unwrap()).unwrap();
    assert_eq!(charge(at, "INV-3", 500).await.json(503)["error"], "books-unavailable");
    assert_eq!(get(at, "/healthz").await.json(503)["status"], "unwell");
    let hint = format!(r#"{{"invoice":{},"qris_status":"success"}}"#, first["qris_invoiceid"]);
    let hook = format!("/webhook/{HOOK}");
    assert_eq!(post(at, &hook, &hint).await.status, 503, "so that it is sent again");
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.resume();
    assert_eq!(under_way.await.unwrap().json(201)["state"], "pending");
    assert_eq!(post(at, &hook, &hint).await.status, 200);
    reaches(at, "INV-1", "paid").await;
    assert_eq!(get(at, "/healthz").await.json(200)["status"], "ok");
    assert_eq!(sandbox.calls().creates(), 2, "nothing was asked for without the books");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_asked_for_and_with_room_again_the_till_goes_on() {
    let disk = Disk::of_kib(1_024);
    let database = format!("sqlite://{}", disk.path().join("qris.db").display());
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &[]);
    let at = till.address;
    charge(at, "INV-1", 500).await.json(201);
    // Another program fills the disk.
    let filler = disk.path().join("filler");
    let mut size = 1024 * 1024;
    while size > 0 {
        if std::fs::File::options()
            .create(true)
            .append(true)
            .open(&filler)
            .and_then(|mut file| std::io::Write::write_all(&mut file, &vec![0; size]))
            .is_err()
        {
            size /= 2;
        }
    }
    let mut refused = None;
    for sale in 0..200 {
        let answer = charge(at, &format!("N-{sale}"), 500).await;
        if answer.status != 201 {
            refused = Some((sale, answer));
            break;
        }
    }
    let (sale, answer) = refused.expect("a full disk refuses some time");
    assert_eq!(answer.json(503)["error"], "books-unavailable");
    assert_eq!(get(at, "/healthz").await.json(503)["status"], "unwell");
    assert_eq!(get(at, "/readyz").await.json(503)["status"], "not-ready");
    let created = sandbox.calls().creates();
    let first = get(at, "/api/orders/INV-1").await.json(200)["qris_invoiceid"].as_u64().unwrap();
    sandbox.pay(first).unwrap();
    assert!(created <= sale + 2, "{created} creates for {sale} sales");
    std::fs::remove_file(filler).unwrap();
    disk.resize_to_kib(8 * 1024);
    charge(at, "INV-2", 500).await.json(201);
    turns(at, "/healthz", 200).await;
    reaches(at, "INV-1", "paid").await;
    // Each invoice of the provider is recorded, or visible as unknown.
    for invoice in provided(&sandbox).await {
        let number = invoice["number"].as_str().unwrap();
        if number == "INV-1" {
            continue;
        }
        let record = get(at, &format!("/api/orders/{number}")).await.json(200);
        assert_eq!(record["state"], "pending", "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_beyond_this_machine_is_spoken_to_over_tls_if_its_certificate_is_trusted() {
    let server = Server::start();
    let (certificate, database) = server.with_tls("shop");
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trusted = [("SSL_CERT_FILE", certificate.to_str().unwrap())];
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &trusted);
    charge(till.address, "INV-1", 500).await.json(201);
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE application_name = 'qris'";
    assert_eq!(server.sql(encrypted), "t");
}
