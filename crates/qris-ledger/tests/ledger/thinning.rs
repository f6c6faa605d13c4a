//! Fewer checks while webhooks announce every payment, and a last check for each day, on any
//! database.

use std::time::Duration;

use qris_api::{InvoiceId, PaymentDetails, Schedule, WibTime};
use qris_ledger::{Actor, CheckOutcome, Ledger, Settlement, State};

use crate::TestDatabase;
use crate::orders::{PLENTY, ask_for, order};
use crate::properties::{MINUTE, at, booked, id_of, invoice, number, paid, state};

/// TestDatabase an invoice that was made at this time and is watched by the usual schedule.
#[track_caller]
fn watched(ledger: &mut Ledger, id: u64, now: WibTime) {
    let name = format!("INV-{id}");
    let intent = ask_for(ledger, &order(&name), now);
    let invoice = invoice(&name, id, &now.to_api_text());
    ledger.record_created(&intent, &invoice, &Schedule::default(), now).expect("an invoice");
}

/// A sale whose payment was announced by a webhook or found by a check.
#[track_caller]
fn sale(ledger: &mut Ledger, id: u64, is_announced: bool, now: WibTime) {
    watched(ledger, id, now);
    if is_announced {
        ledger.record_webhook(InvoiceId::new(id), &PaymentDetails::default(), now).expect("a hint");
    }
    let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), now).expect("a payment");
    assert_eq!(settled, Settlement::Settled);
}

/// Makes each check when it is due, and returns the ages of the invoice.
#[track_caller]
fn checks(ledger: &mut Ledger, id: u64, made: WibTime) -> Vec<i64> {
    let name = format!("INV-{id}");
    let mut ages = Vec::new();
    while let Some(due) = booked(ledger, &name).next_check_at {
        ledger.expire(due).unwrap();
        let claim = ledger.claim_check(&number(&name), &PLENTY, due).unwrap().expect("a claim");
        ledger.record_check(&claim, CheckOutcome::Unpaid, &Schedule::default(), due).unwrap();
        ages.push(due.timestamp().duration_since(made.timestamp()).as_secs());
        assert!(ages.len() < 100, "no end");
    }
    ages
}

pub(crate) fn after_five_announced_payments_an_invoice_has_two_checks(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 09:00:00");
    for id in 1..=4 {
        sale(&mut ledger, id, true, now);
    }
    watched(&mut ledger, 10, now);
    assert_eq!(checks(&mut ledger, 10, now).len(), 33, "four are not enough");
    sale(&mut ledger, 5, true, now);
    watched(&mut ledger, 11, now);
    assert_eq!(
        checks(&mut database.open(), 11, now),
        [300, 4_200],
        "at five minutes, and the last"
    );
    // The checks are as usual for a merchant whose webhooks are unknown.
    let kiosk = ledger.merchant(&"kiosk".parse().unwrap()).unwrap();
    ledger.act_for(kiosk, &Actor::default());
    let intent = ask_for(&mut ledger, &order("INV-12"), now);
    let mut theirs = invoice("INV-12", 12, "2020-08-07 09:00:00");
    theirs.qris_nmid = "ID2020021181746".to_owned();
    ledger.record_created(&intent, &theirs, &Schedule::default(), now).unwrap();
    assert_eq!(checks(&mut ledger, 12, now).len(), 33);
}

pub(crate) fn one_payment_that_no_webhook_announced_brings_the_polls_back(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 09:00:00");
    for id in 1..=6 {
        sale(&mut ledger, id, true, now);
    }
    watched(&mut ledger, 10, now);
    watched(&mut ledger, 11, now);
    assert_eq!(booked(&ledger, "INV-10").next_check_at, Some(now.later_by(MINUTE * 5)));
    // The check of the fifth minute finds a payment that no webhook announced.
    let late = now.later_by(MINUTE * 4);
    let settled = ledger.settle(InvoiceId::new(11), &paid("BUDI"), late).unwrap();
    assert_eq!(settled, Settlement::Settled);
    assert_eq!(booked(&ledger, "INV-10").next_check_at, Some(late), "the other is asked about now");
    let ages = checks(&mut ledger, 10, now);
    assert_eq!((ages[0], ages[1]), (240, 300), "and by the whole schedule from then on");
    assert!(ages.len() > 20, "{ages:?}");
    watched(&mut ledger, 12, now);
    assert_eq!(checks(&mut ledger, 12, now).len(), 33);
    // It takes five again.
    for id in 20..=23 {
        sale(&mut ledger, id, true, now);
    }
    watched(&mut ledger, 24, now);
    assert_eq!(booked(&ledger, "INV-24").next_check_at, Some(now.later_by(MINUTE / 4)));
}

