//! Payments that the provider settled and the ledger lacks, and orders that are paid only in the
//! provider's table.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{Invoice, InvoiceId, Payment, Rupiah, Tip, Trigger, WibTime};
use qris_ledger::{
    Actor, Budget, Channel, CheckOutcome, Error, EventType, Ledger, MerchantRowId, NewOrder,
    OnPossibleMatch, Order, Request, SettledBooking, Settlement, SettlementLine, State,
    payments_csv,
};

use crate::TestDatabase;
use crate::properties::{SCHEDULE, at, booked, content, number, paid, payment, pending, state};

const NOW: &str = "2020-08-08 08:00:00";
const PAID_AT: &str = "2020-08-07 11:15:30";

fn line(id: &str) -> SettlementLine {
    let mut line = SettlementLine::new(format!("id:{id}"), at(PAID_AT), Rupiah::new(25_578));
    line.transaction = Some(id.into());
    line.method = Some("GOPAY".into());
    line
}

#[track_caller]
fn import(ledger: &mut Ledger, lines: &[SettlementLine]) {
    ledger.import_settlement(lines, at(NOW)).expect("lines that contradict nothing");
}

#[track_caller]
fn book(ledger: &mut Ledger, key: &str) -> SettledBooking {
    ledger.book_settled(key, OnPossibleMatch::Ask, at(NOW)).expect("a line that can be booked")
}

#[track_caller]
fn booked_now(ledger: &mut Ledger, key: &str) -> Order {
    match book(ledger, key) {
        SettledBooking::Booked(order) => *order,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn likely(ledger: &mut Ledger, key: &str) -> Vec<String> {
    match book(ledger, key) {
        SettledBooking::PossibleMatches(orders) => {
            orders.iter().map(|order| order.number.to_string()).collect()
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn a_payment_that_the_ledger_lacks_is_booked_from_its_line_once_and_counts_like_any_other(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("siti"));
    let shift = ledger.open_shift("Siti", at("2020-08-08 07:00:00")).unwrap();
    let mut sticker = line("T-1");
    sticker.rrn = Some("633100000001".into());
    import(&mut ledger, std::slice::from_ref(&sticker));
    let order = booked_now(&mut ledger, "id:T-1");
    assert_eq!(order.number.as_str(), "SETTLED-T-1");
    assert_eq!((order.state, order.amount), (State::Paid, Rupiah::new(25_578)));
    assert_eq!((order.channel, order.created_at), (Channel::Pos, at(NOW)));
    let details = order.payment.details().expect("a payment");
    assert_eq!(details.paid_at, Some(at(PAID_AT)));
    assert_eq!(details.method.as_deref(), Some("GOPAY"));
    assert_eq!(details.rrn.as_deref(), Some("633100000001"));
    assert_eq!(order.invoice, None, "the provider gave no id");
    let json = serde_json::to_value(&order).unwrap();
    assert_eq!(json["qris_invoiceid"], serde_json::Value::Null);
    assert_eq!(json["invoices"][0]["qris_invoiceid"], serde_json::Value::Null);

    // Once, even if it is repeated and imported again.
    assert_eq!(book(&mut ledger, "id:T-1"), SettledBooking::AlreadyBooked(Box::new(order.clone())));
    import(&mut ledger, std::slice::from_ref(&sticker));
    let day = "2020-08-07".parse().unwrap();
    let lines = ledger.settlement_lines(day, day).unwrap();
    assert_eq!(lines[0].booked_as, Some(order.number.clone()));
    pending(&mut ledger, "INV-1", 1);
    for (name, is_from_line) in [("SETTLED-T-1", true), ("INV-1", false), ("GONE", false)] {
        let found = ledger.is_booked_from_settlement(&number(name)).unwrap();
        assert_eq!(found, is_from_line, "{name}");
    }

    let events = ledger.events(&order.number).unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.state, event.actor.as_deref()), (State::Paid, Some("siti")));
    assert_eq!(event.detail.as_deref(), Some("booked from the settlement line id:T-1"));
    assert_eq!((event.at, event.invoice), (at(NOW), None));
    let told = ledger.outbox(0, 10).unwrap();
    let told = told.iter().filter(|event| event.number == order.number);
    let told: Vec<EventType> = told.map(|event| event.event_type).collect();
    assert_eq!(told, [EventType::Created, EventType::Paid]);

    let report = ledger.report(day, day).unwrap();
    let [total] = report.as_slice() else { panic!("{report:?}") };
    // And the invoice of INV-1.
    assert_eq!((total.channel, total.payments, total.invoices), (Channel::Pos, 1, 2));
    assert_eq!(total.paid, Rupiah::new(25_578));
    let (_, totals) = ledger.shift_report(shift.id).unwrap();
    assert_eq!((totals.payments.count, totals.payments.amount.get()), (1, 25_578));
    assert_eq!(ledger.compare_totals().unwrap(), []);
    let payments = ledger.payments(day, day).unwrap();
    let csv = payments_csv(&payments);
    let row = csv.lines().nth(1).expect("a payment");
    assert!(row.starts_with("2020-08-07T11:15:30+07:00,\"SETTLED-T-1\",,25578,pos,"), "{row}");
}

pub(crate) fn one_of_many_concurrent_callers_records_a_settlement_line(database: &TestDatabase) {
    const PROGRAMS: usize = 4;
    import(&mut database.open(), &[line("T-1")]);
    let start = Barrier::new(PROGRAMS);
    let done: Vec<SettledBooking> = thread::scope(|scope| {
        let programs: Vec<_> = (0..PROGRAMS)
            .map(|_| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    ledger
                        .book_settled("id:T-1", OnPossibleMatch::Book, WibTime::now())
                        .expect("an answer")
                })
            })
            .collect();
        programs.into_iter().map(|program| program.join().expect("it ends")).collect()
    });
    let now = done.iter().filter(|done| matches!(done, SettledBooking::Booked(_))).count();
    let earlier =
        done.iter().filter(|done| matches!(done, SettledBooking::AlreadyBooked(_))).count();
    assert_eq!((now, earlier), (1, PROGRAMS - 1));
    let ledger = database.open();
    assert_eq!(ledger.list(10).unwrap().len(), 1);
    let day = "2020-08-07".parse().unwrap();
    assert_eq!(ledger.report(day, day).unwrap()[0].payments, 1);
}

