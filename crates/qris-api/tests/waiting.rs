//! An hour of waiting in milliseconds: the tests move the clocks of the client and the sandbox.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::pin::pin;
use std::process::Command;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use qris_api::{
    ApiKey, Check, CheckBudget, Client, Error, ManualCheck, MerchantId, Payment, Reason, Trigger,
    Wait,
};
use qris_sandbox::{CheckDate, Fault, FaultCall, FaultRepeat};
use tokio::task::JoinSet;
use world::{Event, MORNING, World, moment};

#[tokio::test]
async fn an_unpaid_invoice_is_checked_33_times_in_70_minutes_and_is_then_unpaid() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let mut checks: Vec<Check> = Vec::new();
    let wait = Wait::new().on_check(|check| {
        checks.push(check.clone());
        ControlFlow::Continue(())
    });
    assert_eq!(world.wait(&invoice, wait, vec![]).await, Ok(Payment::Unpaid));

    let asked = world.asked_at(&invoice);
    assert_eq!(asked[..5], [15, 30, 45, 105, 165]);
    assert_eq!(asked.len(), 33);
    assert_eq!(asked[32], 4200);
    assert!(asked.windows(2).skip(2).all(|pair| pair[1] - pair[0] >= 60), "{asked:?}");

    assert_eq!(checks.len(), 33);
    for (index, pair) in checks.windows(2).enumerate() {
        assert_eq!(usize::try_from(pair[0].number).unwrap(), index + 1);
        assert_eq!(pair[0].outcome, Ok(Payment::Unpaid));
        assert_eq!(pair[0].trigger, Trigger::Schedule);
        assert_eq!(pair[0].next_at, Some(pair[1].made_at), "the countdown was right");
    }
    assert_eq!(checks[32].next_at, None);
}

#[tokio::test]
async fn a_payment_is_seen_by_the_next_check() {
    for (paid_at, seen_at) in [(1.0, 15), (14.9, 15), (31.0, 45), (46.0, 105), (640.0, 645)] {
        let world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        let events = vec![world.pay(paid_at, &invoice)];
        let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
        assert!(payment.is_paid());
        assert_eq!(world.asked_at(&invoice).last(), Some(&seen_at), "paid at {paid_at}");
    }
}

#[tokio::test]
async fn a_payment_in_the_last_second_counts() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let events = vec![world.pay(3_599.9, &invoice)];
    let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
    assert!(payment.is_paid(), "found {payment:?}");
}

#[tokio::test]
async fn a_payment_in_the_grace_period_counts() {
    for lands_after in [60.0, 300.0, 600.0] {
        let world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        let late = Fault::LatePayment { seconds: lands_after };
        world.sandbox.inject(late, FaultCall::Any, FaultRepeat::Once);
        let events = vec![world.pay(3_599.9, &invoice)];
        let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
        assert!(payment.is_paid(), "found {payment:?} with {lands_after}");
    }
}

#[tokio::test]
async fn a_payment_after_the_grace_period_is_found_by_a_later_check() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    world.sandbox.inject(Fault::LatePayment { seconds: 700.0 }, FaultCall::Any, FaultRepeat::Once);
    let events = vec![world.pay(3_599.0, &invoice)];
    assert_eq!(world.wait(&invoice, Wait::new(), events).await, Ok(Payment::Unpaid));
    world.set(moment(invoice.qris_request_date.timestamp(), 4_300.0));
    assert!(world.client.check_invoice(&invoice).await.unwrap().is_paid());
    // A second wait makes one check at once.
    let payment = world.wait(&invoice, Wait::new(), vec![]).await.unwrap();
    assert!(payment.is_paid());
    assert_eq!(world.asked_at(&invoice).len(), 35);
}

#[tokio::test]
async fn a_payment_across_midnight_is_found_under_either_day() {
    for check_date in [CheckDate::Payment, CheckDate::Request, CheckDate::Either] {
        for paid_at in [100.0, 660.0, 3_599.0] {
            let world = World::with("2026-12-31T23:50:00+07:00", check_date).await;
            let invoice = world.invoice().await;
            let events = vec![world.pay(paid_at, &invoice)];
            let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
            assert!(payment.is_paid(), "{check_date:?}, paid at {paid_at}: {payment:?}");
            let checked = world.check(&invoice).await.unwrap();
            assert!(checked.is_paid(), "{check_date:?}, paid at {paid_at}: {checked:?}");
        }
    }
}

