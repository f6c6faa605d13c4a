//! Payments that the provider settled and the ledger lacks.

use qris_api::{InvoiceId, WibTime};
use qris_ledger::{Error as LedgerError, OnPossibleMatch, SettledBooking, SettlementLine};
use qris_orders::{Change, Error, SharedLedger as _, State};

use crate::shop::{AMOUNT, Service, Shop, charge, context, number};

fn line(id: &str, invoice: Option<InvoiceId>) -> SettlementLine {
    let mut line = SettlementLine::new(format!("id:{id}"), WibTime::now(), AMOUNT);
    line.transaction = Some(id.into());
    line.invoice = invoice;
    line
}

async fn import(service: &Service, lines: Vec<SettlementLine>) {
    let context = context();
    let now = service.now(&context).expect("the merchant");
    let imported =
        service.ledger().write(&context, move |ledger| ledger.import_settlement(&lines, now));
    imported.await.expect("imported");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_booked_and_counted_and_told_of_once() {
    let shop = Shop::open().await;
    let (one, two) = (shop.service().await, shop.service().await);
    import(&one, vec![line("T-1", None)]).await;
    let subscriptions = [one.changes(), two.changes()];
    let context = context();
    let (first, second) = tokio::join!(
        one.book_settled(&context, "id:T-1", OnPossibleMatch::Ask),
        two.book_settled(&context, "id:T-1", OnPossibleMatch::Ask),
    );
    let done = [first.expect("booked"), second.expect("booked")];
    let now = done.iter().filter(|done| matches!(done, SettledBooking::Booked(_))).count();
    assert_eq!(now, 1, "{done:?}");
    let again = one.book_settled(&context, "id:T-1", OnPossibleMatch::Ask).await.expect("booked");
    assert!(matches!(again, SettledBooking::AlreadyBooked(_)), "{again:?}");
    let settled = one.counters().settled.value() + two.counters().settled.value();
    assert_eq!(settled, 1);
    let order = one.find(&context, &number("SETTLED-T-1")).await.expect("an order");
    assert_eq!(order.state, State::Paid);
    drop((one, two));
    let mut told = Vec::new();
    for mut changes in subscriptions {
        while let Some(change) = changes.next().await {
            told.push(change);
        }
    }
    assert_eq!(told, [Change::Order(Box::new(order))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_a_line_says_is_paid_is_paid_in_the_next_round_if_the_provider_says_so() {
    let shop = Shop::open().await;
    let service = shop.service().await;
    let (paid, unpaid) = (charge(&service, "PAID").await, charge(&service, "UNPAID").await);
    shop.pay(&paid, 0);
    // Long before the next scheduled check.
    let ids = [&paid, &unpaid].map(|order| order.invoices[0].qris_invoiceid);
    import(&service, vec![line("T-1", ids[0]), line("T-2", ids[1])]).await;
    shop.pass(&service, 1).await;
    service.round().await.expect("a round");
    let state =
        async |name: &str| service.find(&context(), &number(name)).await.expect("an order").state;
    assert_eq!(state("PAID").await, State::Paid);
    assert_eq!(state("UNPAID").await, State::Pending, "a line alone pays nothing");
    for key in ["id:T-1", "id:T-2"] {
        let refused = service.book_settled(&context(), key, OnPossibleMatch::Book).await;
        let is_booked =
            |error: &Error| matches!(error, Error::Ledger(LedgerError::LineBooked { .. }));
        assert!(refused.as_ref().is_err_and(is_booked), "{key}: {refused:?}");
    }
}
