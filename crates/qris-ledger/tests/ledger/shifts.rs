//! Shifts, on any database: each payment is in one of them, and a closed one never changes.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use qris_api::{InvoiceId, Payment, PaymentDetails, WibTime};
use qris_ledger::{
    Actor, CheckOutcome, Error, LateReason, Ledger, MerchantRowId, OrderLines, PaymentLines, Shift,
    ShiftId, ShiftReport, Unanswered,
};

use crate::TestDatabase;
use crate::orders::{AMOUNT, FRESH, GAP, PLENTY, ask_for, order, over, renewed};
use crate::properties::{MINUTE, SCHEDULE, at, booked, number, paid, payment, pending};

/// Before the codes of these tests are made, at 11:13:42.
const OPENED: &str = "2020-08-07 11:00:00";
const LUNCH: &str = "2020-08-07 11:20:00";
const EVENING: &str = "2020-08-07 18:00:00";

#[track_caller]
fn opened(ledger: &mut Ledger, name: &str, now: &str) -> Shift {
    ledger.open_shift(name, at(now)).expect("no other shift is open")
}

#[track_caller]
fn closed(ledger: &mut Ledger, shift: &Shift, now: &str) -> ShiftReport {
    let done = ledger.close_shift(shift.id, Unanswered::Refuse, at(now));
    let (closed, report) = done.expect("everything is answered");
    assert_eq!(closed.closed.as_ref().map(|closed| closed.at), Some(at(now)));
    report
}

#[track_caller]
fn report(ledger: &Ledger, shift: &Shift) -> ShiftReport {
    ledger.shift_report(shift.id).expect("a report").1
}

/// TestDatabase the payment of a code.
#[track_caller]
fn settle(ledger: &mut Ledger, id: u64, method: &str, now: &str) {
    let payment = payment(Some("SITI"), Some(method), None);
    ledger.settle(InvoiceId::new(id), &payment, at(now)).expect("a code that is booked");
}

/// The number of payments in a report, and their sum.
fn sum(report: &ShiftReport) -> (u64, u64) {
    (report.payments.count, report.payments.amount.get())
}

fn named(lines: &PaymentLines) -> Vec<(&str, Option<LateReason>)> {
    assert_eq!(lines.total.count, lines.payments.len() as u64);
    assert_eq!(lines.total.amount.get(), AMOUNT.get() * lines.total.count);
    lines.payments.iter().map(|line| (line.number.as_str(), line.late)).collect()
}

fn numbers(lines: &OrderLines) -> Vec<&str> {
    assert_eq!(lines.total.count, lines.orders.len() as u64);
    lines.orders.iter().map(|line| line.number.as_str()).collect()
}

pub(crate) fn a_payment_is_in_the_shift_in_which_it_was_booked(database: &TestDatabase) {
    let mut ledger = database.open();
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("siti"));
    let first = opened(&mut ledger, "Pagi", OPENED);
    assert_eq!((first.number, first.name.as_str(), first.opened_by.as_str()), (1, "Pagi", "siti"));
    for id in 1..=4 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    for (id, method) in [(1, "BCA"), (2, "OVO"), (3, "BCA")] {
        settle(&mut ledger, id, method, LUNCH);
    }
    // An open shift can be added up at any time.
    let now = report(&ledger, &first);
    assert_eq!(now, report(&database.open(), &first));
    assert_eq!((now.orders, sum(&now)), (4, (3, 3 * AMOUNT.get())));
    let methods: Vec<_> =
        now.methods.iter().map(|line| (line.method.as_deref(), line.total.count)).collect();
    assert_eq!(methods, [(Some("BCA"), 2), (Some("OVO"), 1)]);
    assert_eq!(numbers(&now.pending), ["INV-4"]);
    let frozen = closed(&mut ledger, &first, "2020-08-07 11:30:00");
    assert_eq!(frozen, now);

    let second = opened(&mut ledger, " ", "2020-08-07 11:30:00");
    assert_eq!((second.number, second.name.as_str()), (2, "siti"), "without a name, the actor's");
    settle(&mut ledger, 4, "BCA", "2020-08-07 11:31:00");
    let later = closed(&mut ledger, &second, EVENING);
    assert_eq!((later.orders, sum(&later)), (0, (1, AMOUNT.get())));
    assert_eq!(named(&later.late), [("INV-4", Some(LateReason::EarlierCode))]);
    let all = database.open().shifts(None, 10).unwrap();
    let found: Vec<_> = all
        .iter()
        .map(|shift| (shift.number, shift.closed.as_ref().map(|it| (it.payments, it.paid))))
        .collect();
    let total = |count: u64| Some((count, qris_api::Rupiah::new(count * AMOUNT.get())));
    assert_eq!(found, [(2, total(1)), (1, total(3))]);
    assert_eq!(ledger.shifts(Some(second.id), 10).unwrap()[0].number, 1);
}

