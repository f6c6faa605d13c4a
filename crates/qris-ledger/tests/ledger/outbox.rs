//! Events for other programs and their deliveries, on any database.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{
    Actor, DeliveryFilter, DeliveryState, DueDelivery, Endpoint, EndpointState, Error, EventType,
    Ledger, MerchantRowId, NewEndpoint, TryOutcome,
};

use crate::TestDatabase;
use crate::orders::{ask_for, created, order};
use crate::properties::{MINUTE, at, number, paid, pending};

const LEASE: Duration = Duration::from_secs(60);
const NOON: &str = "2020-08-07 12:00:00";

/// The events, by type and number.
#[track_caller]
fn told(ledger: &Ledger) -> Vec<(EventType, String)> {
    let events = ledger.outbox(0, 1_000).expect("events");
    events.into_iter().map(|event| (event.event_type, event.number.to_string())).collect()
}

#[track_caller]
fn told_of(ledger: &Ledger, name: &str) -> Vec<EventType> {
    told(ledger).into_iter().filter(|(_, number)| number == name).map(|(told, _)| told).collect()
}

#[track_caller]
fn endpoint(ledger: &mut Ledger, events: &[EventType]) -> Endpoint {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut new = NewEndpoint::to(format!("https://shop.example/hook/{count}"));
    new.events = events.to_vec();
    ledger.add_endpoint(&new, "whsec_AAAA", at("2020-08-07 11:00:00")).expect("an endpoint")
}

#[track_caller]
fn due(ledger: &mut Ledger, endpoint: &Endpoint, now: WibTime) -> Vec<DueDelivery> {
    ledger.due_deliveries(endpoint.id, 100, LEASE, now).expect("deliveries")
}

fn types(deliveries: &[DueDelivery]) -> Vec<EventType> {
    deliveries.iter().map(|delivery| delivery.event_type).collect()
}

const fn failed(next: Option<WibTime>) -> TryOutcome {
    TryOutcome::Failed { status: Some(500), failure: "status", next }
}

pub(crate) fn each_step_writes_its_event(database: &TestDatabase) {
    use EventType::{Cancelled, Created, Expired, Overpaid, Paid, PaidLate, Resolved, Unknown};
    let mut ledger = database.open();
    let over = at("2020-08-07 11:44:00");
    pending(&mut ledger, "PAID", 1);
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at(NOON)).expect("a payment");
    assert_eq!(told_of(&ledger, "PAID"), [Created, Paid]);

    pending(&mut ledger, "LATE", 2);
    ledger.expire(over).expect("expired");
    ledger.settle(InvoiceId::new(2), &paid("SITI"), at(NOON)).expect("a payment");
    assert_eq!(told_of(&ledger, "LATE"), [Created, Expired, PaidLate]);

    pending(&mut ledger, "OFF", 3);
    ledger.cancel(&number("OFF"), over).expect("cancelled");
    ledger.settle(InvoiceId::new(3), &paid("SITI"), at(NOON)).expect("a payment");
    assert_eq!(told_of(&ledger, "OFF"), [Created, Cancelled, PaidLate]);

    // The first code's reply was lost and comes late; then both codes are paid.
    let lost = ask_for(&mut ledger, &order("TWICE"), at("2020-08-07 11:10:00"));
    ledger.record_unknown(&lost, None, at("2020-08-07 11:11:00")).expect("unknown");
    ledger.resolve_not_made(&number("TWICE"), "asked", at("2020-08-07 11:12:00")).expect("said");
    let second = ask_for(&mut ledger, &order("TWICE"), at("2020-08-07 11:13:00"));
    created(&mut ledger, &lost, 4, at("2020-08-07 11:13:30"));
    created(&mut ledger, &second, 5, at("2020-08-07 11:13:42"));
    for id in [5, 4] {
        ledger.settle(InvoiceId::new(id), &paid("SITI"), at(NOON)).expect("a payment");
    }
    // A refused number is a new sale when it is requested again.
    assert_eq!(told_of(&ledger, "TWICE"), [Created, Unknown, Resolved, Created, Paid, Overpaid]);

    let gone = ask_for(&mut ledger, &order("FOUND"), at("2020-08-07 11:10:00"));
    ledger.record_unknown(&gone, None, at("2020-08-07 11:11:00")).expect("unknown");
    let mut details = qris_api::PaymentDetails::default();
    details.method = Some("BCA".into());
    ledger
        .resolve_paid(&number("FOUND"), InvoiceId::new(6), &details, at(NOON))
        .expect("a payment");
    assert_eq!(told_of(&ledger, "FOUND"), [Created, Unknown, Resolved, Paid]);
}