pub(crate) fn a_line_with_an_orders_invoice_or_rrn_is_not_recorded(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "WAITS", 1);
    pending(&mut ledger, "PAID", 2);
    let Payment::Paid(mut details) = paid("SITI") else { unreachable!("it is paid") };
    details.rrn = Some("000380970875".into());
    ledger.settle(InvoiceId::new(2), &Payment::Paid(details), at(PAID_AT)).unwrap();
    let with = |id: &str, invoice: Option<u64>, rrn: Option<&str>| {
        let mut line = line(id);
        (line.invoice, line.rrn) = (invoice.map(InvoiceId::new), rrn.map(str::to_owned));
        line
    };
    let lines = [
        with("T-1", Some(1), None),
        with("T-2", Some(2), None),
        with("T-3", None, Some("000380970875")),
        // A spreadsheet has removed its zeros.
        with("T-3a", None, Some("380970875")),
        // The same RRN but another invoice is another payment.
        with("T-4", Some(4), Some("000380970875")),
        // A sticker has no invoice.
        with("T-5", Some(0), Some("R-5")),
        with("T-6", Some(0), Some("R-6")),
    ];
    import(&mut ledger, &lines);
    for (key, owner) in
        [("id:T-1", "WAITS"), ("id:T-2", "PAID"), ("id:T-3", "PAID"), ("id:T-3a", "PAID")]
    {
        for doubt in [OnPossibleMatch::Ask, OnPossibleMatch::Book] {
            let refused = ledger.book_settled(key, doubt, at(NOW)).unwrap_err();
            let Error::LineBooked { number } = &refused else { panic!("{refused}") };
            assert_eq!(number, owner, "{key}");
        }
    }
    let absent = ledger.book_settled("id:T-9", OnPossibleMatch::Book, at(NOW)).unwrap_err();
    assert!(matches!(absent, Error::Absent), "{absent}");
    assert_eq!(ledger.list(10).unwrap().len(), 2, "nothing was booked");
    assert_eq!(state(&ledger, "WAITS"), State::Pending);
    for key in ["id:T-4", "id:T-5", "id:T-6"] {
        booked_now(&mut ledger, key);
    }
    let invoice = booked(&ledger, "SETTLED-T-4").invoice.expect("the line's invoice");
    assert_eq!(invoice.qris_invoiceid, InvoiceId::new(4));
    assert_eq!(booked(&ledger, "SETTLED-T-6").invoice, None);
    // A check that finds it later settles nothing again.
    let again = ledger.settle(InvoiceId::new(4), &paid("SITI"), at(NOW)).unwrap();
    assert_eq!(again, Settlement::AlreadySettled);
}

