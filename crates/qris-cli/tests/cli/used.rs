//! `qris order create` with a number of an earlier day.

use std::time::Duration;

use crate::shop::{Shop, complaint, intend, order, text};
use qris_api::{Invoice, InvoiceId, Payment, PaymentDetails, Schedule, WibTime};
use qris_ledger::Ledger;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn a_number_that_was_paid_yesterday_ends_with_one_unless_the_key_is_the_same() {
    let shop = Shop::open();
    let then: WibTime = WibTime::now().timestamp().checked_sub(DAY).expect("a day").into();
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let (mut new, id) = (order("1001"), InvoiceId::new(7));
    new.reference = Some("order-7".to_owned());
    let intent = intend(&mut ledger, &new, then);
    let nmid = shop.sandbox.nmid();
    let invoice = Invoice::new(new.number, new.amount, "0002", then, id, nmid);
    ledger.record_created(&intent, &invoice, &Schedule::default(), then).expect("an invoice");
    ledger.settle(id, &Payment::Paid(PaymentDetails::default()), then).expect("a payment");

    let refused = shop.qris(&["order", "create", "1001", "5000"]);
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    assert_eq!(text(&refused), "", "nothing says that it is paid");
    let words = complaint(&refused);
    assert!(words.contains(&format!("paid on {}", then.date())), "{words}");

    for flag in ["--idempotency-key", "--reference"] {
        let same = ["order", "create", "1001", "5000", "--json", flag, "order-7"];
        assert_eq!(shop.json(&same)["state"], "paid");
    }
    assert_eq!(shop.sandbox.calls().creates(), 0);
    shop.close();
}