pub(crate) fn announcements_of_more_than_an_hour_ago_do_not_count(database: &TestDatabase) {
    let mut ledger = database.open();
    let then = at("2020-08-07 09:00:00");
    for id in 1..=9 {
        sale(&mut ledger, id, true, then);
    }
    let hour = MINUTE * 60;
    let first_check = |ledger: &mut Ledger, id, now: WibTime| {
        watched(ledger, id, now);
        let due = booked(ledger, &format!("INV-{id}")).next_check_at.expect("a next check");
        due.timestamp().duration_since(now.timestamp()).as_secs()
    };
    assert_eq!(first_check(&mut ledger, 10, then.later_by(hour)), 300);
    let later = then.later_by(hour + Duration::from_secs(1));
    assert_eq!(first_check(&mut ledger, 11, later), 15);
    // A clock that was a year ahead when the webhooks came.
    assert_eq!(first_check(&mut ledger, 12, at("2019-08-07 09:00:00")), 15);
}

pub(crate) fn invoices_that_a_person_found_are_no_announcements(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 09:00:00");
    for id in 1..=9 {
        let name = format!("INV-{id}");
        let intent = ask_for(&mut ledger, &order(&name), now);
        ledger.record_unknown(&intent, None, now).expect("an unknown outcome");
        let found = PaymentDetails::default();
        let settled = ledger.resolve_paid(&number(&name), InvoiceId::new(id), &found, now);
        assert_eq!(settled.expect("a payment"), Settlement::Settled);
    }
    watched(&mut ledger, 10, now);
    assert_eq!(checks(&mut ledger, 10, now)[0], 15);
}

/// Unpaid invoices of these days, each with its final answer, as time passes.
#[track_caller]
fn unpaid_of(ledger: &mut Ledger, days: &[(u64, &str)]) {
    let made = days.iter().map(|&(id, made)| (at(made), Some(id)));
    let ends = days.iter().map(|&(_, made)| (at(made).later_by(MINUTE * 70), None));
    let mut steps: Vec<(WibTime, Option<u64>)> = made.chain(ends).collect();
    steps.sort();
    for (now, made) in steps {
        match made {
            Some(id) => watched(ledger, id, now),
            None => {
                ledger.expire(now).unwrap();
                for claim in ledger.claim_checks(&PLENTY, 100, now).unwrap() {
                    let answer = CheckOutcome::Unpaid;
                    ledger.record_check(&claim, answer, &Schedule::default(), now).unwrap();
                }
            }
        }
    }
    for (id, _) in days {
        assert_eq!(booked(ledger, &format!("INV-{id}")).next_check_at, None, "a final answer");
    }
}

#[track_caller]
fn swept(ledger: &mut Ledger, now: &str) -> (usize, Vec<u64>) {
    let count = ledger.sweep(at(now)).expect("the ledger answers");
    // Each is checked within a few minutes.
    let later = at(now).later_by(MINUTE * 5);
    let claims = ledger.claim_checks(&PLENTY, 100, later).expect("claims");
    for claim in &claims {
        let next = ledger.record_check(claim, CheckOutcome::Unpaid, &Schedule::default(), later);
        assert_eq!(next.expect("a checked claim"), None, "one answer is enough");
    }
    let mut ids: Vec<u64> = claims.iter().map(id_of).collect();
    ids.sort_unstable();
    (count, ids)
}