pub(crate) fn a_webhook_that_was_kept_of_a_line_is_used_up_by_its_booking(database: &TestDatabase) {
    let mut ledger = database.open();
    for (id, rrn) in [(1, "R-1"), (2, "R-2"), (3, "R-3")] {
        let body = format!(
            r#"{{"invoice":"{id}","qris_status":"success","rrn":"{rrn}","note":"kopi","qris_payment_customername":"SITI"}}"#
        );
        let webhook = WebhookEvent::parse(body.as_bytes()).unwrap();
        ledger.keep_webhook(&webhook, at(PAID_AT)).unwrap();
    }
    let (mut by_id, mut by_rrn) = (line("T-1"), line("T-2"));
    by_id.invoice = Some(InvoiceId::new(1));
    by_rrn.rrn = Some("R-2".into());
    import(&mut ledger, &[by_id, by_rrn]);
    for (key, id, rrn) in [("id:T-1", 1, "R-1"), ("id:T-2", 2, "R-2")] {
        let order = booked_now(&mut ledger, key);
        assert_eq!(order.invoice.expect("an invoice").qris_invoiceid, InvoiceId::new(id));
        let details = order.payment.details().expect("a payment");
        assert_eq!(details.rrn.as_deref(), Some(rrn));
        assert_eq!(details.customer_name.as_deref(), Some("SITI"));
        assert_eq!(details.method.as_deref(), Some("GOPAY"));
    }
    let left = ledger.unbooked_webhooks(10).unwrap();
    assert_eq!(left.iter().map(|it| it.invoice.get()).collect::<Vec<_>>(), [3]);
}

pub(crate) fn a_line_that_may_be_of_an_order_in_the_ledger_is_asked_about_first(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let lost = |ledger: &mut Ledger, name: &str, amount, asked_at: &str| {
        let order = NewOrder::new(number(name), Rupiah::new(amount));
        let asked = ledger.request(&order, at(asked_at)).expect("a new number");
        let Request::New(intent) = asked else { panic!("{name} is known") };
        ledger.record_unknown(&intent, None, at(asked_at)).expect("an unknown outcome");
    };
    lost(&mut ledger, "LOST", 25_578, "2020-08-07 11:13:00");
    lost(&mut ledger, "WITHOUT-TIP", 24_578, "2020-08-07 11:13:00");
    lost(&mut ledger, "OTHER-AMOUNT", 25_579, "2020-08-07 11:13:00");
    lost(&mut ledger, "TOO-EARLY", 25_578, "2020-08-07 10:15:00");
    lost(&mut ledger, "TOO-LATE", 25_578, "2020-08-07 11:17:00");
    let mut with_tip = line("T-1");
    with_tip.tip = Rupiah::new(1_000);
    with_tip.invoice = Some(InvoiceId::new(77));
    import(&mut ledger, std::slice::from_ref(&with_tip));
    assert_eq!(likely(&mut ledger, "id:T-1"), ["LOST", "WITHOUT-TIP"]);
    assert_eq!(ledger.list(10).unwrap().len(), 5, "nothing was booked");

    // Payments of the same minute and amount that no line names.
    for (id, name) in [(1, "NO-LINE"), (2, "HAS-LINE"), (3, "NEXT-MINUTE"), (4, "OTHER-RRN")] {
        pending(&mut ledger, name, id);
        let minute = if id == 3 { "2020-08-07 11:16:00" } else { "2020-08-07 11:15:59" };
        let Payment::Paid(mut details) = payment(None, None, Some(at(minute))) else { return };
        details.rrn = Some(format!("R-{id}")).filter(|_| id == 4);
        ledger.settle(InvoiceId::new(id), &Payment::Paid(details), at(NOW)).unwrap();
    }
    let (mut named, mut sticker) = (line("T-2"), line("T-3"));
    named.invoice = Some(InvoiceId::new(2));
    sticker.rrn = Some("R-9".into());
    import(&mut ledger, &[named, sticker]);
    assert_eq!(likely(&mut ledger, "id:T-3"), ["LOST", "NO-LINE"]);
    // Its own invoice id shows that it is none of the payments.
    assert_eq!(likely(&mut ledger, "id:T-1"), ["LOST", "WITHOUT-TIP"]);

    // A person has looked.
    let done = ledger.book_settled("id:T-3", OnPossibleMatch::Book, at(NOW)).unwrap();
    assert!(matches!(done, SettledBooking::Booked(_)), "{done:?}");
    assert_eq!(state(&ledger, "LOST"), State::Unknown, "it is as it was");
    // The order with the unknown outcome is resolved with the line's invoice; then the line belongs
    // to it.
    let details = paid("SITI").details().cloned().unwrap_or_default();
    ledger.resolve_paid(&number("LOST"), InvoiceId::new(77), &details, at(NOW)).unwrap();
    let refused = ledger.book_settled("id:T-1", OnPossibleMatch::Book, at(NOW)).unwrap_err();
    assert!(matches!(&refused, Error::LineBooked { number } if number == "LOST"), "{refused}");
}

