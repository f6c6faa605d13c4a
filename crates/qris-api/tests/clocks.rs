//! Wrong clocks, and days: neither may lose a payment or end a wait early.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;
mod world;

use std::ops::ControlFlow;
use std::pin::pin;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use qris_api::clock::ManualClock;
use qris_api::{
    Error, Invoice, InvoiceId, Payment, Reason, Rupiah, Schedule, TransactionNumber, Trigger, Wait,
    WibTime,
};
use qris_sandbox::{CheckDate, Fault, FaultCall, FaultRepeat};
use server::Server;
use world::{Event, MORNING, World, client, moment};

const JUMPS: [SignedDuration; 4] = [
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(-2),
    SignedDuration::from_hours(24 * 365),
    SignedDuration::from_hours(-24 * 365),
];

#[tokio::test]
async fn a_host_with_a_wrong_clock_waits_as_long_as_any_other() {
    for jump in JUMPS {
        let world = World::at(MORNING).await;
        world.jump(jump);
        let invoice = world.invoice().await;
        assert_eq!(world.wait(&invoice, Wait::new(), vec![]).await, Ok(Payment::Unpaid));
        let asked = world.asked_at(&invoice);
        assert_eq!((asked.len(), asked.last()), (33, Some(&4_200)), "{jump}: {asked:?}");
    }
}

#[tokio::test]
async fn setting_the_clock_during_a_wait_changes_nothing() {
    for jump in JUMPS {
        for pays in [true, false] {
            let world = World::at(MORNING).await;
            let invoice = world.invoice().await;
            let mut events: Vec<Event<'_>> = vec![(100.0, Box::new(|| world.jump(jump)))];
            if pays {
                events.push(world.pay(3_599.0, &invoice));
            }
            let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
            assert_eq!(payment.is_paid(), pays, "{jump}");
            if !pays {
                assert_eq!(world.asked_at(&invoice).last(), Some(&4_200), "{jump}");
            }
        }
    }
}

#[tokio::test]
async fn after_a_restart_the_age_comes_from_the_providers_clock() {
    for jump in JUMPS {
        let mut world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        world.jump(jump);
        world.set(moment(invoice.qris_request_date.timestamp(), 1_000.0));
        let kept = world.restart(&invoice);
        let payment = world.wait(&kept, Wait::new(), vec![]).await;
        assert_eq!(payment, Ok(Payment::Unpaid));
        let asked = world.asked_at(&invoice);
        assert!((1_000..=1_015).contains(&asked[0]), "{jump}: {asked:?}");
        assert_eq!(asked.last(), Some(&4_200), "{jump}: {asked:?}");
        assert!(asked.len() < 30, "{jump}: {asked:?}");
    }
}

#[tokio::test]
async fn an_expired_invoice_is_checked_once_after_a_restart() {
    let mut world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    world.set(moment(invoice.qris_request_date.timestamp(), 10_000.0));
    let kept = world.restart(&invoice);
    assert_eq!(world.wait(&kept, Wait::new(), vec![]).await, Ok(Payment::Unpaid));
    assert_eq!(world.asked_at(&invoice), [10_000]);
}

/// An invoice of an hour ago by the host's clock, which the provider does not know.
fn kept(now: Timestamp) -> Invoice {
    Invoice::new(
        TransactionNumber::parse("INV-1").unwrap(),
        Rupiah::new(1_000),
        "",
        WibTime::from(now - SignedDuration::from_hours(2)),
        InvoiceId::new(1),
        "",
    )
}

#[tokio::test]
async fn a_server_without_a_date_is_asked_for_the_whole_time_of_the_wait() {
    let unpaid = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;
    let server = Server::answering(200, unpaid.as_bytes()).await;
    let now: Timestamp = MORNING.parse().unwrap();
    let hand = ManualClock::starting_at(now);
    let schedule = Schedule::default().with_jitter(Duration::ZERO);
    let client = client(&server.base_url(), &hand, schedule);
    let invoice = kept(now);
    let mut made = Vec::new();
    let wait = Wait::new().on_check(|check| {
        made.push(check.made_at.timestamp().duration_since(now).as_secs());
        ControlFlow::Continue(())
    });
    {
        let mut waiting = pin!(client.wait_for_payment(&invoice, wait));
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = &mut waiting => break outcome,
                wakes = hand.asleep(1) => hand.set(wakes),
            }
        };
        assert_eq!(outcome, Ok(Payment::Unpaid));
    }
    assert_eq!(made[0], 0, "one check at once replaces the missed ones");
    assert_eq!(made.last(), Some(&4_200), "{made:?}");
    assert!(made.len() < 40, "{made:?}");
}

