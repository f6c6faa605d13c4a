//! Webhooks of unknown invoices, and how an order with an unknown outcome ends.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{InvoiceId, PaymentDetails, Rupiah, Schedule};
use qris_ledger::{
    Budget, Candidate, Channel, CheckOutcome, Error, Ledger, Request, Settlement, State,
};

use crate::properties::{at, booked, invoice, number, pending, state};
use crate::{OneCode as _, TestDatabase};

const ID: InvoiceId = InvoiceId::new(41_325_511_100);
const MADE: &str = "2020-08-07 11:13:42";
const NOW: &str = "2020-08-07 11:20:00";

fn hint(more: &str) -> WebhookEvent {
    let body = format!(r#"{{"invoice":"{ID}","qris_status":"success"{more}}}"#);
    WebhookEvent::parse(body.as_bytes()).expect("a webhook")
}

/// A sale of Rp25,578 with an unknown outcome.
#[track_caller]
fn unknown(ledger: &mut Ledger, number_text: &str) {
    let number = number(number_text);
    let asked = ledger.ask(&number, Rupiah::new(25_578), Channel::Pos, at(MADE));
    assert!(matches!(asked.expect("a new number"), Request::New(_)));
    ledger.lost(&number, Some("no reply"), at(MADE)).expect("an unknown outcome");
}

#[track_caller]
fn candidates(ledger: &mut Ledger, now: &str) -> Vec<Candidate> {
    ledger.claim_candidates(&Budget::default(), 10, at(now)).expect("candidates")
}

pub(crate) fn a_webhook_of_an_invoice_that_is_not_booked_is_kept_once_and_listed(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let webhook = hint(
        r#","rrn":"000380970875","note":"1 PAY-1 10200","qris_paid_date":"2020-08-07 11:15:00","qris_payment_methodby":"BCA","qris_payment_customername":"SITI""#,
    );
    for _ in 0..2 {
        assert_eq!(ledger.keep_webhook(&webhook, at(NOW)).unwrap(), None);
    }
    let ledger = database.open();
    assert_eq!(ledger.count_unbooked_webhooks().unwrap(), 1);
    let listed = ledger.unbooked_webhooks(10).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].invoice, ID);
    assert_eq!(listed[0].received_at, at(NOW));
    assert_eq!(listed[0].status, "paid");
    assert_eq!(listed[0].details, webhook.details());
    assert_eq!(listed[0].number, None);
    let shown = format!("{listed:?}");
    assert!(shown.contains("000380970875") && !shown.contains("SITI"), "{shown}");
    let json = serde_json::to_value(&listed[0]).unwrap();
    assert_eq!(json["qris_invoiceid"], ID.get());
    assert_eq!(json["paid_at"], "2020-08-07T11:15:00+07:00");
    assert_eq!(json["number"], serde_json::Value::Null);
}

