//! Recurring bills and due dates, on any database.

use std::sync::Barrier;
use std::thread;

use qris_api::{InvoiceId, Rupiah, TransactionNumber, WibTime};
use qris_ledger::jiff::civil::{Date, date};
use qris_ledger::{
    Channel, Error, EventType, Ledger, NewOrder, NewPlan, Order, Period, Plan, PlanChange,
    PlanState, State,
};

use crate::TestDatabase;
use crate::orders::order;
use crate::properties::{at, number, paid, pending};

const NOON: &str = "2026-12-01 12:00:00";

fn monthly(prefix: &str, day: u8, first: Date) -> NewPlan {
    NewPlan::new(prefix, Rupiah::new(150_000), Period::Monthly { day }, first)
}

#[track_caller]
fn add(ledger: &mut Ledger, plan: &NewPlan) -> Plan {
    ledger.add_plan(plan, at("2026-01-01 00:00:00")).expect("a plan")
}

/// The numbers of the orders that are made at this time.
#[track_caller]
fn made(ledger: &mut Ledger, now: &str) -> Vec<String> {
    let orders = ledger.make_plan_orders(1_000, at(now)).expect("orders");
    orders.iter().map(|order| order.number.to_string()).collect()
}

fn told(ledger: &Ledger, name: &str) -> Vec<EventType> {
    let events = ledger.outbox(0, 10_000).expect("events");
    events.into_iter().filter(|one| one.number.as_str() == name).map(|one| one.event_type).collect()
}

pub(crate) fn a_period_makes_one_open_order_at_midnight_in_wib(database: &TestDatabase) {
    let mut ledger = database.open();
    let mut new = monthly("SITI", 31, date(2026, 11, 1));
    new.customer_name = Some("Siti".into());
    new.customer_reference = Some("C-7".into());
    new.description = Some("internet".into());
    new.due_days = 7;
    let plan = add(&mut ledger, &new);
    assert_eq!((plan.state, plan.next_date), (PlanState::Active, Some(date(2026, 11, 30))));
    assert!(made(&mut ledger, "2026-11-29 23:59:59").is_empty());
    assert_eq!(made(&mut ledger, "2026-11-30 00:00:00"), ["SITI-2026-11"]);
    assert!(made(&mut ledger, "2026-11-30 00:00:00").is_empty());
    let order = ledger.find(&number("SITI-2026-11")).expect("found").expect("an order");
    assert_eq!((order.state, order.channel), (State::Open, Channel::Bill));
    assert_eq!(order.amount, Rupiah::new(150_000));
    assert_eq!(order.due_at, Some(at("2026-12-07 23:59:59")));
    assert_eq!(order.description.as_deref(), Some("internet"));
    assert_eq!(order.reference.as_deref(), Some("C-7"));
    let metadata: serde_json::Value =
        serde_json::from_str(order.metadata.as_deref().expect("metadata")).expect("JSON");
    let expected = serde_json::json!({
        "plan": plan.id.get(), "period": "2026-11", "customer": "Siti", "customer_reference": "C-7",
    });
    assert_eq!(metadata, expected);
    assert_eq!(told(&ledger, "SITI-2026-11"), [EventType::Created]);
}

pub(crate) fn what_was_missed_is_made_once_by_all_processes_together(database: &TestDatabase) {
    let mut ledger = database.open();
    for at in 0..5 {
        add(&mut ledger, &monthly(&format!("M{at}"), 5, date(2026, 1, 1)));
        let first = date(2026, 10, 5);
        add(&mut ledger, &NewPlan::new(format!("W{at}"), Rupiah::new(1), Period::Weekly, first));
    }
    let barrier = Barrier::new(4);
    let work = || {
        let mut ledger = database.open();
        barrier.wait();
        let mut made = Vec::new();
        // A limited round leaves the rest to the next.
        while let orders = ledger.make_plan_orders(7, at(NOON)).expect("orders")
            && !orders.is_empty()
        {
            assert!(orders.len() <= 7);
            made.extend(orders.into_iter().map(|order: Order| order.number));
        }
        made
    };
    let mut made: Vec<TransactionNumber> = thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|one| one.join().expect("it ends")).collect()
    });
    // A process that found the plans locked has ended early.
    made.extend(
        ledger.make_plan_orders(1_000, at(NOON)).expect("orders").into_iter().map(|it| it.number),
    );
    made.sort();
    let count = made.len();
    made.dedup();
    assert_eq!((made.len(), count), (5 * (11 + 9), 5 * (11 + 9)));
    let events = ledger.outbox(0, 1_000).expect("events");
    assert_eq!(events.len(), count, "each is told once");
}

