//! Orders with several codes, on any database: paid once, with only one code shown at a time.

use std::time::Duration;

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{CheckOutcome, Error, InvoiceState, Ledger, Order, Settlement, State};

use crate::TestDatabase;
use crate::orders::{AMOUNT, FRESH, GAP, PLENTY, ask_for, created, order, over, renewed, unpaid};
use crate::properties::{
    MINUTE, SCHEDULE, at, booked, id_of, invoice, number, paid, pending, state,
};

fn invoice_states(order: &Order) -> Vec<InvoiceState> {
    order.invoices.iter().map(|invoice| invoice.state).collect()
}

#[track_caller]
fn is_refused(ledger: &mut Ledger, name: &str, found: State, now: WibTime) {
    let before = ledger.find(&number(name)).unwrap();
    let error = ledger.renew(&number(name), now).unwrap_err();
    let is_state = matches!(error, Error::State { expected: [State::Expired, State::Rejected], found: it } if it == found);
    assert!(is_state, "{name}: {error}");
    assert_eq!(ledger.find(&number(name)).unwrap(), before, "{name}");
}

pub(crate) fn another_code_is_asked_for_only_of_an_order_that_has_expired(database: &TestDatabase) {
    let mut ledger = database.open();
    let start = at("2020-08-07 11:13:42");
    assert!(matches!(ledger.renew(&number("NONE"), start), Err(Error::Absent)));
    ledger.open_order(&order("OPEN"), start).unwrap();
    is_refused(&mut ledger, "OPEN", State::Open, over());
    let unknown = ask_for(&mut ledger, &order("UNKNOWN"), start);
    is_refused(&mut ledger, "UNKNOWN", State::Requested, over());
    ledger.record_unknown(&unknown, None, start).unwrap();
    is_refused(&mut ledger, "UNKNOWN", State::Unknown, over());
    pending(&mut ledger, "SHOWN", 1);
    is_refused(&mut ledger, "SHOWN", State::Pending, at("2020-08-07 11:43:41"));
    pending(&mut ledger, "PAID", 2);
    ledger.settle(InvoiceId::new(2), &paid("SITI"), start).unwrap();
    is_refused(&mut ledger, "PAID", State::Paid, over());
    pending(&mut ledger, "CANCELLED", 3);
    ledger.cancel(&number("CANCELLED"), start).unwrap();
    is_refused(&mut ledger, "CANCELLED", State::Cancelled, over());
    // The provider refused, so nothing can be paid.
    let refused = ask_for(&mut ledger, &order("REFUSED"), start);
    ledger.record_rejected(&refused, start).unwrap();
    let again = ledger.renew(&number("REFUSED"), start).unwrap();
    created(&mut ledger, &again, 4, start);
    assert_eq!(state(&ledger, "REFUSED"), State::Pending);
}

pub(crate) fn the_first_code_is_asked_for_only_of_an_open_order_and_on_its_terms(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let start = at("2020-08-07 11:13:42");
    let mut new = order("INV-1");
    (new.description, new.tip) = (Some("kopi".into()), qris_api::Tip::Ask);
    ledger.open_order(&new, start).unwrap();
    let intent = ledger.first_code(&number("INV-1"), over()).unwrap();
    let asked = booked(&ledger, "INV-1");
    assert_eq!((asked.state, asked.tip), (State::Requested, qris_api::Tip::Ask));
    assert_eq!(asked.description.as_deref(), Some("kopi"));
    let is_refused = |ledger: &mut Ledger, found: State| {
        let error = ledger.first_code(&number("INV-1"), over()).unwrap_err();
        assert!(
            matches!(error, Error::State { expected: [State::Open], found: it } if it == found),
            "{error}"
        );
    };
    is_refused(&mut ledger, State::Requested);
    ledger.record_rejected(&intent, over()).unwrap();
    is_refused(&mut ledger, State::Rejected);
    assert!(matches!(ledger.first_code(&number("NONE"), start), Err(Error::Absent)));
}

