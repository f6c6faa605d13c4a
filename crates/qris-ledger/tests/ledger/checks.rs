//! Which invoice is checked next and by which process, on any database.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{InvoiceId, ManualCheck, PaymentDetails, Rupiah, Schedule};
use qris_ledger::{
    Budget, Channel, CheckOutcome, Error, InvoiceState, Ledger, Settlement, State, WebhookEffect,
};

use crate::properties::{
    HOUR, SCHEDULE, at, booked, claim, due_at, id_of, number, paid, pending, state,
};
use crate::{OneCode as _, TestDatabase};

pub(crate) fn checks_fall_due_at_their_time_the_most_overdue_first(database: &TestDatabase) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 30), (2, 20), (3, 40)]);
    ledger.settle(InvoiceId::new(3), &paid("SITI"), at("2020-08-07 11:19:00")).unwrap();
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:19:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:59:00"), [2, 1]);
}

pub(crate) fn an_invoice_is_first_due_when_its_schedule_says(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 12:13:41"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 12:13:42"), [1]);
}

pub(crate) fn an_invoice_is_one_claimants_until_the_claim_ends(database: &TestDatabase) {
    let (mut one, mut other) = (database.open(), database.open());
    due_at(&mut one, &[(1, 20)]);
    let budget = Budget::default();
    let claims = one.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    assert_eq!(claims[0].until, at("2020-08-07 11:23:00"));
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:22:59"), [0_u64; 0]);
    // The first was killed: nothing is lost.
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:23:00"), [1]);
}

pub(crate) fn one_invoice_can_be_claimed_when_it_is_due_and_within_the_budget(
    database: &TestDatabase,
) {
    let (mut one, mut other) = (database.open(), database.open());
    due_at(&mut one, &[(1, 20), (2, 20)]);
    let budget = Budget::default().with_checks_per_minute(1);
    let now = at("2020-08-07 11:20:00");
    let early = at("2020-08-07 11:19:59");
    assert_eq!(one.claim_check(&number("INV-2"), &budget, early).unwrap(), None, "not due");
    let claim = one.claim_check(&number("INV-2"), &budget, now).unwrap().expect("a claim");
    assert_eq!(id_of(&claim), 2);
    assert_eq!(other.claim_check(&number("INV-2"), &budget, now).unwrap(), None, "taken");
    assert_eq!(other.claim_check(&number("INV-1"), &budget, now).unwrap(), None, "no turn left");
    assert_eq!(other.claim_check(&number("NONE"), &budget, now).unwrap(), None);
}

pub(crate) fn a_check_that_was_made_is_due_again_when_it_is_said_to_be(database: &TestDatabase) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let claims = ledger.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    let schedule = Schedule::default().with_tries(0).with_checks(100);
    let now = at("2020-08-07 11:20:00");
    let by_schedule =
        ledger.record_check(&claims[0], CheckOutcome::Unpaid, &schedule, now).unwrap();
    assert_eq!(by_schedule, Some(at("2020-08-07 11:21:00")));
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:59:00"), [1]);
    // The validity of an hour, and no grace, end with an answer.
    let end = at("2020-08-07 12:13:42");
    let claims = ledger.claim_checks(&budget, 10, end).unwrap();
    let finally = ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, end).unwrap();
    assert_eq!(finally, None);
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 13:59:00"), [0_u64; 0]);
}

pub(crate) fn a_check_without_an_answer_is_known_of_until_one_has_one(database: &TestDatabase) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let unanswered = |ledger: &Ledger| booked(ledger, "INV-1").unanswered_at;
    let check = |ledger: &mut Ledger, now: &str, answered: bool| {
        let now = at(now);
        let claim = ledger.claim_checks(&budget, 10, now).unwrap().remove(0);
        let outcome = if answered { CheckOutcome::Unpaid } else { CheckOutcome::Unanswered };
        ledger.record_check(&claim, outcome, &Schedule::default(), now).unwrap();
        claim
    };
    assert_eq!(unanswered(&ledger), None);
    check(&mut ledger, "2020-08-07 11:20:00", false);
    assert_eq!(unanswered(&ledger), Some(at("2020-08-07 11:20:00")));
    assert_eq!(unanswered(&database.open()), Some(at("2020-08-07 11:20:00")));
    check(&mut ledger, "2020-08-07 11:22:00", true);
    assert_eq!(unanswered(&ledger), None);
    let claim = check(&mut ledger, "2020-08-07 11:24:00", false);
    let now = at("2020-08-07 11:25:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(unanswered(&ledger), None);
    // A late answer for a paid invoice changes nothing.
    ledger.record_check(&claim, CheckOutcome::Unanswered, &SCHEDULE, now).unwrap();
    assert_eq!(unanswered(&ledger), None);
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None);
}

