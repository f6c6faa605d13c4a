//! Faults of connections, answers and QRs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use std::io::ErrorKind;
use std::time::Duration;

use http::{Answer, exchange, json, send};
use qris_codec::{Initiation, Path, Payload, Rules};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CREATE: &str = "/restapi/qris/show_qris.php?do=create-invoice&apikey=sandbox-key\
                      &mID=123456&cliTrxNumber=INV-1&useTip=no&cliTrxAmount=";
const CHECK: &str = "/restapi/qris/checkpaid_qris.php?apikey=sandbox-key&mID=123456&invid=1";

async fn create(sandbox: &Sandbox, amount: u64) -> Value {
    json(send(sandbox, "GET", &format!("{CREATE}{amount}"), "").await)["data"].clone()
}

/// The next create, with this fault.
async fn create_with(sandbox: &Sandbox, fault: Fault) -> Value {
    sandbox.inject(fault, FaultCall::Any, FaultRepeat::Once);
    create(sandbox, 25_578).await
}

async fn invoices(sandbox: &Sandbox) -> usize {
    let listed = json(send(sandbox, "GET", "/sandbox/invoices", "").await);
    listed.as_array().unwrap().len()
}

#[track_caller]
fn content(invoice: &Value) -> &str {
    invoice["qris_content"].as_str().unwrap()
}

/// A part of the QR, whose checksum must be right.
#[track_caller]
fn part<'a>(invoice: &'a Value, path: &str) -> Option<&'a str> {
    let content = content(invoice);
    let payload = Payload::parse(content).unwrap();
    payload.get(path.parse::<Path>().unwrap())
}

async fn raw(sandbox: &Sandbox, path: &str, fault: Fault) -> Answer {
    sandbox.inject(fault, FaultCall::Any, FaultRepeat::Once);
    exchange(sandbox, "GET", path, ("text/plain", "")).await
}

#[tokio::test]
async fn text_before_or_behind_an_answer_leaves_the_answer_whole() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_, right) = send(&sandbox, "GET", CHECK, "").await;
    let notices = raw(&sandbox, CHECK, Fault::NoticeBefore).await;
    let notices = String::from_utf8(notices.body).unwrap();
    let before = notices.strip_suffix(&right).unwrap();
    assert!(before.starts_with("\r\n<br />\n<b>Deprecated</b>:  Using ${var}"), "{before}");
    let behind = raw(&sandbox, CHECK, Fault::TextBehind).await;
    let behind = String::from_utf8(behind.body).unwrap();
    assert!(behind.strip_prefix(&right).unwrap().contains("<!-- {cache: "), "{behind}");
    let mark = raw(&sandbox, CHECK, Fault::ByteOrderMark).await;
    assert_eq!(mark.body, [b"\xef\xbb\xbf", right.as_bytes()].concat());
}

#[tokio::test]
async fn a_busy_provider_does_nothing_and_says_when_to_come_back() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("{CREATE}1000");
    for (fault, status, retry_after) in [
        (Fault::TooManyRequests { seconds: 30.0 }, 429, "retry-after: 30\r\n"),
        (Fault::TooManyRequests { seconds: 0.2 }, 429, "retry-after: 1\r\n"),
        (Fault::ServiceUnavailable { seconds: 120.0 }, 503, "retry-after: 120\r\n"),
    ] {
        let answer = raw(&sandbox, &path, fault).await;
        assert_eq!(answer.status, status);
        assert!(answer.head.contains(retry_after), "{}", answer.head);
        assert!(answer.body.starts_with(b"<!doctype html>"));
    }
    assert_eq!(invoices(&sandbox).await, 0);
    assert_eq!(sandbox.calls().creates(), 3, "they are counted all the same");
}

