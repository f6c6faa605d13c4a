//! Checks end with an answer, keep their gaps, and prefer webhooks and manual checks, on any
//! database.

use std::collections::BTreeMap;
use std::time::Duration;

use qris_api::{InvoiceId, ManualCheck, PaymentDetails, Rupiah, Schedule, WibTime};
use qris_ledger::{Budget, Channel, CheckOutcome, Ledger, Settlement, State, WebhookEffect};

use crate::properties::{
    MINUTE, at, booked, claim, due_at, id_of, invoice, number, paid, pending, state,
};
use crate::{OneCode as _, TestDatabase};

const HOUR: Duration = Duration::from_secs(60 * 60);
const ID: InvoiceId = InvoiceId::new(1);
/// PostgreSQL's slots follow the server's clock, which a test cannot move.
const PLENTY: Budget = Budget::new()
    .with_checks_per_minute(1_000)
    .with_claim(Duration::from_secs(180))
    .with_early_percent(20);

/// TestDatabase an invoice of 11:00:00 that is watched by the usual schedule.
#[track_caller]
fn watched(ledger: &mut Ledger, requested: &str, schedule: &Schedule) {
    let now = at(requested);
    ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    let made = at("2020-08-07 11:00:00");
    let invoice = invoice("INV-1", 1, "2020-08-07 11:00:00");
    ledger.made(&invoice, schedule, made).unwrap();
}

/// Makes each check of INV-1 when it is due, until none is left or until this time. Returns the
/// times of the checks. `outcome` gives the result of a check at a time.
#[track_caller]
fn check_until(
    ledger: &mut Ledger,
    schedule: &Schedule,
    end: WibTime,
    outcome: impl Fn(WibTime) -> CheckOutcome,
) -> Vec<WibTime> {
    let mut made = Vec::new();
    while let Some(due) = booked(ledger, "INV-1").next_check_at.filter(|&due| due <= end) {
        ledger.expire(due).unwrap();
        let claim = ledger.claim_check(&number("INV-1"), &PLENTY, due).unwrap();
        ledger.record_check(&claim.expect("a claim"), outcome(due), schedule, due).unwrap();
        made.push(due);
        assert!(made.len() < 1_000, "no end");
    }
    made
}

fn seconds_between(earlier: WibTime, later: WibTime) -> i64 {
    later.timestamp().duration_since(earlier.timestamp()).as_secs()
}

pub(crate) fn a_payment_is_found_after_any_outage_of_the_provider_at_the_end(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    // From 11:20 on nobody answers, for two days.
    let back = at("2020-08-09 11:00:00");
    let away = |now| match now < at("2020-08-07 11:20:00") {
        true => CheckOutcome::Unpaid,
        false => CheckOutcome::Unanswered,
    };
    let made = check_until(&mut ledger, &schedule, back, away);
    assert_eq!(state(&ledger, "INV-1"), State::Expired);
    let late: Vec<WibTime> =
        made.into_iter().filter(|&at_| at_ >= at("2020-08-07 12:10:00")).collect();
    let gaps: Vec<i64> = late.windows(2).map(|pair| seconds_between(pair[0], pair[1])).collect();
    assert_eq!(gaps[..7], [60, 120, 240, 480, 960, 1_920, 3_600], "it backs off");
    assert!(gaps[6..].iter().all(|&gap| gap == 3_600), "{gaps:?}");
    let next = booked(&ledger, "INV-1").next_check_at.expect("it is asked about again");
    assert!(seconds_between(back, next) <= 3_600);
    // The provider is available again: one answer is the last.
    let claim = ledger.claim_check(&number("INV-1"), &PLENTY, next).unwrap().unwrap();
    let settled = ledger.settle(ID, &paid("SITI"), next).unwrap();
    assert_eq!((id_of(&claim), settled), (1, Settlement::Settled));
}

