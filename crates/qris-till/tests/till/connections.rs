//! Connections that send nothing or only a part of a request.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::running::{charge, get, reaches};
use crate::shop::{HOOK, HOUR, Shop};

/// Connects and sends this part of a request.
async fn begin(shop: &Shop, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(shop.at()).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("it is sent");
    stream
}

/// Everything that the till sends until it closes the connection, within 20 s.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes));
    // A reset connection counts as closed.
    read.await.expect("the till closes the connection within 20 s").ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads one answer and keeps the connection open.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.ends_with("\"ok\"}") {
        let read = timeout(Duration::from_secs(20), stream.read(&mut buffer));
        let count = read.await.expect("an answer within 20 s").expect("a connection");
        assert!(count > 0, "the connection ended after {text:?}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_arrive_in_time_is_given_up() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let silent = begin(&shop, "").await;
    let half = begin(&shop, "GET /healthz HTTP/1.1\r\nHost: loc").await;
    let length = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    let charge = begin(&shop, &format!("POST /api/orders HTTP/1.1\r\n{length}")).await;
    let hook = begin(&shop, &format!("POST /webhook/{HOOK} HTTP/1.1\r\n{length}")).await;
    // A client that sends a byte now and then gets the same time as a silent one.
    let (mut trickle, mut slow) = begin(&shop, "GET /healthz HTTP/1.1\r\n").await.into_split();
    let drip = tokio::spawn(async move {
        while slow.write_all(b"X-A: b\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
    let mut dripped = Vec::new();
    let trickled = timeout(Duration::from_secs(20), trickle.read_to_end(&mut dripped));
    let (silent, half, charge, hook, trickled) =
        tokio::join!(rest(silent), rest(half), rest(charge), rest(hook), trickled);
    assert_eq!((silent.as_str(), half.as_str()), ("", ""));
    for refused in [charge, hook] {
        assert!(refused.starts_with("HTTP/1.1 408 "), "{refused}");
        assert!(refused.contains("\"error\":\"too-slow\""), "{refused}");
    }
    trickled.expect("the slow head is given up within 20 s").ok();
    assert_eq!(String::from_utf8_lossy(&dripped), "");
    drip.abort();
    let metrics = get(shop.at(), "/metrics").await.body;
    let line = "qris_connections_closed_total{reason=\"too-slow\"} 3";
    assert!(metrics.lines().any(|found| found == line), "{line} is not in {metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_serves_one_request_after_another() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let mut stream = begin(&shop, HEALTH).await;
    for _ in 0..3 {
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 OK\r\n"));
        stream.write_all(HEALTH.as_bytes()).await.expect("it is sent");
    }
    answer(&mut stream).await;
    // This connection and the one of the request.
    let metrics = get(shop.at(), "/metrics").await.body;
    assert!(metrics.lines().any(|line| line == "qris_connections 2"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_stops_does_not_wait_for_connections_without_a_request() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let silent = begin(&shop, "").await;
    let half = begin(&shop, "GET /healthz HTTP/1.1\r\nHost: loc").await;
    let body = "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{";
    let body = begin(&shop, body).await;
    let mut idle = begin(&shop, HEALTH).await;
    answer(&mut idle).await;
    timeout(Duration::from_secs(5), shop.till.stop()).await.expect("it stops within 5 s");
    for stream in [silent, half, body, idle] {
        assert_eq!(rest(stream).await, "");
    }
}

#[cfg(unix)]
mod limits {
    use qris_sandbox::Sandbox;

    use super::*;
    use crate::running::{Events, Process, post};

    #[tokio::test(flavor = "multi_thread")]
    async fn silent_connections_shut_out_neither_cashiers_nor_streams_nor_checks() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite://{}", folder.path().join("qris.db").display());
        let log = folder.path().join("log");
        let till = Process::start_under("-n 160", &sandbox, &database, &log, &[]);
        charge(till.address, "INV-1", 500).await.json(201);
        let mut events = Events::open(till.address, "INV-1").await;
        assert_eq!(events.next().await.expect("an event")["state"], "pending");

        let mut silent = Vec::new();
        for _ in 0..300 {
            let connect = timeout(Duration::from_secs(5), TcpStream::connect(till.address));
            silent.push(connect.await.expect("the till takes it within 5 s"));
        }
        let charged = timeout(Duration::from_secs(5), charge(till.address, "INV-2", 500)).await;
        let second = charged.expect("the till answers within 5 s").json(201);
        assert_eq!(second["state"], "pending");

        let first = reaches(till.address, "INV-1", "pending").await;
        sandbox.pay(first["qris_invoiceid"].as_u64().expect("an id")).expect("the payer pays");
        post(till.address, "/api/orders/INV-1/check", "").await.json(200);
        assert_eq!(events.next().await.expect("the stream goes on")["state"], "paid");
        reaches(till.address, "INV-1", "paid").await;
        drop(silent);
    }

    /// The soft and the hard limit of open files of a process.
    #[cfg(target_os = "linux")]
    fn open_files(process: u32) -> (u64, u64) {
        let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).expect("limits");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
        let mut words = line.expect("a line").split_whitespace();
        let mut next = || words.next().and_then(|word| word.parse().ok()).unwrap_or(u64::MAX);
        (next(), next())
    }

    #[cfg(target_os = "linux")]
    #[tokio::test(flavor = "multi_thread")]
    async fn a_till_raises_its_limit_of_open_files_and_no_higher_than_it_needs() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite://{}", folder.path().join("qris.db").display());
        let log = folder.path().join("log");
        let till = Process::start_under("-S -n 64", &sandbox, &database, &log, &[]);
        let (soft, hard) = open_files(till.id());
        assert_eq!(soft, hard.min(4096));
    }
}