#[tokio::test]
async fn failed_with_500_is_the_answer_for_an_invoice_that_was_made() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = raw(&sandbox, &format!("{CREATE}1000"), Fault::Failed5xx).await;
    assert_eq!(answer.status, 500);
    let failed = r#"{"status":"failed","data":{"qris_status":"system error"}}"#;
    assert_eq!(String::from_utf8(answer.body).unwrap(), failed);
    assert_eq!(invoices(&sandbox).await, 1);
    assert_eq!(raw(&sandbox, CHECK, Fault::Failed5xx).await.status, 500);
}

#[tokio::test]
async fn failed_with_an_invoice_has_an_invoice_that_can_be_paid() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::FailedWithInvoice, FaultCall::Any, FaultRepeat::Once);
    let reply = json(send(&sandbox, "GET", &format!("{CREATE}1000"), "").await);
    assert_eq!(reply["status"], "failed");
    let id = reply["data"]["qris_invoiceid"].as_str().unwrap();
    assert_eq!(part(&reply["data"], "62.05"), Some(id));
    sandbox.pay(id.parse().unwrap()).unwrap();
}

#[tokio::test]
async fn the_qr_of_another_merchant_is_valid_and_agrees_with_the_reply() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create_with(&sandbox, Fault::OtherMerchant).await;
    let nmid = invoice["qris_nmid"].as_str().unwrap();
    assert_ne!(nmid, sandbox.nmid());
    assert_eq!(part(&invoice, "51.02"), Some(nmid));
    assert_eq!(part(&invoice, "59"), Some("TOKO LAIN"));
    assert_eq!(part(&invoice, "62.05"), invoice["qris_invoiceid"].as_str());
    let payload = Payload::parse(content(&invoice)).unwrap();
    assert_eq!(payload.findings(Rules::Qris).collect::<Vec<_>>(), []);
}

#[tokio::test]
async fn the_qr_of_another_sale_comes_unchanged_under_a_new_number() {
    let sandbox = Sandbox::start().await.unwrap();
    // Without an earlier sale, the QR has the number before.
    let first = create_with(&sandbox, Fault::OtherSalesQr).await;
    let id = first["qris_invoiceid"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(part(&first, "62.05"), Some((id - 1).to_string().as_str()));
    assert_eq!(part(&first, "54"), Some("25578.00"));

    let same_amount = create(&sandbox, 25_578).await;
    let newest = create(&sandbox, 1_000).await;
    let other = create_with(&sandbox, Fault::OtherSalesQr).await;
    assert_eq!(content(&other), content(&same_amount));
    assert_ne!(other["qris_invoiceid"], same_amount["qris_invoiceid"]);

    sandbox.inject(Fault::OtherSalesQr, FaultCall::Any, FaultRepeat::Once);
    let of_no_earlier_amount = create(&sandbox, 7_000).await;
    assert_ne!(content(&of_no_earlier_amount), content(&newest));
    assert_eq!(content(&of_no_earlier_amount), content(&other), "the newest of all");
}

#[tokio::test]
async fn a_static_qr_with_an_amount_differs_in_its_initiation_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create_with(&sandbox, Fault::StaticWithAmount).await;
    let payload = Payload::parse(content(&invoice)).unwrap();
    assert_eq!(payload.initiation(), Some(Initiation::Static));
    assert_eq!(part(&invoice, "54"), Some("25578.00"));
    assert_eq!(part(&invoice, "62.05"), invoice["qris_invoiceid"].as_str());
}

#[tokio::test]
async fn a_fee_comes_without_its_indicator_and_under_a_right_checksum() {
    let sandbox = Sandbox::start().await.unwrap();
    let fixed = create_with(&sandbox, Fault::FixedFee).await;
    let fees = |invoice| (part(invoice, "55"), part(invoice, "56"), part(invoice, "57"));
    assert_eq!(fees(&fixed), (None, Some("500"), None));
    let percentage = create_with(&sandbox, Fault::PercentageFee).await;
    assert_eq!(fees(&percentage), (None, None, Some("2.5")));
    assert_eq!(part(&percentage, "54"), Some("25578.00"));
    sandbox.inject(Fault::FixedFee, FaultCall::Any, FaultRepeat::Once);
    let path = format!("{CREATE}25578").replace("useTip=no", "useTip=yes");
    let asked_for_a_tip = json(send(&sandbox, "GET", &path, "").await)["data"].clone();
    assert_eq!(fees(&asked_for_a_tip), (None, Some("500"), None));
}