pub(crate) fn what_fell_due_while_no_process_ran_is_made_up_after_a_restart(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    check_until(&mut ledger, &schedule, at("2020-08-07 11:05:00"), |_| CheckOutcome::Unpaid);
    drop(ledger);
    // The power is back after ten hours, the network a little later.
    let mut ledger = database.open();
    let now = at("2020-08-07 21:00:00");
    ledger.expire(now).unwrap();
    let claims = ledger.claim_checks(&PLENTY, 10, now).unwrap();
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [1]);
    let next = ledger.record_check(&claims[0], CheckOutcome::Unanswered, &schedule, now).unwrap();
    assert_eq!(next, Some(at("2020-08-07 21:01:00")));
    let answered =
        check_until(&mut ledger, &schedule, now.later_by(HOUR), |_| CheckOutcome::Unpaid);
    assert_eq!(answered, [at("2020-08-07 21:01:00")]);
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None, "that answer was the last");
    assert_eq!(ledger.revive(now.later_by(HOUR)).unwrap(), 0);
}

pub(crate) fn nothing_that_may_be_paid_and_had_no_final_answer_is_without_a_next_check(
    database: &TestDatabase,
) {
    let schedule = Schedule::default();
    let mut ledger = database.open();
    for (id, minute) in [(1, 1), (2, 59), (3, 69), (4, 70), (5, 600)] {
        let name = format!("INV-{id}");
        let made = at("2020-08-07 11:00:00");
        ledger.ask(&number(&name), Rupiah::new(25_578), Channel::Pos, made).unwrap();
        let invoice = invoice(&name, id, "2020-08-07 11:00:00");
        ledger.made(&invoice, &schedule, made).unwrap();
        if id == 2 {
            ledger.cancel(&number(&name), made).unwrap();
        }
        let now = made.later_by(MINUTE * minute);
        ledger.request_check(&number(&name), 3, MINUTE, now).unwrap();
        for outcome in [
            CheckOutcome::Unanswered,
            CheckOutcome::Paused { wait: MINUTE },
            CheckOutcome::Unanswered,
            CheckOutcome::Unpaid,
        ] {
            let record = booked(&ledger, &name);
            let due = record.next_check_at.expect("a next check").max(now);
            let claim = ledger.claim_check(&number(&name), &Budget::default(), due).unwrap();
            let claim = claim.expect("a claim");
            let next = ledger.record_check(&claim, outcome, &schedule, due).unwrap();
            let is_final = outcome == CheckOutcome::Unpaid && due >= at("2020-08-07 12:10:00");
            assert_eq!(next.is_none(), is_final, "{name}, {outcome:?} at {due}");
            assert_eq!(booked(&ledger, &name).next_check_at, next);
        }
    }
}

pub(crate) fn a_host_clock_that_was_wrong_at_the_sale_cuts_no_watching_short(
    database: &TestDatabase,
) {
    let schedule = Schedule::default();
    let usual = |ledger: &mut Ledger| {
        check_until(ledger, &schedule, at("2020-08-08 11:00:00"), |_| CheckOutcome::Unpaid)
    };
    // The intent was recorded with the host's clock, two hours behind; ages use the provider's
    // clock.
    let mut ledger = database.open();
    watched(&mut ledger, "2020-08-07 09:00:00", &schedule);
    assert_eq!(booked(&ledger, "INV-1").next_check_at, Some(at("2020-08-07 11:00:15")));
    let made = usual(&mut ledger);
    assert_eq!((made.len(), made.last()), (33, Some(&at("2020-08-07 12:10:00"))));
}