pub(crate) fn an_event_has_the_order_as_it_was_when_it_was_booked(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at(NOON)).expect("a payment");
    let events = ledger.outbox(0, 10).expect("events");
    let payload = |at: usize| -> serde_json::Value {
        serde_json::from_str(&events[at].payload).expect("JSON")
    };
    assert_eq!(payload(0)["type"], "order.created");
    assert_eq!(payload(0)["timestamp"], "2020-08-07T11:13:42+07:00");
    assert_eq!(payload(0)["data"]["number"], "INV-1");
    assert_eq!(payload(0)["data"]["state"], "requested");
    assert_eq!(payload(1)["type"], "order.paid");
    assert_eq!(payload(1)["data"]["state"], "paid");
    assert_eq!(payload(1)["data"]["customer_name"], "SITI");
    assert_eq!(payload(1)["data"]["qris_invoiceid"], 1);
    assert_ne!(events[0].id, events[1].id);
    assert_eq!(ledger.outbox(0, 10).expect("events"), events, "ids stay");
    assert_eq!(ledger.outbox(1, 10).expect("events"), events[1..]);
    assert_eq!(ledger.outbox_cursor().expect("a cursor"), 2);
}

pub(crate) fn a_rolled_back_step_writes_no_event_and_leaves_no_gap(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let other = qris_ledger::NewOrder::new(number("INV-1"), Rupiah::new(1));
    assert!(matches!(ledger.request(&other, at(NOON)), Err(Error::Conflict { .. })));
    // The invoice id belongs to another number, so this step is rolled back.
    let error = ledger.settle(InvoiceId::new(9), &paid("SITI"), at(NOON)).expect_err("unbooked");
    assert!(matches!(error, Error::Absent));
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at(NOON)).expect("a payment");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at(NOON)).expect("known");
    let cursors: Vec<u64> =
        ledger.outbox(0, 10).expect("events").iter().map(|event| event.cursor).collect();
    assert_eq!(cursors, [1, 2]);
}

pub(crate) fn a_program_that_follows_the_cursor_misses_nothing_with_many_writers(
    database: &TestDatabase,
) {
    const WRITERS: usize = 4;
    const EACH: usize = 20;
    drop(database.open());
    let (begin, done) = (Barrier::new(WRITERS + 1), AtomicBool::new(false));
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let begin = &begin;
                scope.spawn(move || {
                    let mut ledger = database.open();
                    begin.wait();
                    for at_number in 0..EACH {
                        let order = order(&format!("W{writer}-{at_number}"));
                        ledger.open_order(&order, at(NOON)).expect("an order");
                    }
                })
            })
            .collect();
        let follower = scope.spawn(|| {
            let ledger = database.open();
            begin.wait();
            let mut seen: Vec<u64> = Vec::new();
            loop {
                let over = done.load(Ordering::SeqCst);
                let last = seen.last().copied().unwrap_or(0);
                let events = ledger.outbox(last, 7).expect("events");
                if over && events.is_empty() {
                    return seen;
                }
                seen.extend(events.iter().map(|event| event.cursor));
            }
        });
        for writer in writers {
            writer.join().expect("it wrote");
        }
        done.store(true, Ordering::SeqCst);
        let expected: Vec<u64> = (1..=(WRITERS * EACH) as u64).collect();
        assert_eq!(follower.join().expect("it followed"), expected);
    });
}

pub(crate) fn merchants_get_only_events_of_their_own_orders(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let kiosk = ledger.merchant(&"kiosk".parse().expect("a name")).expect("a merchant");
    ledger.act_for(kiosk, &Actor::default());
    assert_eq!(told(&ledger), []);
    let far = endpoint(&mut ledger, &[]);
    pending(&mut ledger, "INV-2", 2);
    assert_eq!(told(&ledger), [(EventType::Created, "INV-2".to_owned())]);
    assert_eq!(ledger.outbox(0, 1).expect("events")[0].cursor, 1);
    ledger.act_for(MerchantRowId::MAIN, &Actor::default());
    assert_eq!(ledger.endpoints().expect("endpoints"), []);
    assert!(matches!(ledger.delete_endpoint(far.id, at(NOON)), Err(Error::Absent)));
    assert_eq!(ledger.deliveries(&DeliveryFilter::default(), 10).expect("a list"), []);
}

