//! The posts to the merchant's webhook, and their repeats.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{json, send};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Payer, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const CREATE: &str = "/restapi/qris/show_qris.php?do=create-invoice&apikey=sandbox-key\
                      &mID=123456&cliTrxNumber=INV-1&cliTrxAmount=25578&useTip=no";

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    json(send(sandbox, "GET", path, "").await)
}

async fn create(sandbox: &Sandbox) -> u64 {
    let reply = get(sandbox, CREATE).await;
    reply["data"]["qris_invoiceid"].as_str().unwrap().parse().unwrap()
}

/// The bodies that a webhook received.
#[derive(Clone, Default)]
struct Bodies(Arc<Mutex<Vec<Vec<u8>>>>);

impl Bodies {
    /// Waits until the webhook has been called this often.
    async fn wait(&self, count: usize) -> Vec<Vec<u8>> {
        let called = async {
            loop {
                let bodies = self.0.lock().unwrap().clone();
                if bodies.len() >= count {
                    return bodies;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), called).await.unwrap()
    }

    async fn wait_json(&self, count: usize) -> Vec<Value> {
        let bodies = self.wait(count).await;
        bodies.iter().map(|body| serde_json::from_slice(body).unwrap()).collect()
    }
}

/// A webhook that answers 500 to the first `refusals` calls, and keeps the bodies.
async fn webhook(refusals: usize) -> (String, Bodies) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?token=abc", listener.local_addr().unwrap());
    let bodies = Bodies::default();
    let kept = bodies.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                stream.read_buf(&mut request).await.unwrap();
            }
            assert!(request.starts_with(b"POST /hook?token=abc HTTP/1.1\r\n"), "{request:?}");
            let head = request.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
            let count = {
                let mut kept = kept.0.lock().unwrap();
                kept.push(request.split_off(head + 4));
                kept.len()
            };
            let status = if count > refusals { "200 OK" } else { "500 Not yet" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, bodies)
}

#[tokio::test]
async fn a_webhook_is_called_until_it_answers_200() {
    let (url, bodies) = webhook(1).await;
    let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
    let invoice = create(&sandbox).await;
    sandbox.pay(invoice).unwrap();
    let bodies = bodies.wait(2).await;
    assert_eq!(bodies[0], bodies[1]);
    let sendings = loop {
        let sendings = get(&sandbox, "/sandbox/webhook").await["sendings"].clone();
        if sendings.as_array().unwrap().len() == 2 {
            break sendings;
        }
    };
    assert_eq!((&sendings[0]["answered"], &sendings[1]["answered"]), (&json!(500), &json!(200)));
}

#[tokio::test]
async fn a_webhook_has_the_documented_members_in_their_order() {
    let (url, bodies) = webhook(0).await;
    let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
    sandbox.set_time("2026-11-22T10:00:00+07:00".parse().unwrap());
    sandbox.stop_clock();
    let invoice = create(&sandbox).await;
    sandbox.pay_as(invoice, Payer::new("SITI", "BCA")).unwrap();
    let expected = format!(
        r#"{{"rrn":"0{invoice}","note":"1 INV-1 25578","invoice":"{invoice}","qris_status":"success","qris_paid_date":"2026-11-22 10:00:00","qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}}"#
    );
    assert_eq!(String::from_utf8(bodies.wait(1).await.remove(0)).unwrap(), expected);
}

#[tokio::test]
async fn webhooks_come_twice_and_out_of_order_where_that_is_asked_for() {
    for (fault, words) in [
        (Fault::DuplicateWebhook, ["success", "success"]),
        (Fault::OutOfOrderWebhook, ["success", "pending"]),
    ] {
        let (url, bodies) = webhook(0).await;
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.set_webhook(&url).unwrap();
        let invoice = create(&sandbox).await;
        sandbox.inject(fault, FaultCall::Any, FaultRepeat::Once);
        sandbox.pay(invoice).unwrap();
        let bodies = bodies.wait_json(2).await;
        assert_eq!([&bodies[0]["qris_status"], &bodies[1]["qris_status"]], words);
    }
}

