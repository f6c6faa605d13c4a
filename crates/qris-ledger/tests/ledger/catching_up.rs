//! Every code is checked once more when a program begins to watch, on any database.

use std::time::Duration;

use qris_api::{InvoiceId, PaymentDetails, Schedule, WibTime};
use qris_ledger::{Budget, CheckOutcome, Ledger};

use crate::TestDatabase;
use crate::orders::{PLENTY, ask_for, order};
use crate::properties::{MINUTE, at, booked, id_of, invoice, number, paid};

/// An invoice that was made at this time and is watched by the usual schedule.
#[track_caller]
fn watched(ledger: &mut Ledger, id: u64, now: WibTime) {
    let name = format!("INV-{id}");
    let intent = ask_for(ledger, &order(&name), now);
    let invoice = invoice(&name, id, &now.to_api_text());
    ledger.record_created(&intent, &invoice, &Schedule::default(), now).expect("an invoice");
}

/// A ledger whose last five payments were announced by webhooks.
fn with_webhooks(database: &TestDatabase) -> Ledger {
    let mut ledger = database.open();
    let now = at("2020-08-07 09:00:00");
    for id in 901..=905 {
        watched(&mut ledger, id, now);
        ledger.record_webhook(InvoiceId::new(id), &PaymentDetails::default(), now).expect("a hint");
        ledger.settle(InvoiceId::new(id), &paid("SITI"), now).expect("a payment");
    }
    ledger
}

/// Checks what is due, and each is not paid.
#[track_caller]
fn checked(ledger: &mut Ledger, now: WibTime) -> Vec<u64> {
    let claims = ledger.claim_checks(&PLENTY, 100, now).expect("claims");
    for claim in &claims {
        ledger
            .record_check(claim, CheckOutcome::Unpaid, &Schedule::default(), now)
            .expect("a check");
    }
    claims.iter().map(id_of).collect()
}

#[track_caller]
fn next(ledger: &Ledger, id: u64) -> Option<WibTime> {
    booked(ledger, &format!("INV-{id}")).next_check_at
}

pub(crate) fn every_code_is_due_soon_once_though_webhooks_made_the_checks_few(
    database: &TestDatabase,
) {
    let mut ledger = with_webhooks(database);
    watched(&mut ledger, 1, at("2020-08-07 09:00:00"));
    assert_eq!(checked(&mut ledger, at("2020-08-07 09:05:00")), [1]);
    watched(&mut ledger, 2, at("2020-08-07 09:17:00"));
    watched(&mut ledger, 3, at("2020-08-07 09:19:30"));
    let started = at("2020-08-07 09:20:00");
    assert!(checked(&mut ledger, started).is_empty(), "the next are in minutes");
    assert_eq!(ledger.check_all_soon(&PLENTY, MINUTE, started).unwrap(), 3);
    let mut due = checked(&mut ledger, started);
    due.sort_unstable();
    assert_eq!(due, [1, 2], "the third was made a moment ago");
    assert_eq!(next(&ledger, 3), Some(at("2020-08-07 09:20:30")), "the gap after it was made");
    assert_eq!(checked(&mut ledger, at("2020-08-07 09:20:30")), [3]);
    // Webhooks may have been lost, so the checks are as usual from then on.
    let later = next(&ledger, 1).expect("a next check");
    assert!(later >= started.later_by(MINUTE) && later <= started.later_by(MINUTE * 3), "{later}");
}

pub(crate) fn codes_are_due_in_groups_newest_first_and_leave_slots_for_current_sales(
    database: &TestDatabase,
) {
    let mut ledger = with_webhooks(database);
    for id in 1..=6 {
        watched(&mut ledger, id, at("2020-08-07 09:00:00").later_by(Duration::from_secs(id)));
    }
    assert_eq!(checked(&mut ledger, at("2020-08-07 09:05:06")).len(), 6);
    let started = at("2020-08-07 09:20:00");
    // Four of these ten are a half of what the schedule may use.
    let budget = Budget::new().with_checks_per_minute(10);
    assert_eq!(ledger.check_all_soon(&budget, MINUTE, started).unwrap(), 6);
    let due: Vec<_> = (1..=6).filter_map(|id| next(&ledger, id)).collect();
    let minute_later = started.later_by(MINUTE);
    assert_eq!(due, [minute_later, minute_later, started, started, started, started]);
}

pub(crate) fn a_check_in_progress_and_a_manual_check_keep_their_gap(database: &TestDatabase) {
    let mut ledger = database.open();
    let made = at("2020-08-07 09:00:00");
    watched(&mut ledger, 1, made);
    watched(&mut ledger, 2, made);
    ledger.request_check(&number("INV-2"), 3, Duration::from_secs(15), made).unwrap();
    // Both are being checked when their process is killed.
    let asked = made.later_by(Duration::from_secs(20));
    assert_eq!(ledger.claim_checks(&PLENTY, 10, asked).unwrap().len(), 2);
    let end = next(&ledger, 2);
    ledger.check_all_soon(&PLENTY, MINUTE, asked.later_by(Duration::from_secs(5))).unwrap();
    assert_eq!(next(&ledger, 1), Some(asked.later_by(MINUTE)), "not when the claim ends");
    assert_eq!(next(&ledger, 2), end, "another process may be making the manual check");
    let later = asked.later_by(MINUTE);
    ledger.check_all_soon(&PLENTY, MINUTE, later).unwrap();
    let mut due = checked(&mut ledger, later);
    due.sort_unstable();
    assert_eq!(due, [1, 2]);
}

pub(crate) fn what_cannot_be_paid_and_what_was_answered_for_good_is_not_checked_again(
    database: &TestDatabase,
) {
    let mut ledger = with_webhooks(database);
    let made = at("2020-08-07 09:00:00");
    watched(&mut ledger, 1, made);
    checked(&mut ledger, made.later_by(MINUTE * 70));
    assert_eq!(next(&ledger, 1), None, "that answer was the last");
    let later = made.later_by(MINUTE * 80);
    assert_eq!(ledger.check_all_soon(&PLENTY, MINUTE, later).unwrap(), 0);
    assert!(checked(&mut ledger, later).is_empty());
}
