//! No checks are sent while the provider asks for a pause.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;
mod world;

use std::time::Duration;

use jiff::Timestamp;
use qris_api::clock::ManualClock;
use qris_api::{
    Client, Error, Invoice, InvoiceId, PauseCause, Payment, Reason, Rupiah, Schedule, Tip,
    TransactionNumber, Wait, WibTime,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use server::{Server, reply};
use world::{MORNING, World, client, moment};

const UNPAID: &[u8] = br#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;
const PAID: &[u8] = br#"{"status":"success","data":{"qris_status":"paid"}}"#;

fn at(seconds: f64) -> Timestamp {
    moment(MORNING.parse().unwrap(), seconds)
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

fn start(server: &Server) -> (ManualClock, Client, Invoice) {
    let hand = ManualClock::starting_at(at(0.0));
    let schedule = Schedule::default().with_jitter(Duration::ZERO);
    let client = client(&server.base_url(), &hand, schedule);
    let date = WibTime::from(at(0.0));
    let invoice =
        Invoice::new(number(), Rupiah::new(1_000), "", date, InvoiceId::new(413_255_111), "");
    (hand, client, invoice)
}

fn paused(seconds: u64, cause: PauseCause) -> Result<Payment, Error> {
    Err(Error::Paused { wait: Duration::from_secs(seconds), cause })
}

#[tokio::test]
async fn a_retry_after_pauses_every_invoice_of_the_key() {
    for status in [429, 503] {
        for line in ["Retry-After: 120\r\n", "Retry-After: Sun, 22 Nov 2026 03:02:00 GMT\r\n"] {
            let busy = reply(status, line, b"busy");
            let server = Server::raw_in_turn(vec![busy, reply(200, "", UNPAID)]).await;
            let (hand, client, invoice) = start(&server);
            let outcome = client.check_invoice(&invoice).await;
            let malformed = matches!(&outcome, Err(Error::MalformedReply { status: found, .. }) if *found == status);
            assert!(malformed, "{outcome:?}");
            let mut other = invoice.clone();
            other.qris_invoiceid = InvoiceId::new(7);
            for invoice in [&invoice, &other] {
                let outcome = client.check_invoice(invoice).await;
                assert_eq!(outcome, paused(120, PauseCause::RetryAfter));
            }
            hand.set(at(119.0));
            assert_eq!(client.check_invoice(&other).await, paused(1, PauseCause::RetryAfter));
            assert_eq!(server.asked.lock().unwrap().len(), 1, "nothing was sent");
            hand.set(at(120.0));
            assert_eq!(client.check_invoice(&other).await, Ok(Payment::Unpaid));
        }
    }
}

#[tokio::test]
async fn an_answer_with_a_retry_after_counts() {
    let server = Server::raw(reply(503, "Retry-After: 120\r\n", PAID)).await;
    let (_, client, invoice) = start(&server);
    assert!(client.check_invoice(&invoice).await.unwrap().is_paid());
    assert_eq!(client.check_invoice(&invoice).await, paused(120, PauseCause::RetryAfter));
}

#[tokio::test]
async fn a_wait_continues_after_a_retry_after() {
    let busy = reply(429, "Retry-After: 300\r\n", b"busy");
    let server = Server::raw_in_turn(vec![busy, reply(200, "", PAID)]).await;
    let (hand, client, invoice) = start(&server);
    let waiting = tokio::spawn(async move { client.wait_for_payment(&invoice, Wait::new()).await });
    while !waiting.is_finished() {
        tokio::select! {
            wakes = hand.asleep(1) => hand.set(wakes),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
    }
    assert!(waiting.await.unwrap().unwrap().is_paid());
    assert_eq!(hand.clock().now(), at(315.0), "15 s after the create, and 300 s more");
    assert_eq!(server.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_create_starts_a_pause_and_is_not_delayed_by_one() {
    let server = Server::raw(reply(503, "Retry-After: 60\r\n", b"busy")).await;
    let (_, client, invoice) = start(&server);
    for _ in 0..2 {
        let created = client.create_invoice(&number(), Rupiah::new(1_000), Tip::None).await;
        assert!(matches!(created, Err(Error::OutcomeUnknown { .. })), "{created:?}");
    }
    assert_eq!(client.check_invoice(&invoice).await, paused(60, PauseCause::RetryAfter));
    assert_eq!(server.asked.lock().unwrap().len(), 2, "two creates and no check");
}

#[tokio::test]
async fn a_refused_key_or_merchant_is_tried_again_every_quarter_of_an_hour() {
    for (words, reason) in
        [("invalid apikey", Reason::InvalidApiKey), ("invalid mID", Reason::InvalidMerchantId)]
    {
        let world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        let refuse = Fault::Refuse { words: words.to_owned() };
        world.sandbox.inject(refuse, FaultCall::Check, FaultRepeat::Standing);
        let refused = Err(Error::Rejected { reason: reason.clone() });
        let cause = PauseCause::Refused(reason);
        for age in [0_u32, 900, 1_800] {
            world.set(at(age.into()));
            assert_eq!(world.check(&invoice).await, refused, "at {age}");
            assert_eq!(world.check(&invoice).await, paused(900, cause.clone()));
            // A wait ends with the refusal, as if the provider had been asked.
            let waited = world.client.wait_for_payment(&invoice, Wait::new());
            assert_eq!(world.run(&invoice, waited, vec![]).await, refused);
        }
        assert_eq!(world.sandbox.calls().checks(), 3, "the probes");
        world.sandbox.clear_faults();
        world.set(at(2_700.0));
        assert_eq!(world.check(&invoice).await, Ok(Payment::Unpaid));
        assert_eq!(world.check(&invoice).await, Ok(Payment::Unpaid), "the pause is over");
    }
}

#[test]
fn a_pause_has_its_length_its_cause_and_a_code() {
    let wait = Duration::from_millis(59_500);
    let error = Error::Paused { wait, cause: PauseCause::RetryAfter };
    let said = "checks are paused for 60 s: the provider asked to wait; ask again later";
    assert_eq!((error.to_string().as_str(), error.code()), (said, "retry-after"));
    let cause = PauseCause::Refused(Reason::InvalidApiKey);
    assert_eq!(cause.code(), "invalid-api-key");
    let said = "checks are paused for 60 s: the provider refused the request: invalid API key; \
                correct the credentials";
    assert_eq!(Error::Paused { wait, cause }.to_string(), said);
}