pub(crate) fn an_endpoint_gets_what_it_wants_and_of_one_order_one_after_the_other(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "BEFORE", 1);
    let all = endpoint(&mut ledger, &[]);
    let money = endpoint(&mut ledger, &[EventType::Paid, EventType::PaidLate]);
    pending(&mut ledger, "INV-1", 2);
    pending(&mut ledger, "INV-2", 3);
    for id in [2, 3] {
        ledger.settle(InvoiceId::new(id), &paid("SITI"), at(NOON)).expect("a payment");
    }
    let now = at("2020-08-07 12:00:01");
    let endpoints = ledger.due_endpoints(now).expect("endpoints");
    let ids: Vec<_> = endpoints.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, [all.id, money.id]);
    assert_eq!(types(&due(&mut ledger, &money, now)), [EventType::Paid, EventType::Paid]);

    let first = due(&mut ledger, &all, now);
    assert_eq!(types(&first), [EventType::Created, EventType::Created]);
    assert_eq!(due(&mut ledger, &all, now), [], "the payments wait for what came before");
    ledger.record_delivery(&first[0], TryOutcome::Taken(204), now).expect("booked");
    let retry = now.later_by(Duration::from_secs(5));
    ledger.record_delivery(&first[1], failed(Some(retry)), now).expect("booked");
    let second = due(&mut ledger, &all, now);
    assert_eq!(types(&second), [EventType::Paid]);
    assert_eq!(second[0].number, first[0].number);
    let again = due(&mut ledger, &all, retry);
    assert_eq!((again[0].id, again[0].tries), (first[1].id, 2));
    assert_eq!(again[0].event_id, first[1].event_id, "a try again has the same id");

    // After it is given up, it no longer delays the payment's event.
    ledger.record_delivery(&again[0], failed(None), retry).expect("booked");
    assert_eq!(types(&due(&mut ledger, &all, retry)), [EventType::Paid]);
    let mut filter = DeliveryFilter::default();
    filter.state = Some(DeliveryState::GivenUp);
    let given_up = ledger.deliveries(&filter, 10).expect("a list");
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0].failure.as_deref(), Some("status"));
    assert_eq!(ledger.count_given_up().expect("a count"), 1);
    assert_eq!(ledger.redeliver(given_up[0].id, retry).expect("again").tries, 0);
    assert_eq!(ledger.count_given_up().expect("a count"), 0);
}

pub(crate) fn a_delivery_is_one_processs_until_its_lease_ends(database: &TestDatabase) {
    let mut ledger = database.open();
    let endpoint = endpoint(&mut ledger, &[]);
    pending(&mut ledger, "INV-1", 1);
    let now = at(NOON);
    let killed = due(&mut ledger, &endpoint, now);
    assert_eq!(killed.len(), 1);
    let almost = now.later_by(LEASE - Duration::from_secs(1));
    assert_eq!(due(&mut ledger, &endpoint, almost), []);
    let taken_over = due(&mut ledger, &endpoint, now.later_by(LEASE));
    assert_eq!(taken_over.len(), 1);
    // The first process's failure does not affect the second's attempt.
    ledger.record_delivery(&killed[0], failed(None), now.later_by(LEASE)).expect("booked");
    let delivery = ledger.delivery(killed[0].id).expect("a delivery");
    assert_eq!((delivery.state, delivery.tries), (DeliveryState::Pending, 2));
}

