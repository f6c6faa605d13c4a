//! Waiting for a payment in a program without a watcher.

use qris_ledger::Error as LedgerError;
use qris_orders::{Error, State, WaitEvent};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

use crate::shop::{Shop, charge, context, new_order, number, questions_of_a_check};

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_with_the_payment() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    let (context, mut checks) = (context(), 0);
    let waited = service.wait(&context, &order.number, |event| {
        if let WaitEvent::Checked(None) = event {
            checks += 1;
            if checks == 1 {
                shop.pay(&order, 0);
            }
        }
    });
    let waited = waited.await.expect("an answer");
    assert_eq!(waited.order.state, State::Paid);
    assert!(waited.unanswered.is_none());
    assert_eq!((checks, shop.sandbox.calls().checks()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_unpaid_with_the_answer_that_the_provider_gives_at_the_end() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pass(&service, 71).await;
    let waited = service.wait(&context(), &order.number, |_| ()).await.expect("an answer");
    assert_eq!(waited.order.state, State::Expired);
    assert!(waited.unanswered.is_none());
    assert_eq!(shop.sandbox.calls().checks(), questions_of_a_check(&service, &order));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_longer_than_anybody_waits_ends_with_what_was_the_matter() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    shop.pass(&service, 150).await;
    let waited = service.wait(&context(), &order.number, |_| ()).await.expect("an answer");
    assert!(waited.unanswered.is_some());
    assert!(waited.order.next_check_at.is_some(), "the next process asks again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_without_a_code_cannot_be_waited_for() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    service.charge(&context(), &new_order("INV-1")).await.expect_err("no answer");
    for waited in [
        service.wait(&context(), &number("INV-1"), |_| ()).await,
        service.check_now(&context(), &number("INV-1"), |_| ()).await,
    ] {
        let unknown = |error: &Error| {
            matches!(error, Error::Ledger(LedgerError::State { found: State::Unknown, .. }))
        };
        assert!(waited.as_ref().is_err_and(unknown), "{waited:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_by_hand_waits_for_the_pause_after_the_one_before() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    let (context, mut paused) = (context(), false);
    for _ in 0..2 {
        let checked = service.check_now(&context, &order.number, |event| {
            paused |= matches!(event, WaitEvent::TooSoon(_));
        });
        assert_eq!(checked.await.expect("an answer").order.state, State::Pending);
    }
    assert!(paused);
    let id = order.invoices[0].qris_invoiceid.expect("an id").get();
    let asked = shop.sandbox.calls().checks_of(id);
    let [first, second] = asked[..] else { panic!("{asked:?}") };
    assert!(second.duration_since(first).as_millis() >= 1_000, "{asked:?}");
}
