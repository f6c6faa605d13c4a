//! The till reports its health correctly, and one fault does not stop other parts.

use std::path::Path;
use std::time::Duration;

use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};

use crate::postgres::Server;
use crate::running::{Process, charge, get, reaches, turns};

/// Changes the row of a number, bypassing its constraints.
fn by_hand(file: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(file).expect("the file opens");
    connection.pragma_update(None, "ignore_check_constraints", "on").expect("no checks");
    connection.execute_batch(sql).expect("the row changes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_makes_no_sense_is_said_once_and_keeps_no_other_from_being_listed_and_paid() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, log) = (folder.path().join("qris.db"), folder.path().join("log"));
    let database = format!("sqlite://{}", file.display());
    let till = Process::start(&sandbox, &database, &log, &[]);
    let at = till.address;
    charge(at, "INV-1", 500).await.json(201);
    let other = charge(at, "INV-2", 700).await.json(201);
    by_hand(
        &file,
        "UPDATE qris_order SET amount = 'SITI' WHERE number = 'INV-1';
         UPDATE qris_invoice SET next_check_at = '2020-01-01T00:00:00+07:00'
         WHERE order_id = (SELECT id FROM qris_order WHERE number = 'INV-1')",
    );
    let list = get(at, "/api/orders").await.json(200);
    let listed: Vec<_> =
        list["orders"].as_array().unwrap().iter().map(|one| &one["number"]).collect();
    assert_eq!(listed, ["INV-2"]);
    sandbox.pay(other["qris_invoiceid"].as_u64().unwrap()).unwrap();
    reaches(at, "INV-2", "paid").await;
    assert_eq!(get(at, "/api/report").await.json(200)["totals"][0]["paid"], 700);
    assert_eq!(get(at, "/healthz").await.json(503)["status"], "unwell");
    assert_eq!(get(at, "/readyz").await.json(200)["status"], "ok", "sales go on");
    let metrics = get(at, "/metrics").await.body;
    assert!(metrics.contains("\nqris_rows_set_aside 1\n"), "{metrics}");
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.matches("the amount in the row of INV-1 makes no sense").count(), 1, "{log}");
    assert!(!log.contains("SITI"), "nothing of what stands there");
    by_hand(&file, "UPDATE qris_order SET amount = 500 WHERE number = 'INV-1'");
    turns(at, "/healthz", 200).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_charged_while_another_file_or_none_is_in_the_place_of_the_database() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("qris.db");
    let (away, backup) = (folder.path().join("away.db"), folder.path().join("backup.db"));
    let database = format!("sqlite://{}", file.display());
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &[]);
    let at = till.address;
    qris_ledger::Ledger::open(&file).unwrap().backup(&backup).unwrap();
    let first = charge(at, "INV-1", 500).await.json(201);
    std::fs::rename(&file, &away).unwrap();
    for restored in [false, true] {
        if restored {
            std::fs::copy(&backup, &file).unwrap();
        }
        // Many at a time, so that new connections are opened too.
        let charges = (0..8).map(|sale| async move {
            let answer = charge(at, &format!("N-{sale}"), 500).await;
            assert_eq!(answer.json(503)["error"], "books-unavailable");
        });
        futures_util::future::join_all(charges).await;
        turns(at, "/readyz", 503).await;
        turns(at, "/healthz", 503).await;
        assert_eq!(file.exists(), restored, "no new file is made");
    }
    assert_eq!(sandbox.calls().creates(), 1, "the provider was not asked");
    sandbox.pay(first["qris_invoiceid"].as_u64().unwrap()).unwrap();
    std::fs::rename(&away, &file).unwrap();
    turns(at, "/healthz", 200).await;
    reaches(at, "INV-1", "paid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_says_nothing_makes_the_till_unwell_and_the_watcher_goes_on_after() {
    let server = Server::start();
    let (network, database) = server.over_a_network("shop");
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &[]);
    let at = till.address;
    let first = charge(at, "INV-1", 500).await.json(201);
    network.fall_silent();
    turns(at, "/healthz", 503).await;
    sandbox.pay(first["qris_invoiceid"].as_u64().unwrap()).unwrap();
    network.speak();
    turns(at, "/healthz", 200).await;
    // Calls that wait for locks of the broken connections get 503 and are repeated.
    let is_paid = async {
        loop {
            let answer = get(at, "/api/orders/INV-1").await;
            if answer.status == 200 && answer.json(200)["state"] == "paid" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, is_paid).await.expect("the payment is booked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_whose_key_the_provider_refuses_is_not_ready_until_it_is_taken() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let till = Process::start(&sandbox, &database, &folder.path().join("log"), &[]);
    let at = till.address;
    turns(at, "/readyz", 200).await;
    let words = "Invalid APIKey".to_owned();
    sandbox.inject(Fault::Refuse { words }, FaultCall::Create, FaultRepeat::Once);
    assert_eq!(charge(at, "INV-1", 500).await.json(502)["error"], "wrong-credentials");
    assert_eq!(get(at, "/readyz").await.json(503)["status"], "not-ready");
    assert_eq!(get(at, "/healthz").await.json(503)["status"], "unwell");
    charge(at, "INV-1", 500).await.json(201);
    turns(at, "/readyz", 200).await;
    assert_eq!(get(at, "/healthz").await.json(200)["status"], "ok");
}