pub(crate) fn one_shift_of_a_merchant_is_open_and_numbers_have_no_gap(database: &TestDatabase) {
    let mut ledger = database.open();
    for count in 1..=3 {
        let shift = opened(&mut ledger, "Siti", OPENED);
        assert_eq!(shift.number, count);
        let refused = database.open().open_shift("Budi", at(LUNCH)).unwrap_err();
        assert!(matches!(refused, Error::ShiftOpen { number } if number == count), "{refused}");
        closed(&mut ledger, &shift, LUNCH);
    }
    let main = opened(&mut ledger, "Siti", LUNCH);
    let kiosk = ledger.merchant(&"kiosk".parse().unwrap()).unwrap();
    ledger.act_for(kiosk, &Actor::default());
    assert_eq!(opened(&mut ledger, "Budi", LUNCH).number, 1, "each merchant counts its own");
    for id in [main.id, ShiftId::new(99)] {
        assert!(matches!(ledger.shift_report(id), Err(Error::Absent)));
        let closed = ledger.close_shift(id, Unanswered::Accept, at(EVENING));
        assert!(matches!(closed, Err(Error::Absent)));
    }
}

pub(crate) fn late_and_second_payments_and_cancelled_orders_are_named(database: &TestDatabase) {
    let mut ledger = database.open();
    let shift = opened(&mut ledger, "Siti", OPENED);
    renewed(&mut ledger, "TWICE", 1, 2);
    pending(&mut ledger, "EXPIRED", 3);
    pending(&mut ledger, "CANCELLED", 4);
    pending(&mut ledger, "GONE", 5);
    ledger.cancel(&number("CANCELLED"), at(LUNCH)).unwrap();
    ledger.cancel(&number("GONE"), at(LUNCH)).unwrap();
    ledger.expire(over()).unwrap();
    let now = "2020-08-07 11:45:00";
    for id in [2, 1, 3, 4] {
        settle(&mut ledger, id, "BCA", now);
    }
    let report = closed(&mut ledger, &shift, EVENING);
    assert_eq!(sum(&report), (4, 4 * AMOUNT.get()));
    let ended = Some(LateReason::OrderEnded);
    assert_eq!(named(&report.late), [("CANCELLED", ended), ("EXPIRED", ended)]);
    assert_eq!(named(&report.overpaid), [("TWICE", None)]);
    assert_eq!(numbers(&report.cancelled), ["CANCELLED", "GONE"]);
    assert_eq!(named(&report.outside), []);
}

pub(crate) fn what_is_paid_while_no_shift_is_open_is_named_in_the_next_report_and_no_other(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    for id in 1..=4 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    settle(&mut ledger, 1, "BCA", LUNCH);
    let first = opened(&mut ledger, "Siti", LUNCH);
    assert_eq!(named(&report(&ledger, &first).outside), [], "no shifts were used then");
    closed(&mut ledger, &first, "2020-08-07 11:21:00");
    settle(&mut ledger, 2, "OVO", "2020-08-07 11:22:00");
    let second = opened(&mut ledger, "Budi", "2020-08-07 11:23:00");
    settle(&mut ledger, 3, "BCA", "2020-08-07 11:24:00");
    let earlier = Some(LateReason::EarlierCode);
    let outside = [("INV-2", earlier)];
    assert_eq!(named(&report(&ledger, &second).outside), outside);
    let frozen = closed(&mut ledger, &second, "2020-08-07 11:25:00");
    assert_eq!((sum(&frozen), named(&frozen.outside)), ((1, AMOUNT.get()), outside.to_vec()));
    settle(&mut ledger, 4, "BCA", "2020-08-07 11:26:00");
    let third = opened(&mut ledger, "Siti", "2020-08-07 11:27:00");
    let frozen = closed(&mut ledger, &third, EVENING);
    assert_eq!((sum(&frozen), named(&frozen.outside)), ((0, 0), vec![("INV-4", earlier)]));
}