pub(crate) fn a_paid_order_that_allows_a_tip_is_named_for_a_larger_line_of_the_same_minute(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let asked_at = at("2020-08-07 11:13:42");
    for (id, name, amount, tip, minute) in [
        (1, "WITH-TIP", 20_000, Tip::Ask, PAID_AT),
        (2, "NO-TIP", 20_000, Tip::None, PAID_AT),
        (3, "LARGER", 30_000, Tip::Ask, PAID_AT),
        (4, "NEXT-MINUTE", 20_000, Tip::Ask, "2020-08-07 11:16:00"),
    ] {
        let mut order = NewOrder::new(number(name), Rupiah::new(amount));
        order.tip = tip;
        let asked = ledger.request(&order, asked_at).expect("a new number");
        let Request::New(intent) = asked else { panic!("{name} is known") };
        let made = Invoice::new(
            number(name),
            Rupiah::new(amount),
            content(id),
            asked_at,
            InvoiceId::new(id),
            "ID1020021181745",
        );
        ledger.record_created(&intent, &made, &SCHEDULE, asked_at).expect("a requested invoice");
        let payment = payment(None, None, Some(at(minute)));
        ledger.settle(InvoiceId::new(id), &payment, at(NOW)).expect("a payment");
    }
    // A table without the columns for the invoice and the tip.
    import(&mut ledger, &[line("T-1")]);
    assert_eq!(likely(&mut ledger, "id:T-1"), ["WITH-TIP"]);
    assert_eq!(ledger.list(10).unwrap().len(), 4, "nothing was booked");
    // A tip in the line says what the amount without it is.
    let mut named = line("T-2");
    named.tip = Rupiah::new(1_000);
    import(&mut ledger, &[named]);
    booked_now(&mut ledger, "id:T-2");
}

pub(crate) fn a_line_takes_another_number_where_an_order_has_its_own(database: &TestDatabase) {
    let mut ledger = database.open();
    let taken = NewOrder::new(number("SETTLED-T-1"), Rupiah::new(500));
    ledger.open_order(&taken, at(NOW)).unwrap();
    import(&mut ledger, &[line("T-1")]);
    let order = booked_now(&mut ledger, "id:T-1");
    assert_eq!(order.number.as_str(), "SETTLED-T-1-2");
    assert_eq!(state(&ledger, "SETTLED-T-1"), State::Open);
}

