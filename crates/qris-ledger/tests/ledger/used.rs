//! A number that is charged again on a later day.

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{Error, Ledger, NewOrder, Request, State};

use crate::properties::{SCHEDULE, at, invoice, number, paid, pending};
use crate::{OneCode as _, TestDatabase};

fn charge(ledger: &mut Ledger, reference: Option<&str>, now: &str) -> Result<Request, Error> {
    let mut order = NewOrder::new(number("INV-1"), Rupiah::new(25_578));
    order.reference = reference.map(str::to_owned);
    ledger.request(&order, at(now))
}

#[track_caller]
fn assert_used(charged: Result<Request, Error>, expected: State, on: &str) {
    match charged {
        Err(Error::UsedEarlier { state, day, .. }) => {
            assert_eq!((state, day.to_string()), (expected, on.to_owned()));
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn settle(ledger: &mut Ledger, now: WibTime) {
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).expect("a payment");
}

pub(crate) fn a_number_that_was_paid_on_an_earlier_day_is_a_conflict_that_names_the_day(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    settle(&mut ledger, at("2020-08-07 11:20:00"));
    let same_day = charge(&mut ledger, None, "2020-08-07 23:59:59").unwrap();
    assert!(matches!(same_day, Request::Known(record) if record.state == State::Paid));
    assert_used(charge(&mut ledger, None, "2020-08-08 00:00:00"), State::Paid, "2020-08-07");
    assert_used(charge(&mut ledger, Some("A"), "2020-08-08 00:00:00"), State::Paid, "2020-08-07");
    let words = charge(&mut ledger, None, "2020-08-08 08:00:00").unwrap_err().to_string();
    assert_eq!(
        words,
        "expected a number that is new today, found one that was paid on 2020-08-07: use a new number",
    );
}

pub(crate) fn a_number_that_expired_on_an_earlier_day_is_a_conflict(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    // Expired by the clock, before that is recorded.
    let charged = charge(&mut ledger, None, "2020-08-08 00:00:00");
    let words = charged.as_ref().unwrap_err().to_string();
    assert!(
        words.ends_with("use a new number, or renew that order if it is the same sale"),
        "{words}"
    );
    assert_used(charged, State::Expired, "2020-08-07");
    ledger.cancel(&number("INV-1"), at("2020-08-07 11:20:00")).unwrap();
    assert_used(charge(&mut ledger, None, "2020-08-08 00:00:00"), State::Cancelled, "2020-08-07");
}

pub(crate) fn the_same_reference_gives_the_paid_invoice_of_an_earlier_day_again(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let made = "2020-08-07 11:13:42";
    assert!(matches!(charge(&mut ledger, Some("order 7"), made).unwrap(), Request::New(_)));
    ledger.made(&invoice("INV-1", 1, made), &SCHEDULE, at(made)).unwrap();
    settle(&mut ledger, at("2020-08-07 11:20:00"));
    let again = charge(&mut ledger, Some(" order 7\n"), "2020-08-09 08:00:00").unwrap();
    assert!(matches!(again, Request::Known(record) if record.state == State::Paid));
    let other = charge(&mut ledger, Some("order 8"), "2020-08-09 08:00:00");
    let words = other.as_ref().unwrap_err().to_string();
    let advice = ": use a new number, or send the reference of that charge if it is the same sale";
    assert!(words.ends_with(advice), "{words}");
    assert_used(other, State::Paid, "2020-08-07");
    assert_used(charge(&mut ledger, None, "2020-08-09 08:00:00"), State::Paid, "2020-08-07");
}

pub(crate) fn a_number_that_was_paid_after_midnight_is_of_today(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    settle(&mut ledger, at("2020-08-08 00:00:00"));
    let again = charge(&mut ledger, None, "2020-08-08 00:10:00").unwrap();
    assert!(matches!(again, Request::Known(record) if record.state == State::Paid));
}

pub(crate) fn a_number_with_another_reference_is_a_conflict_on_the_same_day_too(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = "2020-08-07 11:13:42";
    assert!(matches!(charge(&mut ledger, Some("order 7"), now).unwrap(), Request::New(_)));
    let other = charge(&mut ledger, Some("order 8"), now).unwrap_err();
    assert!(matches!(other, Error::OtherReference), "{other}");
    assert_eq!(other.code(), "conflict");
    let mut opened = NewOrder::new(number("INV-1"), Rupiah::new(25_578));
    opened.reference = Some("order 8".to_owned());
    assert!(matches!(ledger.open_order(&opened, at(now)), Err(Error::OtherReference)));
    // Only two references can differ.
    for same in [None, Some("order 7"), Some(" order 7\n")] {
        let known = charge(&mut ledger, same, now).unwrap();
        assert!(matches!(known, Request::Known(_)), "{same:?}");
    }
}