pub(crate) fn of_many_processes_that_deliver_at_once_each_row_is_tried_by_one(
    database: &TestDatabase,
) {
    const PROCESSES: usize = 4;
    let mut ledger = database.open();
    let endpoint = endpoint(&mut ledger, &[]);
    for id in 1..=20 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let begin = Barrier::new(PROCESSES);
    let taken: Vec<_> = thread::scope(|scope| {
        let processes: Vec<_> = (0..PROCESSES)
            .map(|_| {
                scope.spawn(|| {
                    let mut ledger = database.open();
                    begin.wait();
                    let mut taken = Vec::new();
                    for _ in 0..10 {
                        let due = ledger.due_deliveries(endpoint.id, 5, LEASE, at(NOON));
                        taken.extend(due.expect("deliveries").iter().map(|due| due.id));
                    }
                    taken
                })
            })
            .collect();
        processes.into_iter().flat_map(|one| one.join().expect("it took some")).collect()
    });
    assert_eq!(taken.len(), 20);
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 20);
}

pub(crate) fn what_a_clock_put_off_that_was_set_back_is_delivered(database: &TestDatabase) {
    let mut ledger = database.open();
    let endpoint = endpoint(&mut ledger, &[]);
    pending(&mut ledger, "INV-1", 1);
    let next_year = at("2021-08-07 12:00:00");
    let taken = due(&mut ledger, &endpoint, next_year);
    ledger.record_delivery(&taken[0], failed(Some(next_year.later_by(MINUTE))), next_year).unwrap();
    assert_eq!(due(&mut ledger, &endpoint, at(NOON)).len(), 1);
}

pub(crate) fn a_rotated_secret_signs_beside_the_new_one_until_its_time_is_over(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let endpoint = endpoint(&mut ledger, &[]);
    pending(&mut ledger, "INV-1", 1);
    let day = Duration::from_secs(24 * 60 * 60);
    ledger.rotate_secret(endpoint.id, "whsec_BBBB", day, at(NOON)).expect("rotated");
    let secrets = due(&mut ledger, &endpoint, at(NOON))[0].secrets.clone();
    assert_eq!(secrets.current, "whsec_BBBB");
    assert_eq!(secrets.previous.as_deref(), Some("whsec_AAAA"));
    assert!(!format!("{secrets:?}").contains("whsec"));
    let over = at(NOON).later_by(day);
    let secrets = due(&mut ledger, &endpoint, over)[0].secrets.clone();
    assert_eq!((secrets.current.as_str(), secrets.previous), ("whsec_BBBB", None));
}

pub(crate) fn nothing_is_delivered_to_an_endpoint_that_is_off_gone_or_deleted(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let [off, gone, deleted] = [(); 3].map(|()| endpoint(&mut ledger, &[]));
    for id in [1, 2] {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    ledger.set_endpoint_state(off.id, EndpointState::Disabled, at(NOON)).expect("off");
    assert_eq!(due(&mut ledger, &off, at(NOON)), []);
    let taken = due(&mut ledger, &gone, at(NOON));
    ledger.record_delivery(&taken[0], TryOutcome::Gone, at(NOON)).expect("booked");
    assert_eq!(ledger.endpoint(gone.id).expect("it").state, EndpointState::Gone);
    assert_eq!(due(&mut ledger, &gone, at(NOON).later_by(LEASE)), []);
    ledger.delete_endpoint(deleted.id, at(NOON)).expect("deleted");
    assert_eq!(due(&mut ledger, &deleted, at(NOON)), []);
    assert!(matches!(ledger.endpoint(deleted.id), Err(Error::Absent)));

    pending(&mut ledger, "INV-3", 3);
    let mut filter = DeliveryFilter::default();
    filter.number = Some(number("INV-3"));
    assert_eq!(ledger.deliveries(&filter, 10).expect("a list"), []);
    let error = ledger.redeliver(taken[0].id, at(NOON)).expect_err("gone");
    assert!(matches!(error, Error::EndpointOff));
}

pub(crate) fn an_endpoint_that_is_on_again_gets_what_waited_and_what_it_missed(
    database: &TestDatabase,
) {
    use EventType::{Created, Paid};
    let mut ledger = database.open();
    pending(&mut ledger, "BEFORE", 9);
    let [off, gone] = [(); 2].map(|()| endpoint(&mut ledger, &[]));
    let money = endpoint(&mut ledger, &[Paid]);
    pending(&mut ledger, "INV-1", 1);
    ledger.set_endpoint_state(off.id, EndpointState::Disabled, at(NOON)).expect("off");
    ledger.set_endpoint_state(money.id, EndpointState::Disabled, at(NOON)).expect("off");
    let taken = due(&mut ledger, &gone, at(NOON));
    ledger.record_delivery(&taken[0], TryOutcome::Gone, at(NOON)).expect("booked");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at(NOON)).expect("a payment");
    pending(&mut ledger, "INV-2", 2);
    let mut later = at(NOON);
    for endpoint in [&off, &gone, &money] {
        for _ in 0..2 {
            ledger.set_endpoint_state(endpoint.id, EndpointState::Enabled, later).expect("on");
        }
        let mut got = Vec::new();
        // The next event of an order is due after the one before was accepted.
        while let deliveries = due(&mut ledger, endpoint, later)
            && !deliveries.is_empty()
        {
            for delivery in deliveries {
                got.push((delivery.event_type, delivery.number.to_string()));
                ledger.record_delivery(&delivery, TryOutcome::Taken(204), later).expect("booked");
            }
        }
        let all = [(Created, "INV-1"), (Created, "INV-2"), (Paid, "INV-1")];
        let expected = if endpoint.id == money.id { &all[2..] } else { &all[..] };
        let expected: Vec<_> =
            expected.iter().map(|(kind, name)| (*kind, (*name).to_owned())).collect();
        assert_eq!(got, expected);
        later = later.later_by(MINUTE);
    }
    // Events that are older than the retention of deliveries are not delivered any more.
    ledger.set_endpoint_state(off.id, EndpointState::Disabled, later).expect("off");
    pending(&mut ledger, "INV-3", 3);
    ledger.set_endpoint_state(off.id, EndpointState::Enabled, days(31)).expect("on");
    assert_eq!(due(&mut ledger, &off, days(31)), []);
}