#[tokio::test]
async fn a_webhook_without_note_has_neither_note_nor_rrn() {
    let (url, bodies) = webhook(0).await;
    let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
    let invoice = create(&sandbox).await;
    sandbox.inject(Fault::WebhookWithoutNote, FaultCall::Any, FaultRepeat::Once);
    sandbox.pay(invoice).unwrap();
    let body = bodies.wait_json(1).await.remove(0);
    let mut members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(
        members,
        [
            "invoice",
            "qris_paid_date",
            "qris_payment_customername",
            "qris_payment_methodby",
            "qris_status"
        ]
    );
}

#[tokio::test]
async fn a_webhook_of_an_unbooked_invoice_comes_first_and_no_create_gets_its_number() {
    let (url, bodies) = webhook(0).await;
    let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
    let invoice = create(&sandbox).await;
    sandbox.inject(Fault::WebhookOfUnbooked, FaultCall::Any, FaultRepeat::Once);
    sandbox.pay(invoice).unwrap();
    let next = create(&sandbox).await;
    let bodies = bodies.wait_json(2).await;
    let unbooked: u64 = bodies[0]["invoice"].as_str().unwrap().parse().unwrap();
    assert!(unbooked != invoice && unbooked != next, "{unbooked}");
    assert_eq!(bodies[0]["note"], bodies[1]["note"]);
    assert_eq!(bodies[1]["invoice"], invoice.to_string());

    let listed = get(&sandbox, "/sandbox/invoices").await;
    let ids: Vec<_> = listed.as_array().unwrap().iter().map(|one| &one["qris_invoiceid"]).collect();
    assert_eq!(ids, [next, invoice]);
    let day = bodies[0]["qris_paid_date"].as_str().unwrap()[..10].to_owned();
    let check = format!(
        "/restapi/qris/checkpaid_qris.php?do=checkStatus&apikey=sandbox-key&mID=123456\
         &invid={unbooked}&trxvalue=25578&trxdate={day}"
    );
    assert_eq!(get(&sandbox, &check).await["data"]["qris_status"], "unpaid");
}

#[tokio::test]
async fn bad_bytes_in_a_name_are_in_the_webhook_and_in_every_check_as_they_are() {
    let (url, bodies) = webhook(0).await;
    let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
    sandbox.set_time("2026-11-22T10:00:00+07:00".parse().unwrap());
    let invoice = create(&sandbox).await;
    sandbox.inject(Fault::BadBytesInNames, FaultCall::Any, FaultRepeat::Once);
    sandbox.pay_as(invoice, Payer::new("SITI", "BCA")).unwrap();
    let name = b"\"qris_payment_customername\":\"SITI JOS\xe9\tDA\nSILVA\0\\ud800\xc3\"";
    let has_name = |body: &[u8]| body.windows(name.len()).any(|part| part == name);
    assert!(has_name(&bodies.wait(1).await[0]));
    let check = format!(
        "/restapi/qris/checkpaid_qris.php?do=checkStatus&apikey=sandbox-key&mID=123456\
         &invid={invoice}&trxvalue=25578&trxdate=2026-11-22"
    );
    for _ in 0..2 {
        let answer = http::exchange(&sandbox, "GET", &check, ("text/plain", "")).await;
        assert!(has_name(&answer.body), "{:?}", String::from_utf8_lossy(&answer.body));
    }
    // The sandbox's own page and tools can still read it.
    assert_eq!(get(&sandbox, "/sandbox/invoices").await[0]["customer_name"], "SITI");
}

#[tokio::test]
async fn a_webhook_that_cannot_be_posted_to_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for url in ["https://127.0.0.1/", "http://user@127.0.0.1/", "hook", ""] {
        let body = json!({"url": url}).to_string();
        let (status, answer) = send(&sandbox, "POST", "/sandbox/webhook", &body).await;
        assert_eq!(status, 400, "{url}: {answer}");
    }
    assert_eq!(send(&sandbox, "POST", "/sandbox/webhook", r#"{"url":null}"#).await.0, 204);
}
