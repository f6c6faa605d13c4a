//! The control calls: faults, the clock, the counts and the page.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use std::time::Duration;

use http::{json, send};
use qris_codec::{Path, Payload, Rules, Verdict};
use qris_sandbox::{CheckDate, Fault, FaultCall, FaultRepeat, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const CREATE: &str = "/restapi/qris/show_qris.php?do=create-invoice&apikey=sandbox-key\
                      &mID=123456&cliTrxNumber=INV-1&cliTrxAmount=25578&useTip=no";
const CHECK: &str = "/restapi/qris/checkpaid_qris.php?do=checkStatus&apikey=sandbox-key&mID=123456";

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    json(send(sandbox, "GET", path, "").await)
}

async fn post(sandbox: &Sandbox, path: &str, body: &str) -> Value {
    json(send(sandbox, "POST", path, body).await)
}

async fn create(sandbox: &Sandbox) -> Value {
    get(sandbox, CREATE).await["data"].clone()
}

fn id(invoice: &Value) -> u64 {
    invoice["qris_invoiceid"].as_str().unwrap().parse().unwrap()
}

fn check_on(invoice: &Value, day: &str) -> String {
    format!("{CHECK}&invid={}&trxvalue=25578&trxdate={day}", id(invoice))
}

/// The status word of a check.
async fn status(sandbox: &Sandbox, invoice: &Value, day: &str) -> String {
    let reply = get(sandbox, &check_on(invoice, day)).await;
    reply["data"]["qris_status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_right_qr_is_valid_under_the_national_rules() {
    let sandbox = Sandbox::start().await.unwrap();
    for amount in [1, 100, 25_578, 10_000_000] {
        for tip in ["yes", "no"] {
            let path = format!(
                "/restapi/qris/show_qris.php?do=create-invoice&apikey=sandbox-key&mID=123456\
                 &cliTrxNumber=A&cliTrxAmount={amount}&useTip={tip}"
            );
            let reply = get(&sandbox, &path).await;
            let content = reply["data"]["qris_content"].as_str().unwrap();
            let payload = Payload::parse(content).unwrap();
            // Not even as information: its check digits are right too.
            let findings: Vec<_> = payload.findings(Rules::Qris).collect();
            assert_eq!(findings, [], "{content}");
            assert_eq!(payload.verdict(Rules::Qris), Verdict::Valid);
        }
    }
}

#[tokio::test]
async fn a_fault_of_the_qr_spoils_that_one_part_of_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let right = create(&sandbox).await;
    let parts = |invoice: &Value| {
        let content = invoice["qris_content"].as_str().unwrap().to_owned();
        let walked = content[..content.len() - 4].to_owned()
            + &format!("{:04X}", qris_codec::checksum(&content.as_bytes()[..content.len() - 4]));
        let payload = Payload::parse(&walked).unwrap();
        let part = |path: &str| payload.get(path.parse::<Path>().unwrap()).map(str::to_owned);
        let own = part("62.05") == Some(invoice["qris_invoiceid"].as_str().unwrap().to_owned());
        (part("53"), part("54"), part("55"), part("51.02"), own, walked == content)
    };
    let (currency, amount, tip, nmid, own, checksum) = parts(&right);
    assert!(own && checksum);
    assert_eq!(nmid, Some(sandbox.nmid().to_owned()));
    let other_amount = Some("25579.00".to_owned());
    let other_currency = Some("840".to_owned());
    let other_nmid = Some("ID1020021181745".to_owned());
    let asked = Some("01".to_owned());
    for (fault, expected) in [
        (
            Fault::WrongAmount,
            (currency.clone(), other_amount, tip.clone(), nmid.clone(), true, true),
        ),
        (
            Fault::WrongCurrency,
            (other_currency, amount.clone(), tip.clone(), nmid.clone(), true, true),
        ),
        (Fault::WrongNmid, (currency.clone(), amount.clone(), tip.clone(), other_nmid, true, true)),
        (Fault::WrongTip, (currency.clone(), amount.clone(), asked, nmid.clone(), true, true)),
        (
            Fault::BadChecksum,
            (currency.clone(), amount.clone(), tip.clone(), nmid.clone(), true, false),
        ),
        (Fault::OtherReference, (currency, amount, tip, nmid, false, true)),
    ] {
        let name = fault.name();
        sandbox.inject(fault, FaultCall::Any, FaultRepeat::Once);
        assert_eq!(parts(&create(&sandbox).await), expected, "{name}");
    }
}