pub(crate) fn another_code_waits_until_each_older_one_was_answered_within_the_last_minute(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(over()).unwrap();
    let is_unchecked = |ledger: &mut Ledger, now: WibTime| {
        let before = booked(ledger, "INV-1");
        let error = ledger.renew(&number("INV-1"), now).unwrap_err();
        assert!(matches!(error, Error::Unchecked), "{error}");
        assert_eq!(booked(ledger, "INV-1"), before);
    };
    is_unchecked(&mut ledger, over());
    // A check without an answer proves nothing.
    let claim =
        ledger.claim_order(&number("INV-1"), &PLENTY, GAP, FRESH, over()).unwrap().claims.remove(0);
    ledger.record_check(&claim, CheckOutcome::Unanswered, &SCHEDULE, over()).unwrap();
    is_unchecked(&mut ledger, over());
    let answered = over().later_by(GAP);
    unpaid(&mut ledger, "INV-1", answered);
    is_unchecked(&mut ledger, answered.later_by(MINUTE + Duration::from_secs(1)));
    // An answer from a clock that was set back since proves nothing.
    is_unchecked(&mut ledger, at("2020-08-07 11:40:00"));
    let intent = ledger.renew(&number("INV-1"), answered.later_by(MINUTE)).unwrap();
    created(&mut ledger, &intent, 2, answered.later_by(MINUTE));
    // Both older codes are checked.
    let later = at("2020-08-07 12:16:00");
    ledger.expire(later).unwrap();
    let claims = ledger.claim_order(&number("INV-1"), &PLENTY, GAP, FRESH, later).unwrap().claims;
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [1, 2]);
    ledger.record_check(&claims[1], CheckOutcome::Unpaid, &SCHEDULE, later).unwrap();
    is_unchecked(&mut ledger, later);
    // The answer after its end is the last one for the first code: it is not checked again.
    ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, later).unwrap();
    let next = later.later_by(MINUTE * 2);
    let claims = ledger.claim_order(&number("INV-1"), &PLENTY, GAP, FRESH, next).unwrap().claims;
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [2]);
    ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, next).unwrap();
    ledger.renew(&number("INV-1"), next).unwrap();
}

pub(crate) fn an_order_has_one_pending_code_and_shows_the_newest(database: &TestDatabase) {
    let mut ledger = database.open();
    renewed(&mut ledger, "INV-1", 1, 2);
    let order = booked(&ledger, "INV-1");
    assert_eq!(order.state, State::Pending);
    assert_eq!(invoice_states(&order), [InvoiceState::Expired, InvoiceState::Pending]);
    assert_eq!(order.invoice.as_ref().unwrap().qris_invoiceid, InvoiceId::new(2));
    assert_eq!(order.shown_until, Some(at("2020-08-07 12:13:42")));
    assert_eq!(ledger.find_invoice(InvoiceId::new(1)).unwrap(), Some(order.clone()));
    assert_eq!(order.created_at, at("2020-08-07 11:13:42"));
    let json = serde_json::to_value(&order).unwrap();
    assert_eq!(json["qris_invoiceid"], 2);
    assert_eq!(json["invoices"][0]["qris_invoiceid"], 1);
    assert_eq!(json["invoices"][0]["state"], "expired");
    // Manual checks are for the code that is shown.
    ledger.request_check(&number("INV-1"), 3, GAP, over()).unwrap();
    let claim = ledger.claim_check(&number("INV-1"), &PLENTY, over()).unwrap().expect("a claim");
    assert_eq!(id_of(&claim), 2);
}

pub(crate) fn an_expired_order_is_renewed_before_its_expiry_is_recorded(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    unpaid(&mut ledger, "INV-1", over());
    let intent = ledger.renew(&number("INV-1"), over()).unwrap();
    assert_eq!(
        invoice_states(&booked(&ledger, "INV-1")),
        [InvoiceState::Expired, InvoiceState::Requested]
    );
    created(&mut ledger, &intent, 2, over());
    let states: Vec<State> =
        ledger.events(&number("INV-1")).unwrap().iter().map(|event| event.state).collect();
    use State::{Expired, Pending, Requested};
    assert_eq!(states, [Requested, Pending, Expired, Requested, Pending]);
}

pub(crate) fn a_manual_check_after_a_refused_renewal_checks_the_older_code(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(over()).unwrap();
    unpaid(&mut ledger, "INV-1", over());
    let intent = ledger.renew(&number("INV-1"), over()).unwrap();
    ledger.record_rejected(&intent, over()).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Expired, "its first code may still be paid");
    let now = over().later_by(MINUTE);
    ledger.request_check(&number("INV-1"), 3, GAP, now).unwrap();
    let claim = ledger.claim_check(&number("INV-1"), &PLENTY, now).unwrap().expect("a claim");
    assert_eq!(id_of(&claim), 1);
}