pub(crate) fn a_manual_check_requested_during_a_check_is_kept_when_it_ends(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let claims = ledger.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    let gap = Duration::from_secs(15);
    ledger.request_check(&number("INV-1"), 3, gap, at("2020-08-07 11:20:01")).unwrap();
    let answered = at("2020-08-07 11:20:02");
    ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, answered).unwrap();
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:14"), [0_u64; 0], "the gap holds");
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:15"), [1]);
}

pub(crate) fn processes_that_claim_at_once_get_invoices_of_their_own(database: &TestDatabase) {
    const TILLS: usize = 4;
    let invoices: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    due_at(&mut database.open(), &invoices);
    let start = Barrier::new(TILLS);
    let mut claimed: Vec<u64> = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    let mut claimed = Vec::new();
                    for _ in 0..20 {
                        let now = at("2020-08-07 11:20:00");
                        let claims = ledger.claim_checks(&Budget::default(), 3, now);
                        claimed.extend(claims.expect("no till fails").iter().map(id_of));
                    }
                    claimed
                })
            })
            .collect();
        tills.into_iter().flat_map(|till| till.join().unwrap()).collect()
    });
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=40).collect::<Vec<u64>>());
}

pub(crate) fn a_key_is_asked_no_oftener_than_its_budget_by_all_processes_together(
    database: &TestDatabase,
) {
    let invoices: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    let (mut one, mut other) = (database.open(), database.open());
    due_at(&mut one, &invoices);
    let budget = Budget::default().with_checks_per_minute(10).with_early_percent(0);
    let now = at("2020-08-07 11:20:00");
    assert_eq!(one.claim_checks(&budget, 7, now).unwrap().len(), 7);
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:20:00").len(), 3);
    assert_eq!(claim(&mut one, &budget, "2020-08-07 11:20:00"), [0_u64; 0]);
}

pub(crate) fn after_midnight_a_check_takes_two_turns(database: &TestDatabase) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20), (2, 20), (3, 20)]);
    let budget = Budget::default().with_checks_per_minute(5);
    assert_eq!(claim(&mut ledger, &budget, "2020-08-08 00:00:10"), [1, 2]);
}

pub(crate) fn a_clock_that_was_set_back_leaves_no_invoice_unwatched(database: &TestDatabase) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20)]);
    // With a clock that is 45 minutes ahead, the next check is due a minute later.
    let (ahead, due) = (at("2020-08-07 12:05:00"), at("2020-08-07 12:06:00"));
    ledger.schedule_check(InvoiceId::new(1), due, ahead).unwrap();
    assert!(booked(&ledger, "INV-1").is_due(at("2020-08-07 11:20:00")));
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn an_invoice_given_up_by_a_clock_that_was_ahead_is_watched_again(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    // The clock jumps three hours ahead: the time is over, and the last check is made.
    let ahead = at("2020-08-07 14:13:42");
    assert_eq!(ledger.expire(ahead).unwrap(), [number("INV-1")]);
    let claims = ledger.claim_checks(&Budget::default(), 1, ahead).unwrap();
    ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, ahead).unwrap();
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None);
    assert_eq!(ledger.revive(ahead).unwrap(), 0);
    // The clock is right again.
    let now = at("2020-08-07 11:20:00");
    assert_eq!(ledger.revive(now).unwrap(), 1);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
    assert_eq!(ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap(), Settlement::Settled);
}