/// Waits until the sandbox takes connections.
async fn connect(sandbox: &Sandbox) -> TcpStream {
    let connected = async {
        loop {
            match TcpStream::connect(sandbox.address()).await {
                Ok(stream) => return stream,
                Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), connected).await.unwrap()
}

async fn refusal(sandbox: &Sandbox) -> Option<ErrorKind> {
    TcpStream::connect(sandbox.address()).await.err().map(|error| error.kind())
}

#[tokio::test]
async fn connections_are_refused_at_once_and_until_the_faults_are_cleared() {
    let sandbox = Sandbox::start().await.unwrap();
    for _ in 0..3 {
        // Earlier connections, open or closed, do not keep the port.
        let mut open = connect(&sandbox).await;
        create(&sandbox, 1_000).await;
        let refused = Fault::RefusedConnection { seconds: 600.0 };
        sandbox.inject(refused, FaultCall::Any, FaultRepeat::Once);
        assert_eq!(refusal(&sandbox).await, Some(ErrorKind::ConnectionRefused));
        assert_eq!(refusal(&sandbox).await, Some(ErrorKind::ConnectionRefused));
        assert_eq!(sandbox.calls().checks(), 0, "nothing was read");
        sandbox.clear_faults();
        assert_eq!(refusal(&sandbox).await, None);
        create(&sandbox, 1_000).await;
        open.shutdown().await.unwrap();
        let _closed = open.read(&mut [0]).await;
    }
    assert_eq!(invoices(&sandbox).await, 6);
}

#[tokio::test]
async fn the_call_that_asks_for_refusals_is_answered_and_they_end_by_themselves() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"fault":"refused-connection","seconds":0.5}"#;
    let (status, answer) = send(&sandbox, "POST", "/sandbox/faults", body).await;
    assert_eq!((status, answer.contains("refused-connection")), (200, true), "{answer}");
    assert_eq!(refusal(&sandbox).await, Some(ErrorKind::ConnectionRefused));
    drop(connect(&sandbox).await);
    create(&sandbox, 1_000).await;
    let faults = json(send(&sandbox, "GET", "/sandbox/faults", "").await);
    assert_eq!(faults["to_happen"], json!([]));
}

#[tokio::test]
async fn a_longer_refusal_is_not_ended_by_the_one_before_it() {
    let sandbox = Sandbox::start().await.unwrap();
    for seconds in [0.0, 600.0] {
        sandbox.inject(Fault::RefusedConnection { seconds }, FaultCall::Any, FaultRepeat::Once);
    }
    // The first is over as soon as other tasks run.
    for _ in 0..20 {
        tokio::task::yield_now().await;
        assert_eq!(refusal(&sandbox).await, Some(ErrorKind::ConnectionRefused));
    }
}

#[tokio::test]
async fn a_sandbox_that_refuses_connections_can_be_stopped() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.address();
    sandbox.inject(Fault::RefusedConnection { seconds: 600.0 }, FaultCall::Any, FaultRepeat::Once);
    sandbox.stop().await;
    // The port is free again.
    Sandbox::builder().listen(address).start().await.unwrap();
}

#[tokio::test]
async fn an_answer_ends_its_connection() {
    let sandbox = Sandbox::start().await.unwrap();
    for path in [CHECK, "/sandbox", "/"] {
        // Reads to the end, which comes only when the sandbox closes.
        let answer = exchange(&sandbox, "GET", path, ("text/plain", "")).await;
        assert!(answer.head.contains("connection: close"), "{}", answer.head);
    }
}
