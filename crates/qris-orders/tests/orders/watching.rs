//! Programs that share a ledger: one watches, others charge, request checks, listen or fork.

use std::fs;
use std::time::{Duration, Instant};

use qris_orders::{Charged, Checked, Error, Orders, OrdersSettings, State};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

use crate::shop::{AMOUNT, Shop, new_order, number, reaches};

/// The service without its watcher.
async fn connected(shop: &Shop) -> Orders {
    let settings = OrdersSettings::main(shop.client(), shop.url());
    Orders::connect(settings).await.expect("it opens")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_program_charges_is_checked_by_the_one_that_watches_and_by_no_other() {
    let shop = Shop::open().await;
    let till = connected(&shop).await;
    let order = till.charge(&new_order("INV-1")).await.expect("a code");
    let (Charged::Created(order) | Charged::Known(order)) = order;
    shop.pay(&order, 0);
    assert!(!till.is_watching());
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(shop.sandbox.calls().checks(), 0, "it is due, and nobody watches");

    let watcher = connected(&shop).await;
    assert!(watcher.watch() && !watcher.watch(), "once");
    let paid = reaches(&till, "INV-1", State::Paid).await;
    assert_eq!(paid.amount, AMOUNT);
    watcher.stop_watching().await;
    assert!(!watcher.is_watching());
    assert!(watcher.watch(), "again");
    watcher.stop().await;
    assert!(!watcher.watch(), "it has stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_check_ends_with_any_process_check_and_says_when_the_next_is_possible() {
    let shop = Shop::open().await;
    let watching = shop.orders().await;
    let other = connected(&shop).await;
    for text in ["INV-1", "INV-2", "INV-3"] {
        other.charge(&new_order(text)).await.expect("a code");
        let number = number(text);
        let pressed = other.check_and_wait(&number);
        let pressed = tokio::time::timeout(Duration::from_secs(20), pressed).await;
        let checked = pressed.expect("it ends").expect("an answer");
        let Checked::Made(waited) = checked else { panic!("{checked:?}") };
        assert_eq!(waited.order.state, State::Pending);
        assert!(waited.order.unanswered_at.is_none() && waited.unanswered.is_none());
    }
    let again = other.check_and_wait(&number("INV-3")).await.expect("an answer");
    assert!(matches!(again, Checked::TooSoon { .. }), "{again:?}");
    watching.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_check_during_a_pause_of_the_key_does_not_wait_for_the_end_of_the_pause() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    // The watcher or the call itself makes the check: over several orders, both do.
    for at in 0..6 {
        orders.charge(&new_order(&format!("INV-{at}"))).await.expect("a code");
    }
    let pause = Fault::TooManyRequests { seconds: 600.0 };
    shop.sandbox.inject(pause, FaultCall::Check, FaultRepeat::Standing);
    for at in 0..6 {
        let (number, begun) = (number(&format!("INV-{at}")), Instant::now());
        let checked = orders.check_and_wait(&number);
        let checked = tokio::time::timeout(Duration::from_secs(20), checked).await;
        let checked = checked.unwrap_or_else(|_| panic!("{number} waits, {:?}", begun.elapsed()));
        match checked.expect("an answer") {
            Checked::Made(waited) => assert_ne!(waited.order.state, State::Paid),
            Checked::TooSoon { wait, .. } => assert!(wait > Duration::from_secs(60), "{wait:?}"),
            Checked::NoneLeft(order) => panic!("{order:?}"),
        }
    }
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_for_a_paid_order_asks_nobody() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    let (Charged::Created(order) | Charged::Known(order)) =
        orders.charge(&new_order("INV-1")).await.expect("a code");
    shop.pay(&order, 0);
    reaches(&orders, "INV-1", State::Paid).await;
    let checks = shop.sandbox.calls().checks();
    let pressed = orders.check_and_wait(&number("INV-1")).await.expect("it is there");
    assert!(matches!(pressed, Checked::Made(waited) if waited.order.state == State::Paid));
    assert_eq!(shop.sandbox.calls().checks(), checks);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_events_ends_with_the_next_of_any_program_or_with_its_time() {
    let shop = Shop::open().await;
    let (listener, other) = (connected(&shop).await, connected(&shop).await);
    let begun = Instant::now();
    let none = listener.events(0, 10, Duration::from_millis(300)).await.expect("a list");
    assert_eq!(none, []);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    for (program, text) in [(&listener, "INV-1"), (&other, "INV-2")] {
        let listen = listener.events(
            listener.read(|ledger| ledger.outbox_cursor()).await.expect("a cursor"),
            10,
            Duration::from_secs(20),
        );
        let (told, opened) = tokio::join!(listen, async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            program.open(&new_order(text)).await
        });
        opened.expect("it is booked");
        let told = told.expect("a list");
        assert_eq!(told.iter().map(|event| event.number.as_str()).collect::<Vec<_>>(), [text]);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_ledger_is_open_nowhere_and_work_waits_until_it_is_resumed() {
    let shop = Shop::open().await;
    let orders = shop.orders().await;
    let path = shop.url().trim_start_matches("sqlite://").to_owned();
    let is_open = || {
        let files = fs::read_dir("/proc/self/fd").expect("the open files");
        let targets = files.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
        targets.filter(|target| target.to_string_lossy().starts_with(&path)).count() > 0
    };
    assert!(is_open());
    let suspended = orders.suspend(Duration::from_secs(20)).await.expect("it is idle");
    assert!(!is_open(), "the watcher's connection too");
    let charge = tokio::spawn({
        let orders = orders.clone();
        async move { orders.open(&new_order("INV-1")).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!charge.is_finished() && !is_open());
    drop(suspended);
    charge.await.expect("it ends").expect("it is booked");
    assert!(is_open());
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_number_without_a_code_that_may_exist_is_an_outcome_that_is_unknown() {
    let shop = Shop::open().await;
    let orders = connected(&shop).await;
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    orders.charge(&new_order("INV-1")).await.expect_err("no answer");
    let known = orders.charge(&new_order("INV-1")).await.expect("it is booked").into_known();
    assert!(
        matches!(&known, Err(error @ Error::OutcomeUnknown) if error.code() == "outcome-unknown")
    );
    let opened = orders.open(&new_order("INV-2")).await.expect("it is booked").into_known();
    assert_eq!(opened.expect("nothing is unknown").state, State::Open);
}