#[tokio::test]
async fn after_midnight_only_the_last_check_asks_for_both_days() {
    let world = World::at("2026-12-31T23:50:00+07:00").await;
    let invoice = world.invoice().await;
    assert_eq!(world.wait(&invoice, Wait::new(), vec![]).await, Ok(Payment::Unpaid));
    let asked = world.asked_at(&invoice);
    assert_eq!(asked.len(), 34, "the last check names both days");
    assert_eq!(asked[32..], [4_200, 4_200]);
    assert!(world.sandbox.calls().busiest_minute() <= 3, "three tries in the first minute");
}

#[tokio::test]
async fn a_host_in_another_time_zone_sees_the_same_midnight() {
    const ZONES: [&str; 3] = ["America/New_York", "Asia/Jayapura", "UTC-14"];
    let test = "a_payment_across_midnight_is_found_under_either_day";
    for zone in ZONES {
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env("TZ", zone)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}

#[tokio::test]
async fn no_failed_check_ends_the_wait() {
    for fault in [
        Fault::Html,
        Fault::DropAfterAccepting,
        Fault::CutJson,
        Fault::Refuse { words: "busy".into() },
    ] {
        let world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        world.sandbox.inject(fault.clone(), FaultCall::Check, FaultRepeat::Standing);
        let mut failed = 0;
        let wait = Wait::new().on_check(|check| {
            failed += u32::from(check.outcome.is_err());
            ControlFlow::Continue(())
        });
        let events: Vec<Event<'_>> =
            vec![world.pay(200.0, &invoice), (1_000.0, Box::new(|| world.sandbox.clear_faults()))];
        let payment = world.wait(&invoice, wait, events).await.unwrap();
        assert!(payment.is_paid(), "{fault:?}");
        assert_eq!(failed, 14, "{fault:?}: those up to 822 s");
    }
}

/// Otherwise the same key would be refused again and again for an hour.
#[tokio::test]
async fn a_documented_refusal_ends_the_wait() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let refuse = Fault::Refuse { words: "invalid apikey".into() };
    world.sandbox.inject(refuse, FaultCall::Check, FaultRepeat::Standing);
    let outcome = world.wait(&invoice, Wait::new(), Vec::new()).await;
    assert_eq!(outcome, Err(Error::Rejected { reason: Reason::InvalidApiKey }));
    assert_eq!(world.sandbox.calls().checks(), 1);
}

#[tokio::test]
async fn without_an_answer_at_the_end_checks_continue_up_to_an_hour_apart() {
    for pays in [true, false] {
        let world = World::at(MORNING).await;
        let invoice = world.invoice().await;
        let silence =
            || world.sandbox.inject(Fault::Empty, FaultCall::Check, FaultRepeat::Standing);
        let mut events: Vec<Event<'_>> = vec![(3_500.0, Box::new(silence))];
        if pays {
            events.push(world.pay(3_590.0, &invoice));
        }
        events.push((30_000.0, Box::new(|| world.sandbox.clear_faults())));
        let payment = world.wait(&invoice, Wait::new(), events).await.unwrap();
        assert_eq!(payment.is_paid(), pays);
        let asked = world.asked_at(&invoice);
        let end = asked.iter().position(|&age| age == 4_200).unwrap();
        let after = [4_200, 4_260, 4_380, 4_620, 5_100, 6_060, 7_980, 11_580, 15_180];
        assert_eq!(asked[end..][..after.len()], after);
        assert!(*asked.last().unwrap() >= 30_000, "{asked:?}");
    }
}