pub(crate) fn a_shift_is_not_closed_over_an_order_without_an_answer_unless_that_is_accepted(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let shift = opened(&mut ledger, "Siti", OPENED);
    let now = at(LUNCH);
    let intent = ask_for(&mut ledger, &order("UNKNOWN"), now);
    ledger.record_unknown(&intent, Some("no answer"), now).unwrap();
    let asked = ask_for(&mut ledger, &order("ASKED"), now);
    pending(&mut ledger, "ANNOUNCED", 3);
    ledger.record_webhook(InvoiceId::new(3), &qris_api::PaymentDetails::default(), now).unwrap();
    pending(&mut ledger, "UNANSWERED", 1);
    let claimed = ledger.claim_order(&number("UNANSWERED"), &PLENTY, GAP, FRESH, now).unwrap();
    ledger.record_check(&claimed.claims[0], CheckOutcome::Unanswered, &SCHEDULE, now).unwrap();
    pending(&mut ledger, "PAID", 2);
    settle(&mut ledger, 2, "BCA", LUNCH);

    let refused = ledger.close_shift(shift.id, Unanswered::Refuse, at(EVENING)).unwrap_err();
    let Error::UnansweredChecks { unknown, unanswered } = &refused else { panic!("{refused}") };
    assert_eq!(
        (&unknown[..], &unanswered[..]),
        (&["ASKED".into(), "UNKNOWN".into()][..], &["ANNOUNCED".into(), "UNANSWERED".into()][..])
    );
    let (open, _) = ledger.shift_report(shift.id).unwrap();
    assert_eq!(open.closed, None, "nothing was changed");

    let accepted = ledger.close_shift(shift.id, Unanswered::Accept, at(EVENING)).unwrap();
    let (closed, report) = accepted;
    assert!(closed.closed.unwrap().unanswered_accepted);
    assert_eq!(numbers(&report.unknown), ["ASKED", "UNKNOWN"]);
    assert_eq!(numbers(&report.unanswered), ["ANNOUNCED", "UNANSWERED"]);
    assert_eq!(sum(&report), (1, AMOUNT.get()));

    // When all have an answer, nothing needs to be accepted, and the report lists none.
    let next = opened(&mut database.open(), "Budi", EVENING);
    ledger.record_unknown(&asked, Some("no answer"), at(EVENING)).unwrap();
    for lost in ["ASKED", "UNKNOWN"] {
        ledger.resolve_not_made(&number(lost), "asked", at(EVENING)).unwrap();
    }
    ledger.settle(InvoiceId::new(3), &paid("BUDI"), at(EVENING)).unwrap();
    ledger.settle(InvoiceId::new(1), &paid("BUDI"), at(EVENING)).unwrap();
    let accepted = ledger.close_shift(next.id, Unanswered::Accept, at(EVENING)).unwrap();
    assert!(!accepted.0.closed.unwrap().unanswered_accepted);
}

pub(crate) fn a_closed_shift_keeps_its_totals_when_a_payment_comes_later(database: &TestDatabase) {
    let mut ledger = database.open();
    let shift = opened(&mut ledger, "Siti", OPENED);
    pending(&mut ledger, "INV-1", 1);
    pending(&mut ledger, "INV-2", 2);
    settle(&mut ledger, 1, "BCA", LUNCH);
    let frozen = closed(&mut ledger, &shift, "2020-08-07 11:30:00");
    ledger.cancel(&number("INV-2"), at(EVENING)).unwrap();
    settle(&mut ledger, 2, "BCA", EVENING);
    let mut rrn = PaymentDetails::default();
    rrn.rrn = Some("000380970875".into());
    ledger.record_webhook(InvoiceId::new(1), &rrn, at(EVENING)).unwrap();
    let (again, report) = database.open().shift_report(shift.id).unwrap();
    assert_eq!(report, frozen);
    let refused = ledger.close_shift(shift.id, Unanswered::Accept, at(EVENING)).unwrap_err();
    assert!(matches!(refused, Error::ShiftClosed), "{refused}");
    assert_eq!(again.closed.unwrap().at, at("2020-08-07 11:30:00"));
}