pub(crate) fn once_a_day_each_unpaid_invoice_of_the_day_is_checked_again(database: &TestDatabase) {
    let mut ledger = database.open();
    let days = [
        (1, "2020-08-06 23:59:59"),
        (2, "2020-08-07 00:00:00"),
        (3, "2020-08-07 23:59:59"),
        (4, "2020-08-08 00:00:00"),
    ];
    unpaid_of(&mut ledger, &days);
    sale(&mut ledger, 5, false, at("2020-08-07 12:00:00"));
    ledger.cancel(&number("INV-2"), at("2020-08-08 01:59:00")).unwrap();
    // What was made late in the evening is still watched then.
    assert_eq!(swept(&mut ledger, "2020-08-08 01:59:59"), (1, vec![1]), "the day before");
    assert_eq!(swept(&mut ledger, "2020-08-08 02:00:00"), (2, vec![2, 3]));
    assert_eq!(swept(&mut ledger, "2020-08-08 02:00:01"), (0, vec![]), "once");
    assert_eq!(swept(&mut database.open(), "2020-08-08 23:00:00"), (0, vec![]), "by one process");
    assert_eq!(swept(&mut ledger, "2020-08-09 02:00:00"), (1, vec![4]));
    // Its answer may be the payment.
    assert_eq!(ledger.sweep(at("2020-08-10 02:00:00")).unwrap(), 0);
    let settled = ledger.settle(InvoiceId::new(2), &paid("SITI"), at("2020-08-10 02:00:00"));
    assert_eq!(settled.unwrap(), Settlement::Settled);
    assert_eq!(state(&ledger, "INV-2"), State::Paid);
}

pub(crate) fn days_on_which_no_process_ran_are_swept_by_the_next_that_runs(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unpaid_of(&mut ledger, &[(1, "2020-08-05 12:00:00")]);
    assert_eq!(swept(&mut ledger, "2020-08-06 02:00:00"), (1, vec![1]));
    unpaid_of(&mut ledger, &[(2, "2020-08-06 12:00:00"), (3, "2020-08-07 01:00:00")]);
    // From half past two on the seventh to the morning of the eleventh there is no power, except
    // for one sale by a program that does not sweep.
    drop(ledger);
    let mut ledger = database.open();
    unpaid_of(&mut ledger, &[(4, "2020-08-10 07:00:00")]);
    assert_eq!(swept(&mut ledger, "2020-08-11 10:00:00"), (3, vec![2, 3, 4]));
    assert_eq!(swept(&mut ledger, "2020-08-11 10:00:01"), (0, vec![]));
    // A clock that was a month ahead and is corrected skips no day.
    assert_eq!(ledger.sweep(at("2020-09-11 10:00:00")).unwrap(), 0);
    unpaid_of(&mut ledger, &[(5, "2020-08-11 11:00:00")]);
    assert_eq!(swept(&mut ledger, "2020-08-12 10:00:00"), (1, vec![5]));
}

pub(crate) fn the_checks_of_a_sweep_leave_free_slots_for_current_sales(database: &TestDatabase) {
    let mut ledger = database.open();
    let made = at("2020-08-07 12:00:00");
    for id in 1..=30 {
        watched(&mut ledger, id, made);
    }
    ledger.expire(at("2020-08-07 14:00:00")).unwrap();
    let end = at("2020-08-07 14:00:00");
    for claim in ledger.claim_checks(&PLENTY, 100, end).unwrap() {
        ledger.record_check(&claim, CheckOutcome::Unpaid, &Schedule::default(), end).unwrap();
    }
    let now = at("2020-08-08 10:00:00");
    assert_eq!(ledger.sweep(now).unwrap(), 30);
    let claims = ledger.claim_checks(&PLENTY, 100, now.later_by(MINUTE)).unwrap();
    assert_eq!(claims.len(), 11, "one every six seconds");
    let claims = ledger.claim_checks(&PLENTY, 100, now.later_by(MINUTE * 3)).unwrap();
    assert_eq!(claims.len(), 19, "and all of them in the end");
}