/// An order that has expired and whose code had its final answer.
fn given_up(ledger: &mut Ledger, name: &str, id: u64) {
    pending(ledger, name, id);
    let end = at("2020-08-07 12:20:00");
    ledger.expire(end).unwrap();
    let claims = ledger.claim_checks(&Budget::default(), 10, end).unwrap();
    for claim in claims {
        let next = ledger.record_check(&claim, CheckOutcome::Unpaid, &SCHEDULE, end).unwrap();
        assert_eq!(next, None, "it is given up");
    }
}

pub(crate) fn an_order_that_is_paid_by_the_table_alone_is_checked_again_and_stays_as_it_is(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    given_up(&mut ledger, "INV-1", 1);
    let mut lying = line("T-1");
    lying.invoice = Some(InvoiceId::new(1));
    lying.rrn = Some("R-1".into());
    let lines = [lying, line("T-2")];
    import(&mut ledger, &lines);
    let day = "2020-08-07".parse().unwrap();
    let asked = ledger.unpaid_settled(day, day).unwrap();
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((one.number.as_str(), one.state), ("INV-1", State::Expired));
    assert_eq!((one.key.as_str(), one.invoice), ("id:T-1", InvoiceId::new(1)));
    assert_eq!(one.answered_at, Some(at("2020-08-07 12:20:00")));
    assert_eq!((one.next_check_at, one.is_checking), (Some(at(NOW)), true));
    let claims = ledger.claim_checks(&Budget::default(), 10, at(NOW)).unwrap();
    let [claim] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!(claim.trigger(), Trigger::Webhook, "before the schedule");
    // Without an answer it is checked again; with an answer it has ended.
    let next = ledger.record_check(claim, CheckOutcome::Unanswered, &SCHEDULE, at(NOW)).unwrap();
    let next = next.expect("another check");
    assert_eq!(next, at(NOW).later_by(Duration::from_secs(60)));
    let claims = ledger.claim_checks(&Budget::default(), 10, next).unwrap();
    assert_eq!(claims.len(), 1);
    let last = ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, next).unwrap();
    assert_eq!(last, None);
    let order = booked(&ledger, "INV-1");
    assert_eq!((order.state, order.payment.details()), (State::Expired, None));

    // Importing the same file again schedules one more check, but not within a minute.
    let soon = next.later_by(Duration::from_secs(10));
    let done = ledger.unpaid_settled(day, day).unwrap();
    assert_eq!((done[0].next_check_at, done[0].is_checking), (None, false));
    ledger.import_settlement(&lines, soon).unwrap();
    let again = ledger.unpaid_settled(day, day).unwrap();
    assert_eq!(again[0].next_check_at, Some(next.later_by(Duration::from_secs(60))));
    let due = again[0].next_check_at.expect("a check");
    let claims = ledger.claim_checks(&Budget::default(), 10, due).unwrap();
    assert_eq!(claims.len(), 1);
    let settled = ledger.settle(InvoiceId::new(1), &paid("SITI"), due).unwrap();
    assert_eq!(settled, Settlement::Settled);
    assert_eq!(ledger.unpaid_settled(day, day).unwrap(), []);
    // The table's values of the payment do not replace those of a check.
    let details = booked(&ledger, "INV-1").payment.details().cloned().expect("a payment");
    assert_eq!((details.rrn, details.method.as_deref()), (None, Some("BCA")));
}

pub(crate) fn checks_of_many_orders_that_are_paid_by_the_table_alone_are_six_seconds_apart(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let mut lines = Vec::new();
    for id in 1..=4 {
        given_up(&mut ledger, &format!("INV-{id}"), id);
        let mut line = line(&format!("T-{id}"));
        line.invoice = Some(InvoiceId::new(id));
        lines.push(line);
    }
    import(&mut ledger, &lines);
    let day = "2020-08-07".parse().unwrap();
    let asked = ledger.unpaid_settled(day, day).unwrap();
    let due: Vec<_> = asked.iter().filter_map(|one| one.next_check_at).collect();
    let seconds = [0, 6, 12, 18].map(|seconds| at(NOW).later_by(Duration::from_secs(seconds)));
    assert_eq!(due, seconds);
    // A second time does not change the waiting checks.
    import(&mut ledger, &lines);
    assert_eq!(ledger.unpaid_settled(day, day).unwrap(), asked);
}
