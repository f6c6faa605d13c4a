//! Webhooks of the provider.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use proptest::prelude::*;
use qris_api::webhook::{MAX_BODY_BYTES, Status, WebhookEvent};
use qris_api::{
    ApiKey, CheckBudget, Client, Defect, InvoiceId, MerchantId, Rupiah, Tip, TransactionNumber,
    Wait, WibTime,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Payer, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn body(status: &str) -> String {
    format!(
        r#"{{"rrn":"000380970875","note":"1 PAY-1 10200","invoice":"413255111","qris_status":"{status}","qris_paid_date":"2024-02-27 11:15:00","qris_payment_methodby":"BCA","qris_payment_customername":"SITI"}}"#
    )
}

#[test]
fn the_documented_body_is_read_in_full() {
    let event = WebhookEvent::parse(body("success").as_bytes()).unwrap();
    assert_eq!(event.invoice, InvoiceId::new(413_255_111));
    assert_eq!(event.status, Status::Paid);
    assert_eq!(event.rrn.as_deref(), Some("000380970875"), "with its leading zeros");
    assert_eq!(event.note.as_deref(), Some("1 PAY-1 10200"));
    assert_eq!(event.paid_at, WibTime::parse("2024-02-27 11:15:00"));
    assert_eq!(event.method.as_deref(), Some("BCA"));
    assert_eq!(event.customer_name.as_deref(), Some("SITI"));
    assert!(!format!("{event:?}").contains("SITI"));
}

#[test]
fn each_word_has_its_status_and_unknown_ones_are_kept() {
    for (word, status) in [
        ("success", Status::Paid),
        ("SUCCESS", Status::Paid),
        ("paid", Status::Paid),
        ("pending", Status::Pending),
        ("Refunded", Status::Other("Refunded".to_owned())),
        ("unpaid", Status::Other("unpaid".to_owned())),
    ] {
        assert_eq!(WebhookEvent::parse(body(word).as_bytes()).unwrap().status, status, "{word}");
    }
}

#[test]
fn an_invoice_and_a_status_are_all_that_is_needed() {
    for body in [
        r#"{"invoice":"7","qris_status":"success"}"#,
        r#"{"invoice":7,"qris_status":"success","qris_paid_date":"","rrn":null,"more":[1]}"#,
    ] {
        let event = WebhookEvent::parse(body.as_bytes()).unwrap();
        assert_eq!((event.invoice, event.status), (InvoiceId::new(7), Status::Paid));
        assert_eq!((event.rrn, event.note, event.paid_at), (None, None, None));
        assert_eq!((event.method, event.customer_name), (None, None));
    }
}

#[test]
fn other_bodies_are_refused_with_their_length_and_the_reason_only() {
    let absent = Defect::Absent { marker: "qris_status" };
    let member = |name, expected, found| Defect::Member { name, expected, found };
    let invoice = |found| member("invoice", "a positive integer of 64 bits", found);
    for (body, defect) in [
        ("", absent),
        ("null", absent),
        ("[]", absent),
        ("{}", absent),
        ("qris_status=success&invoice=7", absent),
        (r#"{"invoice":"7"}"#, absent),
        (r#"{"qris_status":"success"}"#, invoice("nothing")),
        (r#"{"invoice":"7","qris_status":""}"#, member("qris_status", "a text", "an empty text")),
        (r#"{"invoice":"7","qris_status":1}"#, member("qris_status", "a text", "a number")),
        (r#"{"invoice":"0","qris_status":"success"}"#, invoice("another text")),
        (r#"{"invoice":"-7","qris_status":"success"}"#, invoice("another text")),
        (r#"{"invoice":"SITI","qris_status":"success"}"#, invoice("another text")),
        (
            r#"{"invoice":"7\t","qris_status":"success\ud800"}"#,
            member("qris_status", "a text", "a text with damaged characters"),
        ),
        (
            r#"{"invoice":"7\ud800","qris_status":"success"}"#,
            invoice("a text with damaged characters"),
        ),
        (r#"{"invoice":"7","qris_status":"success""#, Defect::Broken { offset: 38 }),
        (
            r#"{"invoice":"7","invoice":"8","qris_status":"success"}"#,
            Defect::Duplicate { name: "invoice" },
        ),
        (
            r#"{"invoice":"7","qris_status":"success"}{"invoice":"8","qris_status":"success"}"#,
            Defect::Several { marker: "qris_status" },
        ),
    ] {
        let malformed = WebhookEvent::parse(body.as_bytes()).unwrap_err();
        assert_eq!((malformed.length(), malformed.defect()), (body.len(), defect), "{body}");
        assert!(!malformed.to_string().contains("SITI"));
    }
    assert_eq!(
        WebhookEvent::parse(b" ").unwrap_err().to_string(),
        "expected one JSON object with the member qris_status, found none (webhook of 1 byte)",
    );
    let right = body("success");
    let long = right.clone() + &" ".repeat(MAX_BODY_BYTES - right.len());
    assert!(WebhookEvent::parse(long.as_bytes()).is_ok());
    let malformed = WebhookEvent::parse((long + " ").as_bytes()).unwrap_err();
    assert_eq!(malformed.length(), MAX_BODY_BYTES + 1);
    assert_eq!(malformed.defect(), Defect::TooLong { limit: MAX_BODY_BYTES });
}

#[test]
fn a_damaged_name_or_a_byte_order_mark_does_not_hide_a_webhook() {
    for (bytes, name) in [
        (&b"JOS\xe9"[..], "JOS\u{fffd}"),
        (b"SITI\tNUR\n", "SITI NUR"),
        (br"SITI\udfff", "SITI\u{fffd}"),
        (b"SITI\0\x1b", "SITI"),
    ] {
        let right = body("success");
        let (head, tail) = right.split_once("SITI").unwrap();
        let body = ["\u{feff}".as_bytes(), head.as_bytes(), bytes, tail.as_bytes()].concat();
        let event = WebhookEvent::parse(&body).unwrap();
        assert_eq!((event.status, event.customer_name.as_deref()), (Status::Paid, Some(name)));
    }
}

#[test]
fn a_webhook_has_the_details_of_the_payment() {
    let details = WebhookEvent::parse(body("success").as_bytes()).unwrap().details();
    assert_eq!(details.customer_name.as_deref(), Some("SITI"));
    assert_eq!(details.method.as_deref(), Some("BCA"));
    assert_eq!(details.paid_at, WibTime::parse("2024-02-27 11:15:00"));
    assert_eq!(details.rrn.as_deref(), Some("000380970875"));
    assert_eq!(details.note.as_deref(), Some("1 PAY-1 10200"));
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused(body: Vec<u8>) {
        prop_assert_eq!(WebhookEvent::parse(&body).unwrap_err().length(), body.len());
    }
}

/// Takes one post at a time and answers 200.
async fn take(listener: &TcpListener) -> WebhookEvent {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        request.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let body = request.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    WebhookEvent::parse(&request[body..]).unwrap()
}

#[tokio::test]
async fn a_payment_is_found_at_once_after_a_webhook_of_the_sandbox() {
    for (fault, second) in
        [(Fault::DuplicateWebhook, Status::Paid), (Fault::OutOfOrderWebhook, Status::Pending)]
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let sandbox = Sandbox::builder().webhook(url).start().await.unwrap();
        let key = ApiKey::parse("sandbox-key").unwrap();
        let client = Client::builder(key, MerchantId::parse("123456").unwrap())
            .base_url(sandbox.base_url())
            .budget(CheckBudget::in_memory(60))
            .build()
            .unwrap();
        let number = TransactionNumber::parse("INV-1").unwrap();
        let invoice = client.create_invoice(&number, Rupiah::new(25_578), Tip::None).await.unwrap();
        let early = client.early_check();
        let waiting = tokio::spawn({
            let (client, invoice, wait) =
                (client.clone(), invoice.clone(), Wait::new().early_check(&early));
            async move { client.wait_for_payment(&invoice, wait).await }
        });

        sandbox.inject(fault, FaultCall::Any, FaultRepeat::Once);
        sandbox.pay_as(invoice.qris_invoiceid.get(), Payer::new("SITI", "BCA")).unwrap();
        let (first, again) = (take(&listener).await, take(&listener).await);
        assert_eq!((first.invoice, first.status), (invoice.qris_invoiceid, Status::Paid));
        assert_eq!((again.invoice, again.status), (invoice.qris_invoiceid, second));
        early.webhook();
        early.webhook();
        // Long before the first scheduled check, 15 s after the create.
        let found = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert!(found.unwrap().unwrap().unwrap().is_paid());
        assert_eq!(sandbox.calls().checks(), 1, "one webhook, one check");
    }
}