#[tokio::test]
async fn the_callback_can_end_the_wait() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let wait = Wait::new().on_check(|check| match check.number {
        2 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(world.wait(&invoice, wait, vec![]).await, Ok(Payment::Unpaid));
    assert_eq!(world.asked_at(&invoice), [15, 30]);
}

#[tokio::test]
async fn the_cashiers_button_has_three_presses_fifteen_seconds_apart() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let early = world.client.early_check();
    let too_soon = ManualCheck::TooSoon { wait: Duration::from_secs(14) };
    let press = |age: f64, expected: ManualCheck| -> Event<'_> {
        let early = early.clone();
        (age, Box::new(move || assert_eq!(early.press(), expected, "at {age}")))
    };
    let events = vec![
        press(50.0, ManualCheck::Accepted { left: 2 }),
        press(51.0, too_soon),
        press(65.0, ManualCheck::Accepted { left: 1 }),
        press(200.0, ManualCheck::Accepted { left: 0 }),
        press(300.0, ManualCheck::NoneLeft),
        world.pay(301.0, &invoice),
    ];
    let mut buttons = 0;
    let wait = Wait::new().early_check(&early).on_check(|check| {
        buttons += u32::from(check.trigger == Trigger::Button);
        ControlFlow::Continue(())
    });
    assert!(world.wait(&invoice, wait, events).await.unwrap().is_paid());
    assert_eq!(buttons, 3);
    let expected = [15, 30, 45, 60, 75, 105, 165, 200, 225, 285, 345];
    let asked = world.asked_at(&invoice);
    assert_eq!(asked, expected, "no press comes too close to a check, and the schedule goes on");
}

#[tokio::test]
async fn repeated_webhooks_allow_one_check_at_once() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    let early = world.client.early_check();
    let webhook = |age: f64| -> Event<'_> { (age, Box::new(|| early.webhook())) };
    let events = vec![webhook(70.0), webhook(71.0), webhook(72.0), world.pay(80.0, &invoice)];
    let wait = Wait::new().early_check(&early);
    assert!(world.wait(&invoice, wait, events).await.unwrap().is_paid());
    assert_eq!(world.asked_at(&invoice), [15, 30, 45, 70, 105]);
}

#[tokio::test]
async fn a_webhook_finds_a_payment_after_midnight_under_either_day() {
    for check_date in [CheckDate::Payment, CheckDate::Request] {
        let world = World::with("2026-12-31T23:50:00+07:00", check_date).await;
        let invoice = world.invoice().await;
        let early = world.client.early_check();
        let events: Vec<Event<'_>> =
            vec![world.pay(700.0, &invoice), (701.0, Box::new(|| early.webhook()))];
        let wait = Wait::new().early_check(&early);
        assert!(world.wait(&invoice, wait, events).await.unwrap().is_paid());
        assert_eq!(world.asked_at(&invoice).last(), Some(&701), "{check_date:?}");
    }
}

#[tokio::test]
async fn a_wait_that_begins_late_replaces_the_missed_checks_by_one() {
    let world = World::at(MORNING).await;
    let invoice = world.invoice().await;
    world.set(moment(invoice.qris_request_date.timestamp(), 1_000.0));
    assert_eq!(world.wait(&invoice, Wait::new(), vec![]).await, Ok(Payment::Unpaid));
    let asked = world.asked_at(&invoice);
    assert_eq!(asked[0], 1_000);
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= 60), "{asked:?}");
    assert_eq!(asked.last(), Some(&4_200));
}

#[tokio::test]
async fn two_hundred_waits_stay_within_the_budget_of_one_key() {
    let world = World::at("2026-11-22T23:30:00+07:00").await;
    let mut invoices = Vec::new();
    for _ in 0..200 {
        invoices.push(world.invoice().await);
    }
    // Every second one is paid, at a time between the first minute and the last.
    let made = invoices[0].qris_request_date.timestamp();
    let mut payments: BTreeMap<Timestamp, Vec<u64>> = BTreeMap::new();
    for (index, invoice) in (0_u32..).zip(&invoices).step_by(2) {
        let at = moment(made, 10.0 + 17.0 * f64::from(index));
        payments.entry(at).or_default().push(invoice.qris_invoiceid.get());
    }

    let mut waits = JoinSet::new();
    for (index, invoice) in invoices.iter().cloned().enumerate() {
        let client = world.client.clone();
        waits.spawn(async move { (index, client.wait_for_payment(&invoice, Wait::new()).await) });
    }
    let mut outcomes = vec![None; 200];
    while !waits.is_empty() {
        let still_waiting = waits.len();
        let wakes = tokio::select! {
            biased;
            Some(ended) = waits.join_next() => {
                let (index, outcome) = ended.unwrap();
                outcomes[index] = Some(outcome.unwrap());
                continue;
            }
            wakes = world.hand.asleep(still_waiting) => wakes,
        };
        match payments.first_key_value().map(|(&at, _)| at).filter(|&at| at <= wakes) {
            Some(at) => {
                world.set(at);
                for id in payments.remove(&at).unwrap() {
                    world.sandbox.pay(id).unwrap();
                }
            }
            None => world.set(wakes),
        }
    }

    for (index, outcome) in outcomes.iter().enumerate() {
        let paid = outcome.as_ref().unwrap().is_paid();
        assert_eq!(paid, index % 2 == 0, "invoice {index}");
    }
    let calls = world.sandbox.calls();
    assert_eq!(calls.busiest_minute(), 60, "the budget is used and never exceeded");
    for invoice in &invoices {
        let asked = world.asked_at(invoice);
        assert!(asked.len() <= 34, "{asked:?}");
    }
}