pub(crate) fn the_payment_of_an_older_code_settles_the_order_and_the_newer_one_is_watched_unseen(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(over()).unwrap();
    unpaid(&mut ledger, "INV-1", over());
    let intent = ledger.renew(&number("INV-1"), over()).unwrap();
    // It is paid while the provider is asked for another code.
    let settled = ledger.settle(InvoiceId::new(1), &paid("SITI"), over()).unwrap();
    assert_eq!(settled, Settlement::Settled);
    created(&mut ledger, &intent, 2, over());
    let order = booked(&ledger, "INV-1");
    assert_eq!(order.state, State::Paid);
    assert!(!order.may_be_shown(over()));
    assert_eq!(invoice_states(&order), [InvoiceState::Paid, InvoiceState::Pending]);
    assert_eq!(order.payment.details().unwrap().customer_name.as_deref(), Some("SITI"));
    let last = ledger.events(&number("INV-1")).unwrap().pop().unwrap();
    assert_eq!(last.state, State::Paid);
    assert_eq!(last.detail.as_deref(), Some("this code came too late and is not shown"));
    // Watched to its end, with an answer.
    let end = at("2020-08-07 12:43:42");
    ledger.expire(end).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
    let claims = ledger.claim_checks(&PLENTY, 10, end).unwrap();
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [2]);
    assert_eq!(
        ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, end).unwrap(),
        None
    );
    assert_eq!(ledger.revive(end).unwrap(), 0);
}

pub(crate) fn a_second_payment_is_recorded_and_reported_as_overpaid(database: &TestDatabase) {
    let mut ledger = database.open();
    renewed(&mut ledger, "INV-1", 1, 2);
    let now = over().later_by(MINUTE);
    let settle = |ledger: &mut Ledger, id, payer: &str| {
        ledger.settle(InvoiceId::new(id), &paid(payer), now).unwrap()
    };
    assert_eq!(settle(&mut ledger, 2, "SITI"), Settlement::Settled);
    assert_eq!(booked(&ledger, "INV-1").overpaid, Rupiah::new(0));
    assert_eq!(settle(&mut ledger, 1, "BUDI"), Settlement::Overpaid);
    assert_eq!(settle(&mut ledger, 1, "BUDI"), Settlement::AlreadySettled);
    assert_eq!(settle(&mut ledger, 2, "SITI"), Settlement::AlreadySettled);
    let order = booked(&database.open(), "INV-1");
    assert_eq!((order.state, order.overpaid), (State::Paid, AMOUNT));
    assert_eq!(order.payment.details().unwrap().customer_name.as_deref(), Some("SITI"));
    assert_eq!(invoice_states(&order), [InvoiceState::Paid, InvoiceState::Paid]);
    let json = serde_json::to_value(&order).unwrap();
    assert_eq!(json["overpaid"], 25_578);
    let payers = json["invoices"].as_array().unwrap().iter().map(|code| &code["customer_name"]);
    assert_eq!(payers.collect::<Vec<_>>(), ["BUDI", "SITI"], "each code with its payer");
    assert_eq!(
        (&json["invoices"][0]["method"], &json["invoices"][0]["rrn"]),
        (&"BCA".into(), &().into())
    );
    assert!(!format!("{order:?}").contains("BUDI"), "no name in a log");
    let last = ledger.events(&number("INV-1")).unwrap().pop().unwrap();
    assert_eq!(
        (last.state, last.detail.as_deref()),
        (State::Paid, Some("another code was paid too, qris_invoiceid 1: Rp25578 too much")),
    );
    // The day's money includes both, each with its payer and id.
    let day = now.date();
    let payments = ledger.payments(day, day).unwrap();
    let of_payment = |order: &Order| {
        let details = order.payment.details().unwrap();
        (
            order.invoice.as_ref().unwrap().qris_invoiceid.get(),
            details.customer_name.clone().unwrap(),
        )
    };
    let mut found: Vec<(u64, String)> = payments.iter().map(of_payment).collect();
    found.sort();
    assert_eq!(found, [(1, "BUDI".to_owned()), (2, "SITI".to_owned())]);
    let report = ledger.report(day, day).unwrap();
    assert_eq!(report.len(), 1);
    assert_eq!((report[0].invoices, report[0].payments, report[0].paid.get()), (2, 2, 51_156));
    assert_eq!(ledger.unacknowledged(10).unwrap().len(), 1, "goods go out once");
}