pub(crate) fn a_later_webhook_of_an_unbooked_invoice_fills_what_is_missing(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let pending = format!(r#"{{"invoice":"{ID}","qris_status":"pending"}}"#);
    ledger.keep_webhook(&WebhookEvent::parse(pending.as_bytes()).unwrap(), at(MADE)).unwrap();
    assert_eq!(ledger.unbooked_webhooks(10).unwrap()[0].status, "pending");
    ledger.keep_webhook(&hint(r#","rrn":"1""#), at(NOW)).unwrap();
    ledger.keep_webhook(&hint(r#","rrn":"2","note":"N""#), at(NOW)).unwrap();
    ledger.keep_webhook(&WebhookEvent::parse(pending.as_bytes()).unwrap(), at(NOW)).unwrap();
    let listed = ledger.unbooked_webhooks(10).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].received_at, at(MADE), "when the first came");
    assert_eq!(listed[0].status, "paid", "a payment is not taken back");
    assert_eq!(listed[0].details.rrn.as_deref(), Some("1"));
    assert_eq!(listed[0].details.note.as_deref(), Some("N"));
}

pub(crate) fn a_webhook_whose_note_has_number_and_amount_is_offered_for_the_unknown_sale(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "Order 7 of 9");
    let webhook = hint(r#","note":"1 Order 7 of 9 25578""#);
    let offered = ledger.keep_webhook(&webhook, at(NOW)).unwrap();
    assert_eq!(offered, Some(number("Order 7 of 9")));
    assert_eq!(ledger.unbooked_webhooks(10).unwrap()[0].number, offered);
    let candidate = candidates(&mut ledger, NOW).remove(0);
    assert_eq!(candidate.order.number, number("Order 7 of 9"));
    assert_eq!(candidate.invoice.qris_invoiceid, ID);
    assert_eq!(candidate.invoice.amount, Rupiah::new(25_578));
    assert_eq!(candidate.invoice.qris_request_date, at(MADE));
    assert_eq!(state(&ledger, "Order 7 of 9"), State::Unknown, "a webhook is not believed");
}

pub(crate) fn a_webhook_whose_note_has_another_amount_or_number_is_offered_for_none(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    pending(&mut ledger, "INV-2", 7);
    for note in ["1 INV-1 25579", "1 inv-1 25578", "1 INV-2 25578", "INV-1", "2 INV-1 25578"] {
        let webhook = format!(r#"{{"invoice":"1","qris_status":"success","note":"{note}"}}"#);
        let webhook = WebhookEvent::parse(webhook.as_bytes()).unwrap();
        assert_eq!(ledger.keep_webhook(&webhook, at(NOW)).unwrap(), None, "{note}");
    }
    assert_eq!(candidates(&mut ledger, NOW), []);
}

pub(crate) fn an_unknown_sale_is_paid_once_its_invoice_is_found_and_paid(database: &TestDatabase) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    let said =
        r#","rrn":"000380970875","note":"1 INV-1 25578","qris_paid_date":"2020-08-07 11:15:00""#;
    ledger.keep_webhook(&hint(said), at(NOW)).unwrap();
    let mut check = PaymentDetails::default();
    check.customer_name = Some("SITI".to_owned());
    let inv = number("INV-1");
    assert_eq!(ledger.resolve_paid(&inv, ID, &check, at(NOW)).unwrap(), Settlement::Settled);
    assert_eq!(ledger.resolve_paid(&inv, ID, &check, at(NOW)).unwrap(), Settlement::AlreadySettled);
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.state, State::Paid);
    assert_eq!(record.next_check_at, None);
    let details = record.payment.details().unwrap();
    assert_eq!(details.customer_name.as_deref(), Some("SITI"));
    assert_eq!(details.rrn.as_deref(), Some("000380970875"));
    assert_eq!(details.paid_at, Some(at("2020-08-07 11:15:00")));
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["qris_invoiceid"], ID.get());
    assert_eq!(json["qris_content"], serde_json::Value::Null);
    assert!(!record.may_be_shown(at(MADE)));
    let event = ledger.events(&inv).unwrap().pop().unwrap();
    assert_eq!(event.state, State::Paid);
    assert_eq!(event.detail, Some(format!("found as qris_invoiceid {ID}")));
    // It is recorded now, and is no longer an unknown invoice.
    assert_eq!(ledger.unbooked_webhooks(10).unwrap(), []);
    assert_eq!(ledger.count_unbooked_webhooks().unwrap(), 0);
    assert_eq!(candidates(&mut ledger, "2020-08-07 12:20:00"), []);
    let day = "2020-08-07".parse().unwrap();
    assert_eq!(ledger.payments(day, day).unwrap(), [record]);
}

pub(crate) fn a_candidate_is_one_claimants_and_checked_again_until_an_answer_after_the_end(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    ledger.keep_webhook(&hint(r#","note":"1 INV-1 25578""#), at(NOW)).unwrap();
    let candidate = candidates(&mut ledger, NOW).remove(0);
    assert_eq!(candidates(&mut database.open(), "2020-08-07 11:22:59"), [], "it is claimed");
    let schedule = Schedule::default();
    ledger
        .record_candidate_check(
            &candidate,
            &schedule,
            CheckOutcome::Unpaid,
            at("2020-08-07 11:20:10"),
        )
        .unwrap();
    assert_eq!(candidates(&mut ledger, "2020-08-07 11:21:09"), []);
    let mut candidate = candidates(&mut ledger, "2020-08-07 11:21:10").remove(0);
    // The claimant was killed.
    assert_eq!(candidates(&mut ledger, "2020-08-07 11:24:10").len(), 1);
    // Without an answer the checks continue after the end, at most an hour apart.
    let mut now = at("2020-08-07 12:31:00");
    for _ in 0..4 {
        ledger
            .record_candidate_check(&candidate, &schedule, CheckOutcome::Unanswered, now)
            .unwrap();
        now = now.later_by(Duration::from_secs(60 * 60));
        candidate = candidates(&mut ledger, &now.to_api_text()).remove(0);
    }
    ledger.record_candidate_check(&candidate, &schedule, CheckOutcome::Unpaid, now).unwrap();
    let next_day = now.later_by(Duration::from_secs(24 * 60 * 60)).to_api_text();
    assert_eq!(candidates(&mut ledger, &next_day), []);
    assert_eq!(ledger.unbooked_webhooks(10).unwrap().len(), 1, "it is listed all the same");
}

pub(crate) fn a_candidate_of_a_sale_that_is_being_asked_for_waits_for_its_outcome(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let inv = number("INV-1");
    ledger.ask(&inv, Rupiah::new(25_578), Channel::Pos, at(MADE)).unwrap();
    let offered = ledger.keep_webhook(&hint(r#","note":"1 INV-1 25578""#), at(NOW)).unwrap();
    assert_eq!(offered, None, "not before its outcome is known");
    assert_eq!(candidates(&mut ledger, NOW), []);
    ledger.abandon(at(NOW), at(NOW)).unwrap();
    assert_eq!(candidates(&mut ledger, "2020-08-07 11:20:59"), []);
    assert_eq!(candidates(&mut ledger, "2020-08-07 11:21:00").len(), 1);
}

pub(crate) fn an_invoice_of_another_sale_resolves_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    pending(&mut ledger, "INV-2", 7);
    let (inv, other) = (number("INV-1"), InvoiceId::new(7));
    let details = PaymentDetails::default();
    let taken = ledger.resolve_paid(&inv, other, &details, at(NOW));
    assert!(matches!(taken, Err(Error::InvoiceIdTaken)), "{taken:?}");
    assert!(matches!(ledger.candidate(&inv, other), Err(Error::InvoiceIdTaken)));
    let wrong = ledger.resolve_paid(&number("INV-2"), ID, &details, at(NOW));
    let found = State::Pending;
    assert!(
        matches!(wrong, Err(Error::State { expected: [State::Unknown], found: it }) if it == found)
    );
    assert!(matches!(ledger.candidate(&number("NONE"), ID), Err(Error::Absent)));
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    assert_eq!(state(&ledger, "INV-2"), State::Pending);
}

pub(crate) fn an_invoice_that_a_person_names_is_watched_and_the_sale_stays_unknown(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    let candidate = ledger.candidate(&number("INV-1"), ID).unwrap();
    ledger.watch_candidate(&candidate, at(NOW)).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    assert_eq!(ledger.unbooked_webhooks(10).unwrap(), [], "a person's word is no webhook");
    assert_eq!(ledger.count_unbooked_webhooks().unwrap(), 0);
    let due = candidates(&mut ledger, "2020-08-07 11:21:00");
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].invoice, candidate.invoice);
}

pub(crate) fn a_sale_that_a_person_says_was_not_made_can_be_asked_for_again(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    let inv = number("INV-1");
    ledger.resolve_not_made(&inv, "not in the portal, Budi", at(NOW)).unwrap();
    let event = ledger.events(&inv).unwrap().pop().unwrap();
    assert_eq!(event.state, State::Rejected);
    assert_eq!(event.detail.as_deref(), Some("not made: not in the portal, Budi"));
    let again = ledger.resolve_not_made(&inv, "twice", at(NOW));
    assert!(matches!(again, Err(Error::State { expected: [State::Unknown], .. })), "{again:?}");
    let asked = ledger.ask(&inv, Rupiah::new(25_578), Channel::Pos, at(NOW)).unwrap();
    assert!(matches!(asked, Request::New(_)));
    // An invoice that is being requested may exist.
    let early = ledger.resolve_not_made(&inv, "early", at(NOW));
    assert!(matches!(early, Err(Error::State { .. })), "{early:?}");
    ledger.made(&invoice("INV-1", 7, MADE), &Schedule::default(), at(NOW)).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn a_late_payment_of_an_order_that_was_resolved_as_not_made_is_recorded(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    unknown(&mut ledger, "INV-1");
    let inv = number("INV-1");
    ledger.resolve_not_made(&inv, "not in the portal", at(NOW)).unwrap();
    ledger.keep_webhook(&hint(r#","note":"1 INV-1 25578""#), at(NOW)).unwrap();
    assert_eq!(candidates(&mut ledger, NOW).len(), 1);
    let details = PaymentDetails::default();
    assert_eq!(ledger.resolve_paid(&inv, ID, &details, at(NOW)).unwrap(), Settlement::Settled);
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

pub(crate) fn of_many_that_resolve_at_once_one_settles(database: &TestDatabase) {
    unknown(&mut database.open(), "INV-1");
    let barrier = Barrier::new(4);
    let settled: Vec<Settlement> = thread::scope(|scope| {
        let resolvers = (0..4).map(|_| {
            scope.spawn(|| {
                let mut ledger = database.open();
                barrier.wait();
                let details = PaymentDetails::default();
                ledger.resolve_paid(&number("INV-1"), ID, &details, at(NOW)).expect("resolved")
            })
        });
        let resolvers: Vec<_> = resolvers.collect();
        resolvers.into_iter().map(|it| it.join().expect("no panic")).collect()
    });
    let now = settled.iter().filter(|&&it| it == Settlement::Settled).count();
    assert_eq!(now, 1, "{settled:?}");
    assert_eq!(state(&database.open(), "INV-1"), State::Paid);
}

pub(crate) fn a_check_outside_the_schedule_takes_a_slot_of_the_budget(database: &TestDatabase) {
    let mut ledger = database.open();
    let budget = Budget::default().with_checks_per_minute(3);
    let asked = invoice("INV-1", 7, "2020-08-06 23:59:00");
    let now = at("2020-08-07 11:20:00");
    assert!(ledger.take_turns(&asked, &budget, now).unwrap(), "two turns after midnight");
    assert!(!ledger.take_turns(&asked, &budget, now).unwrap(), "one is left");
    let same_day = invoice("INV-1", 7, MADE);
    assert!(ledger.take_turns(&same_day, &budget, now).unwrap());
    assert!(!database.open().take_turns(&same_day, &budget, now).unwrap());
    unknown(&mut ledger, "INV-1");
    ledger.keep_webhook(&hint(r#","note":"1 INV-1 25578""#), at(NOW)).unwrap();
    assert_eq!(ledger.claim_candidates(&budget, 10, at(NOW)).unwrap(), []);
}

pub(crate) fn an_invoice_that_is_named_is_checked_by_the_day_of_its_own_request(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let (evening, after_midnight) = (at("2020-08-07 23:50:00"), at("2020-08-08 00:10:00"));
    let ask = |ledger: &mut Ledger, now| {
        ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now).unwrap()
    };
    ask(&mut ledger, evening);
    ledger.lost(&number("INV-1"), None, evening).unwrap();
    ledger.resolve_not_made(&number("INV-1"), "not in the portal", evening).unwrap();
    assert!(matches!(ask(&mut ledger, after_midnight), Request::New(_)));
    let candidate = ledger.candidate(&number("INV-1"), ID).unwrap();
    assert_eq!(candidate.invoice.qris_request_date, evening);
}