#[tokio::test]
async fn clients_with_one_budget_share_its_checks() {
    let world = World::at(MORNING).await;
    let invoices = [world.invoice().await, world.invoice().await, world.invoice().await];
    let budget = CheckBudget::in_memory(2);
    let client = || {
        let key = ApiKey::parse("sandbox-key").unwrap();
        Client::builder(key, MerchantId::parse("123456").unwrap())
            .base_url(world.sandbox.base_url())
            .clock(world.hand.clock())
            .budget(budget.clone())
            .build()
            .unwrap()
    };
    let (first, second) = (client(), client());
    assert_eq!(first.check_invoice(&invoices[0]).await, Ok(Payment::Unpaid));
    assert_eq!(second.check_invoice(&invoices[1]).await, Ok(Payment::Unpaid));
    let mut third = pin!(first.check_invoice(&invoices[2]));
    let wakes = tokio::select! {
        biased;
        payment = &mut third => panic!("the third check did not wait: {payment:?}"),
        wakes = world.hand.asleep(1) => wakes,
    };
    assert_eq!(wakes, moment(MORNING.parse().unwrap(), 61.0));
    world.set(wakes);
    assert_eq!(third.await, Ok(Payment::Unpaid));
    let asked = invoices.each_ref().map(|invoice| world.asked_at(invoice));
    assert_eq!(asked.concat(), [0, 0, 61]);
}

#[tokio::test]
async fn a_dropped_check_gives_its_place_back() {
    let world = World::at(MORNING).await;
    let (first, invoice) = (world.invoice().await, world.invoice().await);
    let key = ApiKey::parse("sandbox-key").unwrap();
    let client = Client::builder(key, MerchantId::parse("123456").unwrap())
        .base_url(world.sandbox.base_url())
        .clock(world.hand.clock())
        .budget(CheckBudget::in_memory(1))
        .build()
        .unwrap();
    assert_eq!(client.check_invoice(&first).await, Ok(Payment::Unpaid));
    for _ in 0..5 {
        tokio::select! {
            biased;
            payment = client.check_invoice(&invoice) => panic!("it did not wait: {payment:?}"),
            wakes = world.hand.asleep(1) => {
                assert_eq!(wakes, moment(MORNING.parse().unwrap(), 61.0));
            }
        }
    }
}

#[tokio::test]
async fn now_is_the_providers_time_and_does_not_jump_with_the_hosts_clock() {
    let mut world = World::at("2026-11-22T10:00:00+07:00").await;
    world.jump(SignedDuration::from_hours(2));
    assert_eq!(world.client.now().to_api_text(), "2026-11-22 12:00:00", "there is no reply yet");
    let invoice = world.invoice().await;
    assert_eq!(world.client.now().to_api_text(), "2026-11-22 10:00:00");
    world.jump(SignedDuration::from_mins(-165));
    world.set("2026-11-22T10:05:00+07:00".parse().unwrap());
    assert_eq!(
        world.client.now().to_api_text(),
        "2026-11-22 10:05:00",
        "it advances by monotonic time"
    );
    world.restart(&invoice);
    assert_eq!(world.client.now().to_api_text(), "2026-11-22 09:20:00");
    world.client.server_time().await.unwrap();
    assert_eq!(world.client.now().to_api_text(), "2026-11-22 10:05:00");
}