pub(crate) fn a_clock_set_back_by_any_time_puts_no_check_off_for_longer_than_a_gap(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    let mut last = at("2020-08-07 12:00:00");
    check_until(&mut ledger, &schedule, last, |_| CheckOutcome::Unpaid);
    for seconds_back in [1, 30, 90, 45 * 60] {
        let back = last.timestamp() - Duration::from_secs(seconds_back);
        let later = |seconds| WibTime::from(back).later_by(Duration::from_secs(seconds));
        let is_due = |seconds: &u64| booked(&ledger, "INV-1").is_due(later(*seconds));
        let wait = (0..4_000).find(is_due).expect("it falls due");
        assert!(wait <= 178 + 60, "no check for {wait} s after {seconds_back} s back");
        let now = later(wait);
        let claim = ledger.claim_check(&number("INV-1"), &PLENTY, now).unwrap();
        ledger
            .record_check(&claim.expect("a claim"), CheckOutcome::Unpaid, &schedule, now)
            .unwrap();
        last = now;
    }
}

pub(crate) fn a_webhook_is_open_until_three_answers_and_its_next_repeat_opens_it_again(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    // Its final answer has come.
    check_until(&mut ledger, &schedule, at("2020-08-07 13:00:00"), |_| CheckOutcome::Unpaid);
    let hint = |ledger: &mut Ledger, now: &str| {
        ledger.record_webhook(ID, &PaymentDetails::default(), at(now)).unwrap()
    };
    let due = WebhookEffect::Due(number("INV-1"));
    assert_eq!(hint(&mut ledger, "2020-08-07 13:00:00"), due);
    assert_eq!(hint(&mut ledger, "2020-08-07 13:00:30"), WebhookEffect::NoChange, "it is open");
    let made =
        check_until(&mut ledger, &schedule, at("2020-08-07 14:00:00"), |_| CheckOutcome::Unpaid);
    let expected = ["13:00:00", "13:01:00", "13:02:00"];
    assert_eq!(made, expected.map(|time| at(&format!("2020-08-07 {time}"))));
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None);
    // The provider repeats the webhook, because it was answered with 200 but did not lead to a
    // payment.
    assert_eq!(hint(&mut ledger, "2020-08-07 13:02:20"), due);
    let again = at("2020-08-07 13:03:00");
    assert_eq!(booked(&ledger, "INV-1").next_check_at, Some(again), "the gap holds");
    let claims = ledger.claim_checks(&PLENTY, 10, again).unwrap();
    assert_eq!(claims[0].trigger(), qris_api::Trigger::Webhook);
    assert_eq!(ledger.settle(ID, &paid("SITI"), again).unwrap(), Settlement::Settled);
    assert_eq!(hint(&mut ledger, "2020-08-07 13:04:00"), WebhookEffect::NoChange, "it is paid");
}

pub(crate) fn no_manual_check_and_no_repeated_webhook_breaks_the_gap_after_the_last_check(
    database: &TestDatabase,
) {
    const GAP: Duration = Duration::from_secs(15);
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    let due = |ledger: &Ledger| booked(ledger, "INV-1").next_check_at;
    let press = |ledger: &mut Ledger, now: &str| {
        let pressed = ledger.request_check(&number("INV-1"), 3, GAP, at(now)).unwrap();
        assert!(matches!(pressed, ManualCheck::Accepted { .. }), "{pressed:?}");
    };
    let check = |ledger: &mut Ledger, now: &str| {
        ledger.claim_check(&number("INV-1"), &PLENTY, at(now)).unwrap().expect("a claim")
    };
    // While a check is under way, and when it was answered.
    let claim = check(&mut ledger, "2020-08-07 11:00:20");
    press(&mut ledger, "2020-08-07 11:00:22");
    assert_eq!(due(&ledger), Some(at("2020-08-07 11:00:35")));
    let taken = ledger.claim_order(&number("INV-1"), &PLENTY, GAP, GAP, at("2020-08-07 11:00:24"));
    let taken = taken.unwrap();
    assert!(taken.claims.is_empty(), "{taken:?}");
    assert_eq!(taken.wait, Some(Duration::from_secs(11)));
    let answered = at("2020-08-07 11:00:25");
    ledger.record_check(&claim, CheckOutcome::Unpaid, &schedule, answered).unwrap();
    assert_eq!(due(&ledger), Some(at("2020-08-07 11:00:35")), "the press is not forgotten");
    press(&mut ledger, "2020-08-07 11:00:38");
    assert_eq!(due(&ledger), Some(at("2020-08-07 11:00:40")), "15 s after the answer");
    // The first webhook is free; the next one is not, even while a check is in progress.
    ledger.record_webhook(ID, &PaymentDetails::default(), at("2020-08-07 11:00:39")).unwrap();
    let mut now = at("2020-08-07 11:00:39");
    for _ in 0..3 {
        let claim = ledger.claim_check(&number("INV-1"), &PLENTY, now).unwrap().expect("a claim");
        let next = ledger.record_check(&claim, CheckOutcome::Unpaid, &schedule, now).unwrap();
        now = next.expect("a next check");
    }
    let asked = ledger.claim_check(&number("INV-1"), &PLENTY, now).unwrap().expect("a claim");
    let hinted = now.later_by(Duration::from_secs(5));
    ledger.record_webhook(ID, &PaymentDetails::default(), hinted).unwrap();
    assert_eq!(due(&ledger), Some(now.later_by(MINUTE)), "{asked:?}");
}