pub(crate) fn a_merchant_has_one_endpoint_for_a_url(database: &TestDatabase) {
    let mut ledger = database.open();
    let mut new = NewEndpoint::to("https://shop.example/one");
    let add =
        |ledger: &mut Ledger, new: &NewEndpoint| ledger.add_endpoint(new, "whsec_A", at(NOON));
    let first = add(&mut ledger, &new).expect("an endpoint");
    new.events = vec![EventType::Paid];
    for state in EndpointState::ALL {
        ledger.set_endpoint_state(first.id, state, at(NOON)).expect("a state");
        match add(&mut ledger, &new) {
            Err(Error::EndpointTaken { id }) => assert_eq!(id, first.id),
            other => panic!("{state:?}: {other:?}"),
        }
    }
    // Another merchant may have it, and the same one once the first is deleted.
    let second = ledger.merchant(&"second".parse().expect("a name")).expect("a merchant");
    ledger.act_for(second, &Actor::default());
    add(&mut ledger, &new).expect("an endpoint");
    ledger.act_for(MerchantRowId::MAIN, &Actor::default());
    ledger.delete_endpoint(first.id, at(NOON)).expect("deleted");
    add(&mut ledger, &new).expect("an endpoint");
}

pub(crate) fn an_orders_own_url_receives_only_that_orders_events(database: &TestDatabase) {
    let mut ledger = database.open();
    let new = NewEndpoint::per_order();
    let endpoint = ledger.add_endpoint(&new, "whsec_AAAA", at(NOON)).expect("an endpoint");
    let second = ledger.add_endpoint(&new, "whsec_AAAA", at(NOON));
    assert!(matches!(second, Err(Error::EndpointTaken { id }) if id == endpoint.id));
    pending(&mut ledger, "WITHOUT", 1);
    let mut with = order("WITH");
    with.notify_url = Some("https://shop.example/orders/7".into());
    ledger.open_order(&with, at(NOON)).expect("an order");
    with.number = number("OTHER");
    with.notify_url = Some("https://shop.example/orders/8".into());
    ledger.open_order(&with, at(NOON)).expect("an order");
    let taken = due(&mut ledger, &endpoint, at(NOON));
    let urls: Vec<&str> = taken.iter().map(|delivery| delivery.url.as_str()).collect();
    assert_eq!(urls, ["https://shop.example/orders/7", "https://shop.example/orders/8"]);

    // A gone endpoint ends the rest of its order, and of no other.
    ledger.cancel(&number("WITH"), at(NOON)).expect("cancelled");
    ledger.cancel(&number("OTHER"), at(NOON)).expect("cancelled");
    ledger.record_delivery(&taken[0], TryOutcome::Gone, at(NOON)).expect("booked");
    ledger.record_delivery(&taken[1], TryOutcome::Taken(200), at(NOON)).expect("booked");
    let left = due(&mut ledger, &endpoint, at(NOON));
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].number.as_str(), left[0].event_type), ("OTHER", EventType::Cancelled));
    assert_eq!(ledger.endpoint(endpoint.id).expect("it").state, EndpointState::Enabled);
}