#[tokio::test]
async fn a_fault_of_the_answer_spoils_both_calls() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create(&sandbox).await;
    for (page, right) in
        [(CREATE.to_owned(), None), (check_on(&invoice, "2026-01-01"), Some("unpaid"))]
    {
        let right = |body: &str| match right {
            Some(word) => body.contains(word),
            None => body.contains("qris_content"),
        };
        let faulty = async |fault: &str| {
            post(&sandbox, "/sandbox/faults", &format!(r#"{{"fault":"{fault}"}}"#)).await;
            send(&sandbox, "GET", &page, "").await
        };
        let (status, body) = faulty("html").await;
        assert!(status == 200 && body.starts_with("<!doctype html>"), "{status} {body}");
        let (status, body) = faulty("php-notice").await;
        assert!(status == 200 && body.starts_with("<br />\n<b>Notice") && right(&body), "{body}");
        let (status, body) = faulty("byte-order-mark").await;
        assert!(status == 200 && body.starts_with("\u{feff}{") && right(&body), "{body}");
        assert_eq!(faulty("empty").await, (200, String::new()));
        let (status, body) = faulty("cut-json").await;
        assert!(status == 200 && body.starts_with("{\"") && !body.ends_with('}'), "{body}");
        let (status, body) = faulty("huge").await;
        assert!(status == 200 && body.len() > 2 * 1024 * 1024 && right(&body), "{}", body.len());
        assert_eq!(faulty("redirect").await.0, 302);
        let (status, body) = send(&sandbox, "GET", &page, "").await;
        assert!(status == 200 && right(&body), "one-shot faults are over: {body}");
    }
}

#[tokio::test]
async fn a_dropped_create_makes_an_invoice_only_if_it_was_accepted() {
    let sandbox = Sandbox::start().await.unwrap();
    for (fault, invoices) in [(Fault::DropBeforeAccepting, 0), (Fault::DropAfterAccepting, 1)] {
        sandbox.inject(fault, FaultCall::Create, FaultRepeat::Once);
        let mut stream = tokio::net::TcpStream::connect(sandbox.address()).await.unwrap();
        let request = format!("GET {CREATE} HTTP/1.1\r\nHost: sandbox\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, b"", "no byte of an answer");
        let listed = get(&sandbox, "/sandbox/invoices").await;
        assert_eq!(listed.as_array().unwrap().len(), invoices);
    }
}

#[tokio::test]
async fn a_cut_connection_ends_in_the_middle_of_the_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let whole = send(&sandbox, "GET", CREATE, "").await.1;
    sandbox.inject(Fault::CutConnection, FaultCall::Create, FaultRepeat::Once);
    let (status, half) = send(&sandbox, "GET", CREATE, "").await;
    assert_eq!(status, 200);
    assert_eq!(half.len(), whole.len() / 2, "{half}");
}

#[tokio::test]
async fn a_standing_fault_lasts_until_the_faults_are_cleared() {
    let sandbox = Sandbox::start().await.unwrap();
    let fault = r#"{"fault":"refuse","words":"closed today","times":"standing","on":"create"}"#;
    let order = post(&sandbox, "/sandbox/faults", fault).await;
    let expected =
        json!({"fault": "refuse", "words": "closed today", "on": "create", "times": "standing"});
    assert_eq!(order, expected);
    let refused = json!({"status": "failed", "data": {"qris_status": "closed today"}});
    for _ in 0..2 {
        assert_eq!(get(&sandbox, CREATE).await, refused);
    }
    assert_eq!(get(&sandbox, "/sandbox/faults").await["to_happen"], json!([expected]));
    assert_eq!(send(&sandbox, "DELETE", "/sandbox/faults", "").await.0, 204);
    assert_eq!(get(&sandbox, CREATE).await["status"], "success");
}

#[tokio::test]
async fn a_numeric_id_is_a_json_number() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::NumericId, FaultCall::Any, FaultRepeat::Once);
    let invoice = create(&sandbox).await;
    let number = invoice["qris_invoiceid"].as_u64().unwrap();
    assert!(number > u64::from(u32::MAX), "{number} would fit into 32 bits");
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::Slow { seconds: 0.05 }, FaultCall::Create, FaultRepeat::Once);
    assert_eq!(get(&sandbox, CREATE).await["status"], "success");
    assert_eq!(get(&sandbox, "/sandbox/faults").await["to_happen"], json!([]));
}