pub(crate) fn a_webhook_stays_open_while_its_checks_have_no_answer(database: &TestDatabase) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    check_until(&mut ledger, &schedule, at("2020-08-07 11:45:00"), |_| CheckOutcome::Unpaid);
    let hinted = at("2020-08-07 11:45:00");
    ledger.record_webhook(ID, &PaymentDetails::default(), hinted).unwrap();
    let cut = check_until(&mut ledger, &schedule, at("2020-08-07 14:00:00"), |_| {
        CheckOutcome::Unanswered
    });
    assert_eq!(cut[..2], [hinted, hinted.later_by(MINUTE)]);
    let again =
        ledger.record_webhook(ID, &PaymentDetails::default(), at("2020-08-07 14:00:00")).unwrap();
    assert_eq!(again, WebhookEffect::NoChange);
    let next = booked(&ledger, "INV-1").next_check_at.expect("a next check");
    let claims = ledger.claim_checks(&PLENTY, 10, next).unwrap();
    assert_eq!(claims[0].trigger(), qris_api::Trigger::Webhook, "it still is open");
    assert_eq!(ledger.settle(ID, &paid("SITI"), next).unwrap(), Settlement::Settled);
}

pub(crate) fn a_check_that_is_due_in_hours_is_not_due_now(database: &TestDatabase) {
    let mut ledger = database.open();
    let schedule = Schedule::default().with_validity(4 * HOUR);
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    ledger.cancel(&number("INV-1"), at("2020-08-07 11:00:10")).unwrap();
    let kept =
        check_until(&mut ledger, &schedule, at("2020-08-07 11:01:00"), |_| CheckOutcome::Unpaid);
    assert_eq!(kept.len(), 1, "the check that was due without the cancel");
    for now in ["2020-08-07 11:01:00", "2020-08-07 12:30:00", "2020-08-07 14:59:59"] {
        assert!(!booked(&ledger, "INV-1").is_due(at(now)));
        assert_eq!(claim(&mut ledger, &Budget::default(), now), [0_u64; 0], "{now}");
    }
    let made =
        check_until(&mut ledger, &schedule, at("2020-08-08 11:00:00"), |_| CheckOutcome::Unpaid);
    assert_eq!(made, [at("2020-08-07 15:00:00"), at("2020-08-07 15:10:00")]);
}

pub(crate) fn an_invoice_is_asked_about_no_oftener_when_no_answer_can_be_read(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    let end = at("2020-08-07 12:10:00");
    let unread = check_until(&mut ledger, &schedule, end, |_| CheckOutcome::Unanswered);
    assert_eq!(unread.len(), 33, "as many as with answers");
    // And in the two hours after that, six.
    let late =
        check_until(&mut ledger, &schedule, end.later_by(2 * HOUR), |_| CheckOutcome::Unanswered);
    assert_eq!(late.len(), 6);
}