pub(crate) fn a_reply_that_comes_after_its_outcome_was_resolved_is_booked_on_its_own_row(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let start = at("2020-08-07 23:50:00");
    let first = ask_for(&mut ledger, &order("INV-1"), start);
    let now = at("2020-08-08 00:05:00");
    ledger.abandon(start, now).unwrap();
    ledger.resolve_not_made(&number("INV-1"), "not in the provider's list", now).unwrap();
    let second = ledger.renew(&number("INV-1"), now).unwrap();
    // The reply to the first request comes while the provider is asked for the second.
    created(&mut ledger, &first, 1, now);
    let order = booked(&ledger, "INV-1");
    assert_eq!(order.state, State::Requested, "the second is still asked for");
    assert_eq!((order.invoice.as_ref(), order.may_be_shown(now)), (None, false));
    assert_eq!(invoice_states(&order), [InvoiceState::Expired, InvoiceState::Requested]);
    assert_eq!(order.invoices[0].qris_invoiceid, Some(InvoiceId::new(1)));
    created(&mut ledger, &second, 2, now);
    let order = booked(&ledger, "INV-1");
    assert_eq!(invoice_states(&order), [InvoiceState::Expired, InvoiceState::Pending]);
    assert_eq!(order.invoice.unwrap().qris_invoiceid, InvoiceId::new(2));
    // Both are checked, and each counts on the day of its request.
    let claims = ledger.claim_order(&number("INV-1"), &PLENTY, GAP, FRESH, now).unwrap().claims;
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [1, 2]);
    let report = ledger.report(start.date(), now.date()).unwrap();
    let days: Vec<_> = report.iter().map(|line| (line.day, line.invoices)).collect();
    assert_eq!(days, [(start.date(), 1), (now.date(), 1)]);
    assert_eq!(ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap(), Settlement::Settled);
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

pub(crate) fn an_order_whose_newest_request_is_refused_waits_for_the_code_that_came_late(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    let first = ask_for(&mut ledger, &order("INV-1"), now);
    ledger.record_unknown(&first, None, now).unwrap();
    ledger.resolve_not_made(&number("INV-1"), "not in the provider's list", now).unwrap();
    let second = ledger.renew(&number("INV-1"), now).unwrap();
    created(&mut ledger, &first, 1, now);
    ledger.record_rejected(&second, now).unwrap();
    let order = booked(&ledger, "INV-1");
    assert_eq!(order.state, State::Expired);
    assert_eq!(invoice_states(&order), [InvoiceState::Expired, InvoiceState::Rejected]);
    unpaid(&mut ledger, "INV-1", now.later_by(GAP));
    let third = ledger.renew(&number("INV-1"), now.later_by(GAP)).unwrap();
    created(&mut ledger, &third, 3, now.later_by(GAP));
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn what_must_not_be_shown_of_a_late_reply_leaves_the_order_as_it_is(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "OTHER", 9);
    let now = at("2020-08-07 11:13:42");
    let first = ask_for(&mut ledger, &order("INV-1"), now);
    ledger.record_unknown(&first, None, now).unwrap();
    ledger.resolve_not_made(&number("INV-1"), "not in the provider's list", now).unwrap();
    let second = ledger.renew(&number("INV-1"), now).unwrap();
    created(&mut ledger, &second, 2, now);
    let late = invoice("INV-1", 9, "2020-08-07 11:13:42");
    let error = ledger.record_created(&first, &late, &SCHEDULE, now).unwrap_err();
    assert!(matches!(error, Error::InvoiceIdTaken), "{error}");
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
    let last = ledger.events(&number("INV-1")).unwrap().pop().unwrap();
    assert_eq!(last.state, State::Pending, "the event says what the order is");
    assert!(last.detail.unwrap().starts_with("qris_invoiceid 9 of "));
}
