//! The sandbox's choices for unspecified behaviour can be set.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use http::{Answer, exchange, send};
use qris_sandbox::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, Fault, FaultCall, FaultRepeat,
    IdKind, Note, RefusalShape, RepeatedNumber, Rrn, Sandbox, TimeInDate,
};
use serde_json::Value;

const DAY: &str = "2026-08-27";
const UNPAID: &str = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;

/// A sandbox with these settings, on the test's day.
async fn sandbox(set: impl FnOnce(&mut Behaviour)) -> Sandbox {
    let mut behaviour = Behaviour::default();
    set(&mut behaviour);
    let sandbox = Sandbox::builder().behaviour(behaviour).start().await.unwrap();
    sandbox.set_time(format!("{DAY}T11:10:55+07:00").parse().unwrap());
    sandbox
}

async fn get(sandbox: &Sandbox, page: &str, query: &str) -> Answer {
    let path = format!("/restapi/qris/{page}.php?apikey=sandbox-key&mID=123456&{query}");
    exchange(sandbox, "GET", &path, ("", "")).await
}

async fn create(sandbox: &Sandbox, number: &str, amount: u64, more: &str) -> Value {
    let query = format!("do=create-invoice&cliTrxNumber={number}&cliTrxAmount={amount}{more}");
    serde_json::from_slice(&get(sandbox, "show_qris", &query).await.body).unwrap()
}

/// An invoice of Rp1,000 that is paid.
async fn paid(sandbox: &Sandbox) -> String {
    let created = create(sandbox, "A", 1_000, "&useTip=no").await;
    let id = created["data"]["qris_invoiceid"].as_str().unwrap().to_owned();
    sandbox.pay(id.parse().unwrap()).unwrap();
    id
}