pub(crate) fn the_button_has_three_presses_fifteen_seconds_apart(database: &TestDatabase) {
    let (mut one, mut other) = (database.open(), database.open());
    pending(&mut one, "INV-1", 1);
    let press = |ledger: &mut Ledger, time: &str| {
        let now = at(&format!("2020-08-07 11:{time}"));
        ledger.request_check(&number("INV-1"), 3, Duration::from_secs(15), now).expect("a press")
    };
    assert_eq!(press(&mut one, "20:00"), ManualCheck::Accepted { left: 2 });
    let soon = ManualCheck::TooSoon { wait: Duration::from_secs(10) };
    assert_eq!(press(&mut other, "20:05"), soon);
    assert_eq!(press(&mut other, "20:15"), ManualCheck::Accepted { left: 1 });
    assert_eq!(press(&mut one, "20:30"), ManualCheck::Accepted { left: 0 });
    assert_eq!(press(&mut one, "20:45"), ManualCheck::NoneLeft);
    assert_eq!(claim(&mut one, &Budget::default(), "2020-08-07 11:20:45"), [1]);
}

pub(crate) fn a_paid_invoice_has_no_button(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    let error = ledger.request_check(&number("INV-1"), 3, HOUR, now).unwrap_err();
    let expected = "expected an order that is pending, expired or cancelled, found it paid";
    assert_eq!(error.to_string(), expected);
    let error = ledger.request_check(&number("NONE"), 3, HOUR, now).unwrap_err();
    assert!(matches!(error, Error::Absent), "{error}");
}

pub(crate) fn the_first_webhook_makes_an_invoice_due_and_no_other_does_while_it_is_open(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    assert_eq!(
        ledger.record_webhook(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap(),
        WebhookEffect::Due(number("INV-1"))
    );
    assert_eq!(
        ledger.record_webhook(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap(),
        WebhookEffect::NoChange
    );
    assert_eq!(
        ledger.record_webhook(InvoiceId::new(2), &PaymentDetails::default(), now).unwrap(),
        WebhookEffect::UnknownInvoice
    );
    assert_eq!(
        ledger.record_webhook(InvoiceId::new(u64::MAX), &PaymentDetails::default(), now).unwrap(),
        WebhookEffect::UnknownInvoice
    );
    assert_eq!(ledger.find_invoice(InvoiceId::new(u64::MAX)).unwrap(), None, "no error either");
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn a_cancelled_invoice_is_due_when_it_would_have_been_without_the_cancel(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    due_at(&mut ledger, &[(1, 20)]);
    ledger.cancel(&number("INV-1"), at("2020-08-07 11:19:00")).unwrap();
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:19:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn an_intent_whose_process_was_killed_becomes_unknown(database: &TestDatabase) {
    let mut ledger = database.open();
    for (name, made) in [("OLD", "2020-08-07 11:00:00"), ("NEW", "2020-08-07 11:00:01")] {
        ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, at(made)).unwrap();
    }
    let now = at("2020-08-07 11:02:00");
    let abandoned = ledger.abandon(at("2020-08-07 11:00:00"), now).unwrap();
    assert_eq!(abandoned, [number("OLD")]);
    assert_eq!(state(&ledger, "OLD"), State::Unknown);
    assert_eq!(state(&ledger, "NEW"), State::Requested);
    // The process that was asking is alive after all.
    ledger.refused(&number("OLD"), now).unwrap();
    assert_eq!(state(&ledger, "OLD"), State::Rejected);
}

pub(crate) fn an_intent_of_a_clock_that_was_far_ahead_becomes_unknown_now(database: &TestDatabase) {
    let mut ledger = database.open();
    for (name, made) in [("AHEAD", "2020-08-07 13:02:00"), ("NOW", "2020-08-07 11:03:00")] {
        ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, at(made)).unwrap();
    }
    // Two processes' clocks may be up to a minute apart.
    let now = at("2020-08-07 11:02:00");
    let abandoned = ledger.abandon(at("2020-08-07 10:59:00"), now).unwrap();
    assert_eq!(abandoned, [number("AHEAD")]);
    let events = ledger.events(&number("AHEAD")).unwrap();
    assert_eq!(events.last().map(|event| (event.state, event.at)), Some((State::Unknown, now)));
    let invoices = booked(&ledger, "AHEAD").invoices;
    assert_eq!(invoices.last().map(|invoice| invoice.state), Some(InvoiceState::Unknown));
    assert_eq!(state(&ledger, "NOW"), State::Requested);
}