#[tokio::test]
async fn faults_that_make_no_sense_are_refused_with_what_was_expected() {
    let sandbox = Sandbox::start().await.unwrap();
    let shape = "expected JSON such as {\"fault\":\"slow\",";
    for (body, code, message) in [
        (r#"{"fault":"slwo"}"#, "unknown-fault", "expected one of slow (seconds), refuse (words)"),
        (r#"{"fault":"html","seconds":3}"#, "bad-parameter", "expected html with no parameter, "),
        (r#"{"fault":"slow","seconds":-1}"#, "bad-parameter", "expected seconds as a number "),
        (r#"{"fault":"slow","words":"x"}"#, "bad-parameter", "expected slow with seconds, "),
        (r#"{"fault":"html","time":"once"}"#, "bad-request", shape),
        (r#"{"fault":"html","on":"pay"}"#, "bad-request", shape),
        ("", "bad-request", shape),
        ("[]", "bad-request", shape),
    ] {
        let (status, answer) = send(&sandbox, "POST", "/sandbox/faults", body).await;
        assert_eq!(status, 400, "{body}: {answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["error"], code, "{body}");
        assert!(answer["message"].as_str().unwrap().starts_with(message), "{body}: {answer}");
    }
    assert_eq!(get(&sandbox, "/sandbox/faults").await["to_happen"], json!([]));
}

#[tokio::test]
async fn a_refused_body_is_not_repeated() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"customer_name":["SITI AMINAH"],"SITI AMINAH":1}"#;
    let (status, answer) = send(&sandbox, "POST", "/sandbox/invoices/1/pay", body).await;
    assert_eq!(status, 400);
    assert!(answer.contains("line 1, column 17") && !answer.contains("AMINAH"), "{answer}");
}

#[tokio::test]
async fn an_hour_passes_at_once_and_then_the_payer_is_too_late() {
    let sandbox = Sandbox::start().await.unwrap();
    let clock = r#"{"now":"2026-11-22T10:00:00+07:00","running":false}"#;
    let set = post(&sandbox, "/sandbox/clock", clock).await;
    assert_eq!(set, json!({"now": "2026-11-22T10:00:00+07:00", "running": false}));
    let (first, second) = (create(&sandbox).await, create(&sandbox).await);
    assert_eq!(first["qris_request_date"], "2026-11-22 10:00:00");

    post(&sandbox, "/sandbox/clock", r#"{"advance_seconds":3599.9}"#).await;
    let path = format!("/sandbox/invoices/{}/pay", id(&first));
    assert_eq!(post(&sandbox, &path, "").await["paid_at"], "2026-11-22T10:59:59.9+07:00");

    post(&sandbox, "/sandbox/clock", r#"{"advance_seconds":0.1}"#).await;
    let path = format!("/sandbox/invoices/{}/pay", id(&second));
    let (refused, answer) = send(&sandbox, "POST", &path, "").await;
    assert_eq!(refused, 409, "{answer}");
    assert_eq!(status(&sandbox, &first, "2026-11-22").await, "paid");
    assert_eq!(status(&sandbox, &second, "2026-11-22").await, "unpaid");
    let states = get(&sandbox, "/sandbox/invoices").await;
    assert_eq!((&states[0]["state"], &states[1]["state"]), (&json!("expired"), &json!("paid")));
    for body in [r#"{"now":"2026-11-22 10:00:00"}"#, r#"{"advance_seconds":1e400}"#, "{"] {
        assert_eq!(send(&sandbox, "POST", "/sandbox/clock", body).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn a_payment_after_midnight_is_filed_under_the_day_that_was_set() {
    for (rule, request_day, payment_day) in [
        (CheckDate::Payment, "unpaid", "paid"),
        (CheckDate::Request, "paid", "unpaid"),
        (CheckDate::Either, "paid", "paid"),
    ] {
        let sandbox = Sandbox::builder().check_date(rule).start().await.unwrap();
        sandbox.set_time("2026-11-22T23:50:00+07:00".parse().unwrap());
        let invoice = create(&sandbox).await;
        sandbox.advance(Duration::from_secs(20 * 60));
        sandbox.pay(id(&invoice)).unwrap();
        assert_eq!(status(&sandbox, &invoice, "2026-11-22").await, request_day, "{rule:?}");
        assert_eq!(status(&sandbox, &invoice, "2026-11-23").await, payment_day, "{rule:?}");
    }
}

#[tokio::test]
async fn a_late_payment_is_known_when_it_lands_and_not_before() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_time("2026-11-22T10:00:00+07:00".parse().unwrap());
    sandbox.stop_clock();
    let invoice = create(&sandbox).await;
    sandbox.inject(Fault::LatePayment { seconds: 90.0 }, FaultCall::Any, FaultRepeat::Once);
    sandbox.advance(Duration::from_secs(3_599));
    sandbox.pay(id(&invoice)).unwrap();
    sandbox.advance(Duration::from_secs(89));
    assert_eq!(get(&sandbox, "/sandbox/invoices").await[0]["state"], "landing");
    assert_eq!(status(&sandbox, &invoice, "2026-11-22").await, "unpaid");
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(get(&sandbox, "/sandbox/invoices").await[0]["state"], "paid");
    assert_eq!(status(&sandbox, &invoice, "2026-11-22").await, "paid");
}

#[tokio::test]
async fn calls_are_counted_by_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create(&sandbox).await;
    for _ in 0..3 {
        status(&sandbox, &invoice, "2026-11-22").await;
    }
    get(&sandbox, &check_on(&invoice, "2026-11-22").replace("sandbox-key", "wrong")).await;
    let calls = get(&sandbox, "/sandbox/calls").await;
    assert_eq!(
        calls,
        json!({
            "sandbox-key": {"creates": 1, "checks": 3, "busiest_minute": 3},
            "": {"creates": 0, "checks": 1, "busiest_minute": 1},
        })
    );
    assert_eq!(sandbox.calls().checks_of(id(&invoice)).len(), 3);
    assert_eq!(send(&sandbox, "DELETE", "/sandbox/calls", "").await.0, 204);
    assert_eq!(sandbox.calls().checks(), 0);
}

#[tokio::test]
async fn the_payers_page_names_no_other_host() {
    let sandbox = Sandbox::start().await.unwrap();
    let (status, page) = send(&sandbox, "GET", "/", "").await;
    assert_eq!(status, 200);
    assert!(page.contains("<html lang=\"id\">"));
    for elsewhere in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(elsewhere), "found {elsewhere}");
    }
    assert_eq!(get(&sandbox, "/sandbox").await["merchant"]["nmid"], json!(sandbox.nmid()));
}