/// The status word of a check of the paid invoice.
async fn word(sandbox: &Sandbox, id: &str, action: &str, value: u64, date: &str) -> String {
    let query = format!("do={action}&invid={id}&trxvalue={value}&trxdate={date}");
    let body = get(sandbox, "checkpaid_qris", &query).await.body;
    let reply: Value = serde_json::from_slice(&body).unwrap();
    reply["data"]["qris_status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn ids_come_as_text_or_as_numbers() {
    for (ids, is_number) in [(IdKind::Text, false), (IdKind::Number, true)] {
        let sandbox = sandbox(|set| set.ids = ids).await;
        let created = create(&sandbox, "A", 1_000, "").await;
        assert_eq!(created["data"]["qris_invoiceid"].is_number(), is_number);
    }
}

#[tokio::test]
async fn a_number_that_is_used_twice_gives_what_was_set() {
    let twice = async |repeated, second_amount| {
        let sandbox = sandbox(|set| set.repeated_number = repeated).await;
        let first = create(&sandbox, "A", 1_000, "").await;
        let second = create(&sandbox, "A", second_amount, "").await;
        (first["data"].clone(), second)
    };
    let (first, second) = twice(RepeatedNumber::SecondInvoice, 1_000).await;
    assert_eq!(second["status"], "success");
    assert_ne!(first["qris_invoiceid"], second["data"]["qris_invoiceid"]);

    let (first, second) = twice(RepeatedNumber::SameInvoice, 1_000).await;
    assert_eq!(first, second["data"]);
    let (first, second) = twice(RepeatedNumber::SameInvoice, 2_000).await;
    assert_ne!(first["qris_invoiceid"], second["data"]["qris_invoiceid"], "another amount");

    let (_, second) = twice(RepeatedNumber::Refused, 1_000).await;
    assert_eq!(second["data"]["qris_status"], "transaction number already used");
}

#[tokio::test]
async fn a_number_is_taken_up_to_the_longest_that_was_set() {
    let sandbox = sandbox(|set| set.longest_number = 20).await;
    assert_eq!(create(&sandbox, &"9".repeat(20), 1_000, "").await["status"], "success");
    assert_eq!(create(&sandbox, &"9".repeat(21), 1_000, "").await["status"], "failed");
}

#[tokio::test]
async fn a_create_without_use_tip_gives_what_was_set() {
    for (absent_tip, has_tip) in [(AbsentTip::Tip, true), (AbsentTip::NoTip, false)] {
        let sandbox = sandbox(|set| set.absent_tip = absent_tip).await;
        let created = create(&sandbox, "A", 1_000, "").await;
        let content = created["data"]["qris_content"].as_str().unwrap();
        let payload = qris_codec::Payload::parse(content).unwrap();
        assert_eq!(payload.get(qris_codec::Tag::TIP) == Some("01"), has_tip);
    }
    let sandbox = sandbox(|set| set.absent_tip = AbsentTip::Refused).await;
    assert_eq!(create(&sandbox, "A", 1_000, "").await["status"], "failed");
    assert_eq!(create(&sandbox, "A", 1_000, "&useTip=no").await["status"], "success");
}

#[tokio::test]
async fn refusals_have_the_status_and_shape_that_were_set_and_other_answers_do_not() {
    let sandbox = sandbox(|set| {
        set.refusals = RefusalShape::Text;
        set.refusal_status = 400;
        set.content_type = "text/html; charset=UTF-8".to_owned();
    })
    .await;
    let refused = get(&sandbox, "show_qris", "do=x").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body, br#"{"status":"failed","data":"what we do for you?"}"#);
    let empty = get(&sandbox, "checkpaid_qris", "do=checkStatus").await;
    assert_eq!(empty.status, 400);
    let unpaid = get(&sandbox, "checkpaid_qris", "invid=1&trxvalue=1").await;
    assert_eq!((unpaid.status, unpaid.body.as_slice()), (200, UNPAID.as_bytes()));
    for head in [refused.head, empty.head, unpaid.head] {
        assert!(head.contains("content-type: text/html; charset=UTF-8\r\n"), "{head}");
    }
    sandbox.inject(Fault::Failed5xx, FaultCall::Any, FaultRepeat::Once);
    assert_eq!(get(&sandbox, "show_qris", "do=x").await.status, 500, "a fault keeps its status");
}

#[tokio::test]
async fn a_check_compares_what_was_set_and_nothing_else() {
    let other_day = "2026-08-25";
    let with_time = "2026-08-27%2011:10:55";
    let usual = sandbox(|_| ()).await;
    let id = paid(&usual).await;
    assert_eq!(word(&usual, &id, "checkStatus", 1_000, DAY).await, "paid");
    assert_eq!(word(&usual, &id, "checkStatus", 1_000, other_day).await, "unpaid");
    assert_eq!(word(&usual, &id, "checkStatus", 1_000, with_time).await, "paid");
    assert_eq!(word(&usual, &id, "checkStatus", 1_001, DAY).await, "unpaid");
    assert_eq!(word(&usual, &id, "other", 1_000, DAY).await, "paid");

    let loose = sandbox(|set| {
        set.check_date = CheckDate::Ignored;
        set.check_amount = CheckAmount::Ignored;
    })
    .await;
    let id = paid(&loose).await;
    assert_eq!(word(&loose, &id, "checkStatus", 1_000, other_day).await, "paid");
    assert_eq!(word(&loose, &id, "checkStatus", 1_000, "").await, "paid");
    assert_eq!(word(&loose, &id, "checkStatus", 1_001, DAY).await, "paid");

    let exact = sandbox(|set| {
        set.time_in_date = TimeInDate::Unpaid;
        set.check_action = CheckAction::Refused;
    })
    .await;
    let id = paid(&exact).await;
    assert_eq!(word(&exact, &id, "checkStatus", 1_000, DAY).await, "paid");
    assert_eq!(word(&exact, &id, "checkStatus", 1_000, with_time).await, "unpaid");
    assert_eq!(word(&exact, &id, "other", 1_000, DAY).await, "what we do for you?");
}

#[tokio::test]
async fn a_webhook_carries_the_note_and_the_rrn_that_were_set() {
    for (note, expected) in
        [(Note::NumberAndAmount, Some("1 A 1000")), (Note::Number, Some("A")), (Note::Absent, None)]
    {
        for (rrn, has_rrn) in [(Rrn::Present, true), (Rrn::Absent, false)] {
            let sandbox = sandbox(|set| (set.note, set.rrn) = (note, rrn)).await;
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/", listener.local_addr().unwrap());
            sandbox.set_webhook(&url).unwrap();
            paid(&sandbox).await;
            let body = posted(&listener).await;
            assert_eq!(body["note"].as_str(), expected);
            assert_eq!(body["rrn"].is_string(), has_rrn);
        }
    }
}

/// The body of the only webhook.
async fn posted(listener: &tokio::net::TcpListener) -> Value {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.unwrap();
        request.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&request);
        if let Some(body) = text.split_once("\r\n\r\n").map(|(_, body)| body)
            && let Ok(body) = serde_json::from_str(body)
        {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            return body;
        }
        assert_ne!(length, 0, "a whole request");
    }
}

#[tokio::test]
async fn a_strict_sandbox_refuses_undocumented_calls_with_any_behaviour() {
    let builder = Sandbox::builder().behaviour(Behaviour::default()).strict();
    let sandbox = builder.start().await.unwrap();
    assert_eq!(create(&sandbox, "A", 1_000, "").await["status"], "failed");
    let (_, body) = send(
        &sandbox,
        "GET",
        "/restapi/qris/checkpaid_qris.php?do=x&apikey=sandbox-key&mID=123456&invid=1",
        "",
    )
    .await;
    assert!(body.contains("what we do for you?"), "{body}");
}
