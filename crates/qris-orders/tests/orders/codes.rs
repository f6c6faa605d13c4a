//! Orders with several codes: only one is shown, and only one payment is requested.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use qris_api::{Client, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, WibTime};
use qris_ledger::{Error as LedgerError, Ledger};
use qris_orders::{Cancelled, Context, Error, LedgerPool, Merchant, Order, OrderService, Renewed};
use qris_orders::{SharedLedger, State, SystemClock};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

use crate::shop::{AMOUNT, Shop, charge, context, number, questions_of_a_check};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_is_asked_for_after_the_older_one_was_checked() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pass(&service, 31).await;
    let renewed = service.renew(&context(), &order.number).await.expect("a code");
    let Renewed::Created(renewed) = renewed else { panic!("{renewed:?}") };
    assert_eq!(renewed.state, State::Pending);
    assert_eq!(renewed.invoices.len(), 2);
    assert_ne!(renewed.invoice, order.invoice);
    let older = order.invoices[0].qris_invoiceid.expect("an id").get();
    let questions = questions_of_a_check(&service, &order);
    assert_eq!(shop.sandbox.calls().checks_of(older).len(), questions);
    assert_eq!(shop.sandbox.calls().checks(), questions, "nothing else is checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_code_that_was_paid_just_now_settles_the_order_instead_of_a_new_code() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pay(&order, 0);
    shop.pass(&service, 31).await;
    let renewed = service.renew(&context(), &order.number).await.expect("an answer");
    let Renewed::Paid(paid) = renewed else { panic!("{renewed:?}") };
    assert_eq!((paid.state, paid.invoices.len()), (State::Paid, 1));
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_since_the_last_check_is_found_before_a_new_code_although_the_check_was_just_now()
{
    let shop = Shop::open().await;
    let gap = Duration::from_secs(4);
    let schedule = Schedule::default().with_try_gap(gap).with_check_gap(gap);
    let client = shop.client().schedule(schedule).build().expect("a client");
    let service = shop.service_with(|_| Merchant::main(client)).await;
    let order = charge(&service, "INV-1").await;
    shop.pass(&service, 31).await;
    service.round().await.expect("a round");
    assert_eq!(shop.sandbox.calls().checks(), questions_of_a_check(&service, &order));
    // The answer is older than the second to which times are rounded, and no older than the gap.
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    shop.pay(&order, 0);
    let renewed = service.renew(&context(), &order.number).await.expect("an answer");
    assert!(matches!(renewed, Renewed::Paid(_)), "{renewed:?}");
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_new_code_while_an_older_one_has_no_answer() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pass(&service, 31).await;
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let refused = service.renew(&context(), &order.number).await;
    assert!(matches!(refused, Err(Error::Unanswered(_))), "{refused:?}");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.sandbox.clear_faults();
    let renewed = service.renew(&context(), &order.number).await.expect("a code");
    assert!(matches!(renewed, Renewed::Created(_)), "{renewed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_renewals_at_once_get_one_new_code() {
    let shop = Shop::open().await;
    let (one, two) = (shop.service().await, shop.service().await);
    let order = charge(&one, "INV-1").await;
    shop.pass(&one, 31).await;
    crate::shop::learn_time(&two).await;
    let context = context();
    let (one, two) =
        tokio::join!(one.renew(&context, &order.number), two.renew(&context, &order.number));
    let created = [&one, &two].map(|done| matches!(done, Ok(Renewed::Created(_))));
    assert_eq!(created.iter().filter(|created| **created).count(), 1, "{one:?} {two:?}");
    assert_eq!(shop.sandbox.calls().creates(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_still_shown_is_not_renewed() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    let refused = service.renew(&context(), &order.number).await;
    let wrong_state = |error: &Error| {
        matches!(error, Error::Ledger(LedgerError::State { found: State::Pending, .. }))
    };
    assert!(refused.as_ref().is_err_and(wrong_state), "{refused:?}");
    let words = refused.expect_err("it is refused").to_string();
    assert_eq!(words, "expected an order that is expired or rejected, found it pending");
    assert_eq!(shop.sandbox.calls().checks(), 0, "the provider is not asked in vain");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payment_of_a_second_code_is_overpaid_and_settles_nothing_again() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pass(&service, 31).await;
    let renewed = service.renew(&context(), &order.number).await.expect("a code");
    let Renewed::Created(renewed) = renewed else { panic!("{renewed:?}") };
    shop.pay(&renewed, 0);
    shop.pay(&renewed, 1);
    // By then both have their next check.
    shop.pass(&service, 2).await;
    service.round().await.expect("a round");
    let paid = service.find(&context(), &order.number).await.expect("it is booked");
    assert_eq!((paid.state, paid.overpaid), (State::Paid, AMOUNT));
    assert_eq!(service.counters().settled.value(), 1);
    assert_eq!(service.counters().overpaid.value(), 1);
}

/// A ledger in which another program records the payment of an invoice just before one of the writes.
struct PaidBefore {
    pool: LedgerPool,
    invoice: InvoiceId,
    write: u32,
    writes: AtomicU32,
}

impl SharedLedger for PaidBefore {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        if self.writes.fetch_add(1, Ordering::Relaxed) == self.write {
            let (id, payment) = (self.invoice, Payment::Paid(PaymentDetails::default()));
            let settle = move |ledger: &mut Ledger| ledger.settle(id, &payment, WibTime::now());
            self.pool.write(context, settle).await?;
        }
        self.pool.write(context, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.pool.read(context, work).await
    }
}

/// An expired order, in a shop whose ledger records its payment just before this write of the next call.
async fn paid_before(
    shop: &Shop,
    write: u32,
) -> (OrderService<Client, PaidBefore, SystemClock>, Order) {
    let service = shop.service().await;
    let order = charge(&service, &format!("INV-{write}")).await;
    shop.pass(&service, 31).await;
    let pool = LedgerPool::open(shop.url()).await.expect("a ledger");
    let invoice = order.invoices[0].qris_invoiceid.expect("an id");
    let ledger = PaidBefore { pool, invoice, write, writes: AtomicU32::new(0) };
    let client = shop.client().build().expect("a client");
    client.server_time().await.expect("an answer");
    (OrderService::new(ledger, SystemClock, [Merchant::main(client)]), order)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_another_program_finds_paid_during_a_renewal_is_paid() {
    let shop = Shop::open().await;
    // The claim of the check, its answer, the claim that finds nothing left, and the intent to request a code.
    for write in 0..4 {
        let (service, order) = paid_before(&shop, write).await;
        let renewed = service.renew(&context(), &order.number).await;
        assert!(matches!(renewed, Ok(Renewed::Paid(_))), "before write {write}: {renewed:?}");
        assert!(service.ledger().writes.load(Ordering::Relaxed) > write, "it was not paid");
    }
    assert_eq!(shop.sandbox.calls().creates(), 4, "no new code was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_another_program_finds_paid_during_a_cancellation_is_paid() {
    let shop = Shop::open().await;
    // The same, with the cancellation last.
    for write in 0..4 {
        let (service, order) = paid_before(&shop, write).await;
        let cancelled = service.cancel(&context(), &order.number).await;
        assert!(matches!(cancelled, Ok(Cancelled::Paid(_))), "before write {write}: {cancelled:?}");
        assert!(service.ledger().writes.load(Ordering::Relaxed) > write, "it was not paid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_paid_just_now_is_paid_and_not_cancelled() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.pay(&order, 0);
    let cancelled = service.cancel(&context(), &order.number).await.expect("an answer");
    assert!(matches!(cancelled, Cancelled::Paid(_)), "{cancelled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_cancelled_although_the_provider_does_not_answer_and_that_is_said() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let cancelled = service.cancel(&context(), &order.number).await.expect("an answer");
    let Cancelled::Now { order, unanswered, .. } = cancelled else { panic!("{cancelled:?}") };
    assert_eq!((order.state, unanswered.is_some()), (State::Cancelled, true));
    // A later payment is recorded too.
    shop.sandbox.clear_faults();
    shop.pay(&order, 0);
    shop.pass(&service, 71).await;
    service.round().await.expect("a round");
    let paid = service.find(&context(), &number("INV-1")).await.expect("it is booked");
    assert_eq!((paid.state, paid.overpaid), (State::Paid, Rupiah::new(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_a_cancelled_order_gives_the_order_and_asks_nobody() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let order = charge(&service, "INV-1").await;
    let first = service.cancel(&context(), &order.number).await.expect("an answer");
    let Cancelled::Now { order: first, .. } = first else { panic!("{first:?}") };
    let checks = shop.sandbox.calls().checks();
    let again = service.cancel(&context(), &order.number).await.expect("the same answer");
    let Cancelled::Now { order: again, unanswered, .. } = again else { panic!("{again:?}") };
    assert_eq!((again, unanswered.is_none()), (first, true));
    assert_eq!(shop.sandbox.calls().checks(), checks);
    let context = context();
    let events = service.ledger().read(&context, |ledger| ledger.events(&number("INV-1")));
    let states: Vec<State> = events.await.expect("events").iter().map(|one| one.state).collect();
    assert_eq!(states.iter().filter(|state| **state == State::Cancelled).count(), 1);
}
