//! Probes send a request unchanged, follow the polling limits, and show no value of an answer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod exchange;
mod server;
mod world;

use exchange::{client, content, invoice, number, success};
use qris_api::probe::{CheckRequest, Checked, CreateRequest, Created, Kind, Reply, Surrounding};
use qris_api::{Error, Field, Invalid, PauseCause, Payment, Reason, Rupiah, Tip, Trigger, WibTime};
use server::{Server, reply};
use world::{MORNING, World, moment};

const AMOUNT: Rupiah = Rupiah::new(25_578);

/// A whole reply with this content type.
fn typed(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Date: Sun, 22 Nov 2026 03:00:00 GMT\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// The requests of the server, without the credentials.
fn asked(server: &Server) -> String {
    let asked = server.asked.lock().unwrap();
    assert_eq!(asked.len(), 1);
    asked[0].replace("apikey=139139220920202&mID=195255685725", "KEY")
}

async fn create(request: &CreateRequest, answer: Vec<u8>) -> (Reply<Created>, String) {
    let server = Server::raw(answer).await;
    let reply = client(&server).probe_create(request).await.unwrap();
    (reply, asked(&server))
}

#[tokio::test]
async fn a_create_is_sent_exactly_as_given_and_its_answer_is_described() {
    let request = CreateRequest {
        action: "other".to_owned(),
        use_tip: None,
        ..CreateRequest::new(number(), AMOUNT)
    };
    let body = format!("\u{feff}{}\n", success("413255111"));
    let (found, asked) = create(&request, typed("text/html; charset=UTF-8", body.as_bytes())).await;
    assert_eq!(
        asked,
        "/restapi/qris/show_qris.php?do=other&KEY&cliTrxNumber=INV-1&cliTrxAmount=25578"
    );
    assert_eq!(found.status, 200);
    assert_eq!(found.content_type.as_deref(), Some("text/html; charset=UTF-8"));
    assert_eq!(found.server_time, WibTime::parse("2026-11-22 10:00:00"));
    assert_eq!(found.form.length, body.len());
    assert!(found.form.byte_order_mark);
    assert_eq!(found.form.after, Surrounding::WhiteSpace);
    assert_eq!(found.form.kind_of("data.qris_invoiceid"), Some(Kind::Number));
    let Ok(Created::Invoice { invoice, mismatch }) = found.answer else { panic!("no invoice") };
    assert_eq!((invoice.qris_content.as_str(), mismatch), (content(), None));
}

#[tokio::test]
async fn a_qr_that_is_not_as_requested_is_returned_with_the_wrong_part() {
    let right = CreateRequest { use_tip: Some(Tip::Ask), ..CreateRequest::new(number(), AMOUNT) };
    let without_tip = CreateRequest::new(number(), AMOUNT);
    let dearer = CreateRequest { amount: Rupiah::new(25_579), ..right.clone() };
    let wrong = [(right, None), (without_tip, Some(Field::Tip)), (dearer, Some(Field::Amount))];
    for (request, expected) in wrong {
        let (found, _) = create(&request, reply(200, "", success("1").as_bytes())).await;
        let Ok(Created::Invoice { mismatch, .. }) = found.answer else { panic!("no invoice") };
        assert_eq!(mismatch, expected);
    }
}

#[tokio::test]
async fn an_amount_of_zero_is_sent_and_one_over_the_limit_is_not() {
    let zero = CreateRequest { amount: Rupiah::new(0), ..CreateRequest::new(number(), AMOUNT) };
    let refusal = reply(200, "", br#"{"status":"failed","data":"invalid amount"}"#);
    let (found, asked) = create(&zero, refusal.clone()).await;
    assert!(asked.ends_with("&cliTrxAmount=0&useTip=no"), "{asked}");
    assert_eq!(found.answer, Ok(Created::Refused(Reason::InvalidAmount)));
    assert_eq!(found.form.kind_of("data"), Some(Kind::Text));

    let server = Server::raw(refusal).await;
    let much = CreateRequest { amount: Rupiah::new(10_000_001), ..zero };
    let outcome = client(&server).probe_create(&much).await;
    assert!(matches!(outcome, Err(Error::Invalid(Invalid::Amount { .. }))), "{outcome:?}");
    assert_eq!(*server.asked.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_check_is_sent_exactly_as_given() {
    let server = Server::raw(reply(200, "", br#"{"status":"failed","data":"what?"}"#)).await;
    let request = CheckRequest {
        action: "qris-probe".to_owned(),
        value: Rupiah::new(1),
        date: "2020-08-07 11:13:42".to_owned(),
        ..CheckRequest::new(&invoice())
    };
    let found = client(&server).probe_check(&request, Trigger::Schedule).await.unwrap();
    assert_eq!(found.answer, Ok(Checked::Refused(Reason::Other("what?".to_owned()))));
    assert_eq!(
        asked(&server),
        "/restapi/qris/checkpaid_qris.php?do=qris-probe&KEY&invid=413255111&trxvalue=1&\
         trxdate=2020-08-07+11%3A13%3A42"
    );
    let usual = CheckRequest::new(&invoice());
    assert_eq!((usual.date.as_str(), usual.value), ("2020-08-07", AMOUNT));
}

#[tokio::test]
async fn credentials_in_an_answer_are_not_shown() {
    let body = br#"{"status":"failed","data":"no 139139220920202","m195255685725":1}"#;
    let server = Server::raw(typed("text/139139220920202", body)).await;
    let request = CheckRequest::new(&invoice());
    let found = client(&server).probe_check(&request, Trigger::Schedule).await.unwrap();
    let shown = format!("{found:?}");
    assert!(!shown.contains("139139220920202") && !shown.contains("195255685725"), "{shown}");
    assert_eq!(found.content_type.as_deref(), Some("text/[redacted]"));
}

#[tokio::test]
async fn probes_of_an_invoice_keep_the_gaps_to_other_checks() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let start = MORNING.parse().unwrap();
    let request = CheckRequest::new(&invoice);
    assert_eq!(world.client.check_invoice(&invoice).await, Ok(Payment::Unpaid));
    for second in [15.0, 30.0, 90.0, 150.0] {
        let probe = world.client.probe_check(&request, Trigger::Schedule);
        let wakes = async {
            let first = world.hand.asleep(1).await;
            world.set(first);
            first
        };
        let (found, woke) = tokio::join!(probe, wakes);
        assert_eq!(found.unwrap().answer, Ok(Checked::Payment(Payment::Unpaid)));
        assert_eq!(woke, moment(start, second));
    }
    assert_eq!(world.sandbox.calls().checks(), 5);
}

#[tokio::test]
async fn a_refused_key_is_not_probed_again() {
    let body = br#"{"status":"failed","data":{"qris_status":"invalid apikey"}}"#;
    let server = Server::raw(reply(200, "", body)).await;
    let (client, request) = (client(&server), CheckRequest::new(&invoice()));
    let found = client.probe_check(&request, Trigger::Button).await.unwrap();
    assert_eq!(found.answer, Ok(Checked::Refused(Reason::InvalidApiKey)));
    let again = client.probe_check(&request, Trigger::Webhook).await;
    let paused = matches!(
        again,
        Err(Error::Paused { cause: PauseCause::Refused(Reason::InvalidApiKey), .. })
    );
    assert!(paused, "{again:?}");
    assert_eq!(server.asked.lock().unwrap().len(), 1);
}