pub(crate) fn a_pause_of_the_key_puts_checks_off_and_uses_up_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    watched(&mut ledger, "2020-08-07 11:00:00", &schedule);
    let pressed = at("2020-08-07 11:00:05");
    let press = ledger.request_check(&number("INV-1"), 3, MINUTE, pressed).unwrap();
    assert_eq!(press, ManualCheck::Accepted { left: 2 });
    let first = ledger.claim_checks(&Budget::default(), 10, pressed).unwrap().remove(0);
    let wait = Duration::from_secs(300);
    ledger.record_check(&first, CheckOutcome::Paused { wait }, &schedule, pressed).unwrap();
    let after = at("2020-08-07 11:05:06");
    assert_eq!(booked(&ledger, "INV-1").next_check_at, Some(after));
    assert_eq!(booked(&ledger, "INV-1").unanswered_at, None, "nobody was asked");
    let again = ledger.claim_checks(&Budget::default(), 10, after).unwrap().remove(0);
    assert_eq!(again.trigger(), first.trigger(), "the press is not used up");
}

pub(crate) fn manual_checks_and_webhooks_go_before_the_schedule_and_have_reserved_slots(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let open: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    due_at(&mut ledger, &open);
    let budget = Budget::default().with_checks_per_minute(10);
    let now = "2020-08-07 11:30:00";
    // All the others have waited for ten minutes.
    let details = PaymentDetails::default();
    ledger.record_webhook(InvoiceId::new(39), &details, at("2020-08-07 11:29:59")).unwrap();
    ledger.request_check(&number("INV-40"), 3, MINUTE, at(now)).unwrap();
    assert_eq!(claim(&mut ledger, &budget, now), [39, 40, 1, 10, 11, 12, 13, 14, 15, 16]);
}

pub(crate) fn slots_are_reserved_for_webhooks_after_the_schedule_used_its_share(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let open: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    due_at(&mut ledger, &open);
    let budget = Budget::default().with_checks_per_minute(10);
    let now = "2020-08-07 11:30:00";
    assert_eq!(claim(&mut ledger, &budget, now).len(), 8);
    assert_eq!(claim(&mut ledger, &budget, now), [0_u64; 0]);
    let mut one = |name: &str| {
        let claim = ledger.claim_check(&number(name), &budget, at(now)).unwrap();
        claim.map(|claim| id_of(&claim))
    };
    assert_eq!(one("INV-40"), None, "the schedule has no turn left");
    for id in [37, 38] {
        ledger.record_webhook(InvoiceId::new(id), &PaymentDetails::default(), at(now)).unwrap();
    }
    ledger.request_check(&number("INV-36"), 3, MINUTE, at(now)).unwrap();
    assert_eq!(claim(&mut ledger, &budget, now), [36, 37], "and no more than the budget");
}

#[test]
fn no_minute_has_more_checks_than_the_budget_when_all_wait() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    let budget = Budget::default().with_checks_per_minute(20);
    let schedule = Schedule::default();
    for id in 1..=60 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let mut claimed: BTreeMap<i64, usize> = BTreeMap::new();
    let start = at("2020-08-07 11:13:42");
    for second in (0..600).step_by(5) {
        let now = start.later_by(Duration::from_secs(second));
        if second % 30 == 0 {
            let id = InvoiceId::new(1 + second / 30);
            ledger.record_webhook(id, &PaymentDetails::default(), now).unwrap();
        }
        for claim in ledger.claim_checks(&budget, 64, now).unwrap() {
            ledger.record_check(&claim, CheckOutcome::Unanswered, &schedule, now).unwrap();
            *claimed.entry(i64::try_from(second).unwrap()).or_default() += 1;
        }
    }
    for &from in claimed.keys() {
        let minute: usize = claimed.range(from..from + 60).map(|(_, count)| count).sum();
        assert!(minute <= 20, "{minute} in the minute from {from} s");
    }
    assert!(claimed.values().sum::<usize>() > 20, "the budget was put to the test");
}