/// How many days after noon, and a second more.
fn days(count: u64) -> WibTime {
    at(NOON).later_by(Duration::from_secs(count * 24 * 60 * 60 + 1))
}

/// The numbers of the orders with a delivery that is kept, in the order in which they were booked.
#[track_caller]
fn kept(ledger: &Ledger) -> Vec<String> {
    let kept = ledger.deliveries(&DeliveryFilter::default(), 100).expect("a list");
    kept.iter().rev().map(|one| one.number.to_string()).collect()
}

pub(crate) fn a_delivery_is_deleted_thirty_days_after_its_end_and_its_event_never(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let [shop, deleted] = [(); 2].map(|()| endpoint(&mut ledger, &[EventType::Paid]));
    for (id, name) in [(1, "TAKEN"), (2, "FAILED"), (3, "PENDING")] {
        pending(&mut ledger, name, id);
        ledger.settle(InvoiceId::new(id), &paid("SITI"), at(NOON)).expect("a payment");
    }
    let before = ledger.outbox(0, 100).expect("events");
    let tries = due(&mut ledger, &shop, at(NOON));
    ledger.record_delivery(&tries[0], TryOutcome::Taken(204), at(NOON)).expect("booked");
    ledger.record_delivery(&tries[1], failed(Some(days(2))), at(NOON)).expect("booked");
    ledger.record_delivery(&tries[2], failed(Some(days(2))), at(NOON)).expect("booked");
    let again = due(&mut ledger, &shop, days(2).later_by(MINUTE));
    let failed_again = again.iter().find(|one| one.number.as_str() == "FAILED").expect("a try");
    ledger.record_delivery(failed_again, failed(None), days(3)).expect("given up");
    ledger.delete_endpoint(deleted.id, days(5)).expect("deleted");

    for (day, limit, expected) in [
        (29, 100, 0),
        (30, 100, 1),
        (33, 100, 0),
        (34, 100, 1),
        (35, 100, 0),
        (36, 2, 2),
        (36, 2, 1),
        (3_000, 100, 0),
    ] {
        let deleted = ledger.delete_old_deliveries(limit, days(day)).expect("an answer");
        assert_eq!(deleted, expected, "after {day} days");
    }
    assert_eq!(kept(&ledger), ["PENDING"]);
    assert_eq!(ledger.outbox(0, 100).expect("events"), before);
    assert_eq!(ledger.outbox(before[0].cursor, 1).expect("events"), before[1..2]);
    assert!(matches!(ledger.redeliver(tries[0].id, days(40)), Err(Error::Absent)));
    pending(&mut ledger, "NEXT", 4);
    let next = ledger.outbox(before[before.len() - 1].cursor, 100).expect("events");
    assert_eq!(next[0].cursor, before.len() as u64 + 1);
}

pub(crate) fn what_is_sent_again_is_kept_until_it_has_ended_again(database: &TestDatabase) {
    let mut ledger = database.open();
    let shop = endpoint(&mut ledger, &[]);
    pending(&mut ledger, "INV-1", 1);
    let tries = due(&mut ledger, &shop, at(NOON));
    ledger.record_delivery(&tries[0], TryOutcome::Taken(204), at(NOON)).expect("booked");
    ledger.redeliver(tries[0].id, days(31)).expect("again");
    assert_eq!(ledger.delete_old_deliveries(100, days(31)).expect("an answer"), 0);
    let again = due(&mut ledger, &shop, days(31));
    ledger.record_delivery(&again[0], TryOutcome::Taken(204), days(31)).expect("booked");
    assert_eq!(ledger.delete_old_deliveries(100, days(60)).expect("an answer"), 0);
    assert_eq!(ledger.delete_old_deliveries(100, days(62)).expect("an answer"), 1);
}