#[tokio::test]
async fn the_second_day_is_checked_with_any_host_clock() {
    for restarts in [true, false] {
        let mut world = World::with("2026-12-31T23:50:00+07:00", CheckDate::Payment).await;
        let mut invoice = world.invoice().await;
        world.jump(SignedDuration::from_hours(-12));
        world.set(moment(invoice.qris_request_date.timestamp(), 1_000.0));
        world.sandbox.pay(invoice.qris_invoiceid.get()).unwrap();
        if restarts {
            invoice = world.restart(&invoice);
        }
        assert!(world.check(&invoice).await.unwrap().is_paid(), "restarts: {restarts}");
        assert_eq!(world.asked_at(&invoice), [1_000, 1_000]);
    }
}

#[tokio::test]
async fn each_day_is_checked_after_any_answer_for_the_other() {
    for fault in [
        Fault::Refuse { words: "closed".to_owned() },
        Fault::CutJson,
        Fault::Empty,
        Fault::DropAfterAccepting,
    ] {
        let world = World::with("2026-12-31T23:50:00+07:00", CheckDate::Payment).await;
        let invoice = world.invoice().await;
        world.set(moment(invoice.qris_request_date.timestamp(), 1_000.0));
        world.sandbox.inject(fault.clone(), FaultCall::Check, FaultRepeat::Once);
        let failed = world.check(&invoice).await;
        assert!(failed.is_err(), "one day has no answer, so it is not unpaid: {failed:?}");
        assert_eq!(world.asked_at(&invoice), [1_000, 1_000], "{fault:?}");
        world.sandbox.pay(invoice.qris_invoiceid.get()).unwrap();
        world.sandbox.inject(fault.clone(), FaultCall::Check, FaultRepeat::Once);
        assert!(world.check(&invoice).await.unwrap().is_paid(), "{fault:?}");
    }
}

#[tokio::test]
async fn with_a_validity_of_days_each_day_is_checked() {
    let day = Duration::from_secs(24 * 60 * 60);
    let schedule =
        Schedule::default().with_validity(2 * day).with_grace(day).with_jitter(Duration::ZERO);
    for (age, days) in [(3_600.0, 1), (60_000.0, 2), (140_000.0, 3), (230_000.0, 4), (9e6, 4)] {
        let world = World::scheduled(MORNING, CheckDate::Payment, schedule).await;
        let invoice = world.invoice().await;
        world.set(moment(invoice.qris_request_date.timestamp(), age));
        assert_eq!(world.check(&invoice).await, Ok(Payment::Unpaid));
        assert_eq!(world.asked_at(&invoice).len(), days, "after {age} s");
    }
    // A payment on the third day is found by a check, and by waiting.
    let world = World::scheduled(MORNING, CheckDate::Payment, schedule).await;
    let invoice = world.invoice().await;
    let events = vec![world.pay(140_000.0, &invoice)];
    assert!(world.wait(&invoice, Wait::new(), events).await.unwrap().is_paid());
    assert!(world.check(&invoice).await.unwrap().is_paid());
}

#[tokio::test]
async fn a_button_and_a_webhook_have_checks_of_their_own() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    for trigger in [Trigger::Schedule, Trigger::Schedule, Trigger::Schedule, Trigger::Webhook] {
        let call = world.client.check_invoice_for(&invoice, trigger);
        assert_eq!(world.run(&invoice, call, vec![]).await, Ok(Payment::Unpaid));
    }
    assert_eq!(world.asked_at(&invoice), [0, 15, 30, 30]);
    for trigger in [Trigger::Button, Trigger::Schedule, Trigger::Schedule] {
        let call = world.client.check_invoice_for(&invoice, trigger);
        assert_eq!(world.run(&invoice, call, vec![]).await, Ok(Payment::Unpaid));
    }
    assert_eq!(world.asked_at(&invoice)[4..], [45, 90, 150]);
}

#[tokio::test]
async fn a_check_that_is_dropped_while_it_waits_does_not_count() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    assert_eq!(world.check(&invoice).await, Ok(Payment::Unpaid));
    for _ in 0..5 {
        tokio::select! {
            biased;
            payment = world.client.check_invoice(&invoice) => panic!("too early: {payment:?}"),
            wakes = world.hand.asleep(1) => {
                assert_eq!(wakes, moment(MORNING.parse().unwrap(), 15.0));
            }
        }
    }
    assert_eq!(world.check(&invoice).await, Ok(Payment::Unpaid));
    assert_eq!(world.asked_at(&invoice), [0, 15]);
}

#[tokio::test]
async fn a_known_refusal_of_one_day_is_an_error_and_not_unpaid() {
    let world = World::with("2026-12-31T23:50:00+07:00", CheckDate::Payment).await;
    let invoice = world.invoice().await;
    world.set(moment(invoice.qris_request_date.timestamp(), 1_000.0));
    let refuse = Fault::Refuse { words: "invalid mID".to_owned() };
    world.sandbox.inject(refuse, FaultCall::Check, FaultRepeat::Once);
    let refused = Error::Rejected { reason: Reason::InvalidMerchantId };
    assert_eq!(world.check(&invoice).await, Err(refused));
    assert_eq!(world.asked_at(&invoice).len(), 1, "a refused key makes no further check");
}