pub(crate) fn a_bill_whose_number_another_order_has_is_named_until_a_person_acts(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let plan = add(&mut ledger, &monthly("SITI", 1, date(2026, 10, 1)));
    let mut booked = |name: &str, channel, amount| {
        let mut order = NewOrder::new(number(name), Rupiah::new(amount));
        order.channel = channel;
        ledger.open_order(&order, at("2026-09-01 08:00:00")).expect("an order");
    };
    // The same bill, made by hand; a sale of the counter; a bill of another amount.
    booked("SITI-2026-10", Channel::Bill, 150_000);
    booked("SITI-2026-11", Channel::Pos, 150_000);
    booked("SITI-2026-12", Channel::Bill, 175_000);
    let mut taken = |now: &str| {
        assert_eq!(made(&mut ledger, now), [""; 0]);
        let plans = ledger.plans_with_taken_numbers().expect("plans");
        let name = |plan: Plan| (plan.id, plan.taken_number.expect("a number").to_string());
        plans.into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(taken("2026-10-01 00:00:00"), []);
    assert_eq!(taken("2026-11-01 00:00:00"), [(plan.id, "SITI-2026-11".to_owned())]);
    // The person who made this change has not seen what it found.
    let change = PlanChange::default();
    let changed = ledger.change_plan(plan.id, &change, at(NOON)).expect("changed");
    assert_eq!(changed.taken_number, Some(number("SITI-2026-12")));
    let changed = ledger.change_plan(plan.id, &change, at(NOON)).expect("changed");
    assert_eq!(changed.taken_number, None);
    assert_eq!(ledger.plans_with_taken_numbers().expect("plans"), []);
}

pub(crate) fn a_plan_that_begins_long_ago_is_refused(database: &TestDatabase) {
    let mut ledger = database.open();
    for (prefix, first, is_taken) in [
        ("A", date(2026, 10, 30), false),
        ("B", date(2026, 10, 31), true),
        ("C", date(2062, 1, 1), true),
    ] {
        let added = ledger.add_plan(&monthly(prefix, 1, first), at(NOON));
        match added {
            Ok(_) => assert!(is_taken, "{first}"),
            Err(Error::InvalidPlan { expected }) => {
                assert!(!is_taken, "{first}");
                assert_eq!(expected, "a first date of at most 31 days ago, or later");
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(made(&mut ledger, NOON), ["B-2026-11", "B-2026-12"]);
}

pub(crate) fn a_changed_amount_counts_from_the_next_period_on(database: &TestDatabase) {
    let mut ledger = database.open();
    let plan = add(&mut ledger, &monthly("SITI", 1, date(2026, 11, 1)));
    let mut change = PlanChange::default();
    change.amount = Some(Rupiah::new(200_000));
    // The orders of November and December have the old terms, although none was made yet.
    let changed = ledger.change_plan(plan.id, &change, at(NOON)).expect("changed");
    assert_eq!(changed.terms.amount, Rupiah::new(200_000));
    assert!(made(&mut ledger, "2026-12-31 23:59:59").is_empty());
    assert_eq!(made(&mut ledger, "2027-01-01 00:00:00"), ["SITI-2027-01"]);
    for (name, amount) in
        [("SITI-2026-11", 150_000), ("SITI-2026-12", 150_000), ("SITI-2027-01", 200_000)]
    {
        let order = ledger.find(&number(name)).expect("found").expect("an order");
        assert_eq!(order.amount, Rupiah::new(amount), "{name}");
    }
}

pub(crate) fn a_paused_plan_makes_nothing_of_the_dates_that_pass(database: &TestDatabase) {
    let mut ledger = database.open();
    let plan = add(&mut ledger, &monthly("SITI", 15, date(2026, 10, 1)));
    let paused = ledger.pause_plan(plan.id, at("2026-10-20 09:00:00")).expect("paused");
    assert_eq!(paused.state, PlanState::Paused);
    assert!(ledger.find(&number("SITI-2026-10")).expect("found").is_some(), "it was due before");
    assert!(made(&mut ledger, NOON).is_empty());
    let resumed = ledger.resume_plan(plan.id, at(NOON)).expect("resumed");
    assert_eq!((resumed.state, resumed.next_date), (PlanState::Active, Some(date(2026, 12, 15))));
    assert_eq!(made(&mut ledger, "2026-12-15 00:00:00"), ["SITI-2026-12"]);
    let ended = ledger.end_plan(plan.id, at("2026-12-16 00:00:00")).expect("ended");
    assert_eq!((ended.state, ended.next_date), (PlanState::Ended, None));
    assert!(made(&mut ledger, "2027-12-15 00:00:00").is_empty());
    for refused in [
        ledger.resume_plan(plan.id, at(NOON)),
        ledger.pause_plan(plan.id, at(NOON)),
        ledger.change_plan(plan.id, &PlanChange::default(), at(NOON)),
    ] {
        assert!(matches!(refused, Err(Error::PlanEnded)), "{refused:?}");
    }
}

pub(crate) fn a_plan_ends_after_its_last_date(database: &TestDatabase) {
    let mut ledger = database.open();
    let mut new = monthly("SITI", 15, date(2026, 10, 1));
    new.last_date = Some(date(2026, 11, 15));
    let plan = add(&mut ledger, &new);
    assert_eq!(made(&mut ledger, "2027-06-01 00:00:00"), ["SITI-2026-10", "SITI-2026-11"]);
    let plan = ledger.plan(plan.id).expect("the plan");
    assert_eq!((plan.state, plan.next_date), (PlanState::Ended, None));
    assert_eq!(ledger.plans(None, 10).expect("plans"), [plan]);
}

pub(crate) fn a_plan_that_can_make_no_orders_is_refused(database: &TestDatabase) {
    let mut ledger = database.open();
    add(&mut ledger, &monthly("SITI", 1, date(2026, 11, 1)));
    let good = monthly("BUDI", 1, date(2026, 11, 1));
    let now = at(NOON);
    let taken = ledger.add_plan(&monthly("SITI", 2, date(2026, 12, 1)), now);
    assert!(matches!(taken, Err(Error::PrefixTaken)), "{taken:?}");
    let wrong: [fn(&mut NewPlan); 8] = [
        |plan| plan.prefix = String::new(),
        |plan| plan.prefix = " SITI".into(),
        |plan| plan.prefix = "M\u{fc}ller".into(),
        |plan| plan.prefix = "A".repeat(56),
        |plan| plan.amount = Rupiah::new(0),
        |plan| plan.period = Period::Monthly { day: 32 },
        |plan| plan.last_date = Some(date(2026, 10, 31)),
        |plan| plan.due_days = 366,
    ];
    for (at, change) in wrong.iter().enumerate() {
        let mut plan = good.clone();
        change(&mut plan);
        let refused = ledger.add_plan(&plan, now);
        assert!(matches!(refused, Err(Error::InvalidPlan { .. })), "{at}: {refused:?}");
    }
    ledger.add_plan(&good, now).expect("a plan");
}

pub(crate) fn an_overdue_order_has_one_event_and_keeps_its_state(database: &TestDatabase) {
    let mut ledger = database.open();
    let due = at("2020-08-07 12:00:00");
    let mut bill = |name: &str| {
        let mut bill: NewOrder = order(name);
        bill.due_at = Some(due);
        ledger.open_order(&bill, at("2020-08-07 09:00:00")).expect("an order");
    };
    bill("OWED");
    bill("CANCELLED");
    bill("OWED-TOO");
    ledger.cancel(&number("CANCELLED"), at("2020-08-07 10:00:00")).expect("cancelled");
    let early = ledger.write_overdue_events(10, at("2020-08-07 11:59:59")).expect("none");
    assert!(early.is_empty());
    // A limited round leaves the rest to the next.
    for _ in 0..2 {
        let overdue = ledger.write_overdue_events(1, due).expect("one");
        assert_eq!(overdue.len(), 1);
        assert_eq!(overdue[0].state, State::Open);
    }
    assert!(ledger.write_overdue_events(10, at("2026-08-07 12:00:00")).expect("none").is_empty());
    for name in ["OWED", "OWED-TOO"] {
        assert_eq!(told(&ledger, name), [EventType::Created, EventType::Overdue]);
        let events = ledger.events(&number(name)).expect("events");
        assert_eq!(events.len(), 1, "no step of the order: {events:?}");
    }
    assert_eq!(told(&ledger, "CANCELLED"), [EventType::Created, EventType::Cancelled]);
}

pub(crate) fn bills_are_owed_until_they_are_paid_or_cancelled(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 12:00:00");
    let days = [("B-2", Some("2020-08-06")), ("B-3", None), ("B-1", Some("2020-08-01"))];
    for (name, day) in days {
        let mut bill = order(name);
        bill.channel = Channel::Bill;
        bill.due_at = day.map(|day| at(&format!("{day} 23:59:59")));
        ledger.open_order(&bill, now).expect("an order");
    }
    ledger.open_order(&order("POS"), now).expect("an order");
    let owed = ledger.unpaid_bills(0, 10).expect("bills");
    let names: Vec<_> = owed.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(names, ["B-1", "B-2", "B-3"]);
    assert_eq!(ledger.unpaid_bills(1, 1).expect("a bill"), owed[1..2]);
    ledger.cancel(&number("B-3"), now).expect("cancelled");
    let amount = owed[0].amount;
    pending(&mut ledger, "SALE", 7);
    ledger.settle(InvoiceId::new(7), &paid("SITI"), now).expect("a payment");
    let since: WibTime = at("2020-08-01 00:00:00");
    let totals = ledger.bill_totals(since, at("2020-08-05 00:00:00")).expect("totals");
    assert_eq!((totals.unpaid.count, totals.unpaid.amount.get()), (2, 2 * amount.get()));
    assert_eq!((totals.overdue.count, totals.overdue.amount), (1, amount));
    assert_eq!(totals.paid.count, 0, "a sale is no bill");
    assert!(ledger.paid_bills(since, 0, 10).expect("bills").is_empty());
}

pub(crate) fn an_import_is_recorded_completely_or_not_at_all(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at(NOON);
    ledger.open_order(&order("KNOWN"), now).expect("an order");
    let mut other = order("KNOWN");
    other.amount = Rupiah::new(1);
    let refused = ledger.import_orders(&[order("NEW"), other], now);
    let Err(Error::Differs(differences)) = refused else { panic!("{refused:?}") };
    let places: Vec<_> = differences.iter().map(|one| (one.index, one.column)).collect();
    assert_eq!(places, [(1, "amount")]);
    assert_eq!(ledger.find(&number("NEW")).expect("an answer"), None);
    assert!(told(&ledger, "NEW").is_empty());
    let file = [order("NEW"), order("KNOWN")];
    let imported = ledger.import_orders(&file, now).expect("imported");
    assert_eq!((imported.new, imported.orders.len()), (1, 2));
    assert_eq!(told(&ledger, "NEW"), [EventType::Created]);
    assert_eq!(ledger.import_orders(&file, at("2027-01-01 00:00:00")).expect("again").new, 0);
    assert_eq!(told(&ledger, "NEW"), [EventType::Created]);
}