pub(crate) fn of_many_that_open_and_close_shifts_at_once_each_shift_is_opened_and_closed_by_one(
    database: &TestDatabase,
) {
    const TILLS: usize = 6;
    const SHIFTS: u64 = 5;
    let (opens, closes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Barrier::new(TILLS);
    thread::scope(|scope| {
        for _ in 0..TILLS {
            let (mut ledger, start) = (database.open(), &start);
            let (opens, closes) = (&opens, &closes);
            scope.spawn(move || {
                for _ in 0..SHIFTS {
                    start.wait();
                    match ledger.open_shift("Siti", at(OPENED)) {
                        Ok(_) => opens.fetch_add(1, Ordering::Relaxed),
                        Err(Error::ShiftOpen { .. }) => 0,
                        Err(error) => panic!("{error}"),
                    };
                    start.wait();
                    let open = ledger.shifts(None, 1).expect("shifts").remove(0);
                    start.wait();
                    match ledger.close_shift(open.id, Unanswered::Refuse, at(LUNCH)) {
                        Ok(_) => closes.fetch_add(1, Ordering::Relaxed),
                        Err(Error::ShiftClosed) => 0,
                        Err(error) => panic!("{error}"),
                    };
                }
            });
        }
    });
    let all = database.open().shifts(None, 100).unwrap();
    let found: Vec<u64> = all.iter().rev().map(|shift| shift.number).collect();
    assert_eq!(found, (1..=SHIFTS).collect::<Vec<_>>());
    assert!(all.iter().all(|shift| shift.closed.is_some()));
    let counts = [opens, closes].map(AtomicUsize::into_inner);
    assert_eq!(counts, [usize::try_from(SHIFTS).unwrap(); 2]);
}

/// Adds up all shifts, and checks that each payment of these codes is in one of them.
#[track_caller]
fn each_payment_is_in_one_report(database: &TestDatabase, ids: std::ops::RangeInclusive<u64>) {
    let mut ledger = database.open();
    // All payments since the last shift was closed are in the next report.
    let last = match ledger.open_shift("last", at(EVENING)) {
        Err(Error::ShiftOpen { .. }) => ledger.shifts(None, 1).unwrap().remove(0),
        opened => opened.unwrap(),
    };
    closed(&mut ledger, &last, EVENING);
    let mut seen = Vec::new();
    let mut count = 0;
    for shift in ledger.shifts(None, 100_000).unwrap() {
        let report = report(&ledger, &shift);
        let methods: u64 = report.methods.iter().map(|line| line.total.count).sum();
        assert_eq!(methods, report.payments.count);
        assert_eq!(report.payments.amount.get(), report.payments.count * AMOUNT.get());
        count += report.payments.count + report.outside.total.count;
        // Each payer pays by a method of its own here.
        seen.extend(report.methods.iter().filter_map(|line| line.method.clone()));
        seen.extend(report.outside.payments.iter().filter_map(|line| line.method.clone()));
    }
    seen.sort();
    let mut expected: Vec<String> = ids.map(|id| format!("M{id}")).collect();
    expected.sort();
    assert_eq!((count, seen), (expected.len() as u64, expected));
}

pub(crate) fn a_payment_that_is_booked_while_its_shift_is_closed_is_in_one_report(
    database: &TestDatabase,
) {
    const TILLS: u64 = 4;
    const EACH: u64 = 15;
    let mut ledger = database.open();
    opened(&mut ledger, "Siti", OPENED);
    for id in 1..=TILLS * EACH {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let left = AtomicUsize::new(usize::try_from(TILLS).unwrap());
    let start = Barrier::new(usize::try_from(TILLS).unwrap() + 1);
    thread::scope(|scope| {
        for till in 0..TILLS {
            let (mut ledger, start, left) = (database.open(), &start, &left);
            scope.spawn(move || {
                start.wait();
                for id in till * EACH + 1..=(till + 1) * EACH {
                    settle(&mut ledger, id, &format!("M{id}"), LUNCH);
                }
                left.fetch_sub(1, Ordering::Relaxed);
            });
        }
        let mut ledger = database.open();
        start.wait();
        while left.load(Ordering::Relaxed) > 0 {
            let open = ledger.shifts(None, 1).expect("shifts").remove(0);
            ledger.close_shift(open.id, Unanswered::Refuse, at(LUNCH)).expect("closed");
            ledger.open_shift("next", at(LUNCH)).expect("opened");
        }
    });
    each_payment_is_in_one_report(database, 1..=TILLS * EACH);
}

pub(crate) fn a_payment_of_a_code_that_was_found_later_is_in_the_shift_in_which_it_was_found(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let first = opened(&mut ledger, "Siti", OPENED);
    let intent = ask_for(&mut ledger, &order("INV-1"), at(LUNCH));
    ledger.record_unknown(&intent, None, at(LUNCH)).unwrap();
    ledger.close_shift(first.id, Unanswered::Accept, at("2020-08-07 11:30:00")).unwrap();
    let second = opened(&mut ledger, "Budi", "2020-08-07 11:31:00");
    let Payment::Paid(details) = payment(None, Some("M1"), None) else { unreachable!() };
    let now: WibTime = at("2020-08-07 11:31:00").later_by(MINUTE + Duration::from_secs(1));
    ledger.resolve_paid(&number("INV-1"), InvoiceId::new(1), &details, now).unwrap();
    let found = closed(&mut ledger, &second, EVENING);
    assert_eq!(named(&found.late), [("INV-1", Some(LateReason::EarlierCode))]);
    assert_eq!(booked(&ledger, "INV-1").amount, found.payments.amount);
    each_payment_is_in_one_report(database, 1..=1);
}
